//! Where requests of a server may go, as its operator configured it: for the server itself, and for commands that ask in its place.

use crate::client::Client;
use crate::config::{BaseUrl, FederationSettings};
use crate::federation::{AddressPolicy, HttpTransportError};

/// Where requests to peers and domains may go.
pub(super) fn address_policy(settings: &FederationSettings) -> AddressPolicy {
    AddressPolicy { loopback: settings.allow_http_loopback, private: settings.allow_private.clone() }
}

/// A client of the server at `url` that reaches it if and only if a server with these settings would.
///
/// # Errors
/// [`HttpTransportError`].
pub fn client_of_peer(settings: &FederationSettings, url: &BaseUrl) -> Result<Client, HttpTransportError> {
    Client::within(address_policy(settings), url.as_url().clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PRIVATE_NETWORKS;
    use crate::federation::address_is_allowed;

    #[test]
    fn every_network_that_may_be_configured_is_reached_when_it_is_and_only_then() {
        for network in PRIVATE_NETWORKS {
            let named = AddressPolicy { loopback: false, private: vec![network] };
            for address in [network.network(), network.broadcast()] {
                assert!(address_is_allowed(address, &named), "{address}");
                assert!(!address_is_allowed(address, &AddressPolicy::default()), "{address}");
            }
        }
        let all = AddressPolicy::of_an_asker().private;
        assert!(all.len() == PRIVATE_NETWORKS.len() && all.iter().all(|network| PRIVATE_NETWORKS.contains(network)));
    }
}
