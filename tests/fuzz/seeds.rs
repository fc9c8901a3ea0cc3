//! Writes the seeds of the corpora out of our own fixtures, vectors and servers:
//! `cargo test --test fuzz -- --ignored write_the_seeds`. What fuzzing found lies beside them, under other names.

use std::path::Path;
use std::{fs, io};

use palinode::compact::{KeyTable, Record, Row, Tile, keys_of, merge, settings};
use palinode::envelope::{
    DomainMethod, IndexHead, LineageId, LogRoot, OperatorStatement, PayloadType, PinFile, RemovalBasis, SecretKey, Statement,
};
use palinode::ledger::notices::NoticeSearch;
use palinode::notice::{Did, DocumentHash, PayloadId, Timestamp};
use palinode::tlog::{AddCheckpoint, Checkpoint, Cosignature, Hash, KeyName, SignedCheckpoint, TlogProof, bundle};
use palinode::verdict::{Standing, Trust};
use serde_json::{Value, json};

use super::decoders::{LOG_SEED, ORIGIN, WITNESS_SEED, cosignature, log_key, witness_key};
use super::desk_seeds;
use super::replay::corpora;
use super::support::server::{Options, TestServer};
use super::support::speakers::{Speaker, texts, with_documents};

pub(crate) fn put(target: &str, name: &str, bytes: impl AsRef<[u8]>) {
    let folder = corpora().join(target);
    fs::create_dir_all(&folder).unwrap();
    if bytes.as_ref().len() <= 16_384 {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

/// The files of a folder of the repository, by name.
fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let json = paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    json.map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap())).collect()
}

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

#[test]
#[ignore = "it writes into the repository"]
fn write_the_seeds() {
    signed_json();
    small_json();
    notes();
    words();
    bytes();
    answers();
    metadata();
    beginnings();
    desk_seeds::write();
}

/// Descriptions of datasets, each with its name in the first line.
fn beginnings() {
    let md5 = "88813c6b15de58afc8fa75ea83361d7f";
    let sha256 = "c73b89662dc25ad409f0239d7c979552373a3b5d2091a96a03be49a3984bdaac";
    let many: Vec<_> = (0..60).map(|n| json!({"@type": "cr:FileObject", "sha256": format!("{n:064x}"), "md5": md5})).collect();
    let files = [
        ("croissant", format!("croissant.json\n{}", json!({"@context": {}, "@type": "sc:Dataset", "name": "Faces", "alternateName": ["<b>", "a@example.org"], "version": "1.0", "license": "cc-by-4.0", "creator": {"@type": "sc:Person", "name": "Ada"}, "url": "https://example.org/", "citeAs": "arXiv:1710.08092", "distribution": [{"contentUrl": "https://example.org/a", "sha256": sha256, "md5": md5}]}))),
        ("many", format!("croissant.json\n{}", json!({"@type": "sc:Dataset", "name": "Faces", "distribution": many}))),
        ("crate", format!("ro-crate-metadata.json\n{}", json!({"@graph": [{"@id": "ro-crate-metadata.json", "about": {"@id": "./"}}, {"@id": "./", "name": "Faces", "publisher": {"@id": "#p"}}, {"@id": "#p", "@type": "Organization", "name": "Lab"}]}))),
        ("datacite-json", format!("datacite.json\n{}", json!({"doi": "10.5281/ZENODO.1", "titles": [{"title": "Faces"}, {"title": "Visages", "titleType": "TranslatedTitle"}], "creators": [{"name": "Lab", "nameType": "Organizational"}], "publisher": {"name": "Lab"}, "relatedIdentifiers": [{"relatedIdentifier": "10.5281/zenodo.2", "relatedIdentifierType": "DOI", "relationType": "IsVersionOf"}]}))),
        ("datacite-xml", "datacite.xml\n<resource><identifier identifierType=\"DOI\">10.5281/zenodo.1</identifier><titles><title>Faces</title></titles><publisher>Lab</publisher><version>1</version></resource>".to_owned()),
        ("zenodo", format!("record.json\n{}", json!({"conceptdoi": "10.5281/zenodo.7", "doi": "10.5281/zenodo.8", "metadata": {"title": "Faces", "creators": [{"name": "Ada"}]}, "files": [{"key": "a", "checksum": format!("md5:{md5}")}]}))),
        ("bag-info", "bag-info.txt\nSource-Organization: Lab\n of Faces\nExternal-Identifier: 10.5281/zenodo.1\n".to_owned()),
        ("bag", format!("manifest-sha256.txt\n{sha256}  data/a\n")),
    ];
    for (name, text) in files {
        put("beginning", name, text);
    }
}

