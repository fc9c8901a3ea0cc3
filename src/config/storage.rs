use serde::{Deserialize, Serialize};

/// `[storage]` as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StorageSection {
    reserve_bytes: Option<u64>,
}

/// `[storage]`: how the disk is used.
#[derive(Debug, Clone, Serialize)]
pub struct StorageSettings {
    /// Free bytes below which nothing is taken in; `None` is the smaller of 5 % of the file system and 256 MiB.
    pub reserve_bytes: Option<u64>,
}

impl StorageSection {
    pub(super) fn check(self) -> StorageSettings {
        StorageSettings { reserve_bytes: self.reserve_bytes }
    }
}
