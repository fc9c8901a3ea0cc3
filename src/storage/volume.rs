//! The file system under the data folder: how much room it has, and whether it takes writes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{StatVfsMountFlags, statvfs};

use crate::ledger::{Space, Volume};

/// The file system that a folder lies on, asked anew each time.
#[derive(Debug)]
pub struct DiskVolume {
    folder: PathBuf,
}

impl DiskVolume {
    /// The file system of `folder`, which must exist.
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }
}

impl Volume for DiskVolume {
    fn space(&self) -> io::Result<Space> {
        let said = statvfs(&self.folder)?;
        Ok(Space {
            // What the superuser alone may use is no room: servers should not run as root, and it would differ from what `df` shows.
            free: said.f_bavail.saturating_mul(said.f_frsize),
            total: said.f_blocks.saturating_mul(said.f_frsize),
            read_only: said.f_flag.contains(StatVfsMountFlags::RDONLY),
        })
    }

    fn try_writing(&self) -> io::Result<()> {
        // It is gone when it is closed.
        let mut file = tempfile::tempfile_in(&self.folder)?;
        file.write_all(b"palinode")?;
        file.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_room_takes_writes_and_keeps_nothing_of_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let volume = DiskVolume::of(folder.path());
        let space = volume.space().expect("it says");
        assert!(0 < space.free && space.free <= space.total && !space.read_only, "{space:?}");
        volume.try_writing().expect("it can be written to");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn a_folder_that_is_gone_is_an_error() {
        let volume = DiskVolume::of(Path::new("/nonexistent/palinode-data"));
        assert!(volume.space().is_err() && volume.try_writing().is_err());
    }
}
