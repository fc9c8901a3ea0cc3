use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use owo_colors::OwoColorize;
use serde::{Serialize, Serializer};

use super::verification::Verification;
use crate::cli::connection::Connection;
use crate::client::answers::{CheckAnswer, IdAnswer, IssuerAnswer, MatchAnswer, MissingList, NoticeAnswer};
use crate::client::index::LocalIndex;
use crate::notice::NoticeId;
use crate::verdict::Verdict;

/// How many notices are looked up for their titles and dates.
pub(super) const MOST_LOOKED_UP: usize = 50;

/// Whether the answers are recent enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Freshness {
    /// They are.
    Fresh,
    /// The server has not cosigned its log for too long.
    Stale,
    /// The server does not say when it cosigned its log.
    Unknown,
}

/// What a server answered.
#[derive(Serialize)]
pub(super) struct Report {
    server: String,
    origin: String,
    tree_size: u64,
    checkpoint_time: Option<DateTime<Utc>>,
    freshness: Freshness,
    trust: String,
    #[serde(serialize_with = "as_they_came")]
    answers: Vec<IdAnswer>,
    /// Who says what matched, by DID.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    issuers: BTreeMap<String, IssuerAnswer>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    notices: BTreeMap<NoticeId, About>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<Verification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interrupted: Option<Interruption>,
}

/// The server stopped answering before everything was asked.
#[derive(Serialize)]
struct Interruption {
    error: String,
    unanswered: usize,
}

/// What the server says about a notice that matched.
#[derive(Serialize)]
pub(super) struct About {
    title: Option<String>,
    issuer_name: Option<String>,
    first_seen: Option<DateTime<Utc>>,
}

impl About {
    /// What is shown of a notice with this payload.
    pub(super) fn of(payload: &serde_json::Value, issuer_name: Option<String>, first_seen: Option<DateTime<Utc>>) -> Self {
        let title = payload.pointer("/dataset/title").and_then(serde_json::Value::as_str).map(str::to_owned);
        Self { title, issuer_name, first_seen }
    }
}

impl Report {
    /// Puts the answers together. Of several parts, the smallest tree and the oldest time hold for all of them.
    pub(super) fn new(
        connection: &Connection,
        parts: Vec<CheckAnswer>,
        freshness: Freshness,
        proof: Option<Verification>,
    ) -> Self {
        let place = connection.url().to_string();
        let mut report = Self::of(place, parts, freshness, proof);
        report.notices = look_up(connection, &report.answers);
        report
    }

    /// The same of what a copy in the local index answers.
    pub(super) fn of_copy(
        copy: &LocalIndex,
        answer: CheckAnswer,
        notices: BTreeMap<NoticeId, About>,
        freshness: Freshness,
    ) -> Self {
        let place = format!("the local index (a copy of {})", copy.pinned().url);
        Self { notices, ..Self::of(place, vec![answer], freshness, None) }
    }

    fn of(place: String, parts: Vec<CheckAnswer>, freshness: Freshness, proof: Option<Verification>) -> Self {
        let first = parts.first();
        let (origin, trust) = first.map(|part| (part.origin.clone(), part.trust.clone())).unwrap_or_default();
        let tree_size = parts.iter().map(|part| part.tree_size).min().unwrap_or_default();
        let checkpoint_time = parts.iter().filter_map(|part| part.checkpoint_time).min();
        let mut issuers = BTreeMap::new();
        let mut answers: Vec<IdAnswer> = Vec::new();
        for part in parts {
            answers.extend(part.answers);
            issuers.extend(part.issuers.into_iter().map(|issuer| (issuer.did.clone(), issuer)));
        }
        Self {
            server: place,
            origin,
            tree_size,
            checkpoint_time,
            freshness,
            trust,
            answers,
            issuers,
            notices: BTreeMap::new(),
            proof,
            interrupted: None,
        }
    }

    /// Notes that the server stopped answering before all of the `asked` identifiers were answered.
    pub(super) fn interrupt(&mut self, error: String, asked: usize) {
        self.interrupted = Some(Interruption { error, unanswered: asked.saturating_sub(self.answers.len()) });
    }

    /// How many identifiers were not answered.
    pub(super) fn unanswered(&self) -> usize {
        self.interrupted.as_ref().map_or(0, |interruption| interruption.unanswered)
    }

    fn no_notice(&self) -> String {
        let time = self.checkpoint_time.map_or_else(|| "an unknown time".to_owned(), in_words);
        format!("no notice known to {} as of {time}, tree size {}", self.origin, self.tree_size)
    }

    fn fmt_answer(&self, f: &mut fmt::Formatter<'_>, answer: &IdAnswer) -> fmt::Result {
        write!(f, "{}", answer.asked.bold())?;
        match &answer.id {
            Some(id) if *id != answer.asked => writeln!(f, "  ({id})")?,
            _ => writeln!(f)?,
        }
        let verdict = answer.verdict;
        match (&answer.error, verdict) {
            (Some(error), _) => writeln!(f, "  {}: {error}", "not looked up".yellow().bold())?,
            (None, Verdict::NoNotice) => writeln!(f, "  {}", self.no_notice())?,
            (None, _) => writeln!(f, "  {}  {}", coloured(verdict, answer), verdict.sentence(answer.part))?,
        }
        if answer.missing_lists.contains(&MissingList::Removed) {
            let why = "a digest list that a notice names was removed there and does not come back, so the truth may be worse";
            writeln!(f, "  {} {why}", "incomplete:".yellow())?;
        }
        if answer.missing_lists.contains(&MissingList::NotThere) {
            writeln!(f, "  {} a list that a notice names is not there, so the truth may be worse", "incomplete:".yellow())?;
        }
        for found in &answer.matches {
            self.fmt_match(f, found)?;
        }
        if answer.more {
            writeln!(f, "  more notices match than are listed")?;
        }
        Ok(())
    }

