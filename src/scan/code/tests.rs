use proptest::prelude::*;

use super::super::{Place, Source};
use super::*;

const MD5: &str = "88813c6b15de58afc8fa75ea83361d7f";
const HASH: &str = "9e67eb7cc23c9417f39778a8e06cca5e26196a97";
const SHA: &str = "c73b89662dc25ad409f0239d7c979552373a3b5d2091a96a03be49a3984bdaac";

fn seen(name: &str, text: &str) -> Vec<String> {
    let mut notes = Notes::of(Place::named(0, name), Source::Code);
    read(text.as_bytes(), Language::of_name(name).unwrap(), &mut notes);
    assert!(notes.sightings.iter().all(|s| s.evidence == Evidence::NamedInCode));
    let place = |place: &Place| place.to_string().replacen(name, "", 1);
    notes.sightings.iter().map(|s| format!("{} {}", s.identifier, place(&s.place))).collect()
}

fn names(name: &str, text: &str) -> Vec<String> {
    seen(name, text).into_iter().map(|seen| seen.split(' ').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_loader_is_read_to_the_line_and_column() {
    let text = format!(
        "URL = \"https://example.org/vggface2.tar.gz\"\nMD5 = '{MD5}'\n# täuscht: {MD5} md5\nds = load_dataset(\n    \"ProgramComputer/VGGFace2\", split='x')\n"
    );
    assert_eq!(
        seen("load.py", &text),
        [
            "url:https://example.org/vggface2.tar.gz :1:8".to_owned(),
            format!("md5:{MD5} :2:8"),
            format!("md5:{MD5} :3:12"),
            "hf:datasets/programcomputer/vggface2 :5:6".to_owned(),
        ]
    );
}

#[test]
fn calls_of_libraries_name_their_datasets() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    for (text, expected) in [
        ("load_dataset(\"imdb\")".to_owned(), "hf:datasets/imdb".to_owned()),
        (format!("load_dataset('a/b', revision=\"{commit}\")"), format!("hf:datasets/a/b@{commit}")),
        ("snapshot_download(repo_id='a/b', repo_type='dataset')".to_owned(), "hf:datasets/a/b".to_owned()),
        ("hf_hub_download(repo_type = \"dataset\", repo_id = \"a/b\", filename='x')".to_owned(), "hf:datasets/a/b".to_owned()),
        ("kagglehub.dataset_download(\"unsdsn/world-happiness\")".to_owned(), "kaggle:unsdsn/world-happiness".to_owned()),
        ("tfds.load('vgg_face2/train')".to_owned(), "name:vggface2".to_owned()),
        (
            "gdown.download(id='1jjE85dRCMOgRtvJ5RQV9-Afs-2_5dY3O')".to_owned(),
            "gdrive:1jjE85dRCMOgRtvJ5RQV9-Afs-2_5dY3O".to_owned(),
        ),
        (format!("at.get('{HASH}')"), format!("btih:{HASH}")),
    ] {
        assert_eq!(names("x.py", &text), [expected], "{text}");
    }
    let shell = format!(
        "hf download a/b --repo-type dataset\nkaggle datasets download -d owner/slug\naria2c 'magnet:?xt=urn:btih:{HASH}&dn=x'\ngdown 1jjE85dRCMOgRtvJ5RQV9-Afs-2_5dY3O\n"
    );
    assert_eq!(
        names("get.sh", &shell),
        ["hf:datasets/a/b", "kaggle:owner/slug", &format!("btih:{HASH}"), "gdrive:1jjE85dRCMOgRtvJ5RQV9-Afs-2_5dY3O"]
    );
}

#[test]
fn what_names_no_dataset_is_passed_over() {
    for (name, text) in [
        ("x.py", "load_dataset('csv', data_files='x.csv')".to_owned()),
        ("x.py", "load_dataset('./local')".to_owned()),
        ("x.py", "load_dataset(f'{owner}/{name}')".to_owned()),
        ("x.py", "hf_hub_download(repo_id='bert-base/uncased')".to_owned()),
        ("x.py", "URL = f'https://example.org/{name}.zip'".to_owned()),
        ("x.sh", "curl https://example.org/$NAME".to_owned()),
        ("x.py", format!("API_KEY = '{MD5}'")),
        ("x.yaml", format!("rev: {HASH}")),
        ("README.md", format!("fixed in commit {HASH}")),
        ("README.md", format!("see {HASH}")),
        ("requirements.toml", format!("numpy --hash=sha256:{SHA}")),
        ("x.py", format!("id = '{}'", &SHA[..50])),
        ("x.py", "token = '1jjE85dRCMOgRtvJ5RQV9-Afs-2_5dY3O'".to_owned()),
        ("x.py", "x = 10.1234 / 5".to_owned()),
    ] {
        assert_eq!(names(name, &text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn bare_digits_are_taken_where_the_line_or_the_file_says_what_they_are() {
    for (text, expected) in [
        (format!("('vggface2_train.tar.gz', '{MD5}')"), format!("md5:{MD5}")),
        (format!("# md5 of each part\nparts = [\n  [\"part_1\", \"{MD5}\"],\n]"), format!("md5:{MD5}")),
        (format!("infohash = \"{HASH}\""), format!("btih:{HASH}")),
        (format!("sha1sum: {HASH}"), format!("sha1:{HASH}")),
        (format!("registry = {{'x.nc': 'sha256:{SHA}'}}"), format!("sha256:{SHA}")),
        (format!("blake3 = '{SHA}'"), format!("blake3:{SHA}")),
    ] {
        assert_eq!(names("x.py", &text), [expected], "{text}");
    }
}

#[test]
fn bibliographies_and_readmes_cite() {
    let bib =
        "@inproceedings{cao18,\n  doi = {10.1109/FG.2018.00020},\n  eprint = {1710.08092},\n  archivePrefix = {arXiv},\n}\n";
    assert_eq!(seen("refs.bib", bib), ["doi:10.1109/fg.2018.00020 :2:10", "arxiv:1710.08092 :3:13"]);
    let readme =
        "Get it [here](https://academictorrents.com/details/9e67eb7cc23c9417f39778a8e06cca5e26196a97), see arXiv:1607.08221.\n";
    assert_eq!(names("README.md", readme), [format!("btih:{HASH}"), "arxiv:1607.08221".to_owned()]);
    assert_eq!(cited("see https://doi.org/10.1000/a and doi:10.1000/A.").len(), 1);
}

#[test]
fn a_notebook_gives_cell_line_and_column() {
    let notebook = serde_json::json!({"nbformat": 4, "cells": [
        {"cell_type": "markdown", "source": ["# Title\n", "text\n"]},
        {"cell_type": "code", "source": ["import x\n", format!("x.md5 = '{MD5}'\n")], "outputs": [{"text": ["https://example.org/out"]}]}]});
    assert_eq!(seen("a.ipynb", &notebook.to_string()), [format!("md5:{MD5}  cell 2:2:10")]);
    let mut notes = Notes::of(Place::named(0, "a.ipynb"), Source::Code);
    read(b"{", Language::Notebook, &mut notes);
    assert_eq!(notes.remarks.len(), 1);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_every_place_is_in_the_text(pieces in prop::collection::vec(prop_oneof![
        ".{0,12}", "[0-9a-f]{32}", "[0-9a-f]{40}", Just("md5 = ".to_owned()), Just("load_dataset(\"".to_owned()), Just("\n".to_owned()),
        Just("\")".to_owned()), Just("https://example.org/ä".to_owned()), Just("10.5281/".to_owned()), Just("repo_id='a/b', repo_type='dataset'".to_owned()),
    ], 0..30)) {
        let text = pieces.concat();
        let lines = text.split('\n').count();
        let mut notes = Notes::of(Place::named(0, "x.py"), Source::Code);
        read(text.as_bytes(), Language::Code, &mut notes);
        for sighting in &notes.sightings {
            let line = sighting.place.line.unwrap() as usize;
            prop_assert!((1..=lines).contains(&line));
            let columns = text.split('\n').nth(line - 1).unwrap().chars().count();
            prop_assert!((1..=columns).contains(&(sighting.place.column.unwrap() as usize)));
        }
        read(text.as_bytes(), Language::Notebook, &mut notes);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for language in [Language::Code, Language::Prose, Language::Notebook] {
            read(&bytes, language, &mut Notes::of(Place::named(0, "x"), Source::Code));
        }
    }
}
