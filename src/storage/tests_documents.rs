//! Detached documents: brought along, uploaded later, shared, listed and removed.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::sample::*;
use crate::ledger::documents::{Document, DocumentRefusal};
use crate::ledger::notices::NoticeSearch;
use crate::ledger::stored::DocumentKind;
use crate::ledger::{Provenance, Refusal};
use crate::notice::{DigestAlgorithm, DocumentHash};
use crate::verdict::Verdict;

const STATEMENT: &str = "Nobody was asked whether this was fine, said the newspaper.";

fn peer() -> Provenance {
    Provenance::Peer("a.example/log".to_owned())
}

fn found(server: &Server, words: &str) -> usize {
    let search = NoticeSearch { words: words.to_owned(), limit: 10, ..NoticeSearch::default() };
    server.ledger.search(&search).expect("a page").notices.len()
}

fn texts_word(server: &Server, id: &crate::notice::NoticeId) -> &'static str {
    server.ledger.notice(id).expect("readable").expect("there").texts.as_str()
}

#[test]
fn texts_that_are_uploaded_later_with_the_token_are_shown_and_found() {
    let place = Place::new();
    let mut server = place.open();
    let person = Person::new(1);
    let completed = person.complete(&explained("Faces", "doi:10.5555/faces", STATEMENT));
    let texts = completed.texts.expect("texts");
    let hash = DocumentHash::of(&texts);
    let placed = server.put(submission(&person.sign(&completed.payload), None)).expect("an observer may bring them later");
    let receipt = server.receipt(placed);
    let upload = receipt.upload.expect("leave to upload");
    assert_eq!((&upload.documents, upload.expires), (&vec![hash], start() + TimeDelta::hours(24)));
    assert_eq!((texts_word(&server, &receipt.id), found(&server, "newspaper")), ("awaited", 0));
    assert_eq!(server.ledger.document(&hash).expect("readable"), Document::Awaited);
    assert_eq!(server.ledger.missing_documents(9).expect("readable"), [(hash, DocumentKind::Texts)]);

    let other = DocumentHash::of(b"other");
    let upload_as = |hash: &DocumentHash, token: &str, bytes: &[u8]| server.ledger.upload_document(hash, token, bytes.to_vec());
    assert!(matches!(upload_as(&hash, "wrong", &texts), Err(DocumentRefusal::NotGranted(_))));
    assert!(matches!(upload_as(&other, &upload.token, b"other"), Err(DocumentRefusal::NotGranted(_))));
    assert!(matches!(upload_as(&hash, &upload.token, b"other"), Err(DocumentRefusal::OtherBytes { .. })));
    place.clock.advance(TimeDelta::hours(24));
    assert!(matches!(upload_as(&hash, &upload.token, &texts), Err(DocumentRefusal::NotGranted(_))), "it has ended");
    place.clock.advance(TimeDelta::hours(-1));
    upload_as(&hash, &upload.token, &texts).expect("taken in");
    upload_as(&hash, &upload.token, &texts).expect("twice is harmless");

    assert_eq!((texts_word(&server, &receipt.id), found(&server, "newspaper")), ("available", 1));
    assert_eq!(server.ledger.document(&hash).expect("readable"), Document::Available(texts));
    assert!(server.ledger.missing_documents(9).expect("readable").is_empty());
    assert!(server.receipt(placed).upload.is_none(), "nothing is missing any more");
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn a_twin_in_the_same_batch_may_bring_the_texts_that_the_first_came_without() {
    let place = Place::new();
    let mut server = place.open();
    let person = Person::new(1);
    let completed = person.complete(&explained("Faces", "doi:10.5555/faces", STATEMENT));
    let (envelope, texts) = (person.sign(&completed.payload), completed.texts.expect("texts"));
    let placed = server.put_all([submission(&envelope, None), submission(&envelope, Some(&texts))]);
    assert_eq!(placed.iter().map(|p| (p.index, p.is_known())).collect::<Vec<_>>(), [(0, false), (0, true)]);
    assert_eq!((texts_word(&server, &envelope.payload_id()), found(&server, "newspaper")), ("available", 1));
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn the_token_is_not_kept() {
    let place = Place::new();
    let mut server = place.open();
    let person = Person::new(1);
    let completed = person.complete(&explained("Faces", "doi:10.5555/faces", STATEMENT));
    let placed = server.put(submission(&person.sign(&completed.payload), None)).expect("accepted");
    let token = server.receipt(placed).upload.expect("leave to upload").token;
    for file in std::fs::read_dir(place.path()).expect("a folder").map(|file| file.expect("a file").path()) {
        let bytes = if file.is_file() { std::fs::read(&file).expect("readable") } else { Vec::new() };
        assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()), "{}", file.display());
    }
}

