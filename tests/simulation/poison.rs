//! A log that an attacker wrote by hand: properly signed as a log, with entries that no server may take, and one good entry in the
//! middle of them that every server must get all the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use palinode::envelope::PayloadType;
use palinode::federation::{Request, Response};
use palinode::tlog::{Checkpoint, Frontier, Hash, KeyName, SignedCheckpoint, TilePath, bundle};
use serde_json::json;

use crate::load::Material;
use crate::network::Network;
use crate::node::secret;
use crate::people::Person;

/// The name of the server with the bad log.
pub(crate) const NAME: &str = "poison";

/// The bad log.
pub(crate) struct Poison {
    /// Leaves that must never stand in any log.
    pub(crate) bad: Vec<Hash>,
    /// How many of these may be accepted later, and so wait for ever.
    pub(crate) waiting: u64,
    /// What must be in every log.
    pub(crate) good: Material,
}

/// Puts the log on the network.
pub(crate) fn serve(network: &Network) -> Poison {
    let (eve, zoe) = (Person::observer("eve"), Person::observer("zoe"));
    let report = |by: &Person, number: u32, issued: &str| {
        let draft = json!({
            "type": "retraction",
            "issuer": {"role": "observer"},
            "dataset": {"title": format!("Example Poison {number}"), "publisher_name": "Example Vision Lab"},
            "subjects": [{"id": format!("doi:10.5281/zenodo.9{number}"), "role": "whole"}],
            "scope": {"kind": "whole"},
            "reasons": ["consent"],
            "actions": [{"do": "delete"}],
        });
        by.complete(&draft, issued).payload
    };
    let long_ago = "2001-01-01T00:00:00Z";
    let text = |envelope: palinode::envelope::Envelope| envelope.to_json();
    let sound = text(eve.sign(PayloadType::Notice, &report(&eve, 1, long_ago)));
    let good = eve.sign(PayloadType::Notice, &report(&eve, 2, long_ago));
    let good = Material::new("the good one among the bad", good, &eve);
    let signature_at = sound.find("\"sig\":\"").expect("a signature") + 7;
    let mut forged = sound.clone();
    forged.replace_range(signature_at..signature_at + 4, "AAAA");
    let bad_for_good = [
        "nonsense".to_owned(),
        forged,
        format!(" {sound}"),
        text(zoe.sign(PayloadType::Notice, &report(&eve, 3, long_ago))),
        text(eve.sign(PayloadType::Notice, br#"{"type":"retraction","surprise":1}"#)),
        text(eve.sign(PayloadType::Operator, b"{}")),
    ];
    let for_later = [
        text(eve.sign(PayloadType::Notice, &report(&eve, 4, "2099-01-01T00:00:00Z"))),
        sound.replace("palinode.notice.v1", "palinode.notice.v9"),
    ];
    let mut entries: Vec<Vec<u8>> = bad_for_good.iter().chain(&for_later).map(|entry| entry.clone().into_bytes()).collect();
    let bad: Vec<Hash> = entries.iter().map(|entry| Hash::leaf(entry)).collect();
    entries.insert(3, good.envelope.to_json().into_bytes());
    publish(network, &entries);
    Poison { bad, waiting: for_later.len() as u64, good }
}

fn publish(network: &Network, entries: &[Vec<u8>]) {
    let mut shelf: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut frontier = Frontier::empty();
    for entry in entries {
        frontier.append(Hash::leaf(entry));
        shelf.insert(format!("/log/entry/{}", Hash::leaf(entry)), entry.clone());
    }
    for (tile, hashes) in frontier.take_changed() {
        let width = u16::try_from(hashes.len()).expect("a width");
        shelf.insert(format!("/log/{}", TilePath::Hashes { tile, width }), Hash::join_tile(&hashes));
    }
    let width = u16::try_from(entries.len()).expect("a small log");
    shelf.insert(format!("/log/{}", TilePath::Entries { index: 0, width }), bundle::encode(entries).expect("a bundle"));
    let origin = KeyName::parse(&format!("{NAME}.example/log")).expect("a name");
    let checkpoint = Checkpoint::new(&origin, frontier.size(), frontier.root());
    let signed = SignedCheckpoint::sign(&secret(&format!("{NAME} log")), &checkpoint).expect("signed");
    shelf.insert("/log/checkpoint".to_owned(), signed.bytes().to_vec());
    let handler = move |request: Request| -> BoxFuture<'static, Response> {
        let found = shelf.get(request.url.path()).cloned();
        Box::pin(std::future::ready(found.map_or_else(|| Response::new(404, "nothing"), |bytes| Response::new(200, bytes))))
    };
    network.serve(NAME, Arc::new(handler));
}
