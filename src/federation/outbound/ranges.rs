//! Which addresses have a special purpose, as IANA registered them, and which of them requests may go to.
//!
//! The tables are the whole registries of RFC 6890, <https://www.iana.org/assignments/iana-ipv4-special-registry> and
//! <https://www.iana.org/assignments/iana-ipv6-special-registry>, as of 2025-10-09, in the order in which they stand there, and
//! after them what other documents set apart. No server stands in any of these ranges, those that the registry calls globally
//! reachable included: they belong to protocols and are answered by whoever is near. So all of them are refused, but for what an
//! operator allows by name.
//!
//! An address that carries an IPv4 address inside leads to that one. For IPv4-mapped addresses the system itself connects to it,
//! so it decides. For the translation prefix of NAT64 it decides too, since hosts with IPv6 only reach everybody that way; but
//! RFC 6052, section 3.1, has public addresses only in it, so nothing is allowed by name there. The other ways of carrying one
//! (6to4, Teredo, ISATAP, IPv4-compatible, the local translation prefix) have had their day or are a network's own affair:
//! refused, whatever they carry.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Which addresses requests may go to, beside the public ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressPolicy {
    /// Loopback addresses, and those without encryption too: for servers on one machine.
    pub loopback: bool,
    /// Networks in which private addresses are allowed: for a federation inside one house. Other addresses in them gain nothing.
    pub private: Vec<IpNet>,
}

impl AddressPolicy {
    /// For a program whose user names the server: this machine and every private network, and nothing that is refused always.
    pub fn of_an_asker() -> Self {
        let private_v4 = IPV4.iter().filter(|range| range.entry == Private).map(|range| IpNet::V4(range.net));
        let private_v6 = IPV6.iter().filter(|range| range.entry == Private).map(|range| IpNet::V6(range.net));
        Self { loopback: true, private: private_v4.chain(private_v6).collect() }
    }

    /// Whether this private address is in a network that is allowed; one that is IPv4-mapped is the IPv4 address.
    fn names(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.private.iter().any(|net| net.contains(&address))
    }
}

/// What may be done about a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// Allowed with [`AddressPolicy::loopback`].
    Loopback,
    /// Allowed in the networks of [`AddressPolicy::private`].
    Private,
    /// Never.
    Refused,
}

/// A range of addresses with a special purpose.
#[derive(Debug, Clone, Copy)]
struct Range<Net> {
    net: Net,
    name: &'static str,
    /// Where it is set apart: the RFC.
    rfc: u16,
    entry: Entry,
}

const fn v4(address: [u8; 4], length: u8, name: &'static str, rfc: u16, entry: Entry) -> Range<Ipv4Net> {
    let [a, b, c, d] = address;
    Range { net: Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length), name, rfc, entry }
}

/// A range whose first address has these first segments, and zeros after them.
const fn v6<const N: usize>(first: [u16; N], length: u8, name: &'static str, rfc: u16, entry: Entry) -> Range<Ipv6Net> {
    let mut bits: u128 = 0;
    let mut at = 0;
    while at < N {
        bits |= (first[at] as u128) << (112 - 16 * at);
        at += 1;
    }
    Range { net: Ipv6Net::new_assert(Ipv6Addr::from_bits(bits), length), name, rfc, entry }
}

use Entry::{Loopback, Private, Refused};

