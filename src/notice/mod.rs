//! What is said: the notice, its identifiers, its codes and its texts.

mod codes;
mod date;
mod did;
mod hash;
pub mod identifier;
mod language;
mod model;
mod parse;
mod parts;
mod reason;
mod rule;
mod rules;
mod text_rules;
mod web_url;
mod wire;

pub(crate) use codes::codes;
pub(crate) use hash::hex32;

pub use date::{PartialDate, Timestamp};
pub use did::{Did, DidError, DidMethod};
pub use hash::{DocumentHash, NoticeId, PayloadId};
pub use identifier::{Identifier, IdentifierError, LookupKey, Scheme};
pub use model::*;
pub use parse::{MAX_PAYLOAD, NoticeError};
pub use reason::Reason;
pub use rule::FormRule;
pub use wire::LICENSE;
