use serde::{Deserialize, Serialize};

use super::base_url::BaseUrl;
use super::error::{ConfigError, SettingFault};
use super::federation::FederationSettings;
use super::server::{ServerSettings, check_origin};

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
    pub log_key: String,
    /// The key of its cosignatures, as a verifier key named `<origin>/witness`.
    pub witness_key: String,
    /// The key of its operator's statements, `z6Mk...`.
    pub operator_key: String,
    /// Whether publishers that it verified count as verified here; has no effect in this version.
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
        check_verifier_key(&self.log_key, &self.origin).map_err(|fault| fault.of(key("log_key")))?;
        check_verifier_key(&self.witness_key, &format!("{}/witness", self.origin))
            .map_err(|fault| fault.of(key("witness_key")))?;
        if !self.operator_key.starts_with("z6Mk") {
            return Err(SettingFault::NotAKey { expected: "a public key of the form z6Mk..." }.of(key("operator_key")));
        }
        Ok(PeerSettings {
            url,
            origin: self.origin,
            log_key: self.log_key,
            witness_key: self.witness_key,
            operator_key: self.operator_key,
            vouch: self.vouch,
        })
    }
}

/// `<name>+<8 hex>+<base64>` with the name it must have (C2SP signed-note, "Verifier keys").
fn check_verifier_key(text: &str, name: &str) -> Result<(), SettingFault> {
    let form = SettingFault::NotAKey { expected: "a verifier key of the form <name>+<8 hex digits>+<base64>" };
    let mut parts = text.splitn(3, '+');
    let (Some(found), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next()) else { return Err(form) };
    let sound = id.len() == 8
        && data_encoding::HEXLOWER.decode(id.as_bytes()).is_ok()
        && data_encoding::BASE64.decode(material.as_bytes()).is_ok_and(|bytes| bytes.len() == 33);
    if !sound {
        return Err(form);
    }
    if found != name {
        return Err(SettingFault::KeyOfAnotherName { expected: name.to_owned() });
    }
    Ok(())
}
