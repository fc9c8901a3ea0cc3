//! Signed time never runs backwards (promise D4), and the log goes on whatever the clock says.

use chrono::TimeDelta;

use super::faulty::{Call, Failure, Switchboard, wrap};
use super::sample::*;
use crate::clock::Clock;
use crate::ledger::{CosignError, CosignatureStore, Cosigned, Hindrance, Ledger};
use crate::tlog::SignedCheckpoint;

fn cosigned_at(server: &Server) -> Option<chrono::DateTime<chrono::Utc>> {
    server.ledger.published().cosigned_by(identity().witness.name().as_str())
}

#[test]
fn every_new_checkpoint_and_every_refresh_is_cosigned_with_the_time() {
    let place = Place::new();
    let mut server = place.open();
    assert_eq!(cosigned_at(&server), Some(start()));
    place.clock.advance(seconds(60));
    server.ledger.refresh_cosignature().expect("refreshed");
    assert_eq!(cosigned_at(&server), Some(start() + seconds(60)));
    place.clock.advance(seconds(1));
    server.put_all(many(&Person::new(1), 0..1));
    assert_eq!(cosigned_at(&server), Some(start() + seconds(61)));
    let served = SignedCheckpoint::parse_and_verify(&server.ledger.published().served(), &identity().log).expect("signed");
    let valid = served.cosignatures(&[identity().witness]);
    assert_eq!(valid.len(), 1, "the witness key verifies it");
}

#[test]
fn a_clock_that_steps_back_a_minute_is_answered_with_the_time_signed_last() {
    let place = Place::new();
    let mut server = place.open();
    place.clock.advance(TimeDelta::minutes(-1));
    server.ledger.refresh_cosignature().expect("refreshed");
    assert_eq!(cosigned_at(&server), Some(start()));
    server.put_all(many(&Person::new(1), 0..1));
    assert_eq!(cosigned_at(&server), Some(start()));
}

