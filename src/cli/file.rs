use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::exit_code::ExitCode;
use super::failure::Complaint;

/// Why a file named on the command line cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("{} cannot be read: {source}", name(path))]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// It is larger than anything this command takes.
    #[error("{} is larger than {limit} bytes", name(path))]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// It is there already, and is never overwritten.
    #[error("{} exists already and is not overwritten", path.display())]
    Exists {
        /// Which file.
        path: PathBuf,
    },
    /// It cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// The folder that an option names is not there, and nothing was done.
#[derive(Debug, thiserror::Error)]
#[error("{option} {} is no folder, and nothing was {undone}", .folder.display())]
pub(super) struct NoFolder {
    pub(super) option: &'static str,
    pub(super) folder: PathBuf,
    /// What would have been done.
    pub(super) undone: &'static str,
}

impl Complaint for NoFolder {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }

    fn help(&self) -> Option<String> {
        Some("make it first".to_owned())
    }
}

/// What messages call a file.
fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

impl Complaint for FileError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Read { .. } | Self::TooLarge { .. } => ExitCode::Usage,
            Self::Exists { .. } | Self::Write { .. } => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Exists { .. } => Some("name another file, or move this one away first".to_owned()),
            Self::Write { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Some("its folder is not there: make it with mkdir, or name another".to_owned())
            }
            Self::Read { .. } | Self::TooLarge { .. } | Self::Write { .. } => None,
        }
    }
}

/// Reads a file, or standard input when it is called `-`, up to `limit` bytes.
pub(super) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let failed = |source| FileError::Read { path: path.to_owned(), source };
    let source: Box<dyn Read> =
        if is_stdin(path) { Box::new(io::stdin().lock()) } else { Box::new(File::open(path).map_err(failed)?) };
    let mut bytes = Vec::new();
    source.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(FileError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Everyone the process's mask lets.
    Everyone,
    /// Its owner only (mode 0600): private keys.
    Owner,
}

/// Writes a file that must not be there yet, durably; a half-written one is taken away again.
pub(super) fn write_new(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), FileError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => FileError::Exists { path: path.to_owned() },
        _ => FileError::Write { path: path.to_owned(), source },
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|source| {
        // The first error is the one to tell; a leftover is named by it.
        let _ = std::fs::remove_file(path);
        failed(source)
    })
}

/// Writes a file whatever stood there before, at once as a whole.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let failed = |source| FileError::Write { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    beside.write_all(bytes).and_then(|()| beside.as_file().sync_all()).map_err(failed)?;
    #[cfg(unix)]
    {
        // Temporary files begin as their owner's only; what is written here is public.
        use std::os::unix::fs::PermissionsExt;
        beside.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(failed)?;
    }
    beside.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_exists_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        write_new(&path, b"one", Readers::Everyone).unwrap();
        assert!(matches!(write_new(&path, b"two", Readers::Everyone), Err(FileError::Exists { .. })));
        assert_eq!(read(&path, 3).unwrap(), b"one");
        assert!(matches!(read(&path, 2), Err(FileError::TooLarge { limit: 2, .. })));
    }
}
