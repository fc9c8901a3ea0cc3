//! What a server promised, written down as it came, and compared later with what it has.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::sync::Arc;

use palinode::notice::{DocumentHash, NoticeId};
use palinode::tlog::{
    Checkpoint, Cosignature, Frontier, Hash, Note, SignedCheckpoint, TILE_WIDTH, TileId, TilePath, TlogProof, VerifierKey,
    bundle,
};

use crate::connection::{Answer, Connection};
use crate::journal::{Mark, mark};
use crate::speaker::SignedNotice;

/// A notice that was signed before anything is measured.
pub(crate) struct Prepared {
    pub(crate) id: NoticeId,
    pub(crate) leaf: Hash,
    pub(crate) documents: Vec<DocumentHash>,
    /// What is posted.
    pub(crate) body: Vec<u8>,
}

impl From<SignedNotice> for Prepared {
    fn from(notice: SignedNotice) -> Self {
        Self {
            id: notice.id,
            leaf: notice.leaf,
            documents: notice.body.documents.iter().map(|bytes| DocumentHash::of(bytes)).collect(),
            body: notice.body.to_json().into_bytes(),
        }
    }
}

/// A notice that a server said it has, and where.
#[derive(Clone)]
pub(crate) struct Acknowledged {
    pub(crate) notice: Arc<Prepared>,
    pub(crate) index: u64,
}

/// Size and root of a checkpoint that a server showed.
pub(crate) type Shown = (u64, Hash);

/// Everything that one server promised.
pub(crate) struct Book {
    pub(crate) key: VerifierKey,
    pub(crate) acknowledged: Vec<Acknowledged>,
    /// In the order in which they were first seen.
    pub(crate) shown: Vec<Shown>,
    /// For each of them, the latest time that the server had sworn to by then, in seconds since 1970.
    pub(crate) sworn: Vec<u64>,
    places: BTreeMap<[u8; 32], u64>,
    roots: BTreeMap<u64, Hash>,
    /// Where promises are marked among the writes that they rest on.
    journal: Option<File>,
}

/// What a server has less, or otherwise, than it promised.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error("the server did not start: {0}")]
    NotStarted(String),
    #[error("acknowledged notice {index} is lost: the log has {size} entries")]
    Lost { index: u64, size: u64 },
    #[error("entry {index} is another one than was acknowledged")]
    Other { index: u64 },
    #[error("a checkpoint of size {shown} was shown, the log has {size} entries")]
    Shrunk { shown: u64, size: u64 },
    #[error("the log has another root at size {size} than it showed")]
    Forked { size: u64 },
    #[error("the log has another key, or its checkpoint is not signed: {0}")]
    Unsigned(String),
    #[error("the entries do not hash to the root of the checkpoint")]
    Root,
    #[error("a checkpoint of size {shown} was shown, the record beside the database says {recorded}")]
    Unguarded { shown: u64, recorded: u64 },
    #[error("the time {sworn} was sworn to, the disk says {kept}")]
    Forsworn { sworn: u64, kept: u64 },
    #[error("{what}: {found}")]
    Unexpected { what: String, found: String },
    #[error("fsck: {0}")]
    Fsck(String),
    #[error("the server went away: {0}")]
    Gone(#[from] io::Error),
}

impl Book {
    pub(crate) fn of(key: VerifierKey) -> Self {
        Self {
            key,
            acknowledged: Vec::new(),
            shown: Vec::new(),
            sworn: Vec::new(),
            places: BTreeMap::new(),
            roots: BTreeMap::new(),
            journal: None,
        }
    }

    /// The same book, which marks from now on in a journal what it takes in.
    pub(crate) fn marking(mut self, journal: File) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Takes in what was promised before, by a server that is to keep it.
    pub(crate) fn recall(&mut self, acknowledged: &[Acknowledged], shown: &[Shown]) {
        self.roots.extend(shown.iter().copied());
        self.places.extend(acknowledged.iter().map(|known| (*known.notice.leaf.as_bytes(), known.index)));
        self.acknowledged.extend_from_slice(acknowledged);
        self.shown.extend_from_slice(shown);
        self.sworn.resize(self.shown.len(), 0);
    }

    /// The place at which a notice was acknowledged, if it was.
    pub(crate) fn place_of(&self, notice: &Prepared) -> Option<u64> {
        self.places.get(notice.leaf.as_bytes()).copied()
    }

    /// Takes in the receipt of a notice, whose proof must hold. One notice has one place for ever.
    pub(crate) fn acknowledge(&mut self, notice: &Arc<Prepared>, answer: &Answer) {
        let receipt = answer.json();
        let index = receipt["index"].as_u64().unwrap();
        let proof = TlogProof::parse(receipt["proof"].as_str().unwrap().as_bytes()).unwrap();
        assert_eq!(proof.index, index, "the proof is for another place");
        let signed = proof.verify(&notice.leaf, &self.key).expect("the proof holds");
        self.show(&signed);
        if let Some(before) = self.places.insert(*notice.leaf.as_bytes(), index) {
            assert_eq!(before, index, "a notice has two places");
            return;
        }
        self.acknowledged.push(Acknowledged { notice: notice.clone(), index });
        self.mark(Mark::Acknowledged, self.acknowledged.len());
    }

    /// Takes in a checkpoint as it was served.
    pub(crate) fn see(&mut self, note: &[u8]) {
        let signed = SignedCheckpoint::parse_and_verify(note, &self.key).unwrap();
        self.show(&signed);
    }

