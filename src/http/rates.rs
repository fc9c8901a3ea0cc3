//! How often one client may ask: a bucket for questions, one for the log, one for what is written.
//!
//! Each request takes from one bucket of its client, more when it costs more; an empty bucket is refilled with time. The log has
//! a bucket of its own, and a large one, since whoever mirrors or audits it reads all of it, a tile, an entry or a document at a
//! time, and a peer that announces its growth does so with every checkpoint. Buckets that are full again are forgotten, and
//! however many clients come, no more than [`MOST_CLIENTS`] are told apart: beyond that they share buckets.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::client_address::ClientAddress;
use super::problem::Problem;

/// How many clients are told apart in each kind of bucket: some ten megabytes for all.
const MOST_CLIENTS: usize = 50_000;
/// How many buckets all others share.
const CROWDS: u64 = 256;

/// The state of a client's bucket (draft-ietf-httpapi-ratelimit-headers-10, section 4).
pub(super) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// How large its bucket is.
pub(super) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// How a bucket is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// What comes back each second.
    pub per_second: NonZeroU32,
    /// What it holds: how much can be taken at once. At least [`Rate::LEAST_BURST`].
    pub burst: NonZeroU32,
}

impl Rate {
    /// What the dearest request takes.
    pub const LEAST_BURST: u32 = 100;

    /// A rate; nothing counts as one.
    pub fn of(per_second: u32, burst: u32) -> Self {
        let one_or_more = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self { per_second: one_or_more(per_second), burst: one_or_more(burst) }
    }

    /// How long an empty bucket takes to be full, in whole seconds.
    fn window(self) -> u32 {
        self.burst.get().div_ceil(self.per_second.get())
    }
}

/// The buckets of each client; `None` for one that never is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Questions, searches and pages.
    pub reads: Option<Rate>,
    /// The log, documents, and what peers tell each other.
    pub log: Option<Rate>,
    /// Submissions and uploads.
    pub writes: Option<Rate>,
}

impl Default for Rates {
    fn default() -> Self {
        Self { reads: Some(Rate::of(20, 600)), log: Some(Rate::of(200, 6_000)), writes: Some(Rate::of(5, 200)) }
    }
}

/// What a request takes, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Price {
    /// Nothing: whether the process lives is a constant, asked by whoever restarts it, and costs less than a refusal.
    Free,
    Reads(u32),
    Log(u32),
    Writes(u32),
}

impl Price {
    /// The price of a request by its method and its path with percent-encodings resolved, as it is routed.
    ///
    /// Prices are in the unit of reading one thing. A question or a search may read a thousand rows, a page of changes or
    /// of events ten thousand entries.
    pub(super) fn of(method: &Method, path: &str) -> Self {
        let asks = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        match path {
            "/livez" if asks => Self::Free,
            "/v1/check" => Self::Reads(10),
            _ if asks && path.starts_with("/v1/digests/") => Self::Reads(10),
            "/v1/changes" | "/v1/events" if asks => Self::Log(100),
            "/witness/add-checkpoint" => Self::Log(4),
            "/" | "/search" | "/v1/notices" | "/v1/publishers" | "/readyz" | "/metrics" if asks => Self::Reads(5),
            _ if asks && ["/d/", "/p/", "/feeds/"].iter().any(|door| path.starts_with(door)) => Self::Reads(5),
            _ if asks && ["/log/", "/witness/", "/v1/documents/"].iter().any(|door| path.starts_with(door)) => Self::Log(1),
            _ if asks => Self::Reads(1),
            _ => Self::Writes(1),
        }
    }
}

/// The state of a bucket that was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    kind: &'static str,
    rate: Rate,
    left: u32,
}

/// A bucket has not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exhausted {
    kind: &'static str,
    rate: Rate,
    wait: Duration,
}

type Limiter<C> = RateLimiter<ClientAddress, DashMapStateStore<ClientAddress>, C, StateInformationMiddleware>;

struct Bucket<C: Clock> {
    kind: &'static str,
    rate: Rate,
    limiter: Limiter<C>,
}

