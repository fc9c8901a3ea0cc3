//! Local indexes: what is fetched of a server's compact list, what is refused, and answers that are those of the server.

use std::path::Path;
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use palinode::client::Client;
use palinode::client::audit::Patience;
use palinode::client::index::{
    FolderTransport, IndexError, IndexFault, IndexFolder, LocalIndex, Pinned, ServerFolder, Updated, Updater, Wanted,
};
use palinode::federation::{AddressPolicy, HttpTransport, Request, Response, Transport, TransportError};
use palinode::tlog::EvidenceDocument;
use serde_json::{Value, json};
use url::Url;

use super::support::server::{Options, TestServer, noon};
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

#[test]
fn with_nothing_new_one_conditional_request_is_made_and_a_new_entry_costs_what_is_new() {
    let server = TestServer::start();
    report(&server, 0..3);
    let asker = Asker::of(&server);
    let first = asker.update(ALL).unwrap();
    assert_eq!((first.before, first.size, first.changed), (None, 3, true));
    asker.asked();
    assert!(!asker.update(ALL).unwrap().changed);
    assert_eq!(asker.asked(), [("/v1/index".to_owned(), Some(304))]);
    report(&server, 3..4);
    let later = asker.update(ALL).unwrap();
    assert_eq!((later.before, later.size), (Some(3), 4));
    let paths: Vec<_> = asker.asked().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["/v1/index", "/log/tile/0/000.p/4", "/log/tile/entries/000.p/4"]);
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.3".to_owned()])[0]["verdict"], "reported");
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

#[test]
fn every_answer_is_the_one_that_the_server_gives() {
    for seed in 0..4 {
        let publisher = Speaker::domain(3, "example.org");
        let pins = vec![publisher.pin(&["doi:10.5281/", "hf:datasets/acme/"])];
        let server = TestServer::with(Options { pins, ..Options::default() });
        let mut ids = world(&server, seed, 40);
        ids.extend(["doi:10.1234/none", "not an identifier \u{1}", "md5:00112233445566778899aabbccddeeff"].map(str::to_owned));
        ids.push("a0".repeat(32));
        let asker = Asker::of(&server);
        asker.update(ALL).unwrap();
        let there = server.post("/v1/check", json!({"ids": ids}).to_string()).json();
        let here = asker.answers(&ids);
        for (here, there) in here.iter().zip(there["answers"].as_array().unwrap()) {
            assert_eq!(here, there, "seed {seed}");
        }
        assert_eq!(here.len(), ids.len());
        assert_eq!(asker.index().trust().hash(), there["trust"].as_str().unwrap());
        let verdicts: std::collections::BTreeSet<_> = here.iter().map(|one| one["verdict"].to_string()).collect();
        assert!(verdicts.len() >= 3, "the world is not a dull one: {verdicts:?}");
    }
}

#[test]
fn without_entries_a_hit_is_unchecked_a_miss_is_known_and_fetching_answers() {
    let server = TestServer::start();
    report(&server, 0..300);
    let asker = Asker::of(&server);
    asker.update(NEEDED).unwrap();
    assert!(asker.asked().iter().all(|(path, _)| !path.contains("entries")), "no entry was fetched");
    let ids = ["doi:10.5281/zenodo.299".to_owned(), "doi:10.1234/none".to_owned()];
    let answers = asker.answers(&ids);
    assert_eq!((&answers[0]["verdict"], &answers[1]["verdict"]), (&json!("unchecked"), &json!("no-notice")));
    assert!(answers[0]["error"]["message"].as_str().unwrap().contains("palinode index update --entries"), "{answers:?}");

    let client = asker.client.clone();
    let fetch = move |index, width| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(client.bundle(index, width))
    };
    let index = asker.index().fetching(Box::new(fetch), Box::new(|_, _, _| Err("no list is asked for".to_owned())));
    let answer = index.check(&ids, index.trust(), noon()).unwrap();
    assert_eq!(answer.answers[0].verdict.as_str(), "reported");
    let asked: Vec<_> = asker.asked().into_iter().map(|(path, _)| path).collect();
    assert_eq!(asked, ["/log/tile/entries/001.p/44"], "one bundle, and no identifier");
    assert_eq!(asker.answers(&ids)[0]["verdict"], "reported", "what was fetched stays");

    assert!(asker.update(ALL).unwrap().entries);
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.1".to_owned()])[0]["verdict"], "reported");
}

