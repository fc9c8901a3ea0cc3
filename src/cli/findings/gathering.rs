//! From what was seen and what ledgers said to what is to be told.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::FindingsArguments;
use super::baseline::Baseline;
use super::dataset::{grouped, severity};
use super::exit::Outcome;
use super::ignores::Ignore;
use super::model::{Digests, Finding, Findings, Ledger, Met, State, Unchecked};
use super::notice_facts::NoticeFacts;
use crate::client::answers::{CheckAnswer, IdAnswer, MatchAnswer, MissingList, NoticeAnswer};
use crate::notice::NoticeId;
use crate::scan::hashing::Algorithm;
use crate::scan::{Evidence, Inventory, Relation, Sighting};
use crate::verdict::{Part, Strength, Verdict};

/// The shape of the JSON report.
pub(super) const REPORT: &str = "palinode-scan/1";

/// Why an answer says nothing when a list is missing.
const LACKS: &str =
    "a digest list that a notice names is not there; into a local index, `palinode index update --lists` fetches it";
const REMOVED: &str = "a digest list that a notice names was removed there, and does not come back: another server may have it";

/// What ledgers said about the identifiers of an inventory.
#[derive(Debug, Default)]
pub struct Asked {
    /// Where they were asked: the address of a server, or the index on this machine.
    pub at: String,
    /// Answers; every identifier was asked in normal form. One that has none was looked up, and nothing is known of it, unless
    /// something interrupted.
    pub parts: Vec<CheckAnswer>,
    /// What the notices that matched say, as far as they could be had.
    pub notices: BTreeMap<NoticeId, NoticeAnswer>,
    /// By which digests whoever was asked may know files, where that is known.
    pub needed: Option<Vec<Algorithm>>,
    /// Why not everything was asked.
    pub interrupted: Option<String>,
    /// What is broken about a ledger: an index that does not verify, a proof that does not hold.
    pub broken: Vec<String>,
}

/// What is known of each identifier, with the ledger that says so.
type Known<'a> = HashMap<&'a str, Vec<(&'a str, &'a IdAnswer)>>;

pub(super) fn gather(
    inventory: &Inventory,
    asked: Asked,
    ignores: Vec<Ignore>,
    baseline: Option<&Baseline>,
    arguments: &FindingsArguments,
    now: DateTime<Utc>,
) -> Findings {
    let mut known: Known<'_> = HashMap::new();
    for part in &asked.parts {
        for answer in &part.answers {
            known.entry(answer.asked.as_str()).or_default().push((part.origin.as_str(), answer));
        }
    }
    let facts = facts(&asked);
    let mut used = vec![false; ignores.len()];
    let mut findings = Vec::new();
    for sighting in &inventory.sightings {
        let answers = known.get(sighting.identifier.as_str()).map(Vec::as_slice).unwrap_or_default();
        let Some(mut finding) = finding(inventory, sighting, answers) else { continue };
        let covers =
            |ignore: &Ignore| ignore.covers(&sighting.identifier, finding.matches.iter().map(|met| met.notice.as_str()));
        let ignore = ignores.iter().position(|ignore| !ignore.is_expired(now) && covers(ignore));
        if let Some((n, ignore)) = ignore.and_then(|n| Some((n, ignores.get(n)?))) {
            used.get_mut(n).into_iter().for_each(|used| *used = true);
            finding.state = State::Ignored;
            finding.ignored = Some(ignore.reason.clone());
        } else if baseline.is_some_and(|baseline| baseline.has(&finding.fingerprint)) {
            finding.state = State::Known;
        }
        findings.push(finding);
    }
    let unchecked = unchecked(inventory, &known, !asked.parts.is_empty(), asked.interrupted.as_deref());
    let incomplete = asked.parts.iter().flat_map(|part| &part.answers).any(|answer| answer.incomplete);
    let ledgers: Vec<Ledger> = ledgers(&asked, arguments, now);
    let datasets = grouped(findings, &facts);
    let identifiers = inventory.identifiers().len();
    let outcome = Outcome {
        broken: !asked.broken.is_empty(),
        unchecked: asked.interrupted.is_some() || !unchecked.is_empty(),
        stale: ledgers.iter().any(|ledger| ledger.stale),
        not_strictly_checked: arguments.strict
            && (inventory.counts.unread > 0 || incomplete || !unidentified(inventory).is_empty()),
        empty: identifiers == 0 && !arguments.allow_empty,
    };
    let worst = datasets.iter().flat_map(super::model::Dataset::counting).max_by_key(|f| severity(f.verdict, f.part));
    let (verdict, part) = worst.map_or((Verdict::NoNotice, None), |finding| (finding.verdict, finding.part));
    Findings {
        report: REPORT,
        palinode: env!("CARGO_PKG_VERSION"),
        at: now,
        roots: inventory.roots.clone(),
        verdict: match verdict {
            Verdict::NoNotice if identifiers == 0 => Verdict::Unidentified,
            Verdict::NoNotice if outcome.unchecked => Verdict::Unchecked,
            verdict => verdict,
        },
        part,
        fail_on: arguments.fail_on,
        exit_code: outcome.exit_code(&datasets, arguments.fail_on),
        datasets,
        unchecked,
        ignores: ignores.into_iter().zip(used).map(|(ignore, used)| ignore.outcome(used, now)).collect(),
        remarks: inventory.remarks.clone(),
        digests: Digests::of(&inventory.digests, asked.needed.as_deref()),
        counts: inventory.counts,
        identifiers,
        ledgers,
        interrupted: asked.interrupted,
        broken: asked.broken,
    }
}

