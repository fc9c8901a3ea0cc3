//! Digests from checksum files, line by line.
//!
//! | form | a line of it |
//! |---|---|
//! | GNU coreutils, BagIt manifests | `<hex>  name`, `<hex> *name`, `\<hex>  na\nme` |
//! | BSD tag | `SHA256 (name) = <hex>` |
//! | CSV and TSV, with a header or without | `name,12,<hex>` |
//! | plain | `<hex>`, `sha256:<hex>` |
//!
//! Empty lines and lines that begin with `#` say nothing. Everything else must have a digest of the asked algorithm: a line
//! that is passed over in silence is a file that nobody is warned of.

use data_encoding::HEXLOWER_PERMISSIVE;

use crate::notice::DigestAlgorithm;

/// Why a line has no digest of the algorithm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// Nothing in it is one.
    #[error("there is no {} digest in it ({} hex digits)", .0.as_str(), 2 * .0.width())]
    NoDigest(DigestAlgorithm),
    /// It says itself that its digest is one of something else.
    #[error("it has a digest of {said}, not of {}", asked.as_str())]
    OtherAlgorithm {
        /// What the line says.
        said: String,
        /// What was asked for.
        asked: DigestAlgorithm,
    },
    /// Several could be meant, and no header says which.
    #[error("several of its columns could be the {} digest, and no header names one", .0.as_str())]
    Ambiguous(DigestAlgorithm),
    /// It is not UTF-8.
    #[error("it is not UTF-8 text")]
    Encoding,
}

/// Reads the lines of one file.
#[derive(Debug, Clone)]
pub struct Manifest {
    algorithm: DigestAlgorithm,
    /// Whether a line with something on it was read.
    begun: bool,
    /// The column that a header named.
    column: Option<usize>,
}

impl Manifest {
    /// Begins a file that holds digests of this algorithm.
    pub fn new(algorithm: DigestAlgorithm) -> Self {
        Self { algorithm, begun: false, column: None }
    }

    /// Reads one line, with or without its end, into `digest`; false when it says nothing.
    ///
    /// # Errors
    /// [`LineFault`].
    pub fn line(&mut self, line: &[u8], digest: &mut Vec<u8>) -> Result<bool, LineFault> {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            return Ok(false);
        }
        let first = !std::mem::replace(&mut self.begun, true);
        // What nearly all lines are, without looking at the rest of them.
        let digits = line.strip_prefix(b"\\").unwrap_or(line);
        let end = digits.iter().position(u8::is_ascii_whitespace).unwrap_or(digits.len());
        let (word, rest) = digits.split_at(end);
        if self.column.is_none() && self.decode(word, digest) && !rest.contains(&b'\t') {
            return Ok(true);
        }
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let text = std::str::from_utf8(line).map_err(|_no_text| LineFault::Encoding)?;
        if let Some((said, digits)) = tagged(text) {
            return self.tagged(said, digits, digest);
        }
        let fields: Vec<&str> = text.split(separator(text)).map(unquoted).collect();
        if first && self.read_header(&fields) {
            return Ok(false);
        }
        self.fields(&fields, digest)
    }

    fn decode(&self, word: &[u8], digest: &mut Vec<u8>) -> bool {
        let width = usize::try_from(self.algorithm.width()).unwrap_or(0);
        if word.len() != 2 * width {
            return false;
        }
        digest.clear();
        digest.resize(width, 0);
        HEXLOWER_PERMISSIVE.decode_mut(word, digest).is_ok()
    }

    fn tagged(&self, said: &str, digits: &str, digest: &mut Vec<u8>) -> Result<bool, LineFault> {
        if algorithm(said) != Some(self.algorithm) {
            return Err(LineFault::OtherAlgorithm { said: said.to_owned(), asked: self.algorithm });
        }
        if self.decode(digits.as_bytes(), digest) { Ok(true) } else { Err(LineFault::NoDigest(self.algorithm)) }
    }

    /// Whether the fields are names of columns; the one that is named like the algorithm is where digests are.
    fn read_header(&mut self, fields: &[&str]) -> bool {
        let named = |wanted: fn(&str, DigestAlgorithm) -> bool, of| fields.iter().position(|field| wanted(field, of));
        let exact = named(|field, of| algorithm(field) == Some(of), self.algorithm);
        let any = |field: &str, _| ["checksum", "digest", "hash"].iter().any(|word| field.eq_ignore_ascii_case(word));
        self.column = exact.or_else(|| named(any, self.algorithm));
        self.column.is_some()
    }

    fn fields(&self, fields: &[&str], digest: &mut Vec<u8>) -> Result<bool, LineFault> {
        let none = LineFault::NoDigest(self.algorithm);
        if let Some(column) = self.column {
            let found = fields.get(column).is_some_and(|field| self.decode(bare(field, self.algorithm).as_bytes(), digest));
            return if found { Ok(true) } else { Err(none) };
        }
        let mut found: Option<Vec<u8>> = None;
        for field in fields {
            if self.decode(bare(field, self.algorithm).as_bytes(), digest) {
                if found.as_ref().is_some_and(|found| found != digest) {
                    return Err(LineFault::Ambiguous(self.algorithm));
                }
                found = Some(digest.clone());
            }
        }
        *digest = found.ok_or(none)?;
        Ok(true)
    }
}

