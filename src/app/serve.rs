//! Starting a server and taking it down, in order.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use rustls::crypto::ring;
use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;

use super::descriptors;
use super::doctor::remedy;
use super::gauges::Gauges;
use super::keys::{KeyFileError, server_keys};
use super::limits::limits;
use super::metrics;
use super::outbound::address_policy;
use super::pins::{self, PinsError};
use super::removing::{self, Removing};
use super::sequencing::Sequencing;
use super::watching;
use crate::clock::Clock;
use crate::config::{AdmissionPolicy, FederationSettings, SecuritySettings, Settings};
use crate::envelope::PinFile;
use crate::federation::{
    EnrolError, Federation, FederationOptions, HttpTransport, HttpTransportError, PeerLimits, PeerStores, enrol_configured,
};
use crate::http::{self, Limits, SecurityContact, Serving};
use crate::ledger::peers::{Peer, PeerError, PeerSource};
use crate::ledger::removal::Remover;
use crate::ledger::{
    Admission, Ledger, OpenError, Opening, Pins, Policy, Quota, Reserve, Room, Sequencer, ServerKeysError, StoreError, Stores,
    Volume,
};
use crate::storage::{DataFolder, DataFolderError, DiskVolume, SqliteStore, SqliteWriter};

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder.
    #[error(transparent)]
    Folder(#[from] DataFolderError),
    /// Nothing can be written to the data folder.
    #[error("the data folder {} cannot be written to: {source}", path.display())]
    NotWritable {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The keys do not make a server.
    #[error(transparent)]
    ServerKeys(#[from] ServerKeysError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log contradicts what was signed.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The pins.
    #[error(transparent)]
    Pins(#[from] PinsError),
    /// A configured peer.
    #[error("a configured peer: {0}")]
    Peer(#[from] PeerError),
    /// The peers of the configuration contradict the table.
    #[error(transparent)]
    Enrol(#[from] EnrolError),
    /// The client that peers are asked with.
    #[error(transparent)]
    Transport(#[from] HttpTransportError),
    /// The address.
    #[error("the server cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The writer's thread.
    #[error("the sequencer's thread cannot be started")]
    Thread(#[source] io::Error),
}

impl StartError {
    /// Whether stored data contradict themselves or what was signed.
    pub fn is_contradiction(&self) -> bool {
        match self {
            Self::Open(OpenError::Store(error)) | Self::Store(error) | Self::Folder(DataFolderError::Store(error)) => {
                matches!(error, StoreError::Corrupt { .. })
            }
            Self::Open(_) => true,
            _ => false,
        }
    }

    /// Whether the data are out of reach for now, and nothing is known to be wrong with them.
    pub fn is_out_of_reach(&self) -> bool {
        let folder = matches!(self, Self::Folder(DataFolderError::Io { .. } | DataFolderError::Store(_)));
        let store = matches!(self, Self::Store(_) | Self::Open(_) | Self::NotWritable { .. });
        (folder || store) && !self.is_contradiction()
    }

    /// What to do about a data folder that cannot be used, when that is what is wrong.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Folder(DataFolderError::Io { source, .. }) | Self::NotWritable { source, .. } => Some(remedy(source.kind())),
            _ => None,
        }
    }
}

/// A server that runs.
pub struct Running {
    address: SocketAddr,
    ledger: Arc<Ledger>,
    federation: Arc<Federation>,
    stop: CancellationToken,
    federating: JoinHandle<()>,
    watching: JoinHandle<()>,
    removing: JoinHandle<()>,
    drain: Duration,
    http: ServerHandle,
    serving: JoinHandle<io::Result<()>>,
    sequencing: Sequencing,
    folder: Arc<DataFolder>,
}

/// Starts a server: everything is ready to answer when this comes back.
///
/// # Errors
/// [`StartError`]; nothing is left running.
pub async fn start(settings: Settings, clock: Arc<dyn Clock>) -> Result<Running, StartError> {
    let opened = tokio::task::spawn_blocking({
        let settings = settings.clone();
        move || open(&settings, clock)
    });
    let Opened { log, pins } = joined(opened.await)?;
    let OpenedLog { folder, ledger, sequencer, store, room, remover } = log;
    let options = federation_options(&settings.federation);
    let federation = Federation::new(ledger.clone(), PeerStores::of(store.clone()), transport(&settings)?, options)?;
    let federation = Arc::new(federation);
    halt_if_contradicted(&federation).await;
    let sequencing = tokio::task::spawn_blocking({
        let ledger = ledger.clone();
        move || begin_writing(&ledger, sequencer, &pins)
    });
    let sequencing = joined(sequencing.await)?;
    let listen = settings.server.listen;
    let limits = limits(&settings.limits);
    let serving = Serving {
        ledger: ledger.clone(),
        federation: federation.clone(),
        limits: Limits { connections: descriptors::connections(limits.connections), ..limits },
        metrics: metrics::text(Gauges { ledger: ledger.clone(), federation: federation.clone(), room }),
        public_url: settings.server.public_url.as_ref().map(ToString::to_string),
        security: settings.server.security.clone().map(|SecuritySettings { contacts, policy, languages }| SecurityContact {
            contacts,
            policy,
            languages,
        }),
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = settings.server.workers.and_then(|n| usize::try_from(n).ok()).unwrap_or(processors);
    let bound = http::bind(&serving, listen, workers);
    let (server, address) = bound.map_err(|source| StartError::Listen { address: listen, source })?;
    if let Err(error) = folder.note_address(address) {
        tracing::warn!(%error, "the address is not noted in the lock file, so that `palinode doctor` will not find this server");
    }
    let http = server.handle();
    let serving = tokio::spawn(server);
    let stop = CancellationToken::new();
    tokio::spawn(metrics::keep_small(stop.clone()));
    let federating = tokio::spawn(federation.clone().run(stop.clone()));
    let folder = Arc::new(folder);
    let watching = tokio::spawn(watching::watch(ledger.clone(), folder.clone(), stop.clone()));
    let follow = settings.federation.follow_removals.clone();
    let removing = Removing { remover: Arc::new(remover), ledger: ledger.clone(), store, follow };
    let removing = tokio::spawn(removing::watch(removing, stop.clone()));
    let drain = Duration::from_secs(settings.server.drain_seconds);
    Ok(Running { address, ledger, federation, stop, federating, watching, removing, drain, http, serving, sequencing, folder })
}

/// What a blocking step came to; a panic in it is told like any other reason not to start.
fn joined<T>(ended: Result<Result<T, StartError>, JoinError>) -> Result<T, StartError> {
    ended.unwrap_or_else(|panic| Err(StartError::Thread(io::Error::other(panic))))
}

/// Asks the peers what they cosigned of our log, before anything new is signed: an old copy of the whole folder looks right from
/// inside (protocol, section 7, rule 3).
pub(super) async fn halt_if_contradicted(federation: &Federation) {
    for contradiction in federation.ask_what_was_cosigned().await {
        federation.ledger().halt(contradiction.to_string());
    }
}

/// Puts the pinned records into the log and starts the writer's thread. A halted log takes nothing in, and is read all the same.
fn begin_writing(ledger: &Ledger, mut sequencer: Sequencer, pins: &[PinFile]) -> Result<Sequencing, StartError> {
    if !ledger.is_halted() {
        pins::append(pins, ledger, &mut sequencer)?;
    }
    Sequencing::start(sequencer).map_err(StartError::Thread)
}

/// How peers are asked.
pub(super) fn transport(settings: &Settings) -> Result<Arc<HttpTransport>, StartError> {
    // Another start in this process has done it already; then this one changes nothing.
    let _ = ring::default_provider().install_default();
    Ok(Arc::new(HttpTransport::new(address_policy(&settings.federation))?))
}

struct Opened {
    log: OpenedLog,
    pins: Vec<PinFile>,
}

/// A log that is open, with the lock of its folder and its single writer.
pub(super) struct OpenedLog {
    pub(super) folder: DataFolder,
    pub(super) ledger: Arc<Ledger>,
    pub(super) sequencer: Sequencer,
    pub(super) store: Arc<SqliteStore>,
    pub(super) room: Room,
    pub(super) remover: Remover,
}

/// Everything that blocks before the peers can be asked: folder, keys, database, ledger, peers of the configuration.
fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Opened, StartError> {
    let pins = settings.trust.publishers.as_deref().map_or_else(|| Ok(Vec::new()), pins::read)?;
    let log = open_log_with(settings, clock, &pins)?;
    enrol_configured(log.store.as_ref(), log.ledger.identity(), &configured_peers(settings)?)?;
    Ok(Opened { log, pins })
}

/// Opens the log of the folder that the settings name, for work beside serving.
///
/// # Errors
/// [`StartError`]; [`DataFolderError::InUse`] when a server runs on it.
pub(super) fn open_log(settings: &Settings, clock: Arc<dyn Clock>) -> Result<OpenedLog, StartError> {
    open_log_with(settings, clock, &[])
}

fn open_log_with(settings: &Settings, clock: Arc<dyn Clock>, pins: &[PinFile]) -> Result<OpenedLog, StartError> {
    let folder = DataFolder::lock(&settings.server.data)?;
    // Told apart here, since a database that cannot be written to has many ways of saying so.
    let written = DiskVolume::of(folder.path()).try_writing();
    written.map_err(|source| StartError::NotWritable { path: folder.path().to_owned(), source })?;
    let store = Arc::new(folder.open_store()?);
    store.tidy_lists(clock.now())?;
    let keys = Arc::new(server_keys(&folder, store.origin()?.as_deref(), settings.server.origin.as_deref())?);
    let identity = keys.identity()?;
    store.fix_origin(identity.origin.as_str())?;
    let admission = Admission {
        policy: match settings.admission.policy {
            AdmissionPolicy::Open => Policy::Open,
            AdmissionPolicy::Pinned => Policy::Pinned,
            AdmissionPolicy::Verified => Policy::Verified,
        },
        quota: Quota {
            per_day: settings.admission.entries_per_issuer_per_day,
            in_all: settings.admission.entries_per_issuer,
            list_bytes: settings.admission.list_bytes_per_issuer,
        },
        pins: Pins::from_files(pins),
    };
    let room = room(&folder, settings);
    let (ledger, sequencer) = Ledger::open(Opening {
        stores: Stores::of(store.clone()),
        write: Box::new(SqliteWriter::within(SqliteStore::clone(&store), room.clone())),
        record: Arc::new(folder.head_file()),
        keys: keys.clone(),
        identity,
        admission,
        clock,
        room: room.clone(),
    })?;
    let remover = Remover::new(ledger.clone(), keys, Arc::new(folder.tombstone_file()));
    remover.reconcile()?;
    Ok(OpenedLog { folder, ledger, sequencer, store, room, remover })
}

fn federation_options(settings: &FederationSettings) -> FederationOptions {
    let limits = PeerLimits { leaves_a_day: settings.entries_per_peer_per_day, ..PeerLimits::default() };
    FederationOptions { poll: settings.poll(), compare: settings.compare(), limits, ..FederationOptions::default() }
}

/// Where the server in this folder may grow.
pub(super) fn room(folder: &DataFolder, settings: &Settings) -> Room {
    let reserve = settings.storage.reserve_bytes.map_or(Reserve::Share, Reserve::Bytes);
    Room::new(Arc::new(DiskVolume::of(folder.path())), reserve)
}

fn configured_peers(settings: &Settings) -> Result<Vec<Peer>, PeerError> {
    let peer = |peer: &crate::config::PeerSettings| {
        let (url, log, witness) = (peer.url.as_url().clone(), peer.log_key.clone(), peer.witness_key.clone());
        Peer::new(url, log, witness, peer.operator_key, peer.vouch, PeerSource::Configuration)
    };
    settings.peers.iter().map(peer).collect()
}

impl Running {
    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its ledger.
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    /// Its side of the federation.
    pub fn federation(&self) -> &Arc<Federation> {
        &self.federation
    }

    /// Its data folder.
    pub fn folder(&self) -> &DataFolder {
        &self.folder
    }

    /// Takes up peers that were added beside the running server now, instead of within a second.
    ///
    /// # Errors
    /// [`StartError::Store`].
    pub fn take_up_peers(&self) -> Result<(), StartError> {
        Ok(self.federation.reload_peers()?)
    }

    /// Takes the server down: `/readyz` says so first, for as long as the settings say; then requests under way are answered,
    /// what is queued is finished, and the folder is let go.
    pub async fn stop(self) {
        self.ledger.announce_stop();
        tokio::time::sleep(self.drain).await;
        self.http.stop(true).await;
        self.stop.cancel();
        if let Err(error) = self.federating.await {
            tracing::error!(%error, "the federation ended badly");
        }
        if let Err(error) = self.watching.await {
            tracing::error!(%error, "watching how things stand ended badly");
        }
        if let Err(error) = self.removing.await {
            tracing::error!(%error, "looking for what is to be removed ended badly");
        }
        match self.serving.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the HTTP server ended badly"),
            Err(error) => tracing::error!(%error, "the HTTP server ended badly"),
        }
        let sequencing = self.sequencing;
        if let Err(error) = tokio::task::spawn_blocking(move || sequencing.stop()).await {
            tracing::error!(%error, "the sequencer ended badly");
        }
        drop(self.folder);
    }
}
