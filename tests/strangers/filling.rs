//! Logs of a wanted size: small ones are posted, large ones written into the data folder before the server starts.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use palinode::clock::SystemClock;
use palinode::envelope::{PayloadType, SecretKey};
use palinode::ledger::{
    Admission, Ledger, Opening, Pins, Policy, Provenance, Quota, Refusal, ServerKeys, Step, Stores, Submission, Submitted,
};
use palinode::storage::sqlite::{DataFolder, SqliteWriter};
use palinode::tlog::KeyName;
use serde_json::json;

use crate::server_process::ServerProcess;
use crate::speaker::Speaker;

/// How many posts are under way at once.
const IN_FLIGHT: usize = 16;

/// Posts until the log has `size` entries.
pub(crate) async fn grow_to(server: &ServerProcess, speaker: &Speaker, size: u64) {
    let have = server.tree_size().await;
    let posts = (have..size).map(|n| async move {
        server.takes(&speaker.report(&format!("set-{n}"), "of this size of the log")).await;
    });
    stream::iter(posts).buffer_unordered(IN_FLIGHT).collect::<Vec<()>>().await;
    assert_eq!(server.tree_size().await, size);
}

fn secret() -> SecretKey {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).unwrap();
    SecretKey::from_seed(seed)
}

/// Makes a data folder whose log has `size` entries, as the operator of the server would import them. The server that is
/// started on it later is the built program.
pub(crate) fn make_folder(folder: &Path, size: u64) {
    let data = DataFolder::lock(folder).unwrap();
    let keys = [secret(), secret(), secret()];
    for (name, key) in ["log", "witness", "operator"].into_iter().zip(&keys) {
        let path = data.key(name);
        std::fs::write(&path, key.to_pem().as_bytes()).unwrap();
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
    let [log, witness, operator] = keys;
    let keys = ServerKeys::new(KeyName::parse("large.example.org/log").unwrap(), log, witness, operator).unwrap();
    let store = data.open_store().unwrap();
    let shared = Arc::new(store.clone());
    let opening = Opening {
        stores: Stores { log: shared.clone(), index: shared.clone(), documents: shared.clone(), cosignatures: shared },
        write: Box::new(SqliteWriter::new(store)),
        record: Arc::new(data.head_file()),
        identity: keys.identity().unwrap(),
        keys: Arc::new(keys),
        admission: Admission { policy: Policy::Open, quota: Quota::default(), pins: Pins::default() },
        clock: Arc::new(SystemClock),
    };
    let (ledger, mut sequencer) = Ledger::open(opening).unwrap();
    let issuer = secret();
    let did = issuer.public().to_did().to_string();
    for n in 0..size {
        let notice = json!({
            "type": "retraction", "issuer": {"id": did, "role": "observer"}, "issued": "2026-11-23T10:00:00Z",
            "dataset": {"title": format!("Example {n}"), "publisher_name": "Example Vision Lab"},
            "subjects": [{"id": format!("doi:10.5281/zenodo.{n}"), "role": "whole"}], "scope": {"kind": "whole"},
            "reasons": ["consent"], "fault": "people-harm", "actions": [{"do": "delete"}], "license": "CC0-1.0"
        });
        let entry = issuer.sign_envelope(PayloadType::Notice, notice.to_string().as_bytes()).unwrap().to_json();
        loop {
            let submission = Submission::entry(entry.as_bytes()).unwrap();
            match ledger.submit(submission, Provenance::Import) {
                Ok(Submitted::Queued(_)) => break,
                Err(Refusal::Busy) => drop(sequencer.step()),
                other => panic!("entry {n} was not taken: {other:?}"),
            }
        }
    }
    while matches!(sequencer.wait_and_step(Duration::ZERO), Step::Worked(_)) {}
    assert_eq!(ledger.published().head.size, size);
}
