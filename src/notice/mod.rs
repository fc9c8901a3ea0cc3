//! What is said: the notice, its identifiers, its codes and its texts.

mod codes;
mod date;
mod did;
mod hash;
pub mod identifier;
mod model;
mod reason;

pub(crate) use codes::codes;
pub(crate) use hash::hex32;

pub use date::{PartialDate, Timestamp};
pub use did::{Did, DidError, DidMethod};
pub use hash::{DocumentHash, NoticeId, PayloadId};
pub use identifier::{Identifier, IdentifierError, LookupKey, Meeting, Scheme};
pub use model::*;
pub use reason::Reason;
