//! `*.torrent` (BEP 3, BEP 52) and files with magnet links (BEP 9).
//!
//! The infohash is the SHA-1 of the `info` dictionary as its bytes were found: taking it apart and writing it again could change it. A
//! torrent of version 2 is named by the SHA-256 of the same bytes, and a hybrid by both. The hashes of pieces and `pieces root` are of
//! blocks and trees of blocks, not of files, so they say nothing that a digest of a file could match. The optional `md5sum` of a file does.

use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::super::{Evidence, Relation};
use super::Notes;
use crate::notice::{Identifier, Scheme};

/// Deepest nesting of lists and dictionaries.
const DEEPEST: usize = 64;
/// Most values of a torrent: files of a large dataset, and what stands about each.
const MOST_VALUES: usize = 5_000_000;

/// What a walk over bencoded bytes finds.
#[derive(Default)]
struct Found<'b> {
    info: Option<&'b [u8]>,
    has_pieces: bool,
    version: Option<i64>,
    md5sums: Vec<&'b [u8]>,
}

/// Why bytes are not bencoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("it ends too early")]
    Short,
    #[error("it is not bencoded at byte {0}")]
    Syntax(usize),
    #[error("it is nested too deeply, or has too many values")]
    Limit,
}

struct Walk<'b> {
    bytes: &'b [u8],
    at: usize,
    left: usize,
    found: Found<'b>,
}

pub(super) fn read(bytes: &[u8], notes: &mut Notes) {
    let mut walk = Walk { bytes, at: 0, left: MOST_VALUES, found: Found::default() };
    let walked = match bytes.first() {
        Some(b'd') => walk.value(&mut Vec::new()),
        Some(_) => Err(Fault::Syntax(0)),
        None => Err(Fault::Short),
    };
    if let Err(fault) = walked {
        return notes.invalid(fault.to_string());
    }
    let Found { info, has_pieces, version, md5sums } = walk.found;
    let Some(info) = info else { return notes.invalid("it has no info dictionary") };
    if has_pieces {
        notes.at_member("info");
        hashed("btih", &Sha1::digest(info), notes);
    }
    if version == Some(2) {
        notes.at_member("info");
        hashed("btmh", &Sha256::digest(info), notes);
    }
    if !has_pieces && version != Some(2) {
        notes.invalid("its info has neither pieces nor a meta version that is known");
    }
    for md5sum in md5sums {
        notes.at_member("md5sum");
        notes.digest("md5sum", Scheme::Md5, &String::from_utf8_lossy(md5sum));
    }
}

fn hashed(scheme: &str, hash: &[u8], notes: &mut Notes) {
    notes.states(scheme, "info", &data_encoding::HEXLOWER.encode(hash), Relation::Itself);
}

/// Reads a file of magnet links, one a line.
pub(super) fn read_magnets(text: &[u8], notes: &mut Notes) {
    for (n, line) in (1..).zip(String::from_utf8_lossy(text).lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        notes.at_line(n);
        match Identifier::normalise(line) {
            Ok(identifier) => notes.saw(identifier, Evidence::NamedInMetadata, Relation::Itself),
            Err(_) => notes.names("magnet", line, Relation::Itself),
        }
    }
}

impl<'b> Walk<'b> {
    fn peek(&self) -> Result<u8, Fault> {
        self.bytes.get(self.at).copied().ok_or(Fault::Short)
    }

    /// Steps over one value. `path` holds the keys that lead to it.
    fn value(&mut self, path: &mut Vec<&'b [u8]>) -> Result<(), Fault> {
        self.left = self.left.checked_sub(1).ok_or(Fault::Limit)?;
        if path.len() > DEEPEST {
            return Err(Fault::Limit);
        }
        match self.peek()? {
            b'd' => self.dictionary(path),
            b'l' => {
                self.at += 1;
                while self.peek()? != b'e' {
                    path.push(b"");
                    self.value(path)?;
                    path.pop();
                }
                self.at += 1;
                Ok(())
            }
            b'i' => self.integer().map(|number| {
                if let [b"info", b"meta version"] = path.as_slice() {
                    self.found.version = Some(number);
                }
            }),
            _ => self.string().map(|text| match path.as_slice() {
                [b"info", b"pieces"] => self.found.has_pieces = true,
                [b"info", .., b"md5sum"] => self.found.md5sums.push(text),
                _ => {}
            }),
        }
    }

