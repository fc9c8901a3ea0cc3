//! Reasons of Retraction Watch as reason codes (domain, section 4).

use crate::notice::Reason;

/// Its words, in lower case, with their codes. What ends with `*` is the beginning of several.
const TABLE: &[(&str, Reason)] = &[
    ("informed/patient consent - none/withdrawn", Reason::Consent),
    ("lack of irb/iacuc approval*", Reason::EthicsApproval),
    ("ethical violations by author", Reason::OffensiveContent),
    ("criminal proceedings", Reason::IllegalContent),
    ("copyright claims", Reason::Copyright),
    ("lack of approval from third party", Reason::LicenceTerms),
    ("civil proceedings", Reason::LegalOrder),
    // Privacy and re-identification are among such reasons too, and nothing tells them apart.
    ("legal reasons*", Reason::LegalOrder),
    ("error in data", Reason::DataError),
    ("falsification/fabrication of data", Reason::Fabrication),
    ("unreliable data", Reason::Unverifiable),
    ("original data*", Reason::Unverifiable),
    ("duplication of data", Reason::Contamination),
    ("contamination of materials*", Reason::Contamination),
    ("bias issues or lack of balance", Reason::Bias),
    ("plagiarism of data", Reason::Authorship),
    ("concerns/issues about authorship*", Reason::Authorship),
    ("retract and replace", Reason::Superseded),
    ("withdrawn as out of date", Reason::Superseded),
    ("lack of approval from company/institution", Reason::ProviderDecision),
    ("breach of policy by author", Reason::Policy),
    ("error by journal/publisher", Reason::PublishedInError),
    ("notice - limited or no information", Reason::NotStated),
    ("notice - lack of", Reason::NotStated),
];

/// The code of a reason; `None` for one that the table does not have.
pub(super) fn code(words: &str) -> Option<Reason> {
    let words = words.to_lowercase();
    let fits = |pattern: &str| match pattern.strip_suffix('*') {
        Some(beginning) => words.starts_with(beginning),
        None => words == pattern,
    };
    TABLE.iter().find(|(pattern, _)| fits(pattern)).map(|(_, code)| *code)
}
