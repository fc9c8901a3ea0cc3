/// How a command ended, as scripts see it (protocol, section 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExitCode {
    /// 0: done. For `check`: every identifier was looked up, and nothing reached the level of `--fail-on`.
    Done,
    /// 1: refused or not verified. For `check`: a finding at the level of `--fail-on` or above.
    Refused,
    /// 2: the command line, the configuration or an identifier makes no sense. Nothing was done.
    Usage,
    /// 3: could not reach a server. For `check`: could not look something up, which is never a good answer.
    Unreachable,
    /// 4: a log, a proof or a signature of a server is broken. Never masked by another code.
    Integrity,
    /// 5: `check` was given nothing to look up.
    NothingToCheck,
}

impl ExitCode {
    /// The number that the shell sees.
    pub fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::Integrity => 4,
            Self::NothingToCheck => 5,
        }
    }

    /// Of two outcomes of one run, the one that it ends with: 4, then 2, 1, 3, 5, 0.
    #[must_use]
    pub fn or_graver(self, other: Self) -> Self {
        let rank = |code: Self| match code {
            Self::Done => 0,
            Self::NothingToCheck => 1,
            Self::Unreachable => 2,
            Self::Refused => 3,
            Self::Usage => 4,
            Self::Integrity => 5,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_integrity_masks_everything_and_done_masks_nothing() {
        let order = [4, 1, 3, 5, 0];
        let codes = [ExitCode::Integrity, ExitCode::Refused, ExitCode::Unreachable, ExitCode::NothingToCheck, ExitCode::Done];
        assert_eq!(codes.map(ExitCode::number), order);
        for (n, graver) in codes.iter().enumerate() {
            for milder in &codes[n..] {
                assert_eq!(graver.or_graver(*milder), *graver);
                assert_eq!(milder.or_graver(*graver), *graver);
            }
        }
    }
}
