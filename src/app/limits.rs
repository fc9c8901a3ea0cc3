//! What the configuration says of limits, in the words of the HTTP server.

use std::time::Duration;

use crate::config::{LimitSettings, ProxyHeader, RateSettings};
use crate::http::{Deadlines, EventLimits, ForwardedBy, Limits, Proxies, Rate, Rates};

pub(super) fn limits(settings: &LimitSettings) -> Limits {
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Limits {
        body: size(settings.body_bytes),
        body_with_documents: size(settings.body_with_documents_bytes),
        check_ids: size(settings.check_ids),
        page_items: size(settings.page_items),
        deadlines: Deadlines {
            head: Duration::from_secs(settings.head_seconds),
            body: Duration::from_secs(settings.body_seconds),
            answer: Duration::from_secs(settings.answer_seconds),
            ..Deadlines::default()
        },
        connections: size(settings.connections),
        connections_per_client: size(settings.connections_per_client),
        events: EventLimits {
            streams: size(settings.event_streams),
            streams_per_client: size(settings.event_streams_per_client),
            ..EventLimits::default()
        },
        evidence: crate::ledger::check::MAX_EVIDENCE,
        rates: Rates { reads: rate(settings.reads), log: rate(settings.log_reads), writes: rate(settings.writes) },
        proxies: Proxies {
            listed: settings.trusted_proxies.clone(),
            header: match settings.proxy_header {
                ProxyHeader::XForwardedFor => ForwardedBy::XForwardedFor,
                ProxyHeader::Forwarded => ForwardedBy::Forwarded,
            },
        },
    }
}

/// Nothing a second means no limit.
fn rate(settings: RateSettings) -> Option<Rate> {
    (settings.per_second > 0).then(|| Rate::of(settings.per_second, settings.burst))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Flags, ServerConfig};

    #[test]
    fn a_configuration_that_says_nothing_means_the_defaults_of_the_server() {
        let settings = ServerConfig::from_text("", Path::new("f"), [], &Flags::default()).unwrap();
        assert_eq!(limits(&settings.limits), Limits::default());
    }
}
