//! Whether somebody who found a hole knows whom to tell.

use super::Finding;
use crate::config::{ServerSettings, Settings};

pub(super) fn look(settings: &Settings) -> Finding {
    let server = &settings.server;
    match &server.security {
        Some(said) => {
            let contacts: Vec<_> = said.contacts.iter().map(url::Url::as_str).collect();
            Finding::well("contact", format!("/.well-known/security.txt names {}", contacts.join(", ")))
        }
        None if is_public(server) => {
            let todo = "set `server.security_contact` (RFC 9116): who finds a hole in this server has nobody to tell";
            Finding::attention("contact", "this server is public and names nobody to report holes to", todo)
        }
        None => Finding::well("contact", "nobody is named to report holes to, and only this machine reaches the server"),
    }
}

/// Whether others reach the server, by itself or by a proxy in front of it.
fn is_public(server: &ServerSettings) -> bool {
    !server.is_loopback() || server.public_url.as_ref().is_some_and(|url| !url.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::FindingState;
    use super::*;
    use crate::config::{Flags, ServerConfig};

    fn state(text: &str) -> FindingState {
        let settings =
            ServerConfig::from_text(text, Path::new("palinode.toml"), [], &Flags::default()).expect("a configuration");
        look(&settings).state
    }

    #[test]
    fn a_public_server_needs_somebody_to_tell() {
        let contact = "[server]\nsecurity_contact = [\"mailto:security@example.org\"]\n";
        let public = "public_url = \"https://ledger.example.org/\"\n";
        assert_eq!(state(""), FindingState::Well);
        assert_eq!(state("[server]\npublic_url = \"http://127.0.0.1:9000/\"\n"), FindingState::Well);
        assert_eq!(state(&format!("[server]\n{public}")), FindingState::Attention);
        assert_eq!(state(&format!("{contact}{public}")), FindingState::Well);
    }
}
