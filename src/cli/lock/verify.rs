//! `palinode verify-lock`: shows what was known when a lock was made, and whether a folder still is what was locked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;
use owo_colors::OwoColorize;
use serde::Serialize;

use super::surveying::Surveyed;
use crate::cli::index::IndexArguments;
use crate::cli::{Complaint, ExitCode, Failure, Output, file};
use crate::client::answers::IdAnswer;
use crate::client::index::{IndexError, Pinned};
use crate::client::lock::{Lock, LockError, LockFault, MAX_LOCK, Sighted, VerifiedServer};
use crate::scan::hashing::{Algorithm, Algorithms};
use crate::verdict::Verdict;

const EXAMPLES: &str = "\
Needs nothing but the file: signatures of operators, logs and issuers, proofs and verdicts are worked out again, as of the day when
it was made. Keys that are pinned in the local index for the same log must be those of the file. What nothing shows is told: that
a server left nothing out, and what was looked up in digest lists.

With PATH, the folder is looked at again, and must hold what was locked.

Exit codes: 0 it shows what it says, and the folder is what was locked; 1 the folder is not; 2 it is no lock file; 4 a signature, a
proof or a verdict in it does not hold, or the keys are others than those that are pinned.

Examples:
  palinode verify-lock palinode.lock.json
  palinode verify-lock supplement/palinode.lock.json data/";

/// Arguments of `palinode verify-lock`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct VerifyLockArguments {
    /// The lock file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// A folder that should be what was locked
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,
    /// Where the local index lies, whose pinned keys are compared
    #[command(flatten)]
    pub index: IndexArguments,
}

/// A file that is no lock, or shows nothing.
#[derive(Debug, thiserror::Error)]
enum NotVerified {
    #[error("{}: {source}", path.display())]
    Form { path: PathBuf, source: LockError },
    #[error("not verified: {0}")]
    Fault(#[from] LockFault),
    #[error("not verified: {0}")]
    Keys(IndexError),
    #[error("the lock names a digest that this program does not compute: {0:?}")]
    Algorithm(String),
}

impl Complaint for NotVerified {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Form { .. } | Self::Algorithm(_) => ExitCode::Usage,
            Self::Fault(_) | Self::Keys(_) => ExitCode::Integrity,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Form { .. } => "`palinode lock` writes lock files".to_owned(),
            Self::Algorithm(_) => "use the version of palinode that made it, or a later one".to_owned(),
            Self::Fault(_) => {
                "the file was changed after it was made, or shows nothing: ask whoever made it for the original".to_owned()
            }
            Self::Keys(_) => {
                "somebody else may have made the answers in it: compare the keys with what the operator says".to_owned()
            }
        })
    }
}

pub(in crate::cli) fn run(arguments: &VerifyLockArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let bytes = file::read(&arguments.file, MAX_LOCK)?;
    let lock = Lock::parse(&bytes).map_err(|source| NotVerified::Form { path: arguments.file.clone(), source })?;
    let servers = lock.verify().map_err(NotVerified::Fault)?;
    let mut shown = Vec::new();
    for server in servers {
        let is_pinned = is_pinned(arguments, &server.keys)?;
        shown.push(Server::new(&server, is_pinned));
    }
    let folder = arguments.path.as_deref().map(|path| compare(&lock, path, &arguments.file)).transpose()?;
    let differs = folder.as_ref().is_some_and(Comparison::differs);
    let report = Report {
        lock: arguments.file.display().to_string(),
        made: lock.made.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        identifiers: lock.inventory.len(),
        servers: shown,
        folder,
    };
    output.show(&report)?;
    Ok(if differs { ExitCode::Refused } else { ExitCode::Done })
}

/// Whether the keys of a server are pinned here; other ones that are pinned for its log are an error.
fn is_pinned(arguments: &VerifyLockArguments, keys: &Pinned) -> Result<bool, Failure> {
    // Without a place there is no index, and nothing to compare.
    let Ok(folder) = arguments.index.folder() else { return Ok(false) };
    let Some(pinned) = Pinned::read(&folder.server(keys.origin()))? else { return Ok(false) };
    pinned.agrees_with(keys).map_err(NotVerified::Keys)?;
    Ok(true)
}

fn compare(lock: &Lock, path: &Path, lock_file: &Path) -> Result<Comparison, Failure> {
    let algorithms =
        lock.algorithms.iter().map(|word| Algorithm::parse(word).ok_or_else(|| NotVerified::Algorithm(word.clone())));
    let algorithms = algorithms.collect::<Result<Algorithms, _>>()?;
    let now = Surveyed::of(path, algorithms, lock.code, true, Some(lock_file))?;
    Ok(Comparison::of(path, &lock.inventory, &now.inventory))
}

/// How a folder differs from what was locked.
#[derive(Serialize)]
struct Comparison {
    path: String,
    /// Identifiers and places that were locked and are not there.
    gone: Vec<Seen>,
    /// Those that are there and were not locked.
    new: Vec<Seen>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    id: String,
    place: String,
}

