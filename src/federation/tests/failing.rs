//! Peers that are down, slow, busy or forgetful.

use std::time::Duration;

use crate::federation::testing::{Server, World, befriend, drive, notice, now};
use crate::federation::{Announced, Blocking, Fault, OwnLogContradicted, Pulled, Response, TransportError, Weather};
use crate::ledger::peers::Work;

#[tokio::test]
async fn a_peer_that_is_down_is_left_alone_for_longer_and_longer_and_never_given_up() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    a.log(&notice("ann", 1));
    world.network.set_weather(&b.url(), Weather::Down);
    for failures in 1..=20 {
        let fault = drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect_err("down");
        assert!(matches!(fault, Fault::Transport(TransportError::Connect(_))), "{fault}");
        let progress = a.state("b").announce;
        assert_eq!(progress.failures, failures);
        assert_eq!(progress.last_error.expect("remembered").code, "connect");
        let put_off = drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect("put off");
        let Announced::PutOff(until) = put_off else { panic!("{put_off:?}") };
        let wait = (until - now(&world)).to_std().expect("ahead");
        assert!(wait <= Duration::from_mins(181), "{wait:?}");
        world.clock.set(until);
    }
    world.network.set_weather(&b.url(), Weather::Fair);
    let done = drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect("announced");
    assert_eq!((done, a.state("b").announce.failures), (Announced::Cosigned(1), 0));
}

#[tokio::test]
async fn a_contact_that_only_the_peer_can_make_clears_the_waiting() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    a.log(&notice("ann", 1));
    b.log(&notice("bob", 2));
    world.network.set_weather(&b.url(), Weather::Down);
    for _ in 0..8 {
        drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect_err("down");
        world.clock.set(a.state("b").announce.not_before.expect("put off"));
        // Asking for the log comes first, and nobody does.
        world.pass(60);
    }
    drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect_err("down");
    world.pass(61);
    world.network.set_weather(&b.url(), Weather::Fair);
    assert!(a.state("b").announce.not_before.expect("put off") > now(&world));
    drive(&[&a, &b], b.federation.announce_once(&a.origin())).await.expect("announced");
    assert_eq!(a.state("b").announce.not_before, None);
    drive(&[&a, &b], a.federation.pull_once(&b.origin())).await.expect("its log comes first");
    let done = drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect("announced");
    assert_eq!(done, Announced::Cosigned(2));
}

#[tokio::test]
async fn what_failed_before_the_peer_was_back_does_not_put_off_what_fails_after() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    world.network.set_weather(&b.url(), Weather::Down);
    for _ in 0..8 {
        drive(&[&a, &b], a.federation.pull_once(&b.origin())).await.expect_err("down");
        world.clock.set(a.state("b").pull.not_before.expect("put off"));
    }
    // A question that is still on its way while the peer comes back and answers another one, and then is lost.
    let link = a.federation.link(&b.origin()).expect("a peer");
    let (before, begun) = (a.state("b").pull, link.reach.begin());
    world.network.set_weather(&b.url(), Weather::Fair);
    world.pass(60);
    a.log(&notice("ann", 1));
    drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect("announced");
    let lost: Result<(), Fault> = Err(Fault::Transport(TransportError::Timeout));
    let remembered = a.federation.remember(&link, Work::Pull, &before, begun, &lost);
    drive(&[&a, &b], remembered).await.expect("remembered");
    let pull = a.state("b").pull;
    assert_eq!(pull.failures, 1);
    let wait = (pull.not_before.expect("put off") - now(&world)).to_std().expect("ahead");
    assert!(wait <= Duration::from_secs(5), "{wait:?}");
}

