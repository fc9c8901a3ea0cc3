use serde::{Deserialize, Serialize};

use super::error::{ConfigError, SettingFault};

/// `[limits]` as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsSection {
    body_bytes: Option<u64>,
    body_with_documents_bytes: Option<u64>,
    check_ids: Option<u64>,
    page_items: Option<u64>,
}

/// `[limits]`: what one request may ask for. They can be lowered, never raised above what the protocol allows.
#[derive(Debug, Clone, Serialize)]
pub struct LimitSettings {
    /// Largest body of a submission without documents, in bytes (protocol, section 3, step 1).
    pub body_bytes: u64,
    /// Largest body of a submission that brings documents along, in bytes.
    pub body_with_documents_bytes: u64,
    /// Most identifiers in one question (protocol, section 9).
    pub check_ids: u64,
    /// Most notices on one page of a search.
    pub page_items: u64,
}

impl LimitsSection {
    pub(super) fn check(self) -> Result<LimitSettings, ConfigError> {
        let limit = |value: Option<u64>, least: u64, most: u64, key: &str| match value.unwrap_or(most) {
            n if (least..=most).contains(&n) => Ok(n),
            _ => Err(SettingFault::OutOfRange { least, most }.of(key)),
        };
        Ok(LimitSettings {
            body_bytes: limit(self.body_bytes, 1_024, 131_072, "limits.body_bytes")?,
            body_with_documents_bytes: limit(
                self.body_with_documents_bytes,
                1_024,
                1_048_576,
                "limits.body_with_documents_bytes",
            )?,
            check_ids: limit(self.check_ids, 1, 1_000, "limits.check_ids")?,
            page_items: limit(self.page_items, 1, 100, "limits.page_items")?,
        })
    }
}
