//! Peers that are away for long: what trying them costs (promise F9), and how soon they are noticed when they are back (F1). One or
//! two servers with their real loops, in fair weather, for hours of simulated time.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use palinode::ledger::Policy;
use palinode::ledger::peers::Peer;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::{Instant, sleep};

use crate::chance::Chance;
use crate::clock::WrongClock;
use crate::load::{self, Deed, Material};
use crate::network::{Cut, NAMES, Network};
use crate::node::{Node, Setup, Surroundings, Told, peer_of};
use crate::trace::Trace;

/// Servers, and who their peers are.
struct Place {
    nodes: Vec<Arc<Node>>,
    network: Network,
    material: Vec<Material>,
    _folder: tempfile::TempDir,
}

impl Place {
    async fn of(seed: u64, peers: Vec<Vec<Peer>>) -> Self {
        let trace = Arc::new(Trace::begin());
        let mut chance = Chance::of(seed);
        let network = Network::new(chance.fork(), trace.clone());
        let folder = tempfile::tempdir().expect("a folder");
        let (deaths, _) = unbounded_channel();
        let around = Surroundings { folder: folder.path().to_owned(), network: network.clone(), trace, deaths };
        let mut nodes = Vec::new();
        for (number, peers) in peers.into_iter().enumerate() {
            let clock = WrongClock::new(Instant::now(), TimeDelta::zero(), 0);
            let compare = Duration::from_mins(10);
            let setup = Setup { policy: Policy::Open, pins: Vec::new(), peers, sabotaged: false, compare };
            let node = Arc::new(Node::new(number, clock, setup, chance.fork(), around.clone()));
            node.clone().start().await;
            nodes.push(node);
        }
        let loads = (0..6).flat_map(|_| load::draw(&mut chance, 60_000).deeds);
        let posts = loads.filter_map(|(_, deed)| match deed {
            Deed::Post(_, material) => Some(*material),
            Deed::Bring(..) => None,
        });
        let material = posts.collect();
        Self { nodes, network, material, _folder: folder }
    }

    /// Two servers that nobody else knows.
    async fn pair(seed: u64) -> Self {
        Self::of(seed, vec![vec![peer_of(NAMES[1])], vec![peer_of(NAMES[0])]]).await
    }

    /// Posts something new that the server takes.
    async fn post_at(&mut self, server: usize) {
        while let Some(material) = self.material.pop() {
            if self.nodes[server].take(&material).await == Told::Acknowledged {
                return;
            }
        }
        panic!("nothing is left to post");
    }

    fn cut(&self, cut: Option<Cut>) {
        self.network.cut(0, 1, cut);
        self.network.cut(1, 0, cut);
    }

    fn sizes(&self) -> Vec<u64> {
        self.nodes.iter().map(|node| node.ledger().expect("it runs").published().head.size).collect()
    }

    /// Waits until all have the same, and gives how long that took.
    async fn agree(&self) -> Duration {
        let begun = Instant::now();
        while self.sizes().windows(2).any(|pair| pair[0] != pair[1]) {
            assert!(begun.elapsed() < Duration::from_hours(24), "they never agree");
            sleep(Duration::from_millis(500)).await;
        }
        begun.elapsed()
    }
}

fn simulated<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime").block_on(work)
}

#[test]
fn fifty_dead_peers_are_tried_at_most_24_times_each_in_a_day() {
    simulated(async {
        let names: Vec<String> = (0..50).map(|n| format!("dead-{n}")).collect();
        let mut place = Place::of(1, vec![names.iter().map(|name| peer_of(name)).collect()]).await;
        for _ in 0..24 {
            place.post_at(0).await;
            sleep(Duration::from_hours(1)).await;
        }
        let asked = place.network.seen(|seen| seen.asked.clone());
        let tries: Vec<u32> = names.iter().map(|name| asked.get(name).copied().unwrap_or_default()).collect();
        let (least, most) = (tries.iter().min().expect("50"), tries.iter().max().expect("50"));
        eprintln!("50 dead peers, 24 hours: {} tries, from {least} to {most} a peer", tries.iter().sum::<u32>());
        assert!(*most <= 24 && *least >= 12, "{tries:?}");
    });
}

#[test]
fn two_servers_that_nobody_else_knows_find_each_other_again_in_proportion_to_how_long_they_were_apart() {
    for (apart, at_most, seeds) in [(60, 60, 10), (90, 60, 10), (600, 1_800, 4), (2 * 3_600, 3 * 3_600, 2)] {
        let mut took: Vec<Duration> = Vec::new();
        for seed in 1..=seeds {
            let cut = if seed % 2 == 0 { Cut::Refuses } else { Cut::Swallows };
            took.push(simulated(async {
                let mut place = Place::pair(seed).await;
                place.post_at(0).await;
                place.agree().await;
                place.cut(Some(cut));
                // Two here and one there: their sizes are equal only when both have all.
                place.post_at(0).await;
                place.post_at(0).await;
                place.post_at(1).await;
                sleep(Duration::from_secs(apart)).await;
                place.cut(None);
                place.agree().await
            }));
        }
        took.sort_unstable();
        let (median, longest) = (took[took.len() / 2], took[took.len() - 1]);
        eprintln!("apart for {apart} s: {median:.0?} median, {longest:.0?} at most");
        assert!(longest <= Duration::from_secs(at_most), "apart for {apart} s: {took:?}");
    }
}

#[test]
fn a_server_that_was_dead_for_a_day_is_in_step_within_a_minute_after_it_starts() {
    simulated(async {
        let mut place = Place::pair(3).await;
        place.post_at(0).await;
        place.post_at(1).await;
        place.agree().await;
        place.nodes[1].kill().await;
        place.post_at(0).await;
        sleep(Duration::from_hours(24)).await;
        place.nodes[1].clone().start().await;
        assert!(place.agree().await <= Duration::from_mins(1));
        // And the other one goes on announcing, although it had given up for hours, and nothing new was said by this one.
        place.post_at(0).await;
        assert!(place.agree().await <= Duration::from_secs(20));
    });
}
