//! What happens: notices are posted through all servers while a plan that only the seed decides cuts, pauses, kills and heals.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::history::{History, Outcome, Posted};
use crate::host::{Host, start_all};
use crate::judgement;
use crate::speaker::Speaker;
use crate::wires::{HOSTS, Wires};

/// How long a storm lasts.
const LENGTH: Duration = Duration::from_secs(15);
/// After this time a poster does not know what became of its notice.
const GIVES_UP: Duration = Duration::from_secs(1);
/// How often everybody's checkpoint is looked at.
const WATCHES_EVERY: Duration = Duration::from_millis(50);

/// What happens to one host.
#[derive(Clone, Copy, Debug)]
enum Blow {
    Cut,
    Heal,
    Pause,
    Resume,
    Kill,
}

/// One storm, from its first post to the judgement.
pub(crate) fn weather(seed: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let wires = Wires::lay();
    let hosts = start_all(&wires, folder.path(), seed);
    let history = History::default();
    let (posting, watching) = (AtomicBool::new(true), AtomicBool::new(true));
    std::thread::scope(|scope| {
        for host in &hosts {
            scope.spawn(|| post(host, &history, &posting));
            scope.spawn(|| watch(host, &history, &watching));
        }
        let blows = rage(&hosts, seed);
        posting.store(false, Ordering::Release);
        let healed = Instant::now();
        judgement::await_agreement(&hosts, &history);
        watching.store(false, Ordering::Release);
        let counts = [Outcome::Acknowledged, Outcome::Refused, Outcome::Indeterminate].map(|outcome| history.count(outcome));
        let [acknowledged, refused, unknown] = counts;
        eprintln!(
            "{blows} blows; {acknowledged} notices acknowledged, {refused} refused, {unknown} unknown; in agreement {:.1} s after healing",
            healed.elapsed().as_secs_f64()
        );
    });
    judgement::judge(&hosts, &history);
}

/// Strikes until the storm is over, and heals everything; how often it struck.
fn rage(hosts: &[Host<'_>], seed: u64) -> usize {
    let mut chance = Chance::of(seed);
    for host in hosts {
        host.order("storm");
    }
    let begun = Instant::now();
    let mut blows = 0;
    let [mut cut, mut paused] = [[false; HOSTS]; 2];
    while begun.elapsed() < LENGTH {
        std::thread::sleep(Duration::from_millis(chance.between(100, 900)));
        let host = chance.index(HOSTS);
        let blow = match chance.below(5) {
            0 | 1 if cut[host] => Blow::Heal,
            0 | 1 => Blow::Cut,
            2 | 3 if paused[host] => Blow::Resume,
            2 | 3 => Blow::Pause,
            _ => Blow::Kill,
        };
        strike(&hosts[host], blow);
        match blow {
            Blow::Cut | Blow::Heal => cut[host] = !cut[host],
            Blow::Pause | Blow::Resume => paused[host] = !paused[host],
            // The new process runs.
            Blow::Kill => paused[host] = false,
        }
        blows += 1;
    }
    for host in hosts {
        host.order("calm");
        host.pause(false);
        host.connect(true);
    }
    blows
}

fn strike(host: &Host<'_>, blow: Blow) {
    match blow {
        Blow::Cut => host.connect(false),
        Blow::Heal => host.connect(true),
        Blow::Pause => host.pause(true),
        Blow::Resume => host.pause(false),
        Blow::Kill => host.kill_and_restart(),
    }
}

/// Posts notices through one server, one after the other.
fn post(host: &Host<'_>, history: &History, posting: &AtomicBool) {
    let speaker = Speaker::new();
    let mut number = 0;
    while posting.load(Ordering::Acquire) {
        number += 1;
        let notice = speaker.report(&format!("set-{}-{number}", host.number), "it was posted in a storm");
        let outcome = match host.post("v1/notices", notice.body.to_json().as_bytes(), GIVES_UP) {
            Ok((200 | 201, _)) => Outcome::Acknowledged,
            Ok(_) => Outcome::Refused,
            Err(_) => Outcome::Indeterminate,
        };
        let posted = Posted { leaf: notice.leaf, subject: notice.subject, outcome };
        history.posted.lock().expect("history").push(posted);
        // Some per second and host are enough, and leave the processor to the servers.
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Remembers every checkpoint that a server shows.
fn watch(host: &Host<'_>, history: &History, watching: &AtomicBool) {
    while watching.load(Ordering::Acquire) {
        if let Some(checkpoint) = host.get("log/checkpoint") {
            history.checkpoints[host.number].lock().expect("history").insert(checkpoint);
        }
        std::thread::sleep(WATCHES_EVERY);
    }
}
