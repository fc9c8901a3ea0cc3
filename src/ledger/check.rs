//! The question that everything else is for: what is known of these identifiers?

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::finding::Finding;
use super::known_names::IssuerView;
use super::ports::StoreError;
use super::statements::LedgerStatements;
use super::stored::{StoredEntry, StoredList};
use super::{Ledger, Moment, Published, Trusted};
use crate::envelope::PayloadType;
use crate::notice::{Did, DigestAlgorithm, DocumentHash, Identifier, IdentifierError, NoticeId};
use crate::verdict::{self, Answer, Judge};

/// How many identifiers one question may have.
pub const MAX_IDS: usize = 1_000;
/// How many matches of one identifier are shown (protocol, section 9).
pub const MATCHES: usize = 50;
/// How many bytes of entries and proofs one answer is proved with, by default: some hundred notices.
pub const MAX_EVIDENCE: usize = 4 << 20;
/// How many of them are looked up together: they share what is read, and only these have their notices in memory at once.
const TOGETHER: usize = 128;
/// So many lists are looked into for one digest on a thread that must not be kept from other requests.
const LISTS: usize = 256;

/// The answers to one question, all as of one tree size.
#[derive(Debug, Clone)]
pub struct CheckAnswers {
    /// Whose answers they are.
    pub origin: String,
    /// Size of the tree they were answered from.
    pub tree_size: u64,
    /// When this server last cosigned that tree: how fresh the answers are.
    pub checkpoint_time: Option<DateTime<Utc>>,
    /// Hash of the trust settings they were decided with.
    pub trust: String,
    /// In the order of the question.
    pub answers: Vec<Asked>,
    /// Who says what matched, in the order of their DIDs.
    pub issuers: Vec<IssuerView>,
}

/// What became of one asked text.
#[derive(Debug, Clone)]
pub struct Asked {
    /// As it was asked.
    pub asked: String,
    /// The answer, or why the text is no identifier.
    pub answer: Result<Answer, IdentifierError>,
    /// The digest lists that could change the answer and are not here.
    pub missing_lists: Vec<MissingList>,
}

/// A digest list that a notice names and that is not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingList {
    /// Its name.
    pub list: DocumentHash,
    /// Whether it was removed, and never comes back; otherwise it may be on its way.
    pub removed: bool,
}

/// What an asker needs to decide the verdicts again: the entries that were looked at, each with its proof.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The signed checkpoint of the tree.
    pub checkpoint: Vec<u8>,
    /// Notices and the records of their issuers.
    pub entries: Vec<ProvedEntry>,
}

/// An entry with its inclusion proof.
#[derive(Debug, Clone)]
pub struct ProvedEntry {
    /// The canonical envelope.
    pub envelope: Vec<u8>,
    /// The `.tlog-proof` of it.
    pub proof: Vec<u8>,
}

