//! Who said it: signed envelopes, keys, publisher records.
//!
//! An issuer signs the bytes of a payload inside a DSSE v1 envelope; this room reads such envelopes in every spelling that the
//! standard allows, rebuilds the one canonical spelling that a log stores, and decides under which key a signature holds.
//! [`verify`](fn@verify) is the only way to a [`Signed`], and a [`Signed`] the only way to a [`Verified`] value, so no other room can take
//! an unverified statement for a verified one. Publisher records say which keys speak for an issuer; [`Lineages`] folds the
//! *set* of them into lineages, and gives the same answer in whatever order they came.
//!
//! In scope: the wire form (protocol, section 3), Ed25519 keys and their files (section 2), publisher records, lineages and pin
//! files (section 5), the documents of domains, operator statements (section 6), keys that everybody knows and nobody may use.
//!
//! Out of scope: what a notice says (`notice`), checkpoints and cosignatures (`tlog`), which issuer is admitted and how a domain
//! is asked (`ledger`, `federation`). Nothing here knows the time, randomness, files or the network: all of them are handed
//! in as values.
//!
//! Specifications: DSSE v1 (`protocol.md` and `envelope.md` of secure-systems-lab/dsse), RFC 8032 (Ed25519), RFC 8410 (its
//! PKCS#8 and SPKI forms), the did:key method.

mod did_document;
mod dsse;
mod entry;
mod form;
mod history;
mod index_head;
mod insecure;
mod key_id;
mod lineage;
mod lineage_fold;
mod lineage_id;
mod operator;
mod payload_type;
mod pem;
mod pin;
mod public_key;
mod publisher;
mod record_form;
mod secret_key;
mod succession;
mod verify;

#[cfg(test)]
mod tests_lineage;
#[cfg(test)]
mod tests_museum;
#[cfg(test)]
mod tests_openssl;
#[cfg(test)]
mod tests_vectors;

pub use did_document::{DidDocument, DidDocumentError, MAX_DID_DOCUMENT, names_all};
pub use dsse::{Envelope, EnvelopeError, MAX_SPELLING, pre_authentication_encoding};
pub use entry::MAX_ENTRY;
pub use form::{FormError, MAX_STATEMENT};
pub use history::{Fork, History, KeyHistory, RecordStep, Since};
pub use index_head::{IndexHead, MAX_INDEX_HEAD};
pub use insecure::is_known_insecure;
pub use key_id::KeyId;
pub use lineage::{ChainRecord, Lineage, Lineages, Listing};
pub use lineage_id::LineageId;
pub use operator::{DomainMethod, LogKeys, LogRoot, OperatorStatement, RemovalBasis, Statement, StatementKind};
pub use payload_type::PayloadType;
pub use pin::{PinError, PinFile};
pub use public_key::{KeyError, PublicKey};
pub use publisher::{CompletedRecord, KeyStatus, MAX_RECORD_KEYS, PUBLISHER_SCHEMA, PublisherRecord, RecordDraft, RecordKey};
pub use secret_key::{SecretKey, SecretKeyError};
pub use succession::{Changes, Succession, SuccessionError, succeed};
pub use verify::{Claim, ClaimError, Payload, SignatureError, Signed, Verified, verify};
