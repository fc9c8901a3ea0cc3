//! Signed notes: a text, an empty line, signature lines (C2SP signed-note v1.0.0).
//!
//! The text means nothing until a signature of a trusted key verified. Lines of unknown keys are ignored, however many a log
//! adds and in whatever order: some add lines that nobody can verify on purpose.

use data_encoding::{BASE64, BASE64_MIME_PERMISSIVE};

use super::cosignature::Cosignature;
use super::key::{KeyId, KeyKind, KeyName, VerifierKey};

/// The longest note that is read, in bytes. Sixteen post-quantum signatures of 2.4 kB fit.
pub const MAX_NOTE: usize = 64 * 1024;

/// The most signature lines that are read; the specification asks for at least 16.
pub const MAX_SIGNATURES: usize = 100;

/// What every signature line begins with: an em dash and a space.
const LINE_START: &str = "\u{2014} ";

/// A note whose form is right; whether a signature verifies is [`Note::verify`]'s to say.
///
/// Only one spelling of a note parses, so [`Note::to_bytes`] gives back the bytes that were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line: `— <name> <base64(key id || signature)>`.
///
/// The base64 is kept as it was read, since a last character with stray bits is accepted, as Go's reader does: a note is known
/// by its text, not by the spelling of its signatures, and witnesses owe a bad signature another status than a malformed note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: KeyName,
    key_id: KeyId,
    signature: Vec<u8>,
    base64: String,
}

/// Bytes that are no signed note, or a note that is not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// A line that carries name and id of a known key does not verify.
    #[error("the signature of {0} does not verify")]
    BadSignature(KeyName),
    /// A character below U+0020 other than the line feed.
    #[error("the note has a control character")]
    ControlCharacter,
    /// No empty line between text and signatures.
    #[error("the note has no empty line before its signatures")]
    NoSeparator,
    /// Not UTF-8.
    #[error("the note is not UTF-8")]
    NotUtf8,
    /// A signature line that is not of the prescribed form.
    #[error("signature line {0} of the note is malformed")]
    SignatureLine(usize),
    /// Longer than [`MAX_NOTE`].
    #[error("the note has {0} bytes, more than 65,536")]
    TooLong(usize),
    /// More lines than [`MAX_SIGNATURES`].
    #[error("the note has more than 100 signatures")]
    TooManySignatures,
    /// No line of a known key.
    #[error("the note has no signature of a known key")]
    Unsigned,
}

impl Note {
    /// Reads a note of at most [`MAX_NOTE`] bytes and [`MAX_SIGNATURES`] signatures.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_NOTE {
            return Err(NoteError::TooLong(bytes.len()));
        }
        let note = std::str::from_utf8(bytes).ok().ok_or(NoteError::NotUtf8)?;
        if note.bytes().any(|byte| byte < b' ' && byte != b'\n') {
            return Err(NoteError::ControlCharacter);
        }
        // The text may have empty lines, signature lines cannot: the last one separates them.
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::NoSeparator)?;
        Ok(Self { text: format!("{text}\n"), signatures: NoteSignature::parse_lines(lines)? })
    }

    /// A note of this text, which ends in a line feed, and these signatures.
    pub(super) fn new(text: String, signatures: Vec<NoteSignature>) -> Self {
        Self { text, signatures }
    }

    /// The note as it is transferred.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut note = self.text.clone();
        note.push('\n');
        note.extend(self.signatures.iter().map(NoteSignature::to_line));
        note.into_bytes()
    }

    /// The text with its final line feed: what is signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signatures, known or not, in the order of their lines.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// The keys among `known` that signed the text, each once.
    ///
    /// Fails if a line has name and id of a known key and does not verify, or if no known key signed at all.
    pub fn verify<'k>(&self, known: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signers: Vec<&VerifierKey> = Vec::new();
        for signature in &self.signatures {
            let mut claimed = known.iter().filter(|key| signature.claims(key)).peekable();
            if claimed.peek().is_none() {
                continue;
            }
            let bad = || NoteError::BadSignature(signature.name.clone());
            let signer = claimed.find(|key| signature.verify(key, &self.text)).ok_or_else(bad)?;
            if !signers.contains(&signer) {
                signers.push(signer);
            }
        }
        if signers.is_empty() { Err(NoteError::Unsigned) } else { Ok(signers) }
    }
}

impl NoteSignature {
    pub(super) fn new(name: KeyName, key_id: KeyId, signature: Vec<u8>) -> Self {
        let base64 = BASE64.encode(&[key_id.as_bytes(), signature.as_slice()].concat());
        Self { name, key_id, signature, base64 }
    }

