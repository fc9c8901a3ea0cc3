//! Lock files: what lay in a folder, and what ledgers knew of it at that time, with everything that shows it (`palinode lock`).
//!
//! A lock goes into the supplement of a paper. Years later, without any server, [`Lock::verify`] shows that every operator signed the head of
//! its list then, that every entry stood in that log, that every signature holds, and that the verdicts follow. What it cannot show is that
//! a server left nothing out of what it served; whoever wants that reads the log. The form is `lock.schema.json`; strict reading decides.
//!
//! Out of scope: reading folders, which `scan` does, and words for people.

mod document;
mod verifying;

pub use document::{Lock, LockError, LockedAnswer, LockedServer, MAX_LOCK, Sighted};
pub use verifying::{LockFault, VerifiedServer};

/// The JSON Schema (draft 2020-12) of a lock file.
pub const LOCK_SCHEMA: &str = include_str!("lock.schema.json");