/// Files that a scan reads, each with its name in the first line.
fn metadata() {
    let md5 = "88813c6b15de58afc8fa75ea83361d7f";
    let sha256 = "c73b89662dc25ad409f0239d7c979552373a3b5d2091a96a03be49a3984bdaac";
    let commit = "f59388cd04276e75d70b2136597aaa27e7937cc3";
    let files = [
        ("tfds", format!("checksums.tsv\nhttps://example.org/a.gz\t12\t{sha256}\ta.gz\n")),
        ("info", json!({"homepage": "https://example.org/", "download_checksums": {"https://example.org/a": {"checksum": sha256}}}).to_string()),
        ("modules", ".gitmodules\n[submodule \"d\"]\n\turl = https://github.com/a/b.git\n".to_owned()),
        ("dvc", format!("a.dvc\ndeps:\n- path: a\n  repo: {{url: 'https://github.com/a/b', rev_lock: {commit}}}\nouts:\n- md5: {md5}\n  path: a\n")),
        ("dvc-lock", format!("dvc.lock\nstages:\n  s:\n    outs:\n    - {{path: a, hash: md5, md5: {md5}.dir}}\n")),
        ("bag", format!("manifest-md5.txt\n{md5}  data/a%0Ab\n{md5}  ../b\n")),
        ("bag-info", "bag-info.txt\nExternal-Identifier: 10.5281/zenodo.1\n".to_owned()),
        ("croissant", format!("croissant.json\n{}", json!({"@type": "sc:Dataset", "sc:url": {"@id": "https://example.org/"}, "citeAs": "arXiv:1710.08092", "distribution": [{"contentUrl": "a", "sha256": md5}, {"cr:md5": 687_610_993}]}))),
        ("crate", format!("ro-crate-metadata.json\n{}", json!({"@graph": [{"@id": "ro-crate-metadata.json", "about": {"@id": "./"}}, {"@id": "./", "identifier": {"@id": "#p"}}, {"@id": "#p", "value": "doi:10.5281/zenodo.1"}, {"@id": "a", "@type": "File", "sha256": sha256}]}))),
        ("package", format!("datapackage.json\n{}", json!({"resources": [{"path": "https://example.org/a", "hash": md5}, {"hash": format!("sha1:{commit}")}]}))),
        ("datacite-json", format!("datacite.json\n{}", json!({"doi": "10.5281/ZENODO.1", "relatedIdentifiers": [{"relatedIdentifier": "10.5281/zenodo.2", "relatedIdentifierType": "DOI", "relationType": "IsDerivedFrom"}]}))),
        ("datacite-xml", "datacite.xml\n<resource><identifier identifierType=\"DOI\">10.5281/zenodo.1</identifier></resource>".to_owned()),
        ("bids", format!("dataset_description.json\n{}", json!({"DatasetDOI": "n/a", "SourceDatasets": [{"DOI": "10.5281/zenodo.1"}]}))),
        ("citation", "CITATION.cff\ndoi: 10.5281/zenodo.1\nreferences:\n- {type: dataset, doi: 10.5281/zenodo.2}\n".to_owned()),
        ("sums", format!("SHA256SUMS\n{sha256}  a\nSHA256 (b) = {sha256}\n{md5} *c\n")),
        ("sums-csv", format!("checksums.csv\npath,md5\n\"a,b\",{md5}\n")),
        ("torrent", "a.torrent\nd4:infod5:filesld6:lengthi3e6:md5sum32:88813c6b15de58afc8fa75ea83361d7feee12:meta versioni2e6:pieces0:ee".to_owned()),
        ("magnet", format!("a.magnet\nmagnet:?xt=urn:btih:{commit}\n")),
        ("lfs", format!("a.tar\nversion https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\n")),
        ("annex", format!("a.tar\n/annex/objects/SHA256E-s1--{sha256}.tar\n")),
        ("python", format!("a.py\nMD5 = '{md5}'\nload_dataset('a/b', revision='{commit}')\ngdown.download(id='1jjE85dRCMOgRtvJ5RQV9-Afs-2_5dY3O')\n")),
        ("notebook", format!("a.ipynb\n{}", json!({"cells": [{"source": ["tfds.load('mnist')\n", "https://example.org/{x}"]}]}))),
        ("bibliography", "a.bib\n@misc{a, doi = {10.1109/FG.2018.00020}, eprint = {1710.08092}}\n".to_owned()),
    ];
    for (name, text) in files {
        put("metadata", name, if name == "info" { format!("dataset_info.json\n{text}") } else { text });
    }
}

