use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use super::notice_facts::NoticeFacts;
use crate::cli::ExitCode;
use crate::scan::hashing::Algorithm;
use crate::scan::{Counts, Evidence, Place, Relation, Remark, Source};
use crate::verdict::{Part, Verdict};

/// Everything that is to be said about one scan. As JSON, it follows [`SCHEMA`](super::SCHEMA).
#[derive(Debug, Clone, Serialize)]
pub struct Findings {
    /// Which shape this is.
    pub(super) report: &'static str,
    /// The version of the program.
    pub(super) palinode: &'static str,
    pub(super) at: DateTime<Utc>,
    pub(super) roots: Vec<String>,
    pub(super) ledgers: Vec<Ledger>,
    /// The worst verdict that no ignore covers.
    pub(super) verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<Part>,
    pub(super) fail_on: Verdict,
    /// How the program ends: the number that the shell sees.
    #[serde(serialize_with = "as_number")]
    pub(super) exit_code: ExitCode,
    /// Most severe first.
    pub(super) datasets: Vec<Dataset>,
    /// Identifiers about which nothing could be learned.
    pub(super) unchecked: Vec<Unchecked>,
    pub(super) ignores: Vec<Ignore>,
    pub(super) remarks: Vec<Remark>,
    pub(super) digests: Digests,
    pub(super) counts: Counts,
    /// How many identifiers were looked up.
    pub(super) identifiers: usize,
    /// Why not everything was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) interrupted: Option<String>,
    /// What is broken about a ledger; never hidden by anything.
    pub(super) broken: Vec<String>,
}

/// By which digests files were looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Digests {
    pub(super) computed: Vec<Algorithm>,
    /// By which of them notices name files, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) named: Option<Vec<Algorithm>>,
    /// Those of them that were not computed: a file that a notice names by these alone was not found.
    pub(super) left_out: Vec<Algorithm>,
}

impl Digests {
    pub(super) fn of(computed: &[Algorithm], named: Option<&[Algorithm]>) -> Self {
        let left_out = named.into_iter().flatten().filter(|algorithm| !computed.contains(algorithm)).copied().collect();
        Self { computed: computed.to_vec(), named: named.map(<[_]>::to_vec), left_out }
    }

    /// What was left out, in words; `None` when nothing was.
    pub(super) fn told(&self) -> Option<String> {
        if self.left_out.is_empty() {
            return None;
        }
        let left_out = words(&self.left_out);
        Some(format!(
            "{left_out} not computed, by which notices name files: a file that is named by nothing else was not found"
        ))
    }
}

/// The names of algorithms, for people.
pub(super) fn words(algorithms: &[Algorithm]) -> String {
    algorithms.iter().map(|algorithm| algorithm.as_str()).collect::<Vec<_>>().join(", ")
}

/// A ledger that was asked, and what of it the answers follow from.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Ledger {
    pub(super) origin: String,
    /// An address, or the index on this machine.
    pub(super) asked_at: String,
    pub(super) tree_size: u64,
    pub(super) checkpoint_time: Option<DateTime<Utc>>,
    /// Older than `--max-age`, or of unknown age.
    pub(super) stale: bool,
}

/// Findings that are about one dataset.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Dataset {
    pub(super) title: String,
    pub(super) verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<Part>,
    /// Who says what, by notice.
    pub(super) notices: BTreeMap<String, NoticeFacts>,
    /// Where it was seen, most severe first.
    pub(super) findings: Vec<Finding>,
}

/// One identifier at one place.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Finding {
    pub(super) identifier: String,
    /// The file as it can be opened from where the scan was started, with line and column.
    pub(super) shown: String,
    pub(super) place: Place,
    pub(super) source: Source,
    pub(super) evidence: Evidence,
    pub(super) relation: Relation,
    pub(super) verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<Part>,
    /// A list that a notice names is not here, so that the truth may be worse.
    pub(super) incomplete: bool,
    /// How surely it is what the notice means: the strongest match, and never stronger than what was seen.
    pub(super) strength: String,
    pub(super) matches: Vec<Met>,
    /// The same wherever the file's lines have moved to: of path, identifier, notice and verdict.
    pub(super) fingerprint: String,
    pub(super) state: State,
    /// Why it is ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ignored: Option<String>,
}

/// One notice that a finding meets.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Met {
    pub(super) notice: String,
    pub(super) verdict: Verdict,
    pub(super) strength: String,
    pub(super) coverage: String,
    pub(super) authority: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) basis: Option<String>,
    /// How it was derived from what the notice speaks of, step by step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) derived: Vec<String>,
}

/// Whether a finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// It does.
    New,
    /// The baseline has it.
    Known,
    /// `.palinode.toml` says not to mind it.
    Ignored,
}

/// An identifier about which nothing could be learned.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Unchecked {
    pub(super) identifier: String,
    pub(super) why: String,
}

/// What became of an entry of `.palinode.toml`.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Ignore {
    /// The file that has it, and the line.
    pub(super) at: String,
    pub(super) id: String,
    pub(super) reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires: Option<String>,
    pub(super) state: IgnoreState,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum IgnoreState {
    /// It covers a finding.
    Used,
    /// Nothing was found that it covers.
    Unused,
    /// Its day is over; it covers nothing any more.
    Expired,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over so")]
fn as_number<S: Serializer>(code: &ExitCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(code.number())
}

impl Dataset {
    /// Findings that count.
    pub(super) fn counting(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.state == State::New)
    }
}
