//! The folder that a restore makes, with its ledger, step by step.

use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{RestoreError, RestoreOrder};
use crate::app::backup::{Progress, Stage};
use crate::app::keys::{KeyFileError, server_keys};
use crate::app::operator::{Report, known_keys};
use crate::clock::Clock;
use crate::envelope::{LogKeys, LogRoot, OperatorStatement, PayloadType, PinFile, PublicKey, SecretKey, Statement};
use crate::ledger::import::{Import, Imported, import};
use crate::ledger::old_log::OldLogReport;
use crate::ledger::peers::{EvidenceStore, Peer, PeerStore, SuccessionStore};
use crate::ledger::removal::{Removal, RemovalStore, Tombstone, TombstoneRecord};
use crate::ledger::stored::Head;
use crate::ledger::{
    Admission, Examined, Identity, Ledger, Opening, Pins, Policy, Quota, Reserve, Room, Sequencer, ServerKeys, Stores, fsck,
};
use crate::notice::Timestamp;
use crate::storage::{BackupFile, DataFolder, DataFolderError, DiskVolume, SqliteStore, SqliteWriter};

/// The log that ended, and when its restore was begun.
pub(super) struct Ended<'e> {
    pub(super) origin: &'e str,
    pub(super) head: Head,
    pub(super) begun: Timestamp,
}

/// The folder that is being made, with its ledger, on which no server runs.
pub(super) struct Site {
    pub(super) folder: DataFolder,
    store: Arc<SqliteStore>,
    keys: Arc<ServerKeys>,
    identity: Identity,
    pub(super) ledger: Arc<Ledger>,
    sequencer: Sequencer,
    old_operator: PublicKey,
}

impl Site {
    pub(super) fn open(folder: DataFolder, order: &RestoreOrder<'_>, clock: Arc<dyn Clock>) -> Result<Self, RestoreError> {
        put_operator_key(&folder.key("operator"), &order.operator)?;
        let store = Arc::new(folder.open_store()?);
        let keys = Arc::new(server_keys(&folder, store.origin()?.as_deref(), order.origin)?);
        let identity = keys.identity()?;
        store.fix_origin(identity.origin.as_str())?;
        let room = Room::new(Arc::new(DiskVolume::of(folder.path())), Reserve::default());
        let (ledger, sequencer) = Ledger::open(Opening {
            stores: Stores::of(store.clone()),
            write: Box::new(SqliteWriter::within(SqliteStore::clone(&store), room.clone())),
            record: Arc::new(folder.head_file()),
            keys: keys.clone(),
            identity: identity.clone(),
            // What stands in the old log was admitted there. Nobody else is served before the operator's policy is read.
            admission: Admission { policy: Policy::Pinned, quota: Quota::default(), pins: Pins::default() },
            clock,
            room,
        })?;
        Ok(Self { folder, store, keys, identity, ledger, sequencer, old_operator: order.operator.public() })
    }

    /// Makes sure that what was removed never comes back: from the backup, or from peers later.
    pub(super) fn bar_removed(&mut self, backup: &BackupFile, since: &[Tombstone]) -> Result<Vec<Tombstone>, RestoreError> {
        self.old_operator = backup.about().operator_key;
        // What was only ordered when the backup was made was meant to be gone all the same.
        let mut removed = backup.removed_documents()?;
        removed.extend(since.iter().cloned());
        self.folder.tombstone_file().add(&removed)?;
        self.store.bury(&removed)?;
        Ok(self.store.tombstones()?)
    }

    pub(super) fn import(
        &mut self,
        backup: &BackupFile,
        old: &OldLogReport,
        removed: &[Tombstone],
        progress: Progress<'_>,
    ) -> Result<Imported, RestoreError> {
        let size = old.head.size;
        let leave_out = old.damaged.iter().copied().collect();
        let removed: BTreeSet<_> = removed.iter().map(|tombstone| tombstone.document).collect();
        let task = Import { old: backup, size, leave_out: &leave_out, removed: &removed, operator: self.old_operator };
        progress(Stage::Importing, 0, size);
        Ok(import(&self.ledger, &mut self.sequencer, &task, &mut |done| progress(Stage::Importing, done, size))?)
    }

