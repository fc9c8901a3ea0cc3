//! Audits of logs in memory: honest ones of every shape, and one for each way to be dishonest.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::json;
use url::Url;

use super::*;
use crate::envelope::{LogRoot, OperatorStatement, PayloadType, RecordDraft, SecretKey, Statement};
use crate::federation::{MemoryNetwork, Request, Response, TransportError, Weather};
use crate::notice::{Did, Timestamp};
use crate::tlog::{Checkpoint, Frontier, KeyName, MemoryTiles, TilePath, TileSource, bundle};

const ORIGIN: &str = "ledger.example.org/log";

fn secret(seed: u8) -> SecretKey {
    SecretKey::from_seed([seed; 32])
}

fn log_key() -> VerifierKey {
    VerifierKey::log_key(KeyName::parse(ORIGIN).unwrap(), secret(201).public())
}

fn witness(seed: u8) -> (KeyName, VerifierKey) {
    let name = KeyName::parse(&format!("w{seed}.example.org/witness")).unwrap();
    (name.clone(), VerifierKey::witness_key(name, secret(seed).public()))
}

fn base() -> Url {
    Url::parse("https://ledger.example.org/").unwrap()
}

fn issued() -> Timestamp {
    Timestamp::parse("2026-11-23T10:00:00Z").unwrap()
}

/// A report about dataset `n`, signed by `key` in the name of `did`.
fn notice_of(did: &Did, key: &SecretKey, n: usize) -> Vec<u8> {
    let notice = json!({
        "type": "retraction", "issuer": {"id": did.to_string(), "role": "observer"}, "issued": "2026-11-23T10:00:00Z",
        "dataset": {"title": "Example Faces", "publisher_name": "Example"},
        "subjects": [{"id": format!("doi:10.5281/zenodo.{n}"), "role": "whole"}], "scope": {"kind": "whole"},
        "reasons": ["consent"], "fault": "people-harm", "actions": [{"do": "delete"}], "license": "CC0-1.0"
    });
    key.sign_envelope(PayloadType::Notice, notice.to_string().as_bytes()).unwrap().to_json().into_bytes()
}

fn notice(n: usize) -> Vec<u8> {
    notice_of(&secret(1).public().to_did(), &secret(1), n)
}

fn domain() -> Did {
    Did::parse("did:web:lab.example.org").unwrap()
}

/// Record 0 of [`domain`] with the key of seed 2.
fn record() -> Vec<u8> {
    let record = RecordDraft::first(domain(), "Example Lab".to_owned(), secret(2).public(), issued()).complete().unwrap();
    secret(2).sign_envelope(PayloadType::Publisher, &record.payload).unwrap().to_json().into_bytes()
}

fn statement(origin: &str, key: &SecretKey) -> Vec<u8> {
    let root = LogRoot::from_bytes([7; 32]);
    let statement = Statement::LogSucceeds { origin: "old.example.org/log".to_owned(), size: 4, root, keys: None };
    let payload = OperatorStatement::write(origin, issued(), &statement).unwrap();
    key.sign_envelope(PayloadType::Operator, &payload).unwrap().to_json().into_bytes()
}

/// What a log serves: path under `log/` to bytes.
type Served = BTreeMap<String, Vec<u8>>;

/// Everything that an honest log of these entries serves.
fn serve(entries: &[Vec<u8>]) -> Served {
    let (mut frontier, mut tiles) = (Frontier::empty(), MemoryTiles::default());
    for entry in entries {
        frontier.append(Hash::leaf(entry));
    }
    tiles.store(frontier.take_changed());
    let mut served = Served::new();
    let size = entries.len() as u64;
    for (tile, width) in crate::tlog::tiles(size) {
        let bytes = Hash::join_tile(&tiles.tile(tile, width).unwrap());
        served.insert(TilePath::Hashes { tile, width }.to_string(), bytes);
        if tile.level == 0 {
            let from = usize::try_from(tile.index * 256).unwrap();
            let bytes = bundle::encode(&entries[from..from + usize::from(width)]).unwrap();
            served.insert(TilePath::Entries { index: tile.index, width }.to_string(), bytes);
        }
    }
    served.insert("checkpoint".to_owned(), signed(size, frontier.root()).bytes().to_vec());
    served
}

