//! Promise F8 on the built program: whatever peers' addresses, answers and the environment say, nobody is reached who must not be.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::tempdir;

use crate::liars::add_false_peer;
use crate::server_process::{Launch, introduce, program};
use crate::speaker::Speaker;
use crate::waiting::eventually;

/// Listens on loopback, answers everybody with these bytes, and counts who comes.
struct Canary {
    address: SocketAddr,
    visits: Arc<AtomicUsize>,
}

impl Canary {
    fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (visits, bytes) = (Arc::new(AtomicUsize::new(0)), bytes.into());
        let count = visits.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                count.fetch_add(1, Ordering::SeqCst);
                let Ok(mut connection) = connection else { continue };
                let _ = connection.read(&mut [0; 4096]);
                let _ = connection.write_all(&bytes);
            }
        });
        Self { address, visits }
    }

    fn sit() -> Self {
        Self::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_peer_that_lives_inside_is_not_asked_however_its_address_is_written() {
    let folder = tempdir().unwrap();
    let canary = Canary::sit();
    let port = canary.address.port();
    let a = Launch::on(folder.path().join("a")).configured("[federation]\nallow_http_loopback = false\n").start();
    let hosts = [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "localhost",
        "localhost.",
        "a.localhost",
        "１２７。0。0。1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "0.0.0.0",
        "10.0.0.1",
        "169.254.169.254",
    ];
    for (n, host) in hosts.iter().enumerate() {
        add_false_peer(&a, &format!("inside-{n}.example.org/log"), &format!("https://{host}:{port}/"));
    }
    for (n, host) in hosts.iter().enumerate() {
        let origin = format!("inside-{n}.example.org/log");
        let what = format!("the peer at {host} is told of");
        let peer = eventually(&what, async || a.peer(&origin).await.filter(|peer| peer["last_error"].is_string())).await;
        // A name may have no address at all on the machine that runs this test.
        let refused = peer["last_error"] == "refused-address" || host.contains("localhost");
        assert!(refused, "{host}: {peer}");
    }
    assert_eq!(canary.visits(), 0);
}

#[tokio::test]
async fn a_redirecting_peer_leads_nowhere() {
    let folder = tempdir().unwrap();
    let canary = Canary::sit();
    let a = Launch::on(folder.path().join("a")).start();
    let redirecting: Vec<Canary> = (300..=308)
        .map(|status| {
            Canary::answering(format!(
                "HTTP/1.1 {status} Elsewhere\r\nlocation: http://{0}/log/checkpoint\r\nrefresh: 0; url=http://{0}/\r\n\
                 content-length: 0\r\nconnection: close\r\n\r\n",
                canary.address
            ))
        })
        .collect();
    for (n, peer) in redirecting.iter().enumerate() {
        add_false_peer(&a, &format!("elsewhere-{n}.example.org/log"), &format!("http://{}/", peer.address));
    }
    a.takes(&Speaker::new().report("faces", "so that there is something to announce")).await;
    for (n, redirecting) in redirecting.iter().enumerate() {
        let origin = format!("elsewhere-{n}.example.org/log");
        let what = format!("{origin} is told of");
        eventually(&what, async || a.peer(&origin).await.filter(|peer| peer["last_error"].is_string())).await;
        assert!(redirecting.visits() > 0, "{origin} was asked");
    }
    assert_eq!(canary.visits(), 0);
}

#[tokio::test]
async fn a_proxy_in_the_environment_is_not_used() {
    let folder = tempdir().unwrap();
    let proxy = Canary::sit();
    let variables = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    let address = format!("http://{}/", proxy.address);
    let [a, b] = ["a", "b"].map(|name| {
        let launch = Launch::on(folder.path().join(name));
        variables.iter().fold(launch, |launch, variable| launch.with_variable(variable, &address)).start()
    });
    introduce(&[&a, &b]);
    let notice = Speaker::new().report("faces", "past the proxy");
    a.takes(&notice).await;
    b.hears(&notice).await;
    // The command line asks in the same way.
    let asked = program()
        .args(["check", "doi:10.5281/zenodo.1", "--server", a.url.as_str()])
        .envs(variables.map(|variable| (variable, &address)))
        .output()
        .unwrap();
    assert_eq!(asked.status.code(), Some(0), "{}", String::from_utf8_lossy(&asked.stderr));
    assert_eq!(proxy.visits(), 0);
}
