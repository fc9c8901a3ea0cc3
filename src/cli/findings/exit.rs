use super::model::Dataset;
use crate::cli::ExitCode;
use crate::verdict::Verdict;

/// What a scan ends with follows from these and from the findings that count (protocol, section 10).
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a condition of the specification's list of exit codes")]
pub(super) struct Outcome {
    /// A ledger is broken.
    pub(super) broken: bool,
    /// Something was not looked up, or could not be.
    pub(super) unchecked: bool,
    /// An answer is too old.
    pub(super) stale: bool,
    /// Something could not be read or identified, or an answer is incomplete, and `--strict` was said.
    pub(super) not_strictly_checked: bool,
    /// Nothing was there to look up, and `--allow-empty` was not said.
    pub(super) empty: bool,
}

impl Outcome {
    /// Precedence 4, 1, 3, 5, 0.
    pub(super) fn exit_code(self, datasets: &[Dataset], fail_on: Verdict) -> ExitCode {
        let fails = |dataset: &Dataset| dataset.counting().any(|finding| finding.verdict.is_finding_at(finding.part, fail_on));
        let conditions = [
            (self.broken, ExitCode::Integrity),
            (datasets.iter().any(fails), ExitCode::Refused),
            (self.unchecked || self.stale || self.not_strictly_checked, ExitCode::Unreachable),
            (self.empty, ExitCode::NothingToCheck),
        ];
        let applying = conditions.into_iter().filter(|(applies, _)| *applies);
        applying.fold(ExitCode::Done, |code, (_, with)| code.or_graver(with))
    }
}
