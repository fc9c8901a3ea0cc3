//! What has a form of its own: addresses, magnet links, DOIs, arXiv ids, and calls of libraries that fetch data by name.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Rule};
use crate::notice::Identifier;

/// What becomes of the first group of a pattern, or of the whole match where there is none.
#[derive(Clone, Copy)]
enum Take {
    /// An address or a magnet link: it ends where prose goes on.
    Address,
    Doi,
    Arxiv,
    /// A dataset of the Hub, as `load_dataset` is given it.
    Hub,
    /// A repository of the Hub, when the call says that it is a dataset.
    HubRepository,
    Kaggle,
    /// A name of TensorFlow Datasets, which is nothing but a name.
    Name,
    /// A share id of Google Drive.
    Drive,
    Infohash,
}

/// What is looked for, in this order: what an earlier one took is left alone by later ones.
const PATTERNS: &[(Take, &str)] = &[
    (Take::Address, r#"magnet:\?[^\s"'<>`\\]+"#),
    (Take::Address, r#"\b(?:https?|ftp|s3|gs|hf)://[^\s"'<>`\\|{}\[\]^]+"#),
    (Take::Doi, r#"\b10\.\d{4,9}(?:\.\d+)*/[^\s"'<>{}`\\|^,;\[\]]+"#),
    (Take::Arxiv, r"(?i)\barxiv:\s*((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?)"),
    (Take::Arxiv, r#"(?i)\beprint\s*=\s*[{"](\d{4}\.\d{4,5}(?:v\d+)?)[}"]"#),
    (
        Take::Hub,
        r#"\b(?:load_dataset|load_dataset_builder|get_dataset_config_names|get_dataset_split_names)\s*\(\s*(?:path\s*=\s*)?[rbu]?["']([^"'\n]{1,200})["']"#,
    ),
    (Take::HubRepository, r#"\b(?:repo_id\s*=\s*|(?:snapshot_download|hf_hub_download)\s*\(\s*)["']([\w.-]+/[\w.-]+)["']"#),
    (Take::HubRepository, r"\b(?:huggingface-cli|hf)\s+download\s+(?:--\S+\s+(?:dataset\s+)?)*([\w.-]+/[\w.-]+)"),
    (
        Take::Kaggle,
        r#"\bkagglehub\.(?:dataset_download|dataset_load|load_dataset)\s*\((?:[^"'()]{0,80},)?\s*(?:handle\s*=\s*)?["']([^"'\n]+)["']"#,
    ),
    (Take::Kaggle, r"\bkaggle\s+datasets\s+download\s+(?:-\S+\s+)*([\w-]+/[\w.-]+)"),
    (Take::Name, r#"\btfds\.(?:load|builder|data_source)\s*\(\s*(?:name\s*=\s*)?["'](\w+)"#),
    (Take::Drive, r#"["']((?:1[\w-]{32}|0B[\w-]{26}))["']"#),
    (Take::Drive, r"\bgdown\s+(?:--id[= ]\s*)?([\w-]{25,44})\b"),
    (Take::Infohash, r#"\b(?:at|academictorrents)\.(?:get|set_mirrors)\s*\(\s*["']([0-9a-fA-F]{40})["']"#),
];

static COMPILED: LazyLock<Vec<(Take, Regex)>> = LazyLock::new(|| {
    // All of them compile, as a test says.
    PATTERNS.iter().filter_map(|(take, pattern)| Some((*take, Regex::new(pattern).ok()?))).collect()
});

/// Builders of Hugging Face Datasets that read local files: the name of none of them is a dataset.
const PACKAGED: [&str; 14] = [
    "csv",
    "json",
    "text",
    "parquet",
    "arrow",
    "pandas",
    "imagefolder",
    "audiofolder",
    "videofolder",
    "pdffolder",
    "webdataset",
    "xml",
    "sql",
    "spark",
];

/// How far around a call its other arguments are looked for, in bytes.
const CALL: usize = 400;

pub(super) fn apply(text: &str) -> Vec<Found> {
    let drives = ["gdown", "drive.google", "google_drive", "googledrive", "gdrive", "googleapis.com/drive"];
    let lower = text.to_ascii_lowercase();
    let fetches_from_drive = drives.iter().any(|word| lower.contains(word));
    let mut found: Vec<Found> = Vec::new();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (take, pattern) in COMPILED.iter() {
        if matches!(take, Take::Drive) && !fetches_from_drive {
            continue;
        }
        for captures in pattern.captures_iter(text) {
            let Some(matched) = captures.get(1).or_else(|| captures.get(0)) else { continue };
            if taken.iter().any(|(from, to)| matched.start() < *to && *from < matched.end()) {
                continue;
            }
            if matches!(take, Take::Address) {
                taken.push((matched.start(), matched.end()));
            }
            let Some((identifier, rule)) = identifier(*take, matched.as_str(), text, matched.end()) else { continue };
            found.push(Found { at: matched.start(), end: matched.end(), identifier, rule });
        }
    }
    found
}

fn identifier(take: Take, value: &str, text: &str, end: usize) -> Option<(Identifier, Rule)> {
    let normal = |text: String| Identifier::normalise(&text).ok();
    let rest = text.get(end..).unwrap_or_default();
    let named = match take {
        Take::Address => {
            let is_template = rest.starts_with(['{', '[']) || ["$", "%s", "%d", "%("].iter().any(|sign| value.contains(sign));
            (!is_template).then(|| without_end(value)).and_then(|address| Identifier::normalise(address).ok())
        }
        Take::Doi if rest.starts_with(['{', '<']) => None,
        Take::Doi => return Some((normal(format!("doi:{}", without_end(value)))?, Rule::Cited)),
        Take::Arxiv => return Some((normal(format!("arxiv:{value}"))?, Rule::Cited)),
        Take::Hub => hub(value, rest),
        Take::HubRepository => {
            let call = around(text, end);
            let is_dataset = ["repo_type=\"dataset\"", "repo_type='dataset'", "--repo-type dataset", "--repo-type=dataset"]
                .iter()
                .any(|word| call.replace(" = ", "=").contains(word));
            is_dataset.then(|| hub(value, rest)).flatten()
        }
        Take::Kaggle => normal(format!("kaggle:{value}")),
        Take::Name => Identifier::of_name(value).ok(),
        Take::Drive => normal(format!("gdrive:{value}")),
        Take::Infohash => normal(format!("btih:{value}")),
    };
    Some((named?, Rule::Named))
}

/// A dataset as `load_dataset` is given it: a path of this machine and a builder of local files are none.
fn hub(value: &str, rest: &str) -> Option<Identifier> {
    let is_path = value.starts_with(['.', '/', '~']) || value.contains("//") || value.contains(['{', '$', '%', '\\']);
    let is_file = [".py", ".csv", ".json", ".jsonl", ".parquet", ".txt"].iter().any(|ending| value.ends_with(ending));
    if is_path || is_file || PACKAGED.contains(&value) {
        return None;
    }
    let revision = revision(rest).map(|commit| format!("@{commit}")).unwrap_or_default();
    Identifier::normalise(&format!("hf:datasets/{value}{revision}")).ok()
}

/// The commit that the same call asks for.
fn revision(rest: &str) -> Option<&str> {
    let call = rest.split(')').next()?;
    let (_, after) = call.split_once("revision")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start().strip_prefix(['"', '\''])?;
    let commit = value.get(..40)?;
    let is_commit = commit.bytes().all(|b| b.is_ascii_hexdigit()) && value.get(40..)?.starts_with(['"', '\'']);
    is_commit.then_some(commit)
}

/// The line of a shell, or the call of a program, that a place stands in.
fn around(text: &str, at: usize) -> &str {
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let from = boundary(at.saturating_sub(CALL));
    let to = boundary((at + CALL).min(text.len()));
    let before = text.get(from..at).unwrap_or_default();
    let begin = before.rfind(['(', '\n']).map_or(from, |n| from + n);
    let after = text.get(at..to).unwrap_or_default();
    let end = after.find([')', ';']).map_or(to, |n| at + n);
    text.get(begin..end).unwrap_or_default()
}

/// An address or a DOI without what belongs to the sentence around it.
fn without_end(text: &str) -> &str {
    let mut text = text;
    loop {
        let shorter = text.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '"', '\'']);
        let unbalanced = shorter.ends_with(')') && shorter.matches(')').count() > shorter.matches('(').count();
        let shorter = if unbalanced { shorter.strip_suffix(')').unwrap_or(shorter) } else { shorter };
        if shorter.len() == text.len() {
            return text;
        }
        text = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(COMPILED.len(), PATTERNS.len());
    }

    #[test]
    fn the_end_of_a_sentence_is_no_part_of_an_address() {
        assert_eq!(without_end("https://example.org/a_(b)."), "https://example.org/a_(b)");
        assert_eq!(without_end("https://example.org/a)."), "https://example.org/a");
    }
}
