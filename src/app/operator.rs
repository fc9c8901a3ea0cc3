//! The operator's work on a data folder, beside a server that may be running on it.
//!
//! Everything here is one short transaction, or only reads; a running server notices a changed table of peers within a second.
//! The folder is never made here: there is nothing to look at in one that no server ever opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use url::Url;

use super::backup::{Progress, Stage};
use super::keys::{self, KeyFileError};
use crate::envelope::PublicKey;
use crate::federation::{EnrolError, enrol};
use crate::ledger::peers::{Peer, PeerError, PeerSource, PeerState, PeerStore, SuccessionStore};
use crate::ledger::{Identity, ServerKeysError, StoreError, Stores};
use crate::storage::{DataFolder, DataFolderError, SqliteStore};
use crate::tlog::VerifierKey;

use crate::ledger::fsck::Known;
pub use crate::ledger::fsck::Report;

/// Why the operator's work was not done.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// There is no data folder, or it cannot be read.
    #[error("{} is not the data folder of a palinode server, or cannot be read: {source}", path.display())]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: DataFolderError,
    },
    /// No server ever ran on it.
    #[error("no server ever ran on the data folder {}", path.display())]
    NoOrigin {
        /// Which folder.
        path: PathBuf,
    },
    /// A server runs on it, and this work needs it alone.
    #[error(transparent)]
    Busy(DataFolderError),
    /// Its keys.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// Its keys do not name a server.
    #[error(transparent)]
    Identity(#[from] ServerKeysError),
    /// The description of a peer contradicts itself.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// The peer contradicts what is known of it.
    #[error(transparent)]
    Enrol(#[from] EnrolError),
    /// Storage.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OperatorError {
    /// Whether stored data contradict themselves, rather than being out of reach.
    pub fn is_corrupt(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreError::Corrupt { .. })
                | Self::Enrol(EnrolError::Store(StoreError::Corrupt { .. }))
                | Self::Folder { source: DataFolderError::Store(StoreError::Corrupt { .. }), .. }
        )
    }

    /// Whether the data are out of reach for now.
    pub fn is_out_of_reach(&self) -> bool {
        let unavailable = matches!(self, Self::Store(_) | Self::Enrol(EnrolError::Store(_)));
        !self.is_corrupt() && (unavailable || matches!(self, Self::Folder { .. } | Self::NoOrigin { .. }))
    }
}

/// Everything about a data folder that the operator's work needs.
pub(super) struct Desk {
    pub(super) folder: DataFolder,
    pub(super) store: Arc<SqliteStore>,
    pub(super) identity: Identity,
}

impl Desk {
    pub(super) fn open(data: &Path) -> Result<Self, OperatorError> {
        let failed = |source| OperatorError::Folder { path: data.to_owned(), source };
        let folder = DataFolder::beside(data).map_err(failed)?;
        let store = Arc::new(folder.open_store()?);
        let origin = store.origin()?.ok_or_else(|| OperatorError::NoOrigin { path: data.to_owned() })?;
        let identity = keys::server_keys(&folder, Some(&origin), None)?.identity()?;
        Ok(Self { folder, store, identity })
    }
}

/// Derives the whole ledger in `data` again and compares. `progress` is told how many of how many entries are done.
///
/// # Errors
/// [`OperatorError`] when the data cannot be read; what contradicts itself is a fault in the report.
pub fn fsck(data: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Report, OperatorError> {
    let desk = Desk::open(data)?;
    let stores = Stores::of(desk.store.clone());
    let known = known_keys(&desk.store, &desk.identity)?;
    let mut report = crate::ledger::fsck::check(&stores, &desk.folder.head_file(), &known, progress)?;
    report.faults.extend(desk.store.engine_faults()?);
    report.faults.extend(super::fsck::faults_beside_the_log(&desk)?);
    Ok(report)
}

/// What was derived again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// Hash tiles that were missing or not what the entries hash to, and were written over.
    pub tiles: u64,
    /// Entries whose index rows were derived.
    pub entries: u64,
}

/// Throws away everything in `data` that is derived, and derives it again from the entries: index, hash tiles and kept bundles. Entries,
/// documents and signed checkpoints are not touched. No server may run on the folder.
///
/// # Errors
/// [`OperatorError`]; when the entries are not what was signed, nothing can be derived from them.
pub fn rebuild(data: &Path, progress: Progress<'_>) -> Result<Rebuilt, OperatorError> {
    let failed = |source| OperatorError::Folder { path: data.to_owned(), source };
    DataFolder::beside(data).map_err(failed)?;
    let folder = DataFolder::lock(data).map_err(|error| match error {
        DataFolderError::InUse { .. } => OperatorError::Busy(error),
        other => failed(other),
    })?;
    folder.forget_index()?;
    // Before the index, so that it learns of lists that must be fetched again.
    folder.rebuild_lists()?;
    let mut entries = 0;
    folder.rebuild_index(&mut |done, of| {
        entries = of;
        progress(Stage::Deriving, done, of);
    })?;
    let tiles = folder.rebuild_tiles(&mut |done, of| progress(Stage::Hashing, done, of))?;
    folder.rebuild_bundles(&mut |done, of| progress(Stage::Bundling, done, of))?;
    Ok(Rebuilt { tiles, entries })
}

