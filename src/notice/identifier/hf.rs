//! `hf:`, repositories of the Hugging Face Hub: `datasets/owner/name[@commit]` and `models/owner/name[@commit]`.
//!
//! The Hub finds a repository whatever the case, so the normal form is lower case. Only a full commit is a version; branch and tag
//! names move and are dropped. Datasets and models from before owners existed keep their bare name (`datasets/eli5`).

use super::known_hosts::Page;
use super::{Identifier, IdentifierError, Scheme, lower_hex};

/// Why a text is no Hub repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HfFault {
    /// Neither `datasets/` nor `models/` in front.
    #[error("write hf:datasets/owner/name or hf:models/owner/name")]
    Kind,
    /// A name the Hub would not give.
    #[error("a Hub name has 1 to 96 letters, digits, - _ and . , no -- or .., and neither - nor . at its ends")]
    Name,
    /// More than a repository and perhaps a revision.
    #[error("write the repository alone, without the path of a file in it")]
    Path,
}

impl HfFault {
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Kind => "hf-kind",
            Self::Name => "hf-name",
            Self::Path => "hf-path",
        }
    }
}

/// What stands between a repository and a revision in the paths of the Hub.
const REVISION_VERBS: [&str; 4] = ["resolve", "tree", "blob", "raw"];

/// First segments of Hub pages that are not owners of models. Frozen with version 1.
const PAGES: [&str; 33] = [
    "activity",
    "api",
    "autotrain",
    "blog",
    "brand",
    "chat",
    "collections",
    "datasets",
    "docs",
    "enterprise",
    "inference",
    "inference-endpoints",
    "join",
    "learn",
    "login",
    "logout",
    "models",
    "new",
    "notifications",
    "organizations",
    "papers",
    "posts",
    "pricing",
    "privacy",
    "search",
    "security",
    "settings",
    "spaces",
    "storage",
    "support",
    "tasks",
    "terms-of-service",
    "welcome",
];

/// A repository that was found at the beginning of a path.
struct Repository<'p> {
    name: String,
    revision: Option<&'p str>,
    /// What follows the repository and is no revision.
    tail: &'p [&'p str],
}

/// Reads what stands behind `hf:`, such as `datasets/owner/name@main`.
pub(super) fn identifier(text: &str) -> Result<Identifier, IdentifierError> {
    let lower = text.trim().trim_matches('/').to_ascii_lowercase();
    let segments: Vec<&str> = lower.split('/').collect();
    let Some((kind @ (&"datasets" | &"models"), path)) = segments.split_first() else { return Err(HfFault::Kind.into()) };
    let repository = repository(path)?;
    if !repository.tail.is_empty() {
        return Err(HfFault::Path.into());
    }
    assemble(kind, &repository)
}

/// Reads what stands behind `hf://`, the paths of Hub file systems: models have no `models/` there, and a file may follow.
pub(super) fn file_system(text: &str) -> Result<Identifier, IdentifierError> {
    let lower = text.trim_matches('/').to_ascii_lowercase();
    let segments: Vec<&str> = lower.split('/').collect();
    match segments.split_first() {
        Some((kind @ (&"datasets" | &"models"), path)) => assemble(kind, &repository(path)?),
        Some((&"spaces" | &"buckets", _)) => Err(HfFault::Kind.into()),
        _ => assemble("models", &repository(&segments)?),
    }
}

/// A page of the Hub: the repository it shows or serves a file of. Discussions, organisations and the like stay pages.
pub(super) fn page(page: &Page) -> Option<Result<Identifier, IdentifierError>> {
    let lower: Vec<String> = page.segments.iter().map(|segment| segment.to_ascii_lowercase()).collect();
    let segments: Vec<&str> = lower.iter().map(String::as_str).collect();
    let (kind, path) = match segments.split_first()? {
        (&"datasets", []) => return None,
        (&"datasets", path) => ("datasets", path),
        // One segment alone is an organisation or an old model, and nobody can tell which.
        (first, path) if path.is_empty() || PAGES.contains(first) => return None,
        _ => ("models", segments.as_slice()),
    };
    let repository = match repository(path) {
        Ok(repository) => repository,
        Err(error) => return Some(Err(error)),
    };
    let shows_it = matches!(repository.tail, [] | ["viewer", ..]);
    shows_it.then(|| assemble(kind, &repository))
}

