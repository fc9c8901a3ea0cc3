//! A new server that reads the whole log of a peer, against all cores that only verify; and what peers cost that have nothing to say.

use std::path::Path;
use std::time::{Duration, Instant};

use palinode::app::operator::{NewPeer, add_peer};
use palinode::envelope::PublicKey;
use palinode::tlog::VerifierKey;
use serde_json::Value;
use url::Url;

use crate::load::{ask, get};
use crate::material::Cast;
use crate::physical::Signatures;
use crate::process::ServerProcess;
use crate::report::{Goal, Line};
use crate::run::Run;
use crate::statistics::{Series, number, per_second};

/// Notices whose signatures the cores verify, again and again.
const VERIFIED: u64 = 2_000;
/// How often it is looked how far the new server has come.
const LOOKS_EVERY: Duration = Duration::from_millis(20);
/// Peers that have nothing to say.
const QUIET: usize = 20;
/// How long they are given to have said everything.
const SETTLES: Duration = Duration::from_secs(20);
/// How long they are quiet: two polls, and two minutes of swearing to the time.
const QUIET_FOR: Duration = Duration::from_mins(2);
/// A megabyte.
const MB: f64 = 1e6;

/// A server with an empty log is made the peer of one with a full log, on the same cores.
pub(crate) fn join(run: &Run) -> Vec<Line> {
    let signatures = Signatures::of(&Cast::new().notices(0, VERIFIED));
    let old = ServerProcess::start(&run.filled(run.notices), run.workers);
    let (mut ratios, mut rates, mut resident) = (Series::default(), Series::default(), Series::default());
    for round in 0..run.rounds {
        let before = signatures.on_all_cores(run.lasts / 2);
        let folder = run.fresh("joining");
        let new = ServerProcess::start(&folder, run.workers);
        let (goal, had) = (size(&old), size(&new));
        let begun = Instant::now();
        befriend(&folder, &old);
        while size(&new) < goal {
            std::thread::sleep(LOOKS_EVERY);
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of entries")]
        let rate = (goal - had) as f64 / begun.elapsed().as_secs_f64();
        let verified = f64::midpoint(before, signatures.on_all_cores(run.lasts / 2));
        run.say(&format!("joining round {}: {} of {}", round + 1, per_second(rate), per_second(verified)));
        ratios.push(rate / verified);
        rates.push(rate);
        #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
        resident.push(new.most_resident() as f64 / MB);
        new.stop();
    }
    old.stop();
    vec![
        Line::of("join", "entries of a peer taken in / verify_strict, all cores", "x", &ratios, Goal::AtLeast(0.15))
            .with(format!("{} notices; {}", run.notices, per_second(rates.median()))),
        Line::of("join", "most resident memory of the server that joins", "MB", &resident, Goal::AtMost(256.0)),
    ]
}

/// A server whose peers have nothing to say.
pub(crate) fn idle(run: &Run) -> Vec<Line> {
    let folder = run.fresh("idle");
    let place = |n: usize| folder.join(n.to_string());
    let start = |n: usize| {
        std::fs::create_dir_all(place(n)).expect("the folder can be written");
        ServerProcess::start(&place(n), 1)
    };
    let watched = start(QUIET);
    let peers: Vec<_> = (0..QUIET).map(start).collect();
    for (n, peer) in peers.iter().enumerate() {
        befriend(&place(QUIET), peer);
        befriend(&place(n), &watched);
    }
    run.say("waiting until everybody knows everybody");
    std::thread::sleep(SETTLES);
    let (before, begun) = (watched.processor_time(), Instant::now());
    run.say(&format!("watching a server that does nothing for {} s", QUIET_FOR.as_secs()));
    std::thread::sleep(QUIET_FOR);
    let share = 100.0 * watched.processor_time().saturating_sub(before).as_secs_f64() / begun.elapsed().as_secs_f64();
    let what = format!("processor time with {} quiet peers", number(QUIET));
    vec![Line::once("idle", what, "%", share, Goal::AtMost(1.0)).with("of one core")]
}

/// Makes `peer` a peer of the server whose folder this is; a running server notices within a second.
pub(crate) fn befriend(folder: &Path, peer: &ServerProcess) {
    let about = server(peer);
    let key = |field: &str| VerifierKey::parse(about[field].as_str().expect("a key")).expect("a key");
    let new = NewPeer {
        url: Url::parse(&format!("http://{}/", peer.product)).expect("an address"),
        log_key: key("log_key"),
        witness_key: key("witness_key"),
        operator_key: PublicKey::parse(about["operator_key"].as_str().expect("a key")).expect("a key"),
    };
    add_peer(&folder.join("data"), new).expect("a peer");
}

fn server(server: &ServerProcess) -> Value {
    let (status, body) = ask(server.product, &get("/v1/server"));
    assert_eq!(status, 200, "the server says who it is");
    serde_json::from_slice(&body).expect("JSON")
}

fn size(of: &ServerProcess) -> u64 {
    server(of)["tree_size"].as_u64().expect("a size")
}
