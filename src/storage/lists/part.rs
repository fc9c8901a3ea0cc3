//! What came of a list so far, checked while it comes.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::digests::{ListCheck, ListForm};
use crate::ledger::lists::Added;

/// How much of a part is read at once when it is taken up again, in bytes.
const PIECE: usize = 1 << 20;

/// One part: its file, and the check that has seen all of it.
pub(super) struct Part {
    file: File,
    form: ListForm,
    check: ListCheck,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").field("form", &self.form).field("length", &self.check.taken()).finish_non_exhaustive()
    }
}

impl Part {
    /// Opens a part where it was left, and looks at all of it again: what a crash left of it may be anything. What is no beginning of
    /// such a list is thrown away.
    pub(super) fn open(path: &Path, form: ListForm) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut part = Self { file, form, check: ListCheck::new(form) };
        let mut piece = vec![0; PIECE];
        loop {
            let length = (&part.file).read(&mut piece)?;
            if length == 0 {
                return Ok(part);
            }
            if part.check.take(piece.get(..length).unwrap_or_default()).is_err() {
                part.file.set_len(0)?;
                part.check = ListCheck::new(form);
                return Ok(part);
            }
        }
    }

    pub(super) fn length(&self) -> u64 {
        self.check.taken()
    }

    /// Checks bytes and writes them. Nothing of them is synced: after a power cut the end decides.
    pub(super) fn add(&mut self, at: u64, bytes: &[u8]) -> io::Result<Added> {
        if at != self.check.taken() {
            return Ok(Added::Elsewhere(self.check.taken()));
        }
        if let Err(fault) = self.check.take(bytes) {
            return Ok(Added::Fault(fault));
        }
        self.file.write_all_at(bytes, at)?;
        if self.check.taken() < self.form.size() {
            return Ok(Added::More(self.check.taken()));
        }
        match self.check.clone().finish() {
            Ok(checked) => Ok(Added::Whole(Box::new(checked))),
            Err(fault) => Ok(Added::Fault(fault)),
        }
    }
}
