//! The rules of lineages, one hand-made case each, and the property that only the set of records counts.

use proptest::prelude::*;

use super::KeyStatus::{Active, Compromised, Retired};
use super::{
    Claim, KeyStatus, Lineage, LineageId, Lineages, PayloadType, PublicKey, PublisherRecord, RecordDraft, RecordKey, SecretKey,
    Verified,
};
use crate::notice::{Did, PayloadId, Timestamp};

pub(super) type Record = Verified<PublisherRecord>;

/// Key `n` of the cast; the seeds mean nothing.
fn key(n: u8) -> SecretKey {
    SecretKey::from_seed([0xa0 + n; 32])
}

pub(super) fn public(n: u8) -> PublicKey {
    key(n).public()
}

pub(super) fn domain() -> Did {
    Did::parse("did:web:example.org").expect("a DID")
}

pub(super) fn draft(did: Did, name: &str, keys: &[(u8, KeyStatus)]) -> RecordDraft {
    let issued = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
    let keys = keys.iter().map(|(n, status)| RecordKey { key: public(*n), status: *status, since: None }).collect();
    RecordDraft { id: did, name: name.to_owned(), homepage: None, contact: None, sequence: 0, previous: None, issued, keys }
}

/// Signs a draft with key `signer`, whoever that is.
pub(super) fn signed(draft: RecordDraft, signer: u8) -> Record {
    let payload = draft.complete().expect("valid form").payload;
    let envelope = key(signer).sign_envelope(PayloadType::Publisher, &payload).expect("small");
    Claim::read(envelope).expect("a record").verify(&[public(signer)]).expect("verifies")
}

pub(super) fn record0(name: &str, keys: &[(u8, KeyStatus)], signer: u8) -> Record {
    signed(draft(domain(), name, keys), signer)
}

pub(super) fn after(before: &Record, name: &str, keys: &[(u8, KeyStatus)], signer: u8) -> Record {
    let previous = Some(before.signed().payload_id());
    let sequence = before.value().sequence + 1;
    signed(RecordDraft { sequence, previous, ..draft(domain(), name, keys) }, signer)
}

pub(super) fn only(lineages: &Lineages) -> &Lineage {
    let of = lineages.of(&domain());
    assert_eq!(of.len(), 1);
    of[0]
}

fn names(lineage: &Lineage) -> (Vec<&str>, Vec<&str>) {
    (
        lineage.chain().iter().map(|r| r.record.name.as_str()).collect(),
        lineage.branches().iter().map(|r| r.record.name.as_str()).collect(),
    )
}

/// What a key is in a lineage: its status, and whether it may lift.
fn standing(lineage: &Lineage, n: u8) -> (Option<KeyStatus>, bool) {
    (lineage.status_of(&public(n)), lineage.may_lift(&public(n)))
}

#[test]
fn record_0_is_signed_by_one_of_its_own_active_keys() {
    let keys = [(1, Active), (2, Retired), (3, Compromised)];
    for (signer, begins) in [(1, true), (2, false), (3, false), (4, false)] {
        let lineages = Lineages::fold(&[record0("zero", &keys, signer)]);
        assert_eq!(lineages.of(&domain()).len(), usize::from(begins), "signer {signer}");
    }
    let wrong_and_right = [record0("zero", &keys, 4), record0("zero", &keys, 1)];
    assert_eq!(Lineages::fold(&wrong_and_right).of(&domain()).len(), 1, "the same payload, rightly signed as well");
}

#[test]
fn record_n_is_signed_by_a_key_that_the_one_before_calls_active() {
    let zero = record0("zero", &[(1, Active), (2, Retired)], 1);
    let keys = [(1, Retired), (3, Active)];
    for (signer, follows) in [(1, true), (2, false), (3, false)] {
        let lineages = Lineages::fold(&[zero.clone(), after(&zero, "one", &keys, signer)]);
        assert_eq!(only(&lineages).chain().len(), 1 + usize::from(follows), "signer {signer}");
    }
}

#[test]
fn a_record_that_skips_a_number_or_names_a_stranger_is_no_part_of_the_chain() {
    let zero = record0("zero", &[(1, Active)], 1);
    let previous = Some(zero.signed().payload_id());
    let skips = RecordDraft { sequence: 2, previous, ..draft(domain(), "skips", &[(1, Active)]) };
    let stranger = Some(PayloadId::from_bytes([9; 32]));
    let strays = RecordDraft { sequence: 1, previous: stranger, ..draft(domain(), "strays", &[(1, Active)]) };
    let other = Did::parse("did:web:other.org").expect("a DID");
    let foreign = RecordDraft { sequence: 1, previous, ..draft(other.clone(), "foreign", &[(1, Active)]) };
    let lineages = Lineages::fold(&[zero, signed(skips, 1), signed(strays, 1), signed(foreign, 1)]);
    assert_eq!(names(only(&lineages)), (vec!["zero"], vec![]));
    assert!(lineages.of(&other).is_empty());
}

