//! Coming back after an outage, and fetching each thing once.

use std::time::Duration;

use crate::federation::testing::{Server, World, befriend, drive, notice, now};
use crate::federation::{Response, Weather};

#[tokio::test]
async fn one_unreachable_peer_at_a_time_is_tried_before_its_time_and_the_first_answer_opens_the_way_to_all() {
    let world = World::new();
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| Server::start(&world, name));
    for other in [&b, &c, &d] {
        befriend(&a, other);
        other.log(&notice("ann", 1));
        world.network.set_weather(&other.url(), Weather::Down);
    }
    // d is not cut off: it answers, but nothing that helps.
    world.network.set_weather(&d.url(), Weather::Answered(Response::new(503, "later")));
    // Hours of an outage.
    for _ in 0..14 {
        for other in ["b.example/log", "c.example/log", "d.example/log"] {
            drive(&[&a], a.federation.pull_once(other)).await.expect_err("down");
        }
        world.pass(2 * 3_600);
    }
    for other in ["b.example/log", "c.example/log", "d.example/log"] {
        drive(&[&a], a.federation.pull_once(other)).await.expect_err("down");
    }
    let put_off = |name: &str| a.state(name).pull.not_before.is_some_and(|until| until > now(&world));
    assert!(["b", "c", "d"].iter().all(|name| put_off(name)));
    let knock = async || a.federation.knock_once().await.expect("readable");
    assert_eq!(knock().await.as_deref(), Some("b.example/log"));
    drive(&[&a], a.federation.pull_once("b.example/log")).await.expect_err("still down");
    assert_eq!(knock().await.as_deref(), Some("c.example/log"), "each in its turn");
    world.network.set_weather(&b.url(), Weather::Fair);
    world.network.set_weather(&c.url(), Weather::Fair);
    assert!(put_off("b"));
    drive(&[&a, &c], a.federation.pull_once("c.example/log")).await.expect("back");
    assert!(!put_off("b"), "the way is open to b too");
    assert!(put_off("d"), "d answered, and names its own pace");
    assert_eq!(knock().await, None, "whoever is not put off needs no knocking, and d is not knocked at");
    drive(&[&a, &b], a.federation.pull_once("b.example/log")).await.expect("back");
}

#[tokio::test]
async fn a_peer_that_failed_thousands_of_times_is_left_to_its_back_off() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    world.network.set_weather(&b.url(), Weather::Down);
    let mut knocks = 0;
    drive(&[&a], a.federation.pull_once("b.example/log")).await.expect_err("down");
    while let Some(peer) = a.federation.knock_once().await.expect("readable") {
        drive(&[&a], a.federation.pull_once(&peer)).await.expect_err("down");
        knocks += 1;
        assert!(knocks < 3_000);
    }
    assert!(knocks > 2_800, "{knocks}");
}

#[tokio::test]
async fn a_waiting_time_from_before_the_clock_was_set_back_is_none() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    b.log(&notice("ann", 1));
    let years = 10 * 365 * 24 * 3_600;
    world.pass(years);
    world.network.set_next(&b.url(), Weather::Down);
    drive(&[&a], a.federation.pull_once("b.example/log")).await.expect_err("down");
    world.pass(-years);
    drive(&[&a, &b], a.federation.pull_once("b.example/log")).await.expect("it is not put off for ten years");
    assert_eq!(a.entries(), b.entries());
}

#[tokio::test]
async fn what_two_peers_announce_at_once_is_fetched_from_one_of_them() {
    let world = World::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    befriend(&a, &c);
    for number in 0..8 {
        b.log(&notice("ann", number));
        c.log(&notice("ann", number));
    }
    world.network.set_weather(&b.url(), Weather::Slow(Duration::from_millis(5)));
    world.network.set_weather(&c.url(), Weather::Slow(Duration::from_millis(8)));
    world.network.take_seen();
    let both = async { tokio::join!(a.federation.pull_once("b.example/log"), a.federation.pull_once("c.example/log")) };
    let (one, other) = drive(&[&a, &b, &c], both).await;
    one.expect("pulled");
    other.expect("pulled");
    let bodies = world.network.take_seen().into_iter().filter(|(_, url)| url.path().contains("/entr")).count();
    assert_eq!((bodies, a.size()), (1, 8), "one bundle of one of them");
    // What was left to the other is settled by what came.
    assert_eq!((a.state("b").wanted, a.state("c").wanted), (0, 0));
}

#[tokio::test]
async fn an_entry_whose_exchange_broke_off_is_asked_for_again_in_seconds() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    b.log(&notice("ann", 1));
    // Checkpoint and tile arrive, the bundle does not.
    world.network.set_next(&b.url(), Weather::Fair);
    world.network.set_next(&b.url(), Weather::Fair);
    world.network.set_next(&b.url(), Weather::RequestLost);
    drive(&[&a, &b], a.federation.pull_once("b.example/log")).await.expect("pulled");
    assert_eq!((a.size(), a.state("b").wanted), (0, 1));
    world.pass(8);
    drive(&[&a, &b], a.federation.pull_once("b.example/log")).await.expect("pulled");
    assert_eq!((a.size(), a.state("b").wanted), (1, 0));
}
