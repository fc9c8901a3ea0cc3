//! `palinode check --private`: asks for the first digits of a digest, and compares at home.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use owo_colors::OwoColorize;
use serde::Serialize;

use super::report::Freshness;
use super::{CheckArguments, freshness_of};
use crate::cli::connection::{Connection, ConnectionError};
use crate::cli::{Complaint, ExitCode, Failure, Output};
use crate::client::answers::DigestRangeAnswer;
use crate::clock::{Clock, SystemClock};
use crate::notice::{DigestPrefix, Identifier, NoticeId};
use crate::verdict::{Part, Verdict};

/// Why something cannot be asked without telling it.
#[derive(Debug, thiserror::Error)]
pub(super) enum PrivateError {
    /// Only digests of files are spread evenly, so that many share a prefix with any of them.
    #[error("{0:?} is no digest of a file: only md5, sha1, sha256, sha512 and blake3 can be asked for by their first digits")]
    NoDigest(String),
}

impl Complaint for PrivateError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }

    fn help(&self) -> Option<String> {
        Some(
            "write the algorithm before the digits, such as sha256:<64 hex digits>; or ask a local index, which tells nobody"
                .to_owned(),
        )
    }
}

/// What a server answered to somebody who did not tell what was asked.
#[derive(Serialize)]
struct PrivateReport {
    server: String,
    origin: String,
    tree_size: u64,
    checkpoint_time: Option<DateTime<Utc>>,
    freshness: Freshness,
    answers: Vec<PrivateAnswer>,
}

/// What is known of one digest.
#[derive(Serialize)]
struct PrivateAnswer {
    asked: String,
    /// What the server was told; absent when it was told nothing that it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<String>,
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<Part>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    incomplete: bool,
    notices: Vec<NoticeId>,
    #[serde(skip_serializing_if = "is_none")]
    more: usize,
    /// Why nothing could be looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it by reference")]
fn is_none(more: &usize) -> bool {
    *more == 0
}

pub(super) fn run(ids: &[String], arguments: &CheckArguments, output: &mut Output) -> Result<ExitCode, Failure> {
    let digests = ids.iter().map(|text| digest(text)).collect::<Result<Vec<_>, _>>()?;
    let connection = Connection::open(&arguments.server)?;
    let mut asking = Asking { connection: &connection, known: BTreeMap::new() };
    let mut answers = Vec::with_capacity(digests.len());
    for id in &digests {
        answers.push(asking.ask(id)?);
    }
    // Of several answers, the smallest tree and the oldest time hold for all of them.
    let oldest = asking.known.values().min_by_key(|answer| answer.tree_size);
    let times: Option<Vec<_>> = asking.known.values().map(|answer| answer.checkpoint_time).collect();
    let checkpoint_time = times.and_then(|times| times.into_iter().min());
    let freshness = freshness_of(checkpoint_time, SystemClock.now(), arguments.max_age);
    let report = PrivateReport {
        server: connection.url().to_string(),
        origin: oldest.map(|answer| answer.origin.clone()).unwrap_or_default(),
        tree_size: oldest.map(|answer| answer.tree_size).unwrap_or_default(),
        checkpoint_time,
        freshness,
        answers,
    };
    output.show(&report)?;
    Ok(report.exit_code(arguments))
}

/// A digest as it was written, which names its algorithm.
fn digest(text: &str) -> Result<Identifier, PrivateError> {
    let id = Identifier::normalise(text).ok().filter(|id| DigestPrefix::of(id, DigestPrefix::FEWEST).is_some());
    id.ok_or_else(|| PrivateError::NoDigest(text.to_owned()))
}

/// Ranges that were asked for, each once.
struct Asking<'c> {
    connection: &'c Connection,
    known: BTreeMap<DigestPrefix, DigestRangeAnswer>,
}

impl Asking<'_> {
    /// What is known of a digest, told as few digits as are answered.
    fn ask(&mut self, id: &Identifier) -> Result<PrivateAnswer, ConnectionError> {
        // What everybody holds is matched by nothing, so that nobody needs to be asked.
        if id.is_trivial() {
            return Ok(PrivateAnswer::without_notice(id, None, false));
        }
        let mut digits = DigestPrefix::FEWEST;
        loop {
            let Some(range) = DigestPrefix::of(id, digits) else {
                return Ok(PrivateAnswer::unchecked(id, "the server asks for more digits than there are".to_owned()));
            };
            if !self.known.contains_key(&range) {
                match self.connection.ask(self.connection.client.digest_range(&range)) {
                    Ok(answer) => drop(self.known.insert(range.clone(), answer)),
                    Err(error) if error.is_refused_as("too-many-digests") => match error.digits_asked_for() {
                        Some(more) if more > digits && more <= DigestPrefix::MOST_TOLD => {
                            digits = more;
                            continue;
                        }
                        _ => return Ok(PrivateAnswer::unchecked(id, too_many(digits))),
                    },
                    Err(error) => return Err(error),
                }
            }
            let Some(answer) = self.known.get(&range) else { continue };
            return Ok(PrivateAnswer::found(id, &range, answer));
        }
    }
}