impl Comparison {
    fn of(path: &Path, locked: &[Sighted], now: &[Sighted]) -> Self {
        let pairs = |inventory: &[Sighted]| -> BTreeSet<(String, String)> {
            let pairs =
                inventory.iter().flat_map(|sighted| sighted.places.iter().map(|place| (sighted.id.clone(), place.clone())));
            pairs.collect()
        };
        let (locked, now) = (pairs(locked), pairs(now));
        let seen = |pairs: Vec<(String, String)>| pairs.into_iter().map(|(id, place)| Seen { id, place }).collect();
        Self {
            path: path.display().to_string(),
            gone: seen(locked.difference(&now).cloned().collect()),
            new: seen(now.difference(&locked).cloned().collect()),
        }
    }

    fn differs(&self) -> bool {
        !self.gone.is_empty() || !self.new.is_empty()
    }
}

#[derive(Serialize)]
struct Report {
    lock: String,
    made: String,
    identifiers: usize,
    servers: Vec<Server>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<Comparison>,
}

#[derive(Serialize)]
struct Server {
    origin: String,
    operator_key: String,
    log_key: String,
    /// Whether these keys are pinned here.
    keys_pinned: bool,
    issued: String,
    tree_size: u64,
    entries_verified: usize,
    own_pins: bool,
    digest_lists_not_shown: usize,
    /// How many identifiers have each verdict.
    verdicts: BTreeMap<&'static str, usize>,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Finding {
    id: String,
    verdict: &'static str,
    notices: Vec<String>,
}

impl Server {
    fn new(server: &VerifiedServer, keys_pinned: bool) -> Self {
        let mut verdicts = BTreeMap::new();
        for answer in &server.answers {
            *verdicts.entry(answer.verdict.as_str()).or_insert(0) += 1;
        }
        let is_finding = |answer: &&IdAnswer| answer.verdict != Verdict::NoNotice;
        let findings = server.answers.iter().filter(is_finding).map(|answer| Finding {
            id: answer.asked.clone(),
            verdict: answer.verdict.as_str(),
            notices: answer.matches.iter().map(|found| found.notice.to_string()).collect(),
        });
        Self {
            origin: server.keys.origin().to_owned(),
            operator_key: server.keys.operator.to_multibase(),
            log_key: server.keys.log.to_string(),
            keys_pinned,
            issued: server.issued.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            tree_size: server.size,
            entries_verified: server.entries,
            own_pins: server.own_pins,
            digest_lists_not_shown: server.lists,
            verdicts,
            findings: findings.collect(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} identifiers, locked at {}", self.lock.bold(), self.identifiers, self.made)?;
        for server in &self.servers {
            let Server { origin, issued, tree_size, entries_verified, .. } = server;
            let verdicts: Vec<_> = server.verdicts.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
            writeln!(f, "  {origin} as of {issued}, tree size {tree_size}: {}", verdicts.join(", "))?;
            writeln!(
                f,
                "    verified: head, checkpoint, {entries_verified} entries with proofs and signatures; verdicts decided again"
            )?;
            if !server.keys_pinned {
                writeln!(f, "    under the keys in the file; compare them with what the operator says:")?;
                writeln!(f, "    operator  {}\n    log       {}", server.operator_key, server.log_key)?;
            }
            if server.own_pins {
                writeln!(f, "    with other trust settings than those of its operator: whoever made the lock chose them")?;
            }
            if server.digest_lists_not_shown > 0 {
                writeln!(f, "    what stands in {} digest lists is taken from the file", server.digest_lists_not_shown)?;
            }
            for finding in &server.findings {
                writeln!(
                    f,
                    "    {} {}  {}",
                    finding.verdict.to_uppercase().red().bold(),
                    finding.id,
                    finding.notices.join(", ")
                )?;
            }
        }
        match &self.folder {
            None => Ok(()),
            Some(folder) if !folder.differs() => writeln!(f, "{} holds what was locked", folder.path),
            Some(folder) => {
                writeln!(f, "{} {} is not what was locked:", "differs:".red().bold(), folder.path)?;
                let more = told(f, "gone", &folder.gone)? + told(f, "new ", &folder.new)?;
                if more > 0 { writeln!(f, "  and {more} more places") } else { Ok(()) }
            }
        }
    }
}

/// How many places with a difference of each kind are told one by one.
const MOST_TOLD: usize = 20;

/// Tells of places, each once whatever number of digests it has; how many are not told.
fn told(f: &mut fmt::Formatter<'_>, mark: &str, seen: &[Seen]) -> Result<usize, fmt::Error> {
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Seen { id, place } in seen {
        places.entry(place).or_default().push(id);
    }
    for (place, ids) in places.iter().take(MOST_TOLD) {
        let shown = ids.iter().find(|id| id.starts_with("sha256:")).or(ids.first()).copied().unwrap_or_default();
        let more = if ids.len() > 1 { format!(" and {} more", ids.len() - 1) } else { String::new() };
        writeln!(f, "  {mark} {place}  {shown}{more}")?;
    }
    Ok(places.len().saturating_sub(MOST_TOLD))
}
