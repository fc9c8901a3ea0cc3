//! Taking the entries of a log that ended into a new one, through the one door, in their old order.
//!
//! Every signature is verified again, on all cores, while the batch before it is committed. An entry is only refused for good
//! when everything before it is in the log, since a publisher record may stand shortly before the notices that need it. What
//! is there already is passed over, so an import that was interrupted is begun again without harm.
//!
//! The operator's own statements are not appended again (protocol, section 6): they are of the old log. They are given back,
//! verified, so that the operator can make them for the new one.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use super::Ledger;
use super::derived;
use super::documents::{DocumentRefusal, read_document};
use super::old_log::{LIST_PIECE, OldEntry, OldLog};
use super::parallel::in_parallel;
use super::ports::StoreError;
use super::refusal::{Refusal, RefusalClass};
use super::sequencer::Sequencer;
use super::stored::{DocumentKind, DocumentState, IndexRows, NewDocument, Provenance, StoredEntry};
use super::submission::{Admitted, Examined, Submission};
use crate::envelope::{self, Envelope, OperatorStatement, PayloadType, PublicKey, Statement};
use crate::notice::{DocumentHash, Texts};
use crate::tlog::Hash;

/// The most entries that are committed together.
const MOST: u64 = 4_096;
/// The fewest entries that are examined together.
const FEWEST: u64 = 16;
/// Larger documents are kept one by one, so that a batch stays small in memory.
const LARGE_DOCUMENT: usize = 64 << 10;

/// What is imported.
pub struct Import<'o> {
    /// The old log.
    pub old: &'o dyn OldLog,
    /// How many of its entries are asked for.
    pub size: u64,
    /// Entries of it that are not what was signed, and are left out.
    pub leave_out: &'o BTreeSet<u64>,
    /// Documents that were removed, and never come back.
    pub removed: &'o BTreeSet<DocumentHash>,
    /// The key that signed the statements of its operator.
    pub operator: PublicKey,
}

/// What an import did.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// Entries that were appended.
    pub entries: u64,
    /// Entries that were there already.
    pub known: u64,
    /// Documents that came along.
    pub documents: u64,
    /// What the operator stated in the old log, oldest first.
    pub statements: Vec<Statement>,
    /// What was not imported, in order.
    pub refused: Vec<NotImported>,
}

/// An entry that was not imported.
#[derive(Debug, Clone)]
pub struct NotImported {
    /// Its place in the old log.
    pub index: u64,
    /// Its leaf hash, by which any other server that has it can be asked for it.
    pub leaf: Hash,
    /// Why.
    pub why: Refusal,
}

/// Why an import ended before its end. What was committed stays, and the next one goes on.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ImportError {
    /// The old log cannot be read, or the new one not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The new log takes nothing in.
    #[error("the new log takes no entries in: {0}")]
    Refused(Refusal),
}

impl From<Refusal> for ImportError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Storage(error) => Self::Store(error),
            other => Self::Refused(other),
        }
    }
}

/// Entries that may be committed together, with what else is to be told.
#[derive(Default)]
struct Examination {
    admitted: Vec<Admitted>,
    known: u64,
    documents: u64,
    large_documents: Vec<(DocumentHash, Vec<u8>)>,
    statements: Vec<Statement>,
    refused: Vec<NotImported>,
    /// How far in the old log this goes.
    to: u64,
}

/// Imports a log. The server must not run yet: the sequencer is driven from here. `progress` is told how many entries of the
/// old log are done.
///
/// # Errors
/// [`ImportError`]; an entry that is refused is no error, but named in what is given.
pub fn import(
    ledger: &Ledger,
    sequencer: &mut Sequencer,
    task: &Import<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let (examinations, examined) = sync_channel(1);
    let (committed, commits) = channel();
    thread::scope(|scope| {
        let examiner = Examiner { door: Door { ledger, task }, examinations, commits, under_way: 0 };
        let examining = scope.spawn(move || examiner.run());
        let mut commit = || -> Result<(), ImportError> {
            while let Ok(examination) = examined.recv() {
                let to = examination.to;
                take_in(ledger, sequencer, examination, &mut imported)?;
                progress(to);
                // An examiner that is done does not wait for this any more.
                let _ = committed.send(());
            }
            Ok(())
        };
        let ended = commit();
        // Without a receiver the examiner ends, whatever it was doing.
        drop(examined);
        drop(committed);
        let examining = examining.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        ended.and(examining)
    })?;
    import_lists(ledger, task, &mut imported)?;
    Ok(imported)
}