fn too_many(told: usize) -> String {
    let most = DigestPrefix::MOST_TOLD;
    format!(
        "more digests begin like this than the server tells at once, and it is told {told} digits and at most {most}, since with more it \
         could tell which file is meant; ask a local index (`palinode index update`, then --offline), or without --private"
    )
}

impl PrivateAnswer {
    fn found(id: &Identifier, range: &DigestPrefix, answer: &DigestRangeAnswer) -> Self {
        let told = Some(format!("{}:{}", range.algorithm(), range.digits()));
        match answer.of(id) {
            None => Self::without_notice(id, told, answer.incomplete),
            Some(known) => Self {
                asked: id.to_string(),
                told,
                verdict: known.verdict,
                part: known.part,
                incomplete: known.incomplete,
                notices: known.notices.clone(),
                more: known.more,
                error: None,
            },
        }
    }

    fn without_notice(id: &Identifier, told: Option<String>, incomplete: bool) -> Self {
        let verdict = if incomplete { Verdict::Unchecked } else { Verdict::NoNotice };
        Self { asked: id.to_string(), told, verdict, part: None, incomplete, notices: Vec::new(), more: 0, error: None }
    }

    fn unchecked(id: &Identifier, error: String) -> Self {
        Self { error: Some(error), verdict: Verdict::Unchecked, ..Self::without_notice(id, None, false) }
    }
}

impl PrivateReport {
    /// The gravest of what each answer and the age of the checkpoint mean.
    fn exit_code(&self, arguments: &CheckArguments) -> ExitCode {
        let one = |answer: &PrivateAnswer| {
            super::exit_code_for((answer.verdict, answer.part), answer.incomplete, arguments.fail_on, arguments.strict)
        };
        let code = self.answers.iter().map(one).fold(ExitCode::Done, ExitCode::or_graver);
        let asked = self.answers.iter().any(|answer| answer.told.is_some());
        if asked && self.freshness != Freshness::Fresh { code.or_graver(ExitCode::Unreachable) } else { code }
    }

    fn fmt_answer(&self, f: &mut fmt::Formatter<'_>, answer: &PrivateAnswer, time: &str) -> fmt::Result {
        writeln!(f, "{}", answer.asked.bold())?;
        match (&answer.told, &answer.error) {
            (_, Some(error)) => return writeln!(f, "  {} {error}", "not looked up:".yellow().bold()),
            (None, None) => {
                return writeln!(f, "  everybody has such a file: no notice is ever matched with it, and nobody was asked");
            }
            (Some(told), None) => writeln!(f, "  the server was told {told}, and not the rest")?,
        }
        if answer.verdict == Verdict::NoNotice {
            return writeln!(f, "  no notice known to {} as of {time}, tree size {}", self.origin, self.tree_size);
        }
        writeln!(f, "  {}  {}", answer.verdict.as_str().to_uppercase().bold(), answer.verdict.sentence(answer.part))?;
        if answer.incomplete {
            writeln!(f, "  {} a list that a notice names is not there, so the truth may be worse", "incomplete:".yellow())?;
        }
        for notice in &answer.notices {
            writeln!(f, "  - notice {notice}")?;
        }
        if answer.more > 0 {
            writeln!(f, "  and {} more", answer.more)?;
        }
        if answer.notices.is_empty() {
            return Ok(());
        }
        writeln!(f, "  `palinode notice show` reads a notice; a server that is asked for it learns that you look at it")
    }
}

impl fmt::Display for PrivateReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_words = |time: DateTime<Utc>| time.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let time = self.checkpoint_time.map_or_else(|| "an unknown time".to_owned(), in_words);
        for answer in &self.answers {
            self.fmt_answer(f, answer, &time)?;
            writeln!(f)?;
        }
        if self.answers.iter().any(|answer| answer.told.is_some()) {
            writeln!(f, "{} at {}, as of {time}, tree size {}", self.origin, self.server, self.tree_size)?;
            if self.freshness != Freshness::Fresh {
                writeln!(f, "{} its checkpoint is older than --max-age, or has no time", "stale:".yellow().bold())?;
            }
        }
        writeln!(
            f,
            "Sensitive notices name files by blinded digests, which are not found in this way; a local index finds them."
        )
    }
}