    /// Reads one line without its line feed; `None` if it is not of the prescribed form.
    pub fn parse_line(line: &str) -> Option<Self> {
        let (name, base64) = line.strip_prefix(LINE_START)?.split_once(' ')?;
        let name = KeyName::parse(name).ok()?;
        let blob = decode_with_stray_bits(base64)?;
        let (key_id, signature) = blob.split_first_chunk()?;
        if signature.is_empty() {
            return None;
        }
        Some(Self { name, key_id: KeyId::from_bytes(*key_id), signature: signature.to_vec(), base64: base64.to_owned() })
    }

    /// Reads one or more lines, each ending in a line feed: the end of a note, or the answer of a witness.
    pub fn parse_lines(lines: &str) -> Result<Vec<Self>, NoteError> {
        let mut signatures = Vec::new();
        for (number, line) in (1..).zip(lines.split_inclusive('\n')) {
            if number > MAX_SIGNATURES {
                return Err(NoteError::TooManySignatures);
            }
            let signature = line.strip_suffix('\n').and_then(Self::parse_line);
            signatures.push(signature.ok_or(NoteError::SignatureLine(number))?);
        }
        if signatures.is_empty() { Err(NoteError::SignatureLine(1)) } else { Ok(signatures) }
    }

    /// The line, with its line feed.
    pub fn to_line(&self) -> String {
        format!("{LINE_START}{} {}\n", self.name, self.base64)
    }

    /// Whose signature it says it is.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// Of which of that name's keys.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// What follows the key id in the blob: its form depends on the type of the key.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Whether the line carries name and id of this key. Says nothing about the signature.
    pub fn claims(&self, key: &VerifierKey) -> bool {
        self.name == *key.name() && self.key_id == key.id()
    }

    /// Whether the line is a signature by this key over this text.
    pub fn verify(&self, key: &VerifierKey, text: &str) -> bool {
        if !self.claims(key) {
            return false;
        }
        match key.kind() {
            KeyKind::Log => {
                let signature = self.signature.as_slice().try_into();
                signature.is_ok_and(|signature| key.public_key().verifies(text.as_bytes(), signature))
            }
            KeyKind::Witness => Cosignature::from_signature(self).is_ok_and(|cosignature| cosignature.verify(key, text)),
        }
    }
}