    /// Makes the operator's statements of the old log for this one, says of what was removed since that it was, and says which log
    /// this one succeeds.
    pub(super) fn state(&mut self, imported: &Imported, removed: &[Tombstone], old: &Ended<'_>) -> Result<(), RestoreError> {
        let mut statements = imported.statements.clone();
        for said in removed.iter().filter_map(|tombstone| tombstone.removal.as_ref()).map(Removal::statement) {
            if !statements.contains(&said) {
                statements.push(said);
            }
        }
        let root = LogRoot::from_bytes(*old.head.root.as_bytes());
        statements.push(Statement::LogSucceeds { origin: old.origin.to_owned(), size: old.head.size, root, keys: None });
        for statement in &statements {
            // Signed with the time of the first try, so that a second one makes the same statement.
            let payload = OperatorStatement::write(self.identity.origin.as_str(), old.begun, &self.own(statement))?;
            let envelope = self.keys.operator().sign_envelope(PayloadType::Operator, &payload)?;
            let leaf = match self.ledger.examine_own(&envelope).map_err(RestoreError::Statement)? {
                Examined::Known(stored) => stored.leaf,
                Examined::New(admitted) | Examined::Unverified(admitted) => {
                    self.sequencer.commit_now(&[(*admitted).clone()]).map_err(RestoreError::Statement)?;
                    admitted.leaf()
                }
            };
            if let Statement::LogSucceeds { origin, .. } = statement {
                self.store.note_succeeded(origin, &leaf)?;
            }
        }
        Ok(())
    }

    /// A statement as this log makes it: where it goes on for another log, it says with which keys.
    fn own(&self, statement: &Statement) -> Statement {
        let keys = Box::new(LogKeys { log: *self.identity.log.public_key(), witness: *self.identity.witness.public_key() });
        match statement.clone() {
            Statement::LogSucceeds { origin, size, root, .. } => {
                Statement::LogSucceeds { origin, size, root, keys: Some(keys) }
            }
            other => other,
        }
    }

    /// Peers, evidence and pin files.
    pub(super) fn keep_the_rest(&self, backup: &BackupFile) -> Result<(u64, Option<PathBuf>), RestoreError> {
        let mut peers = 0;
        let known = backup.peers()?;
        for peer in known.iter().filter(|peer| *peer.origin() != self.identity.origin) {
            self.store.put_peer(peer)?;
            peers += 1;
        }
        for (found, evidence) in backup.evidence()? {
            // A backup that was damaged isolates nobody. Of a peer that was removed, nobody here has the key any more.
            let key = known.iter().map(Peer::log_key).find(|key| key.name() == evidence.origin());
            if key.is_none_or(|key| evidence.verify(key).is_ok()) {
                self.store.keep_evidence(&evidence, found)?;
            }
        }
        crate::app::blocks::carry_over(backup, &self.store, self.ledger.clock().now())?;
        let folder = self.folder.path().join("pins");
        let failed = |source| DataFolderError::Io { path: folder.clone(), source };
        let mut written = false;
        for pin in backup.pins()? {
            // What a backup says is a name is not a path, and what it says is a pin must be one.
            let plain = Path::new(&pin.name).file_name().is_some_and(|name| *name == *pin.name);
            if plain && PinFile::parse(&pin.bytes).is_ok() {
                std::fs::create_dir_all(&folder).map_err(failed)?;
                std::fs::write(folder.join(&pin.name), &pin.bytes).map_err(failed)?;
                written = true;
            }
        }
        Ok((peers, written.then_some(folder)))
    }

    pub(super) fn check(&self, progress: Progress<'_>) -> Result<Report, RestoreError> {
        let record = self.folder.head_file();
        let progress = &mut |done, of| progress(Stage::Checking, done, of);
        let known = known_keys(&self.store, &self.identity)?;
        Ok(fsck::check(&Stores::of(self.store.clone()), &record, &known, progress)?)
    }
}

/// Writes the operator's key into the new folder, where a server looks for it; the log and witness keys are made new.
fn put_operator_key(path: &Path, key: &SecretKey) -> Result<(), RestoreError> {
    let failed = |source| KeyFileError::Io { path: path.to_owned(), source };
    let written = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).and_then(|mut file| {
        file.write_all(key.to_pem().as_bytes())?;
        file.sync_all()
    });
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            // Begun before. A file that was being written when the machine stopped is written again.
            std::fs::write(path, key.to_pem().as_bytes()).map_err(failed)?;
            Ok(())
        }
        other => Ok(other.map_err(failed)?),
    }
}
