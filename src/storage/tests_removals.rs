//! Removing documents: nothing of them is left in any file, nothing brings them back, and nothing that was proved changes.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};

use super::sample::*;
use crate::envelope::{Envelope, OperatorStatement, PayloadType, RemovalBasis};
use crate::ledger::documents::{Document, DocumentRefusal};
use crate::ledger::notices::NoticeSearch;
use crate::ledger::ports::{DocumentStore, HeadRecord, LogRead};
use crate::ledger::removal::{Ground, Removal, RemovalStore, RemovalTrouble, Remover, Tombstone, TombstoneRecord};
use crate::ledger::{Provenance, StoreError};
use crate::notice::{Completed, DocumentHash, Draft};
use crate::verdict::Verdict;

fn completed(person: &Person, draft: &Value, salt: [u8; 32]) -> Completed {
    let draft = Draft::parse(draft.to_string().as_bytes()).expect("a draft");
    draft.complete(&person.did, at(start()), salt).expect("a notice")
}

/// A notice whose texts sing in every field, with words that nobody else uses; and what to listen for.
fn singing(person: &Person, number: u64) -> (Completed, Vec<String>) {
    let field = |name: &str| format!("{name}canary{number}{}", &name[..2]);
    let mut draft = report(&format!("Set {number}"), &format!("doi:10.5555/set-{number}"));
    let long = format!("{} and then goes on for a while about number {number}. ", field("rest"))
        .repeat(usize::try_from(number % 37).unwrap_or(0));
    draft["texts"] = json!({
        "texts": [{
            "language": "en",
            "statement": format!("The first {} in this place. {long}", field("statement")),
            "mitigation": format!("Whoever hears the {} may do something.", field("mitigation")),
            "afterlife": format!("What became of the {} in the end.", field("afterlife")),
        }],
        "references": [{"type": "article", "url": format!("https://example.org/{}", field("reference"))}],
    });
    let mut salt = [0; 32];
    let bytes = number.to_be_bytes();
    salt.iter_mut().zip(bytes.iter().cycle()).for_each(|(to, from)| *to = from ^ 0x5a);
    let completed = completed(person, &draft, salt);
    let mut canaries: Vec<String> = ["statement", "mitigation", "afterlife", "reference"].map(field).into();
    canaries.push(data_encoding::BASE64.encode(&salt));
    let texts = String::from_utf8(completed.texts.clone().expect("texts")).expect("text");
    assert!(canaries.iter().all(|canary| texts.contains(canary)), "{texts}");
    (completed, canaries)
}

/// A server that has one such notice: the name of its texts, and what to listen for.
fn with_texts_that_sing() -> (Place, Server, DocumentHash, Vec<String>) {
    let place = Place::new();
    let mut server = place.open();
    let person = Person::new(1);
    let (completed, canaries) = singing(&person, 3);
    let hash = DocumentHash::of(completed.texts.as_ref().expect("texts"));
    server.put(submission(&person.sign(&completed.payload), completed.texts.as_deref())).expect("accepted");
    (place, server, hash, canaries)
}

/// How many bytes at the end of a canary tell it from every other.
const END: usize = 12;

/// Which of these are found in which file of the folder, in either case. All at once: there may be thousands.
fn heard(place: &Place, canaries: &[String]) -> Vec<String> {
    let end = |text: &str| <[u8; END]>::try_from(&text.as_bytes()[text.len() - END..]).expect("long enough");
    let both = canaries.iter().flat_map(|canary| [(end(canary), canary), (end(&canary.to_lowercase()), canary)]);
    let ends: HashMap<[u8; END], &String> = both.collect();
    let mut heard = BTreeSet::new();
    for file in std::fs::read_dir(place.path()).expect("a folder").map(|file| file.expect("a file").path()) {
        let bytes = if file.is_file() { std::fs::read(&file).expect("readable") } else { Vec::new() };
        for part in bytes.array_windows::<END>().filter(|part| part[0] != 0) {
            heard.extend(ends.get(part).map(|canary| format!("{canary} in {}", file.display())));
        }
    }
    heard.into_iter().collect()
}

fn removal(document: DocumentHash) -> Removal {
    let ground = Ground {
        basis: RemovalBasis::LegalOrder,
        jurisdiction: Some("DE".to_owned()),
        reference: Some("7 O 12/26".to_owned()),
    };
    Removal::new(ORIGIN, at(start()), document, ground).expect("valid form")
}

fn remover(place: &Place, server: &Server) -> Remover {
    Remover::new(server.ledger.clone(), server_keys(), Arc::new(place.folder().tombstone_file()))
}

