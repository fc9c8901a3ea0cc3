//! Where digests come from: files of lines, folders, standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use super::folder::{FolderError, LeftOut, hash_folder};
use crate::cli::FileError;
use crate::digests::manifest::{LineFault, Manifest};
use crate::notice::DigestAlgorithm;

/// Longer than any line of a checksum file: a path has at most some thousand bytes.
const MAX_LINE: u64 = 64 << 10;

/// Why digests could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum InputError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error("{}, line {line}: {fault}", path.display())]
    Line { path: PathBuf, line: u64, fault: LineFault },
    #[error("{}, line {line}: it has more than {MAX_LINE} bytes, so it is no line of a checksum file", path.display())]
    LongLine { path: PathBuf, line: u64 },
    #[error("the digests cannot be sorted: {0}")]
    Sorting(#[source] io::Error),
}

/// Reads all digests of one input, and hands each to `take`; says what was not read. The bar is told how many bytes were read.
pub(super) fn read(
    path: &Path,
    algorithm: DigestAlgorithm,
    bar: &ProgressBar,
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<LeftOut, InputError> {
    let failed = |source| FileError::Read { path: path.to_owned(), source };
    if path.as_os_str() == "-" {
        lines(Path::new("standard input"), io::stdin().lock(), algorithm, bar, take)?;
        return Ok(LeftOut::default());
    }
    if std::fs::metadata(path).map_err(failed)?.is_dir() {
        return hash_folder(path, algorithm, bar, &mut |digest| take(digest).map_err(InputError::Sorting));
    }
    lines(path, BufReader::with_capacity(1 << 20, File::open(path).map_err(failed)?), algorithm, bar, take)?;
    Ok(LeftOut::default())
}

fn lines(
    path: &Path,
    mut source: impl BufRead,
    algorithm: DigestAlgorithm,
    bar: &ProgressBar,
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), InputError> {
    let mut manifest = Manifest::new(algorithm);
    let (mut line, mut digest) = (Vec::new(), Vec::new());
    for number in 1.. {
        line.clear();
        let read = source.by_ref().take(MAX_LINE + 1).read_until(b'\n', &mut line);
        let read = read.map_err(|source| FileError::Read { path: path.to_owned(), source })?;
        if read == 0 {
            break;
        }
        if read as u64 > MAX_LINE {
            return Err(InputError::LongLine { path: path.to_owned(), line: number });
        }
        let found = manifest.line(&line, &mut digest);
        if found.map_err(|fault| InputError::Line { path: path.to_owned(), line: number, fault })? {
            take(&digest).map_err(InputError::Sorting)?;
        }
        bar.inc(read as u64);
    }
    Ok(())
}
