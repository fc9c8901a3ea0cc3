//! Who a peer is: an address and three keys.

use sha2::{Digest, Sha256};
use url::Url;

use crate::envelope::PublicKey;
use crate::notice::hex32;
use crate::tlog::{KeyKind, KeyName, VerifierKey};

hex32! {
    /// SHA-256 of an origin: how peers are named in paths (protocol, section 9; tlog-witness, "monitoring prefix").
    OriginHash
}

impl OriginHash {
    /// The name of this origin.
    pub fn of(origin: &str) -> Self {
        Self::from_bytes(Sha256::digest(origin).into())
    }
}

/// A server that this one reads from and announces to. The three keys are what its operator gave, and are never shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    url: Url,
    log_key: VerifierKey,
    witness_key: VerifierKey,
    operator_key: PublicKey,
    vouch: bool,
    source: PeerSource,
}

/// Who named a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerSource {
    /// The configuration file.
    Configuration,
    /// `palinode peer add`.
    Command,
    /// It goes on for a peer whose log ended, as the operator of that peer stated.
    Succession,
}

impl PeerSource {
    /// How it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Command => "command",
            Self::Succession => "succession",
        }
    }

    /// Reads what [`PeerSource::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Configuration, Self::Command, Self::Succession].into_iter().find(|source| source.as_str() == text)
    }
}

/// Why this describes no peer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// The URL cannot be a base.
    #[error(
        "{0} cannot be the base address of a server: give https://host/ or https://host/path/, without query or credentials"
    )]
    Url(String),
    /// A log key that is the key of a witness, or the other way round.
    #[error("{name} is not the key of a {expected}")]
    KeyKind {
        /// Name of the key.
        name: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The witness key is not named after the origin.
    #[error("the witness key of {origin} must be named {origin}/witness, not {found}")]
    WitnessName {
        /// The origin, which is the name of the log key.
        origin: String,
        /// Name of the witness key.
        found: String,
    },
    /// Two purposes, one key.
    #[error("{origin} uses one key for two purposes")]
    SharedKey {
        /// The origin.
        origin: String,
    },
}

impl Peer {
    /// A peer at `url`, whose origin is the name of its log key.
    ///
    /// # Errors
    /// [`PeerError`].
    pub fn new(
        mut url: Url,
        log_key: VerifierKey,
        witness_key: VerifierKey,
        operator_key: PublicKey,
        vouch: bool,
        source: PeerSource,
    ) -> Result<Self, PeerError> {
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !plain {
            return Err(PeerError::Url(url.to_string()));
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        for (key, kind, expected) in [(&log_key, KeyKind::Log, "log"), (&witness_key, KeyKind::Witness, "witness")] {
            if key.kind() != kind {
                return Err(PeerError::KeyKind { name: key.name().to_string(), expected });
            }
        }
        let origin = log_key.name().to_string();
        if witness_key.name().as_str() != format!("{origin}/witness") {
            return Err(PeerError::WitnessName { origin, found: witness_key.name().to_string() });
        }
        let keys = [log_key.public_key(), witness_key.public_key(), &operator_key];
        if keys.iter().enumerate().any(|(at, key)| keys.iter().skip(at + 1).any(|other| other == key)) {
            return Err(PeerError::SharedKey { origin });
        }
        Ok(Self { url, log_key, witness_key, operator_key, vouch, source })
    }

    /// The name of its log.
    pub fn origin(&self) -> &KeyName {
        self.log_key.name()
    }

    /// Its name in paths.
    pub fn name(&self) -> OriginHash {
        OriginHash::of(self.origin().as_str())
    }

    /// Where it is reached; ends in `/`.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Verifies its checkpoints.
    pub fn log_key(&self) -> &VerifierKey {
        &self.log_key
    }

    /// Verifies its cosignatures.
    pub fn witness_key(&self) -> &VerifierKey {
        &self.witness_key
    }

    /// Verifies its operator statements.
    pub fn operator_key(&self) -> &PublicKey {
        &self.operator_key
    }

    /// Whether publishers that it verified count as verified here.
    pub fn vouch(&self) -> bool {
        self.vouch
    }

    /// The same peer, whose word on domains is taken or not.
    #[must_use]
    pub fn with_vouch(self, vouch: bool) -> Self {
        Self { vouch, ..self }
    }

    /// Who named it.
    pub fn source(&self) -> PeerSource {
        self.source
    }

    /// What of the description stands against `other` of the same origin: who a peer is never changes under its origin, and
    /// the other fields may.
    pub fn contradicts(&self, other: &Self) -> Option<Contradiction> {
        if self.log_key != other.log_key {
            Some(Contradiction::LogKey)
        } else if self.witness_key != other.witness_key {
            Some(Contradiction::WitnessKey)
        } else if self.operator_key != other.operator_key {
            Some(Contradiction::OperatorKey)
        } else if self.url != other.url {
            Some(Contradiction::Url)
        } else {
            None
        }
    }
}

/// What two descriptions of one peer disagree about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// The log key.
    #[error("log key")]
    LogKey,
    /// The witness key.
    #[error("witness key")]
    WitnessKey,
    /// The operator key.
    #[error("operator key")]
    OperatorKey,
    /// The URL.
    #[error("URL")]
    Url,
}
