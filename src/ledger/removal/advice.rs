//! What the operators of peers say that they removed: advice, and nothing more. Nobody can erase another server's copy (protocol,
//! section 6).

use super::{Ground, Removal};
use crate::envelope::{FormError, Statement, StatementKind};
use crate::ledger::Stores;
use crate::ledger::peers::{PeerStatement, StatementStore};
use crate::ledger::ports::StoreError;
use crate::ledger::stored::DocumentState;
use crate::notice::{DocumentHash, Timestamp};

/// A removal that the operator of a peer stated in the log of that peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The log in which it stands.
    pub origin: String,
    /// What was removed there.
    pub document: DocumentHash,
    /// When it was stated, as claimed.
    pub issued: Timestamp,
    /// Why.
    pub ground: Ground,
    /// How the document stands here.
    pub here: Here,
}

/// How a document that was removed elsewhere stands here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Here {
    /// Its bytes are here.
    Available,
    /// A notice names it, and its bytes may still come from somebody.
    Awaited,
    /// It was removed here too.
    Removed,
    /// No notice here names it.
    NotNamed,
}

impl Here {
    /// How it is shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Awaited => "awaited",
            Self::Removed => "removed",
            Self::NotNamed => "not-named",
        }
    }
}

impl Advice {
    /// The removal that follows this advice on the server of the log `own`.
    ///
    /// # Errors
    /// [`FormError`], which no advice that was read has cause for.
    pub fn follow(&self, own: &str, now: Timestamp) -> Result<Removal, FormError> {
        Removal::new(own, now, self.document, self.ground.clone())
    }
}

/// All advice of peers, with how each document stands here.
///
/// # Errors
/// [`StoreError`].
pub fn advice(stores: &Stores, statements: &dyn StatementStore) -> Result<Vec<Advice>, StoreError> {
    let size = stores.log.newest_published()?.map_or(0, |published| published.head.size);
    let mut found = Vec::new();
    for statement in statements.peer_statements(StatementKind::DocumentRemoved)? {
        found.extend(advised(&statement, stores, size)?);
    }
    Ok(found)
}

fn advised(statement: &PeerStatement, stores: &Stores, size: u64) -> Result<Option<Advice>, StoreError> {
    let said = statement.said();
    let Statement::DocumentRemoved { document, basis, jurisdiction, reference } = said.statement.clone() else {
        return Ok(None);
    };
    let here = match stores.documents.state(&document)? {
        DocumentState::Removed => Here::Removed,
        _ if stores.documents.named_as(&document, size)?.is_none() => Here::NotNamed,
        DocumentState::Available { .. } => Here::Available,
        DocumentState::Awaited => Here::Awaited,
    };
    let ground = Ground { basis, jurisdiction, reference };
    Ok(Some(Advice { origin: said.origin.clone(), document, issued: said.issued, ground, here }))
}
