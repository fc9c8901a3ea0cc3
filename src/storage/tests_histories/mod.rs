//! Promises A8 and A10: what a key may do, and which notices are in force, follows from the *set* of records and notices that a
//! server has heard of. Random histories are told to real ledgers, each time in another order, some of it twice and in batches; all
//! of them must answer as the model does, which was written from the protocol's text.
//!
//! `PALINODE_HISTORIES=10000` tells that many; `PALINODE_HISTORY=<seed>` tells one batch again, beginning with the seed that a
//! failure names.

mod model;
mod telling;

use std::collections::{BTreeMap, BTreeSet};

use super::sample::{Place, Server};
use crate::envelope::{KeyStatus, PublicKey};
use crate::ledger::check::MATCHES;
use crate::ledger::{Provenance, RefusalClass, Submission, Submitted};
use crate::notice::{Did, NoticeId};
use crate::tlog::Hash;
use crate::verdict::{Keyed, Verdict, random::Dice};
use model::{Answers, LineageSays, NoticeSays, Told, answers};
use telling::History;

/// How many histories are told to the same ledgers, mixed with each other.
const BATCH: u64 = 50;
/// How many are told when nobody says.
const SOME: u64 = 200;

#[expect(clippy::disallowed_methods, reason = "a test is told by its environment how long it may take")]
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn equal_sets_of_records_and_notices_give_equal_answers_in_whatever_order_they_came() {
    if let Some(seed) = number("PALINODE_HISTORY") {
        return tell_batch(seed);
    }
    let histories = number("PALINODE_HISTORIES").unwrap_or(SOME);
    let first_seeds: Vec<u64> = (0..histories.div_ceil(BATCH)).map(|batch| batch * BATCH).collect();
    // Batches have nothing to do with each other, so each core takes every second, third...
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for core in 0..cores {
            let seeds = first_seeds.iter().skip(core).step_by(cores);
            scope.spawn(move || seeds.for_each(|seed| tell_batch(*seed)));
        }
    });
}

/// Tells the histories of one batch to three ledgers: first a part of each, then the rest.
fn tell_batch(first_seed: u64) {
    let histories: Vec<History> = (first_seed..first_seed + BATCH).map(History::random).collect();
    let mut dice = Dice::new(!first_seed);
    let early: Vec<BTreeSet<usize>> =
        histories.iter().map(|history| (0..history.entries.len()).filter(|_| dice.percent(60)).collect()).collect();
    let all: Vec<BTreeSet<usize>> = histories.iter().map(|history| (0..history.entries.len()).collect()).collect();
    if first_seed == 0 {
        assert_rich(&histories, &all);
    }
    for ledger in 0..3 {
        let place = Place::in_memory();
        let mut server = place.open();
        for heard in [&early, &all] {
            deliver(&mut server, &histories, heard, &mut dice);
            for (history, heard) in histories.iter().zip(heard) {
                let expected = answers(&history.told, heard, &history.datasets, &history.dids);
                let seed = history.seed;
                assert_eq!(
                    answers_of(&server, history),
                    expected,
                    "history {seed}, ledger {ledger}, told {} of {}: run it again with PALINODE_HISTORY={first_seed}",
                    heard.len(),
                    history.entries.len()
                );
            }
        }
    }
}

/// Whatever can happen to a lineage or a notice happens in the first batch; of another one chance may keep something away.
fn assert_rich(histories: &[History], all: &[BTreeSet<usize>]) {
    let expected =
        |(history, heard): (&History, &BTreeSet<usize>)| answers(&history.told, heard, &history.datasets, &history.dids);
    let expected: Vec<Answers> = histories.iter().zip(all).map(expected).collect();
    let lineages = || expected.iter().flat_map(|answers| answers.lineages.values());
    let notices = || expected.iter().flat_map(|answers| answers.notices.values());
    let keys = || lineages().flat_map(|lineage| lineage.keys.values());
    assert!(lineages().any(|lineage| lineage.chain.len() > 2) && lineages().any(|lineage| lineage.branches.len() > 2));
    for status in KeyStatus::ALL {
        assert!(keys().any(|(found, _)| found == status), "{status}");
    }
    assert!(keys().any(|(status, may_lift)| *status == KeyStatus::Active && !may_lift), "a key of a branch");
    assert!(
        notices().any(|notice| !notice.in_force) && notices().any(|notice| notice.in_force && !notice.lifted_by.is_empty())
    );
    assert!(expected.iter().zip(all).any(|(answers, all)| answers.taken.len() < all.len()), "something is refused");
}

/// Hands in these entries in a random order, several in a batch, and again what waits for others, until nothing more is taken.
fn deliver(server: &mut Server, histories: &[History], heard: &[BTreeSet<usize>], dice: &mut Dice) {
    let of = |(history, heard): (&'_ History, &BTreeSet<usize>)| -> Vec<Vec<u8>> {
        heard.iter().map(|place| history.entries[*place].clone()).collect()
    };
    let mut open: Vec<Vec<u8>> = histories.iter().zip(heard).flat_map(of).collect();
    loop {
        dice.shuffle(&mut open);
        let mut waiting = Vec::new();
        let before = server.size();
        let mut rest = open.as_slice();
        while !rest.is_empty() {
            let (batch, after) = rest.split_at((1 + dice.below(20)).min(rest.len()));
            waiting.extend(hand_in(server, batch));
            rest = after;
        }
        if server.size() == before {
            return;
        }
        open = waiting;
    }
}