/// The IANA IPv4 Special-Purpose Address Registry, and multicast.
const IPV4: [Range<Ipv4Net>; 27] = [
    v4([0, 0, 0, 0], 8, "this network", 791, Refused),
    v4([0, 0, 0, 0], 32, "this host on this network", 1122, Refused),
    v4([10, 0, 0, 0], 8, "private use", 1918, Private),
    v4([100, 64, 0, 0], 10, "shared address space", 6598, Private),
    v4([127, 0, 0, 0], 8, "loopback", 1122, Loopback),
    v4([169, 254, 0, 0], 16, "link local", 3927, Refused),
    v4([172, 16, 0, 0], 12, "private use", 1918, Private),
    v4([192, 0, 0, 0], 24, "IETF protocol assignments", 6890, Refused),
    v4([192, 0, 0, 0], 29, "IPv4 service continuity prefix", 7335, Refused),
    v4([192, 0, 0, 8], 32, "IPv4 dummy address", 7600, Refused),
    v4([192, 0, 0, 9], 32, "port control protocol anycast", 7723, Refused),
    v4([192, 0, 0, 10], 32, "traversal using relays around NAT anycast", 8155, Refused),
    v4([192, 0, 0, 170], 32, "NAT64/DNS64 discovery", 8880, Refused),
    v4([192, 0, 0, 171], 32, "NAT64/DNS64 discovery", 8880, Refused),
    v4([192, 0, 2, 0], 24, "documentation", 5737, Refused),
    v4([192, 31, 196, 0], 24, "AS112-v4", 7535, Refused),
    v4([192, 52, 193, 0], 24, "AMT", 7450, Refused),
    v4([192, 88, 99, 0], 24, "deprecated 6to4 relay anycast", 7526, Refused),
    v4([192, 88, 99, 2], 32, "6a44 relay anycast", 6751, Refused),
    v4([192, 168, 0, 0], 16, "private use", 1918, Private),
    v4([192, 175, 48, 0], 24, "direct delegation AS112 service", 7534, Refused),
    v4([198, 18, 0, 0], 15, "benchmarking", 2544, Refused),
    v4([198, 51, 100, 0], 24, "documentation", 5737, Refused),
    v4([203, 0, 113, 0], 24, "documentation", 5737, Refused),
    v4([240, 0, 0, 0], 4, "reserved", 1112, Refused),
    v4([255, 255, 255, 255], 32, "limited broadcast", 919, Refused),
    v4([224, 0, 0, 0], 4, "multicast", 1112, Refused),
];

/// The IANA IPv6 Special-Purpose Address Registry, and what else was set apart.
const IPV6: [Range<Ipv6Net>; 29] = [
    v6([0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback", 4291, Loopback),
    v6([], 128, "unspecified", 4291, Refused),
    v6([0, 0, 0, 0, 0, 0xffff], 96, "IPv4-mapped", 4291, Refused),
    v6([0x64, 0xff9b], 96, "IPv4-IPv6 translation", 6052, Refused),
    v6([0x64, 0xff9b, 1], 48, "local-use IPv4-IPv6 translation", 8215, Refused),
    v6([0x100], 64, "discard only", 6666, Refused),
    v6([0x100, 0, 0, 1], 64, "dummy prefix", 9780, Refused),
    v6([0x2001], 23, "IETF protocol assignments", 2928, Refused),
    v6([0x2001], 32, "Teredo", 4380, Refused),
    v6([0x2001, 1, 0, 0, 0, 0, 0, 1], 128, "port control protocol anycast", 7723, Refused),
    v6([0x2001, 1, 0, 0, 0, 0, 0, 2], 128, "traversal using relays around NAT anycast", 8155, Refused),
    v6([0x2001, 1, 0, 0, 0, 0, 0, 3], 128, "DNS-SD service registration anycast", 9665, Refused),
    v6([0x2001, 2], 48, "benchmarking", 5180, Refused),
    v6([0x2001, 3], 32, "AMT", 7450, Refused),
    v6([0x2001, 4, 0x112], 48, "AS112-v6", 7535, Refused),
    v6([0x2001, 0x10], 28, "deprecated ORCHID", 4843, Refused),
    v6([0x2001, 0x20], 28, "ORCHIDv2", 7343, Refused),
    v6([0x2001, 0x30], 28, "drone remote id", 9374, Refused),
    v6([0x2001, 0xdb8], 32, "documentation", 3849, Refused),
    v6([0x2002], 16, "6to4", 3056, Refused),
    v6([0x2620, 0x4f, 0x8000], 48, "direct delegation AS112 service", 7534, Refused),
    v6([0x3fff], 20, "documentation", 9637, Refused),
    v6([0x5f00], 16, "segment routing ids", 9602, Refused),
    v6([0xfc00], 7, "unique local", 4193, Private),
    v6([0xfe80], 10, "link local", 4291, Refused),
    v6([], 96, "IPv4-compatible", 4291, Refused),
    v6([0x3ffe], 16, "6bone", 3701, Refused),
    v6([0xfec0], 10, "site local", 3879, Refused),
    v6([0xff00], 8, "multicast", 4291, Refused),
];

/// What global unicast is given out of, RFC 4291, section 2.4. Everything outside waits to be given a purpose.
const GLOBAL_UNICAST: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Why an address is none that requests may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Refusal {
    name: &'static str,
    rfc: u16,
    entry: Entry,
}

/// Whether requests may go to this address.
pub fn address_is_allowed(address: IpAddr, policy: &AddressPolicy) -> bool {
    match special(address).map(|refusal| refusal.entry) {
        None => true,
        Some(Entry::Loopback) => policy.loopback,
        Some(Entry::Private) => policy.names(address),
        Some(Entry::Refused) => false,
    }
}

/// What is special about an address, in words; the address itself stands first.
pub(super) struct Described(pub(super) IpAddr);

impl fmt::Display for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match special(self.0) {
            None => write!(f, "{}", self.0),
            Some(Refusal { name, rfc, .. }) => write!(f, "{} ({name}, RFC {rfc})", self.0),
        }
    }
}

