use std::fmt;

use crate::notice::{Did, PayloadId};

/// Names one lineage: a DID with the record 0 that began it. A bare `did:key`, whose key is the identity, has no record 0.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineageId {
    /// Whose lineage it is.
    pub did: Did,
    /// The payload id of its record 0; `None` for a `did:key`.
    pub record0: Option<PayloadId>,
}

impl LineageId {
    /// The lineage that a `did:key` is by itself.
    pub fn bare(did: Did) -> Self {
        Self { did, record0: None }
    }

    /// Reads `did#<64 hex>`, or a bare `did:key`.
    pub fn parse(text: &str) -> Option<Self> {
        let Some((did, record0)) = text.split_once('#') else {
            return Did::parse(text).ok().filter(|did| did.as_str().starts_with("did:key:")).map(Self::bare);
        };
        let did = Did::parse(did).ok().filter(|did| did.as_str().starts_with("did:web:"))?;
        Some(Self { did, record0: Some(PayloadId::parse(record0)?) })
    }
}

impl fmt::Display for LineageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.record0 {
            Some(record0) => write!(f, "{}#{record0}", self.did),
            None => self.did.fmt(f),
        }
    }
}

impl serde::Serialize for LineageId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lineage_is_written_in_one_way() {
        let hex = "ab".repeat(32);
        let key = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
        for text in [format!("did:web:example.org#{hex}"), key.to_owned()] {
            assert_eq!(LineageId::parse(&text).expect("a lineage").to_string(), text);
        }
        for text in ["did:web:example.org", &format!("{key}#{hex}"), "did:web:example.org#", "did:web:example.org#AB", ""] {
            assert_eq!(LineageId::parse(text), None, "{text}");
        }
    }
}