fn signed(size: u64, root: Hash) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new(&KeyName::parse(ORIGIN).unwrap(), size, root);
    let mut signed = SignedCheckpoint::sign(&secret(201), &checkpoint).unwrap();
    signed.cosign(&witness(202).0, &secret(202), 1_790_000_000).unwrap();
    signed
}

fn options() -> AuditOptions {
    AuditOptions {
        log: log_key(),
        policy: Some(Policy::at_least(1, vec![witness(202).1]).unwrap()),
        operator: Some(secret(203).public()),
        remembered: None,
        at_once: 3,
        patience: Patience { tries: 2, wait: Duration::ZERO },
    }
}

fn network(served: Served) -> MemoryNetwork {
    let handler = move |request: Request| -> BoxFuture<'static, Response> {
        let path = request.url.path().strip_prefix("/log/").unwrap_or_default();
        let answer = served.get(path).map_or(Response::new(404, ""), |bytes| Response::new(200, bytes.clone()));
        Box::pin(async move { answer })
    };
    let network = MemoryNetwork::new();
    network.serve(&base(), Arc::new(handler));
    network
}

async fn audit_of(served: Served, options: AuditOptions) -> Audit {
    let client = Client::over(Arc::new(network(served)), base());
    Auditor::new(&client, options).audit(&mut |_, _| {}).await.unwrap()
}

async fn audit(entries: &[Vec<u8>]) -> Audit {
    audit_of(serve(entries), options()).await
}

fn fault_codes(audit: &Audit) -> Vec<&'static str> {
    audit.faults.iter().map(Fault::code).collect()
}

fn gap_codes(audit: &Audit) -> Vec<&'static str> {
    audit.gaps.iter().map(Gap::code).collect()
}

fn notices(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(notice).collect()
}

#[tokio::test]
async fn an_honest_log_is_verified_at_every_shape() {
    let entries = notices(513);
    for size in [0, 1, 255, 256, 257, 513] {
        let mut seen = Vec::new();
        let client = Client::over(Arc::new(network(serve(&entries[..size]))), base());
        let audit = Auditor::new(&client, options()).audit(&mut |done, of| seen.push((done, of))).await.unwrap();
        assert_eq!((fault_codes(&audit), gap_codes(&audit)), (vec![], vec![]), "size {size}");
        assert_eq!((audit.counts.entries, audit.counts.notices), (size as u64, size as u64));
        assert_eq!(audit.counts.tiles, crate::tlog::tiles(size as u64).count() as u64, "size {size}");
        assert_eq!(audit.cosigned.len(), 1);
        assert_eq!((seen.first(), seen.last()), (Some(&(0, size as u64)), Some(&(size as u64, size as u64))));
    }
}

#[tokio::test]
async fn a_log_with_all_kinds_of_entries_is_verified_in_whatever_order_they_stand() {
    let by_domain = notice_of(&domain(), &secret(2), 1);
    let rest = [by_domain, notice(2), statement(ORIGIN, &secret(203))];
    let mut forward = vec![record()];
    forward.extend(rest.clone());
    // A notice may stand whole pieces before the record that has its key.
    let mut backward: Vec<_> = rest.to_vec();
    backward.extend(notices(600));
    backward.push(record());
    for entries in [forward, backward] {
        let audit = audit(&entries).await;
        assert_eq!((audit.faults, audit.gaps), (vec![], vec![]));
        assert_eq!((audit.counts.records, audit.counts.statements), (1, 1));
    }
}

#[tokio::test]
async fn a_partial_tile_that_was_dropped_is_read_from_the_full_one() {
    let entries = notices(300);
    let mut served = serve(&entries);
    // As a log does that has grown since: what is asked for is the checkpoint of 255.
    let checkpoint = serve(&entries[..255]).remove("checkpoint").unwrap();
    served.insert("checkpoint".to_owned(), checkpoint);
    let audit = audit_of(served, options()).await;
    assert_eq!((fault_codes(&audit), audit.counts.entries), (vec![], 255));
}

/// Changes what a log serves.
type Lie = fn(&mut Served);

