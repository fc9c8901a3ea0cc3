//! Answers with everything that they follow from, out of a local index: what a server gives with `?proof=true`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::entries::read_leaves;
use super::local::LocalIndex;
use super::statements::{LocalStatements, Stop};
use super::{IndexError, ServerFolder};
use crate::client::answers::{CheckAnswer, EvidenceAnswer, EvidenceEntry};
use crate::compact::Key;
use crate::notice::{DocumentHash, Identifier};
use crate::tlog::{Frontier, MemoryTiles, Prover, TlogProof};
use crate::verdict::{Trust, gather};

/// What was found by looking into digest lists that are here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    /// The lists that were looked into.
    pub into: BTreeSet<DocumentHash>,
    /// Which of them hold which digest; they hold no other that was asked.
    pub held: Vec<(DocumentHash, Identifier)>,
}

impl LocalIndex {
    /// As [`LocalIndex::check`], with the entries that the answers follow from, each with its proof, and with what was found in digest
    /// lists. An answer that needs an entry which is not here is `unchecked`, and nothing proves it.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn check_with_evidence(
        &self,
        asked: &[String],
        trust: &Trust,
        now: DateTime<Utc>,
    ) -> Result<(CheckAnswer, Looked), IndexError> {
        let mut answer = self.check(asked, trust, now)?;
        let candidates = answer.answers.iter().filter_map(|answer| Identifier::candidates(&answer.asked).ok());
        let ids: BTreeSet<Identifier> = candidates.flatten().collect();
        let source = LocalStatements::of(self);
        let mut entries = BTreeSet::new();
        for id in &ids {
            match gather(std::slice::from_ref(id), &source, now) {
                Ok(set) => {
                    for statement in set.iter() {
                        entries.extend(self.find(Key::payload(&statement.id))?);
                        entries.extend(self.find(Key::records_of(&statement.notice.issuer.id))?);
                    }
                }
                // It was answered as unchecked.
                Err(Stop::Missing(_)) => {}
                Err(Stop::Error(error)) => return Err(error),
            }
        }
        answer.evidence = Some(self.evidence(&entries)?);
        Ok((answer, self.looked(&ids)?))
    }

    fn evidence(&self, entries: &BTreeSet<u64>) -> Result<EvidenceAnswer, IndexError> {
        let size = self.head().size;
        let mut tree = Frontier::empty();
        for leaf in read_leaves(self.folder(), ServerFolder::LEAVES, size)? {
            tree.append(leaf);
        }
        let mut tiles = MemoryTiles::default();
        tiles.store(tree.take_changed());
        let damaged = |what: String| IndexError::Damaged { path: self.folder().file(ServerFolder::LEAVES), what };
        let mut prover = Prover::new(size, &tiles).map_err(|error| damaged(error.to_string()))?;
        let mut proved = Vec::with_capacity(entries.len());
        for index in entries {
            let Ok(bytes) = self.entries().entry(*index) else { continue };
            let proof = prover.inclusion(*index).map_err(|error| damaged(error.to_string()))?;
            let checkpoint = self.head().checkpoint.clone().into_bytes();
            let proof = TlogProof { index: *index, proof, checkpoint, extra: Vec::new() };
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            proved.push(EvidenceEntry { envelope: text(&bytes), proof: text(&proof.to_bytes()) });
        }
        Ok(EvidenceAnswer { checkpoint: self.head().checkpoint.clone(), entries: proved })
    }

    fn looked(&self, ids: &BTreeSet<Identifier>) -> Result<Looked, IndexError> {
        let mut looked = Looked::default();
        for (_, form) in ids.iter().flat_map(Identifier::listed_forms) {
            let Some((_, digest)) = form.digest() else { continue };
            for named in self.lists().for_digest(&form) {
                if let Some(holds) = self.lists().holds(&named.list, &digest)? {
                    looked.into.insert(named.list.sha256);
                    looked.held.extend(holds.then(|| (named.list.sha256, form.clone())));
                }
            }
        }
        Ok(looked)
    }
}
