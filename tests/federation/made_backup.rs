//! A backup of any size, made without a server: as `palinode backup` writes it, with signed notices of many issuers. Also what
//! tests read out of backups and databases behind the program's back.

use std::path::Path;
use std::thread;

use palinode::envelope::{CompletedRecord, Envelope, KeyStatus, PayloadType, RecordDraft, RecordKey, SecretKey};
use palinode::notice::{Did, Timestamp};
use palinode::tlog::{Checkpoint, Frontier, Hash, KeyName, SignedCheckpoint, TileId, VerifierKey};
use rusqlite::{Connection, params};
use serde_json::json;

const ORIGIN: &str = "old.example.org/log";
const FIRST_SEEN: i64 = 1_790_000_000_000;

/// A log of `notices` notices that ended, with everything that its operator has of it.
pub(crate) struct MadeBackup {
    pub(crate) leaves: Vec<Hash>,
}

fn key(seed: u64) -> SecretKey {
    let mut bytes = [0x77; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    SecretKey::from_seed(bytes)
}

fn issued() -> Timestamp {
    Timestamp::parse("2026-09-21T10:00:00Z").unwrap()
}

/// The operator's key of every log that is made here.
pub(crate) fn write_operator_key(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, key(u64::MAX - 2).to_pem().as_bytes()).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn notice(n: usize, issuer: &Did, key: &SecretKey) -> Vec<u8> {
    let payload = json!({
        "type": "retraction",
        "issuer": {"id": issuer, "role": "observer"},
        "issued": "2026-09-21T10:00:00Z",
        "dataset": {"title": format!("Example Faces {n}"), "publisher_name": "Example Vision Lab"},
        "subjects": [
            {"id": format!("doi:10.5281/zenodo.{n}"), "role": "whole"},
            {"id": format!("url:https://data.example.org/{n}/"), "role": "landing-page"}
        ],
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "fault": "people-harm",
        "actions": [{"do": "delete"}],
        "license": "CC0-1.0"
    });
    signed(key, PayloadType::Notice, payload.to_string().as_bytes())
}

fn signed(key: &SecretKey, kind: PayloadType, payload: &[u8]) -> Vec<u8> {
    key.sign_envelope(kind, payload).unwrap().to_json().into_bytes()
}

/// A domain that says who it is, speaks, changes its key and speaks at once with the new one: what an import must not take out of
/// its order.
fn domain(n: usize) -> Vec<Vec<u8>> {
    let did = Did::parse(&format!("did:web:lab{n}.example.org")).unwrap();
    let [old, new] = [0, 1].map(|k| key((1 << 40) + 2 * n as u64 + k));
    let first = RecordDraft::first(did.clone(), "A Lab", old.public(), issued()).complete().unwrap();
    let first_entry = signed(&old, PayloadType::Publisher, &first.payload);
    let id = Envelope::parse_canonical(&first_entry).unwrap().payload_id();
    let mut next = RecordDraft::following(&first.record, id, issued());
    next.keys = vec![
        RecordKey { key: old.public(), status: KeyStatus::Retired, since: None },
        RecordKey { key: new.public(), status: KeyStatus::Active, since: None },
    ];
    let CompletedRecord { payload, .. } = next.complete().unwrap();
    vec![
        first_entry,
        notice(1_000_000_000 + 2 * n, &did, &old),
        signed(&old, PayloadType::Publisher, &payload),
        notice(1_000_000_001 + 2 * n, &did, &new),
    ]
}

/// Entries of a log, four of them of a domain after each hundred notices when `domains` is set.
fn entries(notices: usize, domains: bool) -> Vec<Vec<u8>> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let part = notices.div_ceil(cores).max(1);
    let parts = thread::scope(|scope| {
        let sign = |from: usize, to: usize| {
            let mut entries = Vec::new();
            for n in from..to {
                let key = key(n as u64 / 500);
                entries.push(notice(n, &key.public().to_did(), &key));
                if domains && n % 100 == 99 {
                    entries.extend(domain(n));
                }
            }
            entries
        };
        let starts = (0..notices).step_by(part);
        let parts: Vec<_> = starts.map(|from| scope.spawn(move || sign(from, notices.min(from + part)))).collect();
        parts.into_iter().map(|part| part.join().unwrap()).collect::<Vec<_>>()
    });
    parts.into_iter().flatten().collect()
}

