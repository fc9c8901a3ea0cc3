//! Verdicts decided again from the evidence of an answer, so that the server is believed only about what it left out.
//!
//! What is checked: the checkpoint is signed by the log's key; every entry stands in the log; every signature holds under a key
//! of its issuer; and the same verdicts follow from the entries. What is not: that the server showed every entry that speaks of
//! the identifier (whoever wants that reads the whole log), and the trust settings, which are the server's own and shown by it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::answers::{CheckAnswer, EvidenceAnswer, EvidenceEntry, IdAnswer};
use crate::envelope::{Claim, Envelope, EnvelopeError, Lineages, PayloadType, PublisherRecord, Verified};
use crate::notice::{Did, DigestAlgorithm, DocumentHash, Identifier, Notice};
use crate::tlog::{Hash, SignedCheckpoint, SignedCheckpointError, TlogProof, TlogProofError, VerifierKey};
use crate::verdict::{Judge, Part, Statement, Statements, Trust, Voice};

/// Why evidence proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceFault {
    /// The answer came without evidence.
    #[error("the server sent no evidence")]
    Missing,
    /// The checkpoint.
    #[error("the checkpoint: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
    /// The checkpoint is of another tree than the answers.
    #[error("the answers are of tree size {answered}, the checkpoint of {signed}")]
    OtherTree {
        /// What the answers say.
        answered: u64,
        /// What the checkpoint says.
        signed: u64,
    },
    /// Two roots for one size.
    #[error("two different roots are signed for tree size {0}")]
    TwoRoots(u64),
    /// A proof.
    #[error("entry {leaf}: {source}")]
    Proof {
        /// Leaf hash of the entry.
        leaf: Hash,
        /// Why it proves nothing.
        #[source]
        source: TlogProofError,
    },
    /// An entry that is no canonical envelope.
    #[error("entry {leaf}: {source}")]
    Envelope {
        /// Leaf hash of the entry.
        leaf: Hash,
        /// Why.
        #[source]
        source: EnvelopeError,
    },
    /// An entry that is no valid notice or record.
    #[error("entry {leaf} is not valid: {fault}")]
    Invalid {
        /// Leaf hash of the entry.
        leaf: Hash,
        /// Why.
        fault: String,
    },
    /// A signature under no key of the issuer.
    #[error("entry {leaf} is not signed by a key of {issuer}")]
    Signature {
        /// Leaf hash of the entry.
        leaf: Hash,
        /// Whose key it should be.
        issuer: Did,
    },
}

/// Entries that stand in the log, with signatures that hold.
#[derive(Debug)]
pub struct Evidence {
    entries: usize,
    lineages: Lineages,
    statements: Statements,
    issuers: BTreeSet<Did>,
    /// By size.
    signed: BTreeMap<u64, SignedCheckpoint>,
}

/// An answer that does not follow from its evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{asked}: the server says {said}, its evidence says {found}")]
pub struct Disagreement {
    /// What was asked.
    pub asked: String,
    /// What the server says.
    pub said: String,
    /// What follows.
    pub found: String,
}

/// An entry with its place in the log.
struct Placed {
    leaf: Hash,
    index: u64,
    envelope: Envelope,
}

impl Evidence {
    /// Verifies the evidence of an answer under the key of the server's log.
    ///
    /// # Errors
    /// [`EvidenceFault`]: the log or the server is broken.
    pub fn verify(answer: &CheckAnswer, log: &VerifierKey) -> Result<Self, EvidenceFault> {
        let EvidenceAnswer { checkpoint, entries } = answer.evidence.as_ref().ok_or(EvidenceFault::Missing)?;
        let checkpoint = SignedCheckpoint::parse_and_verify(checkpoint.as_bytes(), log)?;
        let head = checkpoint.checkpoint();
        // The log may have grown while the server answered; never shrunk.
        if head.size() < answer.tree_size {
            return Err(EvidenceFault::OtherTree { answered: answer.tree_size, signed: head.size() });
        }
        let mut signed = BTreeMap::from([(head.size(), checkpoint)]);
        let placed = entries.iter().map(|entry| place(entry, log, &mut signed)).collect::<Result<Vec<_>, _>>()?;
        let records = records(&placed)?;
        let lineages = Lineages::fold(&records);
        let mut issuers = BTreeSet::new();
        let mut statements = Statements::new();
        for entry in &placed {
            if entry.envelope.payload_type() == Some(PayloadType::Notice) {
                let statement = statement(entry, &lineages)?;
                issuers.insert(statement.notice.issuer.id.clone());
                statements.insert(statement);
            }
        }
        Ok(Self { entries: placed.len(), lineages, statements, issuers, signed })
    }

