//! The next record of a lineage: what may change, and what would lock its publisher out.

use super::{KeyStatus, MAX_RECORD_KEYS, PublicKey, PublisherRecord, RecordDraft, RecordKey};
use crate::notice::{DidMethod, PartialDate, PayloadId, Timestamp};

/// What the next record says differently.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Keys that become active: new ones, or retired ones again.
    pub add: Vec<PublicKey>,
    /// Active keys that sign nothing new any more.
    pub retire: Vec<PublicKey>,
    /// Keys that somebody else has, or may have. A key that the record before left out may be named too.
    pub compromise: Vec<PublicKey>,
    /// Another name.
    pub name: Option<String>,
    /// Another home page, an https URL.
    pub homepage: Option<String>,
    /// Another contact page, an https URL.
    pub contact: Option<String>,
    /// That it is meant when no key is active any more: nobody can ever sign another notice or record of this lineage.
    pub may_end: bool,
}

/// The draft of a next record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// What is to be signed.
    pub draft: RecordDraft,
    /// Keys that the draft does not list any more, because a record lists [`MAX_RECORD_KEYS`]. They stay what they are.
    pub left_out: Vec<PublicKey>,
}

/// Why there is no such next record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuccessionError {
    /// A compromised key can never become anything else.
    #[error("{0} is marked compromised, and no later record can take that back")]
    Compromised(Box<PublicKey>),
    /// A `did:key` is its key.
    #[error("a did:key is its key: nothing can be added to it or retired; it can only be marked compromised, which ends it")]
    DidKey,
    /// The record would leave nobody who can sign anything new.
    #[error("no key would be active any more, so that nobody could ever sign a notice or a record of this publisher again")]
    Ends,
    /// A key that the record before calls active is to become active.
    #[error("{0} is active already")]
    IsActive(Box<PublicKey>),
    /// Only an active key can be retired.
    #[error("{0} is not active, so there is nothing to retire")]
    NotActive(Box<PublicKey>),
    /// The record would say what the one before says.
    #[error("nothing changes")]
    NothingChanges,
    /// The record before does not call the signing key active.
    #[error("{0} is no key that record {1} calls active, and only such a key signs the next one")]
    NotEntitled(Box<PublicKey>, u64),
    /// More keys than a record lists, even without those that may be left out.
    #[error("more than {MAX_RECORD_KEYS} keys")]
    TooManyKeys,
    /// One key is named for two things.
    #[error("{0} is named for two things at once")]
    Twice(Box<PublicKey>),
}

/// Drafts the record that follows `record`, whose payload id is `previous`, to be signed by `signer` at `issued`.
///
/// # Errors
/// [`SuccessionError`].
pub fn succeed(
    record: &PublisherRecord,
    previous: PayloadId,
    changes: &Changes,
    signer: &PublicKey,
    issued: Timestamp,
) -> Result<Succession, SuccessionError> {
    if !record.active_keys().any(|key| key == signer) {
        return Err(SuccessionError::NotEntitled(Box::new(*signer), record.sequence));
    }
    let Changes { add, retire, compromise, name, homepage, contact, may_end } = changes;
    if matches!(record.id.method(), DidMethod::Key(_)) && !(add.is_empty() && retire.is_empty()) {
        return Err(SuccessionError::DidKey);
    }
    let mut draft = RecordDraft::following(record, previous, issued);
    let wanted = [(add, KeyStatus::Active), (retire, KeyStatus::Retired), (compromise, KeyStatus::Compromised)];
    let mut named = Vec::new();
    for (key, status) in wanted.iter().flat_map(|(keys, status)| keys.iter().map(move |key| (key, *status))) {
        if named.contains(key) {
            return Err(SuccessionError::Twice(Box::new(*key)));
        }
        named.push(*key);
        change(&mut draft.keys, key, status, issued)?;
    }
    for (field, new) in [(&mut draft.homepage, homepage), (&mut draft.contact, contact)] {
        if new.is_some() {
            field.clone_from(new);
        }
    }
    if let Some(name) = name {
        draft.name.clone_from(name);
    }
    let same = draft.keys == record.keys && draft.name == record.name;
    if same && draft.homepage == record.homepage && draft.contact == record.contact {
        return Err(SuccessionError::NothingChanges);
    }
    if !may_end && !draft.keys.iter().any(|key| key.status == KeyStatus::Active) {
        return Err(SuccessionError::Ends);
    }
    let left_out = leave_out(&mut draft.keys, &named)?;
    Ok(Succession { draft, left_out })
}