/// The buckets of all clients.
pub(super) struct Buckets<C: Clock = DefaultClock> {
    reads: Option<Bucket<C>>,
    log: Option<Bucket<C>>,
    writes: Option<Bucket<C>>,
    clock: C,
    crowds: RandomState,
    most_clients: usize,
}

impl Buckets {
    /// Full buckets for everyone.
    pub(super) fn new(rates: Rates) -> Self {
        Self::at(rates, DefaultClock::default(), MOST_CLIENTS)
    }
}

impl<C: Clock + Clone> Buckets<C> {
    fn at(rates: Rates, clock: C, most_clients: usize) -> Self {
        let bucket = |kind, rate: Option<Rate>| {
            rate.map(|rate| {
                let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
                Bucket { kind, rate, limiter: RateLimiter::new(quota, DashMapStateStore::default(), clock.clone()) }
            })
        };
        let (reads, log, writes) = (bucket("reads", rates.reads), bucket("log", rates.log), bucket("writes", rates.writes));
        Self { reads, log, writes, clock, crowds: RandomState::new(), most_clients }
    }

    /// Takes the price of a request from its client's bucket; `None` when it has none.
    pub(super) fn take(&self, client: ClientAddress, price: Price) -> Result<Option<Standing>, Exhausted> {
        let (bucket, price) = match price {
            Price::Free => return Ok(None),
            Price::Reads(n) => (&self.reads, n),
            Price::Log(n) => (&self.log, n),
            Price::Writes(n) => (&self.writes, n),
        };
        let (Some(bucket), Some(price)) = (bucket, NonZeroU32::new(price)) else { return Ok(None) };
        let Bucket { kind, rate, limiter } = bucket;
        let client = if limiter.len() < self.most_clients { client } else { self.crowd(client) };
        match limiter.check_key_n(&client, price) {
            Ok(Ok(state)) => Ok(Some(Standing { kind, rate: *rate, left: state.remaining_burst_capacity() })),
            Ok(Err(not_until)) => Err(Exhausted { kind, rate: *rate, wait: not_until.wait_time_from(self.clock.now()) }),
            // A bucket that could never hold the price; the configuration does not let one be made.
            Err(_too_small) => Err(Exhausted { kind, rate: *rate, wait: Duration::from_secs(rate.window().into()) }),
        }
    }

    /// Forgets the clients whose buckets are full again.
    pub(super) fn forget_idle(&self) {
        for bucket in [&self.reads, &self.log, &self.writes].into_iter().flatten() {
            bucket.limiter.retain_recent();
            bucket.limiter.shrink_to_fit();
        }
    }

    fn crowd(&self, client: ClientAddress) -> ClientAddress {
        ClientAddress::Crowd(u16::try_from(self.crowds.hash_one(client) % CROWDS).unwrap_or(0))
    }
}

impl Standing {
    /// Tells the client where it stands.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        let Self { kind, rate, left } = self;
        tell(headers, kind, rate, format!("\"{kind}\";r={left}"));
    }
}

impl Exhausted {
    /// 429 (RFC 6585, section 4), with when to come back.
    pub(super) fn problem(self) -> Problem {
        let wait = seconds(self.wait);
        let detail = format!("this address asks too often: its bucket \"{}\" is empty; try again in {wait} s", self.kind);
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "Too many requests from this address", detail)
            .retry_after(Duration::from_secs(wait))
    }

    /// Tells the client where it stands.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        let Self { kind, rate, wait } = self;
        tell(headers, kind, rate, format!("\"{kind}\";r=0;t={}", seconds(wait)));
    }
}

fn tell(headers: &mut HeaderMap, kind: &str, rate: Rate, state: String) {
    let policy = format!("\"{kind}\";q={};w={}", rate.burst, rate.window());
    for (name, value) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, state)] {
        // Words of ours and numbers.
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
}

