//! Seeds of what lies on the desk of somebody who asks offline: what is derived from digest lists, and lock files.

use std::sync::Arc;

use palinode::client::Client;
use palinode::client::audit::Patience;
use palinode::client::index::{IndexFolder, LocalIndex, Pinned, Updater, Wanted};
use palinode::client::lock::{Lock, Sighted};
use palinode::digests::{BLOCK, FanOut, FilterBuilder, ListForm};
use palinode::federation::{AddressPolicy, HttpTransport};
use palinode::notice::{DigestAlgorithm, DocumentHash, Timestamp};
use palinode::tlog::Hash;
use sha2::{Digest, Sha256};
use url::Url;

use super::super::support::server::TestServer;
use super::super::support::speakers::Speaker;
use super::put;

/// Writes all of them.
pub(super) fn write() {
    digest_lists();
    lock();
}

/// What is derived from a digest list: its filter, the table beside it, and the hashes of its blocks.
fn digest_lists() {
    for (name, count) in [("none", 0_u64), ("few", 9), ("some", 300)] {
        let mut digests: Vec<_> = (0..count).map(|n| Sha256::digest(n.to_be_bytes()).to_vec()).collect();
        digests.sort();
        let list = digests.concat();
        let (sha256, form) = (DocumentHash::of(&list), ListForm::new(DigestAlgorithm::Sha256, count));
        let (mut filter, mut table) = (FilterBuilder::new(sha256, form), FanOut::new(sha256, form));
        for digest in &digests {
            filter.take(digest);
            table.take(digest);
        }
        put("list_filter", name, filter.into_bytes());
        put("list_table", name, [&[2], &table.into_bytes()[..]].concat());
        let blocks: Vec<_> = list.chunks(BLOCK).map(Hash::leaf).collect();
        put("list_blocks", name, [&(list.len() as u64).to_be_bytes(), &Hash::join_tile(&blocks)[..]].concat());
    }
}

/// What a local index knew of three identifiers, shown by one server.
fn lock() {
    let server = TestServer::start();
    let speaker = Speaker::key(1);
    server.post("/v1/notices", speaker.notice(&speaker.report("doi:10.5281/zenodo.1")));
    let base = Url::parse(&format!("http://{}/", server.address)).unwrap();
    let client = Client::over(Arc::new(HttpTransport::new(AddressPolicy::of_an_asker()).unwrap()), base.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let shown = runtime.block_on(client.server()).unwrap();
    let made = Timestamp::parse("2026-11-23T10:00:00Z").unwrap().time();
    let keys = Pinned::of_server(&shown, base.as_str(), made).unwrap();
    let place = tempfile::tempdir().unwrap();
    let folder = IndexFolder::at(place.path()).server(keys.origin());
    keys.write(&folder).unwrap();
    let wanted = Wanted { entries: Some(true), lists: false };
    let updater = Updater::new(&client, &folder, &keys, wanted, Patience::default());
    runtime.block_on(updater.update(&mut |_, _, _| {})).unwrap();
    let copy = LocalIndex::open(&folder).unwrap().unwrap();
    let sighted =
        |id: &str| Sighted { id: id.to_owned(), places: vec!["README.md:3".to_owned()], evidence: "named-in-code".to_owned() };
    let inventory = vec![sighted("doi:10.5281/zenodo.1"), sighted("md5:88813c6b15de58afc8fa75ea83361d7f")];
    let mut lock = Lock::of(made, vec!["sha256".to_owned()], true, inventory);
    put("lock", "no-server", lock.to_json().unwrap());
    let (answer, looked) = copy.check_with_evidence(&lock.identifiers(), copy.trust(), made).unwrap();
    lock.add(&copy, copy.trust(), answer, &looked);
    let written = lock.to_json().unwrap();
    put("lock", "cut", &written[..written.len() / 2]);
    put("lock", "server", written);
}
