//! What happens in the demo, told as it happens.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::cast::{Actor, Cast, SignedNotice};
use super::material::{self, Case, Question, Story};
use super::posting::{LISTENING, PATIENCE, post, post_together};
use super::servers::{self, Server};
use super::{DemoError, MaterialError, Summary, ToldServer};
use crate::client::answers::CheckAnswer;
use crate::client::recheck::Evidence;
use crate::clock::{Clock, SystemClock};
use crate::notice::{NoticeId, Timestamp};
use crate::verdict::Part;

/// Three servers, and who signs.
pub(super) struct Stage {
    pub(super) servers: Vec<Server>,
    cast: Cast,
    story: Story,
}

/// Starts the servers, says who they are, and posts the records of those whom nobody pinned.
pub(super) async fn begin(folder: &Path, out: &mut (dyn Write + Send)) -> Result<Stage, DemoError> {
    let story = material::story()?;
    let cast = Cast::of(&story, now()?)?;
    let servers = servers::start(folder, &cast).await?;
    writeln!(out, "Three servers, each with its own keys, database and log, peers of each other:\n")?;
    for server in &servers {
        writeln!(out, "  {}  {}  origin {}", server.letter, server.url, server.origin)?;
    }
    let pinned: Vec<&str> = cast.pins().filter_map(|(part, _)| cast.actor(part).ok()).map(|a| a.name.as_str()).collect();
    writeln!(out, "\nTheir operators pinned: {}. Anyone else may speak, and is shown as self-asserted.", pinned.join(", "))?;
    Ok(Stage { servers, cast, story })
}

/// Posts the cases and the story, asks all three servers the same questions, and says what to try next.
pub(super) async fn tour(stage: &Stage, out: &mut (dyn Write + Send)) -> Result<Summary, DemoError> {
    let mut heard = Vec::new();
    let cases = material::cases()?;
    let datasets = cases.iter().map(|case| case.of.as_str()).collect::<BTreeSet<_>>().len();
    let posted = report(stage, cases, datasets, &mut heard, out).await?;

    writeln!(out, "\nA story that never happened, of a publisher whom the operators pinned:\n")?;
    let mut told = BTreeMap::new();
    for step in &stage.story.steps {
        writeln!(out, "  {}", step.say)?;
        let actor = stage.cast.actor(&step.signer)?;
        let notice = sign_step(actor, &step.draft, &told)?;
        heard.extend(post(&stage.servers, &step.server, &notice, out).await?);
        told.insert(step.draft.clone(), notice.id);
    }
    cosigned(stage, out).await?;
    let (median_ms, longest_ms) = write_times(&mut heard, out)?;
    let (questions, proved_entries) = ask(stage, out).await?;
    suggest(stage, &posted, out)?;
    let server =
        |server: &Server| ToldServer { letter: server.letter, url: server.url.to_string(), origin: server.origin.clone() };
    Ok(Summary {
        servers: stage.servers.iter().map(server).collect(),
        datasets,
        notices: posted.len() + told.len(),
        median_ms,
        longest_ms,
        questions,
        proved_entries,
    })
}

/// Posts the reports on the real cases: those that the tour tells one after the other, then the rest to all three servers at
/// once. Gives the ids of all by the names of their drafts.
async fn report(
    stage: &Stage,
    cases: Vec<Case>,
    datasets: usize,
    heard: &mut Vec<Duration>,
    out: &mut (dyn Write + Send),
) -> Result<BTreeMap<String, NoticeId>, DemoError> {
    writeln!(
        out,
        "\nReal cases: {datasets} datasets that were retracted, removed, mended, replaced or moved. Each notice is an"
    )?;
    writeln!(out, "observer's report under a key made for this run, never in the publisher's name:\n")?;
    let observer = stage.cast.actor("observer")?;
    let record = observer.record();
    let first = servers::named(&stage.servers, "A")?;
    first.client.post(&record, false).await.map_err(|source| DemoError::Client { server: "A", source })?;
    let mut posted = BTreeMap::new();
    let mut rest = Vec::new();
    for case in cases {
        let draft = material::case_draft(&case.draft, &posted)?;
        let notice = observer.sign(&case.draft, &draft, now()?)?;
        posted.insert(case.draft.clone(), notice.id);
        if case.told {
            heard.extend(post(&stage.servers, &case.server, &notice, out).await?);
        } else {
            rest.push((case, notice));
        }
    }
    heard.extend(post_together(&stage.servers, &rest, out).await?);
    Ok(posted)
}

fn sign_step(actor: &Actor, draft: &str, told: &BTreeMap<String, NoticeId>) -> Result<SignedNotice, DemoError> {
    let bytes = material::story_draft(draft, told).map_err(|e: MaterialError| DemoError::Drafts(e))?;
    actor.sign(draft, &bytes, now()?)
}

