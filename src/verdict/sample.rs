//! Statements to test with.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Standing, Statement, Trust, Voice};
use crate::{
    envelope::LineageId,
    notice::{
        Dataset, Derivative, DerivativeRelation, Did, Fault, Identifier, Inherits, Issuer, IssuerRole, Notice, NoticeId,
        NoticeType, PartialDate, Prior, PriorRelation, Scope, ScopeKind, Subject, SubjectRole, Timestamp,
    },
};

pub(super) const SHA_A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
pub(super) const SHA_B: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
pub(super) const MD5_A: &str = "md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// [`SHA_A`] and [`MD5_A`] blinded; computed with Python's hashlib.
pub(super) const HIDDEN_SHA_A: &str = "blind:9c44eda502338208b46ded3fa64e96209fb3589f22b1a21bc38b5a026d8ff421";
pub(super) const HIDDEN_MD5_A: &str = "blind:e08f2bed61c9e2736e47c9a455da93d4c90d368b6fb19bc9a10a4f37d3a08e4b";
pub(super) const FACES: &str = "hf:datasets/acme/faces";
pub(super) const FACES_V1: &str = "hf:datasets/acme/faces@1111111111111111111111111111111111111111";
pub(super) const FACES_V2: &str = "hf:datasets/acme/faces@2222222222222222222222222222222222222222";

pub(super) fn id(text: &str) -> Identifier {
    Identifier::normalise(text).unwrap()
}

pub(super) fn named(name: &str) -> NoticeId {
    NoticeId::of(name.as_bytes())
}

pub(super) fn lineage(host: &str) -> LineageId {
    LineageId { did: Did::parse(&format!("did:web:{host}")).unwrap(), record0: Some(named(host)) }
}

pub(super) fn at(date: &str) -> DateTime<Utc> {
    PartialDate::parse(date).unwrap().first_instant()
}

pub(super) fn subject(text: &str, role: SubjectRole) -> Subject {
    Subject { id: id(text), role, display: None }
}

/// A publisher's retraction of the whole; file digests get the role `file`, pages `landing-page`, everything else `whole`.
pub(super) fn retraction(subjects: &[&str]) -> Notice {
    let role = |text: &str| match text.split(':').next() {
        Some("sha256" | "md5" | "sha1") => SubjectRole::File,
        _ => SubjectRole::Whole,
    };
    Notice {
        kind: NoticeType::Retraction,
        issuer: Issuer { id: Did::parse("did:web:a.example").unwrap(), role: IssuerRole::Publisher },
        issued: Timestamp::parse("2026-01-01T00:00:00Z").unwrap(),
        effective: None,
        dataset: Dataset {
            title: "Sample Faces".to_owned(),
            aliases: Vec::new(),
            version: None,
            publisher_name: "Acme".to_owned(),
        },
        subjects: subjects.iter().map(|text| subject(text, role(text))).collect(),
        scope: Some(Scope { kind: ScopeKind::Whole, affected: Vec::new(), unaffected: Vec::new() }),
        digest_lists: Vec::new(),
        reasons: Vec::new(),
        fault: Some(Fault::PeopleHarm),
        texts: None,
        actions: Vec::new(),
        replacements: Vec::new(),
        derivatives: Vec::new(),
        appeal: None,
        publication_check: None,
        sensitive: false,
        prior: Vec::new(),
    }
}

pub(super) fn of_kind(kind: NoticeType, mut notice: Notice) -> Notice {
    notice.kind = kind;
    notice
}

pub(super) fn pointing(mut notice: Notice, relation: PriorRelation, target: NoticeId) -> Notice {
    notice.prior.push(Prior { relation, notice: target });
    notice
}

pub(super) fn derivative(text: &str, inherits: Inherits) -> Derivative {
    Derivative { id: Some(id(text)), title: None, display: None, relation: DerivativeRelation::Cleaned, inherits }
}

pub(super) fn statement(id: NoticeId, notice: Notice, voices: &[(&str, bool)]) -> Statement {
    let voice = |(host, may_lift): &(&str, bool)| Voice { lineage: lineage(host), may_lift: *may_lift };
    Statement { id, notice: Arc::new(notice.into()), voices: voices.iter().map(voice).collect(), first_index: None }
}

/// The notice said by the lineage of `did:web:<host>`.
pub(super) fn said_by(mut notice: Notice, host: &str) -> Statement {
    notice.issuer.id = lineage(host).did;
    statement(named(&format!("{notice:?}")), notice, &[(host, true)])
}

/// `pinned` names pinned hosts with one prefix each, `verified` hosts whose domain was verified.
pub(super) fn trusting(pinned: &[(&str, &str)], verified: &[&str]) -> Trust {
    let mut trust = Trust::default();
    for (host, prefix) in pinned {
        let standing = trust.lineages.entry(lineage(host)).or_default();
        *standing = Standing { pinned: true, prefixes: vec![(*prefix).to_owned()], domain_verified: false };
    }
    for host in verified {
        trust.lineages.entry(lineage(host)).or_default().domain_verified = true;
    }
    trust
}