/// Roots below which nothing was seen that could be looked up.
fn unidentified(inventory: &Inventory) -> BTreeSet<usize> {
    let seen: BTreeSet<usize> = inventory.sightings.iter().map(|sighting| sighting.place.root).collect();
    (0..inventory.roots.len()).filter(|root| !seen.contains(root)).collect()
}

fn ledgers(asked: &Asked, arguments: &FindingsArguments, now: DateTime<Utc>) -> Vec<Ledger> {
    let mut ledgers: BTreeMap<&str, Ledger> = BTreeMap::new();
    for part in &asked.parts {
        let ledger = Ledger {
            origin: part.origin.clone(),
            asked_at: asked.at.clone(),
            tree_size: part.tree_size,
            checkpoint_time: part.checkpoint_time,
            stale: part.checkpoint_time.is_none_or(|time| now - time > arguments.max_age),
        };
        // Of several answers of one ledger, the smallest tree and the oldest time hold for all of them.
        match ledgers.get_mut(part.origin.as_str()) {
            None => drop(ledgers.insert(&part.origin, ledger)),
            Some(known) => {
                known.tree_size = known.tree_size.min(ledger.tree_size);
                known.checkpoint_time = known.checkpoint_time.min(ledger.checkpoint_time);
                known.stale |= ledger.stale;
            }
        }
    }
    ledgers.into_values().collect()
}

fn facts(asked: &Asked) -> BTreeMap<String, NoticeFacts> {
    let mut facts: BTreeMap<String, NoticeFacts> = BTreeMap::new();
    for part in &asked.parts {
        for found in part.answers.iter().flat_map(|answer| &answer.matches) {
            let id = found.notice.to_string();
            match facts.get_mut(&id) {
                None => drop(facts.insert(id, NoticeFacts::of(found, asked.notices.get(&found.notice), &part.origin))),
                Some(known) if !known.ledgers.contains(&part.origin) => known.ledgers.push(part.origin.clone()),
                Some(_) => {}
            }
        }
    }
    facts
}

/// Identifiers that nobody answered, or that could not be looked up.
fn unchecked(inventory: &Inventory, known: &Known<'_>, was_asked: bool, interrupted: Option<&str>) -> Vec<Unchecked> {
    let why = |id: &str| match known.get(id) {
        // Whoever was asked about everything need not answer for what they know nothing of.
        None if was_asked => interrupted.map(str::to_owned),
        None => Some(interrupted.unwrap_or("it was not asked").to_owned()),
        Some(answers) if answers.iter().all(|(_, answer)| answer.verdict == Verdict::Unchecked) => {
            let told = answers.iter().find_map(|(_, answer)| answer.error.clone());
            let is_removed = answers.iter().any(|(_, answer)| answer.missing_lists.contains(&MissingList::Removed));
            Some(told.unwrap_or_else(|| if is_removed { REMOVED } else { LACKS }.to_owned()))
        }
        Some(_) => None,
    };
    let ids = inventory.identifiers();
    ids.into_iter().filter_map(|id| Some(Unchecked { identifier: id.to_string(), why: why(id.as_str())? })).collect()
}