#[test]
fn a_clock_that_steps_back_ten_minutes_stops_cosigning_and_nothing_else() {
    let place = Place::new();
    let mut server = place.open();
    place.clock.advance(TimeDelta::minutes(-10));
    assert!(matches!(server.ledger.refresh_cosignature(), Err(CosignError::Clock(_))));
    let place_of = server.put_all(many(&Person::new(1), 0..1))[0];
    assert_eq!(server.size(), 1, "appends go on");
    assert_proved(&server.receipt(place_of));
    assert_eq!(cosigned_at(&server), None, "but nobody swears to the time");
    let answers = server.ledger.check(&["doi:10.5555/set-0".to_owned()]).expect("answers");
    assert_eq!(answers.checkpoint_time, None);
    place.clock.advance(TimeDelta::minutes(10));
    server.ledger.refresh_cosignature().expect("the clock is right again");
    assert_eq!(cosigned_at(&server), Some(start()));
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn what_was_signed_before_a_restart_binds_after_it() {
    let place = Place::new();
    place.clock.advance(TimeDelta::hours(1));
    drop(place.open());
    place.clock.set(start());
    let mut server = place.open();
    assert!(matches!(server.ledger.refresh_cosignature(), Err(CosignError::Clock(_))));
    server.put_all(many(&Person::new(1), 0..1));
    assert_eq!(cosigned_at(&server), None);
    assert_eq!(
        server.ledger.cosignatures().last_signed_time().expect("readable"),
        3600 + u64::try_from(start().timestamp()).expect("after 1970")
    );
}

#[test]
fn exactly_five_minutes_are_bridged() {
    for (step, bridged) in [(300, true), (301, false)] {
        let place = Place::new();
        let server = place.open();
        place.clock.set(start() - seconds(step));
        assert_eq!(server.ledger.refresh_cosignature().is_ok(), bridged, "{step} seconds");
        assert_eq!(place.clock.now(), start() - seconds(step));
    }
}

#[test]
fn the_operator_accepts_a_clock_that_once_stood_ahead_and_the_running_server_goes_on() {
    let place = Place::new();
    place.clock.advance(TimeDelta::days(3_650));
    let mut server = place.open();
    assert_eq!(cosigned_at(&server), Some(start() + TimeDelta::days(3_650)));
    place.clock.set(start());
    assert!(matches!(server.ledger.refresh_cosignature(), Err(CosignError::Clock(_))));
    assert_eq!(server.ledger.hindrances().first().map(Hindrance::rule), Some("clock-behind"));

    let beside = place.folder().open_store().expect("opens");
    beside.accept_time(identity().witness.name().as_str(), start()).expect("accepted");
    place.clock.advance(seconds(1));
    server.ledger.refresh_cosignature().expect("the clock is accepted");
    assert_eq!(cosigned_at(&server), Some(start() + seconds(1)), "the one from the future is gone");
    assert_eq!(server.ledger.hindrances(), []);
    server.put_all(many(&Person::new(1), 0..1));
    assert_eq!(cosigned_at(&server), Some(start() + seconds(1)));
    assert_eq!(place.faults(), [""; 0]);
    drop(server);
    assert_eq!(cosigned_at(&place.open()), Some(start() + seconds(1)));
}

#[test]
fn accepting_the_clock_forgets_no_cosignature_of_others_and_no_earlier_one() {
    let place = Place::new();
    let server = place.open();
    let others = Cosigned { name: "peer.example/witness".to_owned(), time: start() + TimeDelta::days(1), line: String::new() };
    server.ledger.keep_cosignature(0, &others).expect("kept");
    server.store.accept_time(identity().witness.name().as_str(), start()).expect("accepted");
    let kept = server.store.cosignatures(0).expect("readable");
    assert_eq!(kept.iter().map(|c| c.time).collect::<Vec<_>>(), [others.time, start()]);
}

#[test]
fn a_time_that_was_put_back_is_found_by_the_next_start_too() {
    let place = Place::new();
    place.clock.advance(TimeDelta::days(1));
    drop(place.open());
    place.clock.set(start());
    place.folder().open_store().expect("opens").accept_time("somebody/witness", start()).expect("accepted");
    let server = place.open();
    server.ledger.refresh_cosignature().expect("accepted before the start");
}

/// A server that signed an hour from now. A power cut took what its last commit published, and the clock was set back.
fn robbed_of_its_publication() -> Place {
    let place = Place::new();
    let board = Switchboard::default();
    let store = place.folder().open_store().expect("opens");
    let (ledger, sequencer) = Ledger::open(wrap(place.opening(&store, open_policy()), &board)).expect("opens");
    let mut server = place.server(ledger, sequencer, store);
    place.clock.advance(TimeDelta::hours(1));
    board.fail_all(Call::Publish, Failure::Before);
    server.put(many(&Person::new(1), 0..1).remove(0)).expect_err("it is recorded and not published");
    assert_eq!(server.store.last_signed_time().expect("readable"), seconds_of(start()), "the database has the time before");
    drop(server);
    place.clock.set(start());
    place
}

fn seconds_of(time: chrono::DateTime<chrono::Utc>) -> u64 {
    u64::try_from(time.timestamp()).expect("after 1970")
}

#[test]
fn a_time_that_only_the_head_record_kept_binds_like_any_other() {
    let place = robbed_of_its_publication();
    let signed = start() + TimeDelta::hours(1);
    for _ in 0..2 {
        let server = place.open();
        assert_eq!(cosigned_at(&server), Some(signed), "it is shown as it was recorded");
        assert_eq!(server.store.last_signed_time().expect("readable"), seconds_of(signed));
        assert!(matches!(server.ledger.refresh_cosignature(), Err(CosignError::Clock(_))));
        assert_eq!(cosigned_at(&server), Some(signed));
    }
    let mut server = place.open();
    server.put_all(many(&Person::new(2), 0..1));
    assert_eq!(cosigned_at(&server), None, "nobody swears to an earlier time");
    place.clock.set(signed + seconds(1));
    server.ledger.refresh_cosignature().expect("the clock is right again");
    assert_eq!(place.faults(), [""; 0]);
}

#[test]
fn a_time_that_only_the_head_record_kept_can_be_put_back_by_the_operator() {
    let place = robbed_of_its_publication();
    drop(place.open());
    let beside = place.folder().open_store().expect("opens");
    beside.accept_time(identity().witness.name().as_str(), start()).expect("accepted");
    let server = place.open();
    server.ledger.refresh_cosignature().expect("the record of a published head binds nobody");
    assert_eq!(cosigned_at(&server), Some(start()));
}
