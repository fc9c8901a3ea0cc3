//! Bags (RFC 8493, and the drafts before it): `manifest-<algorithm>.txt`, `fetch.txt`, and `External-Identifier` of `bag-info.txt`.
//!
//! Tag manifests state digests of the bag's own papers, not of data, and are left alone. A name that leaves the bag is told, and its
//! digest is not used: such a bag is not valid, and what it states is of no file of it.

use std::io::BufRead;

use percent_encoding::percent_decode_str;

use super::super::notes::digest_scheme;
use super::super::{Relation, Why};
use super::{Notes, checksums};

/// The algorithm in the name of a manifest.
pub(in super::super) fn algorithm(name: &str) -> Option<&str> {
    name.strip_prefix("manifest-")?.strip_suffix(".txt")
}

pub(super) fn read_manifest(input: impl BufRead, name: &str, notes: &mut Notes) {
    let word = algorithm(name).unwrap_or_default();
    let Some(scheme) = digest_scheme(word) else {
        return notes.remark(Why::Ignored {
            field: "algorithm".to_owned(),
            value: word.to_owned(),
            rule: "digest-algorithm",
            reason: "no notice can hold a digest of this algorithm".to_owned(),
        });
    };
    checksums::lines(input, notes, |line, notes| {
        let Some((digits, file)) = line.split_once([' ', '\t']) else { return notes.invalid("a line has no file name") };
        // Percent signs, CR and LF of names are escaped (RFC 8493, section 2.1.3); names may begin with a star.
        let file = file.trim_start().trim_start_matches('*');
        let file = percent_decode_str(file).decode_utf8_lossy();
        if leaves_the_bag(&file) {
            return notes.remark(Why::OutOfScope { name: file.into_owned() });
        }
        notes.of_file(&file);
        notes.digest(word, scheme, digits);
    });
}

fn leaves_the_bag(file: &str) -> bool {
    let plain = file.replace('\\', "");
    file.starts_with(['/', '~']) || plain.split('/').any(|part| part == "..") || file.contains(":\\")
}

pub(super) fn read_fetch(input: impl BufRead, notes: &mut Notes) {
    checksums::lines(input, notes, |line, notes| {
        let mut columns = line.split_whitespace();
        let (url, _length, file) = (columns.next().unwrap_or_default(), columns.next(), columns.next());
        if let Some(file) = file {
            notes.of_file(file);
        }
        notes.address("url", url, Relation::File);
    });
}

pub(super) fn read_info(input: impl BufRead, notes: &mut Notes) {
    checksums::lines(input, notes, |line, notes| {
        let Some((label, value)) = line.split_once(':') else { return };
        if label.trim().eq_ignore_ascii_case("External-Identifier") {
            let value = value.trim();
            let is_doi = value.starts_with("10.") && value.contains('/');
            // Local numbers of an archive are no identifiers that anybody else knows.
            if is_doi {
                notes.names_as("doi", "External-Identifier", value, Relation::Itself);
            } else if value.contains(':') {
                notes.names("External-Identifier", value, Relation::Itself);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::*;

    fn said(read: impl FnOnce(&mut Notes)) -> (Vec<String>, Vec<String>) {
        let mut notes = Notes::of(Place::named(0, "bag"), Source::BagIt);
        read(&mut notes);
        (
            notes.sightings.iter().map(|s| s.identifier.to_string()).collect(),
            notes.remarks.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn a_name_that_leaves_the_bag_is_told_and_not_used() {
        let text = "751e32179ec8acd71081654527f2e771  data/a%0Ab\n3e6ffc4a8a1f38a7094e15d2356d7252  ../../../README.md\n\
                    3e6ffc4a8a1f38a7094e15d2356d7252  \\.\\./\\.\\./README.md\n3e6ffc4a8a1f38a7094e15d2356d7252 /etc/x\n";
        let (found, remarks) = said(|notes| read_manifest(text.as_bytes(), "manifest-md5.txt", notes));
        assert_eq!(found, ["md5:751e32179ec8acd71081654527f2e771"]);
        assert_eq!(remarks.len(), 3, "{remarks:?}");
        assert!(remarks[0].contains("../../../README.md"));
    }

    #[test]
    fn an_algorithm_that_no_notice_can_hold_is_named() {
        let (found, remarks) = said(|notes| read_manifest(&b"00  data/a\n"[..], "manifest-sha384.txt", notes));
        assert!(found.is_empty() && remarks[0].contains("sha384"), "{remarks:?}");
    }

    #[test]
    fn what_a_bag_fetches_and_how_it_is_called_outside() {
        let (found, _) = said(|notes| read_fetch(&b"https://example.org/a.tar 12 data/a.tar\n"[..], notes));
        assert_eq!(found, ["url:https://example.org/a.tar"]);
        let text = b"Bag-Size: 1 kB\nExternal-Identifier: 10.5281/zenodo.8\nExternal-Identifier: local 7\n\
                     External-Identifier: https://doi.org/10.5281/zenodo.9\nExternal-Identifier: doi:10.5281/zenodo.7\n\
                     External-Identifier: ark:/99999/fk41CrU4eszeLUDe\n";
        let (found, remarks) = said(|notes| read_info(&text[..], notes));
        let ids = ["doi:10.5281/zenodo.8", "doi:10.5281/zenodo.9", "doi:10.5281/zenodo.7", "ark:99999/fk41CrU4eszeLUDe"];
        assert_eq!((found, remarks), (ids.map(str::to_owned).to_vec(), Vec::<String>::new()));
    }
}
