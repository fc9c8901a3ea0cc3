//! A server to test with: a folder, a clock that stands still, keys from seeds, and people who sign.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use curve25519_dalek::{EdwardsPoint, Scalar, scalar::clamp_integer};
use data_encoding::BASE64;
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use super::sqlite::SqliteWriter;
use super::{DataFolder, HeadFile, SqliteStore};
use crate::clock::ManualClock;
use crate::envelope::{Envelope, PayloadType, PinFile, RecordDraft, SecretKey, pre_authentication_encoding};
use crate::ledger::fsck::Known;
use crate::ledger::ports::HeadRecord;
use crate::ledger::{
    Admission, Examined, Identity, Ledger, OpenError, Opening, Pins, Policy, Provenance, Quota, Receipt, Refusal, Room,
    Sequenced, Sequencer, ServerKeys, Stores, Submission, Submitted,
};
use crate::notice::{Completed, Did, Draft, NoticeId, Timestamp};
use crate::tlog::{Hash, KeyName, SignedCheckpoint, TlogProof};

pub(crate) const ORIGIN: &str = "ledger.example.org/log";

/// When every clock of a test starts.
pub(crate) fn start() -> DateTime<Utc> {
    Timestamp::parse("2026-11-23T10:00:00Z").expect("a time").time()
}

pub(crate) fn at(time: DateTime<Utc>) -> Timestamp {
    Timestamp::from_time(time).expect("in range")
}

/// A folder and a clock, which outlive the servers that are opened on them.
pub(crate) struct Place {
    folder: Arc<tempfile::TempDir>,
    pub(crate) clock: Arc<ManualClock>,
}

/// One opened server, driven by hand.
pub(crate) struct Server {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) sequencer: Sequencer,
    pub(crate) store: SqliteStore,
    /// Keeps the folder for as long as the server lives.
    _folder: Arc<tempfile::TempDir>,
}

/// The RFC 6962 root over the blocks of a list, as a notice names it.
pub(crate) fn block_root(list: &[u8]) -> String {
    let mut tree = crate::tlog::Frontier::empty();
    for block in list.chunks(crate::digests::BLOCK) {
        tree.append(Hash::leaf(block));
    }
    tree.root().to_string()
}

pub(crate) fn open_policy() -> Admission {
    Admission { policy: Policy::Open, quota: Quota::default(), pins: Pins::default() }
}

pub(crate) fn pinned_policy(files: &[&PinFile]) -> Admission {
    Admission { policy: Policy::Pinned, quota: Quota::default(), pins: Pins::from_files(files.iter().copied()) }
}

pub(crate) fn server_keys() -> Arc<ServerKeys> {
    let origin = KeyName::parse(ORIGIN).expect("a key name");
    let [log, witness, operator] = [0x51, 0x52, 0x53].map(|n| SecretKey::from_seed([n; 32]));
    Arc::new(ServerKeys::new(origin, log, witness, operator).expect("three different keys"))
}

pub(crate) fn identity() -> Identity {
    server_keys().identity().expect("a witness name")
}

/// The keys that the data of the test's server are checked with.
pub(crate) fn known() -> Known {
    let Identity { log, witness, operator, .. } = identity();
    Known { log, operator, witnesses: vec![witness] }
}

