use serde::{Deserialize, Serialize, Serializer};

use super::base_url::BaseUrl;
use super::error::{ConfigError, SettingFault};
use super::federation::FederationSettings;
use super::server::{ServerSettings, check_origin};
use crate::envelope::PublicKey;
use crate::tlog::{KeyKind, VerifierKey};

/// One `[[peers]]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeerSection {
    url: String,
    origin: String,
    log_key: String,
    witness_key: String,
    operator_key: String,
    #[serde(default)]
    vouch: bool,
}

/// One `[[peers]]`: a server that this one reads from and announces to (protocol, section 8, "Trust").
#[derive(Debug, Clone, Serialize)]
pub struct PeerSettings {
    /// Where it is reached.
    pub url: BaseUrl,
    /// The name of its log.
    pub origin: String,
    /// The key of its checkpoints, as a signed-note verifier key named by its origin.
    #[serde(serialize_with = "written")]
    pub log_key: VerifierKey,
    /// The key of its cosignatures, as a verifier key named `<origin>/witness`.
    #[serde(serialize_with = "written")]
    pub witness_key: VerifierKey,
    /// The key of its operator's statements.
    #[serde(serialize_with = "multibase")]
    pub operator_key: PublicKey,
    /// Whether publishers whose domain it verified itself count as verified here: its own word, one hop.
    pub vouch: bool,
}

/// Checks all peers, each by itself and against the others and this server.
pub(super) fn check(
    sections: Vec<PeerSection>,
    server: &ServerSettings,
    federation: &FederationSettings,
) -> Result<Vec<PeerSettings>, ConfigError> {
    let mut peers: Vec<PeerSettings> = Vec::with_capacity(sections.len());
    for (n, section) in sections.into_iter().enumerate() {
        let peer = section.check(n, federation)?;
        let collides =
            |fault_at: &str, other: String| Err(SettingFault::SameServer { other }.of(format!("peers[{n}].{fault_at}")));
        if server.origin.as_ref() == Some(&peer.origin) {
            return collides("origin", "server.origin".to_owned());
        }
        if let Some(m) = peers.iter().position(|other| other.origin == peer.origin) {
            return collides("origin", format!("peers[{m}]"));
        }
        if let Some(m) = peers.iter().position(|other| other.url == peer.url) {
            return collides("url", format!("peers[{m}]"));
        }
        peers.push(peer);
    }
    Ok(peers)
}

impl PeerSection {
    fn check(self, n: usize, federation: &FederationSettings) -> Result<PeerSettings, ConfigError> {
        let key = |name: &str| format!("peers[{n}].{name}");
        let url = BaseUrl::parse(&self.url).map_err(|fault| SettingFault::from(fault).of(key("url")))?;
        let stays_here = url.is_loopback() && federation.allow_http_loopback;
        if !url.is_encrypted() && !stays_here {
            return Err(SettingFault::NotEncrypted.of(key("url")));
        }
        check_origin(&self.origin).map_err(|fault| SettingFault::from(fault).of(key("origin")))?;
        let log_key = verifier_key(&self.log_key, KeyKind::Log, &self.origin).map_err(|fault| fault.of(key("log_key")))?;
        let witness_key = verifier_key(&self.witness_key, KeyKind::Witness, &format!("{}/witness", self.origin))
            .map_err(|fault| fault.of(key("witness_key")))?;
        let Ok(operator_key) = PublicKey::parse(&self.operator_key) else {
            return Err(SettingFault::NotAKey { expected: "a public key of the form z6Mk..." }.of(key("operator_key")));
        };
        if log_key.public_key() == witness_key.public_key() {
            return Err(SettingFault::SharedKey { other: "log_key" }.of(key("witness_key")));
        }
        if [log_key.public_key(), witness_key.public_key()].contains(&&operator_key) {
            return Err(SettingFault::SharedKey { other: "log_key or witness_key" }.of(key("operator_key")));
        }
        Ok(PeerSettings { url, origin: self.origin, log_key, witness_key, operator_key, vouch: self.vouch })
    }
}

/// Reads a verifier key of the kind and name it must have (C2SP signed-note, "Verifier keys").
fn verifier_key(text: &str, kind: KeyKind, name: &str) -> Result<VerifierKey, SettingFault> {
    let key = VerifierKey::parse(text).ok().filter(|key| key.kind() == kind);
    let expected = match kind {
        KeyKind::Log => "the verifier key of a log, <name>+<8 hex digits>+<base64>",
        KeyKind::Witness => "the verifier key of a witness, <name>+<8 hex digits>+<base64>",
    };
    let key = key.ok_or(SettingFault::NotAKey { expected })?;
    if key.name().as_str() == name { Ok(key) } else { Err(SettingFault::KeyOfAnotherName { expected: name.to_owned() }) }
}

fn written<S: Serializer>(key: &VerifierKey, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(key)
}

fn multibase<S: Serializer>(key: &PublicKey, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&key.to_multibase())
}