fn remove(place: &Place, server: &mut Server, documents: &[DocumentHash]) {
    for document in documents {
        server.store.order_removal(&removal(*document), start()).expect("ordered");
    }
    let troubles = remover(place, server).carry_out_alone(&mut server.sequencer).expect("readable");
    assert!(troubles.is_empty(), "{troubles:?}");
    assert!(server.store.removal_orders().expect("readable").is_empty());
}

/// What the operator stated in the log.
fn statements(server: &Server) -> Vec<OperatorStatement> {
    let entries = server.ledger.changes(0, 10_000).expect("readable");
    let own = entries.iter().filter(|entry| entry.kind == PayloadType::Operator);
    own.map(|e| OperatorStatement::parse(Envelope::parse_canonical(&e.bytes).expect("one").payload()).expect("one")).collect()
}

fn found(server: &Server, words: &str) -> usize {
    let search = NoticeSearch { words: words.to_owned(), limit: 10, ..NoticeSearch::default() };
    server.ledger.search(&search).expect("a page").notices.len()
}

#[test]
#[doc = "promise P4"]
fn nothing_of_a_removed_document_is_left_in_any_file_and_nothing_brings_it_back() {
    let place = Place::new();
    let mut server = place.open();
    let person = Person::new(1);
    let (before, target, after) = (singing(&person, 90), singing(&person, 91), singing(&person, 92));
    let mut receipts = Vec::new();
    for (completed, _) in [&before, &target, &after] {
        let placed = server.put(submission(&person.sign(&completed.payload), completed.texts.as_deref())).expect("accepted");
        receipts.push(server.receipt(placed));
    }
    let (texts, canaries) = (target.0.texts.clone().expect("texts"), target.1.clone());
    let hash = DocumentHash::of(&texts);
    assert_eq!(found(&server, "statementcanary91st"), 1);
    assert!(heard(&place, &canaries).len() >= canaries.len());
    let asked = ["doi:10.5555/set-91".to_owned()];
    let verdict = format!("{:?}", server.ledger.check(&asked).expect("answers").answers[0].answer);

    remove(&place, &mut server, &[hash]);
    assert_eq!(heard(&place, &canaries), [""; 0]);
    assert!(heard(&place, &before.1).len() >= 5 && heard(&place, &after.1).len() >= 5, "the others are there");
    let Document::Removed(tombstone) = server.ledger.document(&hash).expect("readable") else { panic!("removed") };
    assert_eq!(*tombstone, removal(hash).tombstone());
    assert_eq!(statements(&server).iter().map(|said| said.statement.clone()).collect::<Vec<_>>(), [removal(hash).statement()]);
    assert_eq!(
        server.ledger.notice(&crate::notice::NoticeId::of(&target.0.payload)).expect("readable").expect("there").texts.as_str(),
        "removed"
    );
    assert_eq!((found(&server, "statementcanary91st"), found(&server, "statementcanary92st")), (0, 1));

    // Neither an upload, nor the notice again, nor storage itself.
    assert!(matches!(server.ledger.keep_document(&hash, texts.clone()), Err(DocumentRefusal::Removed(_))));
    server.put(submission(&person.sign(&target.0.payload), Some(&texts))).expect("known");
    let bytes = texts.clone();
    let document = crate::ledger::stored::NewDocument {
        hash,
        kind: crate::ledger::stored::DocumentKind::Texts,
        bytes,
        words: canaries.join(" "),
        received: start(),
    };
    server.store.keep(&document).expect("harmless");
    drop(server);
    let server = place.open();
    assert_eq!(found(&server, "statementcanary91st"), 0);
    assert_eq!(heard(&place, &canaries), [""; 0]);
    assert_eq!(format!("{:?}", server.ledger.check(&asked).expect("answers").answers[0].answer), verdict, "the verdict stays");
    receipts.iter().for_each(assert_proved);
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn a_document_that_has_not_come_yet_can_be_removed_and_does_not_come() {
    let place = Place::new();
    let mut server = place.open();
    let person = Person::new(1);
    let (completed, canaries) = singing(&person, 7);
    let texts = completed.texts.clone().expect("texts");
    let hash = DocumentHash::of(&texts);
    let placed = server.put(submission(&person.sign(&completed.payload), None)).expect("accepted");
    let token = server.receipt(placed).upload.expect("leave to upload").token;
    remove(&place, &mut server, &[hash]);
    assert!(server.ledger.missing_documents(9).expect("readable").is_empty(), "nobody is asked for it");
    let refused = server.ledger.upload_document(&hash, &token, texts.clone()).expect_err("refused");
    assert!(matches!(refused, DocumentRefusal::Removed(_)), "{refused}");
    let peer = Provenance::Peer("peer.example.net/log".to_owned());
    server.put_from(submission(&person.sign(&completed.payload), Some(&texts)), peer).expect("known");
    assert_eq!(heard(&place, &canaries), [""; 0]);
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
#[doc = "promise P5"]
fn a_thousand_random_removals_never_change_a_verdict_nor_a_proof_and_leave_nothing() {
    let mut rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut removed_in_all = 0;
    for round in 0..5_u64 {
        let place = Place::in_memory();
        let mut server = place.open();
        let person = Person::new(1);
        let mut there: Vec<(DocumentHash, Vec<String>)> = Vec::new();
        let mut gone: Vec<String> = Vec::new();
        let mut asked = Vec::new();
        for step in 0..25 {
            for _ in 0..8 {
                let number = rng.next_u64() % 1_000_000 + round;
                let (completed, canaries) = singing(&person, number);
                let hash = DocumentHash::of(completed.texts.as_ref().expect("texts"));
                if asked.contains(&format!("doi:10.5555/set-{number}")) {
                    continue;
                }
                asked.push(format!("doi:10.5555/set-{number}"));
                // One in four comes after its notice, so that rows of the index grow.
                let later = rng.next_u32().is_multiple_of(4);
                let along = completed.texts.as_deref().filter(|_| !later);
                server.put(submission(&person.sign(&completed.payload), along)).expect("accepted");
                if later {
                    server.ledger.keep_document(&hash, completed.texts.clone().expect("texts")).expect("kept");
                }
                there.push((hash, canaries));
            }
            let verdicts = |server: &Server| {
                let answers: Vec<_> =
                    asked.chunks(100).flat_map(|ids| server.ledger.check(ids).expect("answers").answers).collect();
                answers.iter().map(|answer| format!("{:?}", answer.answer)).collect::<Vec<_>>()
            };
            let (before, head) = (verdicts(&server), server.ledger.published().head);
            let mut some = Vec::new();
            while some.len() < 8 && !there.is_empty() {
                let place = usize::try_from(rng.next_u64() % there.len() as u64).expect("small");
                some.push(there.swap_remove(place));
            }
            let hashes: Vec<DocumentHash> = some.iter().map(|(hash, _)| *hash).collect();
            remove(&place, &mut server, &hashes);
            assert_eq!(verdicts(&server), before, "round {round}, step {step}");
            let now = server.ledger.published().head;
            let proof = server.ledger.consistency_proof(head.size, now.size).expect("readable");
            crate::tlog::verify_consistency(head.size, &head.root, now.size, &now.root, &proof)
                .expect("it was only appended to");
            gone.extend(some.into_iter().flat_map(|(_, canaries)| canaries));
            removed_in_all += hashes.len();
        }
        assert_eq!(heard(&place, &gone), [""; 0], "round {round}");
        let rest: Vec<String> = there.iter().map(|(_, canaries)| canaries[0].clone()).collect();
        assert!(rest.iter().all(|canary| found(&server, canary) == 1), "what was not removed is found");
        drop(server);
        assert_eq!(place.faults(), [""; 0], "round {round}");
    }
    assert!(removed_in_all >= 990, "{removed_in_all}");
}

#[test]
fn a_digest_list_goes_like_any_document_and_answers_about_digests_become_incomplete_and_never_say_nothing_is_known() {
    let place = Place::new();
    let mut server = place.open();
    let list: Vec<u8> =
        (0..2_000_u16).flat_map(|n| [&n.to_be_bytes()[..], b"a canary among so many digests"].concat()).collect();
    let mut draft = report("Faces", "doi:10.5555/faces");
    let hash = DocumentHash::of(&list);
    let name = hash.to_string();
    draft["digest_lists"] =
        json!([{"algorithm": "sha256", "sha256": name, "count": 2_000, "blocks": name, "role": "affected"}]);
    let person = Person::new(1);
    let completed = person.complete(&draft);
    server.put(submission(&person.sign(&completed.payload), Some(&list))).expect("accepted");
    let digest = data_encoding::HEXLOWER.encode(&[&[0, 7][..], b"a canary among so many digests"].concat());
    let asked = [format!("sha256:{digest}"), "doi:10.5555/faces".to_owned()];
    let verdicts = |server: &Server| {
        let answers = server.ledger.check(&asked).expect("answers").answers;
        answers.into_iter().map(|a| a.answer.map(|a| (a.verdict, a.incomplete)).expect("an id")).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&server), [(Verdict::Reported, false); 2]);
    remove(&place, &mut server, &[hash]);
    assert_eq!(heard(&place, &["canary among so many".to_owned()]), [""; 0]);
    assert_eq!(verdicts(&server), [(Verdict::Unchecked, true), (Verdict::Reported, false)]);
    assert!(matches!(server.ledger.keep_document(&hash, list), Err(DocumentRefusal::Removed(_))));
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn a_removal_that_stops_half_way_is_finished_later_with_one_statement() {
    let (place, mut server, hash, canaries) = with_texts_that_sing();
    server.store.order_removal(&removal(hash), start()).expect("ordered");
    // A log that is halted signs nothing, and the bytes go all the same.
    server.ledger.halt("a test");
    let troubles = remover(&place, &server).carry_out_alone(&mut server.sequencer).expect("readable");
    assert!(matches!(troubles.as_slice(), [(_, RemovalTrouble::NotStated(_))]), "{troubles:?}");
    assert_eq!(heard(&place, &canaries), [""; 0]);
    let orders = server.store.removal_orders().expect("readable");
    assert!(orders[0].is_buried && orders[0].trouble.as_ref().is_some_and(|said| said.contains("log")), "{orders:?}");
    drop(server);
    // The statement came into the log, and the order was not struck off before the machine stopped.
    let mut server = place.open();
    for _ in 0..2 {
        server.store.order_removal(&removal(hash), start()).expect("ordered");
        let troubles = remover(&place, &server).carry_out_alone(&mut server.sequencer).expect("readable");
        assert!(troubles.is_empty(), "{troubles:?}");
    }
    assert_eq!(statements(&server).len(), 1);
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn an_older_database_that_is_put_back_loses_what_was_removed_since_at_the_next_start() {
    let (place, server, hash, canaries) = with_texts_that_sing();
    let sealed = remover(&place, &server);
    sealed.reconcile().expect("nothing to do");
    assert_eq!(
        place.folder().tombstone_file().read().expect("readable"),
        Some(Vec::new()),
        "the record is begun at the first start"
    );
    drop((server, sealed));
    let older = std::fs::read(place.path().join("palinode.db")).expect("readable");
    let mut server = place.open();
    remove(&place, &mut server, &[hash]);
    drop(server);
    for file in ["palinode.db-wal", "palinode.db-shm", "index.db", "head"] {
        let _ = std::fs::remove_file(place.path().join(file));
    }
    std::fs::write(place.path().join("palinode.db"), older).expect("put back");
    let store = place.folder().open_store().expect("opens");
    let newest = store.newest_published().expect("readable").expect("signed");
    place.record().write(&newest.checkpoint).expect("written");
    drop(store);
    let server = place.open();
    assert!(matches!(server.ledger.document(&hash).expect("readable"), Document::Available(_)), "it is back");
    remover(&place, &server).reconcile().expect("removed again");
    assert!(
        matches!(server.ledger.document(&hash).expect("readable"), Document::Removed(tombstone) if tombstone.removal.is_some())
    );
    assert_eq!(heard(&place, &canaries), [""; 0]);
}

#[test]
fn whatever_does_not_fit_together_of_a_removal_is_found() {
    let (place, mut server, hash, _) = with_texts_that_sing();
    remove(&place, &mut server, &[hash]);
    let faults = || place.folder().open_store().expect("opens").removal_faults().expect("readable");
    assert_eq!(faults(), [""; 0]);
    for (change, back, words) in [
        ("UPDATE documents SET bytes = x'00010203'", "UPDATE documents SET bytes = x'00'", "bytes of it are still here"),
        ("UPDATE documents SET state = 'available'", "UPDATE documents SET state = 'removed'", "was not removed"),
        ("DELETE FROM tombstones", "SELECT 1", "there is no tombstone"),
    ] {
        place.sql(change);
        assert!(faults().iter().any(|fault| fault.contains(words)), "{change}: {:?}", faults());
        if back != "SELECT 1" {
            place.sql(back);
        }
    }
}

/// A record that cannot be written.
struct Unwritable;

impl TombstoneRecord for Unwritable {
    fn read(&self) -> Result<Option<Vec<Tombstone>>, StoreError> {
        Ok(None)
    }

    fn add(&self, _: &[Tombstone]) -> Result<(), StoreError> {
        let source = Arc::new(std::io::Error::other("a full disk"));
        Err(StoreError::Unavailable { doing: "recording what was removed", source })
    }
}

#[test]
fn nothing_is_removed_before_the_record_outside_the_database_says_so() {
    let (_place, mut server, hash, _) = with_texts_that_sing();
    server.store.order_removal(&removal(hash), start()).expect("ordered");
    let troubles = Remover::new(server.ledger.clone(), server_keys(), Arc::new(Unwritable))
        .carry_out_alone(&mut server.sequencer)
        .expect("readable");
    assert!(matches!(troubles.as_slice(), [(_, RemovalTrouble::NotBuried(_))]), "{troubles:?}");
    assert!(matches!(server.ledger.document(&hash).expect("readable"), Document::Available(_)));
    assert!(statements(&server).is_empty(), "nor does the log say what is not true");
}