pub(crate) fn stores(store: &SqliteStore) -> Stores {
    Stores::of(Arc::new(store.clone()))
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: Arc::new(tempfile::tempdir().expect("a folder")), clock: Arc::new(ManualClock::at(start())) }
    }

    /// The same in a file system in memory, where there is one: for tests that make thousands of places.
    pub(crate) fn in_memory() -> Self {
        let memory = std::path::Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        Self { folder: Arc::new(folder.expect("a folder")), clock: Arc::new(ManualClock::at(start())) }
    }

    /// The same place, with an empty log.
    pub(crate) fn opened(self) -> Self {
        drop(self.open());
        self
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The folder without its lock: a test plays the crashed, the copied and the second server too.
    pub(crate) fn folder(&self) -> DataFolder {
        if let Ok(folder) = DataFolder::beside(self.path()) {
            return folder;
        }
        let folder = DataFolder::lock(self.path()).expect("nobody else has it");
        drop(folder.open_store().expect("opens"));
        drop(folder);
        DataFolder::beside(self.path()).expect("it was just made")
    }

    /// The folder as a command finds it: whatever lies in it is not opened.
    pub(crate) fn folder_without_opening(&self) -> DataFolder {
        DataFolder::beside(self.path()).expect("a database lies there")
    }

    pub(crate) fn record(&self) -> HeadFile {
        self.folder().head_file()
    }

    pub(crate) fn opening(&self, store: &SqliteStore, admission: Admission) -> Opening {
        Opening {
            stores: stores(store),
            write: Box::new(SqliteWriter::new(store.clone())),
            record: Arc::new(self.record()),
            keys: server_keys(),
            identity: identity(),
            admission,
            clock: self.clock.clone(),
            room: Room::endless(),
        }
    }

    pub(crate) fn try_open(&self, admission: Admission) -> Result<Server, OpenError> {
        let store = self.folder().open_store()?;
        let (ledger, sequencer) = Ledger::open(self.opening(&store, admission))?;
        Ok(self.server(ledger, sequencer, store))
    }

    pub(crate) fn server(&self, ledger: Arc<Ledger>, sequencer: Sequencer, store: SqliteStore) -> Server {
        Server { ledger, sequencer, store, _folder: self.folder.clone() }
    }

    pub(crate) fn open_with(&self, admission: Admission) -> Server {
        self.try_open(admission).expect("opens")
    }

    pub(crate) fn open(&self) -> Server {
        self.open_with(open_policy())
    }

    /// A connection of one's own, to break what is stored.
    pub(crate) fn sql(&self, statement: &str) -> usize {
        self.sql_in("palinode.db", statement)
    }

    /// The same in one file of the folder.
    #[expect(clippy::disallowed_methods, reason = "tests break the database behind the store's back")]
    pub(crate) fn sql_in(&self, file: &str, statement: &str) -> usize {
        let connection = rusqlite::Connection::open(self.path().join(file)).expect("opens");
        connection.execute(statement, []).expect("the statement runs")
    }

    /// The texts of one column that a question to one file of the folder is answered with.
    #[expect(clippy::disallowed_methods, reason = "tests look into the database behind the store's back")]
    pub(crate) fn texts_in(&self, file: &str, question: &str) -> Vec<String> {
        let connection = rusqlite::Connection::open(self.path().join(file)).expect("opens");
        let mut select = connection.prepare(question).expect("a question");
        let rows = select.query_map([], |row| row.get(0)).expect("asked");
        rows.map(|row| row.expect("a text")).collect()
    }

    /// What `fsck` finds wrong.
    pub(crate) fn faults(&self) -> Vec<String> {
        let store = self.folder().open_store().expect("opens");
        let record = self.record();
        crate::ledger::fsck::check(&stores(&store), &record, &known(), &mut |_, _| {}).expect("readable").faults
    }

    /// The note in the head record, our own cosignature below it.
    pub(crate) fn recorded(&self) -> Vec<u8> {
        self.record().read().expect("readable").expect("there is one")
    }

    /// The same as the log alone signed it.
    pub(crate) fn recorded_checkpoint(&self) -> Vec<u8> {
        let signed = SignedCheckpoint::parse_and_verify(&self.recorded(), &identity().log).expect("signed");
        signed.with_cosignatures(&[], 0).expect("it has a place for none").bytes().to_vec()
    }
}

impl Server {
    /// Submits, steps the writer and takes the answer.
    pub(crate) fn put_from(&mut self, submission: Submission, provenance: Provenance) -> Result<Sequenced, Refusal> {
        self.assert_memory_agrees(&submission, &provenance);
        match self.ledger.submit(submission, provenance)? {
            Submitted::Known(entry) => {
                Ok(Sequenced { index: entry.index, size: self.ledger.published().head.size, fresh: None })
            }
            Submitted::Waiting(waiting) => panic!("it waits for its domain: {waiting:?}"),
            Submitted::Queued(mut ticket) => {
                self.sequencer.step();
                ticket.try_recv().expect("the step answers whoever waits")
            }
        }
    }

