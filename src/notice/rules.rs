//! The rules between the fields of a notice (domain, section 2, "Rules of form").
//!
//! A rule speaks only when what it is about could be read: a faulty `type` is reported once, and not again by every rule that
//! depends on it.

use super::parse::Reading;
use super::{
    DigestAlgorithm, DigestListRole, Fault, FormRule, Identifier, IssuerRole, NoticeType, PriorRelation, Reason, Scheme,
    ScopeItem,
};
use crate::strict_json::{Flaws, Pointer};

/// What a type of notice wants of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
    Refused,
}

/// The fields whose need depends on the type.
const FIELDS_BY_TYPE: [&str; 5] = ["scope", "reasons", "fault", "actions", "appeal"];

fn need(kind: NoticeType, field: &str) -> Need {
    match (kind, field) {
        (NoticeType::Revocation | NoticeType::Response, _) | (NoticeType::Reinstatement, "fault" | "appeal") => Need::Refused,
        (NoticeType::Reinstatement, "reasons" | "actions") | (_, "appeal") => Need::Optional,
        _ => Need::Required,
    }
}

/// Whether `kind` needs a way to object when its issuer is the publisher or the host.
fn can_be_appealed(kind: NoticeType) -> bool {
    matches!(
        kind,
        NoticeType::Retraction | NoticeType::PartialRetraction | NoticeType::Removal | NoticeType::ExpressionOfConcern
    )
}

/// Reports every rule between fields that the notice breaks.
pub(super) fn check(notice: &Reading<'_>, flaws: &mut Flaws) {
    fields_of_the_type(notice, flaws);
    duties_of_the_issuer(notice, flaws);
    relations(notice, flaws);
    retraction(notice, flaws);
    scope(notice, flaws);
    sensitive(notice, flaws);
}

fn fields_of_the_type(notice: &Reading<'_>, flaws: &mut Flaws) {
    let Some(kind) = notice.kind else { return };
    for field in FIELDS_BY_TYPE {
        let at = || Pointer::root().field(field);
        match (need(kind, field), notice.has(field)) {
            (Need::Required, false) => flaws.add(&at(), FormRule::MissingField, format!("a {kind} needs this field")),
            (Need::Refused, true) => flaws.add(&at(), FormRule::FieldNotAllowed, format!("a {kind} has no such field")),
            _ => {}
        }
    }
}

/// Publisher and host must explain themselves and give a way to object.
fn duties_of_the_issuer(notice: &Reading<'_>, flaws: &mut Flaws) {
    let Some(role) = notice.role else { return };
    let explains = matches!(role, IssuerRole::Publisher | IssuerRole::Host);
    if explains && !notice.has("texts") {
        let at = Pointer::root().field("texts");
        flaws.add(&at, FormRule::TextsRequired, format!("a {role} must say why: name the texts document"));
    }
    if explains && notice.kind.is_some_and(can_be_appealed) && !notice.has("appeal") {
        let at = Pointer::root().field("appeal");
        flaws.add(&at, FormRule::AppealRequired, format!("a {role} must give an https URL where to object"));
    }
    if !matches!(role, IssuerRole::Observer | IssuerRole::Host) {
        for reason in notice.reasons.iter().filter(|r| r.value == Reason::NotStated) {
            let message = format!("only an observer or a host may leave the reason open, not a {role}");
            flaws.add(&reason.at, FormRule::NotStatedReserved, message);
        }
    }
}

fn relations(notice: &Reading<'_>, flaws: &mut Flaws) {
    let Some(kind) = notice.kind else { return };
    let needed = match kind {
        NoticeType::Reinstatement => Some(PriorRelation::Reinstates),
        NoticeType::Revocation => Some(PriorRelation::Revokes),
        // An answer to nothing would say nothing.
        NoticeType::Response => Some(PriorRelation::Disputes),
        _ => None,
    };
    for prior in &notice.prior {
        let relation = prior.value.relation;
        let allowed = match relation {
            PriorRelation::Reinstates => kind == NoticeType::Reinstatement,
            PriorRelation::Revokes => kind == NoticeType::Revocation,
            PriorRelation::Disputes => true,
            PriorRelation::Amends | PriorRelation::Replaces => kind != NoticeType::Response,
        };
        if !allowed {
            let message = format!("a {kind} must not carry the relation {relation}");
            flaws.add(&prior.at.field("relation"), FormRule::RelationNotAllowed, message);
        }
    }
    if let Some(needed) = needed
        && !notice.unread.contains(&"prior")
        && !notice.prior.iter().any(|p| p.value.relation == needed)
    {
        let message = format!("a {kind} must name at least one notice that it {needed}");
        flaws.add(&Pointer::root().field("prior"), FormRule::RelationRequired, message);
    }
}

