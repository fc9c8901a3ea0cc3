//! Random histories of one domain and one `did:key`: chains, forks, retirements, compromises, keys that begin anew, records and
//! notices of strangers, and notices by every key that lift, replace and reinstate each other.

use serde_json::{Value, json};

use super::model::{Notice, Record, Told};
use crate::envelope::{KeyStatus, PayloadType, PublicKey, RecordDraft, RecordKey, SecretKey};
use crate::notice::{Did, Draft, NoticeId, PayloadId, PriorRelation};
use crate::storage::sample::{at, start};
use crate::verdict::random::Dice;

/// How many keys the people of a history have.
const KEYS: usize = 6;

/// Signed entries, each with what it says.
pub(super) struct History {
    pub(super) seed: u64,
    pub(super) told: Vec<Told>,
    pub(super) entries: Vec<Vec<u8>>,
    pub(super) datasets: Vec<String>,
    /// Everybody in it: the domain, a domain that is a stranger to it, and a key.
    pub(super) dids: Vec<Did>,
    pub(super) keys: Vec<SecretKey>,
    /// A new notice of everybody by every key, which a client would post now.
    pub(super) new: Vec<(Did, PublicKey, Vec<u8>)>,
}

impl History {
    /// The history of this seed, always the same.
    pub(super) fn random(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let key = |n: u8| {
            let mut bytes = [n; 32];
            bytes[..8].copy_from_slice(&seed.to_be_bytes());
            SecretKey::from_seed(bytes)
        };
        let keys: Vec<SecretKey> = (0xb0..).take(KEYS).map(key).collect();
        let domain = |name: &str| Did::parse(&format!("did:web:{name}{seed}.example.org")).expect("a DID");
        let dids = vec![domain("lab"), domain("stranger"), keys[0].public().to_did()];
        let datasets = ["a", "b"].map(|name| format!("doi:10.5555/{seed}.{name}")).to_vec();
        let mut history = Self { seed, told: Vec::new(), entries: Vec::new(), datasets, dids, keys, new: Vec::new() };
        for _ in 0..2 + dice.below(7) {
            history.tell_record(&mut dice);
        }
        for _ in 0..2 + dice.below(8) {
            history.tell_notice(&mut dice);
        }
        history.new = history.everything_new();
        history
    }

    fn records(&self) -> Vec<Record> {
        let record = |told: &Told| if let Told::Record(record) = told { Some(record.clone()) } else { None };
        self.told.iter().filter_map(record).collect()
    }

    /// One more record: mostly one that goes on from another and is rightly signed, and everything else now and then.
    fn tell_record(&mut self, dice: &mut Dice) {
        let did = if dice.percent(80) { self.dids[0].clone() } else { dice.pick(&self.dids) };
        if let Ok(own) = PublicKey::from_did_key(&did) {
            let status = if dice.percent(50) { KeyStatus::Compromised } else { KeyStatus::Active };
            return self.sign_record(&did, None, &[(own, status)], 0, dice);
        }
        let known = self.records();
        let before = (!known.is_empty() && dice.percent(85)).then(|| dice.pick(&known));
        // Active twice as often as anything else, so that chains grow; one in five is left out.
        let statuses = [KeyStatus::Active, KeyStatus::Active, KeyStatus::Retired, KeyStatus::Compromised];
        let mut listed: Vec<(PublicKey, KeyStatus)> = Vec::new();
        for key in &self.keys {
            if dice.percent(60) {
                listed.push((key.public(), dice.pick(&statuses)));
            }
        }
        let entitled = before.as_ref().map_or(&listed, |before| &before.keys);
        let entitled: Vec<PublicKey> =
            entitled.iter().filter(|(_, status)| *status == KeyStatus::Active).map(|(key, _)| *key).collect();
        let rightly: Vec<usize> = (0..KEYS).filter(|at| entitled.contains(&self.keys[*at].public())).collect();
        let signer = if dice.percent(85) && !rightly.is_empty() { dice.pick(&rightly) } else { dice.below(KEYS) };
        if !listed.iter().any(|(_, status)| *status == KeyStatus::Active) {
            let own = self.keys[signer].public();
            listed.retain(|(key, _)| *key != own);
            listed.push((own, KeyStatus::Active));
        }
        // A record of this domain may follow one of a stranger by mistake or malice.
        self.sign_record(&did, before.as_ref(), &listed, signer, dice);
    }

