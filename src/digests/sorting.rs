//! Sorting more digests than memory holds: sorted runs in scratch files, merged at the end.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use super::merge::fill;

/// How many digests are given out at once.
const PIECE: usize = 2_048;
/// How much of each run is in memory while runs are merged, in bytes.
const RUN_BUFFER: usize = 256 << 10;

/// Where runs go while there is no room for them in memory; each is written, then read from its beginning.
pub trait Scratch {
    /// One run: gone when it is dropped.
    type Run: Read + Write + Seek;

    /// A new, empty run.
    ///
    /// # Errors
    /// What making it fails with.
    fn run(&mut self) -> io::Result<Self::Run>;
}

impl<R: Read + Write + Seek, F: FnMut() -> io::Result<R>> Scratch for F {
    type Run = R;

    fn run(&mut self) -> io::Result<R> {
        self()
    }
}

/// What was sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorted {
    /// Digests that were given out, each once.
    pub unique: u64,
    /// Digests that came again.
    pub repeated: u64,
}

/// Takes digests of one width in any order, and gives them out ascending and unique.
pub struct Sorter<S: Scratch> {
    width: usize,
    scratch: S,
    /// How many bytes a run has.
    run: usize,
    chunk: Vec<u8>,
    runs: Vec<S::Run>,
    taken: u64,
}

impl<S: Scratch> Sorter<S> {
    /// A sorter of digests of `width` bytes that holds at most about `memory` bytes of them.
    pub fn new(width: usize, memory: usize, scratch: S) -> Self {
        let width = width.max(1);
        let run = (memory / width).max(1) * width;
        Self { width, scratch, run, chunk: Vec::new(), runs: Vec::new(), taken: 0 }
    }

