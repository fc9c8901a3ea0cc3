//! The documents that notices name: fetched after the entries, from one peer an attempt.
//!
//! Which ones are missing is asked of the ledger each time; what is kept here is only which peer did not have which one, and
//! when it is worth asking again. Texts go first; digest lists, which may be large, come in ranges (`lists`).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::announce::address;
use super::fault::Fault;
use super::lists::Brought;
use super::misbehaviour::Misbehaviour;
use super::transport::Request;
use super::{Federation, Link};
use crate::ledger::Refusal;
use crate::ledger::documents::DocumentRefusal;
use crate::ledger::peers::Work;
use crate::ledger::stored::DocumentKind;
use crate::notice::{DocumentHash, MAX_TEXTS};

/// How long one document may take.
const DEADLINE: Duration = Duration::from_secs(20);
/// How many missing documents are looked at.
const MISSING: usize = 10_000;
/// How many one step asks for.
const STEP: usize = 256;
/// How many digest lists one step asks for.
const LISTS: usize = 8;
/// How long after the first time a peer that did not have a document is asked for it again; doubled with each further time, but for
/// [`PATIENT`].
/// Short, since a peer that heard of the notice itself just now mostly fetches its texts at this very moment.
const FIRST_RETRY: TimeDelta = TimeDelta::seconds(2);
/// Doublings after which the longest time is reached.
const DOUBLINGS: u32 = 16;
/// Doublings after which the time stays as it is for a while, about a minute: the peer may get it from others that it was cut off
/// from.
const PATIENT: u32 = 5;
/// So many questions later it is doubled again.
const PATIENCE: u32 = 30;
/// The longest time between two questions, and how long one waits whose answer will hardly change.
const LONGEST_RETRY: TimeDelta = TimeDelta::days(1);
/// An answer that will hardly change counts as so many tries, and begins the longest wait.
const FOR_GOOD: u32 = 1_000;

/// How long a document is left alone at a peer that did not give it so often.
fn wait_after(tries: u32) -> TimeDelta {
    let doublings = tries.saturating_sub(1).min(PATIENT).max(tries.saturating_sub(1 + PATIENCE)).min(DOUBLINGS);
    FIRST_RETRY.checked_mul(1 << doublings).unwrap_or(LONGEST_RETRY).min(LONGEST_RETRY)
}

/// What fetching documents came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// Put off until then, after failures.
    PutOff(DateTime<Utc>),
    /// Asked.
    Asked {
        /// How many came and were kept.
        kept: u64,
        /// How many this peer did not give.
        missing: u64,
        /// When the first document that is missing here is worth asking this peer for, be it one of these or an earlier one.
        again: Option<DateTime<Utc>>,
    },
}

/// What one peer is to be asked for now, each with how often it was asked in vain.
struct Due {
    texts: Vec<(DocumentHash, u32)>,
    lists: Vec<(DocumentHash, u32)>,
    /// When the next one is worth asking for.
    next: Option<DateTime<Utc>>,
}

impl From<Brought> for Answer {
    fn from(brought: Brought) -> Self {
        match brought {
            Brought::Whole => Self::Kept,
            Brought::Some => Self::More,
            Brought::Elsewhere => Self::Elsewhere,
            Brought::NotGiven { for_good } => Self::NotGiven { for_good },
        }
    }
}

/// What one question came to.
enum Answer {
    Kept,
    /// There is more to ask this peer for.
    More,
    /// Another peer is being asked.
    Elsewhere,
    /// Not given; the flag says that the answer will hardly change.
    NotGiven {
        for_good: bool,
    },
}

impl Federation {
    /// Asks one peer for texts and digest lists that are missing here.
    ///
    /// # Errors
    /// [`Fault`]; one of the peer is remembered, and puts the next attempt off.
    pub async fn fetch_documents_once(&self, origin: &str) -> Result<Fetched, Fault> {
        let link = self.link(origin)?;
        self.may_take_in().await?;
        let due = self.documents_due(origin).await?;
        if due.texts.is_empty() && due.lists.is_empty() {
            return Ok(Fetched::Asked { kept: 0, missing: 0, again: due.next });
        }
        let state = self.state_of(origin).await?;
        if state.is_isolated() {
            return Ok(Fetched::Asked { kept: 0, missing: 0, again: None });
        }
        if let Some(until) = self.put_off(&link, Work::Documents, &state) {
            return Ok(Fetched::PutOff(until));
        }
        let begun = link.reach.begin();
        let outcome = self.fetch_documents(&link, &due).await;
        self.remember(&link, Work::Documents, &state.documents, begun, &outcome).await?;
        outcome
    }

