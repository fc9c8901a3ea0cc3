//! `kaggle:`, datasets on Kaggle: `owner/slug[/versions/N]`, in lower case as Kaggle writes them.

use super::known_hosts::Page;
use super::{Identifier, IdentifierError, Scheme};

/// Why a text is no Kaggle dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KaggleFault {
    /// Not `owner/slug` or `owner/slug/versions/N`.
    #[error("a Kaggle dataset is written owner/slug or owner/slug/versions/N, in letters, digits, - and _")]
    Form,
    /// A version that is no number from 1 on.
    #[error("a Kaggle version is a decimal number from 1 on, without leading zeros")]
    Version,
}

impl KaggleFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Form => "kaggle-form",
            Self::Version => "kaggle-version",
        }
    }
}

/// What stands between a dataset and its version.
pub(super) const VERSIONS: &str = "/versions/";

/// Reads what stands behind `kaggle:`; the `datasets/` of paths may stand in front.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let mut bare = text.trim().trim_matches('/');
    while let Some(shorter) = super::strip_prefix_any_case(bare, "datasets/") {
        bare = shorter;
    }
    match bare.split('/').collect::<Vec<_>>().as_slice() {
        [owner, slug] => dataset(owner, slug, None),
        [owner, slug, versions, number] if versions.eq_ignore_ascii_case("versions") => dataset(owner, slug, Some(number)),
        _ => Err(KaggleFault::Form.into()),
    }
}

/// `kaggle.com/datasets/owner/slug` and the download address of the API; a version may stand in the path or in the query.
pub(super) fn page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    let (owner, slug, in_path) = match page.segments.as_slice() {
        ["datasets", owner, slug, "versions", number, ..] => (owner, slug, Some((*number).to_owned())),
        ["datasets", owner, slug]
        | ["datasets", owner, slug, "data" | "download"]
        | ["api", "v1", "datasets", "download", owner, slug, ..] => (owner, slug, None),
        _ => return None,
    };
    let version = in_path.or_else(|| page.query("datasetVersionNumber")).or_else(|| page.query("dataset_version_number"));
    Some(dataset(owner, slug, version.as_deref()))
}

fn dataset(owner: &str, slug: &str, version: Option<&str>) -> Result<Identifier, IdentifierError> {
    let (owner, slug) = (owner.to_ascii_lowercase(), slug.to_ascii_lowercase());
    // `datasets/` in front of an owner is dropped, so nobody can be called so.
    if owner == "datasets" || !is_slug(&owner) || !is_slug(&slug) {
        return Err(KaggleFault::Form.into());
    }
    let Some(number) = version else { return Identifier::assemble(Scheme::Kaggle, &format!("{owner}/{slug}")) };
    if number.starts_with('0') || !(1..=9).contains(&number.len()) || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(KaggleFault::Version.into());
    }
    Identifier::assemble(Scheme::Kaggle, &format!("{owner}/{slug}{VERSIONS}{number}"))
}

fn is_slug(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
}
