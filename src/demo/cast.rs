//! Who signs in the demo: the fictional publisher and those around it, and the observer of the real cases. Every key is made
//! for the run and kept in memory only.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::DemoError;
use super::material::{Signer, Story};
use crate::client::SubmissionBody;
use crate::envelope::{Envelope, PayloadType, PinFile, RecordDraft, SecretKey};
use crate::notice::{Did, Draft, NoticeId, Timestamp};

/// Someone who signs.
pub(super) struct Actor {
    /// How it is called.
    pub(super) name: String,
    did: Did,
    key: SecretKey,
    record: Envelope,
    pin: Option<PinFile>,
}

/// Everyone who signs, by their part in the story.
pub(super) struct Cast(BTreeMap<String, Actor>);

/// A signed notice, ready to be posted.
pub(super) struct SignedNotice {
    /// Its name.
    pub(super) id: NoticeId,
    /// Its dataset's title.
    pub(super) title: String,
    /// What is posted.
    pub(super) body: SubmissionBody,
}

impl Cast {
    /// Makes keys and records for everyone in the story.
    pub(super) fn of(story: &Story, now: Timestamp) -> Result<Self, DemoError> {
        let actor = |(part, signer): (&String, &Signer)| Ok((part.clone(), Actor::of(signer, now)?));
        Ok(Self(story.signers.iter().map(actor).collect::<Result<_, DemoError>>()?))
    }

    /// Who plays this part.
    pub(super) fn actor(&self, part: &str) -> Result<&Actor, DemoError> {
        self.0.get(part).ok_or_else(|| DemoError::NoSuchPart(part.to_owned()))
    }

    /// The pin files that the three operators put into their trust folders.
    pub(super) fn pins(&self) -> impl Iterator<Item = (&str, &PinFile)> {
        self.0.iter().filter_map(|(part, actor)| Some((part.as_str(), actor.pin.as_ref()?)))
    }
}

impl Actor {
    fn of(signer: &Signer, now: Timestamp) -> Result<Self, DemoError> {
        let key = SecretKey::from_seed(*random()?);
        let did = if signer.did == "did:key" {
            key.public().to_did()
        } else {
            Did::parse(&signer.did).map_err(|e| DemoError::Material(e.to_string()))?
        };
        let mut draft = RecordDraft::first(did.clone(), signer.name.clone(), key.public(), now);
        draft.homepage.clone_from(&signer.homepage);
        let record = draft.complete().map_err(|e| DemoError::Material(e.to_string()))?;
        let record = key.sign_envelope(PayloadType::Publisher, &record.payload);
        let record = record.map_err(|e| DemoError::Material(e.to_string()))?;
        let note = Some("Made for one run of the demo.");
        let pin = signer.pinned.then(|| PinFile::new(record.clone(), &signer.prefixes, note)).transpose();
        let pin = pin.map_err(|e| DemoError::Material(e.to_string()))?;
        Ok(Self { name: signer.name.clone(), did, key, record, pin })
    }

    /// Its publisher record, ready to be posted.
    pub(super) fn record(&self) -> SubmissionBody {
        SubmissionBody { envelope: self.record.clone(), documents: Vec::new() }
    }

    /// Completes and signs a draft.
    pub(super) fn sign(&self, name: &str, draft: &[u8], now: Timestamp) -> Result<SignedNotice, DemoError> {
        let failed = |why: String| DemoError::Material(format!("draft {name}: {why}"));
        let draft = Draft::parse(draft).map_err(|e| failed(e.to_string()))?;
        let completed = draft.complete(&self.did, now, *random()?).map_err(|e| failed(e.to_string()))?;
        let signed = self.key.sign_envelope(PayloadType::Notice, &completed.payload).map_err(|e| failed(e.to_string()))?;
        let (id, title) = (signed.payload_id(), completed.notice.dataset.title.clone());
        let body = SubmissionBody { envelope: signed, documents: completed.texts.into_iter().collect() };
        Ok(SignedNotice { id, title, body })
    }
}

fn random() -> Result<Zeroizing<[u8; 32]>, DemoError> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    getrandom::fill(bytes.as_mut()).map_err(DemoError::Randomness)?;
    Ok(bytes)
}
