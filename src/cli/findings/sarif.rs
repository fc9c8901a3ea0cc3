//! Findings as SARIF 2.1.0 (OASIS Standard, errata 01), in the subset that GitHub code scanning reads.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::model::{Finding, Findings, Met, State};
use super::notice_facts::NoticeFacts;
use crate::scan::Evidence;
use crate::verdict::{Part, Verdict};

/// The name of our fingerprint in `partialFingerprints`.
pub(super) const FINGERPRINT: &str = "palinodeFinding/v1";
/// GitHub takes 25,000 results of a run and shows 5,000; the most severe ones stand first.
const MOST_RESULTS: usize = 5_000;
/// What was ignored or doubtful is told so often; the JSON report tells all of it.
const MOST_REMARKS: usize = 1_000;
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What stands in the path of a URI as it is (RFC 3986, section 3.3), colons apart: they would look like a scheme.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'+').remove(b'=').remove(b'@');

#[derive(Debug, Serialize)]
pub(super) struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    name: String,
    short_description: Text,
    full_description: Text,
    help: Text,
    default_configuration: Configuration,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: Level,
}

#[derive(Debug, Serialize)]
struct Text {
    text: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    exit_code: u8,
    end_time_utc: String,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Debug, Serialize)]
struct Notification {
    level: Level,
    message: Text,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: String,
    rule_index: usize,
    level: Level,
    kind: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
    properties: BTreeMap<&'static str, String>,
}

#[derive(Debug, Serialize)]
struct Suppression {
    kind: &'static str,
    justification: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Debug, Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
}

/// How SARIF grades results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    None,
    Note,
    Warning,
    Error,
}

/// The report as one SARIF log with one run.
pub(super) fn log(findings: &Findings) -> Log {
    let all = || findings.datasets.iter().flat_map(|dataset| dataset.findings.iter().map(move |finding| (dataset, finding)));
    let verdicts: BTreeSet<(Verdict, Option<Part>)> = all().map(|(_, finding)| (finding.verdict, finding.part)).collect();
    let rules: Vec<Rule> = verdicts.iter().map(|(verdict, part)| rule(*verdict, *part)).collect();
    let index = |id: &str| rules.iter().position(|rule| rule.id == id).unwrap_or_default();
    let results = all()
        .take(MOST_RESULTS)
        .map(|(dataset, finding)| {
            let id = rule_id(finding.verdict, finding.part);
            result(findings, &dataset.title, &dataset.notices, finding, index(&id), id)
        })
        .collect();
    let left_out = all().count().saturating_sub(MOST_RESULTS);
    let driver = Driver { name: "palinode", semantic_version: env!("CARGO_PKG_VERSION"), rules };
    Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver },
            invocations: [invocation(findings, left_out)],
            column_kind: "unicodeCodePoints",
            results,
        }],
    }
}

fn invocation(findings: &Findings, left_out: usize) -> Invocation {
    let note = |level: Level, text: String| Notification { level, message: Text { text } };
    let mut notifications: Vec<Notification> =
        findings.ledgers.iter().map(|ledger| note(Level::Note, super::table::of_ledger(findings, ledger))).collect();
    let broken = findings.broken.iter().chain(&findings.interrupted);
    notifications.extend(broken.map(|fault| note(Level::Error, fault.clone())));
    notifications.extend(
        findings
            .unchecked
            .iter()
            .take(MOST_RESULTS)
            .map(|unchecked| note(Level::Warning, format!("{} was not looked up: {}", unchecked.identifier, unchecked.why))),
    );
    let remarks = findings.remarks.iter().take(MOST_REMARKS);
    notifications.extend(remarks.map(|remark| note(Level::Note, remark.to_string())));
    let stale = findings.ignores.iter().filter(|ignore| ignore.state != super::model::IgnoreState::Used);
    notifications.extend(stale.map(|ignore| note(Level::Warning, super::table::not_used(ignore))));
    if left_out > 0 {
        notifications
            .push(note(Level::Warning, format!("{left_out} more findings are left out; the JSON report has them all")));
    }
    Invocation {
        execution_successful: matches!(findings.exit_code.number(), 0 | 1),
        exit_code: findings.exit_code.number(),
        end_time_utc: findings.at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        tool_execution_notifications: notifications,
    }
}

fn rule_id(verdict: Verdict, part: Option<Part>) -> String {
    match part {
        Some(Part::CannotTell) => format!("palinode/{verdict}-cannot-tell"),
        Some(Part::Affected) | None => format!("palinode/{verdict}"),
    }
}

