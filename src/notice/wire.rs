//! How a notice is written: compact, in the field order of protocol section 4, fields absent when they say nothing.
//!
//! What was signed is what is stored and served; this rendering is for answers about a notice, and for the payload of a
//! completed draft before anybody signs it.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Notice, ScopeItem};

/// The only licence of a notice: peers must be free to copy.
pub const LICENSE: &str = "CC0-1.0";

impl Serialize for Notice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn some<M: SerializeMap>(map: &mut M, name: &str, value: Option<&impl Serialize>) -> Result<(), M::Error> {
            value.map_or(Ok(()), |value| map.serialize_entry(name, value))
        }
        fn many<M: SerializeMap>(map: &mut M, name: &str, items: &[impl Serialize]) -> Result<(), M::Error> {
            if items.is_empty() { Ok(()) } else { map.serialize_entry(name, items) }
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &self.kind)?;
        map.serialize_entry("issuer", &self.issuer)?;
        map.serialize_entry("issued", &self.issued)?;
        some(&mut map, "effective", self.effective.as_ref())?;
        map.serialize_entry("dataset", &self.dataset)?;
        map.serialize_entry("subjects", &self.subjects)?;
        some(&mut map, "scope", self.scope.as_ref())?;
        many(&mut map, "reasons", &self.reasons)?;
        some(&mut map, "fault", self.fault.as_ref())?;
        many(&mut map, "actions", &self.actions)?;
        many(&mut map, "replacements", &self.replacements)?;
        many(&mut map, "derivatives", &self.derivatives)?;
        many(&mut map, "digest_lists", &self.digest_lists)?;
        some(&mut map, "texts", self.texts.map(|sha256| TextsName { sha256 }).as_ref())?;
        some(&mut map, "appeal", self.appeal.as_ref())?;
        some(&mut map, "publication_check", self.publication_check.as_ref())?;
        if self.sensitive {
            map.serialize_entry("sensitive", &true)?;
        }
        many(&mut map, "prior", &self.prior)?;
        map.serialize_entry("license", LICENSE)?;
        map.end()
    }
}

/// How a notice names its texts document.
#[derive(serde::Serialize)]
struct TextsName {
    sha256: super::DocumentHash,
}

impl Serialize for ScopeItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl std::fmt::Display for ScopeItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Part(label) => write!(f, "part:{label}"),
            Self::Version(label) => write!(f, "version:{label}"),
        }
    }
}
