//! What the operator of a peer states in the log of that peer (protocol, section 6).
//!
//! Such a statement is read under the operator key that is configured for the peer, and kept beside our log: it is never appended to
//! ours, and what is believed of it is decided by whoever asks for it.

use chrono::{DateTime, Utc};

use super::Peer;
use crate::envelope::{self, Envelope, EnvelopeError, FormError, OperatorStatement, PayloadType};
use crate::ledger::StoreError;
use crate::tlog::Hash;

/// A statement of a peer's operator, in the log of that peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerStatement {
    entry: Vec<u8>,
    leaf: Hash,
    said: OperatorStatement,
    seen: DateTime<Utc>,
}

/// Why an entry of a peer's log is no statement of its operator. None of these mends itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementFault {
    /// It is no canonical envelope.
    #[error("it is no entry of a log: {0}")]
    Envelope(#[from] EnvelopeError),
    /// It is an entry of another kind.
    #[error("it is no operator statement but a {0:?}")]
    OtherPayload(String),
    /// Another key signed it, or none.
    #[error("the operator key of {0} did not sign it")]
    NotSigned(String),
    /// What was signed is no statement.
    #[error("it states nothing: {0}")]
    Form(#[from] FormError),
    /// It was made for another log.
    #[error("it was made for the log {found}, and stands in that of {expected}")]
    OtherLog {
        /// The log that it names.
        found: String,
        /// The log in which it stands.
        expected: String,
    },
}

impl StatementFault {
    /// The stable name of the broken rule.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Envelope(_) => "statement-malformed",
            Self::OtherPayload(_) => "statement-of-another-kind",
            Self::NotSigned(_) => "statement-not-signed",
            Self::Form(_) => "statement-invalid",
            Self::OtherLog { .. } => "statement-of-another-log",
        }
    }
}

impl PeerStatement {
    /// Reads an entry of this peer's log as a statement of its operator: the signature is that of the operator key that is configured
    /// for the peer, and the statement was made for this log.
    ///
    /// # Errors
    /// [`StatementFault`].
    pub fn read(peer: &Peer, entry: &[u8], seen: DateTime<Utc>) -> Result<Self, StatementFault> {
        let envelope = Envelope::parse_canonical(entry)?;
        if envelope.payload_type() != Some(PayloadType::Operator) {
            return Err(StatementFault::OtherPayload(envelope.payload_type_str().to_owned()));
        }
        let origin = || peer.origin().to_string();
        let signed =
            envelope::verify(&envelope, &[*peer.operator_key()]).map_err(|_not_by_it| StatementFault::NotSigned(origin()))?;
        let said = OperatorStatement::parse(signed.payload())?;
        if said.origin != peer.origin().as_str() {
            return Err(StatementFault::OtherLog { found: said.origin, expected: origin() });
        }
        Ok(Self { leaf: Hash::leaf(entry), entry: entry.to_vec(), said, seen })
    }

    /// A statement as storage kept it, which was read by [`PeerStatement::read`] before.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when what is stored is no statement any more.
    pub fn from_storage(entry: Vec<u8>, seen: DateTime<Utc>) -> Result<Self, StoreError> {
        let corrupt = |why: String| StoreError::Corrupt { what: format!("a statement of a peer's operator: {why}") };
        let envelope = Envelope::parse_canonical(&entry).map_err(|error| corrupt(error.to_string()))?;
        let said = OperatorStatement::parse(envelope.payload()).map_err(|error| corrupt(error.to_string()))?;
        Ok(Self { leaf: Hash::leaf(&entry), entry, said, seen })
    }

    /// The log in which it stands.
    pub fn origin(&self) -> &str {
        &self.said.origin
    }

    /// RFC 6962 leaf hash of its entry.
    pub fn leaf(&self) -> Hash {
        self.leaf
    }

    /// The canonical envelope.
    pub fn entry(&self) -> &[u8] {
        &self.entry
    }

    /// What is stated.
    pub fn said(&self) -> &OperatorStatement {
        &self.said
    }

    /// When this server read it.
    pub fn seen(&self) -> DateTime<Utc> {
        self.seen
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::envelope::{RemovalBasis, SecretKey, Statement};
    use crate::ledger::peers::PeerSource;
    use crate::notice::{DocumentHash, Timestamp};
    use crate::tlog::{KeyName, VerifierKey};

    fn secret(seed: u8) -> SecretKey {
        SecretKey::from_seed([seed; 32])
    }

    fn peer() -> Peer {
        let name = |text: &str| KeyName::parse(text).expect("a name");
        Peer::new(
            Url::parse("https://peer.example.net/").expect("a URL"),
            VerifierKey::log_key(name("peer.example.net/log"), secret(1).public()),
            VerifierKey::witness_key(name("peer.example.net/log/witness"), secret(2).public()),
            secret(3).public(),
            false,
            PeerSource::Command,
        )
        .expect("a peer")
    }

    fn entry(origin: &str, key: &SecretKey) -> Vec<u8> {
        let removed = Statement::DocumentRemoved {
            document: DocumentHash::of(b"texts"),
            basis: RemovalBasis::LegalOrder,
            jurisdiction: None,
            reference: None,
        };
        let issued = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
        let payload = OperatorStatement::write(origin, issued, &removed).expect("valid form");
        key.sign_envelope(PayloadType::Operator, &payload).expect("signed").to_json().into_bytes()
    }

    fn read(entry: &[u8]) -> Result<PeerStatement, &'static str> {
        let noon = "2026-11-23T12:00:00Z".parse().expect("a time");
        PeerStatement::read(&peer(), entry, noon).map_err(|fault| fault.rule())
    }

    #[test]
    fn only_what_the_operator_of_the_peer_signed_for_this_very_log_is_a_statement_of_it() {
        let right = entry("peer.example.net/log", &secret(3));
        let statement = read(&right).expect("a statement");
        assert_eq!((statement.origin(), statement.leaf()), ("peer.example.net/log", Hash::leaf(&right)));
        assert_eq!(PeerStatement::from_storage(right.clone(), statement.seen()).expect("kept"), statement);
        assert_eq!(read(&entry("peer.example.net/log", &secret(1))), Err("statement-not-signed"), "not even its log key");
        assert_eq!(read(&entry("other.example.net/log", &secret(3))), Err("statement-of-another-log"));
        assert_eq!(read(b"{}"), Err("statement-malformed"));
        let other = secret(3).sign_envelope(PayloadType::Notice, b"{}").expect("signed").to_json().into_bytes();
        assert_eq!(read(&other), Err("statement-of-another-kind"));
        let nothing = secret(3).sign_envelope(PayloadType::Operator, b"{}").expect("signed").to_json().into_bytes();
        assert_eq!(read(&nothing), Err("statement-invalid"));
    }
}
