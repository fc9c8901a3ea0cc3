//! Few file descriptors and many clients (promise O7): load is shed, no processor is spun, everything works again soon after the
//! clients are gone, and what was acknowledged stands.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use tempfile::tempdir;

use crate::mounts::skipped;
use crate::posting::{Posted, Poster, fsck};
use crate::server_process::Launch;

const CLIENTS: usize = 1_000;
/// How long the clients stay.
const CROWDED: Duration = Duration::from_secs(4);
/// How soon the server works again.
const RECOVERS_WITHIN: Duration = Duration::from_secs(5);
/// Ticks of the processor in a second, as Linux counts them for everybody.
const TICKS: f64 = 100.0;

/// Seconds of processor time that a process has used.
fn processor_seconds(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // Behind the name, which may hold anything: state is the third field, user and system time are the 14th and 15th.
    let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = [11, 12].iter().map(|n| fields[*n].parse::<f64>().unwrap()).sum();
    ticks / TICKS
}

/// How many descriptors a process may have, and how many it has. What it inherited counts among these.
fn descriptors(process: u32) -> (usize, usize) {
    let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
    let files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let most = files.split_whitespace().nth(3).unwrap().parse().unwrap();
    (most, std::fs::read_dir(format!("/proc/{process}/fd")).unwrap().count())
}

/// Connects as often as the system here lets; a connection that the server does not take waits in its queue.
fn crowd(to: std::net::SocketAddr) -> Result<Vec<TcpStream>, std::io::Error> {
    let mut clients = Vec::with_capacity(CLIENTS);
    while clients.len() < CLIENTS {
        match TcpStream::connect_timeout(&to, Duration::from_millis(200)) {
            Ok(mut client) => {
                client.set_nonblocking(true)?;
                // Half a request each, so that nobody is done.
                let _ = client.write_all(b"GET /v1/server HTTP/1.1\r\nHost: crowd\r\n");
                clients.push(client);
            }
            // The queue is full: the rest is turned away, which is what shedding load looks like from here.
            Err(e) if matches!(e.kind(), ErrorKind::TimedOut | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset) => {
                break;
            }
            Err(e) => return Err(e),
        }
    }
    Ok(clients)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_64_descriptors_a_thousand_clients_are_survived_and_nothing_acknowledged_is_lost() {
    let folder = tempdir().unwrap();
    let limited = ["/bin/sh", "-c", "ulimit -n 64; exec \"$@\"", "sh"];
    let launch = Launch::on(folder.path().join("a")).under(&limited).with_variable("PALINODE_SERVER__WORKERS", "2");
    let mut server = launch.start();
    let mut poster = Poster::new("crowded");
    for _ in 0..3 {
        let posted = poster.post(&server).await;
        poster.must(&posted);
    }

    let address = server.address();
    let used = processor_seconds(server.process());
    let begun = Instant::now();
    let clients = match tokio::task::spawn_blocking(move || crowd(address)).await.unwrap() {
        Ok(clients) => clients,
        Err(e) => return skipped(&format!("this machine does not let one process have {CLIENTS} connections: {e}")),
    };
    let connected = clients.len();
    assert!(connected > 64, "only {connected} clients");
    let (mut taken, mut refused, mut unanswered) = (0, 0, 0);
    while begun.elapsed() < CROWDED {
        let post = tokio::time::timeout(Duration::from_millis(700), poster.post(&server));
        match post.await {
            Ok(Posted::Taken) => taken += 1,
            Ok(Posted::NotNow { .. }) => refused += 1,
            Ok(Posted::Unanswered) | Err(_) => unanswered += 1,
        }
    }
    let (crowded, spun) = (begun.elapsed().as_secs_f64(), processor_seconds(server.process()) - used);
    let (most, open) = descriptors(server.process());
    let cores = spun / crowded;
    println!(
        "{connected} clients for {crowded:.1} s: {open} descriptors, {cores:.2} cores; {taken} posts taken, {refused} refused, \
         {unanswered} unanswered"
    );
    assert_eq!(most, 64, "the limit was not set");
    assert!(cores <= 1.0, "{cores:.2} cores were spun");

    drop(clients);
    let gone = Instant::now();
    loop {
        let post = tokio::time::timeout(RECOVERS_WITHIN, poster.post(&server)).await;
        if matches!(post, Ok(Posted::Taken)) {
            break;
        }
        assert!(gone.elapsed() < RECOVERS_WITHIN, "the server has not recovered after {:?}: {post:?}", gone.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("recovered {:.2} s after the clients went", gone.elapsed().as_secs_f64());
    let mut answered = TcpStream::connect(address).unwrap();
    answered.write_all(b"GET /livez HTTP/1.1\r\nHost: one\r\nConnection: close\r\n\r\n").unwrap();
    let mut said = String::new();
    answered.read_to_string(&mut said).unwrap();
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    poster.finds_everything_on(&server).await;
    server.ends_well();
    fsck(server.data_text());
}