/// Copies what a mirror needs of a server into a folder, path by path.
fn copy_paths(server: &TestServer, size: u64, to: &Path) {
    let trust = palinode_trust(server);
    let mut paths = vec!["v1/server".to_owned(), "v1/index/head".to_owned(), format!("v1/index/trust/{trust}")];
    paths.push(format!("v1/index/tile/0.p/{size}"));
    paths.push(format!("log/tile/0/000.p/{size}"));
    paths.push(format!("log/tile/entries/000.p/{size}"));
    for path in paths {
        let answer = server.get(&format!("/{path}"));
        assert_eq!(answer.status, 200, "{path}");
        let file = to.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, &answer.body).unwrap();
    }
}

fn palinode_trust(server: &TestServer) -> String {
    server.get("/v1/check?id=doi:10.1234/x").json()["trust"].as_str().unwrap().to_owned()
}

#[test]
fn a_copy_of_the_paths_in_a_plain_folder_serves_as_well_and_an_old_copy_is_refused() {
    let server = TestServer::start();
    report(&server, 0..2);
    let copy = tempfile::tempdir().unwrap();
    copy_paths(&server, 2, copy.path());
    let (transport, base) = FolderTransport::of(copy.path()).unwrap();
    let mirror = Client::over(Arc::new(transport), base);
    let asker = Asker::of(&server);
    for wanted in [NEEDED, ALL] {
        assert_eq!(asker.update_from(&mirror, wanted).unwrap().size, 2);
    }
    assert_eq!(asker.asked(), [], "the server was not asked");
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.1".to_owned()])[0]["verdict"], "reported");

    report(&server, 2..3);
    server.clock.advance(chrono::TimeDelta::hours(1));
    assert_eq!(asker.update(ALL).unwrap().size, 3);
    let other = tempfile::tempdir().unwrap();
    copy_dir(copy.path(), other.path());
    let (transport, base) = FolderTransport::of(other.path()).unwrap();
    let older = asker.update_from(&Client::over(Arc::new(transport), base), ALL);
    assert!(matches!(older, Err(IndexError::Older { size_here: 3, size_there: 2, .. })), "{older:?}");
    assert_eq!(asker.size(), 3);
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

#[test]
fn whatever_is_changed_on_the_way_is_noticed_and_what_is_here_stays() {
    let server = TestServer::start();
    report(&server, 0..3);
    for (wanted, path) in [
        (ALL, "/v1/index"),
        (ALL, "/log/tile/0/"),
        (ALL, "/log/tile/entries/"),
        (NEEDED, "/v1/index/tile/"),
        (ALL, "/v1/index/trust/"),
    ] {
        let honest = Asker::of(&server);
        honest.update(wanted).unwrap();
        let change = move |asked: &str, answer: &mut Response| {
            if answer.status == 200 && (asked == path || (path.ends_with('/') && asked.starts_with(path))) {
                let at = answer.body.len() - 3;
                answer.body[at] ^= 1;
            }
        };
        let liar = Asker::over(&server, change);
        let failed = broken(liar.update(wanted));
        assert!(!failed.to_string().is_empty());
        assert!(LocalIndex::open(&liar.server_folder()).unwrap().is_none(), "{path}: nothing was put in place");
        // The same, over something that is here.
        copy_dir(honest.server_folder().path(), liar.server_folder().path());
        report(&server, usize::try_from(server.size()).unwrap()..usize::try_from(server.size()).unwrap() + 1);
        if path != "/v1/index/trust/" {
            broken(liar.update(wanted));
        }
        assert!(
            liar.size() >= 3
                && liar
                    .index()
                    .check(&["doi:10.5281/zenodo.1".to_owned()], &palinode::verdict::Trust::default(), noon())
                    .is_ok()
        );
    }
}

#[test]
fn an_update_that_breaks_off_leaves_what_was_here_and_the_next_one_goes_on() {
    let server = TestServer::start();
    report(&server, 0..3);
    let fails = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let switch = fails.clone();
    let asker = Asker::over(&server, move |path, answer| {
        if switch.load(std::sync::atomic::Ordering::Relaxed) && path.contains("entries") {
            answer.status = 503;
        }
    });
    asker.update(ALL).unwrap();
    report(&server, 3..5);
    fails.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(matches!(asker.update(ALL), Err(IndexError::Unreachable(_))));
    // What an update that was killed leaves behind at worst: more in the files than the state counts, and new files.
    let folder = asker.server_folder();
    let mut leaves = std::fs::read(folder.path().join("leaves")).unwrap();
    leaves.extend([7; 100]);
    std::fs::write(folder.path().join("leaves"), leaves).unwrap();
    std::fs::write(folder.path().join("keys-5"), b"half of a table").unwrap();
    assert_eq!(asker.size(), 3);
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.1".to_owned()])[0]["verdict"], "reported");
    fails.store(false, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(asker.update(ALL).unwrap().size, 5);
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.4".to_owned()])[0]["verdict"], "reported");
}

#[test]
fn two_roots_of_one_size_convict_the_log_and_the_evidence_is_kept() {
    // Two servers with the same keys, who tell two stories.
    let (one, other) = (TestServer::start(), TestServer::start());
    report(&one, 0..2);
    report(&other, 1..3);
    let asker = Asker::of(&one);
    asker.update(ALL).unwrap();
    let liar = Asker::of(&other);
    let IndexFault::TwoHistories { kept } = broken(asker.update_from(&liar.client, ALL)) else { panic!("another fault") };
    let document = EvidenceDocument::parse(&std::fs::read(kept).unwrap()).unwrap();
    assert!(document.evidence[0].verify(&asker.keys.log).is_ok());
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.0".to_owned()])[0]["verdict"], "reported", "what was here stays");

    // A larger tree that does not begin with the one that is here.
    report(&other, 3..4);
    let IndexFault::TwoHistories { kept } = broken(asker.update_from(&liar.client, ALL)) else { panic!("another fault") };
    let document = EvidenceDocument::parse(&std::fs::read(kept).unwrap()).unwrap();
    assert_eq!(document.evidence[0].kind(), "leaf-contradiction");
    assert!(document.evidence[0].verify(&asker.keys.log).is_ok());
}

#[test]
fn an_operator_who_signs_tiles_that_do_not_follow_from_the_log_is_caught_with_the_entries() {
    let server = TestServer::start();
    report(&server, 0..2);
    let identity = server.ledger.identity().clone();
    // What an operator who hides a notice signs: the same head, over tiles with an empty row.
    let lie = move |path: &str, answer: &mut Response| {
        if path == "/v1/index" && answer.status == 200 {
            answer.body = head_over_other_tiles(&answer.body);
        }
    };
    let asker = Asker::over(&server, lie);
    assert_eq!(identity.operator, asker.keys.operator);
    assert!(matches!(broken(asker.update(ALL)), IndexFault::SignedTiles(2)));
}

fn head_over_other_tiles(envelope: &[u8]) -> Vec<u8> {
    use palinode::envelope::{Envelope, IndexHead, LogRoot, PayloadType, SecretKey};
    let envelope = Envelope::parse_canonical(envelope).unwrap();
    let head = IndexHead::parse(envelope.payload()).unwrap();
    let head = IndexHead { tiles: LogRoot::from_bytes([9; 32]), ..head };
    let operator = SecretKey::from_seed([203; 32]);
    operator.sign_envelope(PayloadType::Index, &head.write().unwrap()).unwrap().to_json().into_bytes()
}

#[test]
fn a_local_index_that_was_damaged_says_so_and_never_that_nothing_is_known() {
    let server = TestServer::start();
    report(&server, 0..3);
    let asker = Asker::of(&server);
    asker.update(ALL).unwrap();
    let folder = asker.server_folder();
    let files = ["keys-3", "bundles/000000000.p3", "state.json", "lists-3", "server.json"];
    for file in files {
        let path = folder.path().join(file);
        let good = std::fs::read(&path).unwrap();
        let mut bad = good.clone();
        let at = good.len() / 2;
        bad[at] ^= 1;
        std::fs::write(&path, &bad).unwrap();
        let asked = ["doi:10.5281/zenodo.1".to_owned()];
        let outcome = LocalIndex::open(&folder).and_then(|index| {
            let index = index.expect("it was fetched");
            index.check(&asked, index.trust(), noon())
        });
        match outcome {
            Err(IndexError::Damaged { .. } | IndexError::Io { .. }) => {}
            Ok(answer) if file == "lists-3" => assert_eq!(answer.answers[0].verdict.as_str(), "reported"),
            other => panic!("{file}: {other:?}"),
        }
        std::fs::write(&path, &good).unwrap();
    }
    assert_eq!(asker.answers(&["doi:10.5281/zenodo.1".to_owned()])[0]["verdict"], "reported");
}

/// The filter of a list and the hashes of its blocks, as a server makes them.
fn sides(list: &[u8], count: u64) -> (Vec<u8>, Vec<u8>) {
    use palinode::digests::{BLOCK, FilterBuilder, ListForm};
    use palinode::notice::{DigestAlgorithm, DocumentHash};
    let mut filter = FilterBuilder::new(DocumentHash::of(list), ListForm::new(DigestAlgorithm::Sha256, count));
    list.chunks(32).for_each(|digest| filter.take(digest));
    let hashes: Vec<_> = list.chunks(BLOCK).map(palinode::tlog::Hash::leaf).collect();
    (filter.into_bytes(), palinode::tlog::Hash::join_tile(&hashes))
}

fn root_of(hashes: &[u8]) -> String {
    let mut tree = palinode::tlog::Frontier::empty();
    for hash in palinode::tlog::Hash::split_tile(hashes).unwrap() {
        tree.append(hash);
    }
    tree.root().to_string()
}

#[test]
fn a_digest_of_a_list_is_found_by_filter_and_one_checked_block_and_another_one_without_asking() {
    use palinode::notice::DocumentHash;
    let count = 5_000_u64;
    let mut digests: Vec<[u8; 32]> = (0..count).map(|n| *palinode::tlog::Hash::leaf(&n.to_be_bytes()).as_bytes()).collect();
    digests.sort_unstable();
    let list = digests.concat();
    let name = DocumentHash::of(&list).to_string();
    let (filter, hashes) = sides(&list, count);
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let mut notice = speaker.report("name:examplefaces1m");
    notice["digest_lists"] =
        json!([{"algorithm": "sha256", "sha256": name, "count": count, "blocks": root_of(&hashes), "role": "affected"}]);
    let answer = server.post("/v1/notices", speaker.notice(&notice));
    assert_eq!(answer.status, 201, "{}", answer.text());

    // What is here beside a server that has the list: its filter, its block hashes, and ranges of it.
    let served = list.clone();
    let asker = Asker::over(&server, move |path, answer| {
        let body = match path {
            path if path.starts_with("/v1/index/filter/") => &filter,
            path if path.ends_with("/blocks") => &hashes,
            _ => return,
        };
        *answer = Response { status: 200, body: body.clone(), ..Response::default() };
    });
    assert_eq!(asker.update(ALL).unwrap().missing_lists, 0);
    let id = |digest: &[u8; 32]| format!("sha256:{}", data_encoding::HEXLOWER.encode(digest));
    let (known, unknown) = (id(&digests[4_321]), id(&[0x5a; 32]));
    let offline = asker.answers(&[known.clone(), unknown.clone()]);
    assert_eq!(
        (&offline[0]["verdict"], &offline[0]["incomplete"]),
        (&json!("unchecked"), &json!(true)),
        "the block is not here"
    );
    assert_eq!((&offline[1]["verdict"], offline[1].get("incomplete")), (&json!("no-notice"), None), "the filter denies it");

    let asked = Arc::new(Mutex::new(Vec::new()));
    let (noted, lies) = (asked.clone(), Arc::new(std::sync::atomic::AtomicBool::new(true)));
    let lying = lies.clone();
    let lists = move |_: &DocumentHash, first: u64, last: u64| {
        noted.lock().unwrap().push((first, last));
        let range = usize::try_from(first).unwrap()..=usize::try_from(last).unwrap();
        let mut bytes = served[range].to_vec();
        bytes[9] ^= u8::from(lying.load(std::sync::atomic::Ordering::Relaxed));
        Ok(bytes)
    };
    let index = asker.index().fetching(Box::new(|_, _| Err("all entries are here".to_owned())), Box::new(lists));
    let ask = |id: &String| index.check(std::slice::from_ref(id), index.trust(), noon()).unwrap().answers.remove(0);
    assert_eq!(ask(&known).verdict.as_str(), "unchecked", "a block that is not one of the list is none");
    lies.store(false, std::sync::atomic::Ordering::Relaxed);
    let found = ask(&known);
    assert_eq!((found.verdict.as_str(), found.incomplete), ("reported", false));
    assert_eq!(ask(&unknown).verdict.as_str(), "no-notice");
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked, [(131_072, 159_999), (131_072, 159_999)], "one block of 2,048 digests, and nothing for the other one");
    assert_eq!(asker.answers(&[known])[0]["verdict"], "reported", "the block stays");
}

#[test]
fn a_small_list_comes_whole_so_that_nobody_is_asked_later() {
    let digests: Vec<[u8; 32]> = (1..=3).map(|n| [n; 32]).collect();
    let list = digests.concat();
    let (_, hashes) = sides(&list, 3);
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    let mut notice = speaker.report("name:examplefaces1m");
    let name = palinode::notice::DocumentHash::of(&list).to_string();
    notice["digest_lists"] =
        json!([{"algorithm": "sha256", "sha256": name, "count": 3, "blocks": root_of(&hashes), "role": "affected"}]);
    let answer = server.post("/v1/notices", with_documents(&speaker.notice(&notice), &[&list]));
    assert_eq!(answer.status, 201, "{}", answer.text());
    let asker = Asker::over(&server, |_, _| {});
    assert_eq!(asker.update(ALL).unwrap().missing_lists, 0);
    let offline = asker.answers(&[format!("sha256:{}", "02".repeat(32)), format!("sha256:{}", "09".repeat(32))]);
    assert_eq!((&offline[0]["verdict"], &offline[1]["verdict"]), (&json!("reported"), &json!("no-notice")));
}
