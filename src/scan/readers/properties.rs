//! What holds for every reader, whatever it is given: it ends, it does not panic, and what it finds is normal.

use std::io::Cursor;

use proptest::prelude::*;

use super::super::{Notes, Place, Source};
use super::format::{Format, read};
use super::{cache_folder, link, pointer, stored_file};
use crate::notice::Identifier;

const ALL: [Format; 22] = [
    Format::TfdsChecksums,
    Format::DatasetInfo,
    Format::HubInfos,
    Format::GitModules,
    Format::Dvc,
    Format::DvcLock,
    Format::BagManifest,
    Format::BagFetch,
    Format::BagInfo,
    Format::Croissant,
    Format::RoCrate,
    Format::Frictionless,
    Format::DataCiteJson,
    Format::DataCiteXml,
    Format::Bids,
    Format::CodeMeta,
    Format::CitationCff,
    Format::Zenodo,
    Format::Checksums,
    Format::ChecksumsCsv,
    Format::Torrent,
    Format::Magnet,
];

fn notes(source: Source) -> Notes {
    Notes::of(Place::named(0, "x"), source)
}

fn is_normal(notes: &Notes) {
    for sighting in &notes.sightings {
        assert_eq!(Identifier::from_normal(sighting.identifier.as_str()).as_ref(), Ok(&sighting.identifier));
    }
}

fn read_by_all(bytes: &[u8]) {
    for format in ALL {
        for name in ["manifest-md5.txt", "SHA256SUMS"] {
            let mut found = notes(format.source());
            read(format, Cursor::new(bytes), name, Some("owner___name"), &mut found);
            is_normal(&found);
        }
    }
    pointer(bytes, notes).iter().for_each(is_normal);
}

/// Pieces that metadata is made of, so that chance builds something that goes beyond the first byte.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\n",
        "  ",
        "\t",
        "\"@context\"",
        "\"@graph\"",
        "\"@id\"",
        "\"distribution\"",
        "\"sha256\"",
        "\"md5\"",
        "\"resources\"",
        "\"hash\"",
        "\"doi\"",
        "10.5281/zenodo.1",
        "https://example.org/",
        "null",
        "1e999",
        "outs:\n- md5: ",
        "stages:\n  a:\n    ",
        "d4:info",
        "d6:pieces0:",
        "12:meta versioni2e",
        "e",
        "l",
        "i5e",
        "<identifier>",
        "</identifier>",
        "&#0;",
        "88813c6b15de58afc8fa75ea83361d7f",
        "c73b89662dc25ad409f0239d7c979552373a3b5d2091a96a03be49a3984bdaac",
        ".dir",
        "  *name",
        "version https://git-lfs.github.com/spec/v1\noid sha256:",
        "/annex/objects/SHA256E-s1--",
        "[remote \"x\"]\nurl = ",
        "\u{202e}",
        "External-Identifier: ",
        "*a",
        "&a ",
        "\u{0}",
        "é",
    ];
    let piece = prop_oneof![
        8 => prop::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_by_all(&bytes);
    }

    #[test]
    fn no_pieces_of_metadata_make_a_reader_panic(bytes in pieces()) {
        read_by_all(&bytes);
    }

    #[test]
    fn no_name_makes_a_reader_panic(parts in prop::collection::vec("[a-z0-9.-]{0,12}|datasets--[a-z-]{0,9}|snapshots|blobs|[0-9a-f]{40}|[0-9a-f]{64}", 0..8), target in ".{0,60}") {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        cache_folder(&parts, notes).iter().for_each(is_normal);
        stored_file(&parts, notes).iter().for_each(is_normal);
        link(&target, notes).iter().for_each(is_normal);
        link(&parts.join("/"), notes).iter().for_each(is_normal);
        let _ = parts.last().and_then(|name| Format::of_name(name));
    }
}
