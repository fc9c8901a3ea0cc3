//! The network between the servers of a simulation: requests of one server to another as messages that take time, and are lost,
//! repeated, overtaken, cut off and answered by somebody else. What carries them at last is the library's own network in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::future::BoxFuture;
use palinode::federation::{Handler, MemoryNetwork, Request, Response, Transport, TransportError};
use palinode::tlog::{Hash, TilePath, bundle};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use url::Url;

use crate::chance::Chance;
use crate::trace::Trace;

/// Names of the servers, by their number.
pub(crate) const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Where the server of this name is.
pub(crate) fn url_of(name: &str) -> Url {
    Url::parse(&format!("https://{name}.example/")).expect("a URL")
}

/// How long nothing may come before an exchange is given up, as over HTTP.
const SILENCE: Duration = Duration::from_secs(10);

/// How bad the weather is: cases in a thousand messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weather {
    /// Requests that never arrive.
    pub(crate) requests_lost: u64,
    /// Answers that never arrive, although the server did what it was asked.
    pub(crate) answers_lost: u64,
    /// Requests that arrive twice, each after its own time.
    pub(crate) repeated: u64,
    /// Requests that something on the way answers with 502.
    pub(crate) gateways: u64,
    /// Messages that take up to 40 seconds, longer than anybody waits.
    pub(crate) late: u64,
    /// How long other messages take at most, in milliseconds.
    pub(crate) delay: u64,
}

impl Weather {
    pub(crate) const FAIR: Self = Self { requests_lost: 0, answers_lost: 0, repeated: 0, gateways: 0, late: 0, delay: 40 };

    pub(crate) fn drawn(chance: &mut Chance) -> Self {
        let worst = chance.pick(&[0, 20, 100, 300]);
        Self {
            requests_lost: chance.between(0, worst),
            answers_lost: chance.between(0, worst),
            repeated: chance.between(0, worst),
            gateways: chance.between(0, worst / 4),
            late: chance.between(0, worst / 2),
            delay: chance.pick(&[20, 200, 2_000]),
        }
    }
}

/// What becomes of messages on a link that is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// They vanish.
    Swallows,
    /// The sender is told at once that nobody is there.
    Refuses,
}

/// The network, and what it saw. Cloning gives another handle to it.
#[derive(Clone)]
pub(crate) struct Network {
    servers: MemoryNetwork,
    state: Arc<Mutex<State>>,
    trace: Arc<Trace>,
}

struct State {
    chance: Chance,
    weather: Weather,
    cuts: BTreeMap<(usize, usize), Cut>,
    seen: Seen,
}

/// What went over the network.
#[derive(Default)]
pub(crate) struct Seen {
    /// Requests that were sent.
    pub(crate) requests: u64,
    /// Requests that were sent to each server, by its name.
    pub(crate) asked: BTreeMap<String, u32>,
    /// Requests that got no whole answer.
    pub(crate) failed: u64,
    /// How often each server got the body of an entry, alone or in a bundle.
    pub(crate) bodies: BTreeMap<(usize, Hash), u32>,
    /// How often each server got each document.
    pub(crate) documents: BTreeMap<(usize, String), u32>,
    /// Checkpoints that each server showed to others.
    pub(crate) shown: BTreeMap<usize, BTreeSet<Vec<u8>>>,
}

/// What becomes of one message and its answer.
struct Fate {
    there: Duration,
    back: Duration,
    request_lost: bool,
    answer_lost: bool,
    gateway: bool,
}

impl Network {
    pub(crate) fn new(chance: Chance, trace: Arc<Trace>) -> Self {
        let state = State { chance, weather: Weather::FAIR, cuts: BTreeMap::new(), seen: Seen::default() };
        Self { servers: MemoryNetwork::new(), state: Arc::new(Mutex::new(state)), trace }
    }

    pub(crate) fn serve(&self, name: &str, handler: Handler) {
        self.servers.serve(&url_of(name), handler);
    }

    pub(crate) fn unplug(&self, name: &str) {
        self.servers.unplug(&url_of(name));
    }

    pub(crate) fn set_weather(&self, weather: Weather) {
        self.trace.note("network", format_args!("{weather:?}"));
        self.state().weather = weather;
    }

    /// Cuts the way from one server to another, for requests and answers that go this way, or opens it again.
    pub(crate) fn cut(&self, from: usize, to: usize, cut: Option<Cut>) {
        match cut {
            Some(cut) => self.state().cuts.insert((from, to), cut),
            None => self.state().cuts.remove(&(from, to)),
        };
    }

    /// Every way is open again.
    pub(crate) fn heal(&self) {
        self.trace.note("network", "every way is open");
        self.state().cuts.clear();
    }