    /// The checkpoints that answers and entries are proved by, the smallest first: mostly one.
    pub fn checkpoints(&self) -> impl Iterator<Item = &SignedCheckpoint> {
        self.signed.values()
    }

    /// How many entries were verified.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// Who speaks in them.
    pub fn issuers(&self) -> impl Iterator<Item = &Did> {
        self.issuers.iter()
    }

    /// The lineages that the records make.
    pub fn lineages(&self) -> &Lineages {
        &self.lineages
    }

    /// The lists of digests that one of these questions may stand in, with their algorithm.
    pub fn lists(&self, asked: &[Identifier]) -> BTreeSet<(DocumentHash, DigestAlgorithm)> {
        let algorithms: BTreeSet<_> = asked.iter().filter_map(|id| Some(id.digest()?.0)).collect();
        let lists = self.statements.iter().flat_map(|statement| &statement.notice.digest_lists);
        lists.filter(|list| algorithms.contains(&list.algorithm)).map(|list| (list.sha256, list.algorithm)).collect()
    }

    /// Notes whether the questions stand in a list, given its bytes: raw digests of one width, sorted.
    pub fn note_list(&mut self, name: DocumentHash, algorithm: DigestAlgorithm, bytes: &[u8], asked: &[Identifier]) {
        for id in asked {
            if let Some((_, digest)) = id.digest().filter(|(found, _)| *found == algorithm) {
                let holds = bytes.chunks_exact(digest.len().max(1)).any(|record| record == digest);
                self.statements.note_list(name, id, holds);
            }
        }
    }

    /// Notes whether a digest stands in a list, as somebody else found out.
    pub fn note_list_fact(&mut self, list: DocumentHash, digest: &Identifier, holds: bool) {
        self.statements.note_list(list, digest, holds);
    }

    /// Decides each answer again at `now`, and gives those that do not follow from the evidence.
    pub fn disagreements(&self, answers: &[IdAnswer], trust: &Trust, now: DateTime<Utc>) -> Vec<Disagreement> {
        let judge = Judge::new(&self.statements, trust, now);
        answers.iter().filter(|answer| answer.error.is_none()).filter_map(|answer| disagreement(answer, &judge)).collect()
    }
}

fn disagreement(answer: &IdAnswer, judge: &Judge<'_>) -> Option<Disagreement> {
    let differs = |said: String, found: String| Disagreement { asked: answer.asked.clone(), said, found };
    let candidates = Identifier::candidates(&answer.asked).ok()?;
    let found = judge.decide_any(&candidates)?;
    let said = in_words(answer.verdict.as_str(), answer.part.map(Part::as_str), answer.incomplete);
    let decided = in_words(found.verdict.as_str(), found.part.map(Part::as_str), found.incomplete);
    if said != decided {
        return Some(differs(said, decided));
    }
    let said: BTreeSet<_> = answer.matches.iter().map(|found| found.notice).collect();
    let listed: BTreeSet<_> = found.matches.iter().map(|found| found.notice).collect();
    let follows = if answer.more { said.is_subset(&listed) } else { said == listed };
    let names = |set: &BTreeSet<_>| set.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    (!follows).then(|| differs(format!("that these notices match: {}", names(&said)), format!("these: {}", names(&listed))))
}

fn in_words(verdict: &str, part: Option<&str>, incomplete: bool) -> String {
    let part = part.map(|part| format!(" ({part})")).unwrap_or_default();
    format!("{verdict}{part}{}", if incomplete { ", incomplete" } else { "" })
}

/// Checks that the entry stands in the log, and that no size was signed with two roots.
fn place(
    entry: &EvidenceEntry,
    log: &VerifierKey,
    signed: &mut BTreeMap<u64, SignedCheckpoint>,
) -> Result<Placed, EvidenceFault> {
    let leaf = Hash::leaf(entry.envelope.as_bytes());
    let failed = |source| EvidenceFault::Proof { leaf, source };
    let proof = TlogProof::parse(entry.proof.as_bytes()).map_err(failed)?;
    let checkpoint = proof.verify(&leaf, log).map_err(failed)?;
    let (size, root) = (checkpoint.checkpoint().size(), *checkpoint.checkpoint().root());
    if *signed.entry(size).or_insert(checkpoint).checkpoint().root() != root {
        return Err(EvidenceFault::TwoRoots(size));
    }
    let envelope =
        Envelope::parse_canonical(entry.envelope.as_bytes()).map_err(|source| EvidenceFault::Envelope { leaf, source })?;
    Ok(Placed { leaf, index: proof.index, envelope })
}