/// Hands in one batch, and gives what may be taken later.
fn hand_in(server: &mut Server, batch: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let (mut waiting, mut tickets) = (Vec::new(), Vec::new());
    for entry in batch {
        match server.ledger.submit(Submission::entry(entry).expect("an entry"), Provenance::Import) {
            Ok(Submitted::Queued(ticket)) => tickets.push(ticket),
            Err(refusal) if refusal.class() == RefusalClass::Pending => waiting.push(entry.clone()),
            // There already, or refused for good.
            Ok(Submitted::Known(_) | Submitted::Waiting(_)) | Err(_) => {}
        }
    }
    server.sequencer.step();
    for mut ticket in tickets {
        ticket.try_recv().expect("answered").expect("logged");
    }
    waiting
}

/// Everything that the server answers about a history.
fn answers_of(server: &Server, history: &History) -> Answers {
    let leaves: Vec<Hash> = history.entries.iter().map(|entry| Hash::leaf(entry)).collect();
    let known = server.ledger.known_leaves(&leaves).expect("readable");
    let taken = known.iter().enumerate().filter(|(_, known)| **known).map(|(place, _)| place).collect();
    let notice = |told: &Told| if let Told::Notice(notice) = told { Some(notice.id) } else { None };
    let ids: BTreeSet<NoticeId> = history.told.iter().filter_map(notice).collect();
    let reported = server.ledger.check(&history.datasets).expect("answers").answers.into_iter().filter(|asked| {
        match asked.answer.as_ref().expect("an id").verdict {
            Verdict::Reported => true,
            Verdict::NoNotice => false,
            other => panic!("nobody here owns a dataset, but the verdict is {other}"),
        }
    });
    for dataset in &history.datasets {
        shows_what_it_answers(server, dataset);
    }
    Answers {
        taken,
        lineages: history.dids.iter().flat_map(|did| lineages_of(server, did)).collect(),
        notices: ids.into_iter().filter_map(|id| Some((id, notice_of(server, &id)?))).collect(),
        may_post: may_post(server, history),
        reported: reported.map(|asked| asked.asked).collect(),
    }
}

/// What a page shows of notices is what each of them is shown with alone, and memory shows the same or nothing.
fn shows_what_it_answers(server: &Server, dataset: &str) {
    let (ledger, now) = (&server.ledger, server.ledger.moment());
    let read = || ledger.look(dataset, MATCHES, &now).expect("answers");
    let at_hand = |when: &str| {
        if let Some(looked) = ledger.look_at_hand(dataset, MATCHES, &now) {
            let read = read();
            assert_eq!(format!("{:#?}", looked.answers), format!("{:#?}", read.answers), "{when}");
            assert_eq!(looked.said, read.said, "{when}");
        }
    };
    at_hand("before it was asked");
    let looked = read();
    let answer = ledger.check(&[dataset.to_owned()]).expect("answers");
    assert_eq!(format!("{:#?}", looked.answers), format!("{answer:#?}"));
    assert_eq!(looked.met().count(), looked.said.len());
    for (found, said) in looked.met() {
        let view = ledger.notice(&found.notice).expect("readable").expect("a notice");
        assert_eq!(*said.notice.as_ref(), Keyed::from(view.notice));
        assert_eq!((said.in_force, &said.attested), (view.status.in_force, &view.issuer_verified));
    }
    at_hand("after it was asked");
}

fn lineages_of(server: &Server, did: &Did) -> BTreeMap<String, LineageSays> {
    let Some(view) = server.ledger.publisher(did).expect("readable") else { return BTreeMap::new() };
    assert_eq!(view.key_changed, view.lineages.len() > 1);
    let says = |lineage: crate::ledger::publishers::LineageView| {
        let of_domain = lineage.lineage.contains('#');
        let (chain, branches): (Vec<_>, Vec<_>) =
            lineage.records.iter().map(|record| &record.step).partition(|step| step.in_chain);
        assert_eq!(lineage.forked, !branches.is_empty());
        let claims: usize = lineage.forks.iter().map(|fork| fork.records.len()).sum();
        assert!(lineage.forked == (claims > 0) && claims <= branches.len());
        for key in &lineage.keys {
            let marked =
                |status| lineage.records.iter().any(|r| r.step.keys.iter().any(|k| k.key == key.key && k.status == status));
            assert!(key.since.is_some() || !of_domain, "{key:?}");
            assert!(key.status != KeyStatus::Active || marked(KeyStatus::Active));
        }
        let chain = if of_domain { chain.into_iter().map(|step| step.id).collect() } else { Vec::new() };
        let keys = lineage.keys.iter().map(|key| (key.key, (key.status, key.may_lift))).collect();
        (lineage.lineage, LineageSays { chain, branches: branches.into_iter().map(|step| step.id).collect(), keys })
    };
    view.lineages.into_iter().map(says).collect()
}

fn notice_of(server: &Server, id: &NoticeId) -> Option<NoticeSays> {
    let status = server.ledger.notice(id).expect("readable")?.status;
    let lifted_by = status.lifted_by.iter().map(|lift| (lift.notice, lift.relation.as_str())).collect();
    Some(NoticeSays { in_force: status.in_force, lifted_by })
}

/// Whose new notices a client may post now, of everybody in the history with every key.
fn may_post(server: &Server, history: &History) -> BTreeSet<(Did, PublicKey)> {
    let admitted = history.new.iter().filter(|(_, _, notice)| {
        let notice = Submission::entry(notice).expect("an entry");
        server.ledger.examine(notice, Provenance::Client).is_ok()
    });
    admitted.map(|(did, key, _)| (did.clone(), *key)).collect()
}