/// The keys that a server's data are checked with.
pub(super) fn known_keys(store: &SqliteStore, identity: &Identity) -> Result<Known, StoreError> {
    let mut witnesses = vec![identity.witness.clone()];
    witnesses.extend(store.peers()?.iter().map(|peer| peer.witness_key().clone()));
    Ok(Known { log: identity.log.clone(), operator: identity.operator, witnesses })
}

/// Who a peer is: its address, and the three keys that its operator gave.
#[derive(Debug, Clone)]
pub struct NewPeer {
    /// Where it is reached.
    pub url: Url,
    /// Verifies its checkpoints; its name is the origin.
    pub log_key: VerifierKey,
    /// Verifies its cosignatures.
    pub witness_key: VerifierKey,
    /// Verifies its operator statements.
    pub operator_key: PublicKey,
}

/// A peer, and how things stand with it.
#[derive(Debug, Clone, Serialize)]
pub struct PeerView {
    /// The name of its log.
    pub origin: String,
    /// Where it is reached.
    pub url: String,
    /// Who named it: `configuration` or `command`.
    pub source: &'static str,
    /// Its log key.
    pub log_key: String,
    /// Its witness key.
    pub witness_key: String,
    /// Its operator key.
    pub operator_key: String,
    /// Size of its newest checkpoint that was verified here.
    pub size: Option<u64>,
    /// How far its log was read.
    pub pulled: u64,
    /// The size of our log that it cosigned last.
    pub acknowledged: u64,
    /// Why its log is not read any further.
    pub pause: Option<&'static str>,
    /// Entries of it that could not be had yet.
    pub wanted: u64,
    /// Entries of it that wait until more is known.
    pub pending: u64,
    /// Entries of it that were refused for good.
    pub refused: u64,
    /// How many pieces of evidence convict it of two histories. With any, it is isolated.
    pub evidence: u64,
    /// Since when it is isolated.
    pub isolated_since: Option<DateTime<Utc>>,
    /// When anything went well with it last.
    pub last_contact: Option<DateTime<Utc>>,
    /// What went wrong since.
    pub last_error: Option<String>,
    /// The log that goes on for its own, which ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub succeeded_by: Option<String>,
    /// Who claimed to go on for it and was not believed, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused_claim: Option<String>,
}

impl PeerView {
    fn new(peer: &Peer, state: &PeerState) -> Self {
        Self {
            origin: peer.origin().to_string(),
            url: peer.url().to_string(),
            source: peer.source().as_str(),
            log_key: peer.log_key().to_string(),
            witness_key: peer.witness_key().to_string(),
            operator_key: peer.operator_key().to_multibase(),
            size: state.head.as_ref().map(|head| head.head.size),
            pulled: state.pulled,
            acknowledged: state.acknowledged,
            pause: state.pause.map(crate::ledger::peers::Pause::as_str),
            wanted: state.wanted,
            pending: state.pending,
            refused: state.refused,
            evidence: state.evidence,
            isolated_since: state.convicted,
            last_contact: state.last_contact(),
            last_error: state.present_error().map(|fault| fault.text.clone()),
            succeeded_by: None,
            refused_claim: None,
        }
    }
}

/// The peers of the server in `data`, in the order of their origins.
///
/// # Errors
/// [`OperatorError`].
pub fn list_peers(data: &Path) -> Result<Vec<PeerView>, OperatorError> {
    let desk = Desk::open(data)?;
    let (successors, claims) = (desk.store.successors()?, desk.store.claims()?);
    let view = |peer: &Peer| {
        let origin = peer.origin().as_str();
        let claim = claims.get(origin).map(|claim| format!("{} claimed to go on for it: {}", claim.claimant, claim.why));
        Ok(PeerView {
            succeeded_by: successors.get(origin).map(|successor| successor.origin.clone()),
            refused_claim: claim,
            ..PeerView::new(peer, &desk.store.peer_state(origin)?)
        })
    };
    desk.store.peers()?.iter().map(view).collect()
}

/// Adds a peer to the server in `data`, and gives it as it stands in the table. Adding the same again is harmless.
///
/// # Errors
/// [`OperatorError::Peer`] and [`OperatorError::Enrol`] when the description contradicts itself, or what is known.
pub fn add_peer(data: &Path, new: NewPeer) -> Result<PeerView, OperatorError> {
    let desk = Desk::open(data)?;
    let NewPeer { url, log_key, witness_key, operator_key } = new;
    let peer = Peer::new(url, log_key, witness_key, operator_key, false, PeerSource::Command)?;
    enrol(desk.store.as_ref(), &desk.identity, &peer)?;
    Ok(PeerView::new(&peer, &desk.store.peer_state(peer.origin().as_str())?))
}

/// Removes the peer of this origin from the server in `data`; false when there is none.
///
/// # Errors
/// [`OperatorError`].
pub fn remove_peer(data: &Path, origin: &str) -> Result<bool, OperatorError> {
    Ok(Desk::open(data)?.store.remove_peer(origin)?)
}
