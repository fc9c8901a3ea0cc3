//! Writes the seeds of the corpora out of our own fixtures, vectors and servers:
//! `cargo test --test fuzz -- --ignored write_the_seeds`. What fuzzing found lies beside them, under other names.

mod answers;
mod bytes;
mod descriptions;
mod desk;
mod notes;
mod signed;
mod words;

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::replay::corpora;

fn put(target: &str, name: &str, bytes: impl AsRef<[u8]>) {
    let folder = corpora().join(target);
    fs::create_dir_all(&folder).unwrap();
    if bytes.as_ref().len() <= 16_384 {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

/// The files of a folder of the repository, by name.
fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let json = paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    json.map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap())).collect()
}

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

#[test]
#[ignore = "it writes into the repository"]
fn write_the_seeds() {
    signed::signed_json();
    signed::small_json();
    notes::notes();
    words::words();
    bytes::bytes();
    answers::answers();
    descriptions::metadata();
    descriptions::beginnings();
    desk::write();
}
