//! What one server or one asking client believes about lineages: the only thing besides the entries and the clock that a
//! verdict may depend on.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::envelope::LineageId;

/// The version of the tables in this room (matrix, order, strengths); part of [`Trust::hash`], because other tables give
/// other verdicts.
pub const TABLES: u32 = 1;

/// Trust settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// What is believed about each lineage; one that is missing has no standing.
    pub lineages: BTreeMap<LineageId, Standing>,
    /// Origins of the peers whose word on domains is taken. What follows from it stands in the lineages; here it is only
    /// hashed.
    pub vouching_peers: BTreeSet<String>,
}

/// What is believed about one lineage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The operator, or the asking client, pinned it.
    pub pinned: bool,
    /// Beginnings of identifiers that the pin lets it speak for, such as `doi:10.5281/`; without a pin they count for nothing.
    pub prefixes: Vec<String>,
    /// The domain of its `did:web` was seen to name its keys. A pin implies it.
    pub domain_verified: bool,
}

impl Trust {
    /// What is believed about this lineage.
    pub(super) fn standing(&self, lineage: &LineageId) -> Option<&Standing> {
        self.lineages.get(lineage)
    }

    pub(super) fn is_pinned(&self, lineage: &LineageId) -> bool {
        self.standing(lineage).is_some_and(|standing| standing.pinned)
    }

    /// Stands in every answer, so that two answers can be compared: lowercase hex SHA-256 over a canonical writing of the
    /// settings and the version of the tables. What cannot change a verdict (order, repeats, lineages without standing) does
    /// not change the hash.
    pub fn hash(&self) -> String {
        let mut writing = Sha256::new();
        let mut write = |field: &str| {
            writing.update(format!("{}:", field.len()));
            writing.update(field);
            writing.update(",");
        };
        write("palinode-trust/v1");
        write(&TABLES.to_string());
        for peer in &self.vouching_peers {
            write("vouching");
            write(peer);
        }
        for (lineage, standing) in &self.lineages {
            if !standing.pinned && !standing.domain_verified {
                continue;
            }
            write("lineage");
            write(&lineage.to_string());
            write(if standing.pinned { "pinned" } else { "verified" });
            if standing.pinned {
                for prefix in standing.prefixes.iter().collect::<BTreeSet<_>>() {
                    write("prefix");
                    write(prefix);
                }
            }
        }
        data_encoding::HEXLOWER.encode(&writing.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::sample::lineage;

    fn pinned(prefixes: &[&str]) -> Standing {
        Standing { pinned: true, prefixes: prefixes.iter().map(|p| (*p).to_owned()).collect(), domain_verified: false }
    }

    fn trust(standing: Standing) -> Trust {
        Trust { lineages: [(lineage("a.example"), standing)].into(), ..Trust::default() }
    }

    #[test]
    fn equal_settings_have_one_hash_however_they_are_written() {
        let hash = trust(pinned(&["doi:10.1/", "hf:a/"])).hash();
        assert_eq!(hash, trust(pinned(&["hf:a/", "doi:10.1/", "hf:a/"])).hash());
        assert_eq!(trust(Standing::default()).hash(), Trust::default().hash());
        assert_eq!(hash.len(), 64);
    }

    #[test]
    fn every_setting_changes_the_hash() {
        let verified = Standing { domain_verified: true, ..Standing::default() };
        let vouched = Trust { vouching_peers: ["log.example/log".to_owned()].into(), ..Trust::default() };
        let all = [
            Trust::default(),
            trust(verified),
            trust(pinned(&[])),
            trust(pinned(&["doi:10.1/"])),
            trust(pinned(&["doi:10.1/6:prefix,"])),
            vouched,
        ];
        let hashes: BTreeSet<_> = all.iter().map(Trust::hash).collect();
        assert_eq!(hashes.len(), all.len());
    }
}
