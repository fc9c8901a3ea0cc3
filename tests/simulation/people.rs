//! Who speaks: observers whose key is their name, and publishers with a domain, whose keys change while the storm goes on.

use std::sync::Arc;

use curve25519_dalek::{EdwardsPoint, Scalar, scalar::clamp_integer};
use data_encoding::BASE64;
use palinode::envelope::KeyStatus::{Active, Compromised, Retired};
use palinode::envelope::{
    Envelope, KeyStatus, PayloadType, PinFile, PublisherRecord, RecordDraft, RecordKey, SecretKey, pre_authentication_encoding,
};
use palinode::notice::{Completed, Did, Draft, PayloadId, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

use crate::chance::Chance;
use crate::load::Material;

/// Somebody with a key.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) did: Did,
    pub(crate) key: Arc<SecretKey>,
    seed: [u8; 32],
    /// In which role they speak.
    pub(crate) role: &'static str,
    /// Somebody else who signs for the same issuer.
    pub(crate) colleague: Option<Box<Person>>,
}

/// A publisher with a domain.
pub(crate) struct Lab {
    /// Record 0, as operators pin it.
    pub(crate) pin: PinFile,
    /// Records that come later, in no order.
    pub(crate) later: Vec<Material>,
    /// Who signs notices for it.
    pub(crate) speakers: Vec<Person>,
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

impl Person {
    fn new(name: &str, did: Option<Did>, role: &'static str) -> Self {
        let seed: [u8; 32] = Sha256::digest(format!("somebody in the simulation: {name}")).into();
        let key = Arc::new(SecretKey::from_seed(seed));
        let did = did.unwrap_or_else(|| key.public().to_did());
        Self { name: name.to_owned(), did, key, seed, role, colleague: None }
    }

    pub(crate) fn observer(name: &str) -> Self {
        Self::new(name, None, "observer")
    }

    pub(crate) fn complete(&self, draft: &Value, issued: &str) -> Completed {
        let parsed = Draft::parse(draft.to_string().as_bytes()).unwrap_or_else(|e| panic!("a draft: {e}: {draft}"));
        parsed.complete(&self.did, time(issued), [7; 32]).unwrap_or_else(|e| panic!("a notice: {e}: {draft}"))
    }

    pub(crate) fn sign(&self, kind: PayloadType, payload: &[u8]) -> Envelope {
        self.key.sign_envelope(kind, payload).expect("an envelope")
    }

    /// Another valid signature over the same bytes: Ed25519 with a nonce that is not the one of the standard.
    pub(crate) fn sign_again(&self, payload: &[u8], nonce: u8) -> Envelope {
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
        let json = json!({
            "payload": BASE64.encode(payload),
            "payloadType": PayloadType::Notice.as_str(),
            "signatures": [{"sig": BASE64.encode(&[point.to_bytes(), s.to_bytes()].concat())}],
        });
        Envelope::parse(json.to_string().as_bytes()).expect("an envelope")
    }

    fn signs_record(&self, label: String, payload: &[u8]) -> Material {
        Material::new(label, self.sign(PayloadType::Publisher, payload), self)
    }
}

/// A publisher whose keys have one of several histories.
pub(crate) fn lab(chance: &mut Chance, name: &str) -> Lab {
    let did = Did::parse(&format!("did:web:{name}.example.org")).expect("a DID");
    let mut people: Vec<Person> =
        (0..4).map(|n| Person::new(&format!("{name} key {n}"), Some(did.clone()), "publisher")).collect();
    let first = RecordDraft::first(did, "Example Vision Lab", people[0].key.public(), time("2026-01-01T00:00:00Z"));
    let (record0, id0, pin) = {
        let completed = first.complete().expect("a record");
        let envelope = people[0].sign(PayloadType::Publisher, &completed.payload);
        let prefixes = [format!("url:https://{name}.example.org/")];
        let pin = PinFile::new(envelope, &prefixes, None).expect("a pin file");
        (completed.record, PayloadId::of(&completed.payload), pin)
    };
    let mut chain = Chain { name, people: &people, later: Vec::new(), record: record0.clone(), id: id0, number: 1 };
    match chance.below(6) {
        0 => {}
        1 => chain.follow(0, &[(0, Retired), (1, Active)]),
        2 => chain.follow(0, &[(0, Active), (1, Active)]),
        3 => chain.follow(0, &[(0, Compromised), (1, Active)]),
        4 => {
            // Three rotations: each record waits for the one before.
            chain.follow(0, &[(0, Retired), (1, Active)]);
            chain.follow(1, &[(0, Retired), (1, Retired), (2, Active)]);
            chain.follow(2, &[(0, Retired), (1, Retired), (2, Compromised), (3, Active)]);
        }
        _ => {
            // A fork: two records of one place, and more behind each of them.
            chain.follow(0, &[(0, Active), (1, Active)]);
            chain.follow(1, &[(0, Retired), (1, Active), (3, Active)]);
            (chain.record, chain.id, chain.number) = (record0, id0, 11);
            chain.follow(0, &[(0, Active), (2, Active)]);
            chain.follow(2, &[(0, Active), (2, Compromised)]);
        }
    }
    let later = chain.later;
    let colleague = people[1].clone();
    people[0].colleague = Some(Box::new(colleague));
    let speakers = people;
    Lab { pin, later, speakers }
}

struct Chain<'l> {
    name: &'l str,
    people: &'l [Person],
    later: Vec<Material>,
    record: PublisherRecord,
    id: PayloadId,
    number: u32,
}

impl Chain<'_> {
    fn follow(&mut self, signer: usize, keys: &[(usize, KeyStatus)]) {
        let mut draft = RecordDraft::following(&self.record, self.id, time("2026-06-01T00:00:00Z"));
        draft.name = format!("Example Vision Lab {}", self.number);
        let key =
            |(n, status): &(usize, KeyStatus)| RecordKey { key: self.people[*n].key.public(), status: *status, since: None };
        draft.keys = keys.iter().map(key).collect();
        let completed = draft.complete().expect("a record");
        let label = format!("record {} of {}", self.number, self.name);
        self.later.push(self.people[signer].signs_record(label, &completed.payload));
        (self.record, self.id, self.number) = (completed.record, PayloadId::of(&completed.payload), self.number + 1);
    }
}