#[tokio::test]
async fn an_answer_that_was_lost_is_asked_for_again_by_the_size_that_the_peer_names() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    a.log(&notice("ann", 1));
    world.network.set_next(&b.url(), Weather::AnswerLost);
    let fault = drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect_err("lost");
    assert!(matches!(fault, Fault::Transport(TransportError::Timeout)));
    assert_eq!(a.state("b").acknowledged, 0);
    world.pass(90);
    a.log(&notice("ann", 2));
    // b knows size 1, a believes 0: 409, then the proof from 1.
    world.network.take_seen();
    let done = drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect("announced");
    assert_eq!(done, Announced::Cosigned(2));
    assert_eq!(world.network.take_seen().len(), 2);
    // Repeated on the way: the second one meets what the first one did.
    a.log(&notice("ann", 3));
    world.network.set_next(&b.url(), Weather::Twice);
    let done = drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect("announced");
    assert_eq!((done, a.state("b").acknowledged), (Announced::Cosigned(3), 3));
}

#[tokio::test]
async fn work_with_a_peer_rests_no_longer_because_the_clock_was_set_back() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    a.log(&notice("ann", 1));
    let mut noticed = None;
    a.federation.notice_clock(&mut noticed).await.expect("looked");
    world.network.set_next(&b.url(), Weather::Down);
    drive(&[&a, &b], a.federation.pull_once(&b.origin())).await.expect_err("down");
    world.pass(-600);
    a.federation.notice_clock(&mut noticed).await.expect("looked");
    // The first rest is three seconds at most.
    world.pass(3);
    let pulled = drive(&[&a, &b], a.federation.pull_once(&b.origin())).await.expect("pulled");
    assert!(matches!(pulled, Pulled::Read { .. }), "{pulled:?}");
}

#[tokio::test]
async fn a_cosignature_that_was_lost_is_asked_for_until_it_came_although_the_peer_has_nothing_new_to_learn() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    a.log(&notice("ann", 1));
    // The answer is lost, then the one to the question that the conflict led to.
    for weather in [Weather::AnswerLost, Weather::Fair, Weather::AnswerLost] {
        world.network.set_next(&b.url(), weather);
    }
    for _ in 0..2 {
        drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect_err("lost");
        world.pass(90);
    }
    assert_eq!((a.state("b").acknowledged, a.size()), (1, 1));
    let witness = b.as_peer().witness_key().name().to_string();
    assert!(a.ledger.published().cosigned_by(&witness).is_none());
    drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect("announced");
    assert!(a.ledger.published().cosigned_by(&witness).is_some());
    let done = drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect("announced");
    assert_eq!(done, Announced::NothingNew);
}

#[tokio::test]
async fn a_peer_that_knows_more_of_our_log_than_we_do_is_an_alarm() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    a.log(&notice("ann", 1));
    world.network.set_weather(&b.url(), Weather::Answered(Response::new(409, "7\n")));
    let fault = drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect_err("alarm");
    assert!(matches!(fault, Fault::OwnLogBehind { cosigned: 7, published: 1 }), "{fault}");
}

#[tokio::test]
async fn a_server_that_starts_is_told_by_its_peers_when_its_log_is_an_old_copy_or_another_one() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    for number in 1..4 {
        a.log(&notice("ann", number));
        assert_eq!(a.federation.ask_what_was_cosigned().await, [], "nothing cosigned, or an older size of the same tree");
        drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect("announced");
    }
    assert_eq!(a.federation.ask_what_was_cosigned().await, []);
    // The same name and keys on an empty folder.
    let old = Server::start(&world, "a");
    old.add_peer(&b.as_peer());
    old.log(&notice("ann", 1));
    let found = old.federation.ask_what_was_cosigned().await;
    assert!(matches!(found.as_slice(), [OwnLogContradicted::Behind { size: 3, here: 1, .. }]), "{found:?}");
    for number in 7..10 {
        old.log(&notice("ann", number));
    }
    let found = old.federation.ask_what_was_cosigned().await;
    assert!(matches!(found.as_slice(), [OwnLogContradicted::OtherTree { size: 3, .. }]), "{found:?}");
    world.network.set_weather(&b.url(), Weather::Down);
    assert_eq!(old.federation.ask_what_was_cosigned().await, [], "silence proves nothing");
}