    /// How many digests were taken.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// Takes one digest, which must have the width.
    ///
    /// # Errors
    /// What writing a run fails with; [`io::ErrorKind::InvalidInput`] for another width.
    pub fn take(&mut self, digest: &[u8]) -> io::Result<()> {
        if digest.len() != self.width {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        if self.chunk.len() >= self.run {
            self.end_run()?;
        }
        self.chunk.extend_from_slice(digest);
        self.taken += 1;
        Ok(())
    }

    fn end_run(&mut self) -> io::Result<()> {
        sort(&mut self.chunk, self.width);
        let mut run = self.scratch.run()?;
        run.write_all(&self.chunk)?;
        run.flush()?;
        run.seek(SeekFrom::Start(0))?;
        self.runs.push(run);
        self.chunk.clear();
        Ok(())
    }

    /// Gives all of them out, ascending, each once, many at a time.
    ///
    /// # Errors
    /// What the scratch files or `give` fail with.
    pub fn finish(mut self, give: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<Sorted> {
        let mut out =
            Once { width: self.width, piece: Vec::with_capacity(PIECE * self.width), last: Vec::new(), unique: 0, give };
        if self.runs.is_empty() {
            sort(&mut self.chunk, self.width);
            for digest in self.chunk.chunks_exact(self.width) {
                out.take(digest)?;
            }
        } else {
            if !self.chunk.is_empty() {
                self.end_run()?;
            }
            // What is merged is read from the runs.
            self.chunk = Vec::new();
            merge_runs(self.runs, self.width, |digest| out.take(digest))?;
        }
        let unique = out.end()?;
        Ok(Sorted { unique, repeated: self.taken - unique })
    }
}

/// Passes each digest on once, and many at a time.
struct Once<G> {
    width: usize,
    piece: Vec<u8>,
    last: Vec<u8>,
    unique: u64,
    give: G,
}

impl<G: FnMut(&[u8]) -> io::Result<()>> Once<G> {
    fn take(&mut self, digest: &[u8]) -> io::Result<()> {
        if self.last == digest {
            return Ok(());
        }
        self.last.clear();
        self.last.extend_from_slice(digest);
        self.piece.extend_from_slice(digest);
        self.unique += 1;
        if self.piece.len() >= PIECE * self.width { self.pass_on() } else { Ok(()) }
    }

    fn pass_on(&mut self) -> io::Result<()> {
        (self.give)(&self.piece)?;
        self.piece.clear();
        Ok(())
    }

    fn end(mut self) -> io::Result<u64> {
        if !self.piece.is_empty() {
            self.pass_on()?;
        }
        Ok(self.unique)
    }
}

/// The smallest of all runs first.
fn merge_runs<R: Read>(runs: Vec<R>, width: usize, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut runs: Vec<BufReader<R>> = runs.into_iter().map(|run| BufReader::with_capacity(RUN_BUFFER, run)).collect();
    let mut heads = BinaryHeap::with_capacity(runs.len());
    for (number, run) in runs.iter_mut().enumerate() {
        let mut digest = vec![0; width];
        if next(run, &mut digest)? {
            heads.push(Reverse((digest, number)));
        }
    }
    while let Some(mut head) = heads.peek_mut() {
        let Reverse((digest, number)) = &mut *head;
        each(digest)?;
        let more = match runs.get_mut(*number) {
            Some(run) => next(run, digest)?,
            None => false,
        };
        if !more {
            std::collections::binary_heap::PeekMut::pop(head);
        }
    }
    Ok(())
}

/// Reads the next digest; false at the end.
fn next(run: &mut impl Read, digest: &mut [u8]) -> io::Result<bool> {
    match fill(run, digest)? {
        0 => Ok(false),
        read if read == digest.len() => Ok(true),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Sorts digests of `width` bytes that stand one after the other.
pub fn sort(digests: &mut [u8], width: usize) {
    match width {
        16 => digests.as_chunks_mut::<16>().0.sort_unstable(),
        20 => digests.as_chunks_mut::<20>().0.sort_unstable(),
        32 => digests.as_chunks_mut::<32>().0.sort_unstable(),
        64 => digests.as_chunks_mut::<64>().0.sort_unstable(),
        // No digest has another width.
        other => {
            let mut each: Vec<Vec<u8>> = digests.chunks_exact(other.max(1)).map(<[u8]>::to_vec).collect();
            each.sort_unstable();
            let sorted = each.concat();
            if let Some(digests) = digests.get_mut(..sorted.len()) {
                digests.copy_from_slice(&sorted);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn sorted(numbers: &[u16], memory: usize) -> (Vec<u16>, Sorted, usize) {
        let mut runs = 0;
        let scratch = || {
            runs += 1;
            Ok(Cursor::new(Vec::new()))
        };
        let mut sorter = Sorter::new(16, memory, scratch);
        for number in numbers {
            let mut digest = [0; 16];
            digest[4..6].copy_from_slice(&number.to_be_bytes());
            sorter.take(&digest).expect("room");
        }
        let mut out = Vec::new();
        let outcome = sorter.finish(|piece| {
            out.extend(piece.chunks_exact(16).map(|digest| u16::from_be_bytes([digest[4], digest[5]])));
            Ok(())
        });
        (out, outcome.expect("readable"), runs)
    }

    #[test]
    fn a_digest_of_another_width_is_refused() {
        let mut sorter = Sorter::new(32, 1_000, || Ok(Cursor::new(Vec::new())));
        assert_eq!(sorter.take(&[0; 16]).map_err(|e| e.kind()), Err(io::ErrorKind::InvalidInput));
    }

    #[test]
    fn a_scratch_file_that_cannot_be_made_is_an_error() {
        let full = || Err::<Cursor<Vec<u8>>, _>(io::Error::from(io::ErrorKind::StorageFull));
        let mut sorter = Sorter::new(16, 16, full);
        sorter.take(&[1; 16]).expect("room");
        assert_eq!(sorter.take(&[2; 16]).map_err(|e| e.kind()), Err(io::ErrorKind::StorageFull));
    }

    proptest! {
        #[test]
        fn with_and_without_scratch_files_the_order_is_that_of_a_set(numbers in prop::collection::vec(0_u16..300, 0..400)) {
            let set: std::collections::BTreeSet<u16> = numbers.iter().copied().collect();
            let expected: Vec<u16> = set.into_iter().collect();
            let (small, counts, runs) = sorted(&numbers, 320);
            let (large, _, none) = sorted(&numbers, 1 << 20);
            prop_assert_eq!(&small, &expected);
            prop_assert_eq!(&large, &expected);
            prop_assert_eq!(none, 0);
            prop_assert!(numbers.len() <= 20 || runs == numbers.len().div_ceil(20));
            prop_assert_eq!(counts.unique + counts.repeated, numbers.len() as u64);
            prop_assert_eq!(counts.unique, expected.len() as u64);
        }
    }
}
