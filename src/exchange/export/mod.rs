//! A notice as other systems write such things (domain, section 4, "Export mapping").

mod crossref;
mod datacite;
mod in_toto;
mod osv;
mod schema_org;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::notice::{Identifier, Notice, NoticeId, Scheme, SubjectRole, Texts, codes};

/// Where a notice goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The `updates` of a Crossref deposit, as XML.
    Crossref,
    /// Attributes of DOIs, as the DataCite REST interface takes them.
    Datacite,
    /// OSV-shaped JSON: schema version, id, times, affected, references.
    Osv,
    /// The payload of an in-toto Statement (v1) about the files that the notice names.
    InToto,
    /// schema.org JSON-LD of the dataset, with its status.
    SchemaOrg,
}

codes!(Target {
    Crossref => "crossref",
    Datacite => "datacite",
    Osv => "osv",
    InToto => "in-toto",
    SchemaOrg => "schema.org",
});

/// Why a notice cannot be said in another vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// The vocabulary has no word for this type of notice.
    #[error("{target} has no word for a {kind}")]
    NoWord {
        /// Where it was to go.
        target: Target,
        /// The type of the notice.
        kind: &'static str,
    },
    /// It speaks of DOIs only, and the notice names none as the dataset.
    #[error("{target} knows datasets by DOI, and this notice names none as the whole dataset, a version or a mirror")]
    NoDoi {
        /// Where it was to go.
        target: Target,
    },
    /// Statements are about digests, and the notice names none in plain.
    #[error("an in-toto statement is about digests, and this notice names no file by a plain digest")]
    NoDigest,
}

/// A notice that is to be exported.
#[derive(Debug, Clone, Copy)]
pub struct Exported<'n> {
    /// Its name.
    pub id: &'n NoticeId,
    /// What it says.
    pub notice: &'n Notice,
    /// What people wrote about it, where that is at hand.
    pub texts: Option<&'n Texts>,
}

/// The notice as `target` writes it: text with a line feed at the end.
///
/// # Errors
/// [`ExportError`] when `target` cannot say it.
pub fn export(exported: Exported<'_>, target: Target) -> Result<String, ExportError> {
    let json = |value: Value| format!("{value:#}\n");
    Ok(match target {
        Target::Crossref => crossref::updates(exported)?,
        Target::Datacite => json(datacite::attributes(exported)?),
        Target::Osv => json(osv::record(exported)),
        Target::InToto => json(in_toto::statement(exported)?),
        Target::SchemaOrg => json(schema_org::dataset(exported)),
    })
}

/// The notice as schema.org JSON-LD for a page of its own. Where its issuer does not speak for the dataset, it is a comment of somebody, and
/// nothing is said of the dataset but which it is.
pub fn linked_data(exported: Exported<'_>, speaks_for_it: bool) -> Value {
    if speaks_for_it { schema_org::dataset(exported) } else { schema_org::comment(exported) }
}

impl Exported<'_> {
    /// Identifiers of the dataset and of copies of it; not of its pages and papers.
    fn data_subjects(&self) -> impl Iterator<Item = &Identifier> {
        let is_data = |role| !matches!(role, SubjectRole::LandingPage | SubjectRole::DescribedBy);
        self.notice.subjects.iter().filter(move |subject| is_data(subject.role)).map(|subject| &subject.id)
    }

    /// The DOIs of the dataset.
    fn dois(&self, target: Target) -> Result<Vec<&str>, ExportError> {
        let dois: Vec<&str> = self.data_subjects().filter_map(doi).collect();
        if dois.is_empty() { Err(ExportError::NoDoi { target }) } else { Ok(dois) }
    }

    /// From when it holds; when its issuer says nothing about that, when it was issued.
    fn since(&self) -> String {
        self.notice.effective.map_or_else(|| self.notice.issued.to_string(), |date| date.to_string())
    }

    /// The statement in English, or in whichever language there is; a sentence of ours without texts.
    fn statement(&self) -> String {
        let texts = self.texts.map(|texts| texts.texts.as_slice()).unwrap_or_default();
        let english = texts.iter().find(|text| text.language == "en" || text.language.starts_with("en-"));
        match english.or_else(|| texts.first()) {
            Some(text) => text.statement.clone(),
            None => format!("{} of {}: {}.", self.notice.kind, self.notice.dataset.title, self.reasons()),
        }
    }

    fn reasons(&self) -> String {
        let words: Vec<String> = self.notice.reasons.iter().map(ToString::to_string).collect();
        if words.is_empty() { "no reason given".to_owned() } else { words.join(", ") }
    }

    /// The notice itself, with every count as a decimal string: readers that keep numbers as doubles lose them.
    fn payload(&self) -> Value {
        let mut payload = serde_json::to_value(self.notice).unwrap_or_default();
        for list in payload.get_mut("digest_lists").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(count) = list.get_mut("count") {
                *count = json!(count.to_string());
            }
        }
        payload
    }
}

/// A DOI without its scheme.
fn doi(id: &Identifier) -> Option<&str> {
    (id.scheme() == Scheme::Doi).then(|| id.value())
}
