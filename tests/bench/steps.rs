//! Where the time of a post goes, by the server's own histograms.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use crate::load::{ask, get};
use crate::statistics::told;

/// The steps that one post over one connection goes through, in order, with what each is for a reader.
const STEPS: &[(&str, &str)] = &[
    ("examine", "form, signature, policy, quota"),
    ("queue", "hand-over to the writer"),
    ("order", "tree in memory"),
    ("append", "commit of entries"),
    ("reread", "read back and hash"),
    ("sign", "sign and cosign"),
    ("record", "head record"),
    ("publish", "commit of the signed head"),
    ("receipt", "receipt with proof"),
];

/// Sum and count of each step at one moment.
pub(crate) struct Steps(BTreeMap<String, (f64, f64)>);

impl Steps {
    pub(crate) fn read(server: SocketAddr) -> Self {
        let (_, text) = ask(server, &get("/metrics"));
        let text = String::from_utf8(text).expect("metrics are text");
        let mut steps: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        for line in text.lines() {
            let Some(rest) = line.strip_prefix("palinode_submission_step_seconds_") else { continue };
            let Some((name, value)) = rest.rsplit_once(' ') else { continue };
            let Some((kind, step)) = name.split_once("{step=\"") else { continue };
            let value: f64 = value.parse().expect("a number");
            let step = steps.entry(step.trim_end_matches("\"}").to_owned()).or_default();
            match kind {
                "sum" => step.0 = value,
                "count" => step.1 = value,
                _ => {}
            }
        }
        Self(steps)
    }

    /// How often `step` was done.
    pub(crate) fn count(&self, step: &str) -> f64 {
        self.0.get(step).map_or(0.0, |(_, count)| *count)
    }

    /// The mean of each step since `before`, a line each, and what is left of `whole`: sockets, HTTP, threads that wake.
    pub(crate) fn since(&self, before: &Self, whole: Duration) -> String {
        let mut left = whole;
        let mut lines = Vec::new();
        for (step, meaning) in STEPS {
            let at = |steps: &Self| steps.0.get(*step).copied().unwrap_or_default();
            let ((sum, count), (sum_before, count_before)) = (at(self), at(before));
            let mean = Duration::from_secs_f64((sum - sum_before) / (count - count_before).max(1.0));
            left = left.saturating_sub(mean);
            lines.push(format!("{:>8}  {step:<8} {meaning}", told(mean)));
        }
        lines.push(format!("{:>8}  the rest  client, sockets, HTTP, waking threads", told(left)));
        lines.push(format!("{:>8}  mean of a post", told(whole)));
        lines.join("\n    ")
    }
}
