//! Asking for all digests that begin alike: the answer is what asking for each of them would give, and tells nothing more.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::sample::*;
use crate::ledger::check::MATCHES;
use crate::ledger::digest_range::{KnownDigest, MAX_DIGESTS, RangeError};
use crate::ledger::ports::IndexRead;
use crate::notice::{DigestPrefix, DocumentHash, Identifier};
use crate::verdict::Verdict;

/// A digest of which the first byte is always the same, and few others are told apart.
fn digest(n: u16) -> [u8; 32] {
    let mut digest = [0x5a; 32];
    digest[1..3].copy_from_slice(&n.to_be_bytes());
    digest
}

fn id(n: u16) -> String {
    format!("sha256:{}", HEXLOWER.encode(&digest(n)))
}

fn prefix(digits: &str) -> DigestPrefix {
    DigestPrefix::parse("sha256", digits).expect("a prefix")
}

fn list_of(numbers: &[u16]) -> Vec<u8> {
    let mut digests: Vec<[u8; 32]> = numbers.iter().map(|n| digest(*n)).collect();
    digests.sort_unstable();
    digests.dedup();
    digests.concat()
}

/// A report that names files among its subjects, and others in a list.
fn reports(subjects: &[u16], list: &[u8], role: &str) -> Value {
    let mut draft = report("Faces", "doi:10.5555/faces");
    let files = draft["subjects"].as_array_mut().expect("subjects");
    files.extend(subjects.iter().map(|n| json!({"id": id(*n), "role": "file"})));
    if !list.is_empty() {
        draft["digest_lists"] = json!([{
            "algorithm": "sha256", "sha256": DocumentHash::of(list).to_string(), "count": list.len() / 32,
            "blocks": block_root(list), "role": role
        }]);
    }
    draft
}

/// The notice with its list.
fn handed_in(person: &Person, draft: &Value, list: &[u8]) -> crate::ledger::Submission {
    submission(&person.sign(&person.complete(draft).payload), (!list.is_empty()).then_some(list))
}

/// What single questions about these numbers say, where a notice meets them.
fn single(server: &Server, numbers: std::ops::Range<u16>) -> BTreeMap<Identifier, KnownDigest> {
    let asked: Vec<String> = numbers.map(id).collect();
    let mut known = BTreeMap::new();
    for answer in server.ledger.check(&asked).expect("answers").answers {
        let answer = answer.answer.expect("an id");
        if !answer.matches.is_empty() {
            let notices = answer.matches.iter().take(MATCHES).map(|found| found.notice).collect();
            let more = answer.matches.len().saturating_sub(MATCHES);
            let (verdict, part, incomplete) = (answer.verdict, answer.part, answer.incomplete);
            let (truncated, conflict, id) = (answer.truncated, answer.conflict, answer.id);
            known.insert(id.clone(), KnownDigest { id, verdict, part, incomplete, truncated, conflict, notices, more });
        }
    }
    known
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_range_says_of_each_digest_what_a_question_about_it_says(
        notices in prop::collection::vec((
            1_u8..4, prop::collection::btree_set(0_u16..64, 0..6), prop::collection::btree_set(0_u16..64, 0..8),
            prop::bool::ANY, 0_u8..6,
        ), 1..7),
        digits in 4_usize..=6,
        first in 0_u16..64,
    ) {
        let place = Place::in_memory();
        let mut server = place.open_with(open_policy());
        let mut before = None;
        for (n, (who, subjects, listed, affected, what)) in notices.into_iter().enumerate() {
            let (subjects, listed): (Vec<u16>, Vec<u16>) = (subjects.into_iter().collect(), listed.into_iter().collect());
            let list = list_of(&listed);
            let mut draft = reports(&subjects, &list, if affected { "affected" } else { "unaffected" });
            draft["dataset"]["title"] = json!(format!("Faces {n}"));
            let person = Person::new(who);
            // Some lists never come; some notices are revoked.
            let brings = what != 0;
            let id = crate::notice::NoticeId::of(&person.complete(&draft).payload);
            server.put(handed_in(&person, &draft, if brings { &list } else { &[] })).expect("accepted");
            if what == 1 && let Some((author, target)) = before.replace((who, id)) {
                let revocation = json!({
                    "type": "revocation", "issuer": {"role": "observer"},
                    "dataset": {"title": "Faces", "publisher_name": "Example Vision Lab"},
                    "subjects": [{"id": "doi:10.5555/faces", "role": "whole"}],
                    "prior": [{"notice": target, "relation": "revokes"}],
                });
                let _taken = server.put(Person::new(author).says(&revocation).1);
            }
        }
        // The first byte, then two digits that 0 begins; the last ones tell numbers apart.
        let range = prefix(&HEXLOWER.encode(&digest(first))[..digits]);
        let answer = server.ledger.check_range(&range).expect("few");
        let expected = single(&server, 0..64);
        let within: Vec<KnownDigest> = expected.into_values().filter(|known| DigestPrefix::of(&known.id, digits).as_ref() == Some(&range)).collect();
        prop_assert_eq!(answer.digests, within);
        // What no notice names is answered alike whatever it is: as the answer about the rest says.
        let unnamed = format!("sha256:{}{}", range.digits(), "9".repeat(64 - digits));
        let other = server.ledger.check(&[unnamed]).expect("answers").answers.remove(0).answer.expect("an id");
        prop_assert!(other.matches.is_empty());
        prop_assert_eq!(other.incomplete, answer.incomplete);
        prop_assert_eq!(other.verdict, if answer.incomplete { Verdict::Unchecked } else { Verdict::NoNotice });
    }
}

