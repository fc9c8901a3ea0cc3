//! Questions answered from a local index, in the shape of what a server answers.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::IndexError;
use super::entries::Missing;
use super::local::LocalIndex;
use super::statements::{LocalStatements, Stop};
use crate::client::answers::{CheckAnswer, IdAnswer, IssuerAnswer, MissingList, NoticeAnswer};
use crate::notice::{Did, Identifier, IdentifierError, NoticeId};
use crate::verdict::{Answer, Judge, Trust, gather};

/// How many matches of one identifier are shown, as servers do.
const MATCHES: usize = 50;
/// How many identifiers are looked up together: they share what is read.
const TOGETHER: usize = 128;

/// What a text that was asked means.
enum Meant {
    /// It is no identifier.
    Nothing(IdentifierError),
    /// Nothing here is about anything that it may mean, of which this is the likeliest.
    Unknown(Identifier),
    /// Any of these.
    Any(Vec<Identifier>),
}

impl LocalIndex {
    /// Answers what is known of each of `asked`, in order, as this server would with these trust settings at `now`. What an entry would be
    /// needed for that is not here is answered as `unchecked`, with what to do about it.
    ///
    /// # Errors
    /// [`IndexError`] when the index cannot be read, or the log holds what nobody signed.
    pub fn check(&self, asked: &[String], trust: &Trust, now: DateTime<Utc>) -> Result<CheckAnswer, IndexError> {
        let source = LocalStatements::of(self);
        let mut answers = Vec::with_capacity(asked.len());
        for some in asked.chunks(TOGETHER) {
            let meant = some.iter().map(|text| self.meant(text)).collect::<Result<Vec<_>, _>>()?;
            match decide(&source, &meant, trust, now) {
                Ok(decided) => answers.extend(some.iter().zip(decided).map(|(text, answer)| written(text, answer))),
                Err(Stop::Error(error)) => return Err(error),
                // One of them cannot be answered; which one is seen when each is asked alone.
                Err(Stop::Missing(_)) => {
                    for (text, meant) in some.iter().zip(meant) {
                        answers.push(alone(&source, text, meant, trust, now)?);
                    }
                }
            }
        }
        let issuers = issuers(&answers, &source, trust)?;
        let head = self.head();
        Ok(CheckAnswer {
            origin: head.origin.clone(),
            tree_size: head.size,
            checkpoint_time: Some(head.issued.time()),
            trust: trust.hash(),
            answers,
            issuers,
            evidence: None,
        })
    }

    fn meant(&self, text: &str) -> Result<Meant, IndexError> {
        let candidates = match Identifier::candidates(text) {
            Ok(candidates) => candidates,
            Err(fault) => return Ok(Meant::Nothing(fault)),
        };
        for candidate in &candidates {
            if self.may_know(candidate)? {
                return Ok(Meant::Any(candidates));
            }
        }
        Ok(candidates.into_iter().next().map_or(Meant::Nothing(IdentifierError::Empty), Meant::Unknown))
    }

    /// A notice as it is shown beside a match; `None` when its entry is not here.
    pub fn notice(&self, id: &NoticeId) -> Option<NoticeAnswer> {
        let source = LocalStatements::of(self);
        let statement = source.statement(id).ok().flatten()?;
        let issuer = &statement.notice.issuer.id;
        let lineages = source.lineages(issuer).ok()?;
        Some(NoticeAnswer {
            id: Some(*id),
            payload: serde_json::to_value(&**statement.notice).ok()?,
            first_seen: None,
            issuer_name: lineages.of(issuer).first().map(|lineage| lineage.name().to_owned()),
            signers: Vec::new(),
            entry: statement.first_index.and_then(|index| self.entries().leaf(index).ok()).map(|leaf| leaf.to_string()),
        })
    }
}

