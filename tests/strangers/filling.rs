//! Logs of a wanted size: small ones are posted, large ones written into the data folder before the server starts.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream;
use palinode::envelope::{PayloadType, SecretKey};
use palinode::ledger::ports::LedgerWrite;
use palinode::ledger::stored::{Batch, Head, IndexRows, NewEntry, NoticeRows, Provenance, StoredEntry};
use palinode::notice::index::{FactRole, IndexFact};
use palinode::notice::{IssuerRole, LookupKey, NoticeType, PayloadId, Reason, Timestamp};
use palinode::storage::sqlite::{DataFolder, SqliteWriter};
use palinode::tlog::{Frontier, Hash};

use crate::server_process::{Launch, ServerProcess};
use crate::speaker::Speaker;
use crate::waiting::PATIENCE;

/// How many posts are under way at once.
const IN_FLIGHT: usize = 16;
/// How many entries of a large log are written in one commit.
const STEP: usize = 2_048;

/// Posts until the log has `size` entries.
pub(crate) async fn grow_to(server: &ServerProcess, speaker: &Speaker, size: u64) {
    let have = server.tree_size().await;
    let posts = (have..size).map(|n| async move {
        server.takes(&speaker.report(&format!("set-{n}"), "of this size of the log")).await;
    });
    stream::iter(posts).buffer_unordered(IN_FLIGHT).collect::<Vec<()>>().await;
    assert_eq!(server.tree_size().await, size);
}

/// Writes a log of `size` entries into the data folder of `launch`, and gives the server on it.
///
/// The entries are signed notices, but go into the store by its port, without the rules that a submission passes. What signs the
/// log and serves it is the built program: it finds entries that were appended and not published, as after a crash, reads them
/// again, and publishes them.
pub(crate) async fn large_server(launch: &Launch, size: u64) -> ServerProcess {
    let mut server = launch.start();
    server.terminate();
    server.ended_within(PATIENCE).await;
    let data = DataFolder::lock(server.data()).unwrap();
    let mut writer = SqliteWriter::new(data.open_store().unwrap());
    let issuer = SecretKey::from_seed(random());
    let mut frontier = Frontier::empty();
    for first in (0..size).step_by(STEP) {
        let expected = Head { size: first, root: frontier.root() };
        let entries: Vec<_> = (first..size.min(first + STEP as u64)).map(|n| notice(&issuer, n)).collect();
        for entry in &entries {
            frontier.append(entry.stored.leaf);
        }
        let head = Head { size: frontier.size(), root: frontier.root() };
        let tiles = frontier.take_changed();
        writer.append(&Batch { expected, entries, tiles, head, documents: Vec::new() }).unwrap();
    }
    drop((writer, data));
    launch.start()
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

/// Entry `n`: a report about dataset `n`.
fn notice(issuer: &SecretKey, n: u64) -> NewEntry {
    let did = issuer.public().to_did();
    let payload = format!(
        r#"{{"type":"retraction","issuer":{{"id":"{did}","role":"observer"}},"issued":"2026-11-01T10:00:00Z","dataset":{{"title":"Example {n}","publisher_name":"Example Vision Lab"}},"subjects":[{{"id":"doi:10.5281/zenodo.{n}","role":"whole"}}],"scope":{{"kind":"whole"}},"reasons":["consent"],"fault":"people-harm","actions":[{{"do":"delete"}}],"license":"CC0-1.0"}}"#
    );
    let bytes = issuer.sign_envelope(PayloadType::Notice, payload.as_bytes()).unwrap().to_json().into_bytes();
    let issued = Timestamp::parse("2026-11-01T10:00:00Z").unwrap();
    let rows = NoticeRows {
        kind: NoticeType::Retraction,
        role: IssuerRole::Observer,
        issued,
        reasons: vec![Reason::parse("consent").unwrap()],
        facts: vec![IndexFact { key: LookupKey::from_stored(format!("doi:10.5281/zenodo.{n}")), role: FactRole::Subject }],
        priors: Vec::new(),
        lists: Vec::new(),
        documents: Vec::new(),
        names: format!("Example {n}"),
    };
    let stored = StoredEntry {
        index: n,
        leaf: Hash::leaf(&bytes),
        kind: PayloadType::Notice,
        payload_id: PayloadId::of(payload.as_bytes()),
        key: *issuer.public().as_bytes(),
        issuer: did,
        bytes,
        first_seen: issued.time(),
        provenance: Provenance::Import,
    };
    NewEntry { stored, rows: IndexRows::Notice(Arc::new(rows)) }
}
