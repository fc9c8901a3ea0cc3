use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::federation::{Response, TransportError};
use crate::notice::DocumentHash;

/// Why a server did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No whole answer came.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server refused.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// The server sent us elsewhere, and nobody is followed.
    #[error("the server answers with a redirect ({0}); give the address where it really is")]
    Redirect(u16),
    /// What came is not what a palinode server answers.
    #[error("the answer is not that of a palinode server: {0}")]
    Answer(#[source] serde_json::Error),
    /// Answers to other questions than were asked, to fewer, or to more.
    #[error("the server answered other questions than it was asked")]
    OtherQuestions,
    /// A document whose bytes are not those of its name.
    #[error("the server gave other bytes for document {0}")]
    OtherDocument(DocumentHash),
    /// A file that is to be brought cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    File {
        /// Which file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The address cannot be made.
    #[error("the address cannot be made: {0}")]
    Url(#[source] url::ParseError),
}

impl ClientError {
    /// Whether nothing was asked, since the server is at an address that requests may not go to.
    pub fn is_refused_address(&self) -> bool {
        matches!(self, Self::Transport(TransportError::RefusedAddress(_)))
    }
}

/// A refusal, as RFC 9457 has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `urn:palinode:problem:<rule>`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// What kind of problem it is, in words.
    #[serde(default)]
    pub title: String,
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// What is wrong here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Every fault of what was handed in.
    #[serde(default, alias = "errors", alias = "flaws", skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<ProblemFault>,
    /// With how many digits a range of digests is short enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digits: Option<usize>,
    /// When trying again makes sense, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// One fault of what was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemFault {
    /// Where: a JSON pointer into the payload.
    #[serde(default)]
    pub pointer: String,
    /// The stable name of the broken rule.
    #[serde(default)]
    pub rule: String,
    /// What is wrong.
    #[serde(default, alias = "detail")]
    pub message: String,
}

impl Problem {
    /// Reads a refusal. One without a problem document, as a proxy in between may send it, has its status only.
    pub fn read(answer: &Response) -> Self {
        let mut problem: Self = serde_json::from_slice(&answer.body).unwrap_or_default();
        problem.status = answer.status;
        problem.retry_after = answer.retry_after.as_ref().map(Duration::as_secs).or(problem.retry_after);
        problem
    }

    /// The stable name of the broken rule.
    pub fn rule(&self) -> Option<&str> {
        self.kind.strip_prefix("urn:palinode:problem:")
    }

    /// Whether the server failed, rather than refused.
    pub fn is_failure(&self) -> bool {
        self.status >= 500
    }
}

/// What is wrong, and every fault on a line of its own.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail.as_deref().or(Some(self.title.as_str())).filter(|text| !text.is_empty()) {
            Some(text) => write!(f, "{text}")?,
            None => write!(f, "the server answered with status {}", self.status)?,
        }
        if let Some(rule) = self.rule() {
            write!(f, " ({rule})")?;
        }
        for fault in &self.faults {
            write!(f, "\n  {}: {} ({})", fault.pointer, fault.message, fault.rule)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_with_all_its_faults() {
        let body = r#"{"type":"urn:palinode:problem:invalid-notice","title":"Invalid notice","status":422,
            "detail":"the notice is not valid","faults":[{"pointer":"/type","rule":"unknown-code","message":"no such type"}]}"#;
        let problem = Problem::read(&Response::new(422, body));
        assert_eq!(problem.rule(), Some("invalid-notice"));
        assert_eq!(problem.to_string(), "the notice is not valid (invalid-notice)\n  /type: no such type (unknown-code)");
    }

    #[test]
    fn a_refusal_of_a_proxy_has_its_status() {
        let problem = Problem::read(&Response::new(502, "<html>Bad gateway</html>"));
        assert!(problem.is_failure());
        assert_eq!(problem.to_string(), "the server answered with status 502");
    }
}