    /// What memory alone says of a submission, if it says anything, is what storage says.
    fn assert_memory_agrees(&self, submission: &Submission, provenance: &Provenance) {
        let Some(at_hand) = self.ledger.examine_at_hand(submission.clone(), provenance.clone()) else { return };
        match (at_hand, self.ledger.examine(submission.clone(), provenance.clone())) {
            (Ok(Examined::New(at_hand)), Ok(Examined::New(stored))) => assert_eq!(at_hand.leaf(), stored.leaf()),
            (Err(at_hand), Err(stored)) => assert_eq!(at_hand.to_string(), stored.to_string()),
            (at_hand, stored) => panic!("memory says {at_hand:?}, storage says {stored:?}"),
        }
    }

    pub(crate) fn put(&mut self, submission: Submission) -> Result<Sequenced, Refusal> {
        self.put_from(submission, Provenance::Client)
    }

    /// Queues all of them, then does one step.
    pub(crate) fn put_all(&mut self, submissions: impl IntoIterator<Item = Submission>) -> Vec<Sequenced> {
        let submit = |submission| match self.ledger.submit(submission, Provenance::Client).expect("admitted") {
            Submitted::Queued(ticket) => ticket,
            Submitted::Known(_) | Submitted::Waiting(_) => panic!("it is not logged yet"),
        };
        let tickets: Vec<_> = submissions.into_iter().map(submit).collect();
        self.sequencer.step();
        tickets.into_iter().map(|mut ticket| ticket.try_recv().expect("answered").expect("accepted")).collect()
    }

    pub(crate) fn refusal(&mut self, submission: Submission) -> Refusal {
        let before = self.ledger.published().head;
        let refusal = self.put(submission).expect_err("it is refused");
        assert_eq!(self.ledger.published().head, before, "what is refused leaves no trace");
        refusal
    }

    pub(crate) fn receipt(&self, placed: Sequenced) -> Receipt {
        self.ledger.receipt_of(placed, [7; 32]).expect("a receipt")
    }

    pub(crate) fn size(&self) -> u64 {
        self.ledger.published().head.size
    }

    pub(crate) fn leaves(&self) -> Vec<Hash> {
        self.ledger.changes(0, 1_000).expect("readable").iter().map(|entry| entry.leaf).collect()
    }
}

/// The proof of a receipt holds under the log's key.
pub(crate) fn assert_proved(receipt: &Receipt) {
    let proof = TlogProof::parse(&receipt.proof).expect("a proof");
    assert_eq!(proof.index, receipt.index);
    let checkpoint = proof.verify(&receipt.entry, &identity().log).expect("the proof holds");
    assert_eq!(checkpoint.checkpoint().size(), receipt.tree_size);
}

/// Someone who signs.
pub(crate) struct Person {
    pub(crate) did: Did,
    pub(crate) key: SecretKey,
    seed: [u8; 32],
}

impl Person {
    /// A `did:key`.
    pub(crate) fn new(n: u8) -> Self {
        let seed = [n; 32];
        let key = SecretKey::from_seed(seed);
        Self { did: key.public().to_did(), key, seed }
    }

    /// Someone who speaks for a domain.
    pub(crate) fn of_domain(domain: &str, n: u8) -> Self {
        Self { did: Did::parse(&format!("did:web:{domain}")).expect("a DID"), ..Self::new(n) }
    }

    pub(crate) fn complete(&self, draft: &Value) -> Completed {
        self.complete_at(draft, start())
    }

    pub(crate) fn complete_at(&self, draft: &Value, issued: DateTime<Utc>) -> Completed {
        let draft = Draft::parse(draft.to_string().as_bytes()).unwrap_or_else(|e| panic!("a draft: {e}"));
        draft.complete(&self.did, at(issued), [9; 32]).unwrap_or_else(|e| panic!("a notice: {e}"))
    }

    pub(crate) fn sign(&self, payload: &[u8]) -> Envelope {
        self.key.sign_envelope(PayloadType::Notice, payload).expect("small")
    }

