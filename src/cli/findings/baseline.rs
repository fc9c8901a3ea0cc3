//! An earlier report: what it holds is known and does not fail again.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::sarif::FINGERPRINT;
use crate::cli::{Complaint, ExitCode, file};

/// The largest report that is read, in bytes.
const MAX_FILE: u64 = 256 << 20;

/// Why a baseline cannot be taken. A report that is guessed at might hide a finding.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] file::FileError),
    /// It is no report of this program.
    #[error("{} is no report of palinode scan, in JSON or SARIF", path.display())]
    NotAReport {
        /// The file.
        path: PathBuf,
    },
}

impl Complaint for BaselineError {
    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }

    fn help(&self) -> Option<String> {
        Some("make one with palinode scan PATH --report json --out FILE".to_owned())
    }
}

/// The fingerprints of what an earlier report holds.
#[derive(Debug, Default)]
pub(super) struct Baseline(HashSet<String>);

impl Baseline {
    pub(super) fn has(&self, fingerprint: &str) -> bool {
        self.0.contains(fingerprint)
    }
}

pub(super) fn read(path: &Path) -> Result<Baseline, BaselineError> {
    let bytes = file::read(path, MAX_FILE)?;
    let report: Option<Value> = serde_json::from_slice(&bytes).ok();
    report.as_ref().and_then(of_report).ok_or_else(|| BaselineError::NotAReport { path: path.to_owned() })
}

fn of_report(report: &Value) -> Option<Baseline> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned();
    if report.get("report").and_then(Value::as_str) == Some(super::gathering::REPORT) {
        let findings = list(report, "datasets")?.into_iter().filter_map(|dataset| list(&dataset, "findings")).flatten();
        return Some(Baseline(findings.filter_map(|finding| text(finding.get("fingerprint")?)).collect()));
    }
    let ours = |run: &Value| run.pointer("/tool/driver/name").and_then(Value::as_str) == Some("palinode");
    let runs: Vec<Value> = list(report, "runs")?.into_iter().filter(ours).collect();
    let results = runs.iter().filter_map(|run| list(run, "results")).flatten();
    let prints = results.filter_map(|result| text(result.get("partialFingerprints")?.get(FINGERPRINT)?));
    (!runs.is_empty()).then(|| Baseline(prints.collect()))
}
