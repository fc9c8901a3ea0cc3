//! Whether the server of a configuration answers: what a container runtime or a script asks every few seconds.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::Url;

use crate::client::{Client, ClientError, Probe};
use crate::config::Settings;
use crate::federation::HttpTransportError;
use crate::storage::DataFolder;

/// Why a server is not well.
#[derive(Debug, thiserror::Error)]
pub enum HealthError {
    /// Its address is none.
    #[error("there is no address to ask: {0}")]
    Address(#[from] url::ParseError),
    /// Nothing can be asked from here.
    #[error(transparent)]
    Transport(#[from] HttpTransportError),
    /// It does not answer, or says that it cannot work.
    #[error("the server at {url}: {source}")]
    Asking {
        /// Where it was asked.
        url: Url,
        /// What it said.
        #[source]
        source: Box<ClientError>,
    },
}

/// Asks the server of these settings, and gives the address where it answered.
///
/// A server notes in its data folder where it listens, which is right for one that picked its port as well. Without that note the
/// address of the settings is asked.
///
/// # Errors
/// [`HealthError`].
pub async fn ask(settings: &Settings, probe: Probe) -> Result<Url, HealthError> {
    let noted = DataFolder::beside(&settings.server.data).ok().and_then(|folder| folder.address());
    let address = noted.and_then(|text| text.parse().ok()).unwrap_or(settings.server.listen);
    let url = Url::parse(&format!("http://{}/", reachable(address)))?;
    let client = Client::new(url.clone())?;
    match client.health(probe).await {
        Ok(()) => Ok(url),
        Err(source) => Err(HealthError::Asking { url, source: Box::new(source) }),
    }
}

/// An address that listens everywhere is reached on this machine.
pub(super) fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => IpAddr::from(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::from(Ipv6Addr::LOCALHOST),
        });
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_on_this_machine() {
        let asked = |text: &str| reachable(text.parse().expect("an address")).to_string();
        assert_eq!(asked("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(asked("[::]:8080"), "[::1]:8080");
        assert_eq!(asked("10.0.0.5:80"), "10.0.0.5:80");
    }
}
