//! `palinode lock`: writes down what lies in a folder and what ledgers know of it.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::surveying::{SurveyArguments, Surveyed};
use crate::cli::file::{self, Readers};
use crate::cli::index::{IndexArguments, TrustArguments};
use crate::cli::scan::asked_or;
use crate::cli::{Complaint, ExitCode, Failure, Output};
use crate::client::index::LocalIndex;
use crate::client::lock::{Lock, MAX_LOCK};
use crate::clock::{Clock, SystemClock};
use crate::scan::hashing::Algorithms;
use crate::verdict::Verdict;

const EXAMPLES: &str = "\
Looks at the folder, asks every copy in the local index (`palinode index update`; nobody else is asked), and writes a lock file: every
identifier with the places where it was seen, the head that each operator signed, and the notices and records that the answers follow
from, with their proofs. The file goes into a paper's supplement. `palinode verify-lock` shows years later, without a network, what
was known when it was made. It names paths below the folder, and no path above it.

Every digest of files and folders that a notice may name is computed while a file is read once, also those that no notice names yet:
a later one may name any, and then the bytes may be gone. --digest takes fewer, for a smaller file: each digest of a file takes about
200 bytes in it.

Exit codes: 0 written, and everything was looked up; 2 usage; 3 there is no index, or something could not be looked up, which the
file says; 4 broken integrity; 5 nothing to lock.

Examples:
  palinode lock data/
  palinode lock data/ -o supplement/palinode.lock.json
  palinode lock millions/ --digest sha256,md5";

/// Arguments of `palinode lock`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct LockArguments {
    /// The folder
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// The lock file to write; one that is there already is not overwritten
    #[arg(short, long, value_name = "FILE", default_value = "palinode.lock.json")]
    pub out: PathBuf,
    /// How the folder is looked at
    #[command(flatten)]
    pub survey: SurveyArguments,
    /// Whom to trust
    #[command(flatten)]
    pub trust: TrustArguments,
    /// Where the local index lies
    #[command(flatten)]
    pub index: IndexArguments,
}

#[derive(Debug, thiserror::Error)]
enum LockedNothing {
    #[error("nothing is in the local index {0}, so nothing could be looked up, and no lock was written")]
    NoIndex(String),
    #[error("nothing was found in {0} that can be looked up, and no lock was written")]
    Empty(String),
    #[error("the lock cannot be written: {0}")]
    Form(#[from] serde_json::Error),
    #[error("the lock would have {0} bytes, `palinode verify-lock` reads {MAX_LOCK} at most, and none was written")]
    TooLarge(usize),
}

impl Complaint for LockedNothing {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::NoIndex(_) | Self::Form(_) => ExitCode::Unreachable,
            Self::Empty(_) => ExitCode::NothingToCheck,
            Self::TooLarge(_) => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NoIndex(_) => {
                Some("fetch a list first: palinode index update --server https://ledger.example.org/".to_owned())
            }
            Self::TooLarge(_) => {
                Some("take fewer digests, such as --digest sha256, or lock the folders in it one by one".to_owned())
            }
            Self::Empty(_) | Self::Form(_) => None,
        }
    }
}

pub(in crate::cli) fn run(arguments: &LockArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let folder = arguments.index.folder()?;
    let own = arguments.trust.read()?;
    let copies = LocalIndex::open_all(&folder)?;
    if copies.is_empty() {
        return Err(LockedNothing::NoIndex(folder.path().display().to_string()).into());
    }
    let SurveyArguments { code, digest, no_cache } = &arguments.survey;
    let algorithms = asked_or(digest, Algorithms::all());
    let surveyed = Surveyed::of(&arguments.path, algorithms, *code, *no_cache, None)?;
    if surveyed.inventory.is_empty() {
        return Err(LockedNothing::Empty(arguments.path.display().to_string()).into());
    }
    let now = SystemClock.now();
    let algorithms = algorithms.iter().map(|algorithm| algorithm.as_str().to_owned()).collect();
    let mut lock = Lock::of(now, algorithms, *code, surveyed.inventory);
    let ids = lock.identifiers();
    let mut report = Report {
        lock: arguments.out.display().to_string(),
        identifiers: ids.len(),
        unread: surveyed.unread,
        servers: Vec::new(),
    };
    let mut unchecked = 0;
    for copy in &copies {
        let trust = own.with(copy);
        let (answer, looked) = copy.check_with_evidence(&ids, &trust, now)?;
        let count = |is: &dyn Fn(Verdict) -> bool| answer.answers.iter().filter(|one| is(one.verdict)).count();
        let not_looked_up = count(&|verdict| verdict == Verdict::Unchecked);
        unchecked += not_looked_up;
        report.servers.push(Server {
            origin: copy.origin().to_owned(),
            issued: copy.head().issued.to_string(),
            tree_size: copy.head().size,
            findings: count(&|verdict| !matches!(verdict, Verdict::NoNotice | Verdict::Unchecked)),
            unchecked: not_looked_up,
        });
        lock.add(copy, &trust, answer, &looked);
    }
    let text = lock.to_json().map_err(LockedNothing::Form)?;
    if text.len() as u64 > MAX_LOCK {
        return Err(LockedNothing::TooLarge(text.len()).into());
    }
    file::write_new(&arguments.out, text.as_bytes(), Readers::Everyone)?;
    output.show(&report)?;
    Ok(if unchecked > 0 { ExitCode::Unreachable } else { ExitCode::Done })
}

#[derive(Serialize)]
struct Report {
    lock: String,
    identifiers: usize,
    /// How many things in the folder could not be read.
    unread: u64,
    servers: Vec<Server>,
}

#[derive(Serialize)]
struct Server {
    origin: String,
    issued: String,
    tree_size: u64,
    findings: usize,
    unchecked: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} identifiers locked in {}", self.identifiers, self.lock.bold())?;
        for Server { origin, issued, tree_size, findings, unchecked } in &self.servers {
            writeln!(f, "  {origin} as of {issued}, tree size {tree_size}: it knows something of {findings} of them")?;
            if *unchecked > 0 {
                writeln!(f, "  {} {unchecked} could not be looked up, which the lock says", "unchecked:".yellow().bold())?;
            }
        }
        if self.unread > 0 {
            writeln!(
                f,
                "{} {} things in the folder could not be read: `palinode scan` names them",
                "incomplete:".yellow(),
                self.unread
            )?;
        }
        write!(f, "`palinode verify-lock {}` shows it later, without a network", self.lock)
    }
}
