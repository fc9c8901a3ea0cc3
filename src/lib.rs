//! Palinode: a retraction notice federation server.

pub mod clock;
pub mod envelope;
pub mod federation;
pub mod notice;
pub mod strict_json;
pub mod tlog;
pub mod verdict;