    fn fmt_match(&self, f: &mut fmt::Formatter<'_>, found: &MatchAnswer) -> fmt::Result {
        let about = self.notices.get(&found.notice);
        let title = about.and_then(|about| about.title.as_deref()).map(|title| format!(" of {title}")).unwrap_or_default();
        writeln!(f, "  - {}{title}", found.kind)?;
        let role = found.role.as_ref().map(|role| format!(" as {role}")).unwrap_or_default();
        let name = about.and_then(|about| about.issuer_name.as_ref()).map(|name| format!("{name}, ")).unwrap_or_default();
        writeln!(f, "    says      {name}{}{role}", found.issuer)?;
        if let Some(issuer) = self.issuers.get(&found.issuer) {
            fmt_remarks(f, issuer)?;
        }
        let basis = found.basis.as_ref().map(|basis| format!(" ({basis})")).unwrap_or_default();
        writeln!(f, "    authority {}{basis}", found.authority)?;
        let subject = found.subject.as_deref().unwrap_or("its identifier");
        writeln!(f, "    matched   {subject}, {}, {}", found.strength, found.coverage)?;
        if let Some(steps) = &found.path {
            writeln!(f, "    derived   {}", path(steps))?;
        }
        if let Some(date) = &found.scheduled_for {
            writeln!(f, "    from      {date}")?;
        }
        if let Some(seen) = about.and_then(|about| about.first_seen) {
            writeln!(f, "    since     {}", in_words(seen))?;
        }
        writeln!(f, "    notice    {}", found.notice)
    }

    fn fmt_proof(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(proof) = &self.proof else { return Ok(()) };
        for line in proof.lines() {
            writeln!(f, "{} {line}", "proof:".bold())?;
        }
        for what in proof.unverified() {
            writeln!(f, "{} {what}", "could not be verified:".yellow().bold())?;
        }
        for fault in proof.faults() {
            writeln!(f, "{} {fault}", "broken:".red().bold())?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for answer in &self.answers {
            self.fmt_answer(f, answer)?;
            writeln!(f)?;
        }
        let time = self.checkpoint_time.map_or_else(|| "an unknown time".to_owned(), in_words);
        writeln!(f, "{} at {}, as of {time}, tree size {}", self.origin, self.server, self.tree_size)?;
        let remark = match self.freshness {
            Freshness::Fresh => None,
            Freshness::Stale => Some("its checkpoint is older than --max-age; ask another server"),
            Freshness::Unknown => Some("it does not say how old its checkpoint is"),
        };
        if let Some(remark) = remark {
            writeln!(f, "{} {remark}", "stale:".yellow().bold())?;
        }
        if let Some(Interruption { error, unanswered }) = &self.interrupted {
            writeln!(f, "{} {unanswered} identifiers were not looked up: {error}", "interrupted:".red().bold())?;
        }
        self.fmt_proof(f)
    }
}

/// Why somebody should be looked at twice, as the server says.
fn fmt_remarks(f: &mut fmt::Formatter<'_>, issuer: &IssuerAnswer) -> fmt::Result {
    if issuer.key_changed {
        writeln!(
            f,
            "    {} the keys of this domain began anew: `palinode publisher show` tells them apart",
            "key-changed:".yellow()
        )?;
    }
    issuer.marks.iter().try_for_each(|mark| writeln!(f, "    {} {}", "look twice:".yellow().bold(), mark.text))
}

/// Titles and dates of the notices that matched: for reading only, so that one which cannot be had is left out.
fn look_up(connection: &Connection, answers: &[IdAnswer]) -> BTreeMap<NoticeId, About> {
    let mut known = BTreeMap::new();
    for found in answers.iter().flat_map(|answer| &answer.matches) {
        if known.len() >= MOST_LOOKED_UP {
            break;
        }
        if known.contains_key(&found.notice) {
            continue;
        }
        let Ok(Some(shown)) = connection.try_ask(connection.client.notice(&found.notice)) else { continue };
        let NoticeAnswer { payload, first_seen, issuer_name, .. } = shown;
        known.insert(found.notice, About::of(&payload, issuer_name, first_seen));
    }
    known
}

fn coloured(verdict: Verdict, answer: &IdAnswer) -> String {
    let part = answer.part.map(|part| format!(" ({part})")).unwrap_or_default();
    let word = format!("{}{part}", verdict.as_str().to_uppercase());
    match verdict {
        Verdict::Retracted | Verdict::PartRetracted | Verdict::DerivedFromRetracted => word.red().bold().to_string(),
        _ => word.yellow().bold().to_string(),
    }
}

/// The way from the asked identifier up to the one that a notice speaks of.
fn path(steps: &[serde_json::Value]) -> String {
    let step = |step: &serde_json::Value| {
        let text = |name: &str| step.get(name).and_then(serde_json::Value::as_str).unwrap_or("?").to_owned();
        format!("{} from {} (inherits: {})", text("relation"), text("parent"), text("inherits"))
    };
    steps.iter().map(step).collect::<Vec<_>>().join(", ")
}

fn in_words(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The answers with everything that the server said, also what this version does not know.
fn as_they_came<S: Serializer>(answers: &[IdAnswer], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(answers.iter().map(|answer| &answer.raw))
}
