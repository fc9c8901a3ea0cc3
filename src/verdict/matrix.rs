//! The matrix of domain, section 3: what a notice contributes, by its type, its fault, its coverage and its authority.
//!
//! Two cells that the table leaves open: a retraction met by a question that cannot tell (the notice names one version, the
//! question none) is `part-retracted`, cannot-tell; and a missing fault reads as unknown. What contributes nothing in the
//! table contributes nothing at all, not even by mention.

use super::{Contribution, Coverage, Part, Verdict};
use crate::notice::{Fault, Notice, NoticeType};

/// What a notice in force says by itself, effective now and undisputed; `None` where it says nothing about the data.
/// `other` tells that its authority is of that class.
pub(super) fn contribution(notice: &Notice, other: bool, coverage: Coverage) -> Option<Contribution> {
    let cell = cell(notice, other, coverage == Coverage::CannotTell)?;
    Some(match coverage {
        Coverage::NotAffected => Contribution::new(Verdict::NotAffected),
        Coverage::Mention => Contribution::new(Verdict::Possible),
        Coverage::Full | Coverage::Affected | Coverage::CannotTell => cell,
    })
}

fn cell(notice: &Notice, other: bool, cannot_tell: bool) -> Option<Contribution> {
    let reported = Contribution { verdict: Verdict::Reported, part: None, reported: true };
    let accuse = |verdict: Contribution| if other { reported } else { verdict };
    let inform = |verdict| Contribution { reported: other, ..Contribution::new(verdict) };
    let retracted =
        if cannot_tell { Contribution::part_retracted(Part::CannotTell) } else { Contribution::new(Verdict::Retracted) };
    let fault = notice.fault.unwrap_or(Fault::Unknown);
    Some(match notice.kind {
        NoticeType::Removal | NoticeType::Deprecation | NoticeType::AccessChange if fault == Fault::None => {
            inform(Verdict::RemovedNoFault)
        }
        NoticeType::Removal if fault == Fault::Unknown => accuse(Contribution::new(Verdict::RemovedUnexplained)),
        NoticeType::Retraction | NoticeType::Removal => accuse(retracted),
        NoticeType::Deprecation | NoticeType::AccessChange | NoticeType::ExpressionOfConcern => {
            accuse(Contribution::new(Verdict::Concern))
        }
        NoticeType::PartialRetraction => {
            accuse(Contribution::part_retracted(if cannot_tell { Part::CannotTell } else { Part::Affected }))
        }
        NoticeType::Correction => inform(Verdict::Corrected),
        NoticeType::Supersession => inform(Verdict::Superseded),
        NoticeType::Reinstatement if other => return None,
        NoticeType::Reinstatement => Contribution::new(Verdict::Reinstated),
        NoticeType::Revocation | NoticeType::Response => return None,
    })
}

