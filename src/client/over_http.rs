use std::sync::Arc;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use url::Url;

use super::{Client, ClientError, MAX_ANSWER, QUESTION};
use crate::federation::{AddressPolicy, HttpTransport, HttpTransportError, Request};
use crate::notice::Did;
use crate::tlog::Hash;

/// An issuer as a server knows it, as far as a verdict depends on it: `GET /v1/publishers/{did}`.
#[derive(Debug, Clone, Deserialize)]
pub struct PublisherAnswer {
    /// Its lineages.
    pub lineages: Vec<LineageAnswer>,
}

/// One lineage of an issuer, as the server trusts it.
#[derive(Debug, Clone, Deserialize)]
pub struct LineageAnswer {
    /// Which lineage.
    pub lineage: String,
    /// Whether the operator pinned it.
    #[serde(default)]
    pub pinned: bool,
    /// What it speaks for there.
    #[serde(default)]
    pub prefixes: Vec<String>,
}

impl Client {
    /// A client over HTTP for somebody who chose the server: it may be on this machine or in a private network; without
    /// encryption only on this machine.
    ///
    /// # Errors
    /// [`HttpTransportError`].
    pub fn over_http(base: Url) -> Result<Self, HttpTransportError> {
        let policy = AddressPolicy { loopback: true, private: true };
        Ok(Self::new(base, Arc::new(HttpTransport::new(policy)?)))
    }

    /// The exact entry with this leaf hash.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn entry(&self, leaf: &Hash) -> Result<Vec<u8>, ClientError> {
        self.log(&format!("entry/{leaf}")).await
    }

    /// What the server knows of an issuer.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn publisher(&self, did: &Did) -> Result<PublisherAnswer, ClientError> {
        let did = utf8_percent_encode(did.as_str(), NON_ALPHANUMERIC);
        self.json(Request::get(self.at(&format!("v1/publishers/{did}"))?, QUESTION, MAX_ANSWER)).await
    }
}
