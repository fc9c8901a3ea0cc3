//! A lock verified with nothing but itself, and decided again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::document::{Lock, LockedServer};
use crate::client::answers::{CheckAnswer, EvidenceAnswer, EvidenceEntry, IdAnswer, ServerAnswer};
use crate::client::index::{IndexError, Pinned, VerifiedHead};
use crate::client::recheck::{Disagreement, Evidence, EvidenceFault};
use crate::compact::settings::{self, SettingsError};
use crate::notice::{DocumentHash, Identifier};
use crate::verdict::{Trust, Verdict};

/// Why a lock does not show what it says.
#[derive(Debug, thiserror::Error)]
pub enum LockFault {
    /// The keys or the head.
    #[error(transparent)]
    Head(#[from] IndexError),
    /// The trust settings cannot be read.
    #[error("{origin}: {source}")]
    Settings {
        /// Whose.
        origin: String,
        /// Why.
        #[source]
        source: SettingsError,
    },
    /// The trust settings are not those that the operator signed.
    #[error("{0}: its trust settings are not those that its head names, and the lock does not say so")]
    OtherSettings(String),
    /// Entries or proofs.
    #[error("{origin}: {source}")]
    Evidence {
        /// Whose.
        origin: String,
        /// Why.
        #[source]
        source: EvidenceFault,
    },
    /// A verdict that does not follow.
    #[error("{origin}: {source}")]
    Verdict {
        /// Whose.
        origin: String,
        /// What does not follow.
        #[source]
        source: Disagreement,
    },
    /// An answer about something that is not in the inventory, or no answer at all.
    #[error("{origin}: {what}")]
    Answer {
        /// Whose.
        origin: String,
        /// What is wrong.
        what: String,
    },
}

/// What a server knew, verified.
#[derive(Debug, Clone)]
pub struct VerifiedServer {
    /// The keys that it was verified with: those in the file.
    pub keys: Pinned,
    /// For which time its operator answered.
    pub issued: DateTime<Utc>,
    /// Size of its log then.
    pub size: u64,
    /// How many entries were verified.
    pub entries: usize,
    /// Whether the verdicts were decided with the asker's own pins.
    pub own_pins: bool,
    /// How many digest lists the lock says were looked into: that is not shown by anything.
    pub lists: usize,
    /// Answers about every identifier of the inventory, in its order.
    pub answers: Vec<IdAnswer>,
}

impl Lock {
    /// Verifies what each server knew, and decides it again as of that time.
    ///
    /// # Errors
    /// The first [`LockFault`].
    pub fn verify(&self) -> Result<Vec<VerifiedServer>, LockFault> {
        self.servers.iter().map(|server| self.verify_server(server)).collect()
    }

    fn verify_server(&self, server: &LockedServer) -> Result<VerifiedServer, LockFault> {
        let origin = || server.origin.clone();
        let keys = ServerAnswer {
            origin: origin(),
            log_key: server.log_key.clone(),
            witness_key: server.witness_key.clone(),
            operator_key: server.operator_key.clone(),
        };
        let keys = Pinned::of_server(&keys, "", self.made)?;
        let head = VerifiedHead::verify(server.head.as_bytes(), &keys)?;
        let trust = settings::parse(server.trust.to_string().as_bytes());
        let trust = trust.map_err(|source| LockFault::Settings { origin: origin(), source })?;
        if !server.own_pins && trust.hash() != head.head().trust.to_string() {
            return Err(LockFault::OtherSettings(origin()));
        }
        let answers = self.answers(server)?;
        let answer = CheckAnswer {
            origin: origin(),
            tree_size: head.head().size,
            checkpoint_time: Some(head.head().issued.time()),
            trust: trust.hash(),
            answers,
            issuers: Vec::new(),
            evidence: Some(EvidenceAnswer {
                checkpoint: head.head().checkpoint.clone(),
                entries: server
                    .entries
                    .iter()
                    .map(|entry| EvidenceEntry { envelope: entry.envelope.clone(), proof: entry.proof.clone() })
                    .collect(),
            }),
        };
        self.decide_again(server, &answer, &trust, &head)?;
        let entries = server.entries.len();
        let (issued, size) = (head.head().issued.time(), head.head().size);
        let lists = server.lists_looked_into.len();
        Ok(VerifiedServer { keys, issued, size, entries, own_pins: server.own_pins, lists, answers: answer.answers })
    }

    fn decide_again(
        &self,
        server: &LockedServer,
        answer: &CheckAnswer,
        trust: &Trust,
        head: &VerifiedHead,
    ) -> Result<(), LockFault> {
        let origin = || server.origin.clone();
        let evidence = Evidence::verify(answer, head.checkpoint().log_key());
        let mut evidence = evidence.map_err(|source| LockFault::Evidence { origin: origin(), source })?;
        let wrong = |what: String| LockFault::Answer { origin: origin(), what };
        let held: BTreeSet<(&str, &str)> =
            server.lists_held.iter().map(|held| (held.list.as_str(), held.id.as_str())).collect();
        for list in &server.lists_looked_into {
            let name = DocumentHash::parse(list).ok_or_else(|| wrong(format!("{list:?} is no digest list")))?;
            for sighted in &self.inventory {
                let Ok(id) = Identifier::from_normal(&sighted.id) else { continue };
                for (_, form) in id.listed_forms() {
                    evidence.note_list_fact(name, &form, held.contains(&(list.as_str(), form.as_str())));
                }
            }
        }
        // What could not be looked up then is told as such, and nothing shows it.
        let checked: Vec<IdAnswer> = answer.answers.iter().filter(|one| one.verdict != Verdict::Unchecked).cloned().collect();
        match evidence.disagreements(&checked, trust, self.made).into_iter().next() {
            Some(source) => Err(LockFault::Verdict { origin: origin(), source }),
            None => Ok(()),
        }
    }

    /// The answers about every identifier of the inventory: those that stand in the lock, and no notice for all others.
    fn answers(&self, server: &LockedServer) -> Result<Vec<IdAnswer>, LockFault> {
        let mut known: BTreeMap<&str, _> = server.answers.iter().map(|answer| (answer.id.as_str(), answer)).collect();
        let wrong = |what: String| LockFault::Answer { origin: server.origin.clone(), what };
        let mut answers = Vec::with_capacity(self.inventory.len());
        for sighted in &self.inventory {
            let raw = match known.remove(sighted.id.as_str()) {
                None => json!({"asked": sighted.id, "id": sighted.id, "verdict": "no-notice", "matches": []}),
                Some(said) => {
                    if Verdict::parse(&said.verdict).is_none() {
                        return Err(wrong(format!("{:?} is no verdict", said.verdict)));
                    }
                    let matches = said.notices.iter().map(|name| {
                        json!({
                            "notice": name.0.to_string(), "type": "", "issuer": "", "authority": "", "strength": "", "coverage": ""
                        })
                    });
                    json!({
                        "asked": said.id, "id": said.id, "verdict": said.verdict, "part": said.part, "incomplete": said.incomplete,
                        "more": said.more, "matches": matches.collect::<Vec<_>>()
                    })
                }
            };
            answers.push(IdAnswer::read(raw).map_err(|fault| wrong(fault.to_string()))?);
        }
        match known.into_keys().next() {
            Some(id) => Err(wrong(format!("it answers about {id}, which is not in the inventory"))),
            None => Ok(answers),
        }
    }
}