#[test]
fn texts_that_are_here_already_are_found_under_every_notice_that_names_them() {
    let place = Place::new();
    let mut server = place.open();
    let person = Person::new(1);
    server.put(person.says(&explained("Faces", "doi:10.5555/faces", STATEMENT)).1).expect("accepted");
    // The same salt and words, so the same document, which this time does not come along.
    let second = person.complete(&explained("Voices", "doi:10.5555/voices", STATEMENT));
    server.put(submission(&person.sign(&second.payload), None)).expect("accepted");
    assert_eq!(found(&server, "newspaper"), 2);
    assert_eq!(found(&server, "newspaper voices"), 1);
}

#[test]
fn texts_that_come_along_with_a_known_notice_are_kept() {
    let mut server = Place::new().open();
    let person = Person::new(1);
    let completed = person.complete(&retraction("Faces", "doi:10.5555/faces"));
    server.put_from(submission(&person.sign(&completed.payload), None), peer()).expect("heard from a peer first");
    let id = crate::notice::NoticeId::of(&completed.payload);
    assert_eq!(texts_word(&server, &id), "awaited");
    let again = server.put(submission(&person.sign(&completed.payload), completed.texts.as_deref())).expect("known");
    assert!(again.is_known());
    assert_eq!(texts_word(&server, &id), "available");
    let stray = submission(&person.sign(&completed.payload), Some(b"something else"));
    assert!(server.put(stray).expect("known").is_known(), "what it does not name is left alone");
    assert_eq!(server.ledger.document(&DocumentHash::of(b"something else")).expect("readable"), Document::Unknown);
}

/// A notice with a digest list of these digests.
fn listing(list: &[u8], count: u64) -> Value {
    let mut draft = report("Faces", "doi:10.5555/faces");
    let hash = DocumentHash::of(list).to_string();
    draft["digest_lists"] =
        json!([{"algorithm": "sha256", "sha256": hash, "count": count, "blocks": block_root(list), "role": "affected"}]);
    draft
}

#[test]
fn a_list_that_is_named_and_not_here_makes_answers_incomplete_until_it_comes() {
    let mut server = Place::new().open();
    let list = [[1_u8; 32], [5; 32]].concat();
    let placed = server.put(Person::new(1).says(&listing(&list, 2)).1).expect("accepted");
    let asked = [1_u8, 2].map(|n| format!("sha256:{}", format!("{n:02x}").repeat(32)));
    let verdicts = |server: &Server| {
        let answers = server.ledger.check(&asked).expect("answers").answers;
        answers.into_iter().map(|a| a.answer.map(|a| (a.verdict, a.incomplete)).expect("an id")).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&server), [(Verdict::Unchecked, true); 2]);
    let upload = server.receipt(placed).upload.expect("leave to upload");
    let hash = DocumentHash::of(&list);
    assert_eq!(
        server.ledger.missing_documents(9).expect("readable"),
        [(hash, DocumentKind::DigestList { algorithm: DigestAlgorithm::parse("sha256").expect("known"), count: 2 })]
    );
    server.ledger.upload_document(&hash, &upload.token, list.clone()).expect("taken in");
    let now = verdicts(&server);
    assert_eq!(now[0], (Verdict::Reported, false));
    assert!(!now[1].1, "nothing is left to look into");
}

#[test]
fn a_list_of_another_size_than_the_notice_says_is_refused() {
    let mut server = Place::new().open();
    let list = [[1_u8; 32], [5; 32]].concat();
    server.put(Person::new(1).says(&listing(&list, 3)).1).expect("accepted");
    let refusal = server.ledger.keep_document(&DocumentHash::of(&list), list).expect_err("refused");
    assert_eq!(refusal.rule(), "invalid-document");
    let unnamed = server.ledger.keep_document(&DocumentHash::of(b"x"), b"x".to_vec()).expect_err("refused");
    assert_eq!(unnamed.rule(), "document-not-named");
}

#[test]
fn a_list_may_come_along_with_its_notice() {
    let person = Person::new(1);
    let list = [[1_u8; 32], [5; 32]].concat();
    let mut server = Place::new().open();
    let wrong = person.complete(&listing(&list, 3));
    let refusal = server.refusal(submission(&person.sign(&wrong.payload), Some(&list)));
    assert!(matches!(refusal, Refusal::InvalidDocument { .. }), "{refusal}");
    let right = person.complete(&listing(&list, 2));
    let placed = server.put(submission(&person.sign(&right.payload), Some(&list))).expect("accepted");
    assert!(server.receipt(placed).upload.is_none());
    let answers = server.ledger.check(&[format!("sha256:{}", "01".repeat(32))]).expect("answers");
    assert_eq!(answers.answers[0].answer.as_ref().expect("an id").verdict, Verdict::Reported);
}
