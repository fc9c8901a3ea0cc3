//! Runs every decoder over its corpus, and over seeded mutations of what is in there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::decoders::{self, DECODERS};
use super::mutation::{Dice, Told, from_environment, mutate};

/// How many mutations a decoder gets when nobody says.
const MUTATIONS: u64 = 500;

pub(crate) fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}

/// What a decoder is fed: the files of its corpus; for secret keys those that may lie in a repository.
fn corpus(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut folders = vec![corpora().join(name)];
    if name == "secret_key" {
        folders.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("keys/test"));
    }
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())));
    let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

#[test]
fn every_decoder_keeps_its_promises_over_its_corpus_and_over_mutations_of_it() {
    let mutations = from_environment("PALINODE_MUTATIONS", MUTATIONS);
    let first = from_environment("PALINODE_SEED", 0);
    for (name, decoder) in DECODERS {
        let corpus = corpus(name);
        for (path, bytes) in &corpus {
            let what = path.display().to_string();
            let _told = Told { what: &what, seed: 0 };
            decoder(bytes);
        }
        for seed in first..first + mutations {
            let _told = Told { what: name, seed };
            let mut dice = Dice::seeded(seed);
            let (_, other) = dice.pick(&corpus);
            let mut bytes = dice.pick(&corpus).1.clone();
            mutate(&mut bytes, other, &mut dice);
            decoder(&bytes);
        }
    }
}

#[test]
fn every_decoder_has_a_corpus_and_a_fuzz_target_and_nothing_else_has() {
    let names: BTreeSet<_> = DECODERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names.len(), DECODERS.len());
    assert!(names.iter().all(|name| decoders::named(name).is_some()));
    let folders = fs::read_dir(corpora()).unwrap().map(|entry| entry.unwrap());
    let folders: BTreeSet<_> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    assert_eq!(folders, names, "the folders of tests/fuzz/corpus");
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let targets = manifest["bin"].as_array().unwrap().iter().map(|bin| bin["name"].as_str().unwrap().to_owned());
    assert_eq!(targets.collect::<BTreeSet<_>>(), names, "the targets of tests/fuzz/Cargo.toml");
    for name in &names {
        let files = corpus(name);
        assert!(files.len() >= 3, "{name} has {} seeds", files.len());
        assert!(files.iter().all(|(_, bytes)| bytes.len() <= 16_384), "{name}: seeds are small");
    }
}