/// Writes a backup of this many notices.
pub(crate) fn make_backup(path: &Path, notices: usize, domains: bool) -> MadeBackup {
    let entries = entries(notices, domains);
    let mut frontier = Frontier::empty();
    let leaves: Vec<Hash> = entries.iter().map(|entry| Hash::leaf(entry)).collect();
    for leaf in &leaves {
        frontier.append(*leaf);
    }
    let origin = KeyName::parse(ORIGIN).unwrap();
    let [log, witness, operator] = [0, 1, 2].map(|n| key(u64::MAX - n));
    let checkpoint = Checkpoint::new(&origin, frontier.size(), frontier.root());
    let checkpoint = SignedCheckpoint::sign(&log, &checkpoint).unwrap();
    let mut file = open(path);
    let file = file.transaction().unwrap();
    file.execute_batch(
        "CREATE TABLE entries (idx INTEGER PRIMARY KEY, first_seen INTEGER NOT NULL, bytes BLOB NOT NULL);
         CREATE TABLE tiles (level INTEGER NOT NULL, idx INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, idx));
         CREATE TABLE documents (hash BLOB PRIMARY KEY, state TEXT NOT NULL, bytes BLOB, received INTEGER NOT NULL);
         CREATE TABLE peers (origin TEXT, url TEXT, log_key TEXT, witness_key TEXT, operator_key TEXT, vouch INTEGER, source TEXT);
         CREATE TABLE evidence (digest BLOB, origin TEXT, kind TEXT, found INTEGER, first BLOB, second BLOB, leaves BLOB);
         CREATE TABLE backup (name TEXT PRIMARY KEY, value TEXT NOT NULL);
         CREATE TABLE backup_pins (name TEXT PRIMARY KEY, bytes BLOB NOT NULL);",
    )
    .unwrap();
    for (n, entry) in entries.iter().enumerate() {
        let sql = "INSERT INTO entries (idx, first_seen, bytes) VALUES (?1, ?2, ?3)";
        let n = i64::try_from(n).unwrap();
        file.prepare_cached(sql).unwrap().execute(params![n, FIRST_SEEN + n, entry]).unwrap();
    }
    for (TileId { level, index }, hashes) in frontier.take_changed() {
        let sql = "INSERT INTO tiles (level, idx, hashes) VALUES (?1, ?2, ?3)";
        let hashes = Hash::join_tile(&hashes);
        file.prepare_cached(sql).unwrap().execute(params![level, i64::try_from(index).unwrap(), hashes]).unwrap();
    }
    for (name, value) in [
        ("format", "palinode backup 1".to_owned()),
        ("program", "0.1.0".to_owned()),
        ("made", "2026-11-23T10:00:00Z".to_owned()),
        ("log key", VerifierKey::log_key(origin, log.public()).to_string()),
        (
            "witness key",
            VerifierKey::witness_key(KeyName::parse(&format!("{ORIGIN}/witness")).unwrap(), witness.public()).to_string(),
        ),
        ("operator key", operator.public().to_multibase()),
        ("checkpoint", String::from_utf8(checkpoint.bytes().to_vec()).unwrap()),
    ] {
        file.execute("INSERT INTO backup (name, value) VALUES (?1, ?2)", params![name, value]).unwrap();
    }
    file.commit().unwrap();
    MadeBackup { leaves }
}

/// Opens a database behind the program's back.
#[expect(clippy::disallowed_methods, reason = "tests look into files, and damage them, behind the program's back")]
pub(crate) fn open(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

/// The leaf hashes of the entries in a database or a backup, in order, with when each was first seen.
pub(crate) fn entries_in(path: &Path) -> Vec<(Hash, i64)> {
    let file = open(path);
    let mut select = file.prepare("SELECT bytes, first_seen FROM entries ORDER BY idx").unwrap();
    let rows = select.query_map([], |row| Ok((Hash::leaf(&row.get::<_, Vec<u8>>(0)?), row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The leaf hashes alone.
pub(crate) fn leaves_in(path: &Path) -> Vec<Hash> {
    entries_in(path).into_iter().map(|(leaf, _)| leaf).collect()
}