fn rule(verdict: Verdict, part: Option<Part>) -> Rule {
    let id = rule_id(verdict, part);
    let name = id.trim_start_matches("palinode/").split('-').map(capitalised).collect();
    let help =
        "Read the notice before you use the data: palinode check <identifier>, or the page of the identifier on the ledger.";
    Rule {
        name,
        short_description: Text { text: format!("Dataset with the verdict {verdict}") },
        full_description: Text { text: verdict.sentence(part).to_owned() },
        help: Text { text: help.to_owned() },
        default_configuration: Configuration { level: level(verdict, part) },
        id,
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// The grade of a verdict (domain, section 4, "Export mapping").
fn level(verdict: Verdict, part: Option<Part>) -> Level {
    if part == Some(Part::CannotTell) {
        return Level::Note;
    }
    match verdict {
        Verdict::Retracted | Verdict::PartRetracted | Verdict::DerivedFromRetracted => Level::Error,
        Verdict::Disputed
        | Verdict::RemovedUnexplained
        | Verdict::Concern
        | Verdict::Reported
        | Verdict::Corrected
        | Verdict::Unchecked => Level::Warning,
        Verdict::Scheduled | Verdict::Superseded | Verdict::RemovedNoFault | Verdict::Possible => Level::Note,
        Verdict::Reinstated | Verdict::NotAffected | Verdict::NoNotice | Verdict::Unidentified => Level::None,
    }
}

/// The grade of a finding: a deprecation is a note, whatever it is a deprecation for.
fn level_of(finding: &Finding, notices: &BTreeMap<String, NoticeFacts>) -> Level {
    let worst = finding.matches.first().and_then(|met| notices.get(&met.notice));
    let level = level(finding.verdict, finding.part);
    match worst {
        Some(notice) if notice.kind == "deprecation" && level == Level::Warning => Level::Note,
        _ => level,
    }
}

fn result(
    findings: &Findings,
    title: &str,
    notices: &BTreeMap<String, NoticeFacts>,
    finding: &Finding,
    rule_index: usize,
    rule_id: String,
) -> SarifResult {
    let level = level_of(finding, notices);
    SarifResult {
        rule_id,
        rule_index,
        level,
        // A level other than none belongs to failures (SARIF, section 3.27.10).
        kind: if level == Level::None { "informational" } else { "fail" },
        message: Text { text: message(title, notices, finding) },
        locations: [location(findings, finding)],
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, finding.fingerprint.clone())]),
        baseline_state: (finding.state == State::Known).then_some("unchanged"),
        suppressions: finding
            .ignored
            .iter()
            .map(|reason| Suppression { kind: "external", justification: reason.clone() })
            .collect(),
        properties: BTreeMap::from([
            ("identifier", finding.identifier.clone()),
            ("strength", finding.strength.clone()),
            ("evidence", finding.evidence.to_string()),
        ]),
    }
}

/// What matched, how surely, who says so since when, and what to do: a viewer shows nothing else.
fn message(title: &str, notices: &BTreeMap<String, NoticeFacts>, finding: &Finding) -> String {
    let seen = match finding.evidence {
        Evidence::NamedInCode => ", named in code, bytes not seen",
        Evidence::DigestDisproved => ", stated by a manifest, but the bytes here have another",
        Evidence::NamedInMetadata | Evidence::DigestStated | Evidence::BytesHashed => "",
    };
    let mut text = format!(
        "{} {} is {title} (match: {}{seen}).",
        finding.verdict.sentence(finding.part),
        finding.identifier,
        finding.strength
    );
    for (met, notice) in finding.matches.iter().filter_map(|met| Some((met, notices.get(&met.notice)?))) {
        text.push_str(&statement(met, notice));
    }
    text
}

fn statement(met: &Met, notice: &NoticeFacts) -> String {
    let since = notice.since.as_ref().map(|since| format!(" since {since}")).unwrap_or_default();
    let todo = notice.to_do().map(|todo| format!(" To do: {todo}.")).unwrap_or_default();
    let instead = match notice.replacements.as_slice() {
        [] => String::new(),
        some => format!(" Use instead: {}.", some.join(", ")),
    };
    let derived = match met.derived.as_slice() {
        [] => String::new(),
        steps => format!(" Derived: {}.", steps.join(", ")),
    };
    format!(" {} by {}{since}.{todo}{instead}{derived} Notice {}.", notice.kind, notice.speaker(), met.notice)
}

/// Where it was seen. Viewers want a line, so a file without one is shown at its first; lines in a notebook's cell are no lines of
/// the file.
fn location(findings: &Findings, finding: &Finding) -> Location {
    let place = &finding.place;
    let given = findings.roots.get(place.root).map_or("", String::as_str).trim_end_matches('/');
    let given = given.strip_prefix("./").unwrap_or(given);
    let path = match (given, place.path.is_empty()) {
        ("." | "", _) => place.path.to_string(),
        // Below a path that is no part of the working folder, the way from there is all that can be relative.
        (root, false) if is_outside(root) => place.path.to_string(),
        (root, true) => root.rsplit('/').next().filter(|_| is_outside(root)).unwrap_or(root).to_owned(),
        (root, false) => format!("{root}/{}", place.path),
    };
    let path = if path.is_empty() { ".".to_owned() } else { path };
    let uri = utf8_percent_encode(&path, PATH).to_string();
    let spot = if place.cell.is_some() { None } else { place.line };
    let region = Region { start_line: spot.unwrap_or(1), start_column: spot.and(place.column) };
    Location { physical_location: PhysicalLocation { artifact_location: Artifact { uri }, region } }
}

fn is_outside(root: &str) -> bool {
    root.starts_with('/') || root.split('/').any(|part| part == "..")
}