/// Takes the digest lists of the old log in that notices here name, as they are there.
fn import_lists(ledger: &Ledger, task: &Import<'_>, imported: &mut Imported) -> Result<(), ImportError> {
    for (list, form) in task.old.lists()? {
        if task.removed.contains(&list) {
            continue;
        }
        let read = |at: u64| {
            let (piece, within) = (at / LIST_PIECE as u64, usize::try_from(at % LIST_PIECE as u64).unwrap_or(0));
            let bytes = task.old.list_piece(&list, piece)?.unwrap_or_default();
            Ok(bytes.get(within..).unwrap_or_default().to_vec())
        };
        match ledger.take_list_from(&list, form, read) {
            Ok(()) => imported.documents += 1,
            Err(DocumentRefusal::Store(error)) => return Err(error.into()),
            Err(DocumentRefusal::NotNow(hindrance)) => return Err(Refusal::NotNow(hindrance).into()),
            // It is not what its notice says, or nobody names it: the notice stands, and awaits it.
            Err(_) => {}
        }
    }
    Ok(())
}

/// Commits what was examined.
fn take_in(
    ledger: &Ledger,
    sequencer: &mut Sequencer,
    examination: Examination,
    imported: &mut Imported,
) -> Result<(), ImportError> {
    let places = sequencer.commit_now(&examination.admitted)?;
    let known = places.iter().filter(|place| place.is_known()).count() as u64;
    imported.entries += places.len() as u64 - known;
    imported.known += known + examination.known;
    imported.documents += examination.documents;
    imported.statements.extend(examination.statements);
    imported.refused.extend(examination.refused);
    for (name, bytes) in examination.large_documents {
        match ledger.keep_document(&name, bytes) {
            Ok(()) => imported.documents += 1,
            Err(DocumentRefusal::Store(error)) => return Err(error.into()),
            // It is not what its notice says: the notice stands, and awaits it.
            Err(_) => {}
        }
    }
    Ok(())
}

/// The one door, as old entries see it.
struct Door<'i, 'o> {
    ledger: &'i Ledger,
    task: &'i Import<'o>,
}

struct Examiner<'i, 'o> {
    door: Door<'i, 'o>,
    examinations: SyncSender<Examination>,
    commits: Receiver<()>,
    /// Examinations that were sent and are not committed yet.
    under_way: usize,
}

/// What became of one entry.
enum Outcome {
    New(Box<Admitted>, Vec<(DocumentHash, Vec<u8>)>),
    /// It is there already; documents of it may not be, when the import before this one was interrupted.
    Known(Vec<(DocumentHash, Vec<u8>)>),
    Stated(Box<Statement>),
    Refused(Box<Refusal>),
}

impl Examiner<'_, '_> {
    fn run(mut self) -> Result<(), ImportError> {
        let (mut at, mut together) = (0, MOST);
        let task = self.door.task;
        while at < task.size {
            let to = task.size.min(at + together);
            let entries = task.old.entries(at, to)?;
            let reached = entries.last().map_or(to, |entry| entry.index + 1);
            let door = &self.door;
            let outcomes = in_parallel(&entries, |entry| door.examine(entry));
            let mut examination = Examination { to: reached, ..Examination::default() };
            let mut again = None;
            for (entry, outcome) in entries.into_iter().zip(outcomes) {
                if task.leave_out.contains(&entry.index) {
                    continue;
                }
                match outcome? {
                    // It may need a record that is only about to be appended.
                    Outcome::Refused(why) if why.class() == RefusalClass::Pending && self.is_unsettled(&examination) => {
                        again = Some(entry.index);
                        break;
                    }
                    outcome => examination.take(&entry, outcome),
                }
            }
            if let Some(index) = again {
                examination.to = index;
            }
            at = examination.to;
            if self.send(examination).is_none() {
                return Ok(());
            }
            if again.is_some() {
                self.wait_for_commits();
                together = (together / 2).max(FEWEST);
            } else {
                together = (together * 2).min(MOST);
            }
        }
        Ok(())
    }

    /// Whether something before the entry in question is not in the log yet.
    fn is_unsettled(&mut self, examination: &Examination) -> bool {
        self.under_way -= self.commits.try_iter().count();
        self.under_way > 0 || !examination.admitted.is_empty()
    }

    /// Hands over what was examined; `None` when nobody commits any more.
    fn send(&mut self, examination: Examination) -> Option<()> {
        self.examinations.send(examination).ok()?;
        self.under_way += 1;
        Some(())
    }

