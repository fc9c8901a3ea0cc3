//! Notices in other vocabularies: what other systems hold, made into drafts, and notices, made into what other systems read.
//!
//! Nothing here signs, posts or decides. What comes in becomes a draft that somebody has to read and sign; what goes out says less than
//! the notice did, since no other vocabulary has all of its fields (domain, section 4).
//!
//! In scope: the mapping tables, and reading and writing those formats in memory. Out of scope: files, the network, verdicts.

pub mod export;
pub mod retraction_watch;
