//! `palinode check`: asks a server, or the local index, what is known about identifiers.

mod offline;
mod private;
mod questions;
mod report;
mod verification;

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::connection::Connection;
use super::witnesses::{WitnessArguments, WitnessesError};
use super::{ExitCode, Failure, Output};
use crate::client::answers::{CheckAnswer, IdAnswer};
use crate::clock::{Clock, SystemClock};
use crate::verdict::{Part, Verdict};

pub use offline::OfflineArguments;
pub(super) use offline::fetching;
pub(in crate::cli) use questions::parse_age;

use questions::Questions;
use report::{Freshness, Report};
use verification::{LogKey, Verification};

const EXAMPLES: &str = "\
An identifier is a DOI, a URL, a Hub or Kaggle name, a digest, a torrent, a name and more, in any usual spelling.

Exit codes: 0 all looked up and nothing at the --fail-on level; 1 a finding; 2 malformed; 3 could not look up; 4 a proof is
broken; 5 nothing to check.

With --proof, the server sends the entries it looked at with their proofs; signatures, proofs and verdicts are worked out again
here. Give --log-key to be independent of the key that the server itself publishes. With --witness-key or --policy, enough
witnesses must have cosigned the checkpoint; with too few, nothing was shown, and the exit code is 3.

With --offline, nobody is asked: every copy of a compact list that `palinode index update` fetched answers, and the most severe
answer decides. What needs entries that are not here is not looked up, and ends with 3; --local fetches them, 256 at a time.

With --private, the server is told the first 4 digits of each digest and answers for all digests that begin so; which one is
meant is compared here. Where very much is known, it is told up to 6. It still learns that somebody holds a file whose digest
begins like that, and many digests of one dataset give the dataset away together: scan whole folders against a local index, which
asks nobody. Blinded digests of sensitive notices are found by a local index, or without --private, and not with it.

Examples:
  palinode check doi:10.5281/zenodo.1234567
  palinode check doi:10.5281/zenodo.1234567 --offline
  palinode check sha256:$(sha256sum faces.tar | cut -d' ' -f1) --private
  palinode check https://huggingface.co/datasets/example/faces --server https://ledger.example.org/
  palinode check --file identifiers.txt --fail-on concern
  sha256sum *.tar | cut -d' ' -f1 | palinode check -";

/// Arguments of `palinode check`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckArguments {
    /// Identifiers to ask about; `-` reads them from standard input, one a line
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Read identifiers from a file, one a line; empty lines and lines that begin with # are skipped
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Which server to ask
    #[arg(long, value_name = "URL", env = "PALINODE_SERVER", default_value = "http://127.0.0.1:8080/")]
    pub server: String,
    /// The mildest verdict that ends with exit code 1
    #[arg(long, value_name = "LEVEL", default_value = "derived-from-retracted", value_parser = levels())]
    pub fail_on: Verdict,
    /// Tell the server only the first digits of a digest, and compare here
    #[arg(long, conflicts_with_all = ["proof", "offline", "local"])]
    pub private: bool,
    /// Fetch entries and proofs, verify them, and decide the verdict again here
    #[arg(long)]
    pub proof: bool,
    /// Key of the server's log, as a verifier key; without it, the key that the server publishes is taken
    #[arg(long, value_name = "VKEY", requires = "proof")]
    pub log_key: Option<String>,
    /// Whose cosignatures the checkpoint must have; only with --proof
    #[command(flatten)]
    pub witnesses: WitnessArguments,
    /// How old the server's newest checkpoint may be, such as 12h or 7d; an older answer ends with exit code 3
    #[arg(long, value_name = "AGE", default_value = "7d", value_parser = parse_age)]
    pub max_age: TimeDelta,
    /// End with exit code 3 when an answer is incomplete
    #[arg(long)]
    pub strict: bool,
    /// Whether nobody is asked
    #[command(flatten)]
    pub offline: OfflineArguments,
}

/// Verdicts that can be made to fail, most severe first (domain, section 3, "Order"): those of the order but the last, which
/// says that nothing was found.
pub(in crate::cli) fn levels() -> impl TypedValueParser<Value = Verdict> {
    let has_a_severity = |verdict: &&Verdict| verdict.severity(None).is_some() && **verdict != Verdict::NoNotice;
    let words = Verdict::ALL.iter().filter(has_a_severity).map(|verdict| verdict.as_str());
    PossibleValuesParser::new(words).try_map(|word| Verdict::parse(&word).ok_or(UnknownLevel(word)))
}

