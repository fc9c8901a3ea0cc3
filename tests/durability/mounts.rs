//! File systems of a test's own: small ones, and ones that stop taking writes. Mounting needs rights that not every machine
//! gives; where they are missing the test says so loudly and is skipped, or fails when `PALINODE_REQUIRE_TOOLS` is set.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::settings::tools_are_required;

/// Says that a test cannot be run here.
#[expect(clippy::print_stderr, reason = "a test says why it asks nothing")]
pub(crate) fn skipped(why: &str) {
    assert!(!tools_are_required(), "{why}");
    eprintln!("SKIPPED: {why}");
}

fn run(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(arguments).output().map_err(|e| format!("{program}: {e}"))?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout).unwrap().trim().to_owned());
    }
    Err(format!("{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// A mounted file system; it is unmounted with the value.
pub(crate) struct Mounted {
    pub(crate) path: PathBuf,
    /// The loop device under it, if there is one.
    device: Option<String>,
}

impl Mounted {
    /// A file system in memory with room for so many MiB; `None`, said loudly, where mounting is not possible.
    pub(crate) fn small(path: PathBuf, mebibytes: u64) -> Option<Self> {
        fs::create_dir_all(&path).unwrap();
        let size = format!("size={mebibytes}m");
        match run("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", path.to_str().unwrap()]) {
            Ok(_) => Some(Self { path, device: None }),
            Err(why) => {
                skipped(&format!("a small file system cannot be mounted: {why}"));
                None
            }
        }
    }

    /// A file system on a disk image, which takes no writes any more after an error.
    pub(crate) fn that_may_fail(path: PathBuf) -> Option<Self> {
        fs::create_dir_all(&path).unwrap();
        let image = path.with_extension("img");
        File::create(&image).unwrap().set_len(32 << 20).unwrap();
        let (image, at) = (image.to_str().unwrap(), path.to_str().unwrap());
        let made = run("mkfs.ext4", &["-q", "-F", image]).and_then(|_| run("losetup", &["--find", "--show", image])).and_then(
            |device| match run("mount", &["-o", "errors=remount-ro", &device, at]) {
                Ok(_) => Ok(device),
                Err(why) => {
                    let _ = run("losetup", &["--detach", &device]);
                    Err(why)
                }
            },
        );
        match made {
            Ok(device) => Some(Self { path, device: Some(device) }),
            Err(why) => {
                skipped(&format!("a disk image cannot be mounted: {why}"));
                None
            }
        }
    }

    /// Lets the file system meet an error, after which it takes no writes any more, whoever has files open on it.
    pub(crate) fn fail(&self) {
        let device = self.device.as_ref().unwrap().rsplit('/').next().unwrap();
        fs::write(format!("/sys/fs/ext4/{device}/trigger_fs_error"), "1").unwrap();
    }

    /// Unmounts it and mounts it again, as an operator does after looking at the disk. Nobody may have files open on it.
    pub(crate) fn mounted_anew(self) -> Self {
        let at = self.path.to_str().unwrap();
        run("umount", &[at]).unwrap();
        let device = self.device.as_ref().unwrap();
        // What the error left in the journal is finished here; fsck says 1 for "mended".
        let _ = run("fsck.ext4", &["-p", device]);
        run("mount", &["-o", "errors=remount-ro", device, at]).unwrap();
        self
    }

    /// Mounts it read-only, or writable again. Nobody may have files open on it for writing.
    pub(crate) fn remount(&self, how: &str) {
        run("mount", &["-o", &format!("remount,{how}"), self.path.to_str().unwrap()]).unwrap();
    }

    /// Takes all the room that is left.
    pub(crate) fn fill(&self) {
        self.fill_but(0);
    }

    /// Takes all the room but for so many bytes.
    pub(crate) fn fill_but(&self, bytes: u64) {
        let path = self.path.join("filler");
        let mut filler = File::create(&path).unwrap();
        let mut written = 0_u64;
        for size in [1 << 16, 1 << 12, 1] {
            let block = vec![0x5a_u8; size];
            while filler.write_all(&block).is_ok() {
                written += size as u64;
            }
        }
        // What a failed write had written of a block counts too.
        let whole = fs::metadata(&path).unwrap().len().max(written);
        filler.set_len(whole.saturating_sub(bytes)).unwrap();
    }

    /// Gives the room back.
    pub(crate) fn empty(&self) {
        fs::remove_file(self.path.join("filler")).unwrap();
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let at = self.path.to_str().unwrap();
        // A server that was not stopped may hold files open; the mount point goes at once, the rest when it ends.
        let _ = run("umount", &["--lazy", at]);
        if let Some(device) = &self.device {
            let _ = run("losetup", &["--detach", device]);
        }
    }
}

/// Moves what stands in the write-ahead logs into the databases of a folder that no server runs on, so that damage to a database is
/// not made up for by its log.
#[expect(clippy::disallowed_methods, reason = "tests look at databases behind the store's back")]
pub(crate) fn fold_logs(data: &Path) {
    for path in fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path()) {
        if path.extension().is_some_and(|extension| extension == "db") {
            let database = rusqlite::Connection::open(&path).unwrap();
            let busy: i64 = database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap();
            assert_eq!(busy, 0, "{} is in use", path.display());
        }
    }
}

/// Copies a folder with everything in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let there = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy_folder(&entry, &there);
        } else {
            fs::copy(&entry, &there).unwrap();
        }
    }
}