fn change(keys: &mut Vec<RecordKey>, key: &PublicKey, status: KeyStatus, issued: Timestamp) -> Result<(), SuccessionError> {
    let since = Some(PartialDate::Day(issued.time().date_naive()));
    let listed = keys.iter_mut().find(|listed| listed.key == *key);
    let now = listed.as_ref().map(|listed| listed.status);
    match (now, status) {
        (Some(KeyStatus::Compromised), _) => Err(SuccessionError::Compromised(Box::new(*key))),
        (Some(KeyStatus::Active), KeyStatus::Active) => Err(SuccessionError::IsActive(Box::new(*key))),
        (None | Some(KeyStatus::Retired), KeyStatus::Retired) => Err(SuccessionError::NotActive(Box::new(*key))),
        _ => {
            match listed {
                Some(listed) => (listed.status, listed.since) = (status, since),
                None => keys.push(RecordKey { key: *key, status, since }),
            }
            Ok(())
        }
    }
}

/// Leaves keys out until the rest fit, retired ones first, those that were listed longest before others; never one that this
/// record changes. Left out is retired, and a mark of an earlier record holds for ever.
fn leave_out(keys: &mut Vec<RecordKey>, named: &[PublicKey]) -> Result<Vec<PublicKey>, SuccessionError> {
    let mut left_out = Vec::new();
    while keys.len() > MAX_RECORD_KEYS {
        let of = |status| keys.iter().position(|listed| listed.status == status && !named.contains(&listed.key));
        let Some(at) = of(KeyStatus::Retired).or_else(|| of(KeyStatus::Compromised)) else {
            return Err(SuccessionError::TooManyKeys);
        };
        left_out.push(keys.remove(at).key);
    }
    Ok(left_out)
}

#[cfg(test)]
mod tests {
    use super::super::KeyStatus::{Active, Compromised, Retired};
    use super::super::tests_lineage::{Record, domain, draft, public, record0, signed};
    use super::super::{Lineages, PublisherRecord};
    use super::*;

    fn issued() -> Timestamp {
        Timestamp::parse("2026-12-01T00:00:00Z").expect("a time")
    }

    fn next(record: &Record, changes: &Changes, signer: u8) -> Result<Succession, SuccessionError> {
        succeed(record.value(), record.signed().payload_id(), changes, &public(signer), issued())
    }

    fn statuses(succession: &Succession) -> Vec<KeyStatus> {
        succession.draft.keys.iter().map(|key| key.status).collect()
    }

    fn rotation() -> Changes {
        Changes { add: vec![public(2)], retire: vec![public(1)], ..Changes::default() }
    }

    #[test]
    fn a_rotation_is_a_record_that_the_lineage_takes_in() {
        let zero = record0("zero", &[(1, Active)], 1);
        let succession = next(&zero, &rotation(), 1).expect("a next record");
        assert_eq!(statuses(&succession), [Retired, Active]);
        assert!(succession.draft.keys.iter().all(|key| key.since == PartialDate::parse("2026-12-01")));
        let one = signed(succession.draft, 1);
        let lineages = Lineages::fold(&[zero, one]);
        let lineage = lineages.of(&domain())[0];
        assert_eq!((lineage.chain().len(), lineage.active_keys()), (2, vec![&public(2)]));
    }

    #[test]
    fn the_key_that_is_given_up_may_sign_its_own_end() {
        let zero = record0("zero", &[(1, Active)], 1);
        let changes = Changes { add: vec![public(2)], compromise: vec![public(1)], ..Changes::default() };
        assert_eq!(statuses(&next(&zero, &changes, 1).expect("a next record")), [Compromised, Active]);
        assert_eq!(
            next(&zero, &rotation(), 2),
            Err(SuccessionError::NotEntitled(Box::new(public(2)), 0)),
            "nor may the new one sign"
        );
    }