    fn sign_record(
        &mut self,
        did: &Did,
        before: Option<&Record>,
        listed: &[(PublicKey, KeyStatus)],
        signer: usize,
        dice: &mut Dice,
    ) {
        let skip = u64::from(dice.percent(5));
        let sequence = before.map_or(0, |before| before.sequence + 1 + skip);
        let keys = listed.iter().map(|(key, status)| RecordKey { key: *key, status: *status, since: None }).collect();
        let draft = RecordDraft {
            id: did.clone(),
            name: format!("record {}", self.told.len()),
            homepage: None,
            contact: None,
            sequence,
            previous: before.map(|before| before.id),
            issued: at(start()),
            keys,
        };
        let payload = draft.complete().expect("valid form").payload;
        let mut signers = vec![signer];
        if dice.percent(10) {
            signers.push(dice.below(KEYS));
        }
        for signer in signers {
            let record = Record {
                did: did.clone(),
                id: PayloadId::of(&payload),
                sequence,
                previous: before.map(|before| before.id),
                keys: listed.to_vec(),
                signer: self.keys[signer].public(),
            };
            self.tell(Told::Record(record), signer, PayloadType::Publisher, &payload);
        }
    }

    fn tell_notice(&mut self, dice: &mut Dice) {
        let did = if dice.percent(75) { self.dids[0].clone() } else { dice.pick(&self.dids) };
        let notice = |told: &Told| if let Told::Notice(notice) = told { Some(notice.id) } else { None };
        let known: Vec<NoticeId> = self.told.iter().filter_map(notice).collect();
        let dataset = dice.pick(&self.datasets);
        let lifts = [PriorRelation::Replaces, PriorRelation::Revokes, PriorRelation::Reinstates];
        let edge = (!known.is_empty() && dice.percent(65)).then(|| (dice.pick(&lifts), dice.pick(&known)));
        let draft = self.draft(&dataset, edge);
        let completed = draft.complete(&did, at(start()), [9; 32]).expect("a notice");
        let mut signers = vec![if did == self.dids[2] { 0 } else { dice.below(KEYS) }];
        if dice.percent(20) {
            signers.push(dice.below(KEYS));
        }
        for signer in signers {
            let notice = Notice {
                did: did.clone(),
                id: NoticeId::of(&completed.payload),
                signer: self.keys[signer].public(),
                retracts: completed.notice.kind.as_str().eq("retraction").then(|| dataset.clone()),
                prior: edge.into_iter().collect(),
            };
            self.tell(Told::Notice(notice), signer, PayloadType::Notice, &completed.payload);
        }
    }

    /// A notice about the dataset, of the type that the edge asks for.
    fn draft(&self, dataset: &str, edge: Option<(PriorRelation, NoticeId)>) -> Draft {
        let mut draft = json!({
            "type": "retraction",
            "issuer": {"role": "observer"},
            "dataset": {"title": format!("Entry {}", self.told.len()), "publisher_name": "Example Vision Lab"},
            "subjects": [{"id": dataset, "role": "whole"}],
            "scope": {"kind": "whole"},
            "reasons": ["consent"],
            "actions": [{"do": "delete"}],
        });
        let mut leave_out =
            |fields: &[&str]| fields.iter().for_each(|field| drop(draft.as_object_mut().map(|d| d.remove(*field))));
        match edge.map(|(relation, _)| relation) {
            Some(PriorRelation::Revokes) => {
                leave_out(&["scope", "reasons", "actions"]);
                draft["type"] = json!("revocation");
            }
            Some(PriorRelation::Reinstates) => draft["type"] = json!("reinstatement"),
            _ => {}
        }
        if let Some((relation, notice)) = edge {
            draft["prior"] = json!([{"relation": relation, "notice": notice}]);
        }
        Draft::parse(Value::to_string(&draft).as_bytes()).expect("a draft")
    }

    fn tell(&mut self, told: Told, signer: usize, kind: PayloadType, payload: &[u8]) {
        let entry = self.keys[signer].sign_envelope(kind, payload).expect("small").to_json().into_bytes();
        if !self.entries.contains(&entry) {
            self.told.push(told);
            self.entries.push(entry);
        }
    }

    fn everything_new(&self) -> Vec<(Did, PublicKey, Vec<u8>)> {
        let mut new = Vec::new();
        for did in &self.dids {
            let completed = self.draft(&self.datasets[0], None).complete(did, at(start()), [8; 32]).expect("a notice");
            for key in &self.keys {
                let signed = key.sign_envelope(PayloadType::Notice, &completed.payload).expect("small");
                new.push((did.clone(), key.public(), signed.to_json().into_bytes()));
            }
        }
        new
    }
}
