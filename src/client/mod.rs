//! A client of the interface that servers have for everybody (protocol, section 9): what the command line asks and posts with.
//!
//! It speaks over the same [`Transport`] as the federation, with the same limits, and takes no answer for proof: whoever wants
//! certainty verifies the checkpoints and proofs that come with it.
//!
//! In scope: requests, the shapes of answers, problem documents. Out of scope: drafts and keys, deciding verdicts again,
//! printing.

mod answers;
mod error;
mod over_http;
pub mod recheck;
mod submission;

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use url::Url;

pub use answers::{
    Asked, CheckAnswer, CheckEvidence, DryRun, Logged, Matched, ProvedEntry, ServerInfo, SubmitAnswer, Upload, Verifying,
};
pub use error::{ClientError, Problem, ProblemFault};
pub use over_http::{LineageAnswer, PublisherAnswer};
pub use submission::{SubmissionBody, SubmissionBodyError};

use crate::federation::{Request, Response, Transport};
use crate::notice::{DocumentHash, NoticeId};

/// How long a question may take.
const QUESTION: Duration = Duration::from_secs(15);
/// How long handing something in may take: it is answered when it is durable.
const SUBMISSION: Duration = Duration::from_mins(1);
/// The longest answer that is no document: 1,000 identifiers with 50 matches each, and proofs.
const MAX_ANSWER: usize = 64 << 20;
/// The longest document that is fetched whole.
const MAX_DOCUMENT: usize = 8 << 20;
const JSON: &str = "application/json";

/// What is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A notice.
    Notice,
    /// A publisher record.
    Publisher,
}

impl Kind {
    fn path(self) -> &'static str {
        match self {
            Self::Notice => "v1/notices",
            Self::Publisher => "v1/publishers",
        }
    }
}

/// A client of one server.
#[derive(Clone)]
pub struct Client {
    base: Url,
    transport: Arc<dyn Transport>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl Client {
    /// A client of the server at `base`; a missing `/` at the end of its path is added.
    pub fn new(mut base: Url, transport: Arc<dyn Transport>) -> Self {
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        Self { base, transport }
    }

    /// Where the server is.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Who the server is.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn server_info(&self) -> Result<ServerInfo, ClientError> {
        self.json(Request::get(self.at("v1/server")?, QUESTION, MAX_ANSWER)).await
    }

    /// Hands in an envelope, or an envelope with documents. Handing in the same again is harmless.
    ///
    /// # Errors
    /// [`ClientError`]; after anything but [`ClientError::Problem`], whether it was logged is unknown, and it may be handed in
    /// again.
    pub async fn submit(&self, kind: Kind, body: Vec<u8>) -> Result<SubmitAnswer, ClientError> {
        let request = Request::post(self.at(kind.path())?, JSON, body, SUBMISSION, MAX_ANSWER);
        let answer = self.ask(request).await?;
        match answer.status {
            202 => Ok(SubmitAnswer::Verifying(parse(&answer)?)),
            _ => Ok(SubmitAnswer::Logged(Box::new(parse(&answer)?))),
        }
    }

    /// Has the server check everything and append nothing.
    ///
    /// # Errors
    /// [`ClientError`]: what a real submission would be answered with.
    pub async fn dry_run(&self, kind: Kind, body: Vec<u8>) -> Result<DryRun, ClientError> {
        let mut url = self.at(kind.path())?;
        url.query_pairs_mut().append_pair("dry_run", "true");
        self.json(Request::post(url, JSON, body, SUBMISSION, MAX_ANSWER)).await
    }

    /// Asks about identifiers, at most 1,000, in any accepted spelling. With `proof`, the answer brings what is needed to
    /// decide the verdicts again.
    ///
    /// # Errors
    /// [`ClientError`]. A text that is no identifier is an answer of its own, with its error.
    pub async fn check(&self, ids: &[String], proof: bool) -> Result<CheckAnswer, ClientError> {
        let mut url = self.at("v1/check")?;
        if proof {
            url.query_pairs_mut().append_pair("proof", "true");
        }
        let body = serde_json::json!({ "ids": ids }).to_string().into_bytes();
        let answer: CheckAnswer = self.json(Request::post(url, JSON, body, QUESTION, MAX_ANSWER)).await?;
        if answer.answers.len() != ids.len() {
            return Err(ClientError::Incomplete { asked: ids.len(), answered: answer.answers.len() });
        }
        Ok(answer)
    }

    /// A notice as the server shows it: for reading, not for trusting.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn notice(&self, id: &NoticeId) -> Result<serde_json::Value, ClientError> {
        self.json(Request::get(self.at(&format!("v1/notices/{id}"))?, QUESTION, MAX_ANSWER)).await
    }

    /// The exact entry of a notice.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn envelope(&self, id: &NoticeId) -> Result<Vec<u8>, ClientError> {
        self.bytes(&format!("v1/notices/{id}/envelope"), MAX_ANSWER).await
    }

    /// The `.tlog-proof` of a notice.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn proof(&self, id: &NoticeId) -> Result<Vec<u8>, ClientError> {
        self.bytes(&format!("v1/notices/{id}/proof"), MAX_ANSWER).await
    }

    /// The peers of the server, as it shows them.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn peers(&self) -> Result<serde_json::Value, ClientError> {
        self.json(Request::get(self.at("v1/peers")?, QUESTION, MAX_ANSWER)).await
    }

    /// A detached document, which is what its name says or an error.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn document(&self, hash: &DocumentHash) -> Result<Vec<u8>, ClientError> {
        let bytes = self.bytes(&format!("v1/documents/{hash}"), MAX_DOCUMENT).await?;
        if DocumentHash::of(&bytes) == *hash { Ok(bytes) } else { Err(ClientError::OtherDocument(*hash)) }
    }

    /// Uploads a document with the token of a receipt. Uploading it again is harmless.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn upload_document(&self, hash: &DocumentHash, token: &str, bytes: Vec<u8>) -> Result<(), ClientError> {
        let url = self.at(&format!("v1/documents/{hash}"))?;
        let request = Request::put(url, "application/octet-stream", bytes, SUBMISSION, MAX_ANSWER);
        self.ask(Request { bearer: Some(token.to_owned()), ..request }).await?;
        Ok(())
    }

    /// What stands at `path` of the server's log, such as `checkpoint`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn log(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        self.bytes(&format!("log/{path}"), MAX_ANSWER).await
    }

    fn at(&self, path: &str) -> Result<Url, ClientError> {
        self.base.join(path).map_err(ClientError::Url)
    }

    async fn bytes(&self, path: &str, max_bytes: usize) -> Result<Vec<u8>, ClientError> {
        Ok(self.ask(Request::get(self.at(path)?, QUESTION, max_bytes)).await?.body)
    }

    async fn json<T: DeserializeOwned>(&self, request: Request) -> Result<T, ClientError> {
        parse(&self.ask(request).await?)
    }

    /// An answer of success; anything else is an error, told by its problem document where it has one.
    async fn ask(&self, request: Request) -> Result<Response, ClientError> {
        let answer = self.transport.send(request).await?;
        if answer.is_success() { Ok(answer) } else { Err(ClientError::of_answer(&answer)) }
    }
}

fn parse<T: DeserializeOwned>(answer: &Response) -> Result<T, ClientError> {
    serde_json::from_slice(&answer.body).map_err(|e| ClientError::NotUnderstood(e.to_string()))
}

#[cfg(test)]
mod tests;
