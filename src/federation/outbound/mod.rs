//! Requests over HTTP, and where they may go: the only user of the HTTP client.
//!
//! Outbound requests are what a server can be misused with, so they are made here and nowhere else (protocol, section 8,
//! "Outbound requests"; promise F8):
//!
//! | rule | where |
//! |---|---|
//! | https only; http to this machine when the operator says so; no credentials | [`may_go_to`] |
//! | no address with a special purpose, in whatever spelling | `ranges` |
//! | addresses are checked where the connection is made: a name is looked up once, and the connection goes to what was checked | `resolver`; literals in [`may_go_to`] |
//! | no redirects, no proxy from the environment, no second try behind the caller's back, no decompression | `client` |
//! | everything within limits of time and size | `client` |
//! | what went wrong is told apart | `reading` |
//!
//! `may_go_to` and `ranges` are pure. When and how often a peer is asked again is decided by whoever asks: see
//! [`Dice::back_off`](super::Dice::back_off).

mod client;
mod ranges;
mod reading;
mod resolver;

#[cfg(test)]
mod inward;

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

pub use client::{HttpTransport, HttpTransportError};
pub use ranges::{AddressPolicy, address_is_allowed};

use super::transport::{RefusedUrl, TransportError};

/// Writes an address that was refused, with its purpose.
pub(super) fn describe(address: &IpAddr) -> impl fmt::Display {
    ranges::Described(*address)
}

/// Whether a name means this machine: RFC 6761, section 6.3.
fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether a request may be sent to this URL, as far as it can be seen from it: its scheme, credentials, and the address if it is
/// written there. What a name leads to is checked where the connection is made.
///
/// # Errors
/// [`TransportError::RefusedUrl`] and [`TransportError::RefusedAddress`].
fn may_go_to(url: &Url, policy: &AddressPolicy) -> Result<(), TransportError> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(TransportError::RefusedUrl(RefusedUrl::Credentials));
    }
    let (literal, this_machine) = match url.host().ok_or(TransportError::RefusedUrl(RefusedUrl::NoHost))? {
        Host::Ipv4(v4) => (Some(IpAddr::V4(v4)), v4.is_loopback()),
        Host::Ipv6(v6) => (Some(IpAddr::V6(v6)), v6.to_canonical().is_loopback()),
        Host::Domain(name) => (None, is_localhost(name)),
    };
    if let Some(address) = literal.filter(|address| !address_is_allowed(*address, policy)) {
        return Err(TransportError::RefusedAddress(address));
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if this_machine && policy.loopback => Ok(()),
        "http" => Err(TransportError::RefusedUrl(RefusedUrl::NotEncrypted)),
        _ => Err(TransportError::RefusedUrl(RefusedUrl::Scheme)),
    }
}