/// What the museums show.
fn signed_json() {
    for (name, bytes) in files("tests/fixtures/museum/notices/good") {
        put("notice", &format!("good-{name}"), value(&bytes).to_string());
    }
    for (n, (name, bytes)) in files("tests/fixtures/museum/notices/bad").into_iter().enumerate() {
        let exhibit = value(&bytes);
        match exhibit.get("raw") {
            Some(raw) => {
                put("strict_json", &name, raw.as_str().unwrap());
                put("notice", &format!("bad-{name}"), raw.as_str().unwrap());
            }
            None if n % 16 == 0 => put("notice", &format!("bad-{name}"), exhibit["notice"].to_string()),
            None => {}
        }
    }
    for kind in ["good", "bad"] {
        for (n, (name, bytes)) in files(&format!("tests/fixtures/museum/publishers/{kind}")).into_iter().enumerate() {
            let record = value(&bytes);
            let record = if kind == "good" { &record } else { &record["record"] };
            if record.is_object() && (kind == "good" || n % 6 == 0) {
                put("publisher_record", &format!("{kind}-{name}"), record.to_string());
            }
        }
        for (name, bytes) in files(&format!("tests/fixtures/museum/envelopes/{kind}")) {
            put("envelope", &format!("{kind}-{name}"), &bytes);
        }
    }
    for (name, bytes) in files("src/demo/story") {
        put("draft", &name, bytes);
    }
    put(
        "draft",
        "least",
        json!({
            "type": "retraction", "issuer": {"role": "observer"}, "dataset": {"title": "Example", "publisher_name": "Lab"},
            "subjects": [{"id": "https://doi.org/10.5281/Zenodo.1", "role": "whole"}], "scope": {"kind": "whole"},
            "reasons": ["consent"], "actions": [{"do": "delete"}]
        })
        .to_string(),
    );
}