fn flip(served: &mut Served, path: &str, at: usize) {
    served.get_mut(path).unwrap_or_else(|| panic!("{path} is served"))[at] ^= 1;
}

#[tokio::test]
async fn each_lie_of_a_server_is_named() {
    let lies: [(&str, Lie, &[&str]); 12] = [
        ("an altered entry", |s| flip(s, "tile/entries/000", 700), &["entry"]),
        ("an altered leaf hash", |s| flip(s, "tile/0/000", 32 * 17), &["entry", "tile", "root"]),
        ("an altered upper tile", |s| flip(s, "tile/1/000.p/1", 3), &["tile"]),
        ("an altered partial tile", |s| flip(s, "tile/0/001.p/44", 0), &["entry", "root"]),
        ("a tile that is missing", |s| drop(s.remove("tile/0/000")), &["missing"]),
        ("a bundle that is missing", |s| drop(s.remove("tile/entries/001.p/44")), &["missing"]),
        ("an upper tile that is missing", |s| drop(s.remove("tile/1/000.p/1")), &["missing"]),
        ("a short tile", |s| s.get_mut("tile/0/000").unwrap().truncate(8191), &["length"]),
        ("an endless tile", |s| s.get_mut("tile/0/000").unwrap().extend([0; 9000]), &["length"]),
        ("a bundle that ends early", |s| s.get_mut("tile/entries/000").unwrap().truncate(5000), &["bundle"]),
        ("garbage for a checkpoint", |s| drop(s.insert("checkpoint".to_owned(), b"garbage".to_vec())), &["checkpoint"]),
        ("no checkpoint", |s| drop(s.remove("checkpoint")), &["missing"]),
    ];
    let honest = serve(&notices(300));
    for (what, lie, codes) in lies {
        let mut served = honest.clone();
        lie(&mut served);
        let audit = audit_of(served, options()).await;
        assert_eq!(fault_codes(&audit), codes, "{what}: {:?}", audit.faults);
    }
}

#[tokio::test]
async fn a_flipped_bit_in_anything_that_is_served_is_found() {
    let honest = serve(&notices(258));
    for (path, bytes) in &honest {
        // The end of a checkpoint is a cosignature, which is no part of what the log says: a bad one is none.
        let at = if path == "checkpoint" { bytes.len() - 9 } else { bytes.len() * 2 / 3 };
        let mut served = honest.clone();
        flip(&mut served, path, at);
        let audit = audit_of(served, options()).await;
        let codes = (fault_codes(&audit), gap_codes(&audit));
        match path.as_str() {
            "checkpoint" => assert_eq!(codes, (vec![], vec!["not-cosigned"])),
            _ => assert!(!codes.0.is_empty(), "byte {at} of {path}"),
        }
    }
}

#[tokio::test]
async fn a_root_that_the_entries_do_not_have_is_a_fault() {
    let mut served = serve(&notices(3));
    served.insert("checkpoint".to_owned(), signed(3, Hash::leaf(b"wrong")).bytes().to_vec());
    assert_eq!(fault_codes(&audit_of(served, options()).await), ["root"]);
}

#[tokio::test]
async fn another_key_is_a_fault_and_a_missing_cosignature_a_gap() {
    let served = serve(&notices(1));
    let log = VerifierKey::log_key(KeyName::parse(ORIGIN).unwrap(), secret(9).public());
    let audit = audit_of(served.clone(), AuditOptions { log, ..options() }).await;
    assert_eq!((fault_codes(&audit), audit.checkpoint), (vec!["checkpoint"], None));
    for (least, gaps) in [(1, vec![]), (2, vec!["not-cosigned"])] {
        let policy = Policy::at_least(least, vec![witness(202).1, witness(9).1]).ok();
        let audit = audit_of(served.clone(), AuditOptions { policy, ..options() }).await;
        assert_eq!((fault_codes(&audit), gap_codes(&audit)), (vec![], gaps));
        assert_eq!(audit.cosigned.len(), 1, "who did cosign is told all the same");
    }
}

