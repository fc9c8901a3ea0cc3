use std::fmt;
use std::path::Path;

use chrono::TimeDelta;

use super::CheckArguments;
use crate::cli::{Complaint, ExitCode, Failure, file};
use crate::notice::{Identifier, IdentifierError};

/// The most identifiers of one request (protocol, section 9).
const AT_ONCE: usize = 1_000;
/// The largest file of identifiers, in bytes.
const MAX_FILE: u64 = 64 << 20;
/// How many malformed identifiers are told one by one.
const MOST_TOLD: usize = 20;

/// Why there is nothing to ask.
#[derive(Debug, thiserror::Error)]
pub(super) enum QuestionError {
    /// No identifier at all.
    #[error("there is nothing to check: no identifier was given")]
    Nothing,
    /// Some texts are no identifiers; nothing was asked.
    #[error("{} of the identifiers cannot be understood, and nothing was asked:{}", .0.len(), Told(.0))]
    Malformed(Vec<Malformed>),
    /// Not text.
    #[error("{0} is not UTF-8 text")]
    NotText(String),
}

/// A text that is no identifier.
#[derive(Debug)]
pub(super) struct Malformed {
    text: String,
    fault: IdentifierError,
}

struct Told<'m>(&'m [Malformed]);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Malformed { text, fault } in self.0.iter().take(MOST_TOLD) {
            write!(f, "\n  {text:?}: {fault}")?;
        }
        match self.0.len().checked_sub(MOST_TOLD) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, "\n  and {more} more"),
        }
    }
}

impl Complaint for QuestionError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Nothing => ExitCode::NothingToCheck,
            Self::Malformed(_) | Self::NotText(_) => ExitCode::Usage,
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Nothing => "give identifiers as arguments, with --file FILE, or with - on standard input".to_owned(),
            Self::Malformed(_) => {
                "write a scheme before it, such as doi:10.5281/zenodo.1234567 or sha256:<64 hex digits>".to_owned()
            }
            Self::NotText(_) => "identifiers are read one a line".to_owned(),
        })
    }
}

/// Everything that is asked: arguments first, then the file, then standard input where `-` stands. Every text can be
/// understood.
pub(super) fn read(arguments: &CheckArguments) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::new();
    let mut stdin_read = false;
    for id in &arguments.ids {
        if id != "-" {
            ids.push(id.clone());
        } else if !std::mem::replace(&mut stdin_read, true) {
            ids.extend(lines(Path::new("-"))?);
        }
    }
    if let Some(path) = &arguments.file {
        ids.extend(lines(path)?);
    }
    if ids.is_empty() {
        return Err(QuestionError::Nothing.into());
    }
    let malformed: Vec<_> = ids
        .iter()
        .filter_map(|text| Some(Malformed { text: text.clone(), fault: Identifier::candidates(text).err()? }))
        .collect();
    if malformed.is_empty() { Ok(ids) } else { Err(QuestionError::Malformed(malformed).into()) }
}

fn lines(path: &Path) -> Result<Vec<String>, Failure> {
    let bytes = file::read(path, MAX_FILE)?;
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(QuestionError::NotText(path.display().to_string()).into());
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

/// Why a text is no age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a number and s, m, h or d, such as 12h")]
pub(in crate::cli) struct AgeError;

/// Reads an age: a number and its unit.
pub(in crate::cli) fn parse_age(text: &str) -> Result<TimeDelta, AgeError> {
    let unit = text.chars().last().ok_or(AgeError)?;
    let number = text.strip_suffix(unit).and_then(|digits| digits.parse::<u32>().ok()).ok_or(AgeError)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(AgeError),
    };
    TimeDelta::try_seconds(i64::from(number) * seconds).ok_or(AgeError)
}

/// Identifiers in the order in which they are asked, as many at once as a server takes.
pub(super) struct Questions<'i> {
    /// The next part is the last.
    open: Vec<&'i [String]>,
}

impl<'i> Questions<'i> {
    pub(super) fn of(ids: &'i [String]) -> Self {
        Self { open: ids.chunks(AT_ONCE).rev().collect() }
    }

    /// What is asked next, all at once.
    pub(super) fn next(&mut self) -> Option<&'i [String]> {
        self.open.pop()
    }

    /// Asks `part` again in two halves; false when there is only one identifier in it.
    pub(super) fn halve(&mut self, part: &'i [String]) -> bool {
        let (first, second) = part.split_at(part.len() / 2);
        if first.is_empty() {
            return false;
        }
        self.open.extend([second, first]);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_too_much_is_asked_in_halves_and_in_order() {
        let ids: Vec<String> = (0..2_500).map(|n| n.to_string()).collect();
        let mut questions = Questions::of(&ids);
        let mut asked = Vec::new();
        while let Some(part) = questions.next() {
            assert!(part.len() <= 1_000);
            if part.len() <= 300 || !questions.halve(part) {
                asked.extend_from_slice(part);
            }
        }
        assert_eq!(asked, ids);
        let mut one = Questions::of(&ids[..1]);
        let part = one.next().unwrap();
        assert!(!one.halve(part) && one.next().is_none(), "what cannot be halved is refused");
    }

    #[test]
    fn an_age_is_a_number_and_a_unit() {
        for (text, seconds) in [("90s", 90), ("2m", 120), ("12h", 43_200), ("7d", 604_800), ("0s", 0)] {
            assert_eq!(parse_age(text), Ok(TimeDelta::seconds(seconds)), "{text}");
        }
        for text in ["", "7", "d", "-1d", "1w", "1 d", "99999999999d", "7ð"] {
            assert_eq!(parse_age(text), Err(AgeError), "{text}");
        }
    }
}
