//! Palinode: a retraction notice federation server.

pub mod app;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod envelope;
pub mod federation;
pub mod http;
pub mod ledger;
pub mod notice;
pub mod storage;
pub mod strict_json;
pub mod tlog;
pub mod verdict;
