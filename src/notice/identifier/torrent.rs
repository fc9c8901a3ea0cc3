//! `btih:` and `btmh:`, the infohashes of BitTorrent torrents of version 1 (BEP 3, BEP 9) and version 2 (BEP 52): where the bytes of
//! many retracted datasets still are. A hybrid torrent has both.

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

/// Why a text is no infohash of version 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BtmhFault {
    /// Neither 64 hex digits nor the multihash of SHA-256.
    #[error("an infohash of version 2 is 64 hex digits, or 1220 and 64 hex digits as in magnet links")]
    Form,
    /// The 20 bytes that trackers are told, which name no torrent for certain.
    #[error("an infohash of version 2 is 64 hex digits; the first 40 of them are for trackers only")]
    Truncated,
}

impl BtmhFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Form => "btmh-form",
            Self::Truncated => "btmh-truncated",
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

/// Reads what stands behind `btmh:` or `urn:btmh:`, as hex or as the multihash of SHA-256 (`1220` and hex).
pub(super) fn version_2(text: &str) -> Result<Identifier, IdentifierError> {
    let mut bare = text.trim();
    while let Some(shorter) = strip_prefix_any_case(bare, URN_2) {
        bare = shorter;
    }
    if lower_hex(bare, 40).is_some() {
        return Err(BtmhFault::Truncated.into());
    }
    let digits = lower_hex(bare, 64).or_else(|| lower_hex(bare.strip_prefix("1220")?, 64)).ok_or(BtmhFault::Form)?;
    Identifier::assemble(Scheme::Btmh, &digits)
}

const URN_1: &str = "urn:btih:";
const URN_2: &str = "urn:btmh:";

/// Reads what stands behind `magnet:`. A hybrid torrent is known by its version 1 hash.
pub(super) fn magnet(rest: &str) -> Result<Identifier, IdentifierError> {
    let topics = topics(rest);
    match the_one(&topics, URN_1, identifier)? {
        Some(hash) => Ok(hash),
        None => the_one(&topics, URN_2, version_2)?.ok_or_else(|| BtihFault::MagnetWithoutHash.into()),
    }
}

/// The version 2 hash of what stands behind `magnet:`.
pub(super) fn magnet_of_version_2(rest: &str) -> Result<Identifier, IdentifierError> {
    the_one(&topics(rest), URN_2, version_2)?.ok_or_else(|| BtihFault::MagnetWithoutHash.into())
}

/// The exact topics of a magnet link, decoded.
fn topics(rest: &str) -> Vec<String> {
    let query = rest.strip_prefix('?').unwrap_or(rest);
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .filter(|(key, _)| key.eq_ignore_ascii_case("xt") || strip_prefix_any_case(key, "xt.").is_some())
        .map(|(_, topic)| percent_decode_str(topic).decode_utf8_lossy().into_owned())
        .collect()
}

/// The hash of those topics that begin with `urn`; `None` when there is no such topic.
fn the_one(
    topics: &[String],
    urn: &str,
    read: fn(&str) -> Result<Identifier, IdentifierError>,
) -> Result<Option<Identifier>, IdentifierError> {
    let mut found: Option<Identifier> = None;
    for topic in topics.iter().filter(|topic| strip_prefix_any_case(topic, urn).is_some()) {
        let hash = read(topic)?;
        match &found {
            Some(earlier) if *earlier != hash => return Err(BtihFault::SeveralHashes.into()),
            _ => found = Some(hash),
        }
    }
    Ok(found)
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
    fn a_pure_version_2_link_is_known_by_that_hash() {
        let link = format!("?xt=urn:btmh:1220{}", "0A".repeat(32));
        assert_eq!(magnet(&link).unwrap().as_str(), format!("btmh:{}", "0a".repeat(32)));
        assert_eq!(magnet("?xt=urn:btmh:1114").unwrap_err().rule(), "btmh-form");
        assert_eq!(version_2(HASH).unwrap_err().rule(), "btmh-truncated");
    }
}