#[tokio::test]
async fn a_pace_that_the_peer_names_is_kept_and_a_page_that_somebody_parked_there_counts_as_failure() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    a.log(&notice("ann", 1));
    let busy = Response { retry_after: Some(Duration::from_mins(5)), ..Response::new(429, "later") };
    world.network.set_next(&b.url(), Weather::Answered(busy));
    drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect_err("busy");
    assert_eq!(a.state("b").announce.not_before.expect("put off") - now(&world), chrono::TimeDelta::seconds(300));
    world.pass(301);
    world.network.set_weather(&b.url(), Weather::Answered(Response::new(200, "<html>This domain is for sale</html>")));
    let fault = drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect_err("no cosignature");
    assert_eq!(fault.code(), "cosignature-wrong");
    world.pass(5);
    let fault = drive(&[&a, &b], a.federation.pull_once(&b.origin())).await.expect_err("no checkpoint");
    assert_eq!(fault.code(), "checkpoint-not-its-own");
}

#[tokio::test]
async fn a_pull_that_is_cut_short_loses_nothing_and_goes_on_where_it_stopped() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    for number in 0..300 {
        a.log(&notice("ann", number));
    }
    // Checkpoint, two tiles and the first bundle come; then the network goes.
    for _ in 0..4 {
        world.network.set_next(&a.url(), Weather::Fair);
    }
    world.network.set_weather(&a.url(), Weather::Down);
    drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect_err("down");
    let state = b.state("a");
    assert_eq!((state.verified, state.pulled, b.size(), state.pull.failures), (300, 256, 256, 1));
    world.network.set_weather(&a.url(), Weather::Fair);
    world.pass(10);
    world.network.take_seen();
    drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled");
    assert_eq!((b.state("a").pulled, b.size()), (300, 300));
    assert_eq!(world.network.take_seen().len(), 2, "the checkpoint and a bundle; no tile again");
}

#[tokio::test]
async fn one_slow_peer_delays_nobody_else() {
    let world = World::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    befriend(&a, &c);
    a.log(&notice("ann", 1));
    world.network.set_weather(&b.url(), Weather::Slow(Duration::from_millis(300)));
    let begun = std::time::Instant::now();
    let servers = [&a, &b, &c];
    let both = async {
        let slow = async {
            a.federation.announce_once(&b.origin()).await.expect("announced");
            begun.elapsed()
        };
        let fast = async {
            a.federation.announce_once(&c.origin()).await.expect("announced");
            begun.elapsed()
        };
        tokio::join!(slow, fast)
    };
    let (slow, fast) = drive(&servers, both).await;
    assert!(fast < slow && slow >= Duration::from_millis(300), "{fast:?} {slow:?}");
}

#[tokio::test]
async fn running_servers_carry_an_entry_at_once_and_notice_a_new_peer() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start_with(&world, name, |options| options.blocking = Blocking::Threads));
    let stop = tokio_util::sync::CancellationToken::new();
    let runs = [&a, &b].map(|server| tokio::spawn(server.federation.clone().run(stop.clone())));
    let work = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        // As the command does it: only the table is written.
        for (server, peer) in [(&a, &b), (&b, &a)] {
            crate::federation::enrol(server.store.as_ref(), server.ledger.identity(), &peer.as_peer()).expect("a peer");
        }
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        assert_eq!(a.federation.peers().len(), 1);
        let posted = std::time::Instant::now();
        a.log(&notice("ann", 1));
        while b.size() == 0 {
            assert!(posted.elapsed() < Duration::from_secs(5), "not heard of");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        posted.elapsed()
    };
    let heard = drive(&[&a, &b], work).await;
    // Far below the next poll, even on a busy machine: it was announced.
    assert!(heard < Duration::from_secs(3), "{heard:?}");
    stop.cancel();
    for run in runs {
        run.await.expect("ended");
    }
    let pulled = drive(&[&a, &b], b.federation.pull_once(&a.origin())).await.expect("pulled");
    assert!(matches!(pulled, Pulled::Read { pause: None, .. }));
}