#[test]
fn retired_keys_keep_the_force_of_what_they_signed_and_sign_nothing_new() {
    let zero = record0("zero", &[(1, Active), (2, Active)], 1);
    let one = after(&zero, "one", &[(2, Retired), (3, Active)], 1);
    let lineages = Lineages::fold(&[zero, one]);
    let lineage = only(&lineages);
    assert_eq!(lineage.name(), "one");
    assert_eq!(standing(lineage, 1), (Some(Retired), true), "left out is retired");
    assert_eq!(standing(lineage, 2), (Some(Retired), true));
    assert_eq!(standing(lineage, 3), (Some(Active), true));
    assert_eq!(standing(lineage, 4), (None, false));
    assert_eq!(lineage.active_keys(), [&public(3)]);
    assert_eq!(lineages.notice_signers(&domain(), true), [public(3)]);
    assert_eq!(lineages.notice_signers(&domain(), false).len(), 3);
}

#[test]
fn a_compromised_key_may_not_lift_whatever_a_later_record_says() {
    let zero = record0("zero", &[(1, Active), (2, Active)], 1);
    let one = after(&zero, "one", &[(1, Active), (2, Compromised)], 1);
    let two = after(&one, "two", &[(1, Active), (2, Active)], 1);
    let lineages = Lineages::fold(&[zero, one, two]);
    let lineage = only(&lineages);
    assert_eq!(lineage.chain().len(), 3);
    assert_eq!(standing(lineage, 2), (Some(Compromised), false));
    assert_eq!(lineage.compromised_keys(), [&public(2)]);
    assert_eq!(lineages.notice_signers(&domain(), true), [public(1)]);
    let listings = lineages.listings(&domain(), &public(2));
    assert_eq!((listings[0].status, listings[0].may_lift), (Compromised, false));
}

#[test]
fn two_records_n_stop_the_chain_and_neither_branch_may_lift() {
    let zero = record0("zero", &[(1, Active), (2, Active)], 1);
    let one = after(&zero, "one", &[(1, Active), (2, Active), (3, Active)], 1);
    let owner = after(&one, "owner", &[(1, Active), (4, Active), (2, Compromised)], 1);
    let thief = after(&one, "thief", &[(5, Active), (1, Retired)], 2);
    let later = after(&thief, "later", &[(5, Retired), (6, Active)], 5);
    let lineages = Lineages::fold(&[zero, one, owner, thief, later]);
    let lineage = only(&lineages);
    let (chain, branches) = names(lineage);
    assert_eq!(chain, ["zero", "one"]);
    assert_eq!(branches.len(), 3);
    assert_eq!(branches[2], "later", "ordered by sequence");
    assert!(lineage.is_forked());
    assert_eq!(lineage.name(), "one");
    assert_eq!(standing(lineage, 1), (Some(Active), true), "the chain calls it active");
    assert_eq!(standing(lineage, 2), (Some(Compromised), false), "a mark of one branch counts");
    assert_eq!(standing(lineage, 3), (Some(Active), true));
    assert_eq!(standing(lineage, 4), (Some(Active), false), "may raise, may not lift");
    assert_eq!(standing(lineage, 5), (Some(Retired), false));
    assert_eq!(standing(lineage, 6), (Some(Active), false));
}

#[test]
fn a_fork_that_nobody_was_allowed_to_sign_is_none() {
    let zero = record0("zero", &[(1, Active)], 1);
    let one = after(&zero, "one", &[(1, Active)], 1);
    let forged = after(&zero, "forged", &[(2, Active)], 2);
    let lineages = Lineages::fold(&[zero, one, forged]);
    assert_eq!(names(only(&lineages)), (vec!["zero", "one"], vec![]));
}

#[test]
fn a_second_lineage_of_a_domain_stands_beside_the_first() {
    let first = record0("first", &[(1, Active)], 1);
    let second = record0("second", &[(2, Active)], 2);
    let (first_id, second_id) = (first.signed().payload_id(), second.signed().payload_id());
    let lineages = Lineages::fold(&[first, second]);
    assert_eq!(lineages.of(&domain()).len(), 2);
    let listing = |n| lineages.lineages_listing(&domain(), &public(n));
    assert_eq!(listing(1), [LineageId { did: domain(), record0: Some(first_id) }]);
    assert_eq!(listing(2), [LineageId { did: domain(), record0: Some(second_id) }]);
    assert!(listing(3).is_empty());
    let other = Did::parse("did:web:other.org").expect("a DID");
    assert!(lineages.lineages_listing(&other, &public(1)).is_empty());
}

#[test]
fn a_did_key_is_its_own_lineage_without_any_record() {
    let did = public(1).to_did();
    let lineages = Lineages::default();
    assert_eq!(lineages.lineages_listing(&did, &public(1)), [LineageId::bare(did.clone())]);
    assert!(lineages.lineages_listing(&did, &public(2)).is_empty());
    assert!(lineages.listings(&did, &public(1))[0].may_lift);
    assert_eq!(lineages.notice_signers(&did, true), [public(1)]);
    assert!(lineages.of(&did).is_empty());
}

