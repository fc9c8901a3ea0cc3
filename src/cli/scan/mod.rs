//! `palinode scan`: looks at dataset folders and at code.
//!
//! What is read stays here: [`crate::scan`] makes an inventory, [`asking`] has its identifiers looked up, and [`report`] shows what both
//! say together.

mod asking;
mod bar;
mod report;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use chrono::TimeDelta;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::check::{Freshness, levels, own_pins, parse_age, trust_of};
use super::connection::Connection;
use super::index::IndexArguments;
use super::{Complaint, ExitCode, Failure, Output};
use crate::client::index::LocalIndex;
use crate::clock::{Clock, SystemClock};
use crate::scan::hashing::{Algorithm, Algorithms};
use crate::scan::{Inventory, Settings, SurveyError, survey};
use crate::verdict::{Trust, Verdict};

use asking::Answers;
use bar::Bar;
use report::Report;

const EXAMPLES: &str = "\
A scan reads what tools leave beside data (caches of the Hub, Kaggle and TFDS, git and LFS, git-annex, DVC, BagIt, Croissant,
RO-Crate, Frictionless, DataCite, BIDS, codemeta, CITATION.cff, Zenodo, checksum files, torrents), then hashes the files. With
--code it reads code as well: digests, torrents, share ids and dataset names in loaders, notebooks, scripts and bibliographies.

Nothing leaves this machine: what was found is looked up in the local index, which `palinode index update` fetches. With --ask, the
identifiers that were found (digests among them, never a file name) are told to that server instead.

Exit codes: 0 all looked up and nothing at the --fail-on level; 1 a finding; 2 usage; 3 could not look up, and with --strict
something that could not be read or named; 4 broken integrity; 5 nothing to check. Of several, the first of 4, 1, 3, 5, 0.

Examples:
  palinode index update --server https://ledger.example.org/ && palinode scan data/faces
  palinode scan . --code --no-hash
  palinode scan ~/datasets --digest sha256,md5 --fail-on concern
  palinode scan data --strict --format json --ask https://ledger.example.org/ > scan.json";

/// Arguments of `palinode scan`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct ScanArguments {
    /// Folders and files to look at; links are not followed out of them
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Read code too: what it fetches or cites counts as "named in code, bytes not seen"; what .gitignore names is left out
    #[arg(long)]
    pub code: bool,
    /// Ask this server, which is thereby told the identifiers that were found
    #[arg(long, value_name = "URL", conflicts_with = "offline")]
    pub ask: Option<String>,
    /// Ask nobody, which is how it is without --ask: say so where it must not change
    #[arg(long)]
    pub offline: bool,
    /// Where the local index lies, from which questions are answered
    #[command(flatten)]
    pub index: IndexArguments,
    /// A folder of pin files: publishers whom you trust beside those whom each server of the index trusts
    #[arg(long, value_name = "DIR", conflicts_with = "ask")]
    pub pins: Option<PathBuf>,
    /// Trust nobody but your own pins
    #[arg(long, conflicts_with = "ask")]
    pub own_trust: bool,
    /// The mildest verdict that ends with exit code 1
    #[arg(long, value_name = "LEVEL", default_value = "derived-from-retracted", value_parser = levels())]
    pub fail_on: Verdict,
    /// How old what is known may be, such as 12h or 7d; anything older ends with exit code 3
    #[arg(long, value_name = "AGE", default_value = "7d", value_parser = parse_age)]
    pub max_age: TimeDelta,
    /// End with exit code 3 when something could not be read or named, or an answer is incomplete
    #[arg(long)]
    pub strict: bool,
    /// End with exit code 0 when there is nothing to check
    #[arg(long)]
    pub allow_empty: bool,
    /// Hash no files: look only at names, metadata and pointers
    #[arg(long)]
    pub no_hash: bool,
    /// Which digests of files are computed, all in one pass
    #[arg(long, value_name = "ALGORITHM", value_delimiter = ',', default_value = "sha256", value_parser = algorithms())]
    pub digest: Vec<Algorithm>,
    /// How many files are hashed at once; without it, one for each core
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Read every file anew, and remember no digests for the next scan
    #[arg(long)]
    pub no_cache: bool,
}

fn algorithms() -> impl TypedValueParser<Value = Algorithm> {
    let words = Algorithm::ALL.iter().map(|algorithm| algorithm.as_str());
    PossibleValuesParser::new(words).try_map(|word| Algorithm::parse(&word).ok_or(UnknownAlgorithm(word)))
}

