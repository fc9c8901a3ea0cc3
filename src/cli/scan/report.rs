use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use owo_colors::OwoColorize;
use serde::Serialize;
use serde_json::Value;

use super::asking::Answers;
use super::{ScanArguments, unnamed};
use crate::cli::check::Freshness;
use crate::client::answers::{IdAnswer, MatchAnswer, NoticeAnswer};
use crate::notice::NoticeId;
use crate::scan::{Inventory, Sighting};
use crate::verdict::Verdict;

/// How many places of one identifier, identifiers of one notice, and remarks are shown to people; programs get all.
const MOST_PLACES: usize = 5;
const MOST_IDENTIFIERS: usize = 10;
const MOST_REMARKS: usize = 20;

/// What a scan found, and what is known about it: the one place where both meet.
#[derive(Serialize)]
pub(super) struct Report<'r> {
    /// Who answered.
    asked: &'r str,
    origin: &'r str,
    tree_size: u64,
    checkpoint_time: Option<chrono::DateTime<chrono::Utc>>,
    freshness: Freshness,
    trust: &'r str,
    #[serde(serialize_with = "as_they_came")]
    answers: &'r BTreeMap<String, IdAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interrupted: Option<&'r str>,
    inventory: &'r Inventory,
    #[serde(skip)]
    known: &'r Answers,
    #[serde(skip)]
    strict: bool,
}

/// What one notice says about what lies here.
struct Group<'r> {
    notice: NoticeId,
    verdict: Verdict,
    found: Vec<(&'r IdAnswer, &'r MatchAnswer)>,
}

impl<'r> Report<'r> {
    pub(super) fn of(inventory: &'r Inventory, answers: &'r Answers, arguments: &ScanArguments) -> Self {
        Self {
            asked: &answers.by,
            origin: &answers.origin,
            tree_size: answers.tree_size,
            checkpoint_time: answers.checkpoint_time,
            freshness: answers.freshness,
            trust: &answers.trust,
            answers: &answers.by_identifier,
            interrupted: answers.interruption.as_deref(),
            inventory,
            known: answers,
            strict: arguments.strict,
        }
    }