#[tokio::test]
async fn a_log_that_goes_back_or_takes_another_way_is_found_by_what_is_remembered() {
    let entries = notices(300);
    let remembered = |entries: &[Vec<u8>]| {
        let note = serve(entries).remove("checkpoint").unwrap();
        let remembered = SignedCheckpoint::parse_and_verify(&note, &log_key()).unwrap();
        AuditOptions { remembered: Some(remembered), ..options() }
    };
    for before in [0, 1, 255, 256, 257, 299, 300] {
        let audit = audit_of(serve(&entries), remembered(&entries[..before])).await;
        assert_eq!(fault_codes(&audit), [""; 0], "from {before}");
    }
    let audit = audit_of(serve(&entries[..299]), remembered(&entries)).await;
    assert_eq!(audit.faults, [Fault::Shrunk { before: 300, now: 299 }]);
    let mut others = entries.clone();
    others[100] = notice(9_999);
    for before in [101, 256, 300] {
        let audit = audit_of(serve(&others), remembered(&entries[..before])).await;
        assert_eq!(fault_codes(&audit), ["forked"], "from {before}");
    }
    let audit = audit_of(serve(&others), remembered(&entries[..100])).await;
    assert_eq!(fault_codes(&audit), [""; 0], "they differ behind it");
}

#[tokio::test]
async fn entries_that_nobody_should_believe_are_named_although_the_tree_is_right() {
    let other = secret(9);
    let unsigned = String::from_utf8(notice(1)).unwrap().replace("\"sig\":\"", "\"sig\":\"AAAA");
    let spaced = String::from_utf8(notice(1)).unwrap().replace(':', ": ");
    let index = other.sign_envelope(PayloadType::Index, b"{}").unwrap().to_json();
    let invalid = other.sign_envelope(PayloadType::Notice, b"{}").unwrap().to_json();
    let chain = RecordDraft::first(domain(), "Thief".to_owned(), secret(2).public(), issued()).complete().unwrap();
    let stolen = other.sign_envelope(PayloadType::Publisher, &chain.payload).unwrap().to_json();
    let cases: [(&str, Vec<u8>, &str); 10] = [
        ("a signature of another key", notice_of(&secret(1).public().to_did(), &other, 1), "signature"),
        ("a signature of a key that the records do not list", notice_of(&domain(), &other, 1), "signature"),
        ("no signature at all", unsigned.into_bytes(), "envelope"),
        ("another spelling", spaced.into_bytes(), "envelope"),
        ("no JSON", b"garbage".to_vec(), "envelope"),
        ("a notice that is none", invalid.into_bytes(), "invalid"),
        ("a type that is never logged", index.into_bytes(), "foreign"),
        ("a record that a thief signed", stolen.into_bytes(), "signature"),
        ("a statement of somebody else", statement(ORIGIN, &other), "statement"),
        ("a statement about another log", statement("other.example.org/log", &secret(203)), "statement"),
    ];
    for (what, entry, code) in cases {
        let audit = audit(&[record(), entry, notice(2)]).await;
        assert_eq!(fault_codes(&audit), [code], "{what}: {:?}", audit.faults);
    }
}

#[tokio::test]
async fn a_record_that_follows_no_other_is_a_fault() {
    let first = RecordDraft::first(domain(), "Example Lab".to_owned(), secret(2).public(), issued()).complete().unwrap();
    let second = String::from_utf8(first.payload.clone()).unwrap();
    let previous = format!("\"sequence\":1,\"previous\":\"{}\"", "ab".repeat(32));
    let second = second.replace("\"sequence\":0", &previous);
    let second = secret(2).sign_envelope(PayloadType::Publisher, second.as_bytes()).unwrap().to_json();
    let audit = audit(&[record(), second.into_bytes()]).await;
    assert_eq!(fault_codes(&audit), ["record"], "{:?}", audit.faults);
}

