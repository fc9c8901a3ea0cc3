//! What is no text: hashes, bundles, digest lists, and the compact list with the table of a copy.

use std::io;

use palinode::compact::{KeyTable, Record, Row, Tile, keys_of, merge, settings};
use palinode::envelope::{IndexHead, LogRoot};
use palinode::notice::{PayloadId, Timestamp};
use palinode::tlog::{Hash, bundle};
use palinode::verdict::{Standing, Trust};

use super::super::decoders::ORIGIN;
use super::super::support::speakers::Speaker;
use super::put;

/// What is no text.
pub(super) fn bytes() {
    put("hash", "hex", Hash::leaf(b"leaf").to_string());
    put("hash", "base64", Hash::leaf(b"leaf").to_base64());
    put("hash", "tile", Hash::join_tile(&[Hash::leaf(b"leaf"), Hash::EMPTY]));
    for (name, entries) in [("one", vec![b"entry".to_vec()]), ("withheld", vec![b"entry".to_vec(), Vec::new(), b"x".to_vec()])]
    {
        let width = u16::try_from(entries.len()).unwrap().to_be_bytes();
        put("bundle", name, [&width[..], &bundle::encode(entries).unwrap()].concat());
    }
    put("bundle", "cut", [0, 2, 0, 1, b'a', 0, 9, b'b']);
    compact_list();
    put("digest_list", "md5", [vec![0], vec![1; 16], vec![2; 16]].concat());
    put("digest_list", "sha256", [vec![2], vec![1; 32], vec![2; 32], vec![3; 32]].concat());
    put("digest_list", "out-of-order", [vec![2], vec![2; 32], vec![1; 32]].concat());
    put("digest_list", "count", [vec![130], vec![1; 32]].concat());
    put("secret_key", "not-a-key", "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n");
}

/// The compact list: tiles, heads, settings, and the table of a copy.
fn compact_list() {
    let (issuer, domain) = (Speaker::key(1), Speaker::domain(2, "example.org"));
    let record = domain.record(&domain.first_record());
    let entries = [issuer.notice(&issuer.report("doi:10.5281/zenodo.1234567")), String::new(), record];
    let tile = Tile::of_rows(entries.iter().map(|entry| Row::of_entry(entry.as_bytes())).collect()).unwrap();
    put("index_tile", "three", tile.to_bytes());
    put("index_tile", "entry", &entries[0]);
    put("index_tile", "cut", &tile.to_bytes()[..60]);
    let keys =
        tile.rows().iter().zip(0..).flat_map(|(row, entry)| keys_of(row).into_iter().map(move |key| Record { key, entry }));
    let table = |records| merge(None::<&KeyTable<io::Cursor<Vec<u8>>>>, records, 3, Vec::new()).unwrap();
    let small = table(keys.collect());
    put("key_table", "cut", &small[..small.len() - 5]);
    put("key_table", "small", small);
    put("key_table", "empty", table(Vec::new()));
    let head = IndexHead {
        origin: ORIGIN.to_owned(),
        issued: Timestamp::parse("2026-11-23T10:00:00Z").unwrap(),
        size: 3,
        root: LogRoot::from_bytes([1; 32]),
        tiles: LogRoot::from_bytes([2; 32]),
        trust: PayloadId::from_bytes([3; 32]),
        checkpoint: "ledger.example.org/log\n3\nAQEB\n\n\u{2014} ledger.example.org/log AAAA\n".to_owned(),
    };
    let written = head.write().unwrap();
    put("index_head", "cut", &written[..written.len() / 2]);
    put("index_head", "head", written);
    put(
        "index_head",
        "empty",
        IndexHead { size: 0, checkpoint: head.checkpoint.replace("\n3\n", "\n0\n"), ..head }.write().unwrap(),
    );
    let standing = Standing { pinned: true, prefixes: vec!["doi:10.5281/".to_owned()], domain_verified: false };
    let trust =
        Trust { lineages: [(domain.pin(&[]).lineage(), standing)].into(), vouching_peers: ["a.example/log".to_owned()].into() };
    let written = settings::write(&trust);
    put("index_settings", "cut", &written[..written.len() - 1]);
    put("index_settings", "pinned", written);
    put("index_settings", "none", settings::write(&Trust::default()));
}