/// A word that is no verdict.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no verdict")]
struct UnknownLevel(String);

pub(super) fn run(arguments: &CheckArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let ids = questions::read(arguments)?;
    if !arguments.proof && !arguments.witnesses.is_empty() {
        return Err(WitnessesError::NoProof.into());
    }
    if arguments.offline.offline || arguments.offline.local {
        return offline::run(&ids, arguments, output);
    }
    if arguments.private {
        return private::run(&ids, arguments, output);
    }
    let policy = arguments.witnesses.read()?;
    let connection = Connection::open(&arguments.server)?;
    let log_key = match (&arguments.log_key, arguments.proof) {
        (_, false) => None,
        (Some(text), true) => Some(LogKey::given(text)?),
        (None, true) => Some(LogKey::published(&connection)?),
    };
    if let Some(key) = &log_key {
        key.accepted(policy.as_ref())?;
    }
    let mut parts = Vec::new();
    let mut verification = log_key.as_ref().map(Verification::begin);
    let mut interruption = None;
    let mut questions = Questions::of(&ids);
    while let Some(some) = questions.next() {
        let answer = match connection.ask(connection.client.check(some, arguments.proof)) {
            Ok(answer) => answer,
            Err(error) if error.is_refused_as("too-much-evidence") && questions.halve(some) => continue,
            Err(error) if parts.is_empty() => return Err(error.into()),
            // What was found before is not lost: a finding counts for more than what could not be asked.
            Err(error) => {
                interruption = Some(error.to_string());
                break;
            }
        };
        if let (Some(verification), Some(key)) = (&mut verification, &log_key) {
            verification.check(&connection, &answer, key, policy.as_ref(), SystemClock.now());
        }
        parts.push(answer);
    }
    let now = SystemClock.now();
    let freshness = freshness(&parts, now, arguments.max_age);
    let mut code = exit_code(&parts, arguments, freshness, verification.as_ref());
    let mut report = Report::new(&connection, parts, freshness, verification);
    if let Some(error) = interruption {
        report.interrupt(error, ids.len());
    }
    if report.unanswered() > 0 {
        code = code.or_graver(ExitCode::Unreachable);
    }
    output.show(&report)?;
    Ok(code)
}

/// How this ends: the gravest of what each answer, the proofs and the age of the checkpoint mean.
fn exit_code(
    parts: &[CheckAnswer],
    arguments: &CheckArguments,
    freshness: Freshness,
    verification: Option<&Verification>,
) -> ExitCode {
    let level = arguments.fail_on;
    let answers = parts.iter().flat_map(|part| &part.answers);
    let mut code =
        answers.map(|answer| exit_code_of(answer, level, arguments.strict)).fold(ExitCode::Done, ExitCode::or_graver);
    if freshness != Freshness::Fresh {
        code = code.or_graver(ExitCode::Unreachable);
    }
    if let Some(verification) = verification {
        code = code.or_graver(verification.exit_code());
    }
    code
}

fn exit_code_of(answer: &IdAnswer, level: Verdict, strict: bool) -> ExitCode {
    exit_code_for((answer.verdict, answer.part), answer.incomplete, level, strict)
}

fn exit_code_for((verdict, part): (Verdict, Option<Part>), incomplete: bool, level: Verdict, strict: bool) -> ExitCode {
    let unchecked = matches!(verdict, Verdict::Unchecked | Verdict::Unidentified) || (strict && incomplete);
    let found = if verdict.is_finding_at(part, level) { ExitCode::Refused } else { ExitCode::Done };
    found.or_graver(if unchecked { ExitCode::Unreachable } else { ExitCode::Done })
}

/// When the oldest of the answers was true, and whether that is recent enough.
fn freshness(parts: &[CheckAnswer], now: DateTime<Utc>, max_age: TimeDelta) -> Freshness {
    let times: Option<Vec<_>> = parts.iter().map(|part| part.checkpoint_time).collect();
    freshness_of(times.and_then(|times| times.into_iter().min()), now, max_age)
}

fn freshness_of(oldest: Option<DateTime<Utc>>, now: DateTime<Utc>, max_age: TimeDelta) -> Freshness {
    match oldest {
        None => Freshness::Unknown,
        Some(oldest) if now - oldest > max_age => Freshness::Stale,
        Some(_) => Freshness::Fresh,
    }
}
