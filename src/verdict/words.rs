//! The verdicts, their order and their words (domain, section 3, "Order").

use std::cmp::Reverse;

use crate::notice::codes;

/// What is known about one identifier, or what one notice adds to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Who speaks for it has retracted it.
    Retracted,
    /// Part of it is retracted; [`Part`] says whether the asked part is.
    PartRetracted,
    /// It was made from something retracted, and inherits that.
    DerivedFromRetracted,
    /// It was retracted or reported, and somebody entitled to objects.
    Disputed,
    /// It was removed and nobody said why.
    RemovedUnexplained,
    /// Who speaks for it is concerned.
    Concern,
    /// Somebody else reports it.
    Reported,
    /// It was wrong and has been mended.
    Corrected,
    /// Something has been announced for a later date.
    Scheduled,
    /// A newer one takes its place.
    Superseded,
    /// It is gone, and nothing is wrong with it.
    RemovedNoFault,
    /// It may be used again.
    Reinstated,
    /// A notice about the dataset expressly leaves these bytes out.
    NotAffected,
    /// A name or a page agrees; the data may be another.
    Possible,
    /// No notice is known.
    NoNotice,
    /// There was nothing to look up.
    Unidentified,
    /// The look-up could not be made, or not fully.
    Unchecked,
}

codes!(Verdict {
    Retracted => "retracted",
    PartRetracted => "part-retracted",
    DerivedFromRetracted => "derived-from-retracted",
    Disputed => "disputed",
    RemovedUnexplained => "removed-unexplained",
    Concern => "concern",
    Reported => "reported",
    Corrected => "corrected",
    Scheduled => "scheduled",
    Superseded => "superseded",
    RemovedNoFault => "removed-no-fault",
    Reinstated => "reinstated",
    NotAffected => "not-affected",
    Possible => "possible",
    NoNotice => "no-notice",
    Unidentified => "unidentified",
    Unchecked => "unchecked",
});

/// Whether the retracted part is the one that was asked for; said with [`Verdict::PartRetracted`] only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// It is.
    Affected,
    /// The notice does not let anybody tell.
    CannotTell,
}

codes!(Part { Affected => "affected", CannotTell => "cannot-tell" });

/// How bad a verdict is; the greater, the worse. Verdicts outside the order have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Severity(Reverse<u8>);

impl Verdict {
    /// Its place in the order of severity; `None` for `unidentified` and `unchecked`, which stand outside it.
    pub fn severity(self, part: Option<Part>) -> Option<Severity> {
        let place = match (self, part) {
            (Self::Retracted, _) => 0,
            (Self::PartRetracted, Some(Part::CannotTell)) => 7,
            (Self::PartRetracted, _) => 1,
            (Self::DerivedFromRetracted, _) => 2,
            (Self::Disputed, _) => 3,
            (Self::RemovedUnexplained, _) => 4,
            (Self::Concern, _) => 5,
            (Self::Reported, _) => 6,
            (Self::Corrected, _) => 8,
            (Self::Scheduled, _) => 9,
            (Self::Superseded, _) => 10,
            (Self::RemovedNoFault, _) => 11,
            (Self::Reinstated, _) => 12,
            (Self::NotAffected, _) => 13,
            (Self::Possible, _) => 14,
            (Self::NoNotice, _) => 15,
            (Self::Unidentified | Self::Unchecked, _) => return None,
        };
        Some(Severity(Reverse(place)))
    }

    /// Whether this verdict is a finding for somebody who asked to be stopped at `level` or above. The level `part-retracted`
    /// means the affected part; a part nobody can tell stands lower, beneath `reported`. `no-notice` is never a finding,
    /// and neither are the two verdicts outside the order.
    pub fn is_finding_at(self, part: Option<Part>, level: Self) -> bool {
        if self == Self::NoNotice {
            return false;
        }
        matches!((self.severity(part), level.severity(None)), (Some(own), Some(level)) if own >= level)
    }