/// Whether a contribution speaks against the data, so that what was derived from it is told.
pub(super) fn speaks_against(contribution: Contribution) -> bool {
    matches!(
        contribution.verdict,
        Verdict::Retracted
            | Verdict::PartRetracted
            | Verdict::Disputed
            | Verdict::RemovedUnexplained
            | Verdict::Concern
            | Verdict::Reported
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::sample::{FACES, retraction};

    /// The row of one type and fault: full, affected, cannot-tell, other.
    fn row(kind: NoticeType, fault: Option<Fault>) -> [String; 4] {
        let mut notice = retraction(&[FACES]);
        notice.kind = kind;
        notice.fault = fault;
        let cells =
            [(false, Coverage::Full), (false, Coverage::Affected), (false, Coverage::CannotTell), (true, Coverage::Full)];
        cells.map(|(other, coverage)| match contribution(&notice, other, coverage) {
            None => "none".to_owned(),
            Some(c) => {
                let part = c.part.map(|part| format!(" ({part})")).unwrap_or_default();
                format!("{}{part}{}", c.verdict, if c.reported { "*" } else { "" })
            }
        })
    }

    #[test]
    fn a_retraction_is_retracted_whatever_the_fault() {
        for fault in [Fault::Data, Fault::Rights, Fault::PeopleHarm, Fault::Unknown] {
            let expected = ["retracted", "retracted", "part-retracted (cannot-tell)", "reported*"];
            assert_eq!(row(NoticeType::Retraction, Some(fault)), expected);
        }
    }

    #[test]
    fn a_removal_for_a_fault_is_retracted_or_part_retracted() {
        for fault in [Fault::Data, Fault::Rights, Fault::PeopleHarm] {
            let expected = ["retracted", "retracted", "part-retracted (cannot-tell)", "reported*"];
            assert_eq!(row(NoticeType::Removal, Some(fault)), expected);
        }
    }

    #[test]
    fn a_removal_without_a_word_is_removed_unexplained() {
        let expected = ["removed-unexplained", "removed-unexplained", "removed-unexplained", "reported*"];
        assert_eq!(row(NoticeType::Removal, Some(Fault::Unknown)), expected);
        assert_eq!(row(NoticeType::Removal, None), expected);
    }

    #[test]
    fn removal_deprecation_and_access_change_without_fault_are_removed_no_fault() {
        for kind in [NoticeType::Removal, NoticeType::Deprecation, NoticeType::AccessChange] {
            let expected = ["removed-no-fault", "removed-no-fault", "removed-no-fault", "removed-no-fault*"];
            assert_eq!(row(kind, Some(Fault::None)), expected);
        }
    }

    #[test]
    fn deprecation_and_access_change_with_any_other_fault_are_concerns() {
        for kind in [NoticeType::Deprecation, NoticeType::AccessChange] {
            for fault in [Fault::Data, Fault::Rights, Fault::PeopleHarm, Fault::Unknown] {
                assert_eq!(row(kind, Some(fault)), ["concern", "concern", "concern", "reported*"]);
            }
        }
    }

    #[test]
    fn a_partial_retraction_says_which_part() {
        let expected = ["part-retracted (affected)", "part-retracted (affected)", "part-retracted (cannot-tell)", "reported*"];
        for fault in Fault::ALL {
            assert_eq!(row(NoticeType::PartialRetraction, Some(*fault)), expected);
        }
    }

    #[test]
    fn an_expression_of_concern_is_a_concern() {
        assert_eq!(row(NoticeType::ExpressionOfConcern, Some(Fault::Data)), ["concern", "concern", "concern", "reported*"]);
    }

    #[test]
    fn corrections_and_supersessions_inform_whoever_says_it() {
        assert_eq!(row(NoticeType::Correction, Some(Fault::Data)), ["corrected", "corrected", "corrected", "corrected*"]);
        assert_eq!(row(NoticeType::Supersession, Some(Fault::None)), ["superseded", "superseded", "superseded", "superseded*"]);
    }

    #[test]
    fn a_reinstatement_counts_from_those_who_speak_for_it_only() {
        assert_eq!(row(NoticeType::Reinstatement, None), ["reinstated", "reinstated", "reinstated", "none"]);
    }

    #[test]
    fn revocations_and_responses_say_nothing_about_the_data() {
        for kind in [NoticeType::Revocation, NoticeType::Response] {
            assert_eq!(row(kind, None), ["none", "none", "none", "none"]);
        }
    }

    #[test]
    fn not_affected_and_mention_override_every_cell_that_says_something() {
        let mut notice = retraction(&[FACES]);
        for kind in NoticeType::ALL {
            notice.kind = *kind;
            let silent = contribution(&notice, false, Coverage::Full).is_none();
            let verdict = |coverage| contribution(&notice, false, coverage).map(|c| c.verdict);
            assert_eq!(verdict(Coverage::NotAffected), (!silent).then_some(Verdict::NotAffected));
            assert_eq!(verdict(Coverage::Mention), (!silent).then_some(Verdict::Possible));
        }
    }
}
