//! Whose request is it? Limits by client need a name for the client that it cannot choose.
//!
//! The name is the address of the connection. What a request says in `X-Forwarded-For` or `Forwarded` (RFC 7239) is heard only
//! when the connection comes from a proxy that the operator listed, and is read from the right, where the proxies write, to
//! the first address that is no listed proxy: everything left of it may be invented. Only the one header is read that the operator says
//! the proxies write, since a proxy passes the other one on as the client sent it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::http::header::{self, HeaderMap, HeaderName};
use ipnet::IpNet;

/// A client as limits see it: an IPv4 address, or the /64 that an IPv6 network hands to one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ClientAddress {
    /// The whole address; IPv4-mapped addresses are these.
    V4(Ipv4Addr),
    /// The first 64 bits.
    V6([u16; 4]),
    /// One of a few names that clients share when there are more than can be told apart.
    Crowd(u16),
}

/// Which header the proxies write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ForwardedBy {
    /// `X-Forwarded-For`, which nearly all do.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The proxies in front of this server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// Their addresses.
    pub listed: Vec<IpNet>,
    /// Where they say who asked.
    pub header: ForwardedBy,
}

impl ClientAddress {
    /// The client behind this address.
    pub(super) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self::V4(v4),
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                Self::V6([a, b, c, d])
            }
        }
    }
}

impl Proxies {
    /// Whose request this is, or `None` when it is not limited: a connection from this machine itself while no proxy is listed.
    /// Whoever can open one can do worse than ask often; and a proxy on this machine that is not listed would make one client of
    /// all.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<ClientAddress> {
        let peer = peer.to_canonical();
        if self.listed.is_empty() && peer.is_loopback() {
            return None;
        }
        Some(ClientAddress::of(self.origin(peer, headers)))
    }

    /// Whether an address is one of the listed proxies.
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.listed.iter().any(|network| network.contains(&address))
    }

    fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        if !self.contains(peer) {
            return client;
        }
        let lines: Vec<&str> = headers.get_all(self.header.name()).map(|line| line.to_str().unwrap_or_default()).collect();
        let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
        for hop in hops {
            // A proxy that does not say who asked it is the last one known.
            let Some(address) = self.header.address(hop) else { return client };
            client = address;
            if !self.contains(client) {
                return client;
            }
        }
        client
    }
}

impl ForwardedBy {
    fn name(self) -> HeaderName {
        match self {
            Self::XForwardedFor => header::X_FORWARDED_FOR,
            Self::Forwarded => header::FORWARDED,
        }
    }

    /// The address in one element of the header. Commas inside quotes only make an element unreadable: no address has one.
    fn address(self, element: &str) -> Option<IpAddr> {
        let node = match self {
            Self::XForwardedFor => element,
            Self::Forwarded => element.split(';').find_map(|pair| {
                let (name, value) = pair.split_once('=')?;
                name.trim().eq_ignore_ascii_case("for").then_some(value)
            })?,
        };
        let node = node.trim().trim_matches('"');
        let bracketed = || node.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
        let with_port = || node.parse().ok().map(|socket: SocketAddr| socket.ip());
        node.parse().ok().or_else(bracketed).or_else(with_port).map(|address: IpAddr| address.to_canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.1";

    fn proxies(header: ForwardedBy) -> Proxies {
        Proxies { listed: vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()], header }
    }

    fn client(proxies: &Proxies, peer: &str, lines: &[(HeaderName, &str)]) -> Option<ClientAddress> {
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append(name.clone(), line.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers)
    }

    fn of(address: &str) -> Option<ClientAddress> {
        address.parse().ok().map(ClientAddress::of)
    }

    #[test]
    fn a_v6_customer_is_one_client_and_a_mapped_address_is_v4() {
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::"), of("2001:db8:1:3::"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }

    #[test]
    fn what_strangers_say_about_themselves_is_not_heard() {
        let spoofed = [(header::X_FORWARDED_FOR, "198.51.100.1"), (header::FORWARDED, "for=198.51.100.1")];
        assert_eq!(client(&proxies(ForwardedBy::XForwardedFor), "192.0.2.7", &spoofed), of("192.0.2.7"));
        assert_eq!(client(&Proxies::default(), "192.0.2.7", &spoofed), of("192.0.2.7"));
    }

    #[test]
    fn this_machine_is_not_limited_unless_a_proxy_is_listed() {
        for local in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(client(&Proxies::default(), local, &[]), None, "{local}");
            assert!(client(&proxies(ForwardedBy::XForwardedFor), local, &[]).is_some(), "{local}");
        }
        let claims = [(header::X_FORWARDED_FOR, "127.0.0.1")];
        assert_eq!(client(&proxies(ForwardedBy::XForwardedFor), PROXY, &claims), of("127.0.0.1"));
    }

    #[test]
    fn headers_of_listed_proxies_are_read_from_the_right() {
        let proxies = proxies(ForwardedBy::XForwardedFor);
        for (lines, expected) in [
            (&["192.0.2.7"][..], "192.0.2.7"),
            (&["198.51.100.9, 192.0.2.7"], "192.0.2.7"),
            (&["198.51.100.9", "192.0.2.7"], "192.0.2.7"),
            (&["198.51.100.9, 192.0.2.7, 10.0.0.2"], "192.0.2.7"),
            (&["198.51.100.9, 192.0.2.7", "10.0.0.2"], "192.0.2.7"),
            (&["192.0.2.7:4711"], "192.0.2.7"),
            (&["2001:db8::1"], "2001:db8::1"),
            (&["[2001:db8::1]:4711"], "2001:db8::1"),
            (&["::ffff:192.0.2.7"], "192.0.2.7"),
            // Nobody beyond the listed proxies: the first of them asked.
            (&["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            // A proxy that says nothing readable speaks for itself.
            (&["192.0.2.7, unknown"], PROXY),
            (&["192.0.2.7, unknown, 10.0.0.2"], "10.0.0.2"),
            (&["192.0.2.7, "], PROXY),
            (&[""], PROXY),
            (&[], PROXY),
        ] {
            let lines: Vec<_> = lines.iter().map(|line| (header::X_FORWARDED_FOR, *line)).collect();
            assert_eq!(client(&proxies, PROXY, &lines), of(expected), "{lines:?}");
        }
    }

    #[test]
    fn the_header_that_proxies_do_not_write_is_not_read() {
        let both = [(header::X_FORWARDED_FOR, "192.0.2.7"), (header::FORWARDED, "for=198.51.100.9")];
        assert_eq!(client(&proxies(ForwardedBy::XForwardedFor), PROXY, &both), of("192.0.2.7"));
        assert_eq!(client(&proxies(ForwardedBy::Forwarded), PROXY, &both), of("198.51.100.9"));
    }

    #[test]
    fn forwarded_has_parameters_quotes_and_brackets() {
        let proxies = proxies(ForwardedBy::Forwarded);
        for (line, expected) in [
            ("for=192.0.2.7;proto=https;by=10.0.0.1", "192.0.2.7"),
            ("proto=https;FOR=\"192.0.2.7:80\"", "192.0.2.7"),
            ("for=\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("for=\"[2001:db8::1]\"", "2001:db8::1"),
            ("for=198.51.100.9, for=192.0.2.7, for=\"[fd00::1]\"", "192.0.2.7"),
            ("for=_hidden", PROXY),
            ("by=192.0.2.7", PROXY),
        ] {
            assert_eq!(client(&proxies, PROXY, &[(header::FORWARDED, line)]), of(expected), "{line}");
        }
    }
}
