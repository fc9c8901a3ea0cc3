use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{IndexError, IndexFault, ServerFolder};
use crate::client::answers::ServerAnswer;
use crate::envelope::PublicKey;
use crate::tlog::{KeyKind, VerifierKey};

/// Who a server is: the keys that were pinned when it was first seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned {
    /// Where it is, when that is a server and no copy.
    pub url: String,
    /// Verifies its checkpoints; its name is the origin.
    pub log: VerifierKey,
    /// Verifies its cosignatures.
    pub witness: VerifierKey,
    /// Verifies the heads of its compact list.
    pub operator: PublicKey,
    /// When it was first seen.
    pub since: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    origin: String,
    url: String,
    log_key: String,
    witness_key: String,
    operator_key: String,
    since: DateTime<Utc>,
}

impl Pinned {
    /// The keys that a server publishes of itself: good against accidents and against whoever comes later, and believed once.
    ///
    /// # Errors
    /// [`IndexFault::Head`] when they are no keys of one server.
    pub fn of_server(answer: &ServerAnswer, url: &str, now: DateTime<Utc>) -> Result<Self, IndexError> {
        let ServerAnswer { origin, log_key, witness_key, operator_key } = answer;
        let broken =
            |what: &str| IndexError::broken(origin, IndexFault::Head(format!("what it publishes as its {what} key is none")));
        let log = VerifierKey::parse(log_key).ok().filter(|key| key.kind() == KeyKind::Log).ok_or_else(|| broken("log"))?;
        let witness = VerifierKey::parse(witness_key).ok().filter(|key| key.kind() == KeyKind::Witness);
        let witness = witness.ok_or_else(|| broken("witness"))?;
        let operator = PublicKey::parse(operator_key).ok().ok_or_else(|| broken("operator"))?;
        if log.name().as_str() != origin {
            return Err(broken("log"));
        }
        Ok(Self { url: url.to_owned(), log, witness, operator, since: now })
    }

    /// The name of its log.
    pub fn origin(&self) -> &str {
        self.log.name().as_str()
    }

    /// Compares the keys with those that somebody shows for the same origin now.
    ///
    /// # Errors
    /// [`IndexFault::OtherKey`].
    pub fn agrees_with(&self, shown: &Self) -> Result<(), IndexError> {
        let pairs = [
            ("log", self.log.to_string(), shown.log.to_string()),
            ("witness", self.witness.to_string(), shown.witness.to_string()),
            ("operator", self.operator.to_multibase(), shown.operator.to_multibase()),
        ];
        match pairs.into_iter().find(|(_, pinned, found)| pinned != found) {
            None => Ok(()),
            Some((what, pinned, found)) => Err(IndexError::broken(self.origin(), IndexFault::OtherKey { what, pinned, found })),
        }
    }

    /// What was pinned in this folder; `None` when nothing was.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn read(folder: &ServerFolder) -> Result<Option<Self>, IndexError> {
        let Some(bytes) = folder.read(ServerFolder::PINNED)? else { return Ok(None) };
        let damaged = |what: String| IndexError::Damaged { path: folder.file(ServerFolder::PINNED), what };
        let written: Written = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        let Written { origin, url, log_key, witness_key, operator_key, since } = written;
        let answer = ServerAnswer { origin, log_key, witness_key, operator_key };
        Self::of_server(&answer, &url, since).map(Some).map_err(|error| damaged(error.to_string()))
    }

    /// Pins it in this folder.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn write(&self, folder: &ServerFolder) -> Result<(), IndexError> {
        let written = Written {
            origin: self.origin().to_owned(),
            url: self.url.clone(),
            log_key: self.log.to_string(),
            witness_key: self.witness.to_string(),
            operator_key: self.operator.to_multibase(),
            since: self.since,
        };
        let path = folder.file(ServerFolder::PINNED);
        let bytes = serde_json::to_vec_pretty(&written);
        let bytes = bytes.map_err(|error| IndexError::Damaged { path: path.clone(), what: error.to_string() })?;
        ServerFolder::write(&path, &bytes)
    }
}