    /// What matched, a group for each notice, the most severe first.
    fn groups(&self) -> Vec<Group<'r>> {
        let mut groups: BTreeMap<NoticeId, Group> = BTreeMap::new();
        for answer in self.known.findings() {
            for found in &answer.matches {
                let verdict = found.verdict.as_deref().and_then(Verdict::parse).unwrap_or(answer.verdict);
                let group =
                    groups.entry(found.notice).or_insert_with(|| Group { notice: found.notice, verdict, found: Vec::new() });
                if verdict.severity(None) > group.verdict.severity(None) {
                    group.verdict = verdict;
                }
                group.found.push((answer, found));
            }
        }
        let mut groups: Vec<_> = groups.into_values().collect();
        groups.sort_by_key(|group| Reverse(group.verdict.severity(None)));
        groups
    }

    fn fmt_group(&self, f: &mut fmt::Formatter<'_>, group: &Group) -> fmt::Result {
        let Some((answer, first)) = group.found.first() else { return Ok(()) };
        let about = self.known.notices.get(&group.notice);
        let text = |pointer: &str| about.and_then(|about| about.payload.pointer(pointer)?.as_str());
        let title = text("/dataset/title").unwrap_or("a dataset");
        writeln!(f, "{}  {}", coloured(group.verdict), title.bold())?;
        writeln!(f, "  {}", group.verdict.sentence(answer.part))?;
        for (answer, found) in group.found.iter().take(MOST_IDENTIFIERS) {
            self.fmt_match(f, answer, found)?;
        }
        if let Some(more @ 1..) = group.found.len().checked_sub(MOST_IDENTIFIERS) {
            writeln!(f, "  and {more} more identifiers")?;
        }
        let name = about.and_then(|about| about.issuer_name.as_ref()).map(|name| format!("{name}, ")).unwrap_or_default();
        let role = first.role.as_ref().map(|role| format!(" as {role}")).unwrap_or_default();
        let basis = first.basis.as_ref().map(|basis| format!(" ({basis})")).unwrap_or_default();
        writeln!(f, "  says      {name}{}{role}; authority {}{basis}", first.issuer, first.authority)?;
        if let Some(about) = about {
            fmt_notice(f, about)?;
        }
        if let Some(date) = &first.scheduled_for {
            writeln!(f, "  from      {date}")?;
        }
        writeln!(f, "  notice    {}", group.notice)
    }

    fn fmt_match(&self, f: &mut fmt::Formatter<'_>, answer: &IdAnswer, found: &MatchAnswer) -> fmt::Result {
        let sightings: Vec<_> = self.sightings(&answer.asked).collect();
        let evidence = sightings.iter().map(|sighting| sighting.evidence).max().map_or("", |evidence| evidence.as_str());
        writeln!(f, "  matched   {}, {}, {}, {evidence}", answer.asked, found.strength, found.coverage)?;
        if let Some(steps) = &found.path {
            writeln!(f, "            derived: {}", path(steps))?;
        }
        for sighting in sightings.iter().take(MOST_PLACES) {
            writeln!(f, "            {}", self.inventory.shown(&sighting.place))?;
        }
        match sightings.len().checked_sub(MOST_PLACES) {
            Some(more @ 1..) => writeln!(f, "            and {more} more places"),
            _ => Ok(()),
        }
    }

    fn sightings(&self, identifier: &str) -> impl Iterator<Item = &'r Sighting> {
        self.inventory.sightings.iter().filter(move |sighting| sighting.identifier.as_str() == identifier)
    }

    fn fmt_remarks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let remarks = &self.inventory.remarks;
        for remark in remarks.iter().take(MOST_REMARKS) {
            writeln!(f, "{} {}: {}", "note:".yellow(), self.inventory.shown(&remark.place), remark.why)?;
        }
        let more = remarks.len().saturating_sub(MOST_REMARKS) as u64 + self.inventory.counts.more_remarks;
        if more > 0 {
            writeln!(f, "{} {more} more notes; --format json has them", "note:".yellow())?;
        }
        for root in unnamed(self.inventory) {
            writeln!(f, "{} {root}: nothing in it can be looked up", "note:".yellow())?;
        }
        Ok(())
    }

    fn fmt_summary(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = &self.inventory.counts;
        let code = if counts.code_files > 0 { format!(", {} of code", counts.code_files) } else { String::new() };
        writeln!(
            f,
            "looked at {} files in {} folders: {} of metadata{code}; {} hashed ({} bytes, {} files from the cache)",
            counts.files, counts.folders, counts.metadata_files, counts.hashed_files, counts.hashed_bytes, counts.cached_files
        )?;
        let asked = self.inventory.identifiers().len();
        if asked == 0 {
            return writeln!(f, "nothing was found that can be looked up");
        }
        let time = self
            .checkpoint_time
            .map_or_else(|| "an unknown time".to_owned(), |time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        let unknown =
            self.answers.values().filter(|answer| answer.verdict == Verdict::NoNotice && answer.matches.is_empty()).count();
        writeln!(
            f,
            "{unknown} of {asked} identifiers: no notice known to {} as of {time}, tree size {}",
            self.origin, self.tree_size
        )?;
        let stale = match self.freshness {
            Freshness::Fresh => None,
            Freshness::Stale => Some("its checkpoint is older than --max-age; ask another server"),
            Freshness::Unknown => Some("it does not say how old its checkpoint is"),
        };
        if let Some(stale) = stale {
            writeln!(f, "{} {stale}", "stale:".yellow().bold())?;
        }
        if let Some(error) = self.interrupted {
            let unanswered = asked.saturating_sub(self.answers.len());
            writeln!(f, "{} {unanswered} identifiers were not looked up: {error}", "interrupted:".red().bold())?;
        }
        if self.strict && counts.unread > 0 {
            writeln!(f, "{} {} files or folders could not be read", "strict:".red().bold(), counts.unread)?;
        }
        Ok(())
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for group in self.groups() {
            self.fmt_group(f, &group)?;
            writeln!(f)?;
        }
        for answer in self.answers.values() {
            if let Some(error) = &answer.error {
                writeln!(f, "{} {}: {error}", "not looked up:".yellow().bold(), answer.asked)?;
            }
            if answer.incomplete {
                writeln!(f, "{} {}: a list that a notice names is not there", "incomplete:".yellow().bold(), answer.asked)?;
            }
        }
        self.fmt_remarks(f)?;
        self.fmt_summary(f)
    }
}

/// Since when it holds, what to do until when, and what to use instead.
fn fmt_notice(f: &mut fmt::Formatter<'_>, about: &NoticeAnswer) -> fmt::Result {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let items = |name: &str| about.payload.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let effective = text(&about.payload, "effective").or_else(|| text(&about.payload, "issued")).unwrap_or_default();
    let seen = about.first_seen.map(|seen| format!(", first seen there {}", seen.format("%Y-%m-%dT%H:%M:%SZ")));
    writeln!(f, "  since     {effective}{}", seen.unwrap_or_default())?;
    for action in items("actions") {
        let until = text(&action, "deadline").map(|deadline| format!(" until {deadline}")).unwrap_or_default();
        writeln!(f, "  do        {}{until}", text(&action, "do").unwrap_or_default())?;
    }
    for replacement in items("replacements") {
        writeln!(f, "  instead   {}", text(&replacement, "id").unwrap_or_default())?;
    }
    Ok(())
}

fn coloured(verdict: Verdict) -> String {
    let word = verdict.as_str().to_uppercase();
    match verdict {
        Verdict::Retracted | Verdict::PartRetracted | Verdict::DerivedFromRetracted => word.red().bold().to_string(),
        _ => word.yellow().bold().to_string(),
    }
}

/// The way from what was found up to what a notice speaks of.
fn path(steps: &[Value]) -> String {
    let step = |step: &Value| {
        let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or("?").to_owned();
        format!("{} from {} (inherits: {})", text("relation"), text("parent"), text("inherits"))
    };
    steps.iter().map(step).collect::<Vec<_>>().join(", ")
}

/// The answers with everything that the server said, also what this version does not know.
fn as_they_came<S: serde::Serializer>(answers: &BTreeMap<String, IdAnswer>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(answers.values().map(|answer| &answer.raw))
}
