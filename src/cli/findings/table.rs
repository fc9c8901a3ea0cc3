//! Findings for people.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use owo_colors::OwoColorize;

use super::model::{Dataset, Finding, Findings, Ignore, IgnoreState, Ledger, State, words};
use crate::cli::table;
use crate::scan::Evidence;
use crate::verdict::Verdict;

/// How many places are told of one dataset, and how many remarks: the other formats have them all.
const MOST_PLACES: usize = 20;
const MOST_REMARKS: usize = 20;
/// How many digits are told of a digest.
const DIGITS: usize = 12;

/// The whole report. What strangers wrote is made fit for a terminal by whoever prints it.
pub(super) fn text(findings: &Findings) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = findings.datasets.iter().try_for_each(|dataset| of_dataset(&mut text, dataset));
    let _ = remainder(&mut text, findings);
    text
}

fn of_dataset(text: &mut String, dataset: &Dataset) -> std::fmt::Result {
    let part = dataset.part.map(|part| format!(" ({part})")).unwrap_or_default();
    let word = format!("{}{part}", dataset.verdict.as_str().to_uppercase());
    let word = match dataset.verdict {
        Verdict::Retracted | Verdict::PartRetracted | Verdict::DerivedFromRetracted => word.red().bold().to_string(),
        _ => word.yellow().bold().to_string(),
    };
    writeln!(text, "{word}  {}", one_line(&dataset.title).bold())?;
    writeln!(text, "  {}", dataset.verdict.sentence(dataset.part))?;
    let mut places = table(["  where", "what matched", "how strongly", "verdict"]);
    for finding in dataset.findings.iter().take(MOST_PLACES) {
        let where_ = format!("  {}", one_line(&finding.shown));
        places.add_row([where_, shortened(&finding.identifier), strongly(finding), verdict(finding)]);
    }
    writeln!(text, "{}", places.trim_fmt())?;
    if let Some(more @ 1..) = dataset.findings.len().checked_sub(MOST_PLACES) {
        writeln!(text, "  and {more} more places: --report json lists them all")?;
    }
    for (id, notice) in &dataset.notices {
        writeln!(
            text,
            "  {} {}",
            one_line(&notice.kind).bold(),
            notice.title.as_deref().map(|title| format!("of {}", one_line(title))).unwrap_or_default()
        )?;
        writeln!(text, "    says      {}", one_line(&notice.speaker()))?;
        if !notice.reasons.is_empty() {
            writeln!(text, "    reasons   {}", one_line(&notice.reasons.join(", ")))?;
        }
        if let Some(since) = &notice.since {
            writeln!(text, "    since     {}", one_line(since))?;
        }
        if let Some(todo) = notice.to_do() {
            writeln!(text, "    do        {}", one_line(&todo))?;
        }
        if !notice.replacements.is_empty() {
            writeln!(text, "    instead   {}", one_line(&notice.replacements.join(", ")))?;
        }
        let derived = dataset.findings.iter().flat_map(|f| &f.matches).find(|met| met.notice == *id && !met.derived.is_empty());
        if let Some(met) = derived {
            writeln!(text, "    derived   {}", one_line(&met.derived.join(", ")))?;
        }
        writeln!(text, "    notice    {id}")?;
    }
    writeln!(text)
}

/// A digest by its first digits: all of them would make the table wider than a terminal, and other formats have them.
fn shortened(identifier: &str) -> String {
    match identifier.rsplit_once(':') {
        Some((scheme, digits)) if digits.len() >= 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("{scheme}:{}…", digits.get(..DIGITS).unwrap_or(digits))
        }
        _ => identifier.to_owned(),
    }
}

fn strongly(finding: &Finding) -> String {
    let evidence = match finding.evidence {
        Evidence::NamedInCode => "named in code, bytes not seen",
        Evidence::NamedInMetadata => "named in metadata",
        Evidence::DigestDisproved => "digest stated, the bytes here have another",
        Evidence::DigestStated => "digest stated, bytes not hashed",
        Evidence::BytesHashed => "bytes hashed",
    };
    format!("{} ({evidence})", finding.strength)
}

