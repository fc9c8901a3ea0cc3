//! The one recorder of metrics that a process can have; several servers in one process share what it counts.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;

use super::gauges::Gauges;
use crate::http::MetricsText;

/// What was counted, and how the server stands; both anew each time they are asked for.
pub(super) fn text(gauges: Gauges) -> MetricsText {
    let recorder = recorder();
    MetricsText::new(move || gauges.render() + &recorder.render())
}

/// How often what was recorded is folded into buckets.
const UPKEEP: Duration = Duration::from_secs(5);
/// Upper bounds of durations, in seconds: from a hash to a disk that hangs.
const SECONDS: &[f64] = &[
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0,
    2.5, 10.0,
];
/// Upper bounds of how many entries a batch has.
const ENTRIES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1_024.0];

/// Folds what was recorded into buckets until the server stops. Histograms keep every single value until then, so that a server
/// whose metrics nobody reads would grow.
pub(super) async fn keep_small(stop: CancellationToken) {
    let recorder = recorder();
    while stop.run_until_cancelled(tokio::time::sleep(UPKEEP)).await.is_some() {
        recorder.run_upkeep();
    }
}

fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let recorder = builder().build_recorder();
            let handle = recorder.handle();
            // Somebody else's recorder in this process is theirs to render; ours then stays empty.
            let _ = ::metrics::set_global_recorder(recorder);
            handle
        })
        .clone()
}

fn builder() -> PrometheusBuilder {
    let named = [("_seconds", SECONDS), ("_entries", ENTRIES)];
    named.into_iter().fold(PrometheusBuilder::new(), |builder, (ending, bounds)| {
        // Only an empty list of bounds is refused.
        builder.set_buckets_for_metric(Matcher::Suffix(ending.to_owned()), bounds).unwrap_or_default()
    })
}
