//! A data folder that a restore is making: it is marked from its first moment to its last, so that no server starts on half a
//! log, and a restore that was interrupted is begun again in the same place.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::folder::{DataFolder, DataFolderError};

/// The mark of a folder that is not whole yet.
const MARK: &str = "restoring";

impl DataFolder {
    /// Takes an empty or missing folder for restoring `what` into it, or one where that was begun before. `begun` is kept from
    /// the first time, and given back every time.
    ///
    /// # Errors
    /// [`DataFolderError::NotEmpty`], [`DataFolderError::OtherRestore`], or [`DataFolderError::InUse`] while one is running.
    pub fn begin_restore(path: &Path, what: &str, begun: &str) -> Result<(Self, String), DataFolderError> {
        let failed = |source| DataFolderError::Io { path: path.to_owned(), source };
        std::fs::create_dir_all(path).map_err(failed)?;
        let mark = path.join(MARK);
        if !mark.try_exists().map_err(failed)? {
            if !is_empty(path).map_err(failed)? {
                return Err(DataFolderError::NotEmpty { path: path.to_owned() });
            }
            write_mark(path, &format!("{what}\n{begun}\n")).map_err(failed)?;
        }
        let folder = Self::lock_half_made(path)?;
        let text = std::fs::read_to_string(&mark).map_err(failed)?;
        let mut lines = text.lines();
        match (lines.next(), lines.next()) {
            (Some(found), Some(begun)) if found == what => Ok((folder, begun.to_owned())),
            (found, _) => {
                let found = found.unwrap_or_default().to_owned();
                Err(DataFolderError::OtherRestore { path: path.to_owned(), found })
            }
        }
    }

    /// Ends a restore: from now on the folder is a server's.
    ///
    /// # Errors
    /// [`DataFolderError::Io`].
    pub fn finish_restore(&self) -> Result<(), DataFolderError> {
        let failed = |source| DataFolderError::Io { path: self.path().to_owned(), source };
        let synced = |path: PathBuf| File::open(path).and_then(|folder| folder.sync_all());
        synced(self.path().join("keys")).and_then(|()| synced(self.path().to_owned())).map_err(failed)?;
        std::fs::remove_file(self.path().join(MARK)).map_err(failed)?;
        synced(self.path().to_owned()).map_err(failed)
    }

    pub(super) fn refuse_unfinished(&self) -> Result<(), DataFolderError> {
        let path = self.path().to_owned();
        match path.join(MARK).try_exists() {
            Ok(false) => Ok(()),
            Ok(true) => Err(DataFolderError::Unfinished { path }),
            Err(source) => Err(DataFolderError::Io { path, source }),
        }
    }
}

/// Whether there is nothing in a folder but what a fresh file system has.
fn is_empty(path: &Path) -> io::Result<bool> {
    for entry in std::fs::read_dir(path)? {
        if entry?.file_name() != "lost+found" {
            return Ok(false);
        }
    }
    Ok(true)
}

fn write_mark(path: &Path, text: &str) -> io::Result<()> {
    // A name without a dot at its front: what a crash leaves behind here must be seen.
    let mut beside = tempfile::Builder::new().prefix("restoring-").tempfile_in(path)?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().sync_all()?;
    match beside.persist_noclobber(path.join(MARK)) {
        Ok(_) => File::open(path)?.sync_all(),
        // Another restore was a moment earlier: its lock decides.
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_being_restored_is_nobody_elses_until_it_is_whole() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("new");
        let (folder, begun) = DataFolder::begin_restore(&path, "a of b", "1").expect("empty");
        assert_eq!(begun, "1");
        let again = DataFolder::begin_restore(&path, "a of b", "2");
        assert!(matches!(again, Err(DataFolderError::InUse { .. })), "while it runs");
        drop(folder);
        assert!(matches!(DataFolder::lock(&path), Err(DataFolderError::Unfinished { .. })));
        let other = DataFolder::begin_restore(&path, "a of c", "2");
        assert!(matches!(other, Err(DataFolderError::OtherRestore { found, .. }) if found == "a of b"));
        let (folder, begun) = DataFolder::begin_restore(&path, "a of b", "2").expect("the same again");
        assert_eq!(begun, "1", "as it was begun first");
        folder.finish_restore().expect("ended");
        drop(folder);
        assert!(DataFolder::lock(&path).is_ok());
        let over = DataFolder::begin_restore(&path, "a of b", "3");
        assert!(matches!(over, Err(DataFolderError::NotEmpty { .. })), "a server's folder is never restored over");
    }
}
