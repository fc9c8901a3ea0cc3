//! What is refused: lies on the way, lies of operators, and files that were damaged.

use palinode::client::index::{IndexError, IndexFault, LocalIndex};
use palinode::federation::Response;
use palinode::tlog::EvidenceDocument;

use super::super::support::server::{TestServer, noon};
use super::{ALL, Asker, NEEDED, broken, copy_dir, report};

#[test]
fn whatever_is_changed_on_the_way_is_noticed_and_what_is_here_stays() {
    let server = TestServer::start();
    report(&server, 0..3);
    for (wanted, path) in [
        (ALL, "/v1/index"),
        (ALL, "/log/tile/0/"),
        (ALL, "/log/tile/entries/"),
        (NEEDED, "/v1/index/tile/"),
        (ALL, "/v1/index/trust/"),
    ] {
        let honest = Asker::of(&server);
        honest.update(wanted).unwrap();
        let change = move |asked: &str, answer: &mut Response| {
            if answer.status == 200 && (asked == path || (path.ends_with('/') && asked.starts_with(path))) {
                let at = answer.body.len() - 3;
                answer.body[at] ^= 1;
            }
        };
        let liar = Asker::over(&server, change);
        let failed = broken(liar.update(wanted));
        assert!(!failed.to_string().is_empty());
        assert!(LocalIndex::open(&liar.server_folder()).unwrap().is_none(), "{path}: nothing was put in place");
        // The same, over something that is here.
        copy_dir(honest.server_folder().path(), liar.server_folder().path());
        report(&server, usize::try_from(server.size()).unwrap()..usize::try_from(server.size()).unwrap() + 1);
        if path != "/v1/index/trust/" {
            broken(liar.update(wanted));
        }
        assert!(
            liar.size() >= 3
                && liar
                    .index()
                    .check(&["doi:10.5281/zenodo.1".to_owned()], &palinode::verdict::Trust::default(), noon())
                    .is_ok()
        );
    }
}

#[test]
fn two_roots_of_one_size_convict_the_log_and_the_evidence_is_kept() {
    // Two servers with the same keys, who tell two stories.
    let (one, other) = (TestServer::start(), TestServer::start());
    report(&one, 0..2);
    report(&other, 1..3);
    let asker = Asker::of(&one);
    asker.update(ALL).unwrap();
    let liar = Asker::of(&other);
    let IndexFault::TwoHistories { kept } = broken(asker.update_from(&liar.client, ALL)) else { panic!("another fault") };
    let document = EvidenceDocument::parse(&std::fs::read(kept).unwrap()).unwrap();
    assert!(document.evidence[0].verify(&asker.keys.log).is_ok());
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.0".to_owned()])[0]["verdict"], "reported", "what was here stays");

    // A larger tree that does not begin with the one that is here.
    report(&other, 3..4);
    let IndexFault::TwoHistories { kept } = broken(asker.update_from(&liar.client, ALL)) else { panic!("another fault") };
    let document = EvidenceDocument::parse(&std::fs::read(kept).unwrap()).unwrap();
    assert_eq!(document.evidence[0].kind(), "leaf-contradiction");
    assert!(document.evidence[0].verify(&asker.keys.log).is_ok());
}

#[test]
fn an_operator_who_signs_tiles_that_do_not_follow_from_the_log_is_caught_with_the_entries() {
    let server = TestServer::start();
    report(&server, 0..2);
    let identity = server.ledger.identity().clone();
    // What an operator who hides a notice signs: the same head, over tiles with an empty row.
    let lie = move |path: &str, answer: &mut Response| {
        if path == "/v1/index" && answer.status == 200 {
            answer.body = head_over_other_tiles(&answer.body);
        }
    };
    let asker = Asker::over(&server, lie);
    assert_eq!(identity.operator, asker.keys.operator);
    assert!(matches!(broken(asker.update(ALL)), IndexFault::SignedTiles(2)));
}

fn head_over_other_tiles(envelope: &[u8]) -> Vec<u8> {
    use palinode::envelope::{Envelope, IndexHead, LogRoot, PayloadType, SecretKey};
    let envelope = Envelope::parse_canonical(envelope).unwrap();
    let head = IndexHead::parse(envelope.payload()).unwrap();
    let head = IndexHead { tiles: LogRoot::from_bytes([9; 32]), ..head };
    let operator = SecretKey::from_seed([203; 32]);
    operator.sign_envelope(PayloadType::Index, &head.write().unwrap()).unwrap().to_json().into_bytes()
}

#[test]
fn a_local_index_that_was_damaged_says_so_and_never_that_nothing_is_known() {
    let server = TestServer::start();
    report(&server, 0..3);
    let asker = Asker::of(&server);
    asker.update(ALL).unwrap();
    let folder = asker.server_folder();
    let files = ["keys-3", "bundles/000000000.p3", "state.json", "lists-3", "digests-3", "server.json"];
    for file in files {
        let path = folder.path().join(file);
        let good = std::fs::read(&path).unwrap();
        let mut bad = good.clone();
        let at = good.len() / 2;
        bad[at] ^= 1;
        std::fs::write(&path, &bad).unwrap();
        let asked = ["doi:10.5281/zenodo.1".to_owned()];
        let outcome = LocalIndex::open(&folder).and_then(|index| {
            let index = index.expect("it was fetched");
            index.check(&asked, index.trust(), noon())
        });
        match outcome {
            Err(IndexError::Damaged { .. } | IndexError::Io { .. }) => {}
            Ok(answer) if file == "lists-3" => assert_eq!(answer.answers[0].verdict.as_str(), "reported"),
            other => panic!("{file}: {other:?}"),
        }
        std::fs::write(&path, &good).unwrap();
    }
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.1".to_owned()])[0]["verdict"], "reported");
}