/// A field without the name of the algorithm in front of it.
fn bare(field: &str, of: DigestAlgorithm) -> &str {
    field.split_once(':').filter(|(said, _)| algorithm(said) == Some(of)).map_or(field, |(_, digits)| digits)
}

/// `SHA256 (name) = <hex>`, as BSD and `--tag` write it. The name may hold anything, so the last ` = ` counts.
fn tagged(line: &str) -> Option<(&str, &str)> {
    let (before, digits) = line.rsplit_once('=')?;
    let (said, name) = before.split_once('(')?;
    name.trim_end().ends_with(')').then_some((said.trim(), digits.trim()))
}

/// The algorithm that people call so: `sha256`, `SHA-256`, `SHA2-256`, `SHA256`.
fn algorithm(said: &str) -> Option<DigestAlgorithm> {
    let plain: String = said.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    // SHA2-256 and SHA2-512 are what openssl and some BSDs write.
    let number = plain.strip_prefix("sha2").filter(|number| matches!(*number, "256" | "512"));
    DigestAlgorithm::parse(&number.map_or(plain.clone(), |number| format!("sha{number}")))
}

/// What stands between the fields of a line.
fn separator(line: &str) -> char {
    ['\t', ';', ','].into_iter().find(|separator| line.contains(*separator)).unwrap_or(' ')
}

fn unquoted(field: &str) -> &str {
    let field = field.trim();
    field.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(field).trim()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: &str = "e411574099cce18aee30ae647ecd7418b077eb10edf1319f08ee61bd0e2c3a47";
    const B: &str = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

    fn read(lines: &[&str]) -> Result<Vec<String>, LineFault> {
        let mut manifest = Manifest::new(DigestAlgorithm::Sha256);
        let (mut found, mut digest) = (Vec::new(), Vec::new());
        for line in lines {
            if manifest.line(line.as_bytes(), &mut digest)? {
                found.push(HEXLOWER_PERMISSIVE.encode(&digest));
            }
        }
        Ok(found)
    }

    #[test]
    fn every_form_that_checksum_files_have_is_read() {
        let upper = A.to_uppercase();
        for lines in [
            vec![format!("{A}  a.bin"), format!("{B} *b with spaces.bin")],
            vec![format!("\\{A}  a\\nb.bin\r\n"), format!("{B}\tdata/b.bin\n")],
            vec![format!("SHA256 (a = (1).bin) = {A}"), format!("SHA2-256 (b.bin)= {B}")],
            vec!["# made by hand".to_owned(), A.to_owned(), String::new(), format!("sha256:{B}")],
            vec![upper, B.to_owned()],
            vec!["name,size,sha256".to_owned(), format!("a.bin,12,{A}"), format!("\"b.bin\",13,\"{B}\"")],
            vec!["\u{feff}SHA-256;blake3;name".to_owned(), format!("{A};{B};a"), format!("{B};{A};b")],
            vec![format!("https://example.org/a.bin\t12\t{A}\ta.bin"), format!("https://example.org/b.bin\t12\t{B}\tb.bin")],
        ] {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            assert_eq!(read(&lines), Ok(vec![A.to_owned(), B.to_owned()]), "{lines:?}");
        }
    }

    #[test]
    fn a_line_without_a_digest_is_refused_and_never_passed_over() {
        let sha256 = DigestAlgorithm::Sha256;
        for line in ["a.bin", "hello world", &A[1..], "88813c6b15de58afc8fa75ea83361d7f  vggface2_train.tar.gz", "name,size"] {
            assert_eq!(read(&[line]), Err(LineFault::NoDigest(sha256)), "{line}");
        }
        let other = LineFault::OtherAlgorithm { said: "MD5".to_owned(), asked: sha256 };
        assert_eq!(read(&[&format!("MD5 (a) = {}", &A[..32])]), Err(other));
        assert_eq!(read(&[&format!("a.bin,{A},{B}")]), Err(LineFault::Ambiguous(sha256)));
        assert_eq!(read(&["name,sha256", "a.bin,gone"]), Err(LineFault::NoDigest(sha256)), "the header decides");
    }

    proptest! {
        #[test]
        fn no_line_makes_the_reader_panic(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..5)) {
            let mut manifest = Manifest::new(DigestAlgorithm::Md5);
            for line in lines {
                let _ = manifest.line(&line, &mut Vec::new());
            }
        }
    }
}