/// A word that is no algorithm.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no algorithm")]
struct UnknownAlgorithm(String);

/// Why there are no answers.
#[derive(Debug, thiserror::Error)]
enum ScanError {
    /// Nothing to look anything up in.
    #[error("nothing is in the local index {0}, so nothing was looked up")]
    EmptyIndex(String),
}

impl Complaint for ScanError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Unreachable
    }

    fn help(&self) -> Option<String> {
        Some(
            "fetch a list first: palinode index update --server https://ledger.example.org/; or --ask URL, which tells that server \
             the identifiers that are found"
                .to_owned(),
        )
    }
}

impl Complaint for SurveyError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }

    fn help(&self) -> Option<String> {
        Some("give folders and files that are there and that you may read".to_owned())
    }
}

pub(super) fn run(arguments: &ScanArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    // What cannot be asked at all is said before hours of hashing.
    let asked = match &arguments.ask {
        Some(server) => Asked::Server(Box::new(Connection::open(server)?)),
        None => Asked::Index(local_index(arguments)?, own_pins(arguments.pins.as_deref())?),
    };
    let bar = Bar::new();
    let inventory = survey(&arguments.paths, &settings(arguments), &bar);
    bar.end();
    let inventory = inventory?;
    let sources = match &asked {
        Asked::Server(connection) => vec![Answers::of_server(connection, &inventory, arguments.max_age)?],
        Asked::Index(copies, own) => {
            let trust = |copy| trust_of(copy, own, arguments.own_trust);
            let answers = copies.iter().map(|copy| Answers::of_index(copy, &trust(copy), &inventory, arguments.max_age));
            answers.collect::<Result<_, _>>()?
        }
    };
    let code = exit_code(arguments, &inventory, &sources);
    output.show(&Report::of(&inventory, &sources, arguments))?;
    Ok(code)
}

/// Who answers.
enum Asked {
    Server(Box<Connection>),
    /// The copies of the local index, and whom the asker pinned.
    Index(Vec<LocalIndex>, Trust),
}

fn local_index(arguments: &ScanArguments) -> Result<Vec<LocalIndex>, Failure> {
    let folder = arguments.index.folder()?;
    let copies = LocalIndex::open_all(&folder)?;
    if copies.is_empty() {
        return Err(ScanError::EmptyIndex(folder.path().display().to_string()).into());
    }
    Ok(copies)
}

fn settings(arguments: &ScanArguments) -> Settings {
    let algorithms = if arguments.no_hash { Algorithms::NONE } else { arguments.digest.iter().copied().collect() };
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Settings {
        algorithms,
        code: arguments.code,
        workers: arguments.jobs.unwrap_or(cores),
        cache: if arguments.no_cache { None } else { cache_folder() },
        now: SystemClock.now().into(),
    }
}

/// Where caches belong (XDG Base Directory Specification): a relative path there means nothing.
#[expect(clippy::disallowed_methods, reason = "the environment says where caches belong")]
fn cache_folder() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
    Some(caches.join("palinode"))
}

/// How a scan ends: the gravest of what each answer and each thing that was not looked at mean.
fn exit_code(arguments: &ScanArguments, inventory: &Inventory, sources: &[Answers]) -> ExitCode {
    let mut code = ExitCode::Done;
    for answer in sources.iter().flat_map(|answers| answers.found.values()) {
        code = code.or_graver(super::check::exit_code_of(answer, arguments.fail_on, arguments.strict));
    }
    if inventory.sightings.is_empty() && !arguments.allow_empty {
        code = code.or_graver(ExitCode::NothingToCheck);
    }
    let is_doubtful =
        |answers: &Answers| answers.interruption.is_some() || (answers.asked > 0 && answers.freshness != Freshness::Fresh);
    let unread = inventory.counts.unread > 0 || !unnamed(inventory).is_empty();
    if sources.iter().any(is_doubtful) || (arguments.strict && unread) {
        code = code.or_graver(ExitCode::Unreachable);
    }
    code
}

/// The given paths below which nothing was found that can be looked up.
fn unnamed(inventory: &Inventory) -> Vec<&str> {
    let mut named = vec![false; inventory.roots.len()];
    for sighting in &inventory.sightings {
        if let Some(root) = named.get_mut(sighting.place.root) {
            *root = true;
        }
    }
    inventory.roots.iter().zip(named).filter(|(_, named)| !named).map(|(root, _)| root.as_str()).collect()
}
