//! Trust settings in writing, so that whoever has a copy of a ledger decides as its operator does.
//!
//! ```json
//! {"tables":1,"vouching":["peer.example.org/log"],
//!  "lineages":[{"lineage":"did:web:example.org#<64 hex digits>","pinned":true,"prefixes":["doi:10.5281/"],"verified":true}]}
//! ```
//!
//! Nothing of it is signed by itself: the signed head names its hash ([`Trust::hash`]), which is worked out again from what was read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::envelope::LineageId;
use crate::verdict::{Standing, TABLES, Trust};

/// The most bytes of settings that anybody reads: those of some 100,000 lineages.
pub const MAX_SETTINGS: usize = 64 << 20;

/// Why bytes are no settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Longer than anybody reads.
    #[error("the trust settings have {0} bytes, more than {MAX_SETTINGS}")]
    TooLarge(usize),
    /// Not of this form.
    #[error("they are no trust settings: {0}")]
    Form(#[from] serde_json::Error),
    /// A lineage that is none.
    #[error("{0:?} is no lineage")]
    Lineage(String),
    /// Made for other tables of verdicts than those of this program.
    #[error("they are for version {0} of the tables of verdicts, and this program has version {TABLES}: use a newer one")]
    Tables(u32),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    tables: u32,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    vouching: BTreeSet<String>,
    lineages: Vec<WrittenLineage>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLineage {
    lineage: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pinned: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    prefixes: Vec<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    verified: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Writes settings: what has no standing is left out.
pub fn write(trust: &Trust) -> Vec<u8> {
    let with_standing = trust.lineages.iter().filter(|(_, standing)| standing.pinned || standing.domain_verified);
    let lineages = with_standing.map(|(lineage, standing)| WrittenLineage {
        lineage: lineage.to_string(),
        pinned: standing.pinned,
        prefixes: if standing.pinned { standing.prefixes.clone() } else { Vec::new() },
        verified: standing.domain_verified,
    });
    let written = Written { tables: TABLES, vouching: trust.vouching_peers.clone(), lineages: lineages.collect() };
    // Texts, lists and booleans: nothing that JSON could not hold.
    serde_json::to_vec(&written).unwrap_or_default()
}

/// Reads settings.
///
/// # Errors
/// [`SettingsError`].
pub fn parse(bytes: &[u8]) -> Result<Trust, SettingsError> {
    if bytes.len() > MAX_SETTINGS {
        return Err(SettingsError::TooLarge(bytes.len()));
    }
    let written: Written = serde_json::from_slice(bytes)?;
    if written.tables != TABLES {
        return Err(SettingsError::Tables(written.tables));
    }
    let mut lineages = BTreeMap::new();
    for WrittenLineage { lineage, pinned, prefixes, verified } in written.lineages {
        let id = LineageId::parse(&lineage).ok_or(SettingsError::Lineage(lineage))?;
        lineages.insert(id, Standing { pinned, prefixes, domain_verified: verified });
    }
    Ok(Trust { lineages, vouching_peers: written.vouching })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lineage(host: &str) -> LineageId {
        LineageId::parse(&format!("did:web:{host}#{}", "ab".repeat(32))).unwrap()
    }

    #[test]
    fn settings_have_the_same_hash_when_they_are_read_back() {
        let pinned = Standing { pinned: true, prefixes: vec!["doi:10.1/".to_owned()], domain_verified: false };
        let verified = Standing { domain_verified: true, ..Standing::default() };
        let trust = Trust {
            lineages: [
                (lineage("a.example"), pinned),
                (lineage("b.example"), verified),
                (lineage("c.example"), Standing::default()),
            ]
            .into(),
            vouching_peers: ["peer.example.org/log".to_owned()].into(),
        };
        let read = parse(&write(&trust)).unwrap();
        assert_eq!(read.hash(), trust.hash());
        assert_eq!(read.lineages.len(), 2, "what has no standing is not told");
        assert_eq!(parse(&write(&Trust::default())).unwrap(), Trust::default());
    }

    #[test]
    fn what_is_not_understood_to_the_last_field_is_refused() {
        for wrong in [
            "",
            "{}",
            r#"{"tables":1,"lineages":[],"more":1}"#,
            r#"{"tables":1,"lineages":[{"lineage":"did:web:a.example"}]}"#,
            r#"{"tables":99,"lineages":[]}"#,
        ] {
            assert!(parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
