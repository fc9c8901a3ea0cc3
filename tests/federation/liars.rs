//! Peers that serve anything but a log. The server goes on, says so, and takes nothing from them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use palinode::app::operator::{NewPeer, add_peer};
use palinode::envelope::{PublicKey, SecretKey};
use palinode::tlog::{KeyName, VerifierKey};
use tempfile::tempdir;

use crate::server_process::{Launch, ServerProcess, introduce};
use crate::speaker::Speaker;
use crate::waiting::eventually;

/// Answers everything with these bytes, for as long as the test runs.
fn always_answers(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { continue };
            let mut request = [0; 4096];
            let _ = connection.read(&mut request);
            let _ = connection.write_all(bytes);
        }
    });
    address
}

/// Takes every connection and never says anything, for as long as the test runs.
fn never_answers() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || listener.incoming().collect::<Vec<_>>());
    address
}

/// Answers every connection on a thread of its own, and counts the bytes that were written.
fn streams(bytes: &'static [u8], pause: Duration) -> (SocketAddr, Arc<[AtomicU64; 2]>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let counts: Arc<[AtomicU64; 2]> = Arc::default();
    let counted = counts.clone();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { continue };
            let counted = counted.clone();
            counted[0].fetch_add(1, Ordering::SeqCst);
            std::thread::spawn(move || {
                let _ = connection.read(&mut [0; 4096]);
                let mut more = connection.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
                while more.is_ok() {
                    more = connection.write_all(bytes);
                    counted[1].fetch_add(bytes.len() as u64, Ordering::SeqCst);
                    std::thread::sleep(pause);
                }
            });
        }
    });
    (address, counts)
}

fn fresh_key() -> PublicKey {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).unwrap();
    SecretKey::from_seed(seed).public()
}

/// Makes something at `address` a peer of `server` under this origin, with keys that nobody has.
pub(crate) fn add_false_peer(server: &ServerProcess, origin: &str, address: &str) {
    let name = |text: &str| KeyName::parse(text).unwrap();
    let peer = NewPeer {
        url: url::Url::parse(address).unwrap(),
        log_key: VerifierKey::log_key(name(origin), fresh_key()),
        witness_key: VerifierKey::witness_key(name(&format!("{origin}/witness")), fresh_key()),
        operator_key: fresh_key(),
    };
    add_peer(server.data(), peer).unwrap();
}

#[tokio::test]
async fn a_peer_that_serves_anything_but_its_log_is_told_of_and_takes_nobody_along() {
    let folder = tempdir().unwrap();
    let [mut a, b, impostor] = ["a", "b", "impostor"].map(|name| Launch::on(folder.path().join(name)).start());
    introduce(&[&a, &b]);
    let speaker = Speaker::new();
    impostor.takes(&speaker.report("false", "under another log key")).await;

    let garbage = b"\x16\x03\x01 this is no HTTP at all\r\n\r\n";
    let nonsense = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nnonsense\n";
    let endless = b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\nconnection: close\r\n\r\nand so on";
    let elsewhere = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let answers: [&'static [u8]; 4] = [garbage, nonsense, endless, elsewhere];
    let mut liars = vec![impostor.server().await.origin];
    add_false_peer(&a, &liars[0], impostor.url.as_str());
    for (n, answer) in answers.into_iter().enumerate() {
        let origin = format!("liar-{n}.example.org/log");
        add_false_peer(&a, &origin, &format!("http://{}/", always_answers(answer)));
        liars.push(origin);
    }

    add_false_peer(&a, "silent.example.org/log", &format!("http://{}/", never_answers()));

    for origin in &liars {
        let what = format!("the fault of {origin} is told");
        let peer = eventually(&what, async || a.peer(origin).await.filter(|peer| peer["last_error"].is_string())).await;
        assert_eq!((&peer["pulled"], &peer["size"]), (&0.into(), &0.into()), "{peer}");
    }
    let notice = speaker.report("true", "from an honest server");
    a.takes(&notice).await;
    b.hears(&notice).await;
    let back = speaker.report("back", "and back");
    b.takes(&back).await;
    a.hears(&back).await;
    assert_eq!(a.entries().await, [notice.leaf.to_string(), back.leaf.to_string()]);
    for origin in &liars {
        assert_eq!(a.peer(origin).await.unwrap()["acknowledged"], 0, "{origin} cosigned nothing");
    }
    assert_eq!(a.get("readyz").await.status, 200);
    a.terminate();
    assert_eq!(a.ended_within(Duration::from_secs(10)).await.code(), Some(0));
}

#[tokio::test]
async fn a_stream_that_never_ends_and_one_byte_a_second_cost_what_the_limits_say_and_delay_nobody() {
    let folder = tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| Launch::on(folder.path().join(name)).start());
    let (endless, flood) = streams(&[b'x'; 8_192], Duration::ZERO);
    let (dripping, drops) = streams(b"x", Duration::from_secs(1));
    for (origin, address) in [("endless.example.org/log", endless), ("dripping.example.org/log", dripping)] {
        add_false_peer(&a, origin, &format!("http://{address}/"));
    }
    introduce(&[&a, &b]);
    let notice = Speaker::new().report("true", "from an honest server");
    b.takes(&notice).await;
    let begun = Instant::now();
    a.hears(&notice).await;
    assert!(begun.elapsed() < Duration::from_secs(8), "nobody waited for the others: {:?}", begun.elapsed());

    for (origin, code) in [("endless.example.org/log", "too-large"), ("dripping.example.org/log", "timeout")] {
        let what = format!("the fault of {origin} is told");
        let peer = eventually(&what, async || a.peer(origin).await.filter(|peer| peer["last_error"] == code)).await;
        assert_eq!((&peer["pulled"], &peer["acknowledged"]), (&0.into(), &0.into()), "{peer}");
    }
    // What is read of an answer is 64 KiB at most; the rest of what was written waits in the buffers of the system.
    let [connections, bytes] = [&flood[0], &flood[1]].map(|count| count.load(Ordering::SeqCst));
    assert!(bytes / connections < 16 << 20, "{bytes} bytes over {connections} connections");
    // A connection that drips is left after ten seconds.
    let [connections, bytes] = [&drops[0], &drops[1]].map(|count| count.load(Ordering::SeqCst));
    assert!(bytes <= 14 * connections, "{bytes} bytes over {connections} connections");
    assert_eq!(a.get("readyz").await.status, 200);
}