#[test]
fn a_did_key_can_mark_itself_compromised_for_ever() {
    let did = public(1).to_did();
    let named = signed(draft(did.clone(), "named", &[(1, Active)]), 1);
    let burnt = signed(draft(did.clone(), "burnt", &[(1, Compromised)]), 1);
    let forged = signed(draft(did.clone(), "forged", &[(1, Compromised)]), 2);
    let previous = Some(named.signed().payload_id());
    let renamed = signed(RecordDraft { sequence: 1, previous, ..draft(did.clone(), "renamed", &[(1, Active)]) }, 1);

    let lineages = Lineages::fold(&[named.clone(), forged, renamed.clone()]);
    assert_eq!(lineages.of(&did)[0].name(), "renamed");
    assert_eq!(lineages.listings(&did, &public(1))[0].status, Active);

    let lineages = Lineages::fold(&[renamed, burnt, named]);
    let listings = lineages.listings(&did, &public(1));
    assert_eq!((listings[0].status, listings[0].may_lift), (Compromised, false));
    assert!(lineages.notice_signers(&did, true).is_empty());
    assert_eq!(lineages.notice_signers(&did, false), [public(1)]);
}

#[test]
fn the_signers_of_a_record_are_those_that_its_predecessor_names() {
    let zero = record0("zero", &[(1, Active), (2, Retired)], 1);
    let one = after(&zero, "one", &[(3, Active)], 1);
    let two = after(&one, "two", &[(3, Active)], 3);
    let lineages = Lineages::fold([&zero]);
    let signers = |record: &Record| lineages.record_signers(record.value());
    assert_eq!(signers(&zero), Some(vec![public(1)]));
    assert_eq!(signers(&one), Some(vec![public(1)]));
    assert_eq!(signers(&two), None, "its predecessor is not known yet");
    let own = signed(draft(public(4).to_did(), "own", &[(4, Compromised)]), 4);
    assert_eq!(signers(&own), Some(vec![public(4)]));
}

#[test]
fn a_record_is_read_again_from_its_stored_entry() {
    let zero = record0("zero", &[(1, Active)], 1);
    let again = Verified::<PublisherRecord>::new(zero.signed().clone()).expect("the same");
    assert_eq!(again, zero);
    assert_eq!(PublisherRecord::parse(zero.signed().payload()).as_ref(), Ok(zero.value()));
}

/// One step of a random history: which earlier record it follows (or none), what it says of four keys, who signs.
#[derive(Debug, Clone)]
struct Step {
    follows: Option<prop::sample::Index>,
    statuses: [u8; 4],
    signer: u8,
}

fn step() -> impl Strategy<Value = Step> {
    (prop::option::weighted(0.85, any::<prop::sample::Index>()), prop::array::uniform4(0u8..5), 0u8..4)
        .prop_map(|(follows, statuses, signer)| Step { follows, statuses, signer })
}

fn history(steps: &[Step]) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let mut keys: Vec<(u8, KeyStatus)> = Vec::new();
        for (n, status) in (0u8..).zip(step.statuses) {
            // Active twice as often as the others, so that chains grow; 4 leaves the key out.
            if let Some(status) = [Active, Active, Retired, Compromised].get(usize::from(status)) {
                keys.push((n, *status));
            }
        }
        if !keys.iter().any(|(_, status)| *status == Active) {
            keys.retain(|(n, _)| *n != step.signer);
            keys.push((step.signer, Active));
        }
        let name = format!("record {number}");
        records.push(match step.follows.filter(|_| !records.is_empty()) {
            None => record0(&name, &keys, step.signer),
            Some(index) => after(index.get(&records), &name, &keys, step.signer),
        });
    }
    records
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn only_the_set_of_records_counts(
        steps in prop::collection::vec(step(), 1..10),
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..24),
    ) {
        let records = history(&steps);
        let folded = Lineages::fold(&records);
        // Some records again, in any order, before and after all of them backwards.
        let some: Vec<&Record> = order.iter().map(|index| index.get(&records)).collect();
        let shuffled = some.iter().copied().chain(records.iter().rev()).chain(some.iter().rev().copied());
        prop_assert_eq!(Lineages::fold(shuffled), folded);
    }

    #[test]
    fn more_records_never_unsay_a_key_or_a_compromise_mark(
        steps in prop::collection::vec(step(), 2..10),
        cut in any::<prop::sample::Index>(),
    ) {
        let records = history(&steps);
        let all = Lineages::fold(&records);
        let some = Lineages::fold(&records[..cut.index(records.len())]);
        for lineage in some.iter() {
            let grown = all.get(lineage.id()).expect("a lineage never goes away");
            for listed in lineage.listed_keys() {
                prop_assert!(grown.status_of(listed).is_some());
            }
            for compromised in lineage.compromised_keys() {
                prop_assert_eq!(grown.status_of(compromised), Some(Compromised));
            }
        }
        for lineage in all.iter() {
            prop_assert!(!lineage.chain().is_empty());
            prop_assert!(lineage.branches().len() != 1, "one next record is no fork");
            for key in lineage.compromised_keys() {
                prop_assert!(!lineage.may_lift(key));
            }
        }
    }
}