    fn dictionary(&mut self, path: &mut Vec<&'b [u8]>) -> Result<(), Fault> {
        self.at += 1;
        while self.peek()? != b'e' {
            let key = self.string()?;
            let begin = self.at;
            path.push(key);
            self.value(path)?;
            path.pop();
            // The first one counts, as for every reader that looks a key up.
            if path.is_empty() && key == b"info" && self.found.info.is_none() {
                self.found.info = self.bytes.get(begin..self.at);
            }
        }
        self.at += 1;
        Ok(())
    }

    fn digits(&mut self, end: u8) -> Result<&'b [u8], Fault> {
        let begin = self.at;
        let rest = self.bytes.get(begin..).ok_or(Fault::Short)?;
        let length = rest.iter().take(21).position(|b| *b == end).ok_or(Fault::Syntax(begin))?;
        self.at += length + 1;
        Ok(&rest[..length])
    }

    fn integer(&mut self) -> Result<i64, Fault> {
        let begin = self.at;
        self.at += 1;
        let digits = self.digits(b'e')?;
        std::str::from_utf8(digits).ok().and_then(|text| text.parse().ok()).ok_or(Fault::Syntax(begin))
    }

    fn string(&mut self) -> Result<&'b [u8], Fault> {
        let begin = self.at;
        let digits = self.digits(b':')?;
        let length: usize = std::str::from_utf8(digits)
            .ok()
            .filter(|text| text.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|text| text.parse().ok())
            .ok_or(Fault::Syntax(begin))?;
        let end = self.at.checked_add(length).ok_or(Fault::Short)?;
        let text = self.bytes.get(self.at..end).ok_or(Fault::Short)?;
        self.at = end;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::*;

    fn said(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
        let mut notes = Notes::of(Place::named(0, "x.torrent"), Source::Torrent);
        read(bytes, &mut notes);
        (
            notes.sightings.iter().map(|s| s.identifier.to_string()).collect(),
            notes.remarks.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn the_infohash_is_of_the_bytes_as_they_were_found() {
        // The keys of this info are out of order, which a writer would mend and thereby change the hash.
        let info = b"d6:pieces20:aaaaaaaaaaaaaaaaaaaa4:name1:x6:lengthi3ee";
        let torrent = [&b"d8:announce3:url4:info"[..], info, b"e"].concat();
        let expected = format!("btih:{}", data_encoding::HEXLOWER.encode(&Sha1::digest(info)));
        assert_eq!(said(&torrent), (vec![expected], vec![]));
    }

    #[test]
    fn files_with_an_md5sum_state_it() {
        let info = b"d5:filesld6:lengthi3e6:md5sum32:88813c6b15de58afc8fa75ea83361d7f4:pathl1:xeee6:pieces0:e";
        let (found, remarks) = said(&[&b"d4:info"[..], info, b"e"].concat());
        assert_eq!(found[1], "md5:88813c6b15de58afc8fa75ea83361d7f");
        assert!(remarks.is_empty());
    }

    #[test]
    fn what_is_no_torrent_is_said_to_be_invalid() {
        for bytes in [&b""[..], b"hello", b"d4:infod6:pieces", b"de", b"d4:infodee", b"d99999999999999999999:x", b"d-1:xe"] {
            let (found, remarks) = said(bytes);
            assert!(found.is_empty() && remarks.len() == 1, "{}", String::from_utf8_lossy(bytes));
        }
        let deep = [b"d4:info".to_vec(), vec![b'l'; 100_000]].concat();
        assert_eq!(said(&deep).1.len(), 1);
    }

    #[test]
    fn magnets_are_read_line_by_line() {
        let mut notes = Notes::of(Place::named(0, "x.magnet"), Source::Magnet);
        read_magnets(b"magnet:?xt=urn:btih:TZT6W7GCHSKBP44XPCUOA3GKLYTBS2UX&dn=x\nmagnet:?dn=y\n", &mut notes);
        assert_eq!(notes.sightings[0].identifier.as_str(), "btih:9e67eb7cc23c9417f39778a8e06cca5e26196a97");
        assert_eq!(notes.remarks.len(), 1);
    }
}
