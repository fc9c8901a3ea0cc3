//! What a store must give to be put to the test.

use std::sync::Arc;

use palinode::ledger::Stores;
use palinode::ledger::ports::{HeadRecord, LedgerWrite};
use palinode::storage::{DataFolder, SqliteWriter};

/// A place where a ledger can be kept.
pub(crate) trait Backend {
    /// A new, empty place.
    fn fresh() -> Self;

    /// The reading ports, on connections of their own: calling it again is opening the store anew.
    fn stores(&self) -> Stores;

    /// The writing port.
    fn writer(&self) -> Box<dyn LedgerWrite>;

    /// The head record beside it.
    fn record(&self) -> Arc<dyn HeadRecord>;
}

/// The store that is shipped: one SQLite file and a head record in a folder.
pub(crate) struct Sqlite {
    folder: tempfile::TempDir,
}

impl Sqlite {
    fn data(&self) -> DataFolder {
        DataFolder::beside(self.folder.path()).expect("it was made")
    }
}

impl Backend for Sqlite {
    fn fresh() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = DataFolder::lock(folder.path()).expect("nobody has it");
        data.open_store().expect("opens");
        Self { folder }
    }

    fn stores(&self) -> Stores {
        let store = Arc::new(self.data().open_store().expect("opens"));
        Stores { log: store.clone(), index: store.clone(), documents: store.clone(), cosignatures: store }
    }

    fn writer(&self) -> Box<dyn LedgerWrite> {
        Box::new(SqliteWriter::new(self.data().open_store().expect("opens")))
    }

    fn record(&self) -> Arc<dyn HeadRecord> {
        Arc::new(self.data().head_file())
    }
}