fn retraction(notice: &Reading<'_>, flaws: &mut Flaws) {
    if notice.kind != Some(NoticeType::Retraction) {
        return;
    }
    if notice.fault == Some(Fault::None) {
        let message = "a retraction says that something is wrong; where nothing is, this is a removal";
        flaws.add(&Pointer::root().field("fault"), FormRule::RetractionWithoutFault, message);
    }
    if notice.scope.as_ref().and_then(|s| s.kind).is_some_and(super::ScopeKind::is_partial) {
        let message = "a retraction of a part is a partial-retraction";
        flaws.add(&Pointer::root().field("scope").field("kind"), FormRule::RetractionOfAPart, message);
    }
}

fn scope(notice: &Reading<'_>, flaws: &mut Flaws) {
    let Some(scope) = &notice.scope else { return };
    let lists_affected =
        notice.unread.contains(&"digest_lists") || notice.digest_lists.iter().any(|l| l.value.role == DigestListRole::Affected);
    if scope.kind.is_some_and(super::ScopeKind::is_partial) && !scope.names_affected && !lists_affected {
        let message = "a partial scope needs affected items or a digest list of the affected files";
        flaws.add(&Pointer::root().field("scope"), FormRule::AffectedRequired, message);
    }
    for item in &scope.unaffected {
        if scope.affected.iter().any(|affected| affected.value == item.value) {
            flaws.add(&item.at, FormRule::AffectedAndUnaffected, "stands among the affected items too");
        }
    }
}

/// A notice that hides some of its digests and shows others would only help to guess the hidden ones.
fn nothing_blinded(notice: &Reading<'_>, flaws: &mut Flaws) {
    let message = "blinded digests are for notices with sensitive = true";
    for list in notice.digest_lists.iter().filter(|l| l.value.algorithm == DigestAlgorithm::Blind) {
        flaws.add(&list.at.field("algorithm"), FormRule::BlindedButNotSensitive, message);
    }
    for subject in notice.subjects.iter().filter(|s| s.value.id.scheme() == Scheme::Blind) {
        flaws.add(&subject.at.field("id"), FormRule::BlindedButNotSensitive, message);
    }
    for item in notice.scope.iter().flat_map(|s| s.affected.iter().chain(&s.unaffected)) {
        if matches!(&item.value, ScopeItem::Id(id) if id.scheme() == Scheme::Blind) {
            flaws.add(&item.at, FormRule::BlindedButNotSensitive, message);
        }
    }
}

/// A sensitive notice must be no shopping list: nothing in it leads to the content.
fn sensitive(notice: &Reading<'_>, flaws: &mut Flaws) {
    if !notice.sensitive {
        nothing_blinded(notice, flaws);
        return;
    }
    for field in ["replacements", "derivatives"] {
        if notice.has(field) {
            let message = "a sensitive notice has no such field";
            flaws.add(&Pointer::root().field(field), FormRule::FieldNotAllowed, message);
        }
    }
    let message = "a sensitive notice names things by name: or blinded only";
    let names_nothing = |id: &Identifier| matches!(id.scheme(), Scheme::Name | Scheme::Blind);
    for subject in notice.subjects.iter().filter(|s| !names_nothing(&s.value.id)) {
        flaws.add(&subject.at.field("id"), FormRule::NotBlinded, message);
    }
    let items = notice.scope.iter().flat_map(|s| s.affected.iter().chain(&s.unaffected));
    for item in items {
        if matches!(&item.value, ScopeItem::Id(id) if !names_nothing(id)) {
            flaws.add(&item.at, FormRule::NotBlinded, message);
        }
    }
    for list in notice.digest_lists.iter().filter(|l| l.value.algorithm != DigestAlgorithm::Blind) {
        flaws.add(&list.at.field("algorithm"), FormRule::NotBlinded, message);
    }
}