    #[test]
    fn a_record_that_locks_the_publisher_out_must_be_meant() {
        let zero = record0("zero", &[(1, Active), (2, Retired)], 1);
        for mut changes in [
            Changes { retire: vec![public(1)], ..Changes::default() },
            Changes { compromise: vec![public(1)], ..Changes::default() },
        ] {
            assert_eq!(next(&zero, &changes, 1), Err(SuccessionError::Ends));
            changes.may_end = true;
            assert!(next(&zero, &changes, 1).is_ok());
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_the_key_that_it_is_about() {
        let zero = record0("zero", &[(1, Active), (2, Retired), (3, Compromised)], 1);
        let refused = |changes: Changes| next(&zero, &changes, 1).expect_err("refused");
        let add = |n| Changes { add: vec![public(n)], ..Changes::default() };
        let retire = |n| Changes { retire: vec![public(n)], ..Changes::default() };
        assert_eq!(refused(Changes::default()), SuccessionError::NothingChanges);
        assert_eq!(refused(Changes { name: Some("zero".to_owned()), ..Changes::default() }), SuccessionError::NothingChanges);
        assert_eq!(refused(add(1)), SuccessionError::IsActive(Box::new(public(1))));
        assert_eq!(refused(add(3)), SuccessionError::Compromised(Box::new(public(3))));
        assert_eq!(refused(retire(2)), SuccessionError::NotActive(Box::new(public(2))));
        assert_eq!(refused(retire(4)), SuccessionError::NotActive(Box::new(public(4))));
        assert_eq!(refused(Changes { retire: vec![public(4)], ..add(4) }), SuccessionError::Twice(Box::new(public(4))));
        assert!(next(&zero, &add(2), 1).is_ok(), "a retired key may come back");
        let forgotten = Changes { compromise: vec![public(4)], ..Changes::default() };
        assert!(next(&zero, &forgotten, 1).is_ok(), "a key that was left out before may be marked");
    }

    #[test]
    fn a_did_key_can_only_be_ended() {
        let record = signed(draft(public(1).to_did(), "me", &[(1, Active)]), 1);
        assert_eq!(next(&record, &rotation(), 1), Err(SuccessionError::DidKey));
        let burn = Changes { compromise: vec![public(1)], may_end: true, ..Changes::default() };
        let succession = next(&record, &burn, 1).expect("a next record");
        let burnt = signed(succession.draft, 1);
        assert!(Lineages::fold(&[record, burnt]).notice_signers(&public(1).to_did(), true).is_empty());
    }

    #[test]
    fn a_long_life_leaves_out_what_retired_first_and_nothing_changes_by_it() {
        let mut keys: Vec<(u8, KeyStatus)> = vec![(0, Compromised)];
        keys.extend((1..15).map(|n| (n, Retired)));
        keys.push((15, Active));
        let full = record0("full", &keys, 15);
        let changes = Changes { add: vec![public(16), public(17)], retire: vec![public(15)], ..Changes::default() };
        let succession = next(&full, &changes, 15).expect("a next record");
        assert_eq!(succession.left_out, [public(1), public(2)]);
        let next_record = signed(succession.draft, 15);
        let before = Lineages::fold([&full]);
        let after = Lineages::fold(&[full, next_record]);
        for key in succession.left_out {
            let status = |lineages: &Lineages| lineages.of(&domain())[0].status_of(&key);
            assert_eq!(status(&before), status(&after));
        }
        let all_active: Vec<_> = (0..16).map(|n| (n, Active)).collect();
        let crowded = record0("crowded", &all_active, 0);
        let one_more = Changes { add: vec![public(20)], ..Changes::default() };
        assert_eq!(next(&crowded, &one_more, 0), Err(SuccessionError::TooManyKeys));
        assert!(PublisherRecord::parse(crowded.signed().payload()).is_ok());
    }
}
