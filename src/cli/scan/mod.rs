//! `palinode scan`: looks at dataset folders and at code.
//!
//! What is read stays here: [`crate::scan`] makes an inventory, [`asking`] has its identifiers looked up, and
//! [`findings`] tells what both say together.

mod asking;
mod bar;
mod wanted;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::findings::{self, Asked, FindingsArguments};
use super::index::{IndexArguments, TrustArguments};
use super::{Complaint, ExitCode, Failure, Output, OutputError, file};
use crate::clock::{Clock, SystemClock};
use crate::scan::hashing::{Algorithm, Algorithms};
use crate::scan::{Settings, SurveyError, survey};

use asking::Ledgers;
pub(super) use bar::Bar;
pub(super) use wanted::{asked_or, named_by};

const EXAMPLES: &str = "\
A scan reads what tools leave beside data (caches of the Hub, Kaggle and TFDS, git and LFS, git-annex, DVC, BagIt, Croissant,
RO-Crate, Frictionless, DataCite, BIDS, codemeta, CITATION.cff, Zenodo, checksum files, torrents), then hashes the files. With
--code it reads code as well: digests, torrents, share ids and dataset names in loaders, notebooks, scripts and bibliographies.

Nothing leaves this machine: what was found is looked up in the local index, which `palinode index update` fetches. With --ask, the
identifiers that were found (digests among them, never a file name) are told to that server instead.

Files are read once, and just those digests are computed that notices in the local index name: sha256 where some name sha256, md5
beside it where some name md5. Where one names blinded digests (of material that nobody should find), nobody can say of which kind
these are, so all are computed. --digest says otherwise, and the report says what was left out by that.

Exit codes: 0 all looked up and nothing at the --fail-on level; 1 a finding; 2 usage; 3 could not look up, and with --strict
something that could not be read or named; 4 broken integrity; 5 nothing to check. Of several, the first of 4, 1, 3, 5, 0.

Examples:
  palinode index update --server https://ledger.example.org/ && palinode scan data/faces
  palinode scan . --code --no-hash
  palinode scan ~/datasets --digest sha256,md5 --fail-on concern
  palinode scan . --code --report sarif --out palinode.sarif
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
    #[arg(long, value_name = "URL", conflicts_with_all = ["offline", "pins", "own_trust"])]
    pub ask: Option<String>,
    /// Ask nobody, which is how it is without --ask: say so where it must not change
    #[arg(long)]
    pub offline: bool,
    /// Where the local index lies, from which questions are answered
    #[command(flatten)]
    pub index: IndexArguments,
    /// Whom to trust; a server that is asked trusts whom its operator does
    #[command(flatten)]
    pub trust: TrustArguments,
    /// What a finding is worth, and how findings are shown
    #[command(flatten)]
    pub findings: FindingsArguments,
    /// Write everything that was seen to this file, as JSON: each identifier with its place, and each remark
    #[arg(long, value_name = "FILE")]
    pub inventory: Option<PathBuf>,
    /// Hash no files: look only at names, metadata and pointers
    #[arg(long)]
    pub no_hash: bool,
    /// Which digests of files are computed, all in one pass; without it, those that the local index asks for, and with --ask sha256
    #[arg(long, value_name = "ALGORITHM", value_delimiter = ',', value_parser = algorithms(), conflicts_with = "no_hash")]
    pub digest: Vec<Algorithm>,
    /// How many files are hashed at once; without it, one for each core
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Read every file anew, and remember no digests for the next scan
    #[arg(long)]
    pub no_cache: bool,
}

pub(super) fn algorithms() -> impl TypedValueParser<Value = Algorithm> {
    let words = Algorithm::ALL.iter().map(|algorithm| algorithm.as_str());
    PossibleValuesParser::new(words).try_map(|word| Algorithm::parse(&word).ok_or(UnknownAlgorithm(word)))
}

/// A word that is no algorithm.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no algorithm")]
struct UnknownAlgorithm(String);

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
    let ledgers = Ledgers::of(arguments)?;
    let bar = Bar::new();
    let needed = ledgers.needed();
    let inventory = survey(&arguments.paths, &settings(arguments, wanted::computed(arguments, needed)), &bar);
    bar.end();
    let inventory = inventory?;
    if let Some(path) = &arguments.inventory {
        let json = serde_json::to_vec_pretty(&inventory).map_err(|error| OutputError::from(std::io::Error::from(error)))?;
        file::replace(path, &json)?;
    }
    let asked = Asked { needed: needed.map(|needed| needed.iter().collect()), ..ledgers.look_up(&inventory)? };
    findings::report(&inventory, asked, &arguments.findings, SystemClock.now(), output)
}

fn settings(arguments: &ScanArguments, algorithms: Algorithms) -> Settings {
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Settings {
        algorithms,
        code: arguments.code,
        workers: arguments.jobs.unwrap_or(cores),
        cache: if arguments.no_cache { None } else { cache_folder() },
        leaving_out: None,
        now: SystemClock.now().into(),
    }
}

/// Where caches belong (XDG Base Directory Specification): a relative path there means nothing.
#[expect(clippy::disallowed_methods, reason = "the environment says where caches belong")]
pub(super) fn cache_folder() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
    Some(caches.join("palinode"))
}
