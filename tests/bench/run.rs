//! What all parts of one run share.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::process::ServerProcess;
use crate::server::Order;

/// Settings of a run.
pub(crate) struct Run {
    /// Where everything is written.
    pub(crate) folder: PathBuf,
    /// Folder of filled logs, which are used again.
    pub(crate) kept: Option<PathBuf>,
    /// How many notices the questions are asked about.
    pub(crate) notices: u64,
    /// How many notices the large log has.
    pub(crate) large: u64,
    /// How many digests a list has.
    pub(crate) digests: u64,
    /// How long one side of one round lasts.
    pub(crate) lasts: Duration,
    /// How many rounds count.
    pub(crate) rounds: u64,
    /// Threads of each HTTP server.
    pub(crate) workers: usize,
}

impl Run {
    /// Tells whoever waits what is being done.
    #[expect(clippy::unused_self, reason = "to speak is the run's")]
    #[expect(clippy::print_stderr, reason = "progress of a long program")]
    pub(crate) fn say(&self, what: &str) {
        eprintln!("... {what}");
    }

    /// An empty folder of this name.
    pub(crate) fn fresh(&self, name: &str) -> PathBuf {
        let folder = self.folder.join(name);
        // What an earlier run left, if anything.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the folder can be written");
        folder
    }

    /// A folder whose log has this many notices, made by an import unless an earlier run kept it.
    pub(crate) fn filled(&self, notices: u64) -> PathBuf {
        let folder = match &self.kept {
            Some(kept) => kept.join(format!("notices-{notices}")),
            None => self.folder.join(format!("notices-{notices}")),
        };
        if folder.join("full").exists() {
            return folder;
        }
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the folder can be written");
        self.fill(&folder, notices);
        fs::write(folder.join("full"), "").expect("the folder can be written");
        folder
    }

    fn fill(&self, folder: &Path, notices: u64) {
        let mut server = ServerProcess::start(folder, self.workers);
        for from in (0..notices).step_by(20_000) {
            let to = notices.min(from + 20_000);
            let took = server.order(&Order::Import(from, to));
            self.say(&format!("filled {to} of {notices}, the last {} in {:.2} s", to - from, took.as_secs_f64()));
        }
        server.stop();
    }
}
