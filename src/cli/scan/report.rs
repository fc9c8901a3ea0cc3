use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

use chrono::{DateTime, Utc};
use owo_colors::OwoColorize;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
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
    inventory: &'r Inventory,
    /// What each of those who were asked knows.
    sources: Vec<Said<'r>>,
    #[serde(skip)]
    strict: bool,
}

/// What one source knows about an inventory.
struct Said<'r> {
    answers: &'r Answers,
    /// Where each identifier that something is known about was seen.
    seen: HashMap<&'r str, Vec<&'r Sighting>>,
}

/// What one notice says about what lies here.
struct Group<'r> {
    notice: NoticeId,
    verdict: Verdict,
    found: Vec<(&'r IdAnswer, &'r MatchAnswer)>,
}

impl<'r> Report<'r> {
    pub(super) fn of(inventory: &'r Inventory, sources: &'r [Answers], arguments: &ScanArguments) -> Self {
        let sources = sources.iter().map(|answers| Said::of(inventory, answers)).collect();
        Self { inventory, sources, strict: arguments.strict }
    }

    fn fmt_group(&self, f: &mut fmt::Formatter<'_>, said: &Said, group: &Group) -> fmt::Result {
        let Some((answer, first)) = group.found.first() else { return Ok(()) };
        let about = said.answers.notices.get(&group.notice);
        let title = about.and_then(|about| about.payload.pointer("/dataset/title")?.as_str()).unwrap_or("a dataset");
        writeln!(f, "{}  {}", coloured(group.verdict), title.bold())?;
        writeln!(f, "  {}", group.verdict.sentence(answer.part))?;
        for (answer, found) in group.found.iter().take(MOST_IDENTIFIERS) {
            self.fmt_match(f, said, answer, found)?;
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
        writeln!(f, "  notice    {}\n", group.notice)
    }

    fn fmt_match(&self, f: &mut fmt::Formatter<'_>, said: &Said, answer: &IdAnswer, found: &MatchAnswer) -> fmt::Result {
        let sightings = said.seen.get(answer.asked.as_str()).map(Vec::as_slice).unwrap_or_default();
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

    fn fmt_counts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = &self.inventory.counts;
        let code = if counts.code_files > 0 { format!(", {} of code", counts.code_files) } else { String::new() };
        writeln!(
            f,
            "looked at {} files in {} folders: {} of metadata{code}; {} hashed ({} bytes, {} files from the cache)",
            counts.files, counts.folders, counts.metadata_files, counts.hashed_files, counts.hashed_bytes, counts.cached_files
        )?;
        if self.strict && counts.unread > 0 {
            writeln!(f, "{} {} files or folders could not be read", "strict:".red().bold(), counts.unread)?;
        }
        Ok(())
    }
}

impl<'r> Said<'r> {
    fn of(inventory: &'r Inventory, answers: &'r Answers) -> Self {
        let mut seen: HashMap<&str, Vec<&Sighting>> = HashMap::new();
        for sighting in &inventory.sightings {
            if answers.found.contains_key(sighting.identifier.as_str()) {
                seen.entry(sighting.identifier.as_str()).or_default().push(sighting);
            }
        }
        Self { answers, seen }
    }

    /// What matched, a group for each notice, the most severe first.
    fn groups(&self) -> Vec<Group<'r>> {
        let mut groups: BTreeMap<NoticeId, Group> = BTreeMap::new();
        for answer in self.answers.found.values() {
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

    fn fmt_unanswered(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for answer in self.answers.found.values() {
            if let Some(error) = &answer.error {
                writeln!(f, "{} {}: {error}", "not looked up:".yellow().bold(), answer.asked)?;
            }
            if answer.incomplete {
                writeln!(f, "{} {}: a list that a notice names is not there", "incomplete:".yellow().bold(), answer.asked)?;
            }
        }
        Ok(())
    }

    fn fmt_summary(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Answers { asked, unknown, origin, tree_size, .. } = self.answers;
        if *asked == 0 {
            return writeln!(f, "nothing was found that can be looked up");
        }
        let time = self.answers.checkpoint_time.map_or_else(|| "an unknown time".to_owned(), in_words);
        writeln!(f, "{unknown} of {asked} identifiers: no notice known to {origin} as of {time}, tree size {tree_size}")?;
        let stale = match self.answers.freshness {
            Freshness::Fresh => None,
            Freshness::Stale => Some("what is known there is older than --max-age"),
            Freshness::Unknown => Some("it does not say how old its checkpoint is"),
        };
        if let Some(stale) = stale {
            writeln!(f, "{} {stale}", "stale:".yellow().bold())?;
        }
        if let Some(error) = &self.answers.interruption {
            let unanswered = self.answers.unanswered();
            writeln!(f, "{} {unanswered} identifiers were not looked up: {error}", "interrupted:".red().bold())?;
        }
        Ok(())
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for said in &self.sources {
            for group in said.groups() {
                self.fmt_group(f, said, &group)?;
            }
            said.fmt_unanswered(f)?;
        }
        self.fmt_remarks(f)?;
        self.fmt_counts(f)?;
        self.sources.iter().try_for_each(|said| said.fmt_summary(f))
    }
}

/// The answers with everything that was said, also what this version does not know; those without a hit are counted.
impl Serialize for Said<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Answers { by, origin, tree_size, checkpoint_time, freshness, trust, asked, unknown, found, interruption, .. } =
            self.answers;
        let raw: Vec<&Value> = found.values().map(|answer| &answer.raw).collect();
        let mut said = serializer.serialize_struct("Said", 10)?;
        said.serialize_field("by", by)?;
        said.serialize_field("origin", origin)?;
        said.serialize_field("tree_size", tree_size)?;
        said.serialize_field("checkpoint_time", checkpoint_time)?;
        said.serialize_field("freshness", freshness)?;
        said.serialize_field("trust", trust)?;
        said.serialize_field("asked", asked)?;
        said.serialize_field("no_notice", unknown)?;
        said.serialize_field("answers", &raw)?;
        said.serialize_field("interrupted", interruption)?;
        said.end()
    }
}

/// Since when it holds, what to do until when, and what to use instead.
fn fmt_notice(f: &mut fmt::Formatter<'_>, about: &NoticeAnswer) -> fmt::Result {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let items = |name: &str| about.payload.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let effective = text(&about.payload, "effective").or_else(|| text(&about.payload, "issued")).unwrap_or_default();
    let seen = about.first_seen.map(|seen| format!(", first seen there {}", in_words(seen)));
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

fn in_words(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
