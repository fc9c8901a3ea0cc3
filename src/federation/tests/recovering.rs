//! Coming back after an outage, and fetching each thing once.

use std::time::Duration;

use crate::federation::testing::{Server, World, befriend, drive, notice, now};
use crate::federation::{Announced, Response, Weather};
use crate::tlog::AddCheckpoint;

/// Tries everything that may be tried with a peer, once a minute for so many hours, and gives how many requests were sent to it.
async fn requests_in(hours: u32, world: &World, server: &Server, peer: &str, each_minute: impl Fn()) -> usize {
    world.network.take_seen();
    for _ in 0..hours * 60 {
        each_minute();
        let origin = format!("{peer}.example/log");
        let _ = drive(&[server], server.federation.pull_once(&origin)).await;
        let _ = drive(&[server], server.federation.announce_once(&origin)).await;
        let _ = drive(&[server], server.federation.fetch_documents_once(&origin)).await;
        world.pass(60);
    }
    let host = format!("{peer}.example");
    world.network.take_seen().into_iter().filter(|(_, url)| url.host_str() == Some(&host)).count()
}

/// What anybody can post who kept the checkpoint of a server.
fn replayed(server: &Server) -> Vec<u8> {
    let published = server.ledger.published();
    AddCheckpoint { old: published.head.size, proof: Vec::new(), checkpoint: published.checkpoint.clone() }.to_bytes()
}

/// Two servers, of which the first has read the one entry of the second.
async fn a_has_read_b() -> (World, [Server; 2]) {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    b.log(&notice("ann", 1));
    drive(&[&a, &b], b.federation.announce_once(&a.origin())).await.expect("announced");
    drive(&[&a, &b], a.federation.pull_once(&b.origin())).await.expect("pulled");
    (world, [a, b])
}

#[tokio::test]
async fn a_dead_peer_is_asked_at_most_24_times_a_day_whatever_there_is_to_tell_and_to_ask() {
    let world = World::new();
    let [a, b] = ["a", "b"].map(|name| Server::start(&world, name));
    befriend(&a, &b);
    a.log(&notice("ann", 1));
    for weather in [Weather::Down, Weather::RequestLost, Weather::Answered(Response::new(200, "<html>for sale</html>"))] {
        world.network.set_weather(&b.url(), weather.clone());
        let asked = requests_in(24, &world, &a, "b", || {}).await;
        // The first day has the ladder in it.
        assert!((8..=24).contains(&asked), "{weather:?}: {asked}");
    }
}

#[tokio::test]
async fn an_old_checkpoint_that_anybody_may_bring_has_a_dead_peer_tried_twice_a_day_more() {
    let (world, [a, b]) = a_has_read_b().await;
    world.network.set_weather(&b.url(), Weather::Down);
    let body = replayed(&b);
    let asked = requests_in(24, &world, &a, "b", || {
        a.federation.add_checkpoint(&body).expect("cosigned again");
    });
    let asked = asked.await;
    assert!((15..=24).contains(&asked), "{asked}");
}

#[tokio::test]
async fn a_peer_that_comes_back_from_the_dead_is_noticed_at_once() {
    let (world, [a, b]) = a_has_read_b().await;
    world.network.set_weather(&b.url(), Weather::Down);
    a.log(&notice("ann", 2));
    requests_in(24, &world, &a, "b", || {}).await;
    assert!(matches!(drive(&[&a], a.federation.announce_once(&b.origin())).await, Ok(Announced::PutOff(_))));
    // b starts again. It has nothing new, and says that it is there.
    world.network.set_weather(&b.url(), Weather::Fair);
    b.federation.begin_anew().await.expect("readable");
    assert_eq!(drive(&[&a, &b], b.federation.announce_once(&a.origin())).await.expect("told"), Announced::Cosigned(1));
    assert_eq!(drive(&[&a, &b], b.federation.announce_once(&a.origin())).await.expect("once"), Announced::NothingNew);
    drive(&[&a, &b], a.federation.pull_once(&b.origin())).await.expect("asked at once");
    assert_eq!(drive(&[&a, &b], a.federation.announce_once(&b.origin())).await.expect("told"), Announced::Cosigned(2));
}

#[tokio::test]
async fn the_first_peer_that_answers_opens_the_way_to_all_that_could_not_be_reached() {
    let world = World::new();
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| Server::start(&world, name));
    for other in [&b, &c, &d] {
        befriend(&a, other);
        other.log(&notice("ann", 1));
        world.network.set_weather(&other.url(), Weather::Down);
    }
    // d is not cut off: it answers, but nothing that helps.
    world.network.set_weather(&d.url(), Weather::Answered(Response::new(503, "later")));
    for peer in ["b", "c", "d"] {
        requests_in(24, &world, &a, peer, || {}).await;
    }
    let put_off = |name: &str| a.state(name).pull.not_before.is_some_and(|until| until > now(&world));
    // Each is left alone from now on, whatever the jitter was.
    for name in ["b", "c", "d"] {
        if !put_off(name) {
            drive(&[&a], a.federation.pull_once(&format!("{name}.example/log"))).await.expect_err("down");
        }
    }
    world.pass(60);
    world.network.set_weather(&b.url(), Weather::Fair);
    world.network.set_weather(&c.url(), Weather::Fair);
    assert!(["b", "c", "d"].iter().all(|name| put_off(name)));
    drive(&[&a, &c], c.federation.announce_once(&a.origin())).await.expect("announced");
    assert!(!put_off("c") && put_off("b"), "c did what only it can do");
    drive(&[&a, &c], a.federation.pull_once("c.example/log")).await.expect("back");
    assert!(!put_off("b"), "the way is open to b too");
    assert!(put_off("d"), "d answered, and names its own pace");
    drive(&[&a, &b], a.federation.pull_once("b.example/log")).await.expect("back");
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
    let (one, other) = drive(&[&a, &b, &c], Box::pin(both)).await;
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
