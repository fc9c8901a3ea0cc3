//! Digest lists beside a local index: a filter and a checked block, or the whole list.

use std::sync::{Arc, Mutex};

use palinode::federation::Response;
use serde_json::json;

use super::super::support::server::{TestServer, noon};
use super::super::support::speakers::{Speaker, with_documents};
use super::{ALL, Asker};

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