/// Reads padded base64 whose last character may have stray bits. Padding stands at the end only, and no white space anywhere.
fn decode_with_stray_bits(base64: &str) -> Option<Vec<u8>> {
    if base64.trim_end_matches('=').contains(['=', '\r', '\n']) {
        return None;
    }
    BASE64_MIME_PERMISSIVE.decode(base64.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// The example of C2SP signed-note v1.0.0, "Example" (CC BY 4.0).
    const EXAMPLE: &str = include_str!("../../tests/fixtures/vectors/tlog/signed-note-example.txt");
    const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    /// The first example of C2SP signed-note v1.0.0, whose key is not published (CC BY 4.0).
    const POEM: &str = include_str!("../../tests/fixtures/vectors/tlog/signed-note-poem.txt");

    fn example_key() -> VerifierKey {
        VerifierKey::parse(EXAMPLE_KEY).unwrap()
    }

    #[test]
    fn the_example_of_the_specification_verifies() {
        let note = Note::parse(EXAMPLE.as_bytes()).unwrap();
        assert_eq!(note.text(), "This is an example message.\n");
        assert_eq!(note.verify(&[example_key()]), Ok(vec![&example_key()]));
        assert_eq!(note.to_bytes(), EXAMPLE.as_bytes());
    }

    #[test]
    fn the_text_ends_at_the_last_empty_line() {
        let note = Note::parse(POEM.as_bytes()).unwrap();
        assert_eq!(note.text().lines().count(), 4);
        assert!(note.text().ends_with("\n\ned è subito sera.\n"));
        assert_eq!(note.signatures()[0].name().as_str(), "quasimodo.example/salvatore");
        assert_eq!(note.to_bytes(), POEM.as_bytes());
        assert_eq!(note.verify(&[example_key()]), Err(NoteError::Unsigned));
    }

    #[test]
    fn unknown_lines_are_ignored_wherever_they_stand() {
        let unknown = "\u{2014} grease.invalid AAAAAAA=\n\u{2014} example.com/foo AAAAAAA=\n\u{2014} other Uw2QOgA=\n";
        let (text, line) = EXAMPLE.split_once("\n\n").unwrap();
        for lines in [format!("{unknown}{line}"), format!("{line}{unknown}"), format!("{}{line}", unknown.repeat(8))] {
            let note = Note::parse(format!("{text}\n\n{lines}").as_bytes()).unwrap();
            assert_eq!(note.verify(&[example_key()]).unwrap().len(), 1);
        }
    }

    #[test]
    fn a_known_line_that_fails_spoils_the_note() {
        let (text, line) = EXAMPLE.split_once("\n\n").unwrap();
        let bad = BadLines::of(line);
        for wrong in [&bad.flipped, &bad.short] {
            for lines in [format!("{wrong}{line}"), format!("{line}{wrong}"), wrong.clone()] {
                let note = Note::parse(format!("{text}\n\n{lines}").as_bytes()).unwrap();
                let name = example_key().name().clone();
                assert_eq!(note.verify(&[example_key()]), Err(NoteError::BadSignature(name)));
            }
        }
        let other_text = EXAMPLE.replace("message", "massage");
        assert!(Note::parse(other_text.as_bytes()).unwrap().verify(&[example_key()]).is_err());
    }

    struct BadLines {
        flipped: String,
        short: String,
    }

    impl BadLines {
        fn of(line: &str) -> Self {
            let right = NoteSignature::parse_line(line.trim_end()).unwrap();
            let line = |bytes: &[u8]| NoteSignature::new(right.name.clone(), right.key_id, bytes.to_vec()).to_line();
            let mut flipped = right.signature.clone();
            flipped[63] ^= 1;
            Self { flipped: line(&flipped), short: line(&right.signature[..63]) }
        }
    }

    #[test]
    fn stray_bits_of_base64_are_read_and_kept() {
        let note = EXAMPLE.replace("IneyaQM=", "IneyaQN=");
        assert_ne!(note, EXAMPLE);
        let read = Note::parse(note.as_bytes()).unwrap();
        assert_eq!(read.to_bytes(), note.as_bytes());
        assert!(read.verify(&[example_key()]).is_ok());
    }

    #[test]
    fn malformed_notes_are_refused() {
        let line = "\u{2014} a AAAAAAA=\n";
        for (note, error) in [
            (String::new(), NoteError::NoSeparator),
            ("text\n".into(), NoteError::NoSeparator),
            (format!("text\n{line}"), NoteError::NoSeparator),
            ("text\n\n".into(), NoteError::SignatureLine(1)),
            (format!("text\n\n{line}\n"), NoteError::SignatureLine(1)),
            (format!("text\n\n{}", line.trim_end()), NoteError::SignatureLine(1)),
            (format!("text\n\n{line}x\n"), NoteError::SignatureLine(2)),
            (format!("text\r\n\n{line}"), NoteError::ControlCharacter),
            (format!("te\txt\n\n{line}"), NoteError::ControlCharacter),
            ("text\n\n- a AAAAAAA=\n".into(), NoteError::SignatureLine(1)),
            ("text\n\n\u{2014}  AAAAAAA=\n".into(), NoteError::SignatureLine(1)),
            ("text\n\n\u{2014} a  AAAAAAA=\n".into(), NoteError::SignatureLine(1)),
            ("text\n\n\u{2014} a AAAAAAA= \n".into(), NoteError::SignatureLine(1)),
            ("text\n\n\u{2014} a AAAAAAA\n".into(), NoteError::SignatureLine(1)),
            ("text\n\n\u{2014} a AAA=AAAAAAA=\n".into(), NoteError::SignatureLine(1)),
            ("text\n\n\u{2014} a AAAAAAAA====\n".into(), NoteError::SignatureLine(1)),
            ("text\n\n\u{2014} a AAAAAA-_\n".into(), NoteError::SignatureLine(1)),
            ("text\n\n\u{2014} a AAAAAA A\n".into(), NoteError::SignatureLine(1)),
            ("text\n\n\u{2014} a AAAAAA==\n".into(), NoteError::SignatureLine(1)),
            ("text\n\n\u{2014} a+b AAAAAAA=\n".into(), NoteError::SignatureLine(1)),
            (format!("text\n\n{}", line.repeat(101)), NoteError::TooManySignatures),
        ] {
            assert_eq!(Note::parse(note.as_bytes()), Err(error), "{note:?}");
        }
        assert_eq!(Note::parse(b"t\xff\n\n"), Err(NoteError::NotUtf8));
        assert_eq!(Note::parse(&vec![b'a'; MAX_NOTE + 1]), Err(NoteError::TooLong(MAX_NOTE + 1)));
        assert!(Note::parse(format!("text\n\n{}", line.repeat(100)).as_bytes()).is_ok());
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_parser_panic(bytes in vec(any::<u8>(), 0..200), text in "(\u{2014}|[ -~]|\n){0,80}") {
            let _ = Note::parse(&bytes);
            if let Ok(note) = Note::parse(text.as_bytes()) {
                prop_assert_eq!(note.to_bytes(), text.as_bytes());
            }
        }

        #[test]
        fn notes_round_trip(
            text in "([ -~é]{0,20}\n){1,5}",
            lines in vec(("[!-*,-~é]{1,20}", any::<[u8; 4]>(), vec(any::<u8>(), 1..90)), 1..20),
        ) {
            let signature = |(name, id, bytes): (String, _, _)| {
                NoteSignature::new(KeyName::parse(&name).unwrap(), KeyId::from_bytes(id), bytes)
            };
            let note = Note::new(text, lines.into_iter().map(signature).collect());
            prop_assert_eq!(Note::parse(&note.to_bytes()), Ok(note));
        }
    }
}
