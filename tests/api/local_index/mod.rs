//! Local indexes: what is fetched of a server's compact list, what is refused, and answers that are those of the server.

mod answering;
mod lists;
mod refusing;
mod updating;

use std::path::Path;
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use palinode::client::Client;
use palinode::client::audit::Patience;
use palinode::client::index::{
    IndexError, IndexFault, IndexFolder, LocalIndex, Pinned, ServerFolder, Updated, Updater, Wanted,
};
use palinode::federation::{AddressPolicy, HttpTransport, Request, Response, Transport, TransportError};
use serde_json::{Value, json};
use url::Url;

use super::support::server::{TestServer, noon};
use super::support::speakers::{Speaker, texts, with_documents};

/// What is done to an answer, given the path that was asked for.
type Change = Box<dyn Fn(&str, &mut Response) + Send + Sync>;

/// Carries requests to a server, counts them, and changes answers on demand.
struct Wire {
    http: HttpTransport,
    asked: Mutex<Vec<(String, Option<u16>)>>,
    change: Change,
}

impl Transport for Wire {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let path = request.url.path().to_owned();
        Box::pin(async move {
            let mut answer = self.http.send(request).await;
            if let Ok(answer) = &mut answer {
                (self.change)(&path, answer);
            }
            let status = answer.as_ref().ok().map(|answer| answer.status);
            self.asked.lock().unwrap().push((path, status));
            answer
        })
    }
}

/// Somebody with a local index.
pub(crate) struct Asker {
    folder: tempfile::TempDir,
    wire: Arc<Wire>,
    client: Client,
    keys: Pinned,
}

impl Asker {
    pub(crate) fn of(server: &TestServer) -> Self {
        Self::over(server, |_, _| {})
    }

    fn over(server: &TestServer, change: impl Fn(&str, &mut Response) + Send + Sync + 'static) -> Self {
        let http = HttpTransport::new(AddressPolicy::of_an_asker()).unwrap();
        let wire = Arc::new(Wire { http, asked: Mutex::default(), change: Box::new(change) });
        let base = Url::parse(&format!("http://{}/", server.address)).unwrap();
        let identity = server.ledger.identity();
        let keys = Pinned {
            url: base.to_string(),
            log: identity.log.clone(),
            witness: identity.witness.clone(),
            operator: identity.operator,
            since: noon(),
        };
        let folder = tempfile::tempdir().unwrap();
        keys.write(&IndexFolder::at(folder.path()).server(keys.origin())).unwrap();
        Self { folder, client: Client::over(wire.clone(), base), wire, keys }
    }

    fn server_folder(&self) -> ServerFolder {
        IndexFolder::at(self.folder.path()).server(self.keys.origin())
    }

    pub(crate) fn update(&self, wanted: Wanted) -> Result<Updated, IndexError> {
        self.update_from(&self.client, wanted)
    }

    fn update_from(&self, client: &Client, wanted: Wanted) -> Result<Updated, IndexError> {
        let folder = self.server_folder();
        let patience = Patience { tries: 1, ..Patience::default() };
        let updater = Updater::new(client, &folder, &self.keys, wanted, patience);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(updater.update(&mut |_, _, _| {}))
    }

    pub(crate) fn index(&self) -> LocalIndex {
        LocalIndex::open(&self.server_folder()).unwrap().expect("something was fetched")
    }

    /// The local answers, with the trust settings of the server.
    fn answers(&self, ids: &[String]) -> Vec<Value> {
        let index = self.index();
        let answer = index.check(ids, index.trust(), noon()).unwrap();
        answer.answers.into_iter().map(|answer| answer.raw).collect()
    }

    fn asked(&self) -> Vec<(String, Option<u16>)> {
        std::mem::take(&mut *self.wire.asked.lock().unwrap())
    }

    fn size(&self) -> u64 {
        self.index().head().size
    }
}

pub(crate) const ALL: Wanted = Wanted { entries: Some(true), lists: false };
const NEEDED: Wanted = Wanted { entries: Some(false), lists: false };

fn report(server: &TestServer, numbers: std::ops::Range<usize>) {
    let speaker = Speaker::key(1);
    for n in numbers {
        let notice = speaker.report(&format!("doi:10.5281/zenodo.{n}"));
        assert_eq!(server.post("/v1/notices", speaker.notice(&notice)).status, 201);
    }
}

fn broken(outcome: Result<Updated, IndexError>) -> IndexFault {
    match outcome {
        Err(IndexError::Broken { fault, .. }) => *fault,
        other => panic!("{other:?}"),
    }
}

/// A small world in which notices meet: a pinned publisher, a host, others; derivatives, edges and lists.
pub(crate) fn world(server: &TestServer, seed: u64, notices: usize) -> Vec<String> {
    let mut state = seed;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    let speakers = [Speaker::domain(3, "example.org"), Speaker::key(1), Speaker::key(2)];
    let pool: Vec<String> =
        ["doi:10.5281/zenodo.1", "url:https://example.org/faces", "hf:datasets/acme/faces", "name:examplefaces1m"]
            .iter()
            .map(|id| (*id).to_owned())
            .chain((0..4).map(|n| format!("doi:10.9999/x.{n}")))
            .chain((0..2).map(|n| format!("sha256:{}", format!("a{n}").repeat(32))))
            .collect();
    let mut known: Vec<String> = Vec::new();
    for number in 0..notices {
        let speaker = &speakers[below(3)];
        let written = texts(&format!("Statement number {number}, which is long enough."));
        let mut notice = speaker.retraction(&pool[below(pool.len())], &written);
        notice["issued"] = json!(format!("2026-11-23T10:{:02}:{:02}Z", number / 60, number % 60));
        match below(6) {
            0 => {
                notice["type"] = json!("expression-of-concern");
            }
            1 if !known.is_empty() => {
                let target = known[below(known.len())].clone();
                notice["prior"] = json!([{"relation": "replaces", "notice": target}]);
            }
            2 => {
                let id = pool[below(pool.len())].clone();
                notice["derivatives"] = json!([{"id": id, "relation": "cleaned", "inherits": "yes"}]);
            }
            3 => {
                let name = "cd".repeat(32);
                notice["digest_lists"] =
                    json!([{"algorithm": "md5", "sha256": name, "count": 2, "blocks": name, "role": "affected"}]);
            }
            _ => {}
        }
        let answer = server.post("/v1/notices", with_documents(&speaker.notice(&notice), &[&written]));
        if answer.status == 201 {
            known.push(answer.json()["id"].as_str().unwrap().to_owned());
        }
    }
    assert!(known.len() > notices / 2, "most of the world was accepted");
    pool
}

fn copy_dir(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&to).unwrap();
            copy_dir(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