    async fn documents_due(&self, origin: &str) -> Result<Due, Fault> {
        let (ledger, store) = (self.ledger.clone(), self.stores.inventory.clone());
        let (origin, now) = (origin.to_owned(), self.now());
        self.blocking(move || {
            let missing = ledger.missing_documents(MISSING)?;
            let (texts, lists): (Vec<_>, Vec<_>) = missing.into_iter().partition(|(_, kind)| *kind == DocumentKind::Texts);
            let names = |of: Vec<(DocumentHash, DocumentKind)>| of.into_iter().map(|(hash, _)| hash).collect::<Vec<_>>();
            let mut texts = store.documents_due(&origin, now, &names(texts), wait_after)?;
            texts.now.truncate(STEP);
            let mut lists = store.documents_due(&origin, now, &names(lists), wait_after)?;
            lists.now.truncate(LISTS);
            Ok(Due { next: texts.next.into_iter().chain(lists.next).min(), texts: texts.now, lists: lists.now })
        })
        .await?
    }

    async fn fetch_documents(&self, link: &Link, due: &Due) -> Result<Fetched, Fault> {
        let (mut kept, mut missing) = (0, 0);
        let mut again = due.next;
        let texts = due.texts.iter().map(|(document, tries)| (document, tries, false));
        let lists = due.lists.iter().map(|(document, tries)| (document, tries, true));
        for (document, tries, is_list) in texts.chain(lists) {
            let answer = if is_list {
                self.fetch_list(link, *document, *tries).await?.into()
            } else {
                self.fetch_document(link, *document).await?
            };
            let soon = match answer {
                Answer::Kept => {
                    kept += 1;
                    continue;
                }
                Answer::More => self.now(),
                Answer::Elsewhere => self.now() + FIRST_RETRY,
                Answer::NotGiven { for_good } => {
                    missing += 1;
                    self.note_try(link, *document, *tries, for_good).await?
                }
            };
            again = Some(again.map_or(soon, |first| first.min(soon)));
        }
        Ok(Fetched::Asked { kept, missing, again })
    }

    /// Notes that a peer did not give a document, and says when it is worth asking again.
    async fn note_try(&self, link: &Link, document: DocumentHash, tries: u32, for_good: bool) -> Result<DateTime<Utc>, Fault> {
        let tries = if for_good { FOR_GOOD } else { tries.saturating_add(1) };
        let not_before = self.now() + wait_after(tries);
        let (store, origin) = (self.stores.inventory.clone(), link.peer.origin().to_string());
        self.blocking(move || store.note_document_try(&origin, &document, tries, not_before)).await??;
        Ok(not_before)
    }

    async fn fetch_document(&self, link: &Link, document: DocumentHash) -> Result<Answer, Fault> {
        let request = Request::get(address(link, &format!("v1/documents/{document}"))?, DEADLINE, MAX_TEXTS);
        let answer = self.transport.send(request).await?;
        match answer.status {
            200 => {}
            // Gone, or removed by law.
            410 | 451 => return Ok(Answer::NotGiven { for_good: true }),
            429 | 500..=599 => {
                return Err(Fault::Status { what: "document", status: answer.status, retry_after: answer.retry_after });
            }
            _ => return Ok(Answer::NotGiven { for_good: false }),
        }
        let ledger = self.ledger.clone();
        match self.blocking(move || ledger.keep_document(&document, answer.body)).await? {
            Ok(()) => Ok(Answer::Kept),
            Err(DocumentRefusal::Store(error)) => Err(error.into()),
            Err(DocumentRefusal::NotNow(hindrance)) => Err(Fault::NotNow(Box::new(Refusal::NotNow(hindrance)))),
            Err(DocumentRefusal::OtherBytes { .. }) => {
                let error = Misbehaviour::OtherDocument { document };
                tracing::warn!(peer = %link.peer.origin(), %error, "a peer served another document than the one asked for");
                Ok(Answer::NotGiven { for_good: true })
            }
            Err(refusal) => {
                tracing::warn!(peer = %link.peer.origin(), %document, error = %refusal, "a document was not kept");
                Ok(Answer::NotGiven { for_good: true })
            }
        }
    }
}
