//! Posting to a server that may have reasons not to take anything in, and remembering what it acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use palinode::client::ClientError;
use palinode::tlog::{SignedCheckpoint, VerifierKey};

use crate::server_process::{Launch, ServerProcess, palinode};
use crate::speaker::{SignedNotice, Speaker};
use crate::waiting::PATIENCE;

/// What a post came to.
#[derive(Debug)]
pub(crate) enum Posted {
    /// It was acknowledged.
    Taken,
    /// It was refused with 503 and this rule, when to come back, and what is to be done.
    NotNow { rule: String, retry_after: Option<u64>, detail: String },
    /// No answer came.
    Unanswered,
}

/// Somebody who posts one notice after the other, and remembers which were acknowledged.
pub(crate) struct Poster {
    speaker: Speaker,
    name: String,
    next: usize,
    pub(crate) acknowledged: Vec<String>,
}

impl Poster {
    pub(crate) fn new(name: &str) -> Self {
        Self { speaker: Speaker::new(), name: name.to_owned(), next: 0, acknowledged: Vec::new() }
    }

    /// A notice that nobody has posted yet.
    pub(crate) fn write(&mut self) -> SignedNotice {
        self.next += 1;
        self.speaker.report(&format!("{}-{}", self.name, self.next), "while something was wrong with the server")
    }

    /// Posts another notice. Any answer but "taken" and "not now" has no place here.
    pub(crate) async fn post(&mut self, server: &ServerProcess) -> Posted {
        let notice = self.write();
        self.post_this(server, &notice).await
    }

    pub(crate) async fn post_this(&mut self, server: &ServerProcess, notice: &SignedNotice) -> Posted {
        match server.client.post(&notice.body, false).await {
            Ok(receipt) => {
                assert!(matches!(receipt.status, 200 | 201), "{receipt:?}");
                self.acknowledged.push(notice.leaf.to_string());
                Posted::Taken
            }
            Err(ClientError::Refused(problem)) => {
                assert_eq!(problem.status, 503, "{problem:?}");
                let rule = problem.rule().unwrap_or_default().to_owned();
                Posted::NotNow { rule, retry_after: problem.retry_after, detail: problem.to_string() }
            }
            Err(_) => Posted::Unanswered,
        }
    }

    /// Posts another notice, which must be acknowledged.
    #[track_caller]
    pub(crate) fn must(&self, posted: &Posted) {
        assert!(matches!(posted, Posted::Taken), "{}: {posted:?}", self.name);
    }

    /// Posts one notice after the other until an answer is what is waited for; no answer at all has no place here.
    pub(crate) async fn posts_until<T>(
        &mut self,
        server: &ServerProcess,
        what: &str,
        wanted: impl Fn(Posted) -> Option<T>,
    ) -> T {
        let begun = Instant::now();
        loop {
            let posted = self.post(server).await;
            assert!(!matches!(posted, Posted::Unanswered), "{what}: the server is gone");
            if let Some(found) = wanted(posted) {
                return found;
            }
            assert!(begun.elapsed() < PATIENCE, "it did not happen within {PATIENCE:?}: {what}");
        }
    }

    /// Everything that was acknowledged stands in the log of this server.
    pub(crate) async fn finds_everything_on(&self, server: &ServerProcess) {
        let stands: BTreeSet<String> = all_entries(server).await.into_iter().collect();
        let lost: Vec<_> = self.acknowledged.iter().filter(|leaf| !stands.contains(*leaf)).collect();
        assert!(lost.is_empty(), "{}: lost {lost:?} of {}", self.name, self.acknowledged.len());
    }
}

/// The leaf hashes of a log, in order, page by page.
pub(crate) async fn all_entries(server: &ServerProcess) -> Vec<String> {
    let mut leaves = Vec::new();
    loop {
        let path = match leaves.len() {
            0 => "v1/changes".to_owned(),
            n => format!("v1/changes?after={}", n - 1),
        };
        let answer = server.get(&path).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let before = leaves.len();
        for line in String::from_utf8(answer.body).unwrap().lines() {
            let entry: serde_json::Value = serde_json::from_str(line).unwrap();
            leaves.push(entry["leaf"].as_str().unwrap().to_owned());
        }
        if leaves.len() == before {
            return leaves;
        }
    }
}

/// Checkpoints that were seen, by size: one root for each, whoever showed them.
pub(crate) struct Heads {
    key: VerifierKey,
    roots: BTreeMap<u64, String>,
}

impl Heads {
    pub(crate) async fn of(server: &ServerProcess) -> Self {
        Self { key: server.log_key().await, roots: BTreeMap::new() }
    }

    /// Looks at the checkpoint that this server shows now, if it shows one.
    pub(crate) async fn look_at(&mut self, server: &ServerProcess) {
        let Ok(text) = server.client.checkpoint().await else { return };
        let signed = SignedCheckpoint::parse_and_verify(text.as_bytes(), &self.key).unwrap();
        let (size, root) = (signed.checkpoint().size(), signed.checkpoint().root().to_string());
        let known = self.roots.entry(size).or_insert_with(|| root.clone());
        assert_eq!(*known, root, "two checkpoints were signed for size {size}");
    }

    pub(crate) fn sizes(&self) -> usize {
        self.roots.len()
    }
}

/// Derives the whole ledger of a data folder again; nothing may contradict itself.
pub(crate) fn fsck(data: &str) {
    palinode(&["fsck", "--data", data]).well();
}

/// A server that is made or goes on, takes some notices, and ends: what stays is its folder.
pub(crate) async fn folder_with(launch: &Launch, notices: usize) -> Poster {
    let mut server = launch.start();
    let mut poster = Poster::new("before");
    for _ in 0..notices {
        let posted = poster.post(&server).await;
        poster.must(&posted);
    }
    server.ends_well();
    poster
}