    /// What was seen so far.
    pub(crate) fn seen<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&self.state().seen)
    }

    /// How server `from` reaches the others.
    pub(crate) fn line_of(&self, from: usize) -> Line {
        Line { network: self.clone(), from }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("the network")
    }

    fn cut_between(&self, from: usize, to: Option<usize>) -> Option<Cut> {
        self.state().cuts.get(&(from, to?)).copied()
    }

    fn draw(&self) -> (Fate, Option<Fate>) {
        let mut state = self.state();
        let State { weather, chance, .. } = &mut *state;
        let time = |chance: &mut Chance| {
            let longest = if chance.permille(weather.late) { 40_000 } else { weather.delay };
            Duration::from_millis(chance.between(1, longest))
        };
        let fate = |chance: &mut Chance| Fate {
            there: time(chance),
            back: time(chance),
            request_lost: chance.permille(weather.requests_lost),
            answer_lost: chance.permille(weather.answers_lost),
            gateway: chance.permille(weather.gateways),
        };
        let first = fate(chance);
        let second = chance.permille(weather.repeated).then(|| fate(chance));
        (first, second)
    }

    /// Takes one message to its end; whoever waits is told when an answer arrives, and nothing when none does.
    async fn deliver(
        self,
        from: usize,
        request: Request,
        fate: Fate,
        answer: oneshot::Sender<Result<Response, TransportError>>,
    ) {
        let to = number_of(&request.url);
        sleep(fate.there).await;
        match self.cut_between(from, to) {
            Some(Cut::Swallows) => return,
            Some(Cut::Refuses) => {
                let _ = answer.send(Err(TransportError::Connect("no way there".to_owned())));
                return;
            }
            None if fate.request_lost => return,
            None if fate.gateway => {
                let _ = answer.send(Ok(Response::new(502, "<html>Bad Gateway</html>")));
                return;
            }
            None => {}
        }
        let path = request.url.path().to_owned();
        let answered = self.servers.send(request).await;
        if let (Some(to), Ok(response), "/log/checkpoint") = (to, &answered, path.as_str())
            && response.status == 200
        {
            self.state().seen.shown.entry(to).or_default().insert(response.body.clone());
        }
        sleep(fate.back).await;
        let way_back = to.and_then(|to| self.cut_between(to, Some(from)));
        if way_back.is_none() && !fate.answer_lost {
            let _ = answer.send(answered);
        }
    }

    fn note_answer(&self, from: usize, path: &str, answer: &Result<Response, TransportError>) {
        let mut state = self.state();
        let seen = &mut state.seen;
        seen.requests += 1;
        let Ok(response) = answer else {
            seen.failed += 1;
            return;
        };
        if response.status != 200 {
            return;
        }
        if path.starts_with("/log/entry/") {
            *seen.bodies.entry((from, Hash::leaf(&response.body))).or_default() += 1;
        } else if let Some(document) = path.strip_prefix("/v1/documents/") {
            *seen.documents.entry((from, document.to_owned())).or_default() += 1;
        } else if path.starts_with("/log/tile/entries/") {
            let width = TilePath::parse(path.trim_start_matches("/log/")).map_or(0, TilePath::width);
            for leaf in bundle::parse(&response.body, width).unwrap_or_default().iter().filter_map(bundle::Slot::leaf_hash) {
                *seen.bodies.entry((from, leaf)).or_default() += 1;
            }
        }
    }
}

/// The number of the server that a URL leads to; a log that is no server of the simulation has none.
fn number_of(url: &Url) -> Option<usize> {
    let host = url.host_str()?.split('.').next()?.to_owned();
    NAMES.iter().position(|name| *name == host)
}

/// The transport of one server.
pub(crate) struct Line {
    network: Network,
    from: usize,
}

impl Transport for Line {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let (network, from) = (self.network.clone(), self.from);
        Box::pin(async move {
            let patience = request.deadline.min(SILENCE);
            let until = Instant::now() + patience;
            let (method, path) = (request.method, request.url.path().to_owned());
            let host = request.url.host_str().unwrap_or_default().trim_end_matches(".example").to_owned();
            *network.state().seen.asked.entry(host.clone()).or_default() += 1;
            let (fate, again) = network.draw();
            let (answer, arrives) = oneshot::channel();
            if let Some(again) = again {
                // The sender listens to the first one only.
                tokio::spawn(network.clone().deliver(from, request.clone(), again, oneshot::channel().0));
            }
            tokio::spawn(network.clone().deliver(from, request, fate, answer));
            let answer = if let Ok(Ok(answer)) = timeout(patience, arrives).await {
                answer
            } else {
                sleep_until(until).await;
                Err(TransportError::Timeout)
            };
            network.note_answer(from, &path, &answer);
            let what = answer.as_ref().map_or_else(|e| e.code().to_owned(), |r| r.status.to_string());
            network.trace.note(NAMES[from], format_args!("{} {host}{path} -> {what}", method.as_str()));
            answer
        })
    }
}
