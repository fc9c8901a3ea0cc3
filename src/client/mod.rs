//! The other side of the HTTP interface: a typed client of what a server answers (protocol, section 9).
//!
//! [`Client`] asks one server, over the same [`Transport`] that servers use among each other. What comes back is read into the
//! shapes of [`answers`]; a refusal is a [`Problem`], told with every fault that the server named. [`recheck`] takes an answer
//! with its evidence and decides it again, so that an asker need not believe the server.
//!
//! [`audit`] reads the whole public log of a server, and believes nothing of it. [`index`] keeps copies of compact lists, and answers
//! from them; [`lock`] writes down what they answered, for readers of years to come.
//!
//! Out of scope: the witness, which `federation` asks; wording for people; files.

pub mod answers;
pub mod audit;
mod error;
mod history;
pub mod index;
pub mod lock;
pub mod recheck;
mod records;
mod submission;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::envelope::PayloadType;
use crate::federation::{AddressPolicy, HttpTransport, HttpTransportError, Request, Response, Transport};
use crate::notice::{Did, DigestPrefix, DocumentHash, NoticeId};
use crate::tlog::bundle::Slot;
use crate::tlog::{Hash, MAX_EVIDENCE_DOCUMENT};

use answers::{CheckAnswer, DigestRangeAnswer, NoticeAnswer, NoticesAnswer, PublisherAnswer, Receipt, ServerAnswer};
use audit::{LogReader, Patience};
pub use error::{ClientError, Problem, ProblemFault};
pub use history::{HistoryError, HistoryFault, PublisherHistory};
pub use submission::{SubmissionBody, SubmissionBodyError};
pub use upload::{MAX_PIECE, Uploaded};

/// How long one question may take.
const DEADLINE: Duration = Duration::from_secs(30);
/// The most bytes of an answer to one question: 1,000 answers of 50 matches, each with its evidence.
const MAX_ANSWER: usize = 256 << 20;
/// The most bytes of an answer that is about one thing.
const MAX_SMALL: usize = 4 << 20;
/// The largest list of digests that is fetched to decide a verdict again, in bytes: 10,000,000 digests of 64 bytes.
const MAX_DOCUMENT: usize = 640_000_000;
/// How long fetching a list of digests may take.
const DOCUMENT_DEADLINE: Duration = Duration::from_mins(10);

/// How long the answer to a probe may take: who asks every few seconds does not wait longer.
const PROBE_DEADLINE: Duration = Duration::from_secs(5);

/// What is asked about a server's health.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// Whether the process answers.
    Alive,
    /// Whether it can do all of its work.
    Ready,
}

impl Probe {
    fn path(self) -> &'static str {
        match self {
            Self::Alive => "livez",
            Self::Ready => "readyz",
        }
    }
}

/// Asks one server.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    base: Url,
}

impl Client {
    /// A client of the server at `base`, whose path ends in `/`, over HTTP. Whoever runs the client chose the server, so it may
    /// be on this machine or in a private network; without encryption only on this machine.
    ///
    /// # Errors
    /// [`HttpTransportError`].
    pub fn new(base: Url) -> Result<Self, HttpTransportError> {
        Self::within(AddressPolicy::of_an_asker(), base)
    }

    /// The same, which goes where `policy` lets it and nowhere else.
    ///
    /// # Errors
    /// [`HttpTransportError`].
    pub fn within(policy: AddressPolicy, base: Url) -> Result<Self, HttpTransportError> {
        Ok(Self::over(Arc::new(HttpTransport::new(policy)?), base))
    }

    /// A client over another transport.
    pub fn over(transport: Arc<dyn Transport>, base: Url) -> Self {
        Self { transport, base }
    }

    /// Where the server is.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Whether the server is well: `GET /livez` or `GET /readyz`.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::Refused`] says what keeps the server from its work.
    pub async fn health(&self, probe: Probe) -> Result<(), ClientError> {
        self.send(Request::get(self.url(probe.path())?, PROBE_DEADLINE, MAX_SMALL)).await.map(|_well| ())
    }