/// Waits until every server's newest checkpoint carries the cosignatures of both others.
async fn cosigned(stage: &Stage, out: &mut (dyn Write + Send)) -> Result<(), DemoError> {
    writeln!(out, "\nWitnesses: each server's newest checkpoint, with the cosignatures of the others")?;
    for server in &stage.servers {
        let begun = Instant::now();
        let wanted: Vec<String> = stage.servers.iter().map(|s| format!("{}/witness", s.origin)).collect();
        loop {
            let checkpoint = server.client.checkpoint().await;
            let text = checkpoint.map_err(|source| DemoError::Client { server: server.letter, source })?;
            let by: Vec<&str> = (stage.servers.iter().zip(&wanted))
                .filter(|(_, name)| text.contains(&format!("\u{2014} {name} ")))
                .map(|(s, _)| s.letter)
                .collect();
            if begun.elapsed() > PATIENCE {
                return Err(DemoError::NotCosigned { server: server.letter, by: by.join(", "), seconds: PATIENCE.as_secs() });
            }
            if by.len() == wanted.len() {
                let size = text.lines().nth(1).unwrap_or("?").to_owned();
                writeln!(out, "  {}  tree size {size}, cosigned by {}", server.letter, by.join(", "))?;
                break;
            }
            tokio::time::sleep(LISTENING).await;
        }
    }
    Ok(())
}

/// Tells how long notices took, and gives the median and the longest in milliseconds.
fn write_times(heard: &mut [Duration], out: &mut (dyn Write + Send)) -> Result<(u64, u64), DemoError> {
    heard.sort_unstable();
    let at = |share: usize| heard.get(heard.len().saturating_sub(1) * share / 100).map_or(0, milliseconds);
    let (median, most) = (at(50), at(100));
    writeln!(out, "\nFrom posting to being logged and answered by another server: median {median} ms, longest {most} ms")?;
    Ok((median, most))
}

/// Asks all three the same questions, and checks that they agree with each other and with the rules; gives how many questions
/// there were and how many entries proved the answers.
async fn ask(stage: &Stage, out: &mut (dyn Write + Send)) -> Result<(usize, usize), DemoError> {
    let questions = material::questions()?;
    let asked: Vec<String> = questions.iter().map(|q| q.ask.clone()).collect();
    let answers = join_all(stage.servers.iter().map(|server| server.client.check(&asked, true))).await;
    let mut reports = Vec::with_capacity(answers.len());
    for (server, answer) in stage.servers.iter().zip(answers) {
        reports.push(answer.map_err(|source| DemoError::Client { server: server.letter, source })?);
    }
    writeln!(out, "\nThe same {} questions to all three servers:\n", questions.len())?;
    let mut wrong = 0;
    for (number, question) in questions.iter().enumerate() {
        let said: Vec<String> = reports.iter().map(|report| verdict_of(report, number)).collect();
        let right = said.iter().all(|verdict| *verdict == expected(question));
        wrong += usize::from(!right);
        let verdict =
            if right { expected(question) } else { format!("{} (expected {})", said.join(" / "), expected(question)) };
        let ask: String = question.ask.chars().take(68).collect();
        writeln!(out, "  {verdict:<28} {ask}")?;
        writeln!(out, "  {:<28}   {}", "", question.why)?;
    }
    let mut proved = 0;
    for (server, report) in stage.servers.iter().zip(&reports) {
        let evidence =
            Evidence::verify(report, server.log_key()).map_err(|e| DemoError::Evidence(server.letter, e.to_string()))?;
        let again = evidence.disagreements(&report.answers, &server.trust(), SystemClock.now());
        if let Some(other) = again.first() {
            let what = format!("{} was answered {}, its evidence says {}", other.asked, other.said, other.found);
            return Err(DemoError::Evidence(server.letter, what));
        }
        proved += evidence.entries();
    }
    if wrong > 0 {
        return Err(DemoError::Disagreement(wrong));
    }
    writeln!(
        out,
        "\nAll three answered alike. {proved} entries came with proofs under the three logs' keys;\nevery proof holds, and deciding again from the evidence alone gives the same verdicts."
    )?;
    Ok((questions.len(), proved))
}

fn milliseconds(time: &Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn verdict_of(report: &CheckAnswer, number: usize) -> String {
    report.answers.get(number).map_or_else(|| "no answer".to_owned(), |a| word(a.verdict.as_str(), a.part.map(Part::as_str)))
}

fn expected(question: &Question) -> String {
    word(&question.expect.verdict, question.expect.part.as_deref())
}

fn word(verdict: &str, part: Option<&str>) -> String {
    part.map_or_else(|| verdict.to_owned(), |part| format!("{verdict} ({part})"))
}

fn suggest(stage: &Stage, posted: &BTreeMap<String, NoticeId>, out: &mut (dyn Write + Send)) -> Result<(), DemoError> {
    let (Some(a), Some(b), Some(c)) = (stage.servers.first(), stage.servers.get(1), stage.servers.get(2)) else {
        return Ok(());
    };
    writeln!(out, "\nTry next, while the servers run:\n")?;
    writeln!(out, "  {}", a.url)?;
    writeln!(out, "  palinode check --server {} btih:9e67eb7cc23c9417f39778a8e06cca5e26196a97", b.url)?;
    writeln!(out, "  palinode check --server {} https://doi.org/10.5555/EVL.Faces-1M --proof", c.url)?;
    writeln!(out, "  curl '{}v1/notices?q=faces&limit=5'", a.url)?;
    if let Some(id) = posted.get("ms-celeb-1m") {
        writeln!(out, "  {}n/{id}", b.url)?;
        writeln!(out, "  curl {}v1/notices/{id}/proof", c.url)?;
    }
    writeln!(out, "  curl {}log/checkpoint", c.url)?;
    Ok(())
}

fn now() -> Result<Timestamp, DemoError> {
    Timestamp::from_time(SystemClock.now()).ok_or_else(|| DemoError::Material("the clock stands before 1970".to_owned()))
}
