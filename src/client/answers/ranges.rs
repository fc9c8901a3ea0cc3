//! What is known of all digests that begin alike: the answers of `/v1/digests/{algorithm}/{prefix}`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

use crate::notice::{DigestPrefix, Identifier, NoticeId};
use crate::verdict::{Part, Verdict};

/// The answer about a range of digests.
#[derive(Debug, Clone, Deserialize)]
pub struct DigestRangeAnswer {
    /// Whose answer it is.
    pub origin: String,
    /// Size of the tree it was decided from.
    pub tree_size: u64,
    /// When the server last cosigned that tree.
    pub checkpoint_time: Option<DateTime<Utc>>,
    /// How the digests were made.
    algorithm: String,
    /// The digits that were asked.
    prefix: String,
    /// Whether a digest that is not named may stand in a list which the server does not have.
    #[serde(default)]
    pub incomplete: bool,
    /// The digests that notices meet.
    digests: Vec<KnownDigestAnswer>,
}

/// What is known of one digest.
#[derive(Debug, Clone, Deserialize)]
pub struct KnownDigestAnswer {
    digest: String,
    /// The verdict; `unchecked` when the server uses a word that is not known here.
    #[serde(deserialize_with = "verdict")]
    pub verdict: Verdict,
    /// With `part-retracted`: which part.
    #[serde(default, deserialize_with = "part")]
    pub part: Option<Part>,
    /// Whether the truth may be worse.
    #[serde(default)]
    pub incomplete: bool,
    /// The notices that meet it.
    pub notices: Vec<NoticeId>,
    /// How many more there are.
    #[serde(default)]
    pub more: usize,
}

/// A newer server may have words of its own: what is not understood was not checked.
fn verdict<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Verdict, D::Error> {
    Ok(Verdict::parse(&String::deserialize(deserializer)?).unwrap_or(Verdict::Unchecked))
}

fn part<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Part>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.as_deref().and_then(Part::parse))
}

impl DigestRangeAnswer {
    /// Whether this answers what was asked, and nothing else.
    pub(in crate::client) fn is_about(&self, range: &DigestPrefix) -> bool {
        self.algorithm == range.algorithm().as_str()
            && self.prefix == range.digits()
            && self.digests.iter().all(|known| known.digest.starts_with(range.digits()))
    }

    /// What is known of one digest of the range.
    pub fn of(&self, digest: &Identifier) -> Option<&KnownDigestAnswer> {
        self.digests.iter().find(|known| known.digest == digest.value())
    }
}
