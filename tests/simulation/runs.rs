//! Many simulations, and what they came to together.

use std::cell::Cell;
use std::fmt;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, Once};
use std::time::{Duration, Instant};

use crate::plan::Plan;
use crate::storm::{Outcome, simulate};

/// A number from the environment.
#[expect(clippy::disallowed_methods, reason = "how many seeds are tried is the caller's to say")]
pub(crate) fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} must be a number, not {text:?}")))
}

thread_local! {
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

/// A panic in a task of a server would be mended by the server; here it is a fault.
fn count_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.set(PANICS.get() + 1);
            before(panic);
        }));
    });
}

/// One simulation that was run.
pub(crate) struct Run {
    seed: u64,
    outcome: Option<Outcome>,
    complaints: Vec<String>,
}

impl Run {
    pub(crate) fn of(seed: u64, change: impl FnOnce(&mut Plan)) -> Self {
        count_panics();
        PANICS.set(0);
        let outcome = catch_unwind(AssertUnwindSafe(|| simulate(seed, change))).ok();
        let mut complaints = outcome.as_ref().map_or_else(|| vec!["a panic".to_owned()], |outcome| outcome.complaints.clone());
        if outcome.is_some() && PANICS.get() > 0 {
            complaints.push(format!("{} tasks of servers panicked", PANICS.get()));
        }
        Self { seed, outcome, complaints }
    }
}

/// Tries these seeds, on every processor.
pub(crate) fn over_seeds(seeds: RangeInclusive<u64>) -> Figures {
    let begun = Instant::now();
    let next = Mutex::new(seeds);
    let runs = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let Some(seed) = next.lock().expect("seeds").next() else { return };
                    let run = Run::of(seed, |_| {});
                    runs.lock().expect("runs").push(run);
                }
            });
        }
    });
    let mut runs = runs.into_inner().expect("runs");
    runs.sort_by_key(|run| run.seed);
    Figures { took: begun.elapsed(), ..Figures::of(runs) }
}

/// What many simulations came to.
pub(crate) struct Figures {
    runs: Vec<Run>,
    took: Duration,
}

impl Figures {
    pub(crate) fn of(runs: Vec<Run>) -> Self {
        Self { runs, took: Duration::ZERO }
    }

    #[track_caller]
    pub(crate) fn assert_all_well(&self) {
        let failed: Vec<u64> = self.runs.iter().filter(|run| !run.complaints.is_empty()).map(|run| run.seed).collect();
        assert!(failed.is_empty(), "seeds that failed: {failed:?}; how to replay each is said above");
    }

    /// A mean over many storms: one storm alone may have been all partitions and restarts.
    #[track_caller]
    pub(crate) fn assert_bodies_travel_about_once(&self) {
        let (fetched, least) = self.bodies();
        assert!(fetched * 2 <= least * 3, "{fetched} bodies were fetched where {least} had to be");
    }

    /// Bodies of entries that were fetched, and how many had to be. Logs as small as these are fetched as whole bundles again
    /// when a few entries are new, and answers are lost, so that the first is larger.
    fn bodies(&self) -> (u64, u64) {
        let sum = |count: fn(&Outcome) -> u64| self.outcomes().map(count).sum();
        (sum(|outcome| outcome.bodies.0), sum(|outcome| outcome.bodies.1))
    }

    fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.runs.iter().filter_map(|run| run.outcome.as_ref())
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for run in self.runs.iter().filter(|run| !run.complaints.is_empty()) {
            writeln!(f, "seed {} failed:", run.seed)?;
            for complaint in run.complaints.iter().take(12) {
                writeln!(f, "    {}", complaint.chars().take(600).collect::<String>())?;
            }
            writeln!(
                f,
                "  replay it: PALINODE_SEED={} PALINODE_TRACE=1 cargo test --test simulation after_every -- --nocapture",
                run.seed
            )?;
        }
        let sum = |count: &dyn Fn(&Outcome) -> u64| self.outcomes().map(count).sum::<u64>();
        let mut times: Vec<Duration> = self.outcomes().filter_map(|outcome| outcome.calm.entries).collect();
        times.sort_unstable();
        let mut documents: Vec<Duration> = self.outcomes().filter_map(|outcome| outcome.calm.documents).collect();
        documents.sort_unstable();
        let at =
            |times: &[Duration], part: usize| times.get((times.len().max(1) - 1) * part / 100).copied().unwrap_or_default();
        let (fetched, least) = self.bodies();
        writeln!(
            f,
            "{} seeds in {:.1?}: {} s simulated",
            self.runs.len(),
            self.took,
            sum(&|outcome| outcome.lasted.as_secs())
        )?;
        writeln!(
            f,
            "  {} entries, {} acknowledged, {} requests",
            sum(&|outcome| outcome.entries as u64),
            sum(&|outcome| outcome.acknowledged as u64),
            sum(&|outcome| outcome.requests)
        )?;
        let three = |times: &[Duration]| {
            format!("{:.1?} median, {:.1?} in 95 of 100, {:.1?} at most", at(times, 50), at(times, 95), at(times, 100))
        };
        writeln!(f, "  the same entries after the storm: {}", three(&times))?;
        writeln!(f, "  the same documents after the storm: {}", three(&documents))?;
        let thousandths = fetched * 1_000 / least.max(1);
        write!(
            f,
            "  {fetched} bodies fetched where {least} had to be: {}.{:03} times",
            thousandths / 1_000,
            thousandths % 1_000
        )
    }
}
