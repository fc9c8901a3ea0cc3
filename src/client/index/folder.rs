//! Where local indexes lie: one folder a server, and files that are replaced as a whole.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::state::State;
use super::{IndexError, Pinned};

/// The folder of all local indexes.
#[derive(Debug, Clone)]
pub struct IndexFolder(PathBuf);

impl IndexFolder {
    /// The folder at `path`, which is made when something is put there.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The folder of the server with this origin.
    pub fn server(&self, origin: &str) -> ServerFolder {
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(origin));
        ServerFolder(self.0.join(digest.get(..16).unwrap_or(&digest)))
    }

    /// The folders of all servers, in the order of their names.
    ///
    /// # Errors
    /// [`IndexError::Io`].
    pub fn servers(&self) -> Result<Vec<ServerFolder>, IndexError> {
        let failed = |source| IndexError::Io { path: self.0.clone(), source };
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut folders = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            if path.join(ServerFolder::PINNED).is_file() {
                folders.push(ServerFolder(path));
            }
        }
        folders.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(folders)
    }
}

/// The folder of one server.
#[derive(Debug, Clone)]
pub struct ServerFolder(PathBuf);

impl ServerFolder {
    pub(super) const PINNED: &'static str = "server.json";
    pub(super) const STATE: &'static str = "state.json";
    pub(super) const LEAVES: &'static str = "leaves";
    pub(super) const TILES: &'static str = "tiles";

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Whether the list of the server with these keys was read from this address before.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn was_read_from(&self, keys: &Pinned, address: &str) -> Result<bool, IndexError> {
        Ok(State::read(self, keys)?.is_some_and(|state| state.seen.contains_key(address)))
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The bundle of so many entries.
    pub(super) fn bundle(&self, index: u64, width: u16) -> PathBuf {
        let partial = if width == 256 { String::new() } else { format!(".p{width}") };
        self.0.join("bundles").join(format!("{index:09}{partial}"))
    }

    /// Keeps everybody else from updating, for as long as what is given lives.
    pub(super) fn lock(&self, origin: &str) -> Result<File, IndexError> {
        let path = self.file("lock");
        let failed = |source| IndexError::Io { path: path.clone(), source };
        fs::create_dir_all(&self.0).map_err(failed)?;
        let file = File::create(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => Err(IndexError::Busy(origin.to_owned())),
            Err(fs::TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// The bytes of a file; `None` when there is none.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, IndexError> {
        let path = self.file(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(IndexError::Io { path, source }),
        }
    }

    /// Puts a whole file in place, durably.
    pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), IndexError> {
        Self::write_with(path, |file| file.write_all(bytes))
    }

    /// The same with what `fill` writes.
    pub(super) fn write_with(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), IndexError> {
        let written = || {
            let folder = path.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            fill(file.as_file_mut())?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|error| error.error)?;
            File::open(folder)?.sync_all()
        };
        written().map_err(|source| IndexError::Io { path: path.to_owned(), source })
    }

    /// Ends a file of records of one width after `keep` bytes, and adds `bytes` there. What lies beyond what `state.json` counts is of
    /// an update that broke off.
    pub(super) fn extend(&self, name: &str, keep: u64, bytes: &[u8]) -> Result<(), IndexError> {
        let path = self.file(name);
        let extended = || {
            let mut file = File::options().create(true).append(true).open(&path)?;
            if file.metadata()?.len() < keep {
                return Err(io::Error::new(ErrorKind::UnexpectedEof, "it is shorter than what was written"));
            }
            file.set_len(keep)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        extended().map_err(|source| IndexError::Io { path: path.clone(), source })
    }

    /// Removes files that nobody needs any more. One that cannot be removed does no harm.
    pub(super) fn tidy(&self, mut is_needed: impl FnMut(&str) -> bool) {
        for folder in [self.0.clone(), self.0.join("bundles")] {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let name = entry.file_name();
                let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
                if is_file && name.to_str().is_some_and(|name| !is_needed(name)) {
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
    }

    /// Keeps what convicts the log.
    pub(super) fn keep_evidence(&self, name: &str, document: &[u8]) -> Result<PathBuf, IndexError> {
        let path = self.0.join("evidence").join(name);
        Self::write(&path, document)?;
        Ok(path)
    }
}
