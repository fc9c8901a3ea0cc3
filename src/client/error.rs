//! Why a question was not answered, or something handed in was not taken.

use std::time::Duration;

use serde::Deserialize;

use crate::federation::{Response, TransportError};
use crate::notice::DocumentHash;

/// Why there is no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ClientError {
    /// No whole answer came.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server says what is wrong.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// Something answered that is no Palinode server, or one of another version.
    #[error("status {status} without an explanation: is this the address of a palinode server?")]
    Status {
        /// The status.
        status: u16,
    },
    /// The answer has another shape than expected.
    #[error("the answer was not understood: {0}")]
    NotUnderstood(String),
    /// Fewer answers than questions, or more.
    #[error("{asked} identifiers were asked, {answered} answered")]
    Incomplete {
        /// How many were asked.
        asked: usize,
        /// How many were answered.
        answered: usize,
    },
    /// A document that does not hash to its name.
    #[error("the server gave other bytes than document {0}")]
    OtherDocument(DocumentHash),
    /// The address of the server takes no paths.
    #[error("the address of the server cannot be used: {0}")]
    Url(#[source] url::ParseError),
}

/// An RFC 9457 problem document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Problem {
    /// `urn:palinode:problem:<rule>`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// What kind of problem, in a few words.
    #[serde(default)]
    pub title: String,
    /// What exactly.
    pub detail: Option<String>,
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// Every fault of what was handed in.
    #[serde(default, alias = "flaws")]
    pub errors: Vec<ProblemFault>,
    /// When trying again makes sense.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

/// One fault of what was handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ProblemFault {
    /// Where: a JSON pointer.
    #[serde(default)]
    pub pointer: String,
    /// The broken rule.
    #[serde(default)]
    pub rule: String,
    /// What is wrong.
    #[serde(default, alias = "message")]
    pub detail: String,
}

impl Problem {
    /// The stable name of the broken rule: the last part of the type.
    pub fn rule(&self) -> &str {
        self.kind.strip_prefix("urn:palinode:problem:").unwrap_or(&self.kind)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.detail {
            Some(detail) => write!(f, "{} ({}, status {})", detail, self.rule(), self.status),
            None => write!(f, "{} ({}, status {})", self.title, self.rule(), self.status),
        }
    }
}

impl ClientError {
    /// What an answer without success says.
    pub(super) fn of_answer(answer: &Response) -> Self {
        let is_problem = answer.content_type.as_deref().is_some_and(|t| t.starts_with("application/problem+json"));
        let problem = is_problem.then(|| serde_json::from_slice::<Problem>(&answer.body).ok()).flatten();
        match problem {
            Some(problem) => {
                let (status, retry_after) = (answer.status, answer.retry_after);
                Self::Problem(Box::new(Problem { status, retry_after, ..problem }))
            }
            None => Self::Status { status: answer.status },
        }
    }

    /// The rule that the server says was broken.
    pub fn rule(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => Some(problem.rule()),
            _ => None,
        }
    }

    /// Whether the server could not be reached, or could not answer: trying again later may help.
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::Transport(_) => true,
            Self::Problem(problem) => problem.status == 429 || problem.status >= 500,
            Self::Status { status } => *status == 429 || *status >= 500,
            Self::NotUnderstood(_) | Self::Incomplete { .. } | Self::OtherDocument(_) | Self::Url(_) => false,
        }
    }
}
