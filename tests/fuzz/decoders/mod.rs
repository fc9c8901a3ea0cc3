//! Every decoder that bytes from outside reach, as a function over bytes that panics when a promise does not hold.
//!
//! Each function calls the public parser and asserts more than that nothing panics: what has one spelling is written back byte
//! for byte, what has many is brought to a normal form that is a fixed point, and where two paths read the same bytes, both
//! accept them with the same meaning or both refuse (promise A4, one reading only). `cargo test` runs the functions over the
//! corpora and over seeded mutations of them; `tests/fuzz/README.md` tells how libFuzzer runs them.

mod add_checkpoint;
mod base_url;
mod beginning;
mod bundle;
mod check_answer;
mod check_question;
mod checkpoint;
mod config;
pub mod cosignature;
mod cursor;
mod date;
mod did;
mod did_document;
mod digest_list;
mod draft;
mod envelope;
mod evidence;
mod hash;
mod identifier;
mod index_head;
mod index_settings;
mod index_tile;
mod json;
mod key_table;
mod list_blocks;
mod list_filter;
mod list_table;
mod lock;
mod metadata;
mod note;
mod notice;
mod operator_statement;
mod pin_file;
mod policy;
mod problem;
mod public_key;
mod publisher_record;
mod secret_key;
mod strict_json;
mod submission;
mod texts;
mod tile_path;
mod tlog_proof;
mod verifier_key;

pub use json::Loose;
use palinode::envelope::SecretKey;
use palinode::tlog::{KeyName, VerifierKey};

/// A decoder under test.
pub type Decoder = fn(&[u8]);

/// All of them, by the name of the fuzz target and of the folder of its corpus.
pub const DECODERS: &[(&str, Decoder)] = &[
    ("add_checkpoint", add_checkpoint::check),
    ("base_url", base_url::check),
    ("beginning", beginning::check),
    ("bundle", bundle::check),
    ("check_answer", check_answer::check),
    ("check_question", check_question::check),
    ("checkpoint", checkpoint::check),
    ("config", config::check),
    ("cosignature", cosignature::check),
    ("cursor", cursor::check),
    ("date", date::check),
    ("did", did::check),
    ("did_document", did_document::check),
    ("digest_list", digest_list::check),
    ("draft", draft::check),
    ("envelope", envelope::check),
    ("evidence", evidence::check),
    ("hash", hash::check),
    ("identifier", identifier::check),
    ("index_head", index_head::check),
    ("index_settings", index_settings::check),
    ("index_tile", index_tile::check),
    ("key_table", key_table::check),
    ("list_blocks", list_blocks::check),
    ("list_filter", list_filter::check),
    ("list_table", list_table::check),
    ("lock", lock::check),
    ("metadata", metadata::check),
    ("note", note::check),
    ("notice", notice::check),
    ("operator_statement", operator_statement::check),
    ("pin_file", pin_file::check),
    ("policy", policy::check),
    ("problem", problem::check),
    ("public_key", public_key::check),
    ("publisher_record", publisher_record::check),
    ("secret_key", secret_key::check),
    ("strict_json", strict_json::check),
    ("submission", submission::check),
    ("texts", texts::check),
    ("tile_path", tile_path::check),
    ("tlog_proof", tlog_proof::check),
    ("verifier_key", verifier_key::check),
];

/// The decoder of this name.
pub fn named(name: &str) -> Option<Decoder> {
    DECODERS.iter().find(|(known, _)| *known == name).map(|(_, decoder)| *decoder)
}

/// Seeds of the keys of issuers that sign what the corpora hold, so that mutations come to where signatures are checked, and behind it.
pub const SEEDS: [u8; 3] = [1, 2, 3];

/// The name of the log of the corpora, which is that of the test servers.
pub const ORIGIN: &str = "ledger.example.org/log";
/// Seed of the key of that log.
pub const LOG_SEED: u8 = 201;
/// Seed of the key of its witness.
pub const WITNESS_SEED: u8 = 202;

/// The key of the log in the corpora.
pub fn log_key() -> VerifierKey {
    VerifierKey::log_key(KeyName::parse(ORIGIN).expect("a name"), SecretKey::from_seed([LOG_SEED; 32]).public())
}

/// The key of the witness in the corpora.
pub fn witness_key() -> VerifierKey {
    let name = KeyName::parse(&format!("{ORIGIN}/witness")).expect("a name");
    VerifierKey::witness_key(name, SecretKey::from_seed([WITNESS_SEED; 32]).public())
}

fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}
