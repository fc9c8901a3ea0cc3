//! Comparing the books.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use palinode::tlog::{Frontier, Hash, SignedCheckpoint, TilePath, VerifierKey, tiles};
use serde_json::{Value, json};

use crate::history::{History, Outcome};
use crate::host::Host;

/// How long after healing everybody may take to have everything. Promise F1 says a minute of a federation that knows each other.
const AGREEMENT: Duration = Duration::from_mins(3);
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until all servers have the same entries, with everything that was acknowledged among them.
pub(crate) fn await_agreement(hosts: &[Host<'_>], history: &History) {
    let begun = Instant::now();
    loop {
        let missing = disagreement(hosts, history);
        let Some(missing) = missing else { return };
        if begun.elapsed() > AGREEMENT {
            let said: Vec<_> = hosts.iter().map(|host| format!("--- host {}\n{}", host.number, host.said())).collect();
            panic!("{missing} {} s after healing\n{}", AGREEMENT.as_secs(), said.join("\n"));
        }
        std::thread::sleep(Duration::from_millis(250));
    }
}

/// What is not as it must become, if anything.
fn disagreement(hosts: &[Host<'_>], history: &History) -> Option<String> {
    let promised: BTreeSet<Hash> = {
        let posted = history.posted.lock().expect("history");
        posted.iter().filter(|posted| posted.outcome == Outcome::Acknowledged).map(|posted| posted.leaf).collect()
    };
    let mut all: Option<BTreeSet<Hash>> = None;
    for host in hosts {
        let Some(leaves) = leaves(host) else { return Some(format!("host {} does not serve its log", host.number)) };
        let leaves: BTreeSet<Hash> = leaves.into_iter().collect();
        let lost = promised.difference(&leaves).count();
        if lost > 0 {
            return Some(format!("host {} has not {lost} of {} acknowledged notices", host.number, promised.len()));
        }
        match &all {
            Some(all) if *all != leaves => {
                return Some(format!(
                    "host {} has {} entries, and another has {} others",
                    host.number,
                    leaves.len(),
                    all.len()
                ));
            }
            _ => all = Some(leaves),
        }
    }
    None
}

/// All leaf hashes of a server's log, in its order.
fn leaves(host: &Host<'_>) -> Option<Vec<Hash>> {
    let checkpoint =
        SignedCheckpoint::parse_and_verify(&host.get("log/checkpoint")?, &log_key(host)?).expect("its own checkpoint");
    let mut leaves = Vec::new();
    for (tile, width) in tiles(checkpoint.checkpoint().size()).filter(|(tile, _)| tile.level == 0) {
        let bytes = host.get(&format!("log/{}", TilePath::Hashes { tile, width }))?;
        leaves.extend(bytes.as_chunks::<32>().0.iter().map(|hash| Hash::from_bytes(*hash)));
    }
    Some(leaves)
}

fn log_key(host: &Host<'_>) -> Option<VerifierKey> {
    let server: Value = host.json("v1/server")?;
    VerifierKey::parse(server["log_key"].as_str()?).ok()
}

/// Judges a federation that has come to rest.
pub(crate) fn judge(hosts: &[Host<'_>], history: &History) {
    assert!(history.count(Outcome::Acknowledged) > 0, "nothing was acknowledged, so nothing was tested");
    all_answer_alike(hosts, history);
    for host in hosts {
        every_checkpoint_is_of_one_log(host, history);
    }
    hosts.iter().for_each(Host::fsck);
}

/// The verdict about every dataset is the same on all servers, and of an acknowledged notice there is one.
fn all_answer_alike(hosts: &[Host<'_>], history: &History) {
    let posted = history.posted.lock().expect("history");
    for chunk in posted.chunks(500) {
        let ids: Vec<_> = chunk.iter().map(|posted| &posted.subject).collect();
        let verdicts: Vec<Vec<String>> = hosts.iter().map(|host| verdicts(host, &json!({"ids": ids}))).collect();
        for (host, of_host) in hosts.iter().zip(&verdicts) {
            assert_eq!(of_host, &verdicts[0], "host {} answers otherwise than host 0", host.number);
        }
        for (posted, verdict) in chunk.iter().zip(&verdicts[0]) {
            let known = verdict != "no-notice";
            assert!(known || posted.outcome != Outcome::Acknowledged, "{}: {verdict}", posted.subject);
        }
    }
}

fn verdicts(host: &Host<'_>, question: &Value) -> Vec<String> {
    let (status, body) = host.post("v1/check", question.to_string().as_bytes(), PATIENCE).expect("an answer");
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let answer: Value = serde_json::from_slice(&body).expect("JSON");
    let answers = answer["answers"].as_array().expect("answers");
    answers.iter().map(|answer| answer["verdict"].as_str().expect("a verdict").to_owned()).collect()
}

/// Whatever a server showed, before and after it was killed, is a beginning of the log that it has now: no two roots for one size.
fn every_checkpoint_is_of_one_log(host: &Host<'_>, history: &History) {
    let (key, leaves) = (log_key(host).expect("its key"), leaves(host).expect("its log"));
    let mut tree = Frontier::empty();
    let mut roots = vec![tree.root()];
    for leaf in leaves {
        tree.append(leaf);
        roots.push(tree.root());
    }
    let seen = history.checkpoints[host.number].lock().expect("history");
    assert!(seen.len() > 1, "host {} was hardly watched", host.number);
    for bytes in seen.iter() {
        let signed = SignedCheckpoint::parse_and_verify(bytes, &key).expect("signed by its log key");
        let (size, root) = (signed.checkpoint().size(), signed.checkpoint().root());
        let size = usize::try_from(size).expect("small");
        assert_eq!(roots.get(size), Some(root), "host {}: what it showed at size {size} is not in its log", host.number);
    }
}
