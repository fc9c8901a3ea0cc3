//! Where a list is read from: a server, a mirror of its paths, or a folder with a copy of them.

use std::path::Path;
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

use crate::cli::connection::{Connection, ConnectionError};
use crate::client::Client;
use crate::client::index::FolderTransport;

/// A place that lists are read from.
pub(super) struct Source {
    pub(super) client: Client,
    runtime: Runtime,
}

impl Source {
    /// What `text` names: an address, or a folder on this machine.
    pub(super) fn open(text: &str) -> Result<Self, ConnectionError> {
        let failed = |error: String| ConnectionError::Setup(error);
        let client = match FolderTransport::of(Path::new(text)) {
            Some((transport, base)) if !text.contains("://") => Client::over(Arc::new(transport), base),
            _ => Connection::open(text)?.client,
        };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| failed(error.to_string()))?;
        Ok(Self { client, runtime })
    }

    /// How messages name it, and what is remembered of it.
    pub(super) fn address(&self) -> &str {
        self.client.base().as_str()
    }

    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}
