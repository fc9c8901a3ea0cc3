//! Checksum files: what `sha256sum` and its kin write (GNU and BSD tag forms), one bare digest, and CSV with a column of digests.
//!
//! Which algorithm a GNU line is of is not written in it. The length tells, and where two have one length (SHA-256 and BLAKE3, SHA-512 and
//! BLAKE2b), the name of the file does. Digests that no notice can hold (SHA-224, SHA-384, BLAKE2) are ignored with a remark.

use std::io::{BufRead, Read};
use std::str;

use super::super::Why;
use super::super::notes::digest_scheme;
use super::Notes;
use crate::notice::Scheme;

/// Longest line, in bytes: a digest and a path.
const LONGEST_LINE: u64 = 16 << 10;
/// Most lines: a list of ten million files, and some more.
const MOST_LINES: u32 = 20_000_000;

/// Hands over every line that is neither empty nor a comment, at its place.
pub(super) fn lines(mut input: impl BufRead, notes: &mut Notes, mut each: impl FnMut(&str, &mut Notes)) {
    let mut line = Vec::new();
    for n in 1..=MOST_LINES {
        line.clear();
        match input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => return notes.remark(Why::Unreadable { reason: error.to_string() }),
        }
        notes.at_line(n);
        if !line.ends_with(b"\n") && line.len() as u64 == LONGEST_LINE {
            return notes.remark(Why::TooLarge { what: "bytes in a line", limit: LONGEST_LINE });
        }
        let bytes = if n == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line };
        let Ok(text) = str::from_utf8(bytes.trim_ascii_end()) else {
            // The digest stands before the name, and a name may be of any bytes.
            let text = String::from_utf8_lossy(bytes.trim_ascii_end());
            each(&text, notes);
            continue;
        };
        if !text.trim().is_empty() && !text.starts_with(['#', ';']) {
            each(text, notes);
        }
    }
    notes.remark(Why::TooLarge { what: "lines", limit: MOST_LINES.into() });
}

/// Reads a checksum file in GNU or BSD form; its name tells algorithms of one length apart.
pub(super) fn read(input: impl BufRead, name: &str, notes: &mut Notes) {
    let hint = hint(name);
    lines(input, notes, |line, notes| {
        if let Some((algorithm, file, digits)) = bsd(line) {
            notes.of_file(file);
            return stated(algorithm, digits, notes);
        }
        let (digits, file) = gnu(line);
        if let Some(file) = file {
            notes.of_file(file);
        }
        match (hint, of_length(digits)) {
            (Hint::Other(word), _) => unsupported(word, digits, notes),
            (Hint::Digest(scheme), _) | (Hint::None, Some(scheme)) => notes.digest("digest", scheme, digits),
            (Hint::None, None) => unsupported("unknown", digits, notes),
        }
    });
}

fn stated(algorithm: &str, digits: &str, notes: &mut Notes) {
    match digest_scheme(algorithm) {
        Some(scheme) => notes.digest(algorithm, scheme, digits),
        None => unsupported(algorithm, digits, notes),
    }
}

fn unsupported(algorithm: &str, digits: &str, notes: &mut Notes) {
    notes.remark(Why::Ignored {
        field: algorithm.to_owned(),
        value: super::super::remark::cut(digits),
        rule: "digest-algorithm",
        reason: "no notice can hold a digest of this algorithm or length".to_owned(),
    });
}

