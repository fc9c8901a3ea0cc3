//! Hashing of folders: against reading and hashing alone on all cores, and against `sha256sum` run in parallel.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, UNIX_EPOCH};

use palinode::scan::hashing::{Algorithm, Silent};
use palinode::scan::{Settings, survey};
use sha2::{Digest, Sha256};

use crate::report::{Goal, Line};
use crate::run::Run;
use crate::statistics::Series;

/// Large files: how many, and how long each is.
const LARGE: (u64, u64) = (8, 256 << 20);
/// Small files: how many, and how long at most. They are 8 KiB in the mean.
const SMALL: (u64, u64) = (100_000, 16 << 10);

pub(crate) fn run(run: &Run) -> Vec<Line> {
    vec![large(run), small(run)]
}

fn large(run: &Run) -> Line {
    let (files, length) = LARGE;
    let folder = filled(run, "scan-large", files, |_| length);
    let bytes = files * length;
    let (mut ratios, mut own, mut bound) = (Series::default(), Series::default(), Series::default());
    run.say("hashing large files");
    // The first reading fills the page cache.
    alone(&folder);
    for _ in 0..run.rounds {
        let before = alone(&folder);
        let scanned = scan(&folder, files);
        let after = alone(&folder);
        let limit = (before + after).as_secs_f64() / 2.0;
        ratios.push(limit / scanned.as_secs_f64());
        own.push(gigabytes(bytes, scanned.as_secs_f64()));
        bound.push(gigabytes(bytes, limit));
    }
    Line::of(
        "hashing",
        format!("scan of {files} files of {} MiB / read and SHA-256 alone", length >> 20),
        "",
        &ratios,
        Goal::AtLeast(0.9),
    )
    .with(format!("{:.2} GB/s against {:.2} GB/s on {} cores", own.median(), bound.median(), cores()))
}

fn small(run: &Run) -> Line {
    let (files, longest) = SMALL;
    // Lengths that follow each other without a pattern, the same in every run.
    let folder = filled(run, "scan-small", files, |n| 64 + n.wrapping_mul(2_654_435_761) % (longest - 64));
    let (mut ratios, mut own, mut others) = (Series::default(), Series::default(), Series::default());
    run.say("hashing small files");
    sums(&folder);
    for _ in 0..run.rounds {
        let before = sums(&folder);
        let scanned = scan(&folder, files);
        let after = sums(&folder);
        let other = (before + after).as_secs_f64() / 2.0;
        ratios.push(other / scanned.as_secs_f64());
        own.push(scanned.as_secs_f64());
        others.push(other);
    }
    Line::of("hashing", format!("scan of {files} small files / sha256sum in parallel"), "", &ratios, Goal::AtLeast(0.7))
        .with(format!("{:.2} s against {:.2} s by xargs -P {} sha256sum", own.median(), others.median(), cores()))
}

fn cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

fn gigabytes(bytes: u64, seconds: f64) -> f64 {
    let mebibytes = u32::try_from(bytes >> 20).map_or(f64::MAX, f64::from);
    mebibytes * f64::from(1_u32 << 20) / 1e9 / seconds
}

/// A folder of so many files, kept from an earlier run where it is whole.
fn filled(run: &Run, name: &str, files: u64, length: impl Fn(u64) -> u64) -> PathBuf {
    let folder = run.kept.as_ref().unwrap_or(&run.folder).join(name);
    let whole = folder.with_extension("whole");
    if whole.exists() {
        return folder;
    }
    run.say(&format!("writing {files} files"));
    let _ = fs::remove_dir_all(&folder);
    let block: Vec<u8> = (0..1_u32 << 20).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    for n in 0..files {
        let inner = folder.join(format!("{:03}", n / 500));
        fs::create_dir_all(&inner).expect("the folder can be written");
        let mut file = File::create(inner.join(format!("{n:06}.bin"))).expect("the folder can be written");
        file.write_all(&n.to_le_bytes()).expect("the disk has room");
        let mut left = length(n) - 8;
        while left > 0 {
            let some = usize::try_from(left).map_or(block.len(), |left| left.min(block.len()));
            file.write_all(&block[..some]).expect("the disk has room");
            left -= some as u64;
        }
    }
    fs::write(whole, "").expect("the folder can be written");
    folder
}

/// What `palinode scan` does with a folder before it asks: walk, look for metadata, hash everything.
fn scan(folder: &Path, files: u64) -> Duration {
    let settings = Settings {
        algorithms: [Algorithm::Sha256].into_iter().collect(),
        code: false,
        workers: cores(),
        leaving_out: None,
        cache: None,
        now: UNIX_EPOCH,
    };
    let begun = Instant::now();
    let inventory = survey(&[folder.to_owned()], &settings, &Silent).expect("the folder is there");
    let took = begun.elapsed();
    assert_eq!(inventory.counts.hashed_files, files, "every file was hashed");
    took
}

/// Reads and hashes on all cores, and does nothing else: each takes the next file, as long as there are some.
fn alone(folder: &Path) -> Duration {
    let mut files = Vec::new();
    for inner in fs::read_dir(folder).expect("the folder is there") {
        let inner = inner.expect("an entry").path();
        files.extend(fs::read_dir(inner).expect("a folder").map(|entry| entry.expect("an entry").path()));
    }
    let begun = Instant::now();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..cores().get() {
            scope.spawn(|| {
                let mut buffer = vec![0; 256 << 10];
                while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut file = File::open(path).expect("a file");
                    let mut hasher = Sha256::new();
                    loop {
                        match file.read(&mut buffer).expect("it can be read") {
                            0 => break,
                            n => hasher.update(&buffer[..n]),
                        }
                    }
                    std::hint::black_box(hasher.finalize());
                }
            });
        }
    });
    begun.elapsed()
}

/// The same files by the tool that everybody has.
fn sums(folder: &Path) -> Duration {
    let begun = Instant::now();
    let mut find = Command::new("find")
        .arg(folder)
        .args(["-type", "f", "-print0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("find of findutils");
    let names = find.stdout.take().expect("piped");
    let cores = cores().to_string();
    let ended = Command::new("xargs")
        .args(["-0", "-P", &cores, "-n", "500", "sha256sum"])
        .stdin(names)
        .stdout(Stdio::null())
        .status()
        .expect("xargs of findutils");
    assert!(ended.success() && find.wait().expect("find ends").success());
    begun.elapsed()
}
