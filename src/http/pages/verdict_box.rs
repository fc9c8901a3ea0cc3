//! A verdict as people see it: a word, a sentence and a sign that does not need colour.

use crate::http::language::{Sentence, Speech};
use crate::verdict::{Part, Verdict};

/// A verdict on a page.
pub(in crate::http) struct VerdictBox {
    /// The verdict in a word or two.
    pub(in crate::http) name: Sentence,
    /// What it means, for people who have never heard of Palinode.
    pub(in crate::http) sentence: Sentence,
    /// Which sign stands beside it.
    pub(in crate::http) sign: Sign,
}

/// The sign of a verdict. Each has a shape of its own, so that nobody needs to tell colours apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Sign {
    /// Do not use it: an octagon.
    Stop,
    /// Read before use: a triangle.
    Caution,
    /// Something is to be known: a circle.
    Note,
    /// Nothing is known here: a dash. Never a sign of approval.
    Nothing,
}

impl Sign {
    /// The name of its style.
    pub(in crate::http) fn class(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Caution => "caution",
            Self::Note => "note",
            Self::Nothing => "nothing",
        }
    }

    /// The sign of a verdict.
    pub(in crate::http) fn of(verdict: Verdict, part: Option<Part>) -> Self {
        if verdict == Verdict::PartRetracted && part == Some(Part::CannotTell) {
            return Self::Caution;
        }
        match verdict {
            Verdict::Retracted | Verdict::PartRetracted | Verdict::DerivedFromRetracted => Self::Stop,
            Verdict::Disputed
            | Verdict::RemovedUnexplained
            | Verdict::Concern
            | Verdict::Reported
            | Verdict::Corrected
            | Verdict::Scheduled => Self::Caution,
            Verdict::Superseded | Verdict::RemovedNoFault | Verdict::Reinstated | Verdict::NotAffected | Verdict::Possible => {
                Self::Note
            }
            Verdict::NoNotice | Verdict::Unidentified | Verdict::Unchecked => Self::Nothing,
        }
    }
}

impl VerdictBox {
    /// A verdict in words; `no-notice` is said by whoever knows of which server and tree.
    pub(in crate::http) fn of(verdict: Verdict, part: Option<Part>, t: Speech) -> Self {
        let cannot_tell = verdict == Verdict::PartRetracted && part == Some(Part::CannotTell);
        let sentence =
            if cannot_tell { "sentence-part-retracted-cannot-tell".to_owned() } else { format!("sentence-{verdict}") };
        Self { name: t.code("verdict", verdict.as_str()), sentence: t.say(&sentence), sign: Sign::of(verdict, part) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::language::Language;

    #[test]
    fn nothing_is_ever_a_sign_of_approval() {
        for verdict in [Verdict::NoNotice, Verdict::Unidentified, Verdict::Unchecked] {
            assert_eq!(Sign::of(verdict, None), Sign::Nothing);
        }
    }

    #[test]
    fn english_pages_say_the_sentences_that_the_verdict_has() {
        let t = Speech::in_language(Language::English);
        for verdict in Verdict::ALL {
            for part in [None, Some(Part::CannotTell)] {
                assert_eq!(VerdictBox::of(*verdict, part, t).sentence, verdict.sentence(part), "{verdict}");
            }
        }
    }
}