fn seconds(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv6Addr};

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn client(address: &str) -> ClientAddress {
        ClientAddress::of(address.parse().unwrap())
    }

    fn small(clock: &FakeRelativeClock) -> Buckets<FakeRelativeClock> {
        let rates = Rates { reads: Some(Rate::of(2, 10)), log: Some(Rate::of(1, 100)), writes: None };
        Buckets::at(rates, clock.clone(), 100)
    }

    #[test]
    fn a_bucket_is_emptied_and_refilled_with_time() {
        let clock = FakeRelativeClock::default();
        let buckets = small(&clock);
        let one = client("192.0.2.1");
        for left in (0..10).rev() {
            assert_eq!(buckets.take(one, Price::Reads(1)).unwrap().unwrap().left, left);
        }
        let refused = buckets.take(one, Price::Reads(1)).unwrap_err();
        assert_eq!((refused.kind, refused.wait), ("reads", Duration::from_millis(500)));
        clock.advance(Duration::from_millis(499));
        assert!(buckets.take(one, Price::Reads(1)).is_err());
        clock.advance(Duration::from_millis(1));
        assert!(buckets.take(one, Price::Reads(1)).is_ok());
        assert!(buckets.take(one, Price::Reads(1)).is_err(), "a refusal costs nothing, and gives nothing");
        clock.advance(Duration::from_hours(1));
        assert_eq!(buckets.take(one, Price::Reads(4)).unwrap().unwrap().left, 6, "it never holds more than its burst");
        assert_eq!(buckets.take(one, Price::Reads(7)).unwrap_err().wait, Duration::from_millis(500));
    }

    #[test]
    fn clients_and_kinds_have_buckets_of_their_own() {
        let buckets = small(&FakeRelativeClock::default());
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(client);
        assert!(buckets.take(one, Price::Reads(10)).is_ok());
        assert!(buckets.take(one, Price::Reads(1)).is_err());
        assert!(buckets.take(other, Price::Reads(10)).is_ok());
        assert!(buckets.take(one, Price::Log(100)).is_ok());
        assert_eq!(buckets.take(one, Price::Writes(1)), Ok(None), "no rate, no bucket");
        assert_eq!(buckets.take(one, Price::Free), Ok(None));
    }

    #[test]
    fn full_buckets_are_forgotten_and_empty_ones_are_not() {
        let clock = FakeRelativeClock::default();
        let buckets = small(&clock);
        let len = || buckets.reads.as_ref().unwrap().limiter.len();
        assert!(buckets.take(client("192.0.2.1"), Price::Reads(10)).is_ok());
        assert!(buckets.take(client("192.0.2.2"), Price::Reads(1)).is_ok());
        clock.advance(Duration::from_secs(1));
        buckets.forget_idle();
        assert_eq!(len(), 1);
        assert!(buckets.take(client("192.0.2.1"), Price::Reads(3)).is_err(), "it is still the same bucket");
        clock.advance(Duration::from_secs(10));
        buckets.forget_idle();
        assert_eq!(len(), 0);
    }

    #[test]
    fn a_flood_of_addresses_takes_no_more_memory_and_gets_no_further() {
        let clock = FakeRelativeClock::default();
        let buckets = small(&clock);
        let mut taken = 0;
        for network in 0..20_000_u128 {
            let address = IpAddr::V6(Ipv6Addr::from((0x2001_0db8 << 96) | (network << 64)));
            taken += usize::from(buckets.take(ClientAddress::of(address), Price::Reads(10)).is_ok());
        }
        let crowds = usize::try_from(CROWDS).unwrap();
        assert!(buckets.reads.as_ref().unwrap().limiter.len() <= 100 + crowds);
        assert!(taken <= 100 + crowds, "{taken}");
        // When the flood is over, everyone is told apart again.
        clock.advance(Duration::from_secs(10));
        buckets.forget_idle();
        assert!(buckets.take(client("192.0.2.1"), Price::Reads(10)).is_ok());
        assert!(buckets.take(client("192.0.2.2"), Price::Reads(10)).is_ok());
    }

    #[test]
    fn no_request_costs_more_than_a_bucket_can_hold() {
        let paths =
            ["/", "/livez", "/v1/check", "/v1/changes", "/v1/notices", "/log/checkpoint", "/witness/add-checkpoint", "/x"];
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::TRACE] {
            for path in paths {
                let (Price::Reads(price) | Price::Log(price) | Price::Writes(price)) = Price::of(&method, path) else {
                    assert_eq!((&method, path), (&Method::GET, "/livez"), "the one that is free");
                    continue;
                };
                assert!((1..=Rate::LEAST_BURST).contains(&price), "{method} {path}");
            }
        }
    }
}
