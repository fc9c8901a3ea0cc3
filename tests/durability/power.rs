//! What was acknowledged outlives a power cut at any moment (promise D2).
//!
//! A server works under `powerloss.c`, which records everything that it does to its files. From one such recording the test
//! makes as many disks as it likes that a power cut could have left ([`crate::disk`]), starts a server on each, and looks. Thirty
//! by default; `PALINODE_CUTS=500` for the whole, some ten minutes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use proptest::prelude::RngExt;
use proptest::test_runner::TestRng;

use crate::book::{Broken, Prepared};
use crate::disk::{Fate, Honesty};
use crate::image::Image;
use crate::journal::{Journal, Operation};
use crate::recording::{Left, Promises, Recording, holds, layer, nothing_promised};
use crate::settings::{self, number};
use crate::speaker::Speaker;

/// How many notices are posted while the writes are recorded; three times as many for the long version.
const NOTICES: usize = 240;
/// How many are posted on a disk that survived one cut, before the next.
const NOTICES_AFTER: usize = 24;
/// How many cuts at once.
const WORKERS: usize = 2;

/// A moment at which the power is cut, and what becomes of what was not synced.
struct Cut {
    number: u64,
    /// The first operation that was not done any more.
    operation: usize,
    /// What was done last.
    kind: char,
    fate: Fate,
}

#[test]
fn what_was_acknowledged_outlives_a_power_cut_at_any_moment() {
    let Some(layer) = layer() else { return };
    let seed = settings::seed("power cuts");
    let cuts = number("PALINODE_CUTS", 30);
    let begun = Instant::now();
    let mut chance = settings::chance(seed, 0);
    let notices = if cuts > 100 { 3 * NOTICES } else { NOTICES };
    let first = Recording::make(layer, Image::default(), nothing_promised(), notices, &mut chance);
    let recorded = begun.elapsed();
    // Four fifths of the cuts hit this run, the others the run of a server that finds what an earlier cut left.
    let once = cuts * 4 / 5;
    let (faults, mut recorded_only) = look_at(&first, Honesty::Honest, seed, drawn(&first.journal, seed, 0..once));
    let mut twice = Vec::new();
    let mut number = once;
    while number < cuts {
        let end = cuts.min(number + 6);
        let (image, promises) = left_by(&first, number, seed);
        let second = Recording::make(layer, image, promises, NOTICES_AFTER, &mut chance);
        let (found, robbed) = look_at(&second, Honesty::Honest, seed, drawn(&second.journal, seed, number..end));
        twice.extend(found);
        recorded_only += robbed;
        number = end;
    }
    report(&format!(
        "{cuts} cuts ({} after a cut before, {recorded_only} left the newest head in its record only), {} operations of {} kinds on {} files, {} acknowledged, recorded in {recorded:?}, all in {:?}",
        cuts - once,
        first.journal.operations.len(),
        alike(&first.journal).len(),
        alike(&first.journal).keys().filter_map(|(_, inode)| *inode).collect::<BTreeSet<_>>().len(),
        first.acknowledged(),
        begun.elapsed()
    ));
    let faults: Vec<_> = faults.into_iter().chain(twice).collect();
    assert!(faults.is_empty(), "seed {seed}: {} of {cuts}\n{}", faults.len(), told(&faults));
    assert!(cuts < 100 || recorded_only > 0, "seed {seed}: no cut took a publication, which is not synced");
}

/// The test would see a loss: a disk that lies about syncs loses what was acknowledged, and it is noticed.
#[test]
fn a_disk_that_lies_about_syncs_is_found_out() {
    let Some(layer) = layer() else { return };
    let seed = settings::seed("lying disks");
    let mut chance = settings::chance(seed, 0);
    let recording = Recording::make(layer, Image::default(), nothing_promised(), NOTICES_AFTER, &mut chance);
    let answered = moments(&recording.journal, 'A');
    // From some answer on nothing is durable, whatever the disk says: the server cannot know, its clients do.
    let lie = Honesty::LiesFrom(answered[answered.len() / 3]);
    let last = Cut { number: 0, operation: recording.journal.operations.len(), kind: 'A', fate: Fate::Lost };
    let (faults, _) = look_at(&recording, lie, seed, vec![last]);
    let [(_, Broken::Lost { .. })] = faults.as_slice() else {
        panic!("seed {seed}: {lie:?} lost nothing that was acknowledged: {}", told(&faults));
    };
    // Files whose names nobody keeps are lost with everything in them, the key of the log among it.
    let cut = Cut { number: 1, operation: answered[0] + 1, kind: 'A', fate: Fate::Lost };
    let (faults, _) = look_at(&recording, Honesty::ForgetsNames, seed, vec![cut]);
    let [(_, Broken::Unsigned(_))] = faults.as_slice() else {
        panic!("seed {seed}: names that were not synced were kept: {}", told(&faults));
    };
}

/// A time that was sworn to and that nothing on the disk knows of is found out.
#[test]
fn a_disk_that_forgets_a_time_that_was_sworn_to_is_found_out() {
    let Some(layer) = layer() else { return };
    let mut chance = settings::chance(settings::seed("sworn times"), 0);
    let recording = Recording::make(layer, Image::default(), nothing_promised(), NOTICES_AFTER, &mut chance);
    let all = recording.journal.operations.len();
    let mut disk = recording.disk(Honesty::Honest);
    disk.play_until(all);
    let image = disk.cut(Fate::Kept, &mut chance);
    let mut promises = recording.promised_before(all);
    assert!(promises.sworn > 0, "the server swore to no time");
    let probe = Arc::new(Prepared::from(Speaker::new().report("after", "after the cut")));
    assert!(holds(&image, &promises, &probe, &mut chance).is_ok());
    // Far enough ahead that no restart on a busy machine comes to it by itself.
    promises.sworn += 3_600;
    assert!(matches!(holds(&image, &promises, &probe, &mut chance), Err(Broken::Forsworn { .. })));
}