/// Why an answer cannot be proved at once.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// It follows from too much.
    #[error(
        "the entries and proofs that the answers follow from are more than {most} bytes: ask about fewer identifiers at once, or about \
         this one without `proof`, and read the notices that the answer names one by one, with their proofs"
    )]
    TooMuch {
        /// How many bytes there may be.
        most: usize,
    },
    /// Storage.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Ledger {
    /// Answers what is known of each of `asked`, in order, as of the newest published tree. A text that is bare hex is asked
    /// under every scheme that its length fits, and the most severe answer is given.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn check(&self, asked: &[String]) -> Result<CheckAnswers, StoreError> {
        let now = self.moment();
        let source = LedgerStatements::below(self, now.published.head.size);
        self.decide(asked, &now, &source, &mut |_, _| {})
    }

    /// The same without reading anything, when it is known in memory that no notice is about any of them, or everything that is
    /// known of them was looked at a moment ago: what most questions turn out to be. `None` when something would have to be read.
    pub fn check_at_hand(&self, asked: &[String]) -> Option<CheckAnswers> {
        let now = self.moment();
        let source = LedgerStatements::at_hand_below(self, now.published.head.size);
        self.decide(asked, &now, &source, &mut |_, _| {}).ok()
    }

    /// What each text means, and whether memory alone can say that no notice is about it.
    fn understand(&self, asked: &[String], published: &Published) -> Vec<Meant> {
        let (memory, size) = (&self.stores.memory, published.head.size);
        let read: Vec<_> = asked.iter().map(|text| Identifier::candidates(text)).collect();
        let keys = |read: &Result<Vec<Identifier>, _>| read.iter().flatten().flat_map(Identifier::question_keys).collect();
        let nowhere = memory.are_nowhere(&read.iter().map(keys).collect::<Vec<_>>(), size);
        let mut unlisted = Unlisted::new(self, size);
        let mut meant = |(read, nowhere): (Result<Vec<Identifier>, _>, bool)| match read {
            Err(fault) => Meant::Nothing(fault),
            Ok(candidates) if nowhere && candidates.iter().all(|id| unlisted.is_in_none(id)) => {
                match candidates.into_iter().next() {
                    Some(first) => Meant::Unknown(first),
                    None => Meant::Nothing(IdentifierError::Empty),
                }
            }
            Ok(candidates) => Meant::Any(candidates),
        };
        read.into_iter().zip(nowhere).map(&mut meant).collect()
    }

    /// The same, with everything that is needed to decide it again, at most `most` bytes of entries and proofs.
    ///
    /// # Errors
    /// [`EvidenceError`].
    pub fn check_with_evidence(&self, asked: &[String], most: usize) -> Result<(CheckAnswers, Evidence), EvidenceError> {
        let now = self.moment();
        let source = LedgerStatements::below(self, now.published.head.size);
        let mut looked_at = BTreeSet::new();
        let mut look = |judge: &Judge<'_>, _: &[Asked]| looked_at.extend(judge.statements().iter().map(|s| s.id));
        let answers = self.decide(asked, &now, &source, &mut look)?;
        let evidence = self.evidence(&looked_at, &now.published, most)?;
        Ok((answers, evidence))
    }

    /// Decides by what `source` finds, and shows `look` the judge with each part of the answers.
    pub(super) fn decide<F: Finding>(
        &self,
        asked: &[String],
        Moment { published, trusted, now }: &Moment,
        source: &LedgerStatements<F>,
        look: &mut dyn FnMut(&Judge<'_>, &[Asked]),
    ) -> Result<CheckAnswers, F::Stop> {
        let mut answers = Vec::with_capacity(asked.len());
        for asked in asked.chunks(TOGETHER) {
            let before = answers.len();
            let meant = self.understand(asked, published);
            let open: Vec<Identifier> = meant.iter().flat_map(Meant::open).cloned().collect();
            let set = verdict::gather(&open, source, *now)?;
            let judge = Judge::new(&set, trusted, *now);
            for (text, meant) in asked.iter().zip(meant) {
                let answer = match meant {
                    Meant::Nothing(fault) => Err(fault),
                    Meant::Unknown(id) => Ok(Answer::no_notice(id)),
                    Meant::Any(candidates) => judge.decide_any(&candidates).ok_or(IdentifierError::Empty),
                };
                let missing_lists = missing(answer.as_ref().ok(), source)?;
                answers.push(Asked { asked: text.clone(), answer, missing_lists });
            }
            look(&judge, answers.get(before..).unwrap_or_default());
        }
        let issuers = self.issuers_in(&answers, source)?;
        Ok(self.answered(answers, issuers, published, trusted))
    }

    /// Who issued what matched, as far as matches are shown.
    fn issuers_in<F: Finding>(&self, answers: &[Asked], source: &LedgerStatements<F>) -> Result<Vec<IssuerView>, F::Stop> {
        let matches =
            answers.iter().filter_map(|asked| asked.answer.as_ref().ok()).flat_map(|a| a.matches.iter().take(MATCHES));
        let issuers: BTreeSet<&Did> = matches.map(|found| &found.issuer).collect();
        if issuers.is_empty() {
            return Ok(Vec::new());
        }
        let names = source.known_names()?;
        issuers.into_iter().map(|did| Ok(self.view_among(&names, did, &source.lineages(did)?))).collect()
    }

    fn answered(
        &self,
        answers: Vec<Asked>,
        issuers: Vec<IssuerView>,
        published: &Published,
        trusted: &Trusted,
    ) -> CheckAnswers {
        CheckAnswers {
            origin: self.identity.origin.as_str().to_owned(),
            tree_size: published.head.size,
            checkpoint_time: published.cosigned_by(self.identity.witness.name().as_str()),
            trust: trusted.settings_hash().to_owned(),
            answers,
            issuers,
        }
    }

    /// Stops as soon as there is too much, so that no question has more read for it than it may be answered with.
    fn evidence(&self, notices: &BTreeSet<NoticeId>, published: &Published, most: usize) -> Result<Evidence, EvidenceError> {
        let size = published.head.size;
        let source = LedgerStatements::below(self, size);
        let mut evidence = Evidence { checkpoint: published.served(), entries: Vec::new() };
        let mut left = most;
        let mut prove = |entries: Vec<StoredEntry>| -> Result<(), EvidenceError> {
            for entry in entries {
                let proof = self.proof_of(&entry, published)?;
                left = left.checked_sub(entry.bytes.len() + proof.len()).ok_or(EvidenceError::TooMuch { most })?;
                evidence.entries.push(ProvedEntry { envelope: entry.bytes, proof });
            }
            Ok(())
        };
        let mut issuers = BTreeSet::new();
        for id in notices {
            if let Some(statement) = source.statement(id)? {
                issuers.insert(statement.notice.issuer.id.clone());
            }
            prove(self.stores.log.entries_of_payload(PayloadType::Notice, id, size)?)?;
        }
        for issuer in &issuers {
            prove(self.stores.log.records_of(issuer, size)?)?;
        }
        Ok(evidence)
    }
}

