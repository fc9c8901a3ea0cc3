use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `[trust]` as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrustSection {
    publishers: Option<PathBuf>,
}

/// `[trust]`: which publishers this server knows by their pin files.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TrustSettings {
    /// Folder of pin files (`*.json`), each a signed publisher record with the prefixes it speaks for; absent means no pins.
    pub publishers: Option<PathBuf>,
}

impl TrustSection {
    pub(super) fn check(self) -> TrustSettings {
        TrustSettings { publishers: self.publishers }
    }
}