/// Cuts the power at these moments, which are in the order of time, and gives what was broken by it, and how many of them left the
/// newest head in its record only.
fn look_at(recording: &Recording, honesty: Honesty, seed: u64, cuts: Vec<Cut>) -> (Vec<(Cut, Broken)>, usize) {
    let speaker = Speaker::new();
    let (next, recorded_only) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let mut disk = recording.disk(honesty);
        let mut found = Vec::new();
        while let Some((n, cut)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|n| Some((n, cuts.get(n)?))) {
            if n > 0 && n % 50 == 0 {
                report(&format!("{n} of {} cuts", cuts.len()));
            }
            disk.play_until(cut.operation);
            let mut chance = settings::chance(seed, cut.number + 1);
            let image = disk.cut(cut.fate, &mut chance);
            let promises = recording.promised_before(cut.operation);
            let probe = Arc::new(Prepared::from(speaker.report(&format!("after-{}", cut.number), "after the cut")));
            match holds(&image, &promises, &probe, &mut chance) {
                Ok(Left::Published) => {}
                Ok(Left::Recorded) => {
                    recorded_only.fetch_add(1, Ordering::Relaxed);
                }
                Err(fault) => found.push((cut.operation, cut.number, fault)),
            }
        }
        found
    };
    let found: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    let mut cuts: Vec<_> = cuts.into_iter().map(Some).collect();
    let mut cut =
        |number: u64| cuts.iter_mut().find(|cut| cut.as_ref().is_some_and(|cut| cut.number == number)).unwrap().take();
    let faults = found.into_iter().map(|(_, number, fault)| (cut(number).unwrap(), fault)).collect();
    (faults, recorded_only.into_inner())
}

/// What one cut leaves, for a server that goes on from there.
fn left_by(recording: &Recording, number: u64, seed: u64) -> (Image, Promises) {
    let cut = drawn(&recording.journal, seed, number..number + 1).pop().unwrap();
    let mut disk = recording.disk(Honesty::Honest);
    disk.play_until(cut.operation);
    (disk.cut(cut.fate, &mut settings::chance(seed, number + 1)), recording.promised_before(cut.operation))
}

/// Draws moments, in the order of time. Each kind of operation on each file is hit equally often, however rare it is, and the
/// first ones on each file of a first start more often than there are such.
fn drawn(journal: &Journal, seed: u64, numbers: std::ops::Range<u64>) -> Vec<Cut> {
    let alike: Vec<Vec<usize>> = alike(journal).into_values().collect();
    let first = first_moments(journal);
    let cut = |number: u64| {
        // Its own stream, so that a cut is the same however many there are.
        let mut chance = settings::chance(seed, u64::MAX - number);
        let places = if chance.random_bool(0.2) { &first } else { &alike[chance.random_range(0..alike.len())] };
        let operation = places[chance.random_range(0..places.len())] + usize::from(chance.random::<bool>());
        let kind = operation.checked_sub(1).map_or('-', |last| journal.operations[last].kind());
        Cut { number, operation, kind, fate: any_fate(operation, &mut chance) }
    };
    let mut cuts: Vec<Cut> = numbers.map(cut).collect();
    cuts.sort_by_key(|cut| cut.operation);
    cuts
}

/// Where operations of one kind on one file stand.
fn alike(journal: &Journal) -> BTreeMap<(char, Option<u64>), Vec<usize>> {
    let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, done) in journal.operations.iter().enumerate() {
        alike.entry((done.kind(), done.inode())).or_default().push(at);
    }
    alike
}

/// Where the first operations on each file stand, as long as nothing was shown.
fn first_moments(journal: &Journal) -> Vec<usize> {
    let started = moments(journal, 'S')[0];
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    let mut is_among_the_first = |done: &Operation| {
        done.inode().is_none_or(|inode| {
            let count = seen.entry(inode).or_default();
            *count += 1;
            *count <= 4
        })
    };
    let operations = journal.operations.iter().take(started + 1).enumerate();
    operations.filter(|(_, done)| is_among_the_first(done)).map(|(at, _)| at).collect()
}

/// Where operations of this kind stand.
fn moments(journal: &Journal, kind: char) -> Vec<usize> {
    journal.operations.iter().enumerate().filter(|(_, done)| done.kind() == kind).map(|(at, _)| at).collect()
}

fn any_fate(operation: usize, chance: &mut TestRng) -> Fate {
    let sector = if chance.random() { 512 } else { 4_096 };
    match chance.random_range(0..8) {
        0 => Fate::Lost,
        1 => Fate::Kept,
        2 | 3 => Fate::Until { operation: operation.saturating_sub(chance.random_range(1..200)), sector },
        _ => Fate::Any { sector },
    }
}

fn told(faults: &[(Cut, Broken)]) -> String {
    faults.iter().fold(String::new(), |mut told, (cut, fault)| {
        let Cut { number, operation, kind, fate } = cut;
        let _ = writeln!(told, "cut {number} before operation {operation} (after {kind}), {fate:?}: {fault}");
        told
    })
}

#[expect(clippy::print_stderr, reason = "figures for whoever runs the long version")]
fn report(what: &str) {
    eprintln!("{what}");
}
