//! What stands in one line: identifiers, keys, dates, paths, addresses; and configuration.

use std::fs;
use std::path::Path;

use palinode::envelope::SecretKey;

use super::super::decoders::{ORIGIN, log_key, witness_key};
use super::{put, value};

/// What stands in one line.
pub(super) fn words() {
    let vectors = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/identifiers/vectors.json")).unwrap();
    let vectors = value(&vectors);
    let mut last = String::new();
    for (n, vector) in vectors["spellings"].as_array().unwrap().iter().enumerate() {
        let given = vector["given"].as_str().unwrap();
        let scheme = vector["normal"].as_str().map_or("refused", |normal| normal.split(':').next().unwrap());
        // The first of each scheme, and one in ten.
        if scheme != last || n % 10 == 0 {
            put("identifier", &format!("{scheme}-{n:03}"), given);
        }
        scheme.clone_into(&mut last);
    }
    let key = SecretKey::from_seed([1; 32]).public();
    let hex = data_encoding::HEXLOWER.encode(key.as_bytes());
    for (name, text) in [("multibase", key.to_multibase()), ("pem", key.to_pem()), ("hex", hex.clone())] {
        put("public_key", name, text);
    }
    put("public_key", "bytes", key.as_bytes());
    put("public_key", "identity", [&[1][..], &[0; 31]].concat());
    for (name, text) in [
        ("key", key.to_did().to_string()),
        ("web", "did:web:example.org".into()),
        ("lineage", format!("did:web:example.org#{hex}")),
        ("punycode", "did:web:xn--bcher-kva.example".into()),
        ("address", "did:web:127.0.0.1".into()),
    ] {
        put("did", name, text);
    }
    for (name, text) in [
        ("full", "tile/0/x001/x234/067"),
        ("partial", "tile/1/000.p/17"),
        ("entries", "tile/entries/x001/000.p/255"),
        ("largest", "tile/63/x018/x446/x744/x073/x709/x551/615"),
        ("leading-zero", "tile/0/x000/001"),
    ] {
        put("tile_path", name, text);
    }
    for (name, text) in [
        ("time", "2026-11-23T10:00:00Z"),
        ("year", "2019"),
        ("month", "2019-06"),
        ("day", "2024-02-29"),
        ("leap", "2016-12-31T23:59:60Z"),
    ] {
        put("date", name, text);
    }
    for (name, text) in [("first", "AAAAAAAAAAA"), ("last", "__________8"), ("short", "AAAA")] {
        put("cursor", name, text);
    }
    for (name, text) in [
        ("host", "https://ledger.example.org"),
        ("path", "http://127.0.0.1:8080/a/b"),
        ("six", "http://[::1]/"),
        ("login", "https://a:b@c/"),
        ("query", "https://a/?b"),
        ("international", "https://bücher.example/ä b"),
    ] {
        put("base_url", name, text);
    }
    put("config", "example", fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/palinode.example.toml")).unwrap());
    put("config", "empty", "");
    put("config", "unknown", "[server]\nlistne = \"127.0.0.1:1\"\n");
    put(
        "config",
        "peer",
        format!(
            "[server]\nlisten = \"127.0.0.1:0\"\n[[peers]]\norigin = \"{ORIGIN}\"\nurl = \"https://ledger.example.org/\"\nlog_key = \"{}\"\n\
         witness_key = \"{}\"\noperator_key = \"{}\"\n[admission]\npolicy = \"open\"\n",
            log_key(),
            witness_key(),
            key.to_multibase()
        ),
    );
}