/// Who issued what matched.
fn issuers(answers: &[IdAnswer], source: &LocalStatements<'_>, trust: &Trust) -> Result<Vec<IssuerAnswer>, IndexError> {
    let named = answers.iter().flat_map(|answer| &answer.matches).map(|found| found.issuer.as_str());
    let dids: BTreeSet<&str> = named.collect();
    let mut issuers = Vec::new();
    for did in dids.into_iter().filter_map(|did| Did::parse(did).ok()) {
        let lineages = match source.lineages(&did) {
            Ok(lineages) => lineages,
            Err(Stop::Error(error)) => return Err(error),
            Err(Stop::Missing(_)) => continue,
        };
        let known = lineages.of(&did);
        let is_pinned = |id: &_| trust.lineages.get(id).is_some_and(|standing| standing.pinned);
        let pinned = known.iter().find(|lineage| is_pinned(lineage.id()));
        issuers.push(IssuerAnswer {
            did: did.to_string(),
            name: pinned.or(known.first()).map(|lineage| lineage.name().to_owned()),
            pinned: pinned.is_some(),
            key_changed: known.len() > 1,
            marks: Vec::new(),
            verified: Vec::new(),
        });
    }
    Ok(issuers)
}

fn decide(
    source: &LocalStatements<'_>,
    meant: &[Meant],
    trust: &Trust,
    now: DateTime<Utc>,
) -> Result<Vec<Result<Answer, IdentifierError>>, Stop> {
    let open = meant.iter().flat_map(|meant| match meant {
        Meant::Any(candidates) => candidates.as_slice(),
        Meant::Nothing(_) | Meant::Unknown(_) => &[],
    });
    let open: Vec<Identifier> = open.cloned().collect();
    let set = gather(&open, source, now)?;
    let judge = Judge::new(&set, trust, now);
    let decided = meant.iter().map(|meant| match meant {
        Meant::Nothing(fault) => Err(fault.clone()),
        Meant::Unknown(id) => Ok(Answer::no_notice(id.clone())),
        Meant::Any(candidates) => judge.decide_any(candidates).ok_or(IdentifierError::Empty),
    });
    Ok(decided.collect())
}

fn alone(
    source: &LocalStatements<'_>,
    text: &str,
    meant: Meant,
    trust: &Trust,
    now: DateTime<Utc>,
) -> Result<IdAnswer, IndexError> {
    match decide(source, &[meant], trust, now) {
        Ok(decided) => Ok(written(text, decided.into_iter().next().unwrap_or(Err(IdentifierError::Empty)))),
        Err(Stop::Missing(missing)) => Ok(unchecked(text, &missing)),
        Err(Stop::Error(error)) => Err(error),
    }
}

/// An answer as servers write it.
fn written(asked: &str, answer: Result<Answer, IdentifierError>) -> IdAnswer {
    let raw = match answer {
        Err(fault) => json!({
            "asked": asked, "verdict": "unidentified", "matches": [],
            "error": {"rule": fault.rule(), "message": fault.to_string()}
        }),
        Ok(mut answer) => {
            let more = answer.matches.len().saturating_sub(MATCHES);
            answer.matches.truncate(MATCHES);
            let mut raw = serde_json::to_value(&answer).unwrap_or_default();
            if let Value::Object(fields) = &mut raw {
                fields.insert("asked".to_owned(), asked.into());
                if more > 0 {
                    fields.insert("more".to_owned(), more.into());
                }
            }
            raw
        }
    };
    read_back(asked, raw)
}

fn unchecked(asked: &str, missing: &Missing) -> IdAnswer {
    let error = json!({"rule": "entries-missing", "message": missing.to_string()});
    read_back(asked, json!({"asked": asked, "verdict": "unchecked", "incomplete": true, "matches": [], "error": error}))
}

/// What was written here has the shape of an answer; if it had not, nothing was looked up.
fn read_back(asked: &str, raw: Value) -> IdAnswer {
    IdAnswer::read(raw).unwrap_or_else(|fault| IdAnswer {
        raw: json!({"asked": asked, "verdict": "unchecked", "matches": [], "error": fault.to_string()}),
        asked: asked.to_owned(),
        id: None,
        verdict: crate::verdict::Verdict::Unchecked,
        part: None,
        incomplete: true,
        missing_lists: vec![MissingList::NotThere],
        matches: Vec::new(),
        more: false,
        error: Some(fault.to_string()),
    })
}
