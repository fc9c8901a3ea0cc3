//! `arxiv:`, articles on arXiv: identifiers of the paper that describes a dataset (source: arXiv's page "Understanding the arXiv
//! identifier").

use super::known_hosts::Page;
use super::{Identifier, IdentifierError, Scheme};

/// Why a text is no arXiv id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArxivFault {
    /// Neither `2101.00027` nor `hep-th/9901001`, with or without a version.
    #[error("an arXiv id is written 2101.00027 or hep-th/9901001, with or without a version such as v2")]
    Form,
}

impl ArxivFault {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "called like the rules of all faults")]
    pub(super) fn rule(&self) -> &'static str {
        match self {
            Self::Form => "arxiv-form",
        }
    }
}

/// Reads what stands behind `arxiv:`.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let lower = text.to_ascii_lowercase();
    let bare = without_affixes(&lower);
    let (article, version) = split_version(bare);
    let well_formed = version.is_none_or(is_version) && (is_new_style(article) || is_old_style(article));
    if !well_formed {
        return Err(ArxivFault::Form.into());
    }
    // The subject class of an old id (math.GT/0309136) is decoration: arXiv itself finds the article without it.
    let article = match article.split_once('/') {
        Some((archive, number)) => format!("{}/{number}", archive.split('.').next().unwrap_or(archive)),
        None => article.to_owned(),
    };
    let version = version.map(|version| format!("v{version}")).unwrap_or_default();
    Identifier::assemble(Scheme::Arxiv, &format!("{article}{version}"))
}

/// `arxiv.org/abs/ID`, `/pdf/ID` and `/html/ID`; other pages are pages.
pub(super) fn page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    match page.segments.as_slice() {
        ["abs" | "pdf" | "html", id @ ..] if !id.is_empty() => Some(identifier(&id.join("/"))),
        _ => None,
    }
}

/// Cuts a version off an article id: (`2101.00027`, `2`).
pub(super) fn split_version(id: &str) -> (&str, Option<&str>) {
    match id.rsplit_once('v') {
        Some((article, version)) if article.ends_with(|c: char| c.is_ascii_digit()) => (article, Some(version)),
        _ => (id, None),
    }
}

fn without_affixes(text: &str) -> &str {
    let mut rest = text.trim();
    loop {
        let bare = ["arxiv:", "abs/", "pdf/"]
            .iter()
            .find_map(|prefix| rest.strip_prefix(prefix))
            .or_else(|| rest.strip_suffix(".pdf"));
        match bare {
            Some(bare) => rest = bare.trim(),
            None => return rest,
        }
    }
}

fn is_version(version: &str) -> bool {
    version.len() <= 4 && !version.starts_with('0') && is_digits(version)
}

/// `YYMM.NNNN` or `YYMM.NNNNN`, since April 2007.
fn is_new_style(article: &str) -> bool {
    article.split_once('.').is_some_and(|(month, number)| {
        month.len() == 4 && is_digits(month) && has_month(month) && matches!(number.len(), 4 | 5) && is_digits(number)
    })
}

/// `archive/YYMMNNN` or `archive.class/YYMMNNN`, until March 2007.
fn is_old_style(article: &str) -> bool {
    article.split_once('/').is_some_and(|(archive, number)| {
        let (archive, class) = archive.split_once('.').unwrap_or((archive, "xx"));
        let archive_ok = archive.starts_with(|c: char| c.is_ascii_lowercase())
            && !archive.ends_with('-')
            && archive.len() <= 16
            && archive.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let class_ok = class.len() <= 16
            && class.starts_with(|c: char| c.is_ascii_lowercase())
            && class.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        archive_ok && class_ok && number.len() == 7 && is_digits(number) && has_month(number)
    })
}

fn has_month(year_month: &str) -> bool {
    year_month.get(2..4).is_some_and(|month| ("01"..="12").contains(&month))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_suffix_and_subject_class_are_dropped() {
        assert_eq!(identifier("arXiv:abs/math.GT/0309136v2").unwrap().as_str(), "arxiv:math/0309136v2");
        assert_eq!(identifier("pdf/1710.08092v2.pdf").unwrap().as_str(), "arxiv:1710.08092v2");
    }

    #[test]
    fn a_thirteenth_month_is_refused() {
        assert_eq!(identifier("1713.08092").unwrap_err().rule(), "arxiv-form");
    }
}
