//! Logs made by hand, which may hold, sign and show what no honest server would.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use data_encoding::BASE64;
use futures_util::future::BoxFuture;
use url::Url;

use super::{World, origin_of, peer_of, secret, url_of};
use crate::federation::{Request, Response};
use crate::ledger::peers::{Peer, PeerSource};
use crate::tlog::{Checkpoint, Frontier, Hash, KeyName, SignedCheckpoint, TilePath, VerifierKey, bundle};

/// What stands where in a log made by hand.
type Shelf = BTreeMap<String, Vec<u8>>;

/// A log made by hand, with whatever entries, at the place of the server of this name or elsewhere.
pub(in crate::federation) struct HandmadeLog {
    name: String,
    place: Url,
    world: World,
    entries: Vec<Vec<u8>>,
    shelf: Arc<Mutex<Shelf>>,
}

impl HandmadeLog {
    pub(in crate::federation) fn start(world: &World, name: &str) -> Self {
        Self::start_at(world, name, name)
    }

    /// Another face of the log of this name.
    pub(in crate::federation) fn start_at(world: &World, name: &str, place: &str) -> Self {
        let place = url_of(place);
        let shelf: Arc<Mutex<Shelf>> = Arc::default();
        let served = shelf.clone();
        let handler = move |request: Request| -> BoxFuture<'static, Response> {
            let found = served.lock().expect("a shelf").get(request.url.path()).cloned();
            Box::pin(async move { found.map_or_else(|| Response::new(404, "nothing"), |bytes| Response::new(200, bytes)) })
        };
        world.network.serve(&place, Arc::new(handler));
        let log = Self { name: name.to_owned(), place, world: world.clone(), entries: Vec::new(), shelf };
        log.publish();
        log
    }

    /// Appends entries and publishes the new tree.
    pub(in crate::federation) fn append(&mut self, entries: impl IntoIterator<Item = Vec<u8>>) {
        self.entries.extend(entries);
        self.publish();
    }

    /// Publishes a tree of these leaf hashes, to none of which there is an entry.
    pub(in crate::federation) fn claim(&self, leaves: impl IntoIterator<Item = Hash>) {
        let mut frontier = Frontier::empty();
        leaves.into_iter().for_each(|leaf| {
            frontier.append(leaf);
        });
        for (tile, hashes) in frontier.take_changed() {
            let width = u16::try_from(hashes.len()).expect("a width");
            self.put(&format!("/log/{}", TilePath::Hashes { tile, width }), Hash::join_tile(&hashes));
        }
        self.put("/log/checkpoint", self.sign(frontier.size(), frontier.root()));
    }

    /// Puts something at a path, in place of what is right.
    pub(in crate::federation) fn put(&self, path: &str, bytes: Vec<u8>) {
        self.shelf.lock().expect("a shelf").insert(path.to_owned(), bytes);
    }

    /// Takes away what is at a path.
    pub(in crate::federation) fn take(&self, path: &str) -> Vec<u8> {
        self.shelf.lock().expect("a shelf").remove(path).expect("something there")
    }

    /// A checkpoint signed with its key.
    pub(in crate::federation) fn sign(&self, size: u64, root: Hash) -> Vec<u8> {
        let origin = KeyName::parse(&origin_of(&self.name)).expect("a name");
        let checkpoint = Checkpoint::new(&origin, size, root);
        SignedCheckpoint::sign(&secret(&format!("{} log", self.name)), &checkpoint).expect("signed").bytes().to_vec()
    }

    /// Whatever text, signed with its key: also what no library would sign.
    pub(in crate::federation) fn sign_text(&self, text: &str) -> Vec<u8> {
        let signature = secret(&format!("{} log", self.name)).sign_raw(text.as_bytes());
        format!("{text}\n{}", signature_line(&self.key(), &signature)).into_bytes()
    }

    fn publish(&self) {
        let mut frontier = Frontier::empty();
        for entry in &self.entries {
            frontier.append(Hash::leaf(entry));
            self.put(&format!("/log/entry/{}", Hash::leaf(entry)), entry.clone());
        }
        for (tile, hashes) in frontier.take_changed() {
            let width = u16::try_from(hashes.len()).expect("a width");
            self.put(&format!("/log/{}", TilePath::Hashes { tile, width }), Hash::join_tile(&hashes));
        }
        for (index, entries) in (0_u64..).zip(self.entries.chunks(256)) {
            let width = u16::try_from(entries.len()).expect("a width");
            let bytes = bundle::encode(entries).expect("a bundle");
            self.put(&format!("/log/{}", TilePath::Entries { index, width }), bytes);
        }
        let size = self.entries.len() as u64;
        self.put("/log/checkpoint", self.sign(size, frontier.root()));
    }

    pub(in crate::federation) fn key(&self) -> VerifierKey {
        peer_of(&self.name).log_key().clone()
    }

    pub(in crate::federation) fn unplug(&self) {
        self.world.network.unplug(&self.place);
    }

    /// This log as those see it who are shown this face.
    pub(in crate::federation) fn as_peer(&self) -> Peer {
        let peer = peer_of(&self.name);
        let (log, witness) = (peer.log_key().clone(), peer.witness_key().clone());
        Peer::new(self.place.clone(), log, witness, *peer.operator_key(), false, PeerSource::Command).expect("a peer")
    }

    /// Its newest checkpoint.
    pub(in crate::federation) fn checkpoint(&self) -> Vec<u8> {
        self.shelf.lock().expect("a shelf").get("/log/checkpoint").cloned().expect("a checkpoint")
    }
}

/// The line of a signature, right or wrong, under the name of this key.
pub(in crate::federation) fn signature_line(key: &VerifierKey, signature: &[u8]) -> String {
    format!("\u{2014} {} {}\n", key.name(), BASE64.encode(&[key.id().as_bytes(), signature].concat()))
}