#[test]
fn a_range_of_too_many_is_refused_and_says_how_many_digits_are_enough() {
    let place = Place::new();
    let mut server = place.open_with(open_policy());
    // 2,000 digests that begin with 5a, 125 to each of the next sixteen digits.
    let numbers: Vec<u16> = (0..2_000_u16).map(|n| n * 32).collect();
    let list = list_of(&numbers);
    server.put(handed_in(&Person::new(1), &reports(&[], &list, "affected"), &list)).expect("accepted");
    assert_eq!(server.ledger.check_range(&prefix("5a00")).expect("few").digests.len(), 8);
    let alike: Vec<u8> = (0..1_500_u16)
        .flat_map(|n| {
            let mut digest = digest(7);
            digest[3..5].copy_from_slice(&(n * 40).to_be_bytes());
            digest
        })
        .collect();
    server.put(handed_in(&Person::new(2), &reports(&[], &alike, "affected"), &alike)).expect("accepted");
    let Err(RangeError::TooMany { enough }) = server.ledger.check_range(&prefix("5a00")) else { panic!("answered") };
    assert_eq!(enough, Some(7), "the sixteen values of the seventh digit have a hundred each");
    let answer = server.ledger.check_range(&prefix("5a00070")).expect("enough");
    assert!(answer.digests.len() <= MAX_DIGESTS && !answer.digests.is_empty());
}

#[test]
fn what_a_sensitive_notice_names_is_in_no_range() {
    let place = Place::new();
    let mut server = place.open_with(open_policy());
    let hidden = Identifier::normalise(&id(5)).expect("an id");
    let blinded = hidden.blinded().expect("a digest");
    let mut draft = report("Hidden Images", "name:hiddenimages");
    draft["sensitive"] = json!(true);
    draft["reasons"] = json!(["illegal-content"]);
    draft["subjects"].as_array_mut().expect("subjects").push(json!({"id": blinded.to_string(), "role": "file"}));
    draft["subjects"][0]["role"] = json!("whole");
    server.put(Person::new(1).says(&draft).1).expect("accepted");
    let asked = server.ledger.check(&[hidden.to_string()]).expect("answers").answers.remove(0).answer.expect("an id");
    assert_eq!(asked.verdict, Verdict::Reported, "whoever has the file finds the notice");
    assert!(server.ledger.check_range(&prefix("5a00")).expect("answers").digests.is_empty());
    // Nor under the digits of what it is blinded to, as any algorithm of that width.
    for algorithm in ["sha256", "blake3"] {
        let range = DigestPrefix::parse(algorithm, &blinded.value()[..4]).expect("a prefix");
        assert!(server.ledger.check_range(&range).expect("answers").digests.is_empty());
        assert!(server.store.digests_in(&range, server.size(), 9).expect("readable").is_empty());
    }
}

#[test]
fn the_digest_of_an_empty_file_is_in_no_range_whoever_names_it() {
    let place = Place::new();
    let mut server = place.open_with(open_policy());
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let list = data_encoding::HEXLOWER.decode(empty.as_bytes()).expect("hex");
    server.put(handed_in(&Person::new(1), &reports(&[3], &list, "affected"), &list)).expect("accepted");
    assert!(server.ledger.check_range(&prefix("e3b0")).expect("answers").digests.is_empty());
    assert_eq!(server.ledger.check_range(&prefix("5a00")).expect("answers").digests.len(), 1);
}
