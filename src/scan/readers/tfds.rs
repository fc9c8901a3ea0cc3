//! `checksums.tsv` of TensorFlow Datasets: URL, size, SHA-256 and file name, separated by tabs; before 2021 by spaces and without name.

use std::io::BufRead;

use super::super::Relation;
use super::{Notes, checksums};
use crate::notice::Scheme;

pub(super) fn read(input: impl BufRead, notes: &mut Notes) {
    checksums::lines(input, notes, |line, notes| {
        let columns: Vec<&str> =
            if line.contains('\t') { line.split('\t').collect() } else { line.split_whitespace().collect() };
        let [url, size, digest, name @ ..] = columns.as_slice() else {
            return notes.invalid("a line has fewer than the columns URL, size and SHA-256");
        };
        if !size.bytes().all(|b| b.is_ascii_digit()) {
            return notes.invalid("the second column is no size");
        }
        notes.of_file(name.first().unwrap_or(url));
        notes.address("url", url, Relation::File);
        notes.digest("sha256", Scheme::Sha256, digest);
    });
}
