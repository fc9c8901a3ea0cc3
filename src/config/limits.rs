use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::error::{ConfigError, SettingFault};
use super::network::network;

/// `[limits]` as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsSection {
    body_bytes: Option<u64>,
    body_with_documents_bytes: Option<u64>,
    check_ids: Option<u64>,
    page_items: Option<u64>,
    head_seconds: Option<u64>,
    body_seconds: Option<u64>,
    answer_seconds: Option<u64>,
    connections: Option<u64>,
    connections_per_client: Option<u64>,
    event_streams: Option<u64>,
    event_streams_per_client: Option<u64>,
    reads_per_second: Option<u32>,
    reads_burst: Option<u32>,
    log_reads_per_second: Option<u32>,
    log_reads_burst: Option<u32>,
    writes_per_second: Option<u32>,
    writes_burst: Option<u32>,
    trusted_proxies: Option<Vec<String>>,
    proxy_header: Option<String>,
}

/// `[limits]`: what one request may ask for, how long it may take, how often a client may come. The first four can be lowered,
/// never raised above what the protocol allows.
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
    /// How long the head of a request may take to arrive, in seconds.
    pub head_seconds: u64,
    /// How long its body may take, in seconds.
    pub body_seconds: u64,
    /// How long a client may take for each further 64 KiB of an answer, in seconds.
    pub answer_seconds: u64,
    /// Most connections at once.
    pub connections: u64,
    /// Most connections of one client at once.
    pub connections_per_client: u64,
    /// Most answers of `/v1/events` at once.
    pub event_streams: u64,
    /// Most of one client at once.
    pub event_streams_per_client: u64,
    /// How often a client may ask, search and look at pages.
    pub reads: RateSettings,
    /// How often a client may read the log and its documents; peers do.
    pub log_reads: RateSettings,
    /// How often a client may submit and upload.
    pub writes: RateSettings,
    /// Proxies whose word about the client counts.
    pub trusted_proxies: Vec<IpNet>,
    /// Which header they write.
    pub proxy_header: ProxyHeader,
}

/// How often a client may come through one kind of door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RateSettings {
    /// What a client's bucket gets back each second; 0 means that there is no limit.
    pub per_second: u32,
    /// What it holds.
    pub burst: u32,
}

/// The header by which proxies say who asked them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded`, RFC 7239.
    Forwarded,
}

/// Least that a bucket may hold: the price of the dearest request, a page of changes.
const LEAST_BURST: u32 = 100;
/// Most that a rate may be: a limit beyond is none.
const MOST_RATE: u32 = 1_000_000;

impl LimitsSection {
    pub(super) fn check(self) -> Result<LimitSettings, ConfigError> {
        let within = |value: Option<u64>, default: u64, least: u64, most: u64, key: &str| match value.unwrap_or(default) {
            n if (least..=most).contains(&n) => Ok(n),
            _ => Err(SettingFault::OutOfRange { least, most }.of(format!("limits.{key}"))),
        };
        let limit = |value, least, most, key| within(value, most, least, most, key);
        let documents = self.body_with_documents_bytes;
        Ok(LimitSettings {
            body_bytes: limit(self.body_bytes, 1_024, 131_072, "body_bytes")?,
            body_with_documents_bytes: limit(documents, 1_024, 1_048_576, "body_with_documents_bytes")?,
            check_ids: limit(self.check_ids, 1, 1_000, "check_ids")?,
            page_items: limit(self.page_items, 1, 100, "page_items")?,
            head_seconds: within(self.head_seconds, 10, 1, 60, "head_seconds")?,
            body_seconds: within(self.body_seconds, 30, 1, 600, "body_seconds")?,
            answer_seconds: within(self.answer_seconds, 30, 1, 600, "answer_seconds")?,
            connections: within(self.connections, 2_048, 16, 100_000, "connections")?,
            connections_per_client: within(self.connections_per_client, 256, 4, 100_000, "connections_per_client")?,
            event_streams: within(self.event_streams, 256, 0, 100_000, "event_streams")?,
            event_streams_per_client: within(self.event_streams_per_client, 8, 0, 100_000, "event_streams_per_client")?,
            reads: rate("reads", (self.reads_per_second, 20), (self.reads_burst, 600))?,
            log_reads: rate("log_reads", (self.log_reads_per_second, 200), (self.log_reads_burst, 6_000))?,
            writes: rate("writes", (self.writes_per_second, 5), (self.writes_burst, 200))?,
            trusted_proxies: networks(&self.trusted_proxies.unwrap_or_default())?,
            proxy_header: proxy_header(self.proxy_header.as_deref())?,
        })
    }
}

fn rate(name: &str, per_second: (Option<u32>, u32), burst: (Option<u32>, u32)) -> Result<RateSettings, ConfigError> {
    let given = |(written, default): (Option<u32>, u32), least: u32, key: &str| {
        let value = written.unwrap_or(default);
        if (least..=MOST_RATE).contains(&value) {
            return Ok(value);
        }
        let fault = SettingFault::OutOfRange { least: least.into(), most: MOST_RATE.into() };
        Err(fault.of(format!("limits.{name}_{key}")))
    };
    Ok(RateSettings { per_second: given(per_second, 0, "per_second")?, burst: given(burst, LEAST_BURST, "burst")? })
}

fn networks(texts: &[String]) -> Result<Vec<IpNet>, ConfigError> {
    let read = |(n, text): (usize, &String)| {
        network(text).ok_or_else(|| SettingFault::NotANetwork.of(format!("limits.trusted_proxies[{n}]")))
    };
    texts.iter().enumerate().map(read).collect()
}

fn proxy_header(text: Option<&str>) -> Result<ProxyHeader, ConfigError> {
    match text.map(str::to_ascii_lowercase).as_deref() {
        None | Some("x-forwarded-for") => Ok(ProxyHeader::XForwardedFor),
        Some("forwarded") => Ok(ProxyHeader::Forwarded),
        Some(_) => Err(SettingFault::UnknownWord { known: &["x-forwarded-for", "forwarded"] }.of("limits.proxy_header")),
    }
}
