//! Removing a document from the operator's side: an order that whoever holds the log carries out.
//!
//! The order is a row in the database, so that it outlives whoever gave it. A server that runs finds it within a second. Where none
//! runs, the command takes the log's lock, asks the peers what they cosigned as every start does, and carries it out itself.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::operator::{Desk, OperatorError};
use super::serve::{OpenedLog, StartError, halt_if_contradicted, open_log, transport};
use crate::clock::Clock;
use crate::config::Settings;
use crate::envelope::FormError;
use crate::federation::{Federation, FederationOptions, PeerStores};
use crate::ledger::ports::{DocumentStore, LogRead};
use crate::ledger::removal::advice::{Advice, advice};
use crate::ledger::removal::{Order, Removal, RemovalStore, RemovalTrouble};
use crate::ledger::{StoreError, Stores};
use crate::notice::{DocumentHash, Timestamp};
use crate::storage::DataFolderError;

pub use crate::ledger::removal::{Ground, Tombstone};
pub use crate::ledger::stored::{DocumentKind, DocumentState};

/// How long a command waits for a running server.
const PATIENCE: Duration = Duration::from_secs(90);
/// How often it looks meanwhile.
const LOOKS_EVERY: Duration = Duration::from_millis(200);

/// Why a document was not removed, or not wholly.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// The data folder.
    #[error(transparent)]
    Operator(#[from] OperatorError),
    /// Nothing is to be removed under this name.
    #[error("no notice on this server names document {0}")]
    NotNamed(DocumentHash),
    /// Jurisdiction or reference break a rule of form.
    #[error("this cannot be stated in the log: {0}")]
    Form(#[from] FormError),
    /// The clock is outside the years that statements can name.
    #[error("the clock of this machine stands outside the years 1970 to 9999")]
    Clock,
    /// The log could not be opened by the command.
    #[error("no server runs here, and the log cannot be opened: {0}")]
    Start(#[from] StartError),
    /// Peers cannot be asked what they cosigned.
    #[error("the peers cannot be asked what they cosigned: {0}")]
    Runtime(#[source] std::io::Error),
    /// The running server has not done it yet. It stays ordered.
    #[error(
        "the server that runs here has not removed document {document} yet; it stays ordered{}",
        trouble.as_ref().map(|trouble| format!(": {trouble}")).unwrap_or_default()
    )]
    Waiting {
        /// Which document.
        document: DocumentHash,
        /// What stands in the way.
        trouble: Option<String>,
    },
    /// It is not done wholly. It stays ordered.
    #[error("it stays ordered: {0}")]
    Trouble(#[from] RemovalTrouble),
    /// Storage.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A document that may be removed.
#[derive(Debug, Clone)]
pub struct Removable {
    /// Its name.
    pub document: DocumentHash,
    /// What notices here call it; `None` when none names it.
    pub kind: Option<DocumentKind>,
    /// Whether it is here.
    pub state: DocumentState,
    /// What is said of it, when it was removed before.
    pub tombstone: Option<Tombstone>,
}

/// What is known of a document on the server in `data`.
///
/// # Errors
/// [`RemoveError`].
pub fn look(data: &Path, document: DocumentHash) -> Result<Removable, RemoveError> {
    let desk = Desk::open(data)?;
    let size = desk.store.newest_published()?.map_or(0, |published| published.head.size);
    Ok(Removable {
        document,
        kind: desk.store.named_as(&document, size)?,
        state: desk.store.state(&document)?,
        tombstone: desk.store.tombstone(&document)?,
    })
}

/// Removes a document from the server of these settings, and waits until it is done. One that was removed before stays as it was.
///
/// # Errors
/// [`RemoveError`]; what was ordered stays so, and is carried out when it can be.
pub fn remove(
    settings: &Settings,
    document: DocumentHash,
    ground: Ground,
    clock: &Arc<dyn Clock>,
) -> Result<TombstoneView, RemoveError> {
    let desk = Desk::open(&settings.server.data)?;
    let size = desk.store.newest_published()?.map_or(0, |published| published.head.size);
    let now = clock.now();
    let issued = Timestamp::from_time(now).ok_or(RemoveError::Clock)?;
    let removal = Removal::new(desk.identity.origin.as_str(), issued, document, ground)?;
    if desk.store.state(&document)? != DocumentState::Removed {
        desk.store.named_as(&document, size)?.ok_or(RemoveError::NotNamed(document))?;
        desk.store.order_removal(&removal, now)?;
    }
    let begun = Instant::now();
    loop {
        let order = desk.store.removal_orders()?.into_iter().find(|order| order.removal.document() == document);
        let Some(order) = order else {
            // Struck off: whatever was ordered is done.
            let tombstone = desk.store.tombstone(&document)?.unwrap_or_else(|| removal.tombstone());
            return Ok(TombstoneView::of(&tombstone));
        };
        match open_log(settings, clock.clone()) {
            Ok(log) => carry_out_alone(settings, log, document)?,
            Err(StartError::Folder(DataFolderError::InUse { .. })) if begun.elapsed() < PATIENCE => {
                std::thread::sleep(LOOKS_EVERY);
            }
            Err(StartError::Folder(DataFolderError::InUse { .. })) => {
                return Err(RemoveError::Waiting { document, trouble: order.trouble });
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Carries out everything that is ordered, with the lock of the log in hand; fails when this document is not done.
fn carry_out_alone(settings: &Settings, log: OpenedLog, document: DocumentHash) -> Result<(), RemoveError> {
    let OpenedLog { folder, ledger, mut sequencer, store, remover, .. } = log;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RemoveError::Runtime)?;
    let peers = PeerStores::of(store);
    let asked = runtime.block_on(async {
        let federation = Federation::new(ledger, peers, transport(settings)?, FederationOptions::default())?;
        halt_if_contradicted(&federation).await;
        Ok::<_, StartError>(())
    });
    asked?;
    let troubles = remover.carry_out_alone(&mut sequencer)?;
    drop(folder);
    troubles.into_iter().find(|(of, _)| *of == document).map_or(Ok(()), |(_, trouble)| Err(trouble.into()))
}

/// A tombstone, for people and programs.
#[derive(Debug, Clone, Serialize)]
pub struct TombstoneView {
    /// The document.
    pub document: DocumentHash,
    /// When it was removed.
    pub removed: DateTime<Utc>,
    /// On what ground, when that is known.
    pub basis: Option<&'static str>,
    /// Under whose law.
    pub jurisdiction: Option<String>,
    /// A file number or the like.
    pub reference: Option<String>,
}

impl TombstoneView {
    fn of(tombstone: &Tombstone) -> Self {
        let ground = tombstone.ground();
        Self {
            document: tombstone.document,
            removed: tombstone.removed,
            basis: ground.map(|ground| ground.basis.as_str()),
            jurisdiction: ground.and_then(|ground| ground.jurisdiction.clone()),
            reference: ground.and_then(|ground| ground.reference.clone()),
        }
    }
}

/// An order that is not done.
#[derive(Debug, Clone, Serialize)]
pub struct OrderView {
    /// The document.
    pub document: DocumentHash,
    /// When it was ordered.
    pub asked: DateTime<Utc>,
    /// On what ground.
    pub basis: &'static str,
    /// Whether its bytes are gone, so that only the log does not say so yet.
    pub bytes_gone: bool,
    /// What stood in the way last.
    pub trouble: Option<String>,
}

impl OrderView {
    fn of(order: Order) -> Self {
        Self {
            document: order.removal.document(),
            asked: order.asked,
            basis: order.removal.ground().basis.as_str(),
            bytes_gone: order.is_buried,
            trouble: order.trouble,
        }
    }
}

/// What was removed from the server in `data`, and what was ordered and is not done.
///
/// # Errors
/// [`OperatorError`].
pub fn list(data: &Path) -> Result<(Vec<TombstoneView>, Vec<OrderView>), OperatorError> {
    let desk = Desk::open(data)?;
    let removed = desk.store.tombstones()?.iter().map(TombstoneView::of).collect();
    let orders = desk.store.removal_orders()?.into_iter().map(OrderView::of).collect();
    Ok((removed, orders))
}

/// A removal elsewhere.
#[derive(Debug, Clone, Serialize)]
pub struct AdviceView {
    /// The peer whose operator stated it.
    pub peer: String,
    /// The document.
    pub document: DocumentHash,
    /// When it was stated, as claimed.
    pub issued: DateTime<Utc>,
    /// On what ground.
    pub basis: &'static str,
    /// Under whose law.
    pub jurisdiction: Option<String>,
    /// A file number or the like.
    pub reference: Option<String>,
    /// How the document stands here: `available`, `awaited`, `removed` or `not-named`.
    pub here: &'static str,
}

impl AdviceView {
    fn of(advice: Advice) -> Self {
        Self {
            peer: advice.origin,
            document: advice.document,
            issued: advice.issued.time(),
            basis: advice.ground.basis.as_str(),
            jurisdiction: advice.ground.jurisdiction,
            reference: advice.ground.reference,
            here: advice.here.as_str(),
        }
    }
}

/// What the operators of the peers of the server in `data` say that they removed.
///
/// # Errors
/// [`OperatorError`].
pub fn list_advice(data: &Path) -> Result<Vec<AdviceView>, OperatorError> {
    let desk = Desk::open(data)?;
    let found = advice(&Stores::of(desk.store.clone()), desk.store.as_ref())?;
    Ok(found.into_iter().map(AdviceView::of).collect())
}
