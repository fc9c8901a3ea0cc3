//! Findings as Markdown: for comments on pull requests and job summaries.

use std::fmt::Write as _;

use super::model::{Findings, IgnoreState, State};
use super::table::{count, not_used, of_ledger};
use crate::scan::Evidence;

const MOST_PLACES: usize = 50;

/// The whole report. Everything that strangers wrote is escaped: it makes no links, headings, tables or mentions.
pub(super) fn text(findings: &Findings) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_to(&mut text, findings);
    text
}

fn write_to(text: &mut String, findings: &Findings) -> std::fmt::Result {
    writeln!(text, "## Datasets with notices\n")?;
    for dataset in &findings.datasets {
        let part = dataset.part.map(|part| format!(" ({part})")).unwrap_or_default();
        writeln!(text, "### {}{part}: {}\n", dataset.verdict.as_str(), escaped(&dataset.title))?;
        writeln!(text, "{}\n", dataset.verdict.sentence(dataset.part))?;
        writeln!(text, "| where | what matched | how strongly | verdict |\n|---|---|---|---|")?;
        for finding in dataset.findings.iter().take(MOST_PLACES) {
            let seen = match finding.evidence {
                Evidence::NamedInCode => ", named in code, bytes not seen",
                Evidence::DigestDisproved => ", digest stated, the bytes here have another",
                Evidence::NamedInMetadata => ", named in metadata",
                Evidence::DigestStated => ", digest stated, bytes not hashed",
                Evidence::BytesHashed => ", bytes hashed",
            };
            let state = match finding.state {
                State::New => "",
                State::Known => ", known",
                State::Ignored => ", ignored",
            };
            let (place, id) = (escaped(&finding.shown), escaped(&finding.identifier));
            writeln!(text, "| {place} | {id} | {}{seen} | {}{state} |", escaped(&finding.strength), finding.verdict)?;
        }
        if let Some(more @ 1..) = dataset.findings.len().checked_sub(MOST_PLACES) {
            writeln!(text, "\n{more} more places are not listed here.")?;
        }
        writeln!(text)?;
        for (id, notice) in &dataset.notices {
            write!(text, "- **{}** by {}", escaped(&notice.kind), escaped(&notice.speaker()))?;
            let facts = [
                ("since", notice.since.clone()),
                ("reasons", (!notice.reasons.is_empty()).then(|| notice.reasons.join(", "))),
                ("do", notice.to_do()),
                ("instead", (!notice.replacements.is_empty()).then(|| notice.replacements.join(", "))),
                ("notice", Some(id.clone())),
            ];
            for (word, fact) in facts {
                if let Some(fact) = fact {
                    write!(text, "; {word}: {}", escaped(&fact))?;
                }
            }
            writeln!(text)?;
        }
        writeln!(text)?;
    }
    if findings.datasets.is_empty() {
        writeln!(text, "None was found.\n")?;
    }
    for unchecked in findings.unchecked.iter().take(MOST_PLACES) {
        writeln!(text, "- not looked up: {} ({})", escaped(&unchecked.identifier), escaped(&unchecked.why))?;
    }
    for remark in findings.remarks.iter().take(MOST_PLACES) {
        writeln!(text, "- remark: {}", escaped(&remark.to_string()))?;
    }
    if let Some(more @ 1..) = findings.remarks.len().checked_sub(MOST_PLACES) {
        writeln!(text, "- {more} more remarks are not listed here")?;
    }
    for ignore in findings.ignores.iter().filter(|ignore| ignore.state != IgnoreState::Used) {
        writeln!(text, "- ignore: {}", escaped(&not_used(ignore)))?;
    }
    if let Some(left_out) = findings.digests.told() {
        writeln!(text, "- digests: {}", escaped(&left_out))?;
    }
    for fault in findings.broken.iter().chain(&findings.interrupted) {
        writeln!(text, "- **{}**", escaped(fault))?;
    }
    let (identifiers, files) = (count(findings.identifiers as u64, "identifier"), count(findings.counts.files, "file"));
    writeln!(text, "\nLooked up: {identifiers} in {files}.\n")?;
    findings.ledgers.iter().try_for_each(|ledger| writeln!(text, "{}  ", escaped(&of_ledger(findings, ledger))))
}

/// Text that means itself in every flavour of Markdown.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in crate::cli::printable::one_line(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // A word joiner would do as well, but an entity can be copied.
            '@' => escaped.push_str("&#64;"),
            ':' => escaped.push_str("&#58;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '!' | '|' | '~' | '-' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
