//! Asking about what is remembered, and what has changed since: nothing here knows files, clocks or the network.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::memory::{Known, Memory};
use crate::client::answers::IdAnswer;
use crate::client::index::{IndexError, LocalIndex};
use crate::client::lock::Sighted;
use crate::notice::Identifier;
use crate::verdict::Verdict;

/// What every copy knows now.
pub(super) struct Round {
    /// By origin and identifier: what is more than that no notice is known.
    pub(super) answers: BTreeMap<String, BTreeMap<String, Known>>,
    /// How many could not be looked up.
    pub(super) unchecked: usize,
}

/// An answer that is another than it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Change {
    pub(super) origin: String,
    pub(super) id: String,
    pub(super) places: Vec<String>,
    pub(super) before: Known,
    pub(super) after: Known,
}

impl Round {
    /// Asks every copy about what is remembered.
    pub(super) fn ask(memory: &Memory, copies: &[LocalIndex], now: DateTime<Utc>) -> Result<Self, IndexError> {
        let mut round = Self { answers: BTreeMap::new(), unchecked: 0 };
        for copy in copies {
            let mut known = Vec::new();
            for sighted in &memory.inventory {
                if let Ok(id) = Identifier::from_normal(&sighted.id)
                    && copy.may_know(&id)?
                {
                    known.push(sighted.id.clone());
                }
            }
            let answer = copy.check(&known, copy.trust(), now)?;
            round.take(copy.origin(), answer.answers, memory);
        }
        Ok(round)
    }

    fn take(&mut self, origin: &str, answers: Vec<IdAnswer>, memory: &Memory) {
        let known = self.answers.entry(origin.to_owned()).or_default();
        let before = memory.answers.get(origin);
        for answer in answers {
            match answer.verdict {
                // What could not be looked up has not changed as far as anybody knows.
                Verdict::Unchecked => {
                    self.unchecked += 1;
                    let remembered = before.and_then(|before| before.get(&answer.asked));
                    known.extend(remembered.map(|remembered| (answer.asked.clone(), remembered.clone())));
                }
                Verdict::NoNotice if !answer.incomplete => {}
                _ => drop(known.insert(answer.asked.clone(), Known::of(&answer))),
            }
        }
    }

    /// What is other than what is remembered.
    pub(super) fn changes(&self, memory: &Memory) -> Vec<Change> {
        let places: BTreeMap<&str, &Sighted> = memory.inventory.iter().map(|sighted| (sighted.id.as_str(), sighted)).collect();
        let mut changes = Vec::new();
        for (origin, now) in &self.answers {
            let none = BTreeMap::new();
            let before = memory.answers.get(origin).unwrap_or(&none);
            let ids: std::collections::BTreeSet<&String> = before.keys().chain(now.keys()).collect();
            for id in ids.into_iter().filter(|id| before.get(*id) != now.get(*id)) {
                changes.push(Change {
                    origin: origin.clone(),
                    id: id.clone(),
                    places: places.get(id.as_str()).map(|sighted| sighted.places.clone()).unwrap_or_default(),
                    before: before.get(id).cloned().unwrap_or_else(Known::nothing),
                    after: now.get(id).cloned().unwrap_or_else(Known::nothing),
                });
            }
        }
        changes
    }
}

impl Known {
    fn of(answer: &IdAnswer) -> Self {
        let mut notices: Vec<_> = answer.matches.iter().map(|found| found.notice.to_string()).collect();
        notices.sort();
        Self {
            verdict: answer.verdict.as_str().to_owned(),
            part: answer.part.map(|part| part.as_str().to_owned()),
            incomplete: answer.incomplete,
            notices,
        }
    }

    fn nothing() -> Self {
        Self { verdict: Verdict::NoNotice.as_str().to_owned(), part: None, incomplete: false, notices: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::index::IndexFolder;

    const ORIGIN: &str = "ledger.example.org/log";

    fn answer(id: &str, verdict: &str) -> IdAnswer {
        let raw = json!({"origin": ORIGIN, "tree_size": 1, "checkpoint_time": null, "trust": "", "answers": [
            {"asked": id, "id": id, "verdict": verdict, "matches": []}
        ]});
        crate::client::answers::CheckAnswer::read(raw).unwrap().answers.remove(0)
    }

    fn memory(ids: &[&str]) -> Memory {
        let mut memory = Memory::of(&IndexFolder::at("nowhere"), std::path::Path::new("data")).unwrap();
        let sighted = |id: &&str| Sighted { id: (*id).to_owned(), places: vec![format!("of {id}")], evidence: String::new() };
        memory.inventory = ids.iter().map(sighted).collect();
        memory
    }

    fn round(memory: &Memory, answers: &[(&str, &str)]) -> Round {
        let mut round = Round { answers: BTreeMap::new(), unchecked: 0 };
        round.take(ORIGIN, answers.iter().map(|(id, verdict)| answer(id, verdict)).collect(), memory);
        round
    }

    #[test]
    fn an_answer_that_is_new_that_changes_and_that_goes_is_a_change_and_the_same_one_is_none() {
        let mut memory = memory(&["a", "b"]);
        let first = round(&memory, &[("a", "retracted"), ("b", "no-notice")]);
        let changes = first.changes(&memory);
        assert_eq!((changes.len(), changes[0].id.as_str(), changes[0].places.as_slice()), (1, "a", &["of a".to_owned()][..]));
        assert_eq!((changes[0].before.verdict.as_str(), changes[0].after.verdict.as_str()), ("no-notice", "retracted"));
        memory.answers = first.answers;
        assert_eq!(round(&memory, &[("a", "retracted"), ("b", "no-notice")]).changes(&memory), []);
        let later = round(&memory, &[("b", "concern")]).changes(&memory);
        let told: Vec<_> = later.iter().map(|change| (change.id.as_str(), change.after.verdict.as_str())).collect();
        assert_eq!(told, [("a", "no-notice"), ("b", "concern")]);
    }

    #[test]
    fn what_could_not_be_looked_up_is_no_change_and_is_not_forgotten() {
        let mut memory = memory(&["a"]);
        memory.answers = round(&memory, &[("a", "retracted")]).answers;
        let blind = round(&memory, &[("a", "unchecked")]);
        assert_eq!((blind.changes(&memory), blind.unchecked), (Vec::new(), 1));
        assert_eq!(blind.answers, memory.answers);
    }
}
