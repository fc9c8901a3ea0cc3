//! Networks in CIDR notation, as settings name them.

use std::net::IpAddr;

use ipnet::IpNet;

/// An address or a network in CIDR notation. An IPv4 address is written as one, also where connections come in as IPv4-mapped.
pub(super) fn network(text: &str) -> Option<IpNet> {
    let address = || text.parse().ok().map(|address: IpAddr| IpNet::from(address.to_canonical()));
    text.parse().ok().or_else(address)
}