    /// Who the server is: `GET /v1/server`.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn server(&self) -> Result<ServerAnswer, ClientError> {
        self.read("v1/server", MAX_SMALL).await
    }

    /// What is known of these identifiers: `POST /v1/check`, with evidence when `proof`. At most 1,000 at once.
    ///
    /// # Errors
    /// [`ClientError`]; answers to anything but these questions in this order are [`ClientError::OtherQuestions`].
    pub async fn check(&self, ids: &[String], proof: bool) -> Result<CheckAnswer, ClientError> {
        let url = self.url(if proof { "v1/check?proof=true" } else { "v1/check" })?;
        let body = serde_json::json!({ "ids": ids }).to_string().into_bytes();
        let answer = self.send(Request::post(url, "application/json", body, DEADLINE, MAX_ANSWER)).await?;
        let raw: Value = json(&answer)?;
        let answer = CheckAnswer::read(raw).map_err(ClientError::Answer)?;
        // What is decided again later is decided for what the answer says was asked.
        let same = answer.answers.iter().map(|answer| &answer.asked).eq(ids);
        if same { Ok(answer) } else { Err(ClientError::OtherQuestions) }
    }

    /// What is known of all digests that begin alike: `GET /v1/digests/{algorithm}/{prefix}`.
    ///
    /// # Errors
    /// [`ClientError`]; an answer about another range is [`ClientError::OtherQuestions`].
    pub async fn digest_range(&self, range: &DigestPrefix) -> Result<DigestRangeAnswer, ClientError> {
        let path = format!("v1/digests/{}/{}", range.algorithm(), range.digits());
        let answer: DigestRangeAnswer = self.read(&path, MAX_SMALL).await?;
        if answer.is_about(range) { Ok(answer) } else { Err(ClientError::OtherQuestions) }
    }

    /// Hands in a notice or a publisher record; with `dry_run` nothing is appended.
    ///
    /// # Errors
    /// [`ClientError::Refused`] with the server's reason.
    pub async fn post(&self, body: &SubmissionBody, dry_run: bool) -> Result<Receipt, ClientError> {
        let path = match body.envelope.payload_type() {
            Some(PayloadType::Publisher) => "v1/publishers",
            _ => "v1/notices",
        };
        let url = self.url(&format!("{path}{}", if dry_run { "?dry_run=true" } else { "" }))?;
        let request = Request::post(url, "application/json", body.to_json().into_bytes(), DEADLINE, MAX_SMALL);
        let answer = self.send(request).await?;
        let mut receipt: Receipt = json(&answer)?;
        receipt.status = answer.status;
        Ok(receipt)
    }

    /// Hands in a document that an accepted notice names, with the token of its receipt.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn upload(&self, document: &DocumentHash, token: &str, bytes: Vec<u8>) -> Result<(), ClientError> {
        let url = self.url(&format!("v1/documents/{document}"))?;
        let mut request = Request::put(url, "application/octet-stream", bytes, DOCUMENT_DEADLINE, MAX_SMALL);
        request.bearer = Some(token.to_owned());
        self.send(request).await.map(|_| ())
    }

    /// A notice as the server shows it; `None` when it has none of this name.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn notice(&self, id: &NoticeId) -> Result<Option<NoticeAnswer>, ClientError> {
        found(self.read(&format!("v1/notices/{id}"), MAX_SMALL).await)
    }

    /// One page of the notices of an issuer, newest first, beginning at the `next` of the page before.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn notices_of(&self, issuer: &Did, page: Option<&str>) -> Result<NoticesAnswer, ClientError> {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let cursor = page.map(|page| format!("&cursor={}", encoded(page))).unwrap_or_default();
        self.read(&format!("v1/notices?issuer={}&limit=100{cursor}", encoded(issuer.as_str())), MAX_ANSWER).await
    }

    /// The newest checkpoint of the server's log with its cosignatures, a signed note. Nothing is verified.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn checkpoint(&self) -> Result<String, ClientError> {
        let answer = self.send(Request::get(self.url("log/checkpoint")?, DEADLINE, MAX_SMALL)).await?;
        Ok(String::from_utf8_lossy(&answer.body).into_owned())
    }

    /// The exact entry with this leaf hash.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn entry(&self, leaf: &Hash) -> Result<Vec<u8>, ClientError> {
        Ok(self.send(Request::get(self.url(&format!("log/entry/{leaf}"))?, DEADLINE, MAX_SMALL)).await?.body)
    }

    /// What the server knows of an issuer; `None` when that is nothing.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn publisher(&self, did: &Did) -> Result<Option<PublisherAnswer>, ClientError> {
        let did = utf8_percent_encode(did.as_str(), NON_ALPHANUMERIC);
        found(self.read(&format!("v1/publishers/{did}"), MAX_SMALL).await)
    }

    /// The bytes of a document, checked against its name; `None` when the server does not have it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn document(&self, name: &DocumentHash) -> Result<Option<Vec<u8>>, ClientError> {
        let url = self.url(&format!("v1/documents/{name}"))?;
        match self.send(Request::get(url, DOCUMENT_DEADLINE, MAX_DOCUMENT)).await {
            Ok(answer) if DocumentHash::of(&answer.body) == *name => Ok(Some(answer.body)),
            Ok(_) => Err(ClientError::OtherDocument(*name)),
            // Removed for good (451), or not here yet.
            Err(ClientError::Refused(problem)) if matches!(problem.status, 404 | 410 | 451) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The first `width` entries of a bundle of the server's log. Nothing is verified.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub async fn bundle(&self, index: u64, width: u16) -> Result<Vec<Slot>, String> {
        let reader = LogReader { transport: self.transport.clone(), base: self.base.clone(), patience: Patience::default() };
        match reader.bundle(index, width).await {
            Ok(Ok(slots)) => Ok(slots),
            Ok(Err(fault)) => Err(fault.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The bytes of a document from the first to the last, both included. Nothing is verified.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn document_range(&self, name: &DocumentHash, first: u64, last: u64) -> Result<Vec<u8>, ClientError> {
        let most = usize::try_from(last.saturating_sub(first)).unwrap_or(usize::MAX).saturating_add(1);
        let url = self.url(&format!("v1/documents/{name}"))?;
        let request = Request { range: Some((first, last)), ..Request::get(url, DEADLINE, most) };
        Ok(self.send(request).await?.body)
    }

    /// What the server holds against the log with this name in paths, as it shows it. Nothing is verified.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn evidence(&self, name: &str) -> Result<Vec<u8>, ClientError> {
        let url = self.url(&format!("v1/peers/{name}/evidence"))?;
        Ok(self.send(Request::get(url, DEADLINE, MAX_EVIDENCE_DOCUMENT)).await?.body)
    }

    fn url(&self, path: &str) -> Result<Url, ClientError> {
        self.base.join(path).map_err(ClientError::Url)
    }

    async fn read<T: DeserializeOwned>(&self, path: &str, max_bytes: usize) -> Result<T, ClientError> {
        json(&self.send(Request::get(self.url(path)?, DEADLINE, max_bytes)).await?)
    }

    async fn send(&self, request: Request) -> Result<Response, ClientError> {
        let answer = self.transport.send(request).await?;
        match answer.status {
            200..300 => Ok(answer),
            300..400 => Err(ClientError::Redirect(answer.status)),
            _ => Err(ClientError::Refused(Box::new(Problem::read(&answer)))),
        }
    }
}

fn json<T: DeserializeOwned>(answer: &Response) -> Result<T, ClientError> {
    serde_json::from_slice(&answer.body).map_err(ClientError::Answer)
}

fn found<T>(answer: Result<T, ClientError>) -> Result<Option<T>, ClientError> {
    match answer {
        Err(ClientError::Refused(problem)) if problem.status == 404 => Ok(None),
        answer => answer.map(Some),
    }
}

#[cfg(test)]
mod tests;
