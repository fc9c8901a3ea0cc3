//! Reading the file of bundles through the memory that the operating system keeps of it.
//!
//! How fast a file is read from memory depends on how its pages came there. Linux keeps what was written or read in order in large
//! pieces, and what was read in places far apart in pages of 4 KiB, which are copied two to five times slower for as long as they stay
//! (measured: `src/manual/performance.md`). So whoever finds a bundle that is not in memory reads all of its [`REGION`], in order.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// What is brought into memory together, in bytes: some nine bundles.
const REGION: u64 = 4 << 20;
/// How much of it is asked for at once. Linux reads ahead of those who read in small steps, in ever larger pieces.
const STEP: usize = 16 << 10;

/// Says once that the file is read in order, which doubles how far the system reads ahead. Without it everything works, slower.
#[cfg(target_os = "linux")]
pub(super) fn expect_order(file: &File) {
    if let Err(error) = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::Sequential) {
        tracing::debug!(%error, "no advice is taken about the file of bundles");
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn expect_order(_file: &File) {}

/// Reads all of `bytes` at `from`, and brings what stands around it into memory when it has to wait for the disk.
pub(super) fn read_all(file: &File, bytes: &mut [u8], from: u64) -> io::Result<()> {
    match read_from_memory(file, bytes, from) {
        Ok(read) if read == bytes.len() => Ok(()),
        _ => {
            bring_in(file, from..from + bytes.len() as u64)?;
            file.read_exact_at(bytes, from)
        }
    }
}

/// Reads the regions in which these bytes lie, in order, as far as the file goes.
fn bring_in(file: &File, bytes: Range<u64>) -> io::Result<()> {
    let mut step = vec![0; STEP];
    let (mut at, end) = (bytes.start / REGION * REGION, bytes.end.next_multiple_of(REGION));
    while at < end {
        match file.read_at(&mut step, at)? {
            0 => return Ok(()),
            read => at += read as u64,
        }
    }
    Ok(())
}

/// Reads what the operating system has in memory.
#[cfg(target_os = "linux")]
pub(super) fn read_from_memory(file: &File, piece: &mut [u8], at: u64) -> io::Result<usize> {
    Ok(rustix::io::preadv2(file, &mut [io::IoSliceMut::new(piece)], at, rustix::io::ReadWriteFlags::NOWAIT)?)
}

/// Other systems do not say whether they would have to wait.
#[cfg(not(target_os = "linux"))]
pub(super) fn read_from_memory(_file: &File, _piece: &mut [u8], _at: u64) -> io::Result<usize> {
    Err(io::ErrorKind::WouldBlock.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file whose byte at each place tells of the place.
    fn file_of(length: u64) -> (File, Vec<u8>) {
        let bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).expect("small")).collect();
        let file = tempfile::tempfile().expect("a file");
        file.write_all_at(&bytes, 0).expect("written");
        (file, bytes)
    }

    #[test]
    fn what_is_read_is_what_stands_there_at_the_edges_of_regions_and_of_the_file() {
        let (file, bytes) = file_of(2 * REGION + 1000);
        for (from, to) in [(0, 10), (REGION - 5, REGION + 5), (5, 2 * REGION + 5), (2 * REGION, 2 * REGION + 1000)] {
            bring_in(&file, from..to).expect("brought in");
            let [first, end] = [from, to].map(|at| usize::try_from(at).expect("small"));
            let mut read = vec![0; end - first];
            read_all(&file, &mut read, from).expect("read");
            assert!(read == bytes[first..end], "{from} to {to}");
        }
    }

    #[test]
    fn a_file_that_is_too_short_is_an_unexpected_end() {
        let (file, _) = file_of(1000);
        let mut read = vec![0; 100];
        let error = read_all(&file, &mut read, 950).expect_err("50 bytes are missing");
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        let error = read_all(&file, &mut read, 5 * REGION).expect_err("nothing is there");
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
