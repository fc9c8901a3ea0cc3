//! Promise F10: gossip costs nothing. Twenty servers with their real loops, in rings, cliques and stars.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use url::Url;

use crate::federation::testing::{Server, World, befriend, notice};
use crate::federation::{Dice, Method, Weather};
use crate::tlog::TilePath;

const SERVERS: usize = 20;
/// How often the clock and the single writers go on.
const BEAT: Duration = Duration::from_millis(40);

/// Servers that run.
struct Crowd {
    world: World,
    servers: Vec<Server>,
    stop: CancellationToken,
    runs: Vec<tokio::task::JoinHandle<()>>,
}

impl Crowd {
    /// Twenty servers, linked so, each a little way off from all others.
    fn of(links: impl Iterator<Item = (usize, usize)>) -> Self {
        let world = World::new();
        let start =
            |n: usize| Server::start_with(&world, &format!("s{n}"), |options| options.dice = Dice::seeded(n as u64 + 1));
        let servers: Vec<Server> = (0..SERVERS).map(start).collect();
        for (one, other) in links {
            befriend(&servers[one], &servers[other]);
        }
        for (n, server) in servers.iter().enumerate() {
            world.network.set_weather(&server.url(), Weather::Slow(Duration::from_millis(5 + 7 * n as u64 % 40)));
        }
        let stop = CancellationToken::new();
        let runs = servers.iter().map(|server| tokio::spawn(server.federation.clone().run(stop.clone()))).collect();
        Self { world, servers, stop, runs }
    }

    /// Time passes for everybody.
    async fn beat(&self) {
        tokio::time::sleep(BEAT).await;
        self.world.clock.advance(chrono::TimeDelta::from_std(BEAT).expect("short"));
        self.servers.iter().for_each(|server| {
            server.step();
        });
    }

    /// Gives how long it took until these servers had everything.
    async fn have_all(&self, entries: u64, but: Option<usize>) -> Duration {
        let begun = tokio::time::Instant::now();
        let others = || self.servers.iter().enumerate().filter(|(n, _)| Some(*n) != but);
        while others().any(|(_, server)| server.size() < entries) {
            assert!(
                begun.elapsed() < Duration::from_mins(5),
                "not everywhere: {:?}",
                others().map(|(_, s)| s.size()).collect::<Vec<_>>()
            );
            self.beat().await;
        }
        begun.elapsed()
    }

    /// Posts here and there, alone and in bursts, and waits until everybody has everything. Gives how many entries there are.
    async fn post(&self) -> u64 {
        let mut number = 0;
        for (place, burst, rest) in [(0, 1, 0), (3, 1, 3), (7, 4, 20), (11, 1, 1), (19, 2, 60), (5, 3, 0)] {
            for _ in 0..burst {
                self.servers[place].log(&notice("ann", number));
                number += 1;
            }
            for _ in 0..rest {
                self.beat().await;
            }
        }
        self.have_all(number.into(), None).await;
        number.into()
    }

    async fn end(self) {
        self.stop.cancel();
        for run in self.runs {
            run.await.expect("ended");
        }
        let logs: BTreeSet<_> = self.servers.iter().map(Server::entries).collect();
        assert_eq!(logs.len(), 1, "all have the same");
    }
}

/// Bodies of entries that were asked for.
fn bodies(seen: &[(Method, Url)]) -> u64 {
    let of = |path: &str| match path.strip_prefix("/log/") {
        Some(path) if path.starts_with("entry/") => 1,
        Some(path) if path.starts_with("tile/entries/") => TilePath::parse(path).map_or(0, |path| u64::from(path.width())),
        _ => 0,
    };
    seen.iter().map(|(_, url)| of(url.path())).sum()
}

/// Runs a crowd that is linked so, and looks at what its gossip cost.
async fn assert_each_body_travels_once(name: &str, links: impl Iterator<Item = (usize, usize)>) {
    let crowd = Crowd::of(links);
    let entries = crowd.post().await;
    let seen = crowd.world.network.take_seen();
    let (fetched, least) = (bodies(&seen), entries * (SERVERS as u64 - 1));
    eprintln!("{name}: {fetched} bodies where {least} had to be, {} requests", seen.len());
    // And when all is said, nothing more is.
    crowd.world.network.take_seen();
    for _ in 0..100 {
        crowd.beat().await;
    }
    assert_eq!(bodies(&crowd.world.network.take_seen()), 0, "{name}: bodies travel although all is said");
    crowd.end().await;
    assert!(fetched * 10 <= least * 11, "{name}: {fetched} bodies were fetched where {least} had to be");
}

#[tokio::test(start_paused = true)]
async fn in_a_ring_of_twenty_each_entry_travels_about_once_to_each_server() {
    assert_each_body_travels_once("a ring", (0..SERVERS).map(|n| (n, (n + 1) % SERVERS))).await;
}

#[tokio::test(start_paused = true)]
async fn in_a_star_of_twenty_each_entry_travels_about_once_to_each_server() {
    assert_each_body_travels_once("a star", (1..SERVERS).map(|n| (0, n))).await;
}

#[tokio::test(start_paused = true)]
async fn in_a_clique_of_twenty_each_entry_travels_about_once_to_each_server() {
    assert_each_body_travels_once("a clique", (0..SERVERS).flat_map(|a| (a + 1..SERVERS).map(move |b| (a, b)))).await;
}

#[tokio::test(start_paused = true)]
async fn a_dead_and_a_slow_peer_delay_none_of_the_others() {
    let links = || (0..SERVERS).flat_map(|a| (a + 1..SERVERS).map(move |b| (a, b)));
    let mut took = Vec::new();
    for troubled in [false, true] {
        let crowd = Crowd::of(links());
        if troubled {
            crowd.world.network.set_weather(&crowd.servers[1].url(), Weather::Slow(Duration::from_secs(9)));
            crowd.world.network.set_weather(&crowd.servers[2].url(), Weather::Down);
        }
        for number in 0..3 {
            crowd.servers[3 + number as usize].log(&notice("ann", number));
        }
        // The slow one asks quickly, but is answered like everybody.
        took.push(crowd.have_all(3, Some(1)).await);
        crowd.stop.cancel();
    }
    assert!(took[1] * 5 <= took[0] * 6 + BEAT * 5, "with two that are in trouble: {took:?}");
}