/// The special purpose of an address; `None` for public ones.
fn special(address: IpAddr) -> Option<Refusal> {
    match address {
        IpAddr::V4(v4) => special_v4(v4),
        IpAddr::V6(v6) => special_v6(v6),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<Refusal> {
    let range = IPV4.iter().find(|range| range.net.contains(&address))?;
    Some(Refusal { name: range.name, rfc: range.rfc, entry: range.entry })
}

fn special_v6(address: Ipv6Addr) -> Option<Refusal> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return special_v4(mapped);
    }
    let [.., kind, marker, high, low] = address.segments();
    if let [0x64, 0xff9b, 0, 0, 0, 0, ..] = address.segments() {
        let inside = Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
        return special_v4(inside).map(|refusal| Refusal { entry: Refused, ..refusal });
    }
    // The interface identifier of RFC 5214, section 6.1, under whatever prefix; the bit says whether the address inside is public.
    if marker == 0x5efe && kind & !0x0200 == 0 {
        return Some(Refusal { name: "ISATAP", rfc: 5214, entry: Refused });
    }
    match IPV6.iter().find(|range| range.net.contains(&address)) {
        Some(range) => Some(Refusal { name: range.name, rfc: range.rfc, entry: range.entry }),
        None if GLOBAL_UNICAST.contains(&address) => None,
        None => Some(Refusal { name: "not global unicast", rfc: 4291, entry: Refused }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STRICT: &AddressPolicy = &AddressPolicy { loopback: false, private: Vec::new() };
    const LOOPBACK: &AddressPolicy = &AddressPolicy { loopback: true, private: Vec::new() };

    fn all() -> AddressPolicy {
        AddressPolicy::of_an_asker()
    }

    fn private() -> AddressPolicy {
        AddressPolicy { loopback: false, ..all() }
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn allowed(text: &str, policy: &AddressPolicy) -> bool {
        address_is_allowed(address(text), policy)
    }

    #[test]
    fn the_first_and_the_last_address_of_every_registered_range_are_refused() {
        for range in &IPV4 {
            for end in [range.net.network(), range.net.broadcast()] {
                assert!(!address_is_allowed(end.into(), STRICT), "{end} of {}", range.name);
                assert!(!address_is_allowed(end.to_ipv6_mapped().into(), STRICT), "{end} of {}, mapped", range.name);
                assert_eq!(address_is_allowed(end.into(), &all()), range.entry != Refused, "{end} of {}", range.name);
            }
        }
        // What these two carry may be public.
        let carriers = ["IPv4-mapped", "IPv4-IPv6 translation"];
        for range in IPV6.iter().filter(|range| !carriers.contains(&range.name)) {
            for end in [range.net.network(), range.net.broadcast()] {
                assert!(!address_is_allowed(end.into(), STRICT), "{end} of {}", range.name);
            }
        }
    }

    #[test]
    fn no_range_has_bits_beyond_its_length_and_each_stands_in_the_table_once() {
        for range in &IPV4 {
            assert_eq!(range.net.addr(), range.net.network(), "{}", range.name);
            assert_eq!(IPV4.iter().filter(|other| other.net == range.net).count(), 1, "{}", range.name);
        }
        for range in &IPV6 {
            assert_eq!(range.net.addr(), range.net.network(), "{}", range.name);
            assert_eq!(IPV6.iter().filter(|other| other.net == range.net).count(), 1, "{}", range.name);
        }
    }

    #[test]
    fn the_neighbours_of_refused_ranges_are_public() {
        for public in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.88.98.255",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "2000::1",
            "2001:200::",
            "2001:db7:ffff::",
            "2001:db9::",
            "2003::",
            "2606:2800:220:1::1",
            "3fff:1000::",
            "::ffff:93.184.216.34",
            "64:ff9b::5db8:d822",
        ] {
            assert!(allowed(public, STRICT), "{public}");
        }
    }

    #[test]
    fn what_an_operator_allows_by_name_is_allowed_and_nothing_beside_it() {
        for loopback in ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"] {
            assert!(allowed(loopback, LOOPBACK) && !allowed(loopback, &private()), "{loopback}");
        }
        for address in ["10.1.2.3", "172.31.0.1", "192.168.0.1", "100.64.0.1", "fc00::1", "fdff::1", "::ffff:10.0.0.1"] {
            assert!(allowed(address, &private()) && !allowed(address, LOOPBACK), "{address}");
        }
        for never in ["0.0.0.0", "::", "169.254.169.254", "fe80::1", "224.0.0.1", "255.255.255.255", "fec0::1", "4000::1"] {
            assert!(!allowed(never, &all()), "{never}");
        }
    }

    #[test]
    fn a_private_network_that_is_named_lets_its_neighbours_and_what_is_always_refused_out() {
        let net = |text: &str| text.parse::<IpNet>().expect("a network");
        let named = AddressPolicy { loopback: false, private: vec![net("10.1.0.0/16"), net("fd00:1::/32")] };
        for address in ["10.1.0.0", "10.1.255.255", "::ffff:10.1.2.3", "fd00:1::9"] {
            assert!(allowed(address, &named), "{address}");
        }
        for address in ["10.2.0.0", "10.0.255.255", "192.168.0.1", "fd00:2::1", "127.0.0.1", "64:ff9b::a01:203"] {
            assert!(!allowed(address, &named), "{address}");
        }
        let everything = AddressPolicy { loopback: false, private: vec![net("0.0.0.0/0"), net("::/0")] };
        for address in ["127.0.0.1", "169.254.169.254", "::1", "fe80::1", "0.0.0.0"] {
            assert!(!allowed(address, &everything), "{address}");
        }
    }

    #[test]
    fn an_address_that_carries_another_one_is_no_way_around() {
        for carrier in [
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::7f00:1",
            "64:ff9b:1:a00:0:100::",
            "2002:7f00:1::",
            "2002:5db8:d822::1",
            "2001:0:5db8:d822:8000:63bf:80ff:fffe",
            "::127.0.0.1",
            "::93.184.216.34",
            "::ffff:0:127.0.0.1",
            "2606:2800:220:1:0:5efe:7f00:1",
            "2606:2800:220:1:200:5efe:5db8:d822",
            "fe80::5efe:a00:1",
        ] {
            assert!(!allowed(carrier, &all()), "{carrier}");
        }
    }

    #[test]
    fn a_refused_address_is_told_with_its_purpose() {
        assert_eq!(Described(address("169.254.169.254")).to_string(), "169.254.169.254 (link local, RFC 3927)");
        assert_eq!(Described(address("::ffff:10.0.0.1")).to_string(), "::ffff:10.0.0.1 (private use, RFC 1918)");
        assert_eq!(Described(address("4000::")).to_string(), "4000:: (not global unicast, RFC 4291)");
        assert_eq!(Described(address("93.184.216.34")).to_string(), "93.184.216.34");
    }

    proptest! {
        /// The standard library knows some ranges too, and found them by its own reading.
        #[test]
        fn what_the_standard_library_calls_special_is_refused(bits: u32, tail: u128) {
            let v4 = Ipv4Addr::from_bits(bits);
            let special = v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_multicast()
                || v4.is_broadcast() || v4.is_documentation() || v4.is_unspecified();
            prop_assert!(!special || !address_is_allowed(v4.into(), STRICT), "{}", v4);
            let v6 = Ipv6Addr::from_bits(tail);
            let special = v6.is_loopback() || v6.is_multicast() || v6.is_unique_local() || v6.is_unicast_link_local()
                || v6.is_unspecified();
            prop_assert!(!special || !address_is_allowed(v6.into(), STRICT), "{}", v6);
            prop_assert_eq!(address_is_allowed(v4.into(), &all()), address_is_allowed(v4.to_ipv6_mapped().into(), &all()));
        }
    }
}