    /// One sentence for people who have never heard of Palinode.
    pub fn sentence(self, part: Option<Part>) -> &'static str {
        match (self, part) {
            (Self::Retracted, _) => "This dataset has been retracted by someone who speaks for it; do not use it.",
            (Self::PartRetracted, Some(Part::CannotTell)) => {
                "Part of this dataset has been retracted, and the notice does not let us tell whether your copy is meant."
            }
            (Self::PartRetracted, _) => "The part of this dataset that you asked about has been retracted; do not use it.",
            (Self::DerivedFromRetracted, _) => "This was made from a retracted dataset and inherits the retraction.",
            (Self::Disputed, _) => "A notice speaks against this dataset, and someone entitled to answer disputes it.",
            (Self::RemovedUnexplained, _) => "This dataset was taken down, and nobody said why.",
            (Self::Concern, _) => "Someone who speaks for this dataset has voiced a concern about it; read it before use.",
            (Self::Reported, _) => "Someone who does not own this dataset reports that it should not be used as it is.",
            (Self::Corrected, _) => "This dataset was wrong and has been corrected; get the corrected one.",
            (Self::Scheduled, _) => "A change to this dataset has been announced and takes effect later.",
            (Self::Superseded, _) => "A newer dataset takes the place of this one.",
            (Self::RemovedNoFault, _) => {
                "This dataset is no longer offered, and nobody says that anything is wrong with the data."
            }
            (Self::Reinstated, _) => "This dataset was retracted and may be used again.",
            (Self::NotAffected, _) => "A notice about this dataset says that your files are not the ones it means.",
            (Self::Possible, _) => "A notice may be about this dataset: only a name or a page agrees.",
            (Self::NoNotice, _) => "No notice is known.",
            (Self::Unidentified, _) => "There was no identifier to look up.",
            (Self::Unchecked, _) => "This could not be checked fully, so nothing can be said.",
        }
    }
}

/// What one notice adds to the answer for one identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Contribution {
    /// The verdict, were it the only notice.
    pub verdict: Verdict,
    /// With `part-retracted`: which part.
    pub part: Option<Part>,
    /// Said by somebody who does not speak for the dataset ("marked reported").
    pub reported: bool,
}

impl Contribution {
    pub(super) fn new(verdict: Verdict) -> Self {
        Self { verdict, part: None, reported: false }
    }

    pub(super) fn part_retracted(part: Part) -> Self {
        Self { verdict: Verdict::PartRetracted, part: Some(part), reported: false }
    }

    /// Its place in the order.
    pub fn severity(self) -> Option<Severity> {
        self.verdict.severity(self.part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_severity_is_that_of_the_specification() {
        let cannot_tell = Verdict::PartRetracted.severity(Some(Part::CannotTell));
        let mut order: Vec<_> = Verdict::ALL.iter().filter_map(|v| v.severity(None)).collect();
        assert!(order.is_sorted_by(|a, b| a > b), "the enum is written most severe first");
        order.extend(cannot_tell);
        assert_eq!(order.len(), 16);
        assert!(cannot_tell < Verdict::Reported.severity(None));
        assert!(cannot_tell > Verdict::Corrected.severity(None));
    }

    #[test]
    fn the_default_level_finds_the_first_three_verdicts_only() {
        let found: Vec<_> =
            Verdict::ALL.iter().filter(|v| v.is_finding_at(None, Verdict::DerivedFromRetracted)).map(|v| v.as_str()).collect();
        assert_eq!(found, ["retracted", "part-retracted", "derived-from-retracted"]);
        assert!(!Verdict::PartRetracted.is_finding_at(Some(Part::CannotTell), Verdict::DerivedFromRetracted));
        assert!(Verdict::PartRetracted.is_finding_at(Some(Part::CannotTell), Verdict::Corrected));
    }

    #[test]
    fn no_notice_and_the_verdicts_outside_the_order_are_never_findings() {
        for verdict in [Verdict::NoNotice, Verdict::Unidentified, Verdict::Unchecked] {
            assert!(!verdict.is_finding_at(None, Verdict::NoNotice));
        }
        assert!(Verdict::Possible.is_finding_at(None, Verdict::NoNotice));
    }

    #[test]
    fn no_sentence_promises_anything() {
        for verdict in Verdict::ALL {
            for part in [None, Some(Part::CannotTell)] {
                let sentence = verdict.sentence(part).to_lowercase();
                assert!(["safe", "clean", "no issue"].iter().all(|word| !sentence.contains(word)), "{sentence}");
            }
        }
    }
}
