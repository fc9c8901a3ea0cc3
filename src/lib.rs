//! Palinode: a retraction notice federation server.
//!
//! Publishers sign notices that a dataset is retracted; servers keep them in public, append-only logs, read each other's logs,
//! verify every signature themselves, and answer anyone who asks about a copy. This crate is the server, the command line and
//! the library under both. It is built in layers; a room imports only from rooms above it in this table
//! (`tests/house` checks that):
//!
//! | layer | room | what lives there |
//! |---|---|---|
//! | 0 | [`clock`] | time as a parameter |
//! | 0 | [`strict_json`] | the one reading of JSON that signed things get |
//! | 1 | [`notice`] | what is said: the notice, its identifiers, codes and texts |
//! | 1 | [`envelope`] | who said it: DSSE, keys, publisher records, lineages |
//! | 1 | [`tlog`] | that it cannot be unsaid: tree, tiles, checkpoints, proofs |
//! | 1 | [`verdict`] | what follows from many notices: one pure function |
//! | 2 | [`exchange`] | notices in the vocabularies of other systems, in and out |
//! | 2 | [`digests`] | digest lists: their format, look-up and filter |
//! | 2 | [`compact`] | the compact list: tiles, heads' settings, look-up table |
//! | 2 | [`ledger`] | the rules, the single writer, and the ports that storage fills |
//! | 3 | [`storage`] | SQLite, and the head record beside it |
//! | 3 | [`federation`] | announce, witness, pull; the one seam to the network |
//! | 3 | [`client`] | a typed client of our own interface |
//! | 3 | [`scan`] | what lies in a folder, told by identifiers; knows no server |
//! | 4 | [`http`] | the server's interface, one endpoint a file |
//! | 4 | [`config`] | file, environment and flags, turned into settings |
//! | 4 | [`cli`] | one command a file |
//! | 5 | [`app`] | the composition root |
//! | 5 | [`demo`] | three servers, real cases and a story, in one process |
//!
//! The [`manual`] has longer chapters.

pub mod app;
pub mod cli;
pub mod client;
pub mod clock;
pub mod compact;
pub mod config;
pub mod demo;
pub mod digests;
pub mod envelope;
pub mod exchange;
pub mod federation;
pub mod http;
pub mod ledger;
pub mod manual;
pub mod notice;
pub mod scan;
pub mod storage;
pub mod strict_json;
pub mod tlog;
pub mod verdict;