/// Envelopes, bodies and statements of the keys that the decoders know.
fn small_json() {
    let (key, domain) = (Speaker::key(1), Speaker::domain(2, "example.org"));
    let document = texts("Nobody who is shown in it was ever asked.");
    let notice = key.notice(&key.report("doi:10.5281/zenodo.1"));
    let record = domain.record(&domain.first_record());
    let retraction = domain.notice(&domain.retraction("doi:10.5281/zenodo.2", &document));
    for (name, envelope) in [("notice", &notice), ("record", &record), ("retraction", &retraction)] {
        put("envelope", &format!("signed-{name}"), envelope);
        put("submission", &format!("bare-{name}"), envelope);
    }
    put("submission", "with-texts", with_documents(&retraction, &[&document]));
    put("submission", "without-documents", with_documents(&notice, &[]));
    put("submission", "with-two-documents", with_documents(&retraction, &[&document, b"more"]));
    put("submission", "unknown-member", format!(r#"{{"envelope":{notice},"documents":[],"more":1}}"#));
    put("texts", "one-language", &document);
    put("texts", "every-field", json!({
        "salt": data_encoding::BASE64.encode(&[9; 32]),
        "texts": [
            {"language": "en", "statement": "Nobody who is shown in it was ever asked.", "mitigation": "Stop.", "afterlife": "Gone."},
            {"language": "pt-BR", "statement": "Ninguém que aparece nele foi perguntado.\nNunca."}
        ],
        "references": [{"type": "article", "url": "https://news.example/faces"}, {"type": "order", "url": "http://court.example/1"}]
    }).to_string());
    put("texts", "short", r#"{"salt":"","texts":[{"language":"en","statement":"no"}]}"#);
    let pin = domain.pin(&["url:https://example.org/", "doi:10.5281/"]);
    put("pin_file", "two-prefixes", pin.to_json());
    let noted = PinFile::new(key.sign(PayloadType::Publisher, key.first_record().to_string()), &[], Some("a note")).unwrap();
    put("pin_file", "of-a-key-with-a-note", noted.to_json());
    put("pin_file", "without-prefixes", json!({"record": value(record.as_bytes())}).to_string());
    let lineage = LineageId { did: Did::parse(&domain.did).unwrap(), record0: Some(pin.record().signed().payload_id()) };
    let (removed, root) = (DocumentHash::of(&document), LogRoot::from_bytes([171; 32]));
    for (name, statement) in [
        ("domain-verified", Statement::DomainVerified { lineage, method: DomainMethod::DidDocument }),
        (
            "document-removed",
            Statement::DocumentRemoved {
                document: removed,
                basis: RemovalBasis::LegalOrder,
                jurisdiction: Some("US-CA".into()),
                reference: Some("12/34".into()),
            },
        ),
        (
            "document-removed-briefly",
            Statement::DocumentRemoved { document: removed, basis: RemovalBasis::Policy, jurisdiction: None, reference: None },
        ),
        ("log-succeeds", Statement::LogSucceeds { origin: "old.example/log".into(), size: 9, root, keys: None }),
    ] {
        let issued = Timestamp::parse("2026-11-23T10:00:00Z").unwrap();
        put("operator_statement", name, OperatorStatement::write(ORIGIN, issued, &statement).unwrap());
    }
    for (name, text) in [
        ("plain", r#" {"b":[1,true,null,-0],"a":"x\u00e9"} "#),
        ("escapes", r#"{"a\/b":"\ud83d\ude00\"\\\b\f\n\r\t"}"#),
        ("nested", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"),
        ("deeper", "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"),
        ("largest", "9007199254740991"),
        ("false", "[false,0,\"\",{}]"),
        ("mark", "\u{feff}{}"),
        ("exponent", "1E2"),
        ("duplicate-null", r#"{"":1,"":2}"#),
    ] {
        put("strict_json", name, text);
    }
    for (name, text) in [
        ("two", r#"{"ids":["doi:10.5281/zenodo.1","Example Faces 1M"]}"#),
        ("none", r#"{"ids":[]}"#),
        ("other", r#"{"id":["a"]}"#),
        ("in-an-array", r#"[["doi:10.5281/zenodo.1"]]"#),
        ("twice", r#"{"ids":[],"ids":[]}"#),
        ("number", r#"{"ids":[1]}"#),
    ] {
        put("check_question", name, text);
    }
}

/// Notes of every kind.
fn notes() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/vectors/tlog");
    let vector = |name: &str| fs::read(vectors.join(name)).unwrap();
    put("note", "example", vector("signed-note-example.txt"));
    put("note", "poem", vector("signed-note-poem.txt"));
    put("note", "answer", vector("add-checkpoint-answer-example.txt"));
    put("add_checkpoint", "example", vector("add-checkpoint-example.txt"));
    put("cosignature", "answer", vector("add-checkpoint-answer-example.txt"));
    let (log, witness) = (SecretKey::from_seed([LOG_SEED; 32]), SecretKey::from_seed([WITNESS_SEED; 32]));
    let origin = KeyName::parse(ORIGIN).unwrap();
    let cosigned = |leaves: &[&[u8]]| {
        let hashes: Vec<_> = leaves.iter().map(|leaf| Hash::leaf(leaf)).collect();
        let root = match hashes.as_slice() {
            [] => Hash::EMPTY,
            [one] => *one,
            [left, right] => Hash::node(left, right),
            _ => unreachable!("two leaves at most"),
        };
        let size = u64::try_from(hashes.len()).unwrap();
        let mut signed = SignedCheckpoint::sign(&log, &Checkpoint::new(&origin, size, root)).unwrap();
        signed.cosign(witness_key().name(), &witness, 1_795_000_000).unwrap();
        signed
    };
    let (none, one, two) = (cosigned(&[]), cosigned(&[b"leaf"]), cosigned(&[b"leaf", b"other"]));
    for (name, signed) in [("empty", &none), ("of-one", &one), ("of-two", &two)] {
        put("checkpoint", name, signed.bytes());
        put("checkpoint", &format!("{name}-unsigned"), signed.text());
        put("note", name, signed.bytes());
    }
    put("checkpoint", "extended", format!("{}an extension\n", two.text()));
    for (name, index, proof, signed) in [
        ("of-one", 0, Vec::new(), &one),
        ("of-two", 0, vec![Hash::leaf(b"other")], &two),
        ("wrong", 1, vec![Hash::EMPTY], &two),
    ] {
        let checkpoint = signed.bytes().to_vec();
        let extra = if name == "wrong" { b"extra".to_vec() } else { Vec::new() };
        put("tlog_proof", name, TlogProof { index, proof, checkpoint, extra }.to_bytes());
    }
    let grown = AddCheckpoint { old: 1, proof: vec![Hash::leaf(b"other")], checkpoint: two.bytes().to_vec() };
    put("add_checkpoint", "grown", grown.to_bytes());
    put("add_checkpoint", "first", AddCheckpoint { old: 0, proof: Vec::new(), checkpoint: one.bytes().to_vec() }.to_bytes());
    for (name, time) in [("now", 1_795_000_000), ("first", 0), ("last", palinode::tlog::MAX_TIME)] {
        let cosignature = Cosignature::sign(witness_key().name().clone(), &witness, time, cosignature::TEXT).unwrap();
        put("cosignature", name, cosignature.to_line());
    }
    for (name, key) in [("log", log_key()), ("witness", witness_key())] {
        put("verifier_key", name, key.to_string());
    }
    put("verifier_key", "example", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    put("verifier_key", "name", ORIGIN);
    let policy = format!("log {}\nwitness w {} https://w.example/\ngroup g 1 w\nquorum g\n", log_key(), witness_key());
    put("policy", "one", policy);
    put("policy", "none", "quorum none\n");
    put("policy", "all", format!("# both\nwitness w {}\n\tgroup g all w \ngroup h any g\nquorum h", witness_key()));
    put("evidence", "none", serde_json::json!({"origin": ORIGIN, "evidence": []}).to_string());
    let text = |signed: &SignedCheckpoint| String::from_utf8(signed.bytes().to_vec()).unwrap();
    let fork = SignedCheckpoint::sign(&log, &Checkpoint::new(&origin, 1, Hash::leaf(b"another"))).unwrap();
    let two_roots = serde_json::json!({"kind": "two-roots", "first": text(&one), "second": text(&fork)});
    let rewritten = serde_json::json!({
        "kind": "leaf-contradiction", "earlier": text(&fork), "later": text(&two), "root": Hash::leaf(b"leaf").to_base64(),
        "proof": [Hash::leaf(b"other").to_base64()],
    });
    for (name, piece) in [("two-roots", two_roots), ("leaf-contradiction", rewritten)] {
        let document = serde_json::json!({"origin": ORIGIN, "log_key": log_key().to_string(), "evidence": [piece]});
        put("evidence", name, document.to_string());
    }
}

/// What stands in one line.
fn words() {
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

/// What is no text.
fn bytes() {
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

/// What a server answers.
fn answers() {
    let domain = Speaker::domain(2, "example.org");
    let pins = vec![domain.pin(&["url:https://example.org/"])];
    let server = TestServer::with(Options { pins, ..Options::default() });
    let key = Speaker::key(1);
    let document = texts("Nobody who is shown in it was ever asked.");
    let receipt = server.post("/v1/notices", key.notice(&key.report("doi:10.5281/zenodo.1")));
    put("check_answer", "receipt", &receipt.body);
    let retraction = domain.notice(&domain.retraction("url:https://example.org/faces/", &document));
    server.post("/v1/notices", with_documents(&retraction, &[&document]));
    let search = server.ledger.search(&NoticeSearch { limit: 1, ..NoticeSearch::default() }).unwrap();
    let id = search.notices[0].id.to_string();
    for (name, path) in [
        ("server", "/v1/server".to_owned()),
        ("notice", format!("/v1/notices/{id}")),
        ("publisher", "/v1/publishers/did%3Aweb%3Aexample.org".to_owned()),
        ("nothing", "/v1/check?id=doi:10.5281/zenodo.9".to_owned()),
        ("two", "/v1/check?id=doi:10.5281/zenodo.1&id=https://example.org/faces/&id=doi:x".to_owned()),
        ("evidence", "/v1/check?id=doi:10.5281/zenodo.1&proof=true".to_owned()),
        ("evidence-of-a-domain", "/v1/check?id=https://example.org/faces/&proof=true".to_owned()),
    ] {
        let answer = server.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        put("check_answer", name, &answer.body);
    }
    put("problem", "flaws", server.post("/v1/notices", key.notice(&json!({}))).body);
    put("problem", "malformed", server.post("/v1/notices", "{").body);
    put("problem", "proxy", "<html>502</html>");
}
