//! One scan and what two ledgers said about it, for the tests of every format.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::gathering::gather;
use super::ignores::Ignore;
use super::{Asked, Findings, FindingsArguments};
use crate::client::answers::{CheckAnswer, NoticeAnswer};
use crate::notice::{Identifier, NoticeId};
use crate::scan::{Evidence, Inventory, Place, Relation, Sighting, Source, Why};
use crate::verdict::Verdict;

pub(super) const RETRACTION: &str = "1111111111111111111111111111111111111111111111111111111111111111";
pub(super) const CONCERN: &str = "2222222222222222222222222222222222222222222222222222222222222222";
pub(super) const FACES: &str = "doi:10.5281/zenodo.1234567";
pub(super) const FILE: &str = "sha256:6c17d1b3aa0a1f7a2a7c1d3f5b0f5c0e7b7a9d3b1c2d3e4f5a6b7c8d9e0f1a2b";
pub(super) const OTHER: &str = "hf:datasets/acme/voices";
pub(super) const UNKNOWN: &str = "doi:10.5281/zenodo.7";

pub(super) fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub(super) fn arguments() -> FindingsArguments {
    FindingsArguments {
        fail_on: Verdict::DerivedFromRetracted,
        max_age: TimeDelta::days(7),
        strict: false,
        allow_empty: false,
        baseline: None,
        report: None,
        out: None,
    }
}

pub(super) fn saw(inventory: &mut Inventory, id: &str, place: Place, evidence: Evidence, relation: Relation) {
    let identifier = Identifier::normalise(id).unwrap();
    inventory.saw(Sighting { identifier, place, source: Source::Croissant, evidence, relation });
}

/// A file that was hashed, metadata that names the same dataset, and code that names both it and another one.
pub(super) fn inventory() -> Inventory {
    let mut inventory = Inventory::of(vec![".".to_owned()]);
    let file = |path: &str| Place::named(0, path);
    saw(&mut inventory, FILE, file("data/a b.tar"), Evidence::BytesHashed, Relation::File);
    saw(&mut inventory, FACES, file("croissant.json").member("/citeAs"), Evidence::NamedInMetadata, Relation::Itself);
    saw(&mut inventory, FILE, file("load.py").at(12, 7), Evidence::NamedInCode, Relation::Used);
    saw(&mut inventory, OTHER, file("load.py").at(14, 21), Evidence::NamedInCode, Relation::Used);
    saw(&mut inventory, UNKNOWN, file("README.md").at(3, 1), Evidence::NamedInCode, Relation::Used);
    inventory.remark(
        file("croissant.json").member("/distribution/0"),
        Why::Ignored {
            field: "sha256".to_owned(),
            value: "https://github.com/mlcommons/croissant/issues/80".to_owned(),
            rule: "digest-form",
            reason: "a sha256 digest is written in hex or base64".to_owned(),
        },
    );
    inventory.counts.files = 4;
    inventory.sort();
    inventory
}

fn matched(notice: &str, verdict: &str, strength: &str, subject: &str) -> Value {
    json!({"notice": notice, "index": 0, "type": if notice == RETRACTION { "retraction" } else { "expression-of-concern" },
        "issuer": "did:web:example.org", "role": "publisher", "authority": "owner", "basis": "domain-match",
        "strength": strength, "coverage": "full", "verdict": verdict, "subject": subject})
}

fn answer(id: &str, verdict: &str, matches: &[Value]) -> Value {
    json!({"asked": id, "id": id, "verdict": verdict, "matches": matches})
}

/// What a ledger says about [`inventory`], as of `time`.
pub(super) fn asked_at(time: &str) -> Asked {
    let answers = [
        answer(FACES, "retracted", &[matched(RETRACTION, "retracted", "id", FACES)]),
        answer(FILE, "retracted", &[matched(RETRACTION, "retracted", "exact-bytes", FILE)]),
        answer(OTHER, "concern", &[matched(CONCERN, "concern", "id", OTHER)]),
        answer(UNKNOWN, "no-notice", &[]),
    ];
    let body = json!({"origin": "ledger.example.org/log", "tree_size": 812, "checkpoint_time": time, "trust": "00", "answers": answers});
    let notice = |title: &str, more: Value| {
        let mut payload = json!({"dataset": {"title": title}, "issued": "2026-01-02T03:04:05Z"});
        payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value::<NoticeAnswer>(json!({"payload": payload, "issuer_name": "Example Vision Lab"})).unwrap()
    };
    let retraction = json!({"effective": "2019-06", "reasons": ["consent"], "actions": [{"do": "delete", "deadline": "2026-12-31"}],
        "replacements": [{"id": "doi:10.5281/zenodo.7654321"}]});
    Asked {
        at: "https://ledger.example.org/".to_owned(),
        parts: vec![CheckAnswer::read(body).unwrap()],
        notices: BTreeMap::from([
            (NoticeId::parse(RETRACTION).unwrap(), notice("Example Faces 1M", retraction)),
            (NoticeId::parse(CONCERN).unwrap(), notice("Acme Voices", json!({}))),
        ]),
        needed: None,
        interrupted: None,
        broken: Vec::new(),
    }
}

pub(super) fn asked() -> Asked {
    asked_at("2026-11-23T11:59:30Z")
}

pub(super) fn findings_with(arguments: &FindingsArguments, asked: Asked, ignores: Vec<Ignore>) -> Findings {
    gather(&inventory(), asked, ignores, None, arguments, now())
}

pub(super) fn findings() -> Findings {
    findings_with(&arguments(), asked(), Vec::new())
}
