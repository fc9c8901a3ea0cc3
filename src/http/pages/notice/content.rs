//! What a notice says, line by line.

use crate::http::language::{Sentence, Speech};
use crate::http::pages::words;
use crate::ledger::notices::TextsState;
use crate::notice::{LocalisedText, Notice};

/// A reason, with what it means.
pub(super) struct ReasonLine {
    pub(super) name: Sentence,
    pub(super) meaning: Sentence,
}

/// An identifier of the dataset.
pub(super) struct SubjectLine {
    pub(super) id: String,
    /// How people write it, where that differs.
    pub(super) display: Option<String>,
    pub(super) role: Sentence,
}

/// How much of the dataset is meant.
pub(super) struct ScopeLine {
    pub(super) kind: Sentence,
    pub(super) affected: Vec<String>,
    pub(super) unaffected: Vec<String>,
}

/// A list of digests.
pub(super) struct ListLine {
    pub(super) sentence: String,
    pub(super) sha256: String,
}

/// What to use instead.
pub(super) struct ReplacementLine {
    pub(super) id: String,
    pub(super) text: String,
}

/// What was made from it.
pub(super) struct DerivativeLine {
    pub(super) name: String,
    pub(super) id: Option<String>,
    pub(super) sentence: String,
}

/// Where to read more.
pub(super) struct ReferenceLine {
    pub(super) kind: Sentence,
    pub(super) url: String,
    /// Only https is linked.
    pub(super) link: bool,
}

pub(super) fn reasons(t: Speech, notice: &Notice) -> Vec<ReasonLine> {
    let line = |code: &str| ReasonLine { name: t.code("reason", code), meaning: t.code("meaning", code) };
    notice.reasons.iter().map(|reason| line(reason.as_str())).collect()
}

pub(super) fn subjects(t: Speech, notice: &Notice) -> Vec<SubjectLine> {
    let lines = notice.subjects.iter().map(|subject| {
        let id = subject.id.to_string();
        let display = subject.display.clone().filter(|display| *display != id);
        SubjectLine { id, display, role: t.code("subject", subject.role.as_str()) }
    });
    lines.collect()
}

pub(super) fn scope(t: Speech, notice: &Notice) -> Option<ScopeLine> {
    let scope = notice.scope.as_ref()?;
    Some(ScopeLine {
        kind: t.code("scope", scope.kind.as_str()),
        affected: scope.affected.iter().map(words::scope_item).collect(),
        unaffected: scope.unaffected.iter().map(words::scope_item).collect(),
    })
}

pub(super) fn lists(t: Speech, notice: &Notice) -> Vec<ListLine> {
    let lines = notice.digest_lists.iter().map(|list| {
        let name = format!("list-{}", list.role);
        let sentence = t.say_of_two(&name, "count", list.count, "algorithm", list.algorithm.as_str());
        ListLine { sentence, sha256: list.sha256.to_string() }
    });
    lines.collect()
}

pub(super) fn replacements(notice: &Notice) -> Vec<ReplacementLine> {
    let lines = notice.replacements.iter().map(|one| {
        let id = one.id.to_string();
        ReplacementLine { text: one.display.clone().unwrap_or_else(|| id.clone()), id }
    });
    lines.collect()
}

pub(super) fn derivatives(t: Speech, notice: &Notice) -> Vec<DerivativeLine> {
    let lines = notice.derivatives.iter().filter_map(|derivative| {
        let id = derivative.id.as_ref().map(ToString::to_string);
        let name = derivative.title.clone().or_else(|| id.clone())?;
        let relation = t.code("relation", derivative.relation.as_str());
        let inherits = t.code("inherits", derivative.inherits.as_str());
        Some(DerivativeLine { name, id, sentence: format!("{relation}{} {inherits}", t.say("full-stop")) })
    });
    lines.collect()
}

/// What the issuer wrote, and where to read more.
pub(super) fn written(t: Speech, texts: TextsState) -> (Vec<LocalisedText>, Vec<ReferenceLine>) {
    let TextsState::Available(texts) = texts else { return Default::default() };
    let references = texts.references.into_iter().map(|reference| ReferenceLine {
        kind: t.code("reference", reference.kind.as_str()),
        link: reference.url.starts_with("https://"),
        url: reference.url,
    });
    // The reader's own language comes first, the others as they were signed.
    let (mut texts, references) = (texts.texts, references.collect());
    let reads = t.language().tag();
    texts.sort_by_key(|text| text.language.split('-').next() != Some(reads));
    (texts, references)
}