/// The records among the entries. Any key that a record of the issuer lists may have signed; who may really sign which record
/// is decided when they are folded.
fn records(placed: &[Placed]) -> Result<Vec<Verified<PublisherRecord>>, EvidenceFault> {
    let mut claims = Vec::new();
    for entry in placed.iter().filter(|entry| entry.envelope.payload_type() == Some(PayloadType::Publisher)) {
        let invalid = |fault: String| EvidenceFault::Invalid { leaf: entry.leaf, fault };
        let claim = Claim::<PublisherRecord>::read(entry.envelope.clone()).map_err(|fault| invalid(fault.to_string()))?;
        claims.push((entry.leaf, claim));
    }
    super::records::verified(claims).map_err(|(leaf, issuer)| EvidenceFault::Signature { leaf, issuer })
}

fn statement(entry: &Placed, lineages: &Lineages) -> Result<Statement, EvidenceFault> {
    let leaf = entry.leaf;
    let claim = Claim::<Notice>::read(entry.envelope.clone());
    let claim = claim.map_err(|fault| EvidenceFault::Invalid { leaf, fault: fault.to_string() })?;
    let issuer = claim.value().issuer.id.clone();
    let candidates = lineages.notice_signers(&issuer, false);
    let Ok(verified) = claim.verify(&candidates) else { return Err(EvidenceFault::Signature { leaf, issuer }) };
    let listings = lineages.listings(&issuer, verified.signed().key());
    let voices = listings.into_iter().map(|l| Voice { lineage: l.lineage, may_lift: l.may_lift }).collect();
    Ok(Statement {
        id: verified.signed().payload_id(),
        notice: Arc::new(verified.value().clone().into()),
        voices,
        first_index: Some(entry.index),
    })
}

