//! Loads from a store exactly what a decision needs, so that no decision reads the whole ledger.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Statement, Statements, derivation::Reach, force::Force};
use crate::notice::{DocumentHash, Identifier, LookupKey, NoticeId};

/// A statement, a list of digests that it names, and whether the list holds the asked digest; `None` when the list is not here.
pub type Listed = (Statement, DocumentHash, Option<bool>);

/// A store of statements. It may answer with more than was asked for, never with less.
pub trait StatementSource {
    /// Why it could not answer.
    type Error;

    /// Statements that have any of these among their [`naming_keys`](super::naming_keys).
    fn naming(&self, keys: &[LookupKey]) -> Result<Vec<Statement>, Self::Error>;

    /// Statements that have any of these among their [`deriving_keys`](super::deriving_keys).
    fn deriving(&self, keys: &[LookupKey]) -> Result<Vec<Statement>, Self::Error>;

    /// Statements with a `prior` edge to any of these.
    fn pointing_at(&self, notices: &[NoticeId]) -> Result<Vec<Statement>, Self::Error>;

    /// Every list of digests of this digest's algorithm; those of blinded digests for a `blind:` one.
    fn listing(&self, digest: &Identifier) -> Result<Vec<Listed>, Self::Error>;

    /// The statements of these names, as far as they are known.
    fn by_id(&self, ids: &[NoticeId]) -> Result<Vec<Statement>, Self::Error>;
}

/// Everything that [`decide`](super::decide()) at `now` needs to know about these identifiers.
///
/// # Errors
/// Whatever the store fails with.
pub fn gather<S: StatementSource>(asked: &[Identifier], source: &S, now: DateTime<Utc>) -> Result<Statements, S::Error> {
    let mut loader = Loader::new(source);
    let mut reaches: Vec<Reach> = asked.iter().filter(|id| !id.is_trivial()).map(Reach::new).collect();
    while !reaches.is_empty() {
        let frontier = reaches.iter().flat_map(Reach::frontier);
        let ids: BTreeSet<Identifier> = frontier.filter(|node| node.holder.is_none()).map(|node| node.id.clone()).collect();
        loader.load(&ids)?;
        let force = Force::new(&loader.set, now);
        for reach in &mut reaches {
            reach.advance(&loader.set, &force);
        }
        reaches.retain(|reach| !reach.frontier().is_empty());
    }
    Ok(loader.set)
}

/// Everything that [`status`](super::status()) needs to know about these notices.
///
/// # Errors
/// Whatever the store fails with.
pub fn gather_notices<S: StatementSource>(notices: &[NoticeId], source: &S) -> Result<Statements, S::Error> {
    let mut loader = Loader::new(source);
    let found = source.by_id(notices)?;
    loader.settle(found)?;
    Ok(loader.set)
}

struct Loader<'a, S> {
    source: &'a S,
    set: Statements,
    asked: BTreeSet<Identifier>,
    /// Notices whose own edges were followed.
    followed: BTreeSet<NoticeId>,
    /// Notices of which it is known who points at them.
    pointed: BTreeSet<NoticeId>,
}

impl<'a, S: StatementSource> Loader<'a, S> {
    fn new(source: &'a S) -> Self {
        Self { source, set: Statements::new(), asked: BTreeSet::new(), followed: BTreeSet::new(), pointed: BTreeSet::new() }
    }

    fn load(&mut self, ids: &BTreeSet<Identifier>) -> Result<(), S::Error> {
        let new: Vec<&Identifier> = ids.iter().filter(|id| !id.is_trivial() && !self.asked.contains(*id)).collect();
        let keys: BTreeSet<LookupKey> = new.iter().flat_map(|id| id.question_keys()).collect();
        let keys: Vec<LookupKey> = keys.into_iter().collect();
        if keys.is_empty() {
            return Ok(());
        }
        let mut found = self.source.naming(&keys)?;
        found.extend(self.source.deriving(&keys)?);
        for (_, digest) in new.iter().flat_map(|id| id.listed_forms()) {
            for (statement, list, contained) in self.source.listing(&digest)? {
                if let Some(contained) = contained {
                    self.set.note_list(list, &digest, contained);
                }
                found.push(statement);
            }
        }
        self.asked.extend(new.into_iter().cloned());
        self.settle(found)
    }

    /// Adds statements together with the notices that they point at, and then whatever points at any of these, on and on: that
    /// is what force, disputes and conflicts hang on.
    fn settle(&mut self, found: Vec<Statement>) -> Result<(), S::Error> {
        let new: Vec<&Statement> = found.iter().filter(|statement| self.followed.insert(statement.id)).collect();
        let targets: BTreeSet<NoticeId> = new.iter().flat_map(|s| s.notice.prior.iter().map(|prior| prior.notice)).collect();
        let targets: Vec<NoticeId> = targets.into_iter().collect();
        let mut open = found;
        if !targets.is_empty() {
            open.extend(self.source.by_id(&targets)?);
        }
        while !open.is_empty() {
            let ids: BTreeSet<NoticeId> = open.iter().map(|statement| statement.id).collect();
            self.set.extend(open);
            let ids: Vec<NoticeId> = ids.into_iter().filter(|id| self.pointed.insert(*id)).collect();
            open = if ids.is_empty() { Vec::new() } else { self.source.pointing_at(&ids)? };
        }
        Ok(())
    }
}