#[tokio::test]
async fn what_cannot_be_decided_from_here_is_a_gap_and_never_a_success() {
    let unknown = String::from_utf8(notice(1)).unwrap().replace("notice.v1", "notice.v9");
    let by_nobody = notice_of(&domain(), &secret(2), 1);
    let entries = [notice(0), unknown.into_bytes(), by_nobody.clone(), by_nobody, statement(ORIGIN, &secret(203))];
    let mut served = serve(&entries);
    let withheld = bundle::encode([b"".as_slice(), &entries[1], &entries[2], &entries[3], &entries[4]]).unwrap();
    served.insert("tile/entries/000.p/5".to_owned(), withheld);
    let audit = audit_of(served, AuditOptions { operator: None, ..options() }).await;
    assert_eq!(fault_codes(&audit), [""; 0]);
    assert_eq!(gap_codes(&audit), ["unknown-issuer", "withheld", "statements", "unknown-type"]);
    assert!(matches!(audit.gaps[0], Gap::UnknownIssuer { first: 2, entries: 2, .. }), "{:?}", audit.gaps);
}

#[tokio::test]
async fn findings_are_kept_up_to_a_number_and_counted_beyond() {
    let entries: Vec<_> = (0..MOST_FINDINGS + 7).map(|n| notice_of(&secret(1).public().to_did(), &secret(9), n)).collect();
    let audit = audit(&entries).await;
    assert_eq!((audit.faults.len(), audit.more_faults), (MOST_FINDINGS, 7));
}

#[tokio::test]
async fn a_server_that_falters_is_asked_again_and_one_that_is_gone_is_told_of() {
    let network = network(serve(&notices(300)));
    let client = Client::over(Arc::new(network.clone()), base());
    let run = async || Auditor::new(&client, options()).audit(&mut |_, _| {}).await;
    let busy = Response { retry_after: Some(Duration::ZERO), ..Response::new(429, "later") };
    for weather in [Weather::Answered(busy), Weather::RequestLost, Weather::Answered(Response::new(503, ""))] {
        network.set_next(&base(), Weather::Fair); // the checkpoint
        network.set_next(&base(), weather.clone());
        assert_eq!(fault_codes(&run().await.unwrap()), [""; 0], "{weather:?}");
    }
    network.set_weather(&base(), Weather::Answered(Response::new(503, "")));
    assert!(matches!(run().await, Err(Unreachable::Status { status: 503, .. })));
    network.set_weather(&base(), Weather::Answered(Response::new(302, "")));
    assert!(matches!(run().await, Err(Unreachable::Status { status: 302, .. })));
    network.unplug(&base());
    network.set_weather(&base(), Weather::Fair);
    let gone = run().await.unwrap_err();
    assert!(matches!(gone, Unreachable::Transport { source: TransportError::Connect(_), .. }), "{gone}");
}

/// A server that shows one entry when the log is read, and another when it looks whether the issuer is known by now.
#[tokio::test]
async fn an_entry_that_changes_between_two_looks_is_found() {
    let mut entries = vec![notice_of(&domain(), &secret(2), 1)];
    entries.extend(notices(256));
    entries.push(record());
    let (honest, mut other) = (serve(&entries), entries.clone());
    other[0] = notice_of(&domain(), &secret(2), 2);
    let other = bundle::encode(&other[..256]).unwrap();
    let looks = Arc::new(Mutex::new(0));
    let handler = move |request: Request| -> BoxFuture<'static, Response> {
        let path = request.url.path().strip_prefix("/log/").unwrap_or_default().to_owned();
        let mut bytes = honest.get(&path).cloned().unwrap_or_default();
        if path == "tile/entries/000" {
            let mut looks = looks.lock().unwrap();
            *looks += 1;
            if *looks == 2 {
                bytes.clone_from(&other);
            }
        }
        Box::pin(async move { Response::new(200, bytes) })
    };
    let network = MemoryNetwork::new();
    network.serve(&base(), Arc::new(handler));
    let client = Client::over(Arc::new(network), base());
    let audit = Auditor::new(&client, AuditOptions { at_once: 1, ..options() }).audit(&mut |_, _| {}).await.unwrap();
    assert_eq!(fault_codes(&audit), ["entry"]);
}

#[test]
fn every_finding_says_what_to_do() {
    let faults = [
        Fault::Shrunk { before: 2, now: 1 },
        Fault::Forked { size: 1, before: Hash::EMPTY, now: Hash::EMPTY },
        Fault::Missing { path: "log/checkpoint".to_owned() },
        Fault::Signature { index: 0, issuer: domain() },
    ];
    for fault in faults {
        assert!(fault.help().len() > 20 && !fault.to_string().is_empty(), "{fault}");
    }
}
