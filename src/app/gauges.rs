//! How a server stands, as gauges for whoever watches many of them (`/metrics`, text format of Prometheus).
//!
//! They are looked at when they are asked for, into a recorder of their own that is gone afterwards: nothing is counted beside the
//! work, a peer that was removed leaves no line behind, and several servers in one process do not overwrite each other. What is
//! *counted* stands with the process's one recorder ([`super::metrics`]). `deploy/prometheus` has rules over all of them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use metrics::{Unit, describe_gauge, gauge};
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::federation::{Federation, PeerReport};
use crate::ledger::peers::{Pause, Peer, PeerState, Work};
use crate::ledger::{Ledger, Room};

/// What the gauges of one server are read from.
#[derive(Clone)]
pub(super) struct Gauges {
    pub(super) ledger: Arc<Ledger>,
    pub(super) federation: Arc<Federation>,
    pub(super) room: Room,
}

impl Gauges {
    /// Looks, and writes down what is seen. Blocks.
    pub(super) fn render(&self) -> String {
        let recorder = PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, || {
            describe();
            self.look_at_server();
            self.look_at_room();
            self.look_at_peers();
        });
        recorder.handle().render()
    }

    fn look_at_server(&self) {
        gauge!("palinode_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        let hindrances = self.ledger.hindrances();
        gauge!("palinode_ready").set(if hindrances.is_empty() { 1.0 } else { 0.0 });
        for hindrance in &hindrances {
            gauge!("palinode_hindrance", "rule" => hindrance.rule()).set(1.0);
        }
        let published = self.ledger.published();
        gauge!("palinode_log_entries").set(count(published.head.size));
        if let Some(sworn) = published.cosigned_by(self.ledger.identity().witness.name().as_str()) {
            gauge!("palinode_signed_time_seconds").set(seconds(sworn));
        }
        match self.ledger.count_notices() {
            Ok(notices) => gauge!("palinode_notices").set(count(notices)),
            Err(error) => tracing::warn!(%error, "notices are not counted for the metrics"),
        }
        gauge!("palinode_blocked_issuers").set(count(self.ledger.count_blocked() as u64));
        match self.ledger.all_waiting() {
            Ok(waiting) => gauge!("palinode_waiting_records").set(count(waiting.len() as u64)),
            Err(error) => tracing::warn!(%error, "records that wait are not counted for the metrics"),
        }
    }

    fn look_at_room(&self) {
        match self.room.measure() {
            Ok((free, reserve)) => {
                gauge!("palinode_free_bytes").set(count(free));
                gauge!("palinode_reserve_bytes").set(count(reserve));
            }
            Err(error) => tracing::warn!(%error, "the free space is not known for the metrics"),
        }
    }

    fn look_at_peers(&self) {
        match self.federation.report() {
            Ok(mut peers) => {
                // Nobody waits for a log that ended.
                peers.retain(|report| report.successor.is_none());
                gauge!("palinode_peers").set(count(peers.len() as u64));
                for PeerReport { peer, state, refused_claim, .. } in &peers {
                    look_at_peer(peer, state);
                    let claims = if refused_claim.is_some() { 1.0 } else { 0.0 };
                    gauge!("palinode_peer_refused_claim", "peer" => peer.origin().to_string()).set(claims);
                }
            }
            Err(error) => tracing::warn!(%error, "the peers are not known for the metrics"),
        }
    }
}

fn look_at_peer(peer: &Peer, state: &PeerState) {
    let set = |name: &'static str, value: u64| gauge!(name, "peer" => peer.origin().to_string()).set(count(value));
    set("palinode_peer_log_entries", state.head.as_ref().map_or(0, |head| head.head.size));
    set("palinode_peer_read_entries", state.pulled);
    set("palinode_peer_cosigned_entries", state.acknowledged);
    set("palinode_peer_wanted_entries", state.wanted);
    set("palinode_peer_pending_entries", state.pending);
    set("palinode_peer_refused_entries", state.refused);
    set("palinode_peer_evidence", state.evidence);
    let works = [Work::Announce, Work::Pull, Work::Documents];
    if let Some(contact) = works.iter().filter_map(|work| state.progress(*work).last_ok).max() {
        gauge!("palinode_peer_contact_seconds", "peer" => peer.origin().to_string()).set(seconds(contact));
    }
    for work in works {
        let failures = f64::from(state.progress(work).failures);
        gauge!("palinode_peer_failures", "peer" => peer.origin().to_string(), "work" => work.as_str()).set(failures);
    }
    for pause in [Pause::Wanted, Pause::Day, Pause::Evidence] {
        let is_paused = if state.pause == Some(pause) { 1.0 } else { 0.0 };
        gauge!("palinode_peer_paused", "peer" => peer.origin().to_string(), "reason" => pause.as_str()).set(is_paused);
    }
}

/// Says what each gauge is, for `# HELP`.
fn describe() {
    describe_gauge!("palinode_build_info", "1, with the version of the program");
    describe_gauge!("palinode_ready", "1 while nothing keeps the server from its work, as /readyz says");
    describe_gauge!("palinode_hindrance", "1 for each rule that keeps the server from some of its work now");
    describe_gauge!("palinode_log_entries", "entries of the published tree");
    describe_gauge!("palinode_notices", "notices of the published tree");
    describe_gauge!("palinode_blocked_issuers", "issuers from whom the operator takes nothing");
    describe_gauge!("palinode_waiting_records", "publisher records that wait until their domain is verified");
    describe_gauge!("palinode_signed_time_seconds", Unit::Seconds, "the time last sworn to, since 1970: the age of answers");
    describe_gauge!("palinode_free_bytes", Unit::Bytes, "free on the file system of the data folder");
    describe_gauge!("palinode_reserve_bytes", Unit::Bytes, "with less than this free, nothing more is taken in");
    describe_gauge!("palinode_peers", "peers that are worked with");
    describe_gauge!("palinode_peer_log_entries", "entries of the peer's log, as its newest verified checkpoint says");
    describe_gauge!("palinode_peer_read_entries", "entries of the peer's log that were looked at");
    describe_gauge!("palinode_peer_cosigned_entries", "entries of our log that the peer cosigned last");
    describe_gauge!("palinode_peer_wanted_entries", "entries of the peer that could not be had yet");
    describe_gauge!("palinode_peer_pending_entries", "entries of the peer that wait until more is known");
    describe_gauge!("palinode_peer_refused_entries", "entries of the peer that were refused for good");
    describe_gauge!(
        "palinode_peer_evidence",
        "pieces of evidence that convict the peer of two histories; with any, it is isolated"
    );
    describe_gauge!("palinode_peer_refused_claim", "1 when somebody claimed to go on for the peer and was not believed");
    describe_gauge!("palinode_peer_contact_seconds", Unit::Seconds, "when something last went well with the peer, since 1970");
    describe_gauge!("palinode_peer_failures", "failures since the last success, for each kind of work");
    describe_gauge!("palinode_peer_paused", "1 while the peer's log is not read any further, and why");
}

/// Prometheus knows no integers; beyond 2^53 the last digits are lost.
#[expect(clippy::cast_precision_loss, reason = "that is what a gauge is")]
fn count(number: u64) -> f64 {
    number as f64
}

/// Whole milliseconds are enough.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 have 41 bits")]
fn seconds(time: DateTime<Utc>) -> f64 {
    time.timestamp_millis() as f64 / 1_000.0
}
