//! The one recorder of metrics that a process can have; several servers in one process share it.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::http::MetricsText;

/// What was recorded, rendered anew each time it is asked for.
pub(super) fn text() -> MetricsText {
    let recorder = recorder();
    MetricsText::new(move || recorder.render())
}

fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            // Somebody else's recorder in this process is theirs to render; ours then stays empty.
            let _ = ::metrics::set_global_recorder(recorder);
            handle
        })
        .clone()
}