    fn show(&mut self, signed: &SignedCheckpoint) {
        let (size, root) = (signed.checkpoint().size(), *signed.checkpoint().root());
        if let Some(before) = self.roots.insert(size, root) {
            assert_eq!(before, root, "two roots were signed for size {size}");
            return;
        }
        self.shown.push((size, root));
        self.sworn.push(sworn_in(signed.bytes()).max(self.sworn.last().copied()).unwrap_or(0));
        self.mark(Mark::Shown, self.shown.len());
    }

    fn mark(&mut self, what: Mark, count: usize) {
        if let Some(journal) = &mut self.journal {
            mark(journal, what, count).unwrap();
        }
    }
}

/// The latest time that its own server swears to in a note, in seconds since 1970.
pub(crate) fn sworn_in(note: &[u8]) -> Option<u64> {
    let note = Note::parse(note).unwrap();
    let witness = format!("{}/witness", Checkpoint::parse(note.text()).unwrap().origin());
    let own = note.signatures().iter().filter(|line| line.name().as_str() == witness);
    own.map(|line| Cosignature::parse_line(line.to_line().as_bytes()).unwrap().time()).max()
}

/// A log as its server serves it, from its tiles: every leaf, and a checkpoint over them.
pub(crate) struct Served {
    pub(crate) leaves: Vec<Hash>,
    pub(crate) root: Hash,
}

impl Served {
    /// Reads the leaf hashes of the whole log; with `entries` from the entries themselves.
    pub(crate) fn read(connection: &mut Connection, key: &VerifierKey, entries: bool) -> Result<Self, Broken> {
        let note = found(connection, "/log/checkpoint")?.body;
        let signed = SignedCheckpoint::parse_and_verify(&note, key).map_err(|e| Broken::Unsigned(e.to_string()))?;
        let (size, root) = (signed.checkpoint().size(), *signed.checkpoint().root());
        let mut leaves = Vec::new();
        for index in 0..size.div_ceil(TILE_WIDTH as u64) {
            let tile = TileId { level: 0, index };
            let width = tile.width_at(size).unwrap();
            if entries {
                let bytes = found(connection, &format!("/log/{}", TilePath::Entries { index, width }))?.body;
                leaves.extend(bundle::parse(&bytes, width).unwrap().iter().map(|slot| slot.leaf_hash().unwrap()));
            } else {
                let bytes = found(connection, &format!("/log/{}", TilePath::Hashes { tile, width }))?.body;
                leaves.extend(Hash::split_tile(&bytes).unwrap());
            }
        }
        Ok(Self { leaves, root })
    }

    /// Whether everything that was promised is there: each notice at its place, each checkpoint the beginning of this log.
    pub(crate) fn keeps(&self, acknowledged: &[Acknowledged], shown: &[Shown]) -> Result<(), Broken> {
        let size = self.leaves.len() as u64;
        for Acknowledged { notice, index } in acknowledged {
            match self.leaves.get(usize::try_from(*index).unwrap()) {
                None => return Err(Broken::Lost { index: *index, size }),
                Some(leaf) if *leaf != notice.leaf => return Err(Broken::Other { index: *index }),
                Some(_) => {}
            }
        }
        let shown: BTreeMap<u64, Hash> = shown.iter().copied().collect();
        if let Some((largest, _)) = shown.last_key_value().filter(|(largest, _)| **largest > size) {
            return Err(Broken::Shrunk { shown: *largest, size });
        }
        let mut tree = Frontier::empty();
        let mut leaves = self.leaves.iter();
        loop {
            // A checkpoint is consistent with a later one if it is the root of that one's first leaves: they are all here.
            if shown.get(&tree.size()).is_some_and(|root| *root != tree.root()) {
                return Err(Broken::Forked { size: tree.size() });
            }
            let Some(leaf) = leaves.next() else { break };
            tree.append(*leaf);
            tree.take_changed();
        }
        if tree.root() == self.root { Ok(()) } else { Err(Broken::Root) }
    }
}

/// What stands at `path`, which must be there.
pub(crate) fn found(connection: &mut Connection, path: &str) -> Result<Answer, Broken> {
    let answer = connection.get(path)?;
    match answer.status {
        200 => Ok(answer),
        status => Err(Broken::Unexpected { what: path.to_owned(), found: format!("{status} {}", answer.text()) }),
    }
}

/// Whether a notice is there by all the ways that lead to it: by name, with a proof in the newest tree, with its documents.
pub(crate) fn is_whole(connection: &mut Connection, key: &VerifierKey, known: &Acknowledged) -> Result<(), Broken> {
    let Acknowledged { notice, index } = known;
    let unexpected = |found: String| Broken::Unexpected { what: format!("notice {}", notice.id), found };
    let proof = found(connection, &format!("/v1/notices/{}/proof", notice.id))?;
    let proof = TlogProof::parse(&proof.body).map_err(|e| unexpected(e.to_string()))?;
    if proof.index != *index {
        return Err(Broken::Other { index: *index });
    }
    proof.verify(&notice.leaf, key).map_err(|e| unexpected(e.to_string()))?;
    let entry = found(connection, &format!("/v1/notices/{}/envelope", notice.id))?;
    if Hash::leaf(&entry.body) != notice.leaf {
        return Err(unexpected("another envelope".to_owned()));
    }
    for document in &notice.documents {
        let bytes = found(connection, &format!("/v1/documents/{document}"))?;
        if DocumentHash::of(&bytes.body) != *document {
            return Err(unexpected(format!("document {document} has other bytes")));
        }
    }
    Ok(())
}
