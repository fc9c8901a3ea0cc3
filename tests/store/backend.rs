//! What a store must give to be put to the test.

use std::sync::Arc;

use palinode::ledger::Stores;
use palinode::ledger::ports::{HeadRecord, LedgerWrite};
use palinode::storage::{DataFolder, SqliteStore, SqliteWriter};

/// A place where a ledger can be kept.
pub(crate) trait Backend {
    /// A new, empty place.
    fn fresh() -> Self;

    /// The reading ports, on connections of their own.
    fn stores(&self) -> Stores;

    /// The writing port.
    fn writer(&self) -> Box<dyn LedgerWrite>;

    /// The head record beside it.
    fn record(&self) -> Arc<dyn HeadRecord>;
}

/// The store that is shipped: two SQLite files and a head record in a folder.
pub(crate) struct Sqlite {
    folder: tempfile::TempDir,
    store: SqliteStore,
}

impl Backend for Sqlite {
    fn fresh() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = DataFolder::lock(folder.path()).expect("nobody has it");
        Self { store: data.open_store().expect("opens"), folder }
    }

    fn stores(&self) -> Stores {
        let store = Arc::new(self.store.clone());
        Stores::of(store)
    }

    fn writer(&self) -> Box<dyn LedgerWrite> {
        Box::new(SqliteWriter::new(self.store.clone()))
    }

    fn record(&self) -> Arc<dyn HeadRecord> {
        Arc::new(DataFolder::beside(self.folder.path()).expect("it was made").head_file())
    }
}
