//! A copy of a server's paths in a plain folder, read as if it were a server.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};
use url::Url;

use crate::federation::{Method, RefusedUrl, Request, Response, Transport, TransportError};

/// Answers requests from files: `/v1/index/head` from `v1/index/head` below the folder.
#[derive(Debug, Clone)]
pub struct FolderTransport {
    root: PathBuf,
}

impl FolderTransport {
    /// A transport over the folder at `root`, with the URL under which its files are asked for; `None` when that is no folder.
    pub fn of(root: &Path) -> Option<(Self, Url)> {
        let root = root.canonicalize().ok().filter(|root| root.is_dir())?;
        let base = Url::from_directory_path(&root).ok()?;
        Some((Self { root }, base))
    }

    fn answer(&self, request: &Request) -> Result<Response, TransportError> {
        let path = request.url.to_file_path().ok().filter(|path| path.starts_with(&self.root));
        let path = path.filter(|_| request.method == Method::Get).ok_or(TransportError::RefusedUrl(RefusedUrl::Scheme))?;
        let failed = |error: std::io::Error| TransportError::Protocol(error.to_string());
        let file = match File::open(&path) {
            Ok(file) if file.metadata().is_ok_and(|metadata| metadata.is_file()) => file,
            Ok(_) => return Ok(Response::new(404, [])),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(Response::new(404, []));
            }
            Err(error) => return Err(failed(error)),
        };
        answer_from(file, request)
    }
}

/// Answers with all of a file, as far as the request wants it.
pub(super) fn answer_from(file: impl Read, request: &Request) -> Result<Response, TransportError> {
    let limit = request.max_bytes;
    let mut body = Vec::new();
    let read = file.take(limit as u64 + 1).read_to_end(&mut body);
    read.map_err(|error| TransportError::Protocol(error.to_string()))?;
    if body.len() > limit {
        return Err(TransportError::TooLarge { limit });
    }
    let etag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(&body)));
    if request.if_none_match.as_ref() == Some(&etag) {
        return Ok(Response::new(304, []));
    }
    Ok(Response { etag: Some(etag), ..Response::new(200, body) })
}

impl Transport for FolderTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        async move { self.answer(&request) }.boxed()
    }
}