    /// Another valid signature over the same bytes: Ed25519 with a nonce that is not the one of the standard.
    pub(crate) fn sign_with_nonce(&self, payload: &[u8], nonce: u8) -> Envelope {
        let message = pre_authentication_encoding(PayloadType::Notice.as_str(), payload);
        let expanded = Sha512::digest(self.seed);
        let secret: [u8; 32] = expanded[..32].try_into().expect("32 bytes");
        let secret = Scalar::from_bytes_mod_order(clamp_integer(secret));
        let r = Scalar::from_bytes_mod_order([nonce; 32]);
        let point = EdwardsPoint::mul_base(&r).compress();
        let public = *self.key.public().as_bytes();
        let hash: [u8; 64] =
            Sha512::new().chain_update(point.as_bytes()).chain_update(public).chain_update(message).finalize().into();
        let s = r + Scalar::from_bytes_mod_order_wide(&hash) * secret;
        let signature = [point.to_bytes(), s.to_bytes()].concat();
        let json = json!({
            "payload": BASE64.encode(payload),
            "payloadType": PayloadType::Notice.as_str(),
            "signatures": [{"sig": BASE64.encode(&signature)}],
        });
        Envelope::parse(json.to_string().as_bytes()).expect("an envelope")
    }

    /// A notice ready to be handed in, with its texts if it has any.
    pub(crate) fn says(&self, draft: &Value) -> (NoticeId, Submission) {
        let completed = self.complete(draft);
        let id = NoticeId::of(&completed.payload);
        (id, submission(&self.sign(&completed.payload), completed.texts.as_deref()))
    }

    /// The first record of this person's domain.
    pub(crate) fn record(&self, name: &str) -> Envelope {
        self.record_as(RecordDraft::first(self.did.clone(), name, self.key.public(), at(start())))
    }

    pub(crate) fn record_as(&self, draft: RecordDraft) -> Envelope {
        let payload = draft.complete().expect("a record").payload;
        self.key.sign_envelope(PayloadType::Publisher, &payload).expect("small")
    }

    pub(crate) fn pin(&self, prefixes: &[&str]) -> PinFile {
        let prefixes: Vec<String> = prefixes.iter().map(|&p| p.to_owned()).collect();
        PinFile::new(self.record("Example Lab"), &prefixes, None).expect("a pin file")
    }
}

/// The body that a client posts.
pub(crate) fn submission(envelope: &Envelope, document: Option<&[u8]>) -> Submission {
    let envelope: Value = serde_json::from_str(&envelope.to_json()).expect("JSON");
    let documents: Vec<String> = document.iter().map(|bytes| BASE64.encode(bytes)).collect();
    let body = json!({"envelope": envelope, "documents": documents});
    Submission::parse(body.to_string().as_bytes()).expect("a submission")
}

/// An observer's retraction of one thing, without texts.
pub(crate) fn report(title: &str, subject: &str) -> Value {
    json!({
        "type": "retraction",
        "issuer": {"role": "observer"},
        "dataset": {"title": title, "publisher_name": "Example Vision Lab"},
        "subjects": [{"id": subject, "role": "whole"}],
        "scope": {"kind": "whole"},
        "reasons": ["consent"],
        "actions": [{"do": "delete"}],
    })
}

/// The same with texts.
pub(crate) fn explained(title: &str, subject: &str, statement: &str) -> Value {
    let mut draft = report(title, subject);
    draft["texts"] = json!({"texts": [{"language": "en", "statement": statement}]});
    draft
}

/// A publisher's retraction, which must bring its texts.
pub(crate) fn retraction(title: &str, subject: &str) -> Value {
    let mut draft = explained(title, subject, "The people in these pictures were never asked for their consent.");
    draft["issuer"]["role"] = json!("publisher");
    draft["appeal"] = json!("https://example.org/appeal");
    draft
}

/// Any number of different reports by one person.
pub(crate) fn many(person: &Person, numbers: std::ops::Range<u64>) -> Vec<Submission> {
    numbers.map(|n| person.says(&report(&format!("Set {n}"), &format!("doi:10.5555/set-{n}"))).1).collect()
}

/// One second after another.
pub(crate) fn seconds(n: i64) -> TimeDelta {
    TimeDelta::seconds(n)
}