    fn wait_for_commits(&mut self) {
        while self.under_way > 0 && self.commits.recv().is_ok() {
            self.under_way -= 1;
        }
    }
}

impl Door<'_, '_> {
    fn examine(&self, entry: &OldEntry) -> Result<Outcome, StoreError> {
        let submission = match Submission::entry(&entry.bytes) {
            Ok(submission) => submission,
            Err(refusal) => return Ok(Outcome::Refused(Box::new(refusal))),
        };
        if submission.envelope().payload_type() == Some(PayloadType::Operator) {
            return Ok(self.statement(submission.envelope()));
        }
        match self.ledger.examine(submission, Provenance::Import) {
            Ok(Examined::Known(stored)) => Ok(Outcome::Known(self.missing_documents(&stored)?)),
            Ok(Examined::New(mut admitted) | Examined::Unverified(mut admitted)) => {
                // It is the same server that goes on: since when it knows an entry stays true.
                admitted.first_seen = admitted.first_seen.min(entry.first_seen);
                let large = self.add_documents(&mut admitted)?;
                Ok(Outcome::New(admitted, large))
            }
            Err(Refusal::Storage(error)) => Err(error),
            Err(refusal) => Ok(Outcome::Refused(Box::new(refusal))),
        }
    }

    /// Documents that an entry of the new log names, that are not with it, and that the old log has.
    fn missing_documents(&self, stored: &StoredEntry) -> Result<Vec<(DocumentHash, Vec<u8>)>, StoreError> {
        let IndexRows::Notice(rows) = derived::rows_of_entry(stored)? else { return Ok(Vec::new()) };
        let mut missing = Vec::new();
        for (name, _) in rows.documents.iter().filter(|(name, _)| !self.task.removed.contains(name)) {
            if self.ledger.stores.documents.state(name)? == DocumentState::Awaited {
                missing.extend(self.task.old.document(name)?.map(|bytes| (*name, bytes)));
            }
        }
        Ok(missing)
    }

    /// A statement of the operator, when its signature is.
    fn statement(&self, statement: &Envelope) -> Outcome {
        let signed = envelope::verify(statement, &[self.task.operator]).ok();
        let said = signed.and_then(|signed| OperatorStatement::parse(signed.payload()).ok());
        match said {
            Some(said) => Outcome::Stated(Box::new(said.statement)),
            None => Outcome::Refused(Box::new(Refusal::NotSubmittable { payload_type: PayloadType::Operator.as_str() })),
        }
    }

    /// Adds the documents that a notice names, as far as the old log has them; the large ones are given back.
    fn add_documents(&self, admitted: &mut Admitted) -> Result<Vec<(DocumentHash, Vec<u8>)>, StoreError> {
        let IndexRows::Notice(rows) = &admitted.rows else { return Ok(Vec::new()) };
        let mut large = Vec::new();
        for (name, kind) in &rows.documents {
            if self.task.removed.contains(name) {
                continue;
            }
            let Some(bytes) = self.task.old.document(name)? else { continue };
            if bytes.len() > LARGE_DOCUMENT {
                large.push((*name, bytes));
            } else if let Some(document) = whole_document(*name, *kind, bytes, admitted.first_seen) {
                admitted.documents.push(document);
            }
        }
        Ok(large)
    }
}

/// The document, when its bytes are what its name and its notice say. Otherwise the notice stands, and awaits it.
fn whole_document(
    hash: DocumentHash,
    kind: DocumentKind,
    bytes: Vec<u8>,
    received: chrono::DateTime<chrono::Utc>,
) -> Option<NewDocument> {
    let read = (DocumentHash::of(&bytes) == hash).then(|| read_document(kind, &bytes).ok()).flatten()?;
    let words = read.as_ref().map(Texts::words).unwrap_or_default();
    Some(NewDocument { hash, kind, bytes, words, received })
}

impl Examination {
    fn take(&mut self, entry: &OldEntry, outcome: Outcome) {
        match outcome {
            Outcome::New(admitted, large) => {
                self.documents += admitted.documents.len() as u64;
                self.admitted.push(*admitted);
                self.large_documents.extend(large);
            }
            Outcome::Known(missing) => {
                self.known += 1;
                self.large_documents.extend(missing);
            }
            Outcome::Stated(statement) => self.statements.push(*statement),
            Outcome::Refused(why) => {
                self.refused.push(NotImported { index: entry.index, leaf: Hash::leaf(&entry.bytes), why: *why });
            }
        }
    }
}
