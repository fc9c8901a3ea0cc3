//! Where a list is read from: a server, a mirror of its paths, or a folder or an archive with a copy of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};
use url::Url;

use crate::cli::connection::{Connection, ConnectionError};
use crate::cli::progress::bytes_bar;
use crate::cli::{Complaint, ExitCode, Failure};
use crate::client::Client;
use crate::client::index::{ArchiveError, ArchiveTransport, FolderTransport};

/// A place that lists are read from.
pub(super) struct Source {
    pub(super) client: Client,
    runtime: Runtime,
}

impl Complaint for ArchiveError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Io { .. } | Self::NoCopy(_) => ExitCode::Unreachable,
            Self::TooLarge { .. } | Self::TooMany(_) => ExitCode::Refused,
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            "give a .tar or .tar.gz of a folder with v1/server, v1/index/head, v1/index/tile/, v1/index/trust/ and log/"
                .to_owned(),
        )
    }
}

impl Source {
    /// What `text` names: an address, or a folder or an archive on this machine.
    pub(super) fn open(text: &str) -> Result<Self, Failure> {
        let client = match on_this_machine(text) {
            Some(path) if path.is_file() => {
                let bar = bytes_bar("unpacking");
                let opened = ArchiveTransport::open(&path, &mut |done, of| {
                    bar.set_length(of);
                    bar.set_position(done);
                });
                bar.finish_and_clear();
                let (transport, base) = opened?;
                Client::over(Arc::new(transport), base)
            }
            path => match path.as_deref().and_then(FolderTransport::of) {
                Some((transport, base)) => Client::over(Arc::new(transport), base),
                None => Connection::open(text)?.client,
            },
        };
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| ConnectionError::Setup(error.to_string()))?;
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

/// The file or folder that is named, as a path or as the address that is remembered of one.
fn on_this_machine(text: &str) -> Option<PathBuf> {
    if !text.contains("://") {
        return Some(Path::new(text).to_owned());
    }
    // An archive has a folder's address, since its files are below it.
    Url::parse(text.trim_end_matches('/')).ok().filter(|url| url.scheme() == "file")?.to_file_path().ok()
}
