//! A network inside one process: the double of [`Transport`] for tests and simulations.
//!
//! Servers are functions from requests to answers, named by the base of their URL. Every link can be made to lose, delay and
//! repeat requests; nothing is random here, so whoever wants chance draws it and sets the [`Weather`].

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use url::Url;

use super::transport::{Method, Request, Response, Transport, TransportError};

/// A server: what it answers to a request.
pub type Handler = Arc<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>;

/// What becomes of a request on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weather {
    /// It arrives, and so does its answer.
    Fair,
    /// Nobody listens.
    Down,
    /// It is lost: the server never sees it, the sender waits until its deadline (without time passing here).
    RequestLost,
    /// It arrives and is acted upon, but the answer is lost.
    AnswerLost,
    /// It arrives twice; the second answer is what the sender gets.
    Twice,
    /// It arrives after this time, or never when the deadline is nearer.
    Slow(Duration),
    /// Something on the way answers in the server's place.
    Answered(Response),
}

/// Servers of one process, and the weather between them.
#[derive(Clone, Default)]
pub struct MemoryNetwork {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    servers: BTreeMap<String, Handler>,
    weather: BTreeMap<String, Weather>,
    next: BTreeMap<String, VecDeque<Weather>>,
    seen: Vec<(Method, Url)>,
}

impl MemoryNetwork {
    /// A network without servers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a server at the scheme, host and port of `base`, in place of one that was there.
    pub fn serve(&self, base: &Url, handler: Handler) {
        self.locked().servers.insert(place(base), handler);
    }

    /// Takes the server at `base` away.
    pub fn unplug(&self, base: &Url) {
        self.locked().servers.remove(&place(base));
    }

    /// The weather of every request to `base` from now on.
    pub fn set_weather(&self, base: &Url, weather: Weather) {
        self.locked().weather.insert(place(base), weather);
    }

    /// The weather of the next request to `base` that has none yet, before what [`Self::set_weather`] says.
    pub fn set_next(&self, base: &Url, weather: Weather) {
        self.locked().next.entry(place(base)).or_default().push_back(weather);
    }

    /// Every request that was sent so far, in order, and forgets them.
    pub fn take_seen(&self) -> Vec<(Method, Url)> {
        std::mem::take(&mut self.locked().seen)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn carry(&self, request: Request) -> Result<Response, TransportError> {
        let nobody = || TransportError::Connect("nobody listens there".to_owned());
        let (weather, server) = {
            let mut inner = self.locked();
            inner.seen.push((request.method, request.url.clone()));
            let place = place(&request.url);
            let next = inner.next.get_mut(&place).and_then(VecDeque::pop_front);
            let weather = next.or_else(|| inner.weather.get(&place).cloned()).unwrap_or(Weather::Fair);
            (weather, inner.servers.get(&place).cloned())
        };
        match weather {
            Weather::Fair => Ok(server.ok_or_else(nobody)?(request).await),
            Weather::Down => Err(nobody()),
            Weather::RequestLost => Err(TransportError::Timeout),
            Weather::AnswerLost => {
                server.ok_or_else(nobody)?(request).await;
                Err(TransportError::Timeout)
            }
            Weather::Twice => {
                let server = server.ok_or_else(nobody)?;
                server(request.clone()).await;
                Ok(server(request).await)
            }
            Weather::Slow(delay) if delay >= request.deadline => Err(TransportError::Timeout),
            Weather::Slow(delay) => {
                tokio::time::sleep(delay).await;
                Ok(server.ok_or_else(nobody)?(request).await)
            }
            Weather::Answered(response) => Ok(response),
        }
    }
}

impl Transport for MemoryNetwork {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let limit = request.max_bytes;
            let answer = self.carry(request).await?;
            if answer.body.len() > limit { Err(TransportError::TooLarge { limit }) } else { Ok(answer) }
        })
    }
}

/// Scheme, host and port.
fn place(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn url() -> Url {
        Url::parse("https://a.example/log/checkpoint").expect("a URL")
    }

    fn get() -> Request {
        Request::get(url(), Duration::from_secs(1), 100)
    }

    #[tokio::test]
    async fn the_weather_decides_what_arrives() {
        let network = MemoryNetwork::new();
        assert!(matches!(network.send(get()).await, Err(TransportError::Connect(_))));
        let heard = Arc::new(AtomicUsize::new(0));
        let counter = heard.clone();
        let handler = move |_| -> BoxFuture<'static, Response> {
            let number = counter.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move { Response::new(200, number.to_string()) })
        };
        network.serve(&url(), Arc::new(handler));
        for (weather, answer, total) in [
            (Weather::Fair, Some("0"), 1),
            (Weather::Down, None, 1),
            (Weather::RequestLost, None, 1),
            (Weather::AnswerLost, None, 2),
            (Weather::Twice, Some("3"), 4),
            (Weather::Slow(Duration::from_secs(2)), None, 4),
            (Weather::Slow(Duration::from_millis(1)), Some("4"), 5),
            (Weather::Answered(Response::new(200, "parked")), Some("parked"), 5),
        ] {
            network.set_next(&url(), weather.clone());
            let body = network.send(get()).await.ok().map(|r| String::from_utf8(r.body).expect("text"));
            assert_eq!(body.as_deref(), answer, "{weather:?}");
            assert_eq!(heard.load(Ordering::SeqCst), total, "{weather:?}");
        }
        assert_eq!(network.take_seen().len(), 9);
        network.set_weather(&url(), Weather::Answered(Response::new(200, vec![0; 101])));
        assert_eq!(network.send(get()).await, Err(TransportError::TooLarge { limit: 100 }));
    }
}