/// What the name of a checksum file says about its algorithm.
#[derive(Clone, Copy)]
enum Hint {
    Digest(Scheme),
    /// An algorithm that no notice can hold.
    Other(&'static str),
    None,
}

fn hint(name: &str) -> Hint {
    let name = name.to_ascii_lowercase();
    let words = [("blake3", "blake3"), ("b3sum", "blake3"), (".b3", "blake3")];
    if words.iter().any(|(word, _)| name.contains(word)) {
        return Hint::Digest(Scheme::Blake3);
    }
    for other in ["sha224", "sha384", "sha3", "blake2", "b2sum", "crc32"] {
        if name.contains(other) && !name.contains("sha3sum") {
            return Hint::Other(other);
        }
    }
    for (word, scheme) in [("sha256", Scheme::Sha256), ("sha512", Scheme::Sha512), ("sha1", Scheme::Sha1), ("md5", Scheme::Md5)]
    {
        if name.contains(word) {
            return Hint::Digest(scheme);
        }
    }
    Hint::None
}

/// `SHA256 (name) = digits`, as `shasum --tag` and the BSDs write it.
fn bsd(line: &str) -> Option<(&str, &str, &str)> {
    let (algorithm, rest) = line.split_once(" (")?;
    let (file, digits) = rest.rsplit_once(") = ")?;
    algorithm.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-').then_some((algorithm, file, digits.trim()))
}

/// `digits  name`, `digits *name`, with a backslash in front where the name is escaped; or the digits alone.
fn gnu(line: &str) -> (&str, Option<&str>) {
    let line = line.strip_prefix('\\').unwrap_or(line).trim_start();
    match line.split_once([' ', '\t']) {
        None => (line, None),
        Some((digits, rest)) => (digits, Some(rest.trim_start_matches([' ', '\t', '*']))),
    }
}

fn of_length(digits: &str) -> Option<Scheme> {
    match digits.len() {
        32 => Some(Scheme::Md5),
        40 => Some(Scheme::Sha1),
        64 => Some(Scheme::Sha256),
        128 => Some(Scheme::Sha512),
        _ => None,
    }
}

/// Reads the CSV form: a header names the columns, and each column whose name is an algorithm holds digests. Without such a header, every
/// field that has the form of a digest is one.
pub(super) fn read_csv(input: impl Read, notes: &mut Notes) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
    let mut columns: Vec<(usize, Scheme, String)> = Vec::new();
    let mut name_column = None;
    for (n, record) in (0_u32..).zip(reader.records()) {
        let record = match record {
            Ok(record) => record,
            Err(error) => return notes.invalid(error.to_string()),
        };
        let line = record.position().map_or(n + 1, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        notes.at_line(line);
        if n == 0 {
            let named = |word: &str| digest_scheme(word).or_else(|| digest_scheme(word.trim_end_matches("_checksum")));
            columns = record
                .iter()
                .enumerate()
                .filter_map(|(at, word)| Some((at, named(word.trim())?, word.trim().to_owned())))
                .collect();
            name_column = record.iter().position(|word| {
                matches!(word.trim().to_ascii_lowercase().as_str(), "file" | "filename" | "file_name" | "path" | "name")
            });
            if !columns.is_empty() {
                continue;
            }
        }
        if let Some(name) = name_column.and_then(|at| record.get(at)) {
            notes.of_file(name);
        }
        for (at, scheme, field) in &columns {
            if let Some(value) = record.get(*at).filter(|value| !value.trim().is_empty()) {
                notes.digest(field, *scheme, value);
            }
        }
        if columns.is_empty() {
            for (at, value) in record.iter().enumerate() {
                let value = value.trim();
                let is_hex = value.bytes().all(|b| b.is_ascii_hexdigit());
                if let Some(scheme) = of_length(value).filter(|_| is_hex) {
                    notes.digest(&format!("column {}", at + 1), scheme, value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::*;

    const SHA: &str = "c73b89662dc25ad409f0239d7c979552373a3b5d2091a96a03be49a3984bdaac";
    const MD5: &str = "88813c6b15de58afc8fa75ea83361d7f";

    fn found(name: &str, text: &str) -> (Vec<String>, usize) {
        let mut notes = Notes::of(Place::named(0, name), Source::Checksums);
        if name == "checksums.csv" {
            read_csv(text.as_bytes(), &mut notes);
        } else {
            read(text.as_bytes(), name, &mut notes);
        }
        let said = notes.sightings.iter().map(|s| format!("{} {}", s.identifier, s.place.member.as_deref().unwrap_or("-")));
        (said.collect(), notes.remarks.len())
    }

    #[test]
    fn gnu_bsd_bare_and_csv_forms_are_read() {
        let sha = format!("sha256:{SHA} a b.tar");
        for (name, text) in [
            ("SHA256SUMS", format!("# made by hand\n{SHA}  a b.tar\n\n")),
            ("sha256sum.txt", format!("\u{feff}{SHA} *a b.tar\r\n")),
            ("checksums.txt", format!("SHA256 (a b.tar) = {SHA}\n")),
            ("x.sums", format!("\\{SHA}  a b.tar")),
            ("checksums.csv", format!("path,size,sha256\n\"a b.tar\",12,{SHA}\n")),
        ] {
            assert_eq!(found(name, &text), (vec![sha.clone()], 0), "{name}");
        }
        assert_eq!(found("faces.tar.md5", MD5), (vec![format!("md5:{MD5} -")], 0));
        assert_eq!(found("a.b3", &format!("{SHA}  x")), (vec![format!("blake3:{SHA} x")], 0));
        assert_eq!(found("checksums.csv", &format!("x.tar,{MD5}\n")), (vec![format!("md5:{MD5} -")], 0));
    }

    #[test]
    fn what_lies_is_named_and_the_rest_is_read() {
        let (said, remarks) = found("SHA256SUMS", &format!("{MD5}  a\nnonsense here\n{SHA}  b\n"));
        assert_eq!((said, remarks), (vec![format!("md5:{MD5} a"), format!("sha256:{SHA} b")], 2));
        assert_eq!(found("B2SUMS", &format!("{SHA}{SHA}  x")), (vec![], 1), "no notice can hold a BLAKE2 digest");
        assert_eq!(found("checksums.csv", "file,md5\nx,687610993\n"), (vec![], 1));
    }
}
