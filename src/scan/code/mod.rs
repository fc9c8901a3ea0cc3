//! Constants in code: what a loader, a notebook, a script, a README or a bibliography fetches or cites.
//!
//! They are the lockfile of datasets: the same MD5, torrent and share id stand in loaders that fetch from different places (domain,
//! section 1, findings 1 and 2). Nothing here is run or imported; files are read as text. A sighting says where the constant begins, with
//! line and column, in a notebook with the cell too, and is never more than "named in code, bytes not seen".
//!
//! Bare digits are taken only where something says what they are, since 32 digits may be a secret and 40 are mostly a commit: see
//! [`digits`]. Templates such as `https://example.org/{name}` name nothing. A value that is no identifier is passed over without a remark:
//! code holds all sorts of texts, and unlike metadata it does not claim that they identify data.

mod digits;
mod notebook;
mod rules;

use std::collections::HashSet;

use super::{Evidence, Notes, Relation};
use crate::notice::{Identifier, Scheme};

/// Largest file that is read as code, in bytes; what is larger is data.
pub const MOST_OF_CODE: u64 = 4 << 20;
/// The same of notebooks, which hold pictures.
pub const MOST_OF_A_NOTEBOOK: u64 = 64 << 20;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Any language whose strings stand in quotes, scripts and configuration among them.
    Code,
    /// Text for people, and bibliographies: what it cites describes.
    Prose,
    /// A Jupyter notebook.
    Notebook,
}

impl Language {
    /// How a file of this name is read as code; `None` when it is not.
    pub fn of_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let (stem, ending) = lower.rsplit_once('.').unwrap_or((&lower, ""));
        match ending {
            "py" | "pyi" | "pyx" | "r" | "jl" | "sh" | "bash" | "zsh" | "ps1" | "yaml" | "yml" | "toml" | "cfg" | "ini"
            | "js" | "ts" | "m" | "lua" | "scala" | "java" | "cpp" | "cc" | "h" | "rs" | "go" | "smk" | "nf" | "wdl"
            | "cwl" | "mk" => Some(Self::Code),
            "md" | "rst" | "rmd" | "qmd" | "bib" | "tex" | "org" | "adoc" => Some(Self::Prose),
            "ipynb" => Some(Self::Notebook),
            "txt" | "" if stem.starts_with("readme") => Some(Self::Prose),
            "" if matches!(stem, "dockerfile" | "makefile" | "snakefile" | "rakefile" | "justfile") => Some(Self::Code),
            _ => None,
        }
    }

    /// Largest file that is read, in bytes.
    pub fn limit(self) -> u64 {
        if self == Self::Notebook { MOST_OF_A_NOTEBOOK } else { MOST_OF_CODE }
    }
}

/// Reads a file of code. Bytes that are no UTF-8 are passed over, binary files as a whole.
pub fn read(bytes: &[u8], language: Language, notes: &mut Notes) {
    if bytes.contains(&0) {
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    if language == Language::Notebook {
        return notebook::read(&text, notes);
    }
    let lines = Lines::of(&text);
    for found in find(&text) {
        let (line, column) = lines.place(found.at);
        notes.at(line, column);
        notes.saw(found.identifier, Evidence::NamedInCode, relation(found.rule, language));
    }
}

fn relation(rule: Rule, language: Language) -> Relation {
    match (rule, language) {
        (Rule::Cited, Language::Prose) => Relation::Description,
        _ => Relation::Used,
    }
}

/// Which kind of rule found something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// A DOI or an arXiv id: in prose, the citation of something.
    Cited,
    /// Anything else: an address, a call, a digest.
    Named,
}

/// Something that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Where it begins, in bytes.
    pub(super) at: usize,
    /// Where it ends.
    pub(super) end: usize,
    pub(super) identifier: Identifier,
    pub(super) rule: Rule,
}

/// Everything that a text names, in its order, each identifier once at each place.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = rules::apply(text);
    digits::find(text, &mut found);
    found.sort_by(|a, b| (a.at, &a.identifier).cmp(&(b.at, &b.identifier)));
    found.dedup_by(|a, b| a.at == b.at && a.identifier == b.identifier);
    found
}

/// The DOIs and arXiv ids that a text for people cites, each once.
pub(super) fn cited(text: &str) -> Vec<Identifier> {
    let mut seen = HashSet::new();
    let of_papers = |found: &Found| matches!(found.identifier.scheme(), Scheme::Doi | Scheme::Arxiv);
    rules::apply(text)
        .into_iter()
        .filter(of_papers)
        .map(|found| found.identifier)
        .filter(|id| seen.insert(id.clone()))
        .collect()
}

/// Where the lines of a text begin.
pub(super) struct Lines<'t> {
    text: &'t str,
    begins: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let begins = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, begins }
    }

    /// Line and column of a byte, from 1, the column counted in characters.
    pub(super) fn place(&self, at: usize) -> (u32, u32) {
        let line = self.begins.partition_point(|begin| *begin <= at);
        let begin = self.begins.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let column = self.text.get(begin..at).map_or(0, |before| before.chars().count()) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests;