/// Why the lists that an answer would need are not here.
fn missing<F: Finding>(answer: Option<&Answer>, source: &LedgerStatements<F>) -> Result<Vec<MissingList>, F::Stop> {
    let lists = answer.into_iter().flat_map(|answer| &answer.unseen_lists);
    lists.map(|list| Ok(MissingList { list: *list, removed: source.is_removed(list)? })).collect()
}

/// Tells by memory alone which digests stand in no list.
struct Unlisted<'l> {
    ledger: &'l Ledger,
    size: u64,
    /// The lists of each algorithm that was asked about, as far as they are known. There are few algorithms.
    lists: Vec<(DigestAlgorithm, Option<Vec<StoredList>>)>,
}

impl<'l> Unlisted<'l> {
    fn new(ledger: &'l Ledger, size: u64) -> Self {
        Self { ledger, size, lists: Vec::new() }
    }

    /// Whether every list that might hold `id` is here, and does not: then no list has any part in the answer.
    fn is_in_none(&mut self, id: &Identifier) -> bool {
        let ledger = self.ledger;
        let may_hold = |stored: &StoredList, digest: &[u8]| ledger.stores.lists.list_may_hold(&stored.list, digest);
        id.listed_algorithms().all(|algorithm| match self.of(algorithm) {
            Some([]) => true,
            Some(lists) if lists.len() <= LISTS => {
                id.listed_digest(algorithm).is_some_and(|digest| !lists.iter().any(|stored| may_hold(stored, &digest)))
            }
            _ => false,
        })
    }

    /// The lists of an algorithm, when they are known.
    fn of(&mut self, algorithm: DigestAlgorithm) -> Option<&[StoredList]> {
        let known = self.lists.iter().position(|(of, _)| *of == algorithm);
        let place = known.unwrap_or_else(|| {
            self.lists.push((algorithm, self.ledger.stores.memory.lists_at_hand(algorithm, self.size)));
            self.lists.len() - 1
        });
        self.lists.get(place)?.1.as_deref()
    }
}

/// What a text that was asked means.
enum Meant {
    /// It is no identifier.
    Nothing(IdentifierError),
    /// No notice is about anything that it may mean, of which this is the likeliest.
    Unknown(Identifier),
    /// Any of these.
    Any(Vec<Identifier>),
}

impl Meant {
    /// What must be looked up.
    fn open(&self) -> &[Identifier] {
        match self {
            Self::Any(candidates) => candidates,
            Self::Nothing(_) | Self::Unknown(_) => &[],
        }
    }
}