fn verdict(finding: &Finding) -> String {
    match (finding.state, &finding.ignored) {
        (State::Ignored, Some(reason)) => format!("{}, ignored: {}", finding.verdict, one_line(reason)),
        (State::New, _) => finding.verdict.to_string(),
        (State::Known | State::Ignored, _) => format!("{}, known", finding.verdict),
    }
}

fn remainder(text: &mut String, findings: &Findings) -> std::fmt::Result {
    for unchecked in findings.unchecked.iter().take(MOST_REMARKS) {
        writeln!(text, "{} {}: {}", "not looked up:".yellow().bold(), unchecked.identifier, one_line(&unchecked.why))?;
    }
    if let Some(more @ 1..) = findings.unchecked.len().checked_sub(MOST_REMARKS) {
        writeln!(text, "and {more} more were not looked up")?;
    }
    for remark in findings.remarks.iter().take(MOST_REMARKS) {
        writeln!(text, "{} {}", "remark:".cyan().bold(), one_line(&remark.to_string()))?;
    }
    if let Some(more @ 1..) = findings.remarks.len().checked_sub(MOST_REMARKS) {
        writeln!(text, "and {more} more remarks: --report json lists them all")?;
    }
    for ignore in findings.ignores.iter().filter(|ignore| ignore.state != IgnoreState::Used) {
        writeln!(text, "{} {}", "ignore:".yellow().bold(), one_line(&not_used(ignore)))?;
    }
    let counts = &findings.counts;
    let computed = &findings.digests.computed;
    let by = if computed.is_empty() { String::new() } else { format!(" ({})", words(computed)) };
    writeln!(
        text,
        "{} in {}, {}, {} hashed{by}, {} looked up",
        count(counts.files, "file"),
        count(counts.folders, "folder"),
        count(counts.metadata_files, "metadata file"),
        count(counts.hashed_files, "file"),
        count(findings.identifiers as u64, "identifier")
    )?;
    if counts.trivial_files > 0 {
        let files = count(counts.trivial_files, "file");
        writeln!(text, "{files} never matched: empty ones, those under 64 bytes and licence texts are everybody's")?;
    }
    if findings.identifiers == 0 {
        writeln!(text, "nothing was found that could be looked up, which --allow-empty takes for well")?;
    }
    if let Some(left_out) = findings.digests.told() {
        writeln!(text, "{} {left_out}", "digests:".yellow().bold())?;
    }
    if let Some(error) = &findings.interrupted {
        writeln!(text, "{} {}", "interrupted:".red().bold(), one_line(error))?;
    }
    for fault in &findings.broken {
        writeln!(text, "{} {}", "broken:".red().bold(), one_line(fault))?;
    }
    for ledger in &findings.ledgers {
        writeln!(text, "{}", of_ledger(findings, ledger))?;
    }
    Ok(())
}

/// What an entry of `.palinode.toml` is good for any more.
pub(super) fn not_used(ignore: &Ignore) -> String {
    match (ignore.state, &ignore.expires) {
        (IgnoreState::Expired, Some(day)) => {
            format!("{} {} expired on {day}, and covers nothing any more", ignore.at, ignore.id)
        }
        _ => format!("{} {} covers nothing that was found: take it out", ignore.at, ignore.id),
    }
}

/// What a ledger's answers rest on. Without a finding, this is the answer.
pub(super) fn of_ledger(findings: &Findings, ledger: &Ledger) -> String {
    let time = ledger.checkpoint_time.map_or_else(|| "an unknown time".to_owned(), in_words);
    let what = if findings.datasets.is_empty() { "no notice known to" } else { "by the notices known to" };
    let stale = if ledger.stale { " (too old: see --max-age)" } else { "" };
    format!("{what} {} as of {time}, tree size {}{stale}", one_line(&ledger.origin), ledger.tree_size)
}

/// `1 file`, `2 files`.
pub(super) fn count(number: u64, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

fn in_words(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What strangers wrote, as one line that cannot pass for one of ours.
fn one_line(text: &str) -> String {
    crate::cli::printable::one_line(text).into_owned()
}
