//! What goes wrong, and when: drawn from the seed before a simulation begins.

use std::time::Duration;

use chrono::TimeDelta;
use palinode::ledger::Policy;

use crate::chance::Chance;
use crate::death::{STEPS, Step};
use crate::liar::Deceit;
use crate::network::{Cut, NAMES, Weather};

const SERVERS: usize = NAMES.len();
pub(crate) const HOUR: TimeDelta = TimeDelta::hours(1);
pub(crate) const TEN_YEARS: TimeDelta = TimeDelta::days(3_650);

/// Who is a peer of whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topology {
    Line,
    Ring,
    Star,
    Clique,
    /// Two triangles that share one server.
    Bridge,
}

impl Topology {
    pub(crate) fn links(self) -> Vec<(usize, usize)> {
        match self {
            Self::Line => vec![(0, 1), (1, 2), (2, 3), (3, 4)],
            Self::Ring => vec![(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)],
            Self::Star => vec![(0, 1), (0, 2), (0, 3), (0, 4)],
            Self::Clique => (0..SERVERS).flat_map(|a| (a + 1..SERVERS).map(move |b| (a, b))).collect(),
            Self::Bridge => vec![(0, 1), (1, 2), (0, 2), (2, 3), (3, 4), (2, 4)],
        }
    }
}

/// Something that goes wrong.
#[derive(Debug, Clone)]
pub(crate) enum Trouble {
    /// Other weather.
    Weather(Weather),
    /// These ways are cut for a while (milliseconds).
    Partition(Vec<(usize, usize)>, Cut, u64),
    /// A power cut, and the server is away for a while.
    Kill(usize, u64),
    /// A power cut in the middle of a batch, whenever the next one is.
    DieAt(usize, Step),
    /// The operator restarts a server, after pinning everybody.
    Pin(usize),
    /// The operator restarts a server, and nothing else.
    Restart(usize),
    /// A clock is moved by this much.
    Step(usize, TimeDelta),
}

/// How one server is set up in the beginning.
#[derive(Debug, Clone)]
pub(crate) struct Beginning {
    pub(crate) policy: Policy,
    /// Which of the labs it has pinned from the start.
    pub(crate) pins: Vec<usize>,
    /// How far its clock is ahead.
    pub(crate) ahead: TimeDelta,
    pub(crate) parts_per_million: i64,
    /// It reads the bad log.
    pub(crate) reads_poison: bool,
    /// It starts with the others, or later when its first trouble is over.
    pub(crate) sabotaged: bool,
}

/// Everything that is drawn for one simulation but for what people say.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) topology: Topology,
    pub(crate) servers: Vec<Beginning>,
    /// How long the storm lasts, in milliseconds.
    pub(crate) length: u64,
    pub(crate) troubles: Vec<(u64, Trouble)>,
    /// Who is lied to.
    pub(crate) deceit: Deceit,
    /// How often servers compare what they see of each other's logs.
    pub(crate) compare: Duration,
}

impl Plan {
    pub(crate) fn draw(chance: &mut Chance) -> Self {
        let topology = chance.pick(&[Topology::Line, Topology::Ring, Topology::Star, Topology::Clique, Topology::Bridge]);
        let mut servers: Vec<Beginning> = (0..SERVERS).map(|_| beginning(chance)).collect();
        servers[chance.index(SERVERS)].reads_poison = true;
        if topology == Topology::Clique && chance.permille(400) {
            // What it does not take in it does not hand on, so nobody may depend on it.
            servers[chance.index(SERVERS)].policy = Policy::Pinned;
        }
        let length = chance.between(30, 90) * 1_000;
        let mut troubles = vec![(0, Trouble::Weather(Weather::drawn(chance)))];
        for _ in 0..chance.between(4, 12) {
            let at = chance.below(length);
            troubles.push((at, trouble(chance, length)));
        }
        for server in 0..SERVERS {
            let at = chance.below(length);
            troubles.push((at, Trouble::Pin(server)));
        }
        let deceit = Deceit::drawn(chance, topology);
        Self { topology, servers, length, troubles, deceit, compare: Duration::from_secs(30) }
    }

    /// The peers of one server.
    pub(crate) fn peers_of(&self, server: usize) -> Vec<usize> {
        let links = self.topology.links();
        let other = |(a, b): &(usize, usize)| match (*a == server, *b == server) {
            (true, _) => Some(*b),
            (_, true) => Some(*a),
            _ => None,
        };
        links.iter().filter_map(other).collect()
    }
}

fn beginning(chance: &mut Chance) -> Beginning {
    let minutes = |n| TimeDelta::minutes(n);
    let ahead = match chance.below(10) {
        0 => HOUR,
        1 => -HOUR,
        2 => TEN_YEARS,
        3 => -TEN_YEARS,
        4 => minutes(14),
        5 => minutes(-14),
        6 => minutes(-16),
        _ => TimeDelta::milliseconds(i64::try_from(chance.below(4_000)).expect("small") - 2_000),
    };
    let parts_per_million = chance.pick(&[0, 0, 50, -50, 20_000, -20_000]);
    let pins = (0..2).filter(|_| chance.permille(500)).collect();
    let reads_poison = chance.permille(200);
    Beginning { policy: Policy::Open, pins, ahead, parts_per_million, reads_poison, sabotaged: false }
}

fn trouble(chance: &mut Chance, length: u64) -> Trouble {
    let server = chance.index(SERVERS);
    match chance.below(8) {
        0 => Trouble::Weather(Weather::drawn(chance)),
        1..=3 => {
            let cut = chance.pick(&[Cut::Swallows, Cut::Refuses]);
            Trouble::Partition(ways(chance), cut, chance.between(1_000, length))
        }
        4 => Trouble::Kill(server, chance.between(1, 30_000)),
        5 => Trouble::DieAt(server, chance.pick(&STEPS)),
        6 => Trouble::Restart(server),
        _ => Trouble::Step(server, TimeDelta::seconds(chance.pick(&[-240, -30, 30, 7_200]))),
    }
}

/// Which ways a partition cuts: between two halves, around one server, all but a bridge, or one way only.
fn ways(chance: &mut Chance) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..SERVERS).collect();
    chance.shuffle(&mut order);
    let (left, right) = order.split_at(2);
    let both = |a: &[usize], b: &[usize]| -> Vec<(usize, usize)> {
        a.iter().flat_map(|a| b.iter().flat_map(move |b| [(*a, *b), (*b, *a)])).collect()
    };
    match chance.below(5) {
        0 => both(left, right),
        1 => both(&order[..1], &order[1..]),
        // `order[4]` still reaches both sides.
        2 => both(left, &right[..2]),
        3 => both(left, right).into_iter().filter(|(from, _)| left.contains(from)).collect(),
        _ => both(&order, &order).into_iter().filter(|(a, b)| a != b).collect(),
    }
}
