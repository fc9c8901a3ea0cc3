//! One question with the notices that its answer names, for whoever shows both.
//!
//! Verdict and notices are found together, as of one tree: what is shown of a notice is what the verdict beside it was decided by. A
//! notice is in memory once it was decided by, so nothing is read twice.

use std::sync::Arc;

use super::check::CheckAnswers;
use super::domains::Attestation;
use super::finding::Finding;
use super::ports::StoreError;
use super::statements::LedgerStatements;
use super::trusted::Trusted;
use super::{Ledger, Moment};
use crate::verdict::{Judge, Keyed, Match};

/// The answer to one question, and what was said.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The answer, alone.
    pub answers: CheckAnswers,
    /// The notices of its first matches, in their order.
    pub said: Vec<Said>,
}

/// A notice that an answer names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What it says.
    pub notice: Arc<Keyed>,
    /// Whether it still counts.
    pub in_force: bool,
    /// Who attested that the issuer's domain answers for a lineage that signed it.
    pub attested: Vec<Attestation>,
}

impl Looked {
    /// Each of these notices with how it meets what was asked.
    pub fn met(&self) -> impl Iterator<Item = (&Match, &Said)> {
        let answers = self.answers.answers.iter().filter_map(|asked| asked.answer.as_ref().ok());
        answers.flat_map(|answer| &answer.matches).zip(&self.said)
    }
}

impl Ledger {
    /// What was known of `asked` at a moment that has just been, with the notices of the first `most` matches.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn look(&self, asked: &str, most: usize, now: &Moment) -> Result<Looked, StoreError> {
        self.look_by(asked, most, now, &LedgerStatements::below(self, now.published.head.size))
    }

    /// The same without reading anything; `None` when something would have to be read.
    pub fn look_at_hand(&self, asked: &str, most: usize, now: &Moment) -> Option<Looked> {
        self.look_by(asked, most, now, &LedgerStatements::at_hand_below(self, now.published.head.size)).ok()
    }

    fn look_by<F: Finding>(
        &self,
        asked: &str,
        most: usize,
        now: &Moment,
        source: &LedgerStatements<F>,
    ) -> Result<Looked, F::Stop> {
        let mut said = Vec::new();
        let answers = self.decide(&[asked.to_owned()], now, source, &mut |judge, answers| {
            let matches = answers.iter().filter_map(|asked| asked.answer.as_ref().ok()).flat_map(|answer| &answer.matches);
            said.extend(matches.map_while(|found| Said::of(found, judge, &now.trusted)).take(most));
        })?;
        Ok(Looked { answers, said })
    }
}

impl Said {
    fn of(found: &Match, judge: &Judge<'_>, trusted: &Trusted) -> Option<Self> {
        let statement = judge.statements().get(&found.notice)?;
        let attested = statement.voices.iter().flat_map(|voice| trusted.attestations(&voice.lineage)).cloned().collect();
        Some(Self { notice: statement.notice.clone(), in_force: judge.is_in_force(&found.notice), attested })
    }
}