/// The identifiers that a question may mean, each once.
pub fn asked_identifiers(answers: &[IdAnswer]) -> Vec<Identifier> {
    let candidates = answers.iter().filter_map(|answer| Identifier::candidates(&answer.asked).ok());
    candidates.flatten().collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::answers::CheckAnswer;
    use super::*;
    use crate::envelope::SecretKey;
    use crate::notice::{Draft, Timestamp};
    use crate::tlog::{Checkpoint, KeyName};

    const ORIGIN: &str = "ledger.example.org/log";
    const ID: &str = "doi:10.5281/zenodo.1234567";

    fn log_secret() -> SecretKey {
        SecretKey::from_seed([1; 32])
    }

    fn log_key() -> VerifierKey {
        VerifierKey::log_key(KeyName::parse(ORIGIN).unwrap(), log_secret().public())
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    /// A signed report about [`ID`], as an entry of a log.
    fn entry() -> (String, String) {
        let draft = serde_json::json!({
            "type": "retraction", "issuer": {"role": "observer"}, "dataset": {"title": "Example Faces", "publisher_name": "Example"},
            "subjects": [{"id": ID, "role": "whole"}], "scope": {"kind": "whole"}, "reasons": ["consent"],
            "actions": [{"do": "stop-use"}]
        });
        let key = SecretKey::from_seed([2; 32]);
        let issued = Timestamp::from_time(now()).unwrap();
        let draft = Draft::parse(draft.to_string().as_bytes()).unwrap();
        let completed = draft.complete(&key.public().to_did(), issued, [3; 32]).unwrap();
        let envelope = key.sign_envelope(PayloadType::Notice, &completed.payload).unwrap();
        (envelope.to_json(), envelope.payload_id().to_string())
    }

    /// The checkpoint of a log of two entries, the first of which is `entry`, signed by `secret`; and the proof of the entry.
    fn logged(entry: &str, secret: &SecretKey, other: &[u8]) -> (String, String) {
        let other = Hash::leaf(other);
        let root = Hash::node(&Hash::leaf(entry.as_bytes()), &other);
        let signed = SignedCheckpoint::sign(secret, &Checkpoint::new(&KeyName::parse(ORIGIN).unwrap(), 2, root)).unwrap();
        let proof = TlogProof { index: 0, proof: vec![other], checkpoint: signed.bytes().to_vec(), extra: Vec::new() };
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(signed.bytes().to_vec()), text(proof.to_bytes()))
    }

    /// A true answer about [`ID`], with its evidence, before `change` makes something else of it.
    fn answer(change: impl FnOnce(&mut serde_json::Value)) -> CheckAnswer {
        let (entry, notice) = entry();
        let (checkpoint, proof) = logged(&entry, &log_secret(), b"another");
        let envelope: serde_json::Value = serde_json::from_str(&entry).unwrap();
        let mut raw = serde_json::json!({
            "origin": ORIGIN, "tree_size": 2, "checkpoint_time": null, "trust": Trust::default().hash(),
            "answers": [
                {"asked": ID, "id": ID, "verdict": "reported", "matches": [{
                    "notice": notice, "type": "retraction", "issuer": "did:key:z", "authority": "other", "strength": "id",
                    "coverage": "full"
                }]},
                {"asked": "doi:10.5281/zenodo.9", "id": "doi:10.5281/zenodo.9", "verdict": "no-notice", "matches": []},
            ],
            "evidence": {"checkpoint": checkpoint, "entries": [{"envelope": envelope, "proof": proof}]},
        });
        change(&mut raw);
        CheckAnswer::read(raw).unwrap()
    }

    fn disagreements(answer: &CheckAnswer) -> Vec<Disagreement> {
        let evidence = Evidence::verify(answer, &log_key()).unwrap();
        evidence.disagreements(&answer.answers, &Trust::default(), now())
    }

    #[test]
    fn a_true_answer_follows_from_its_evidence() {
        let answer = answer(|_| {});
        assert_eq!(disagreements(&answer), []);
        assert_eq!(Evidence::verify(&answer, &log_key()).unwrap().entries(), 1);
    }

    #[test]
    fn a_verdict_that_does_not_follow_is_named() {
        let changes: [fn(&mut serde_json::Value); 5] = [
            |raw| raw["answers"][0]["verdict"] = "no-notice".into(),
            |raw| raw["answers"][0]["verdict"] = "retracted".into(),
            |raw| raw["answers"][1]["verdict"] = "reported".into(),
            |raw| raw["answers"][0]["incomplete"] = true.into(),
            |raw| raw["answers"][0]["matches"] = serde_json::json!([]),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            assert_eq!(disagreements(&answer(change)).len(), 1, "change {number}");
        }
    }

    #[test]
    fn evidence_that_was_left_out_does_not_carry_the_verdict() {
        assert_eq!(disagreements(&answer(|raw| raw["evidence"]["entries"] = serde_json::json!([]))).len(), 1);
        let none = answer(|raw| raw["evidence"] = serde_json::Value::Null);
        assert!(matches!(Evidence::verify(&none, &log_key()), Err(EvidenceFault::Missing)));
    }

    #[test]
    fn evidence_that_was_changed_proves_nothing() {
        let (entry, _) = entry();
        let (_, foreign) = logged(&entry, &SecretKey::from_seed([9; 32]), b"another");
        let (_, of_another_tree) = logged(&entry, &log_secret(), b"yet another");
        let changed = entry.replace(r#""sig":""#, r#""sig":"AAAA"#);
        let faults = [
            answer(|raw| raw["evidence"]["entries"][0]["proof"] = foreign.into()),
            answer(|raw| raw["evidence"]["entries"][0]["proof"] = of_another_tree.into()),
            answer(|raw| raw["evidence"]["entries"][0]["envelope"] = changed.into()),
            answer(|raw| raw["evidence"]["checkpoint"] = "nothing".into()),
            answer(|raw| raw["tree_size"] = 3.into()),
        ]
        .map(|answer| Evidence::verify(&answer, &log_key()).unwrap_err());
        assert!(matches!(faults[0], EvidenceFault::Proof { .. }), "{}", faults[0]);
        assert!(matches!(faults[1], EvidenceFault::TwoRoots(2)), "{}", faults[1]);
        assert!(matches!(faults[2], EvidenceFault::Proof { .. }), "{}", faults[2]);
        assert!(matches!(faults[3], EvidenceFault::Checkpoint(_)), "{}", faults[3]);
        assert!(matches!(faults[4], EvidenceFault::OtherTree { answered: 3, signed: 2 }), "{}", faults[4]);
    }

    #[test]
    fn an_entry_in_the_log_that_its_issuer_did_not_sign_proves_nothing() {
        let (entry, _) = entry();
        let (thief, record) = (SecretKey::from_seed([4; 32]), Envelope::parse(entry.as_bytes()).unwrap());
        let forged = thief.sign_envelope(PayloadType::Notice, record.payload()).unwrap().to_json();
        let (checkpoint, proof) = logged(&forged, &log_secret(), b"another");
        let answer = answer(|raw| {
            raw["evidence"] = serde_json::json!({"checkpoint": checkpoint, "entries": [{"envelope": forged, "proof": proof}]});
        });
        let fault = Evidence::verify(&answer, &log_key()).unwrap_err();
        assert!(matches!(fault, EvidenceFault::Signature { .. }), "{fault}");
    }
}
