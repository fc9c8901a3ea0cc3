//! `btih:`, the infohash of a BitTorrent version 1 torrent (BEP 3, BEP 9): where the bytes of many retracted datasets still are.

use data_encoding::{BASE32, HEXLOWER};
use percent_encoding::percent_decode_str;

use super::known_hosts::Page;
use super::{Identifier, IdentifierError, Scheme, lower_hex, strip_prefix_any_case};

/// Why a text is no infohash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BtihFault {
    /// Neither 40 hex digits nor 32 base32 characters.
    #[error("an infohash is 40 hex digits or 32 base32 characters")]
    Form,
    /// The magnet link has no `xt=urn:btih:`.
    #[error("this magnet link names no infohash (xt=urn:btih:...)")]
    MagnetWithoutHash,
    /// The magnet link names two different infohashes.
    #[error("this magnet link names several infohashes; write btih: and the one that is meant")]
    SeveralHashes,
}

impl BtihFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Form => "btih-form",
            Self::MagnetWithoutHash => "btih-magnet-without-hash",
            Self::SeveralHashes => "btih-several-hashes",
        }
    }
}

/// Reads what stands behind `btih:` or `urn:btih:`.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let mut bare = text.trim();
    while let Some(shorter) = strip_prefix_any_case(bare, "urn:btih:") {
        bare = shorter;
    }
    let digits = infohash(bare).ok_or(BtihFault::Form)?;
    Identifier::assemble(Scheme::Btih, &digits)
}

/// The infohash in lower-case hex, from either spelling.
pub(super) fn infohash(text: &str) -> Option<String> {
    lower_hex(text, 40).or_else(|| {
        let bytes = (text.len() == 32).then(|| BASE32.decode(text.to_ascii_uppercase().as_bytes()).ok())??;
        Some(HEXLOWER.encode(&bytes))
    })
}

/// Reads what stands behind `magnet:`. A hybrid torrent is known by its version 1 hash.
pub(super) fn magnet(rest: &str) -> Result<Identifier, IdentifierError> {
    let query = rest.strip_prefix('?').unwrap_or(rest);
    let topics: Vec<String> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .filter(|(key, _)| key.eq_ignore_ascii_case("xt") || strip_prefix_any_case(key, "xt.").is_some())
        .map(|(_, topic)| percent_decode_str(topic).decode_utf8_lossy().into_owned())
        .collect();
    let mut found: Option<Identifier> = None;
    for topic in topics.iter().filter(|topic| strip_prefix_any_case(topic, "urn:btih:").is_some()) {
        let hash = identifier(topic)?;
        match &found {
            Some(earlier) if *earlier != hash => return Err(BtihFault::SeveralHashes.into()),
            _ => found = Some(hash),
        }
    }
    match found {
        Some(hash) => Ok(hash),
        None if topics.iter().any(|topic| strip_prefix_any_case(topic, "urn:btmh:").is_some()) => {
            Err(IdentifierError::NotYetSupported { scheme: "btmh" })
        }
        None => Err(BtihFault::MagnetWithoutHash.into()),
    }
}

/// `academictorrents.com/details/H` and `/download/H[.torrent]`, whatever tab of the page follows (`&tech`, `/tech`).
pub(super) fn academic_torrents_page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    match page.segments.as_slice() {
        ["details" | "download", hash, ..] => {
            let hash = hash.split('&').next().unwrap_or(hash);
            Some(identifier(hash.strip_suffix(".torrent").unwrap_or(hash)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "9e67eb7cc23c9417f39778a8e06cca5e26196a97";

    #[test]
    fn a_magnet_link_is_known_by_its_version_1_hash() {
        let link = format!("?xt=urn:btmh:1220{}&dn=x&xt.2=urn%3Abtih%3A{HASH}&tr=udp%3A%2F%2Ft.example", "00".repeat(32));
        assert_eq!(magnet(&link).unwrap().value(), HASH);
    }

    #[test]
    fn a_magnet_link_with_two_hashes_is_refused() {
        let link = format!("?xt=urn:btih:{HASH}&xt=urn:btih:{}", "0".repeat(40));
        assert_eq!(magnet(&link).unwrap_err().rule(), "btih-several-hashes");
    }

    #[test]
    fn a_pure_version_2_link_waits_for_its_scheme() {
        let link = format!("?xt=urn:btmh:1220{}", "00".repeat(32));
        assert_eq!(magnet(&link).unwrap_err(), IdentifierError::NotYetSupported { scheme: "btmh" });
    }
}
