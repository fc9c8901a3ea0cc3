//! Whether a log goes on for that of a peer: what a restored server must prove before its peers follow it (protocol, section 7, rule 6).
//!
//! A restore begins a new log, with a new name and new keys; only the operator is the same. So it is the operator key that decides: the
//! statement `log-succeeds` under it names the old log, and the name and the keys of the new one. Whoever holds nothing but the address
//! of the peer, or copies such a statement into a log of their own, has not got the keys that it names.

use super::{Peer, PeerError, PeerSource};
use crate::envelope::{self, Envelope, EnvelopeError, FormError, LogRoot, OperatorStatement, PayloadType, Statement};
use crate::ledger::stored::Head;
use crate::tlog::{Hash, KeyName, SignedCheckpoint, SignedCheckpointError, VerifierKey};

/// A claim to succeed the log of a peer, which holds as far as its statement goes. Only [`SuccessionClaim::read`] makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuccessionClaim {
    old: Box<Peer>,
    new: Peer,
    leaf: Hash,
    ended: Head,
}

/// A log that goes on for that of a peer: proved, and not believed for anything else. Only [`SuccessionClaim::proved_by`] makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    old: KeyName,
    new: Peer,
    leaf: Hash,
}

/// Why a claim to succeed a peer's log is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuccessionFault {
    /// What should be the statement is none.
    #[error("it shows no statement: {0}")]
    Envelope(#[from] EnvelopeError),
    /// The same.
    #[error("it shows no statement: {0}")]
    Form(#[from] FormError),
    /// Another key signed it: the thief of an address, or an operator who lost their key.
    #[error("the operator key that is known for {0} did not sign the statement")]
    OtherOperator(String),
    /// It is a statement of the right operator about something else.
    #[error("the statement does not say that a log goes on for {0}")]
    OtherLog(String),
    /// It says that the log goes on for itself.
    #[error("the statement says of {0} that it goes on for itself")]
    Itself(String),
    /// It does not bind any keys to the new name, so that anybody could take that name.
    #[error("the statement names no keys of the new log: it was made by an earlier version")]
    NoKeys,
    /// The keys it names are none of a peer.
    #[error("the keys that the statement names: {0}")]
    Keys(#[from] PeerError),
    /// It goes on under the key of the log that ended.
    #[error("the new log would go on under the log key of the old one")]
    OldKey,
    /// The log that is served is not the one that the statement names.
    #[error("the log key that the statement names did not sign the checkpoint that is served: {0}")]
    NotServed(#[source] SignedCheckpointError),
    /// The log that is said to have ended goes on.
    #[error("{0} is alive: its own log key still signs what it serves")]
    Alive(String),
    /// The log that ended never had this root.
    #[error("the statement names a root that {origin} did not have at size {size}")]
    OtherRoot {
        /// The log that ended.
        origin: String,
        /// The size that the statement names.
        size: u64,
    },
    /// A peer of the new name is known with other keys.
    #[error("{0} is a peer already, with other keys than the statement names")]
    OtherPeer(String),
}

impl SuccessionFault {
    /// The stable name of the broken rule.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Envelope(_) | Self::Form(_) => "succession-malformed",
            Self::OtherOperator(_) => "succession-other-operator",
            Self::OtherLog(_) | Self::Itself(_) => "succession-other-log",
            Self::NoKeys => "succession-without-keys",
            Self::Keys(_) | Self::OldKey | Self::OtherPeer(_) => "succession-keys",
            Self::NotServed(_) => "succession-not-served",
            Self::Alive(_) => "succession-of-the-living",
            Self::OtherRoot { .. } => "succession-other-root",
        }
    }
}

impl SuccessionClaim {
    /// Reads `entry` as the statement that a log goes on for that of `old`, under the operator key that is known for `old`.
    ///
    /// # Errors
    /// [`SuccessionFault`].
    pub fn read(old: &Peer, entry: &[u8]) -> Result<Self, SuccessionFault> {
        let envelope = Envelope::parse_canonical(entry)?;
        let origin = || old.origin().to_string();
        let signed = envelope::verify(&envelope, &[*old.operator_key()])
            .ok()
            .filter(|signed| signed.payload_type() == PayloadType::Operator)
            .ok_or_else(|| SuccessionFault::OtherOperator(origin()))?;
        let OperatorStatement { origin: new, statement, .. } = OperatorStatement::parse(signed.payload())?;
        let Statement::LogSucceeds { origin: ended, size, root, keys } = statement else {
            return Err(SuccessionFault::OtherLog(origin()));
        };
        if ended != old.origin().as_str() {
            return Err(SuccessionFault::OtherLog(origin()));
        }
        if new == ended {
            return Err(SuccessionFault::Itself(ended));
        }
        let keys = keys.ok_or(SuccessionFault::NoKeys)?;
        if keys.log == *old.log_key().public_key() {
            return Err(SuccessionFault::OldKey);
        }
        let name = |text: String| KeyName::parse(&text).map_err(|_no_name| SuccessionFault::OtherLog(origin()));
        let log_key = VerifierKey::log_key(name(new.clone())?, keys.log);
        let witness_key = VerifierKey::witness_key(name(format!("{new}/witness"))?, keys.witness);
        let (url, operator) = (old.url().clone(), *old.operator_key());
        let new = Peer::new(url, log_key, witness_key, operator, old.vouch(), PeerSource::Succession)?;
        Ok(Self { old: Box::new(old.clone()), new, leaf: Hash::leaf(entry), ended: head(size, &root) })
    }

    /// The log that would go on.
    pub fn claimant(&self) -> &KeyName {
        self.new.origin()
    }

    /// Size and root of the log that ended, as the statement has them.
    pub fn ended(&self) -> Head {
        self.ended
    }

    /// Proves the claim by a checkpoint that is served where the old log was, and by the root that the old log had at the size that the
    /// statement names, where so much of it was read.
    ///
    /// # Errors
    /// [`SuccessionFault`].
    pub fn proved_by(self, note: &[u8], known_root: Option<Hash>) -> Result<Succession, SuccessionFault> {
        let Self { old, new, leaf, ended } = self;
        if SignedCheckpoint::parse_and_verify(note, old.log_key()).is_ok() {
            return Err(SuccessionFault::Alive(old.origin().to_string()));
        }
        SignedCheckpoint::parse_and_verify(note, new.log_key()).map_err(SuccessionFault::NotServed)?;
        if known_root.is_some_and(|root| root != ended.root) {
            return Err(SuccessionFault::OtherRoot { origin: old.origin().to_string(), size: ended.size });
        }
        Ok(Succession { old: old.origin().clone(), new, leaf })
    }
}

impl Succession {
    /// The log that ended.
    pub fn old(&self) -> &KeyName {
        &self.old
    }

    /// The peer that goes on.
    pub fn successor(&self) -> &Peer {
        &self.new
    }

    /// The statement, in the log of the peer that goes on.
    pub fn leaf(&self) -> Hash {
        self.leaf
    }
}

fn head(size: u64, root: &LogRoot) -> Head {
    Head { size, root: Hash::from_bytes(*root.as_bytes()) }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::envelope::{LogKeys, SecretKey};
    use crate::notice::Timestamp;
    use crate::tlog::Checkpoint;

    fn secret(seed: u8) -> SecretKey {
        SecretKey::from_seed([seed; 32])
    }

    fn name(text: &str) -> KeyName {
        KeyName::parse(text).expect("a name")
    }

    /// The peer that ended: log key 1, witness key 2, operator key 3.
    fn old() -> Peer {
        Peer::new(
            Url::parse("https://old.example.net/").expect("a URL"),
            VerifierKey::log_key(name("old.example.net/log"), secret(1).public()),
            VerifierKey::witness_key(name("old.example.net/log/witness"), secret(2).public()),
            secret(3).public(),
            true,
            PeerSource::Configuration,
        )
        .expect("a peer")
    }

    const ROOT: [u8; 32] = [7; 32];

    struct Said<'s> {
        new: &'s str,
        old: &'s str,
        keys: Option<(u8, u8)>,
        signer: u8,
    }

    /// What a restored server states: log key 4, witness key 5.
    const RIGHT: Said<'static> =
        Said { new: "old.example.net/log2", old: "old.example.net/log", keys: Some((4, 5)), signer: 3 };

    fn entry(said: &Said<'_>) -> Vec<u8> {
        let keys =
            said.keys.map(|(log, witness)| Box::new(LogKeys { log: secret(log).public(), witness: secret(witness).public() }));
        let (origin, root) = (said.old.to_owned(), LogRoot::from_bytes(ROOT));
        let statement = Statement::LogSucceeds { origin, size: 12, root, keys };
        let issued = Timestamp::parse("2026-11-23T10:00:00Z").expect("a time");
        let payload = OperatorStatement::write(said.new, issued, &statement).expect("valid form");
        secret(said.signer).sign_envelope(PayloadType::Operator, &payload).expect("small").to_json().into_bytes()
    }

    fn note(origin: &str, key: u8) -> Vec<u8> {
        let checkpoint = Checkpoint::new(&name(origin), 13, Hash::from_bytes([9; 32]));
        SignedCheckpoint::sign(&secret(key), &checkpoint).expect("signed").bytes().to_vec()
    }

    fn judged(said: &Said<'_>, note: &[u8], root: Option<[u8; 32]>) -> Result<Succession, &'static str> {
        let claim = SuccessionClaim::read(&old(), &entry(said)).map_err(|fault| fault.rule())?;
        claim.proved_by(note, root.map(Hash::from_bytes)).map_err(|fault| fault.rule())
    }

    #[test]
    fn a_log_that_the_operator_names_with_its_keys_and_that_is_served_goes_on() {
        let served = note("old.example.net/log2", 4);
        for root in [None, Some(ROOT)] {
            let succession = judged(&RIGHT, &served, root).expect("it goes on");
            let new = succession.successor();
            assert_eq!((succession.old().as_str(), new.origin().as_str()), ("old.example.net/log", "old.example.net/log2"));
            assert_eq!((new.url(), new.operator_key(), new.vouch()), (old().url(), old().operator_key(), true));
            assert_eq!(new.source(), PeerSource::Succession);
            assert_eq!(succession.leaf(), Hash::leaf(&entry(&RIGHT)));
        }
    }

    #[test]
    fn whoever_has_not_the_operator_key_takes_nobodys_place() {
        let served = note("old.example.net/log2", 4);
        // With every other key of the old server, or one of their own.
        for signer in [1, 2, 6] {
            assert_eq!(judged(&Said { signer, ..RIGHT }, &served, None), Err("succession-other-operator"));
        }
        // The right statement, copied by somebody who has the address and none of the keys that it names.
        assert_eq!(judged(&RIGHT, &note("old.example.net/log2", 6), None), Err("succession-not-served"));
        assert_eq!(judged(&RIGHT, &note("thief.example.net/log", 6), None), Err("succession-not-served"));
    }

    #[test]
    fn a_statement_about_another_log_about_one_that_lives_or_about_another_history_is_refused() {
        let served = note("old.example.net/log2", 4);
        assert_eq!(judged(&Said { old: "other.example.net/log", ..RIGHT }, &served, None), Err("succession-other-log"));
        assert_eq!(judged(&Said { new: "old.example.net/log", ..RIGHT }, &served, None), Err("succession-other-log"));
        assert_eq!(judged(&Said { keys: None, ..RIGHT }, &served, None), Err("succession-without-keys"));
        assert_eq!(judged(&Said { keys: Some((1, 5)), ..RIGHT }, &served, None), Err("succession-keys"));
        assert_eq!(judged(&Said { keys: Some((4, 4)), ..RIGHT }, &served, None), Err("succession-keys"));
        assert_eq!(judged(&RIGHT, &note("old.example.net/log", 1), None), Err("succession-of-the-living"));
        assert_eq!(judged(&RIGHT, &served, Some([8; 32])), Err("succession-other-root"));
        let nothing = SuccessionClaim::read(&old(), b"{}").map_err(|fault| fault.rule());
        assert_eq!(nothing, Err("succession-malformed"));
    }
}
