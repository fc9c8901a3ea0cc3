//! A notice is posted to one server, and the others are listened to until they have it.

use std::io::Write;
use std::time::{Duration, Instant};

use futures_util::future::{join_all, try_join_all};

use super::DemoError;
use super::cast::SignedNotice;
use super::material::Case;
use super::servers::{self, Server};

/// How long a notice may take to reach a peer. Typically it is well under a second; a loaded machine gets more.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);
/// How often a server is asked whether it has heard.
pub(super) const LISTENING: Duration = Duration::from_millis(5);

/// What became of a notice that was posted.
struct Delivery {
    /// From posting to the receipt.
    logged: Duration,
    /// Its place in the log of the server that it was posted to.
    index: u64,
    /// From posting to the answer of each other server.
    arrivals: Vec<(&'static str, Duration)>,
}

/// Posts a notice to one server, and waits until the others have it.
async fn deliver(servers: &[Server], letter: &str, notice: &SignedNotice) -> Result<Delivery, DemoError> {
    let server = servers::named(servers, letter)?;
    let begun = Instant::now();
    let answer = server.client.post(&notice.body, false).await;
    let receipt = answer.map_err(|source| DemoError::Client { server: server.letter, source })?;
    let logged = begun.elapsed();
    let others = servers.iter().filter(|other| other.letter != server.letter);
    let arrivals = join_all(others.map(|other| hears(other, notice, begun))).await;
    let arrivals = arrivals.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(Delivery { logged, index: receipt.index.unwrap_or_default(), arrivals })
}

/// Posts a notice, and tells how long it took to be logged and to reach each other server.
pub(super) async fn post(
    servers: &[Server],
    letter: &str,
    notice: &SignedNotice,
    out: &mut (dyn Write + Send),
) -> Result<Vec<Duration>, DemoError> {
    let Delivery { logged, index, arrivals } = deliver(servers, letter, notice).await?;
    let told: Vec<String> = arrivals.iter().map(|(l, t)| format!("{l} after {} ms", t.as_millis())).collect();
    let title: String = notice.title.chars().take(38).collect();
    let ms = logged.as_millis();
    writeln!(out, "  {letter}  {title:<38}  logged in {ms:>3} ms as entry {index:<3} heard by {}", told.join(", "))?;
    out.flush()?;
    Ok(arrivals.into_iter().map(|(_, after)| after).collect())
}

/// Posts many notices to all three servers at once, to each one after the other, and tells the longest times of each.
pub(super) async fn post_together(
    servers: &[Server],
    reports: &[(Case, SignedNotice)],
    out: &mut (dyn Write + Send),
) -> Result<Vec<Duration>, DemoError> {
    writeln!(out, "\n  And {} more, to all three at once:\n", reports.len())?;
    out.flush()?;
    let by_server = try_join_all(servers.iter().map(async |server| {
        let mut deliveries = Vec::new();
        for (case, notice) in reports.iter().filter(|(case, _)| case.server == server.letter) {
            deliveries.push(deliver(servers, &case.server, notice).await?);
        }
        Ok::<_, DemoError>((server.letter, deliveries))
    }));
    let mut heard = Vec::new();
    for (letter, deliveries) in by_server.await? {
        let logged = deliveries.iter().map(|delivery| delivery.logged).max().unwrap_or_default();
        let arrivals: Vec<Duration> = deliveries.iter().flat_map(|d| &d.arrivals).map(|(_, after)| *after).collect();
        let latest = arrivals.iter().max().copied().unwrap_or_default();
        let (count, ms, latest) = (deliveries.len(), logged.as_millis(), latest.as_millis());
        writeln!(out, "  {letter}  {count} notices, each logged within {ms} ms and heard by the others within {latest} ms")?;
        heard.extend(arrivals);
    }
    out.flush()?;
    Ok(heard)
}

async fn hears(server: &Server, notice: &SignedNotice, begun: Instant) -> Result<(&'static str, Duration), DemoError> {
    loop {
        let there = server.client.notice(&notice.id).await;
        if there.map_err(|source| DemoError::Client { server: server.letter, source })?.is_some() {
            return Ok((server.letter, begun.elapsed()));
        }
        if begun.elapsed() > PATIENCE {
            let (title, seconds) = (notice.title.clone(), PATIENCE.as_secs());
            return Err(DemoError::NotHeard { title, server: server.letter, seconds });
        }
        tokio::time::sleep(LISTENING).await;
    }
}
