//! One record as a draft.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{Record, RecordDraft, Tally, reasons};
use crate::notice::{Fault, Identifier, Reason};

/// Longest title of a notice, in characters (domain, section 2).
const LONGEST_NAME: usize = 300;
/// Most reasons of a notice.
const MOST_REASONS: usize = 16;

/// The draft of a record; `None`, counted, when it becomes none.
pub(super) fn of_record(record: &Record, all: bool, tally: &mut Tally) -> Option<RecordDraft> {
    let is_dataset = record.list("ArticleType").any(names_a_dataset);
    if !is_dataset && !all {
        tally.not_datasets += 1;
        return None;
    }
    let kind = kind(record, is_dataset, tally)?;
    let Some(subject) = subject(record) else {
        tally.nameless += 1;
        return None;
    };
    let reasons = codes(record, is_dataset, tally);
    // A paper that was retracted is no retraction of its data: it describes them, and somebody should look.
    let role = if is_dataset { "whole" } else { "described-by" };
    let mut draft = json!({
        "type": kind,
        "issuer": {"role": "observer"},
        "dataset": {"title": cut(record.get("Title")), "publisher_name": publisher(record)},
        "subjects": [{"id": subject, "role": role}],
        "scope": {"kind": "whole"},
        "reasons": reasons,
        "actions": [{"do": "inform"}],
        "texts": {"texts": [{"language": "en", "statement": statement(record)}], "references": references(record)},
    });
    if let Some(day) = date(record.get("RetractionDate"), tally) {
        draft["effective"] = json!(day.format("%Y-%m-%d").to_string());
    }
    if kind == "retraction" && reasons.first().is_some_and(|reason| reason.default_fault() == Fault::None) {
        // Where nothing is wrong there is no retraction; what the record leaves open is left open.
        draft["fault"] = json!(Fault::Unknown);
    }
    Some(RecordDraft { record: record.get("Record ID").to_owned(), draft })
}

fn names_a_dataset(kind: &str) -> bool {
    let kind = kind.to_lowercase();
    kind == "data"
        || kind.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "dataset" | "datasets"))
        || kind.contains("data set")
}

fn kind(record: &Record, is_dataset: bool, tally: &mut Tally) -> Option<&'static str> {
    match record.get("RetractionNature").to_lowercase().as_str() {
        "retraction" if is_dataset => Some("retraction"),
        "retraction" | "expression of concern" => Some("expression-of-concern"),
        "correction" => Some("correction"),
        "reinstatement" => {
            tally.reinstatements += 1;
            None
        }
        other => {
            *tally.unknown_natures.entry(other.to_owned()).or_default() += 1;
            None
        }
    }
}

/// The DOI, else the title as a name, which is never more than a possible match.
fn subject(record: &Record) -> Option<String> {
    let doi = known(record.get("OriginalPaperDOI")).and_then(|doi| Identifier::normalise(&format!("doi:{doi}")).ok());
    let named = || Identifier::of_name(record.get("Title")).ok();
    doi.or_else(named).map(|id| id.to_string())
}

/// An identifier that the record has. The table writes several words for one that it has not.
fn known(text: &str) -> Option<&str> {
    let absent = text.is_empty() || text == "0" || text.eq_ignore_ascii_case("unavailable") || text.eq_ignore_ascii_case("n/a");
    (!absent).then_some(text)
}

fn codes(record: &Record, is_dataset: bool, tally: &mut Tally) -> Vec<Reason> {
    let mut codes = if is_dataset { Vec::new() } else { vec![Reason::ArticleRetracted] };
    for words in record.list("Reason") {
        match reasons::code(words) {
            Some(code) if !codes.contains(&code) && codes.len() < MOST_REASONS => codes.push(code),
            Some(_) => {}
            None => *tally.unknown_reasons.entry(words.to_owned()).or_default() += 1,
        }
    }
    // "Not stated" beside a reason that is stated says nothing.
    if codes.len() > 1 {
        codes.retain(|code| *code != Reason::NotStated);
    }
    if codes.is_empty() { vec![Reason::NotStated] } else { codes }
}

/// `month/day/year`, with or without a time, or ISO 8601. Years of two digits are nobody's to guess.
fn date(text: &str, tally: &mut Tally) -> Option<NaiveDate> {
    let day = text.split_whitespace().next()?;
    let american = || {
        let mut parts = day.split('/');
        let (month, date, year) = (parts.next()?, parts.next()?, parts.next()?);
        let whole = year.len() == 4 && parts.next().is_none();
        if whole { NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?) } else { None }
    };
    let read = day
        .parse()
        .ok()
        .or_else(american)
        .filter(|day: &NaiveDate| *day >= NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default());
    if read.is_none() {
        *tally.unknown_dates.entry(text.to_owned()).or_default() += 1;
    }
    read
}

fn publisher(record: &Record) -> String {
    let named = [record.get("Publisher"), record.get("Journal")].into_iter().find(|name| !name.is_empty());
    cut(named.unwrap_or("Not named in the record"))
}

fn cut(name: &str) -> String {
    let name = if name.is_empty() { "Without title" } else { name };
    name.chars().take(LONGEST_NAME).collect()
}

/// Nobody's own words: what the record says, so that whoever signs it can add what they know.
fn statement(record: &Record) -> String {
    let reasons: Vec<&str> = record.list("Reason").collect();
    let reasons = if reasons.is_empty() { "none".to_owned() } else { reasons.join("; ") };
    let text = format!(
        "The Retraction Watch database has this as record {}, of the nature \"{}\" and the date {}, with the reasons: {reasons}.",
        record.get("Record ID"),
        record.get("RetractionNature"),
        record.get("RetractionDate"),
    );
    text.chars().take(crate::notice::MAX_STATEMENT).collect()
}

/// The publisher's own notice, and what the record links.
fn references(record: &Record) -> Vec<Value> {
    let notice = known(record.get("RetractionDOI")).and_then(|doi| Identifier::normalise(&format!("doi:{doi}")).ok());
    let notice = notice
        .filter(|id| id.scheme() == crate::notice::Scheme::Doi)
        .map(|id| json!({"type": "report", "url": format!("https://doi.org/{}", id.value())}));
    let linked = record
        .list("URLS")
        .filter(|url| url.starts_with("https://"))
        .take(20)
        .map(|url| json!({"type": "article", "url": url}));
    notice.into_iter().chain(linked).collect()
}