fn repository<'p>(path: &'p [&'p str]) -> Result<Repository<'p>, IdentifierError> {
    let (names, rest) = match path {
        [name, verb, _, ..] if REVISION_VERBS.contains(verb) || *verb == "viewer" => path.split_at(1),
        [name, ..] if name.contains('@') => path.split_at(1),
        [_, _, ..] => path.split_at(2),
        _ => path.split_at(path.len()),
    };
    let (names, at) = match names.split_last() {
        Some((last, owner)) => {
            let (last, revision) = last.split_once('@').map_or((*last, None), |(name, revision)| (name, Some(revision)));
            (owner.iter().copied().chain([last]).collect::<Vec<_>>(), revision)
        }
        None => return Err(HfFault::Name.into()),
    };
    let name = names.join("/");
    let name = without_git_suffix(&name);
    if !name.split('/').all(is_name) {
        return Err(HfFault::Name.into());
    }
    let (revision, tail): (_, &[&str]) = match rest {
        // After `@` everything belongs to the revision or is a file: refs/convert/parquet, main/data/x.csv.
        _ if at.is_some() => (at, &[]),
        [verb, revision, ..] if REVISION_VERBS.contains(verb) => (Some(*revision), &[]),
        _ => (None, rest),
    };
    Ok(Repository { name: name.to_owned(), revision, tail })
}

fn assemble(kind: &str, repository: &Repository) -> Result<Identifier, IdentifierError> {
    let name = &repository.name;
    let value = match repository.revision.and_then(|revision| lower_hex(revision, 40)) {
        Some(commit) => format!("{kind}/{name}@{commit}"),
        None => format!("{kind}/{name}"),
    };
    Identifier::assemble(Scheme::Hf, &value)
}

/// Git clients may add `.git` to the address of a repository; the Hub gives no such names.
fn without_git_suffix(mut name: &str) -> &str {
    while let Some(shorter) = name.strip_suffix(".git") {
        name = shorter;
    }
    name
}

fn is_name(name: &str) -> bool {
    (1..=96).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.'))
        && !name.contains("--")
        && !name.contains("..")
        && !name.starts_with(['-', '.'])
        && !name.ends_with(['-', '.'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn a_commit_is_kept_and_a_branch_is_dropped() {
        assert_eq!(
            identifier(&format!("datasets/A/B@{}", COMMIT.to_uppercase())).unwrap().value(),
            format!("datasets/a/b@{COMMIT}")
        );
        assert_eq!(identifier("datasets/A/B@main").unwrap().value(), "datasets/a/b");
        assert_eq!(identifier("datasets/a/b@refs/convert/parquet").unwrap().value(), "datasets/a/b");
        assert_eq!(
            identifier(&format!("datasets/eli5/tree/{COMMIT}/data")).unwrap().value(),
            format!("datasets/eli5@{COMMIT}")
        );
    }

    #[test]
    fn file_system_paths_name_their_repository() {
        assert_eq!(file_system("datasets/a/b/data/x.csv").unwrap().value(), "datasets/a/b");
        assert_eq!(file_system(&format!("a/b@{COMMIT}/model.bin")).unwrap().value(), format!("models/a/b@{COMMIT}"));
        assert_eq!(file_system("spaces/a/b").unwrap_err(), HfFault::Kind.into());
    }

    #[test]
    fn names_the_hub_would_not_give_are_refused() {
        for text in
            ["datasets/a--b/c", "datasets/a/..", "datasets/-a/b", "datasets/a/b.", "datasets/a/ü", "datasets//b", "datasets"]
        {
            assert_eq!(identifier(text).unwrap_err(), HfFault::Name.into(), "{text}");
        }
    }
}