/// What one sighting comes to; `None` when no ledger has anything to say about it.
fn finding(inventory: &Inventory, sighting: &Sighting, answers: &[(&str, &IdAnswer)]) -> Option<Finding> {
    let (_, worst) = answers.iter().max_by_key(|(_, answer)| severity(answer.verdict, answer.part))?;
    if matches!(worst.verdict, Verdict::NoNotice | Verdict::Unchecked | Verdict::Unidentified) {
        return None;
    }
    let (verdict, part) = weighed(worst.verdict, worst.part, sighting.relation);
    let mut matches: Vec<Met> = Vec::new();
    for found in answers.iter().flat_map(|(_, answer)| &answer.matches) {
        let met = met(found, sighting);
        if !matches.iter().any(|known| known.notice == met.notice) {
            matches.push(met);
        }
    }
    matches.sort_by(|a, b| severity(b.verdict, None).cmp(&severity(a.verdict, None)).then_with(|| a.notice.cmp(&b.notice)));
    let strength = matches.iter().filter_map(|met| Strength::parse(&met.strength)).min();
    let fingerprint = fingerprint(sighting, verdict, matches.first().map_or("", |met| &met.notice));
    Some(Finding {
        identifier: sighting.identifier.to_string(),
        shown: inventory.shown(&sighting.place),
        place: sighting.place.clone(),
        source: sighting.source,
        evidence: sighting.evidence,
        relation: sighting.relation,
        verdict,
        part,
        incomplete: answers.iter().any(|(_, answer)| answer.incomplete),
        strength: strength.map_or_else(|| "unknown".to_owned(), |strength| strength.to_string()),
        matches,
        fingerprint,
        state: State::New,
        ignored: None,
    })
}

fn met(found: &MatchAnswer, sighting: &Sighting) -> Met {
    let verdict = found.verdict.as_deref().and_then(Verdict::parse).unwrap_or(Verdict::Unchecked);
    Met {
        notice: found.notice.to_string(),
        verdict: weighed(verdict, None, sighting.relation).0,
        strength: as_seen(&found.strength, sighting.evidence),
        coverage: found.coverage.clone(),
        authority: found.authority.clone(),
        basis: found.basis.clone(),
        derived: found.path.iter().flatten().map(step).collect(),
    }
}

/// What an identifier says about the data that lies there: what it was made from hands its retraction down, and what describes or
/// cites it proves nothing about it.
fn weighed(verdict: Verdict, part: Option<Part>, relation: Relation) -> (Verdict, Option<Part>) {
    let at_least = |level: Verdict| verdict.is_finding_at(part, level);
    match relation {
        Relation::Description if at_least(Verdict::Possible) => (Verdict::Possible, None),
        Relation::Origin if at_least(Verdict::DerivedFromRetracted) => (Verdict::DerivedFromRetracted, None),
        Relation::Itself | Relation::File | Relation::Used | Relation::Description | Relation::Origin => (verdict, part),
    }
}

/// A digest that code names was compared with no bytes, and one that a manifest states of other bytes is of none that lie there: neither
/// is stronger than a weak one.
fn as_seen(strength: &str, evidence: Evidence) -> String {
    let strong = matches!(Strength::parse(strength), Some(Strength::ExactBytes | Strength::Tree));
    let unseen = matches!(evidence, Evidence::NamedInCode | Evidence::DigestDisproved);
    if strong && unseen { Strength::WeakBytes.to_string() } else { strength.to_owned() }
}

fn step(step: &serde_json::Value) -> String {
    let text = |name: &str| step.get(name).and_then(serde_json::Value::as_str).unwrap_or("?").to_owned();
    format!("{} from {} (inherits: {})", text("relation"), text("parent"), text("inherits"))
}

/// SHA-256 of what stays the same when lines move and folders are scanned from elsewhere.
fn fingerprint(sighting: &Sighting, verdict: Verdict, notice: &str) -> String {
    let text = format!("palinode-finding/v1\n{}\n{}\n{notice}\n{verdict}\n", sighting.place.path, sighting.identifier);
    data_encoding::HEXLOWER.encode(&Sha256::digest(text))
}
