//! Cosignatures of witnesses: "at that time, the largest consistent tree I had seen of this log had this root"
//! (C2SP tlog-cosignature v1.0.1, Ed25519).
//!
//! The signed message does not name the witness, so a witness key is used for nothing else, least of all for a log.

use super::key::{KeyId, KeyName, VerifierKey};
use super::note::NoteSignature;
use crate::envelope::SecretKey;

/// The latest time that a cosignature can say, 2^63 - 1 seconds since the epoch.
pub const MAX_TIME: u64 = i64::MAX as u64;

/// A cosignature: who, when, and the signature itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosignature {
    name: KeyName,
    key_id: KeyId,
    time: u64,
    signature: [u8; 64],
}

/// No cosignature, or not the one asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CosignatureError {
    /// Not 8 bytes of time and 64 bytes of signature.
    #[error("a cosignature has 72 bytes after the key id, not {0}")]
    Length(usize),
    /// Not signature lines as signed-note prescribes them.
    #[error("not the lines of signatures")]
    Lines,
    /// No line of this witness.
    #[error("there is no cosignature of this witness")]
    Missing,
    /// The time is beyond [`MAX_TIME`].
    #[error("the time {0} is not one that a cosignature can say")]
    Time(u64),
    /// The witness' line does not verify.
    #[error("the cosignature does not verify")]
    Unverified,
}

impl Cosignature {
    /// Cosigns the text of a checkpoint, at `time` in seconds since the epoch.
    pub fn sign(name: KeyName, key: &SecretKey, time: u64, text: &str) -> Result<Self, CosignatureError> {
        if time > MAX_TIME {
            return Err(CosignatureError::Time(time));
        }
        let witness = VerifierKey::witness_key(name, key.public());
        let signature = key.sign_raw(message(time, text).as_bytes());
        Ok(Self { name: witness.name().clone(), key_id: witness.id(), time, signature })
    }

    /// Reads one line, with or without its line feed. Nothing is verified.
    pub fn parse_line(line: &[u8]) -> Result<Self, CosignatureError> {
        let line = std::str::from_utf8(line).ok().ok_or(CosignatureError::Lines)?;
        let line = line.strip_suffix('\n').unwrap_or(line);
        Self::from_signature(&NoteSignature::parse_line(line).ok_or(CosignatureError::Lines)?)
    }

    /// Finds the cosignature of `witness` over `text` in the answer to `add-checkpoint`: one or more signature lines, of which
    /// those of other keys are ignored. The newest, if there are several.
    pub fn from_answer(answer: &[u8], witness: &VerifierKey, text: &str) -> Result<Self, CosignatureError> {
        let lines = std::str::from_utf8(answer).ok().ok_or(CosignatureError::Lines)?;
        let signatures = NoteSignature::parse_lines(lines).ok().ok_or(CosignatureError::Lines)?;
        let mut newest: Option<Self> = None;
        for signature in signatures.iter().filter(|signature| signature.claims(witness)) {
            let cosignature = Self::from_signature(signature)?;
            if !cosignature.verify(witness, text) {
                return Err(CosignatureError::Unverified);
            }
            if newest.as_ref().is_none_or(|newest| newest.time < cosignature.time) {
                newest = Some(cosignature);
            }
        }
        newest.ok_or(CosignatureError::Missing)
    }

    /// Takes a signature line for a cosignature.
    pub(super) fn from_signature(line: &NoteSignature) -> Result<Self, CosignatureError> {
        let length = CosignatureError::Length(line.signature().len());
        let (time, signature) = line.signature().split_first_chunk().ok_or(length)?;
        let time = u64::from_be_bytes(*time);
        let signature = signature.try_into().ok().ok_or(length)?;
        if time > MAX_TIME {
            return Err(CosignatureError::Time(time));
        }
        Ok(Self { name: line.name().clone(), key_id: line.key_id(), time, signature })
    }

    /// The same as a signature line.
    pub(super) fn to_signature(&self) -> NoteSignature {
        let blob = [self.time.to_be_bytes().as_slice(), &self.signature].concat();
        NoteSignature::new(self.name.clone(), self.key_id, blob)
    }

    /// The line, with its line feed.
    pub fn to_line(&self) -> String {
        self.to_signature().to_line()
    }

    /// Whether `witness` made it over this text of a checkpoint.
    pub fn verify(&self, witness: &VerifierKey, text: &str) -> bool {
        self.to_signature().claims(witness)
            && witness.public_key().verifies(message(self.time, text).as_bytes(), &self.signature)
    }

    /// Name of the witness.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// Id of its key.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// When it was made, in seconds since the epoch.
    pub fn time(&self) -> u64 {
        self.time
    }
}

/// What is signed: a header, the time, and the whole text of the checkpoint with its final line feed.
fn message(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "ledger.example/log\n3\n2jCextrfRaRefx21Y/ZKfzXNpbI8sPRdv2v2/7n8H1Y=\n";
    const TIME: u64 = 1_679_315_147;
    /// A known answer made for this project, confirmed by a second implementation.
    const LINE: &str = "\u{2014} witness.example/w1 3xwKNQAAAABkGFDL8FtaRXHywpynKuqb+ukzBrM5n5CSEzKHauEWDXoItPuNRkTiXuCUwD6ocitobM6ZAkOGSMDoTDl1kr7m26cmDA==\n";

    fn witness() -> (KeyName, SecretKey, VerifierKey) {
        let (name, key) = (KeyName::parse("witness.example/w1").unwrap(), SecretKey::from_seed([2; 32]));
        let verifier = VerifierKey::witness_key(name.clone(), key.public());
        (name, key, verifier)
    }

    #[test]
    fn the_line_of_the_known_answer_is_made_and_verifies() {
        let (name, key, verifier) = witness();
        let cosignature = Cosignature::sign(name, &key, TIME, TEXT).unwrap();
        assert_eq!(cosignature.to_line(), LINE);
        assert_eq!(Cosignature::parse_line(LINE.as_bytes()), Ok(cosignature.clone()));
        assert!(cosignature.verify(&verifier, TEXT));
        assert!(!cosignature.verify(&verifier, &TEXT.replace("\n3\n", "\n4\n")));
        assert!(!Cosignature { time: TIME + 1, ..cosignature }.verify(&verifier, TEXT));
    }

    /// The line of C2SP tlog-cosignature, whose key is not published, and the time it gives for it (CC BY 4.0).
    #[test]
    fn the_example_of_the_specification_is_read() {
        let line = "\u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==";
        let cosignature = Cosignature::parse_line(line.as_bytes()).unwrap();
        assert_eq!((cosignature.name().as_str(), cosignature.time()), ("witness.example.com/w1", TIME));
        assert_eq!(cosignature.key_id().to_string(), "8d66cf3f");
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let signed = "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        assert_eq!(message(TIME, text), signed);
    }

    #[test]
    fn the_newest_line_of_the_witness_is_found_in_an_answer() {
        let (name, key, verifier) = witness();
        let newer = Cosignature::sign(name, &key, TIME + 60, TEXT).unwrap();
        let answer = format!("\u{2014} grease.invalid AAAAAAA=\n{LINE}{}{LINE}", newer.to_line());
        assert_eq!(Cosignature::from_answer(answer.as_bytes(), &verifier, TEXT), Ok(newer));
    }

    #[test]
    fn an_answer_without_a_good_line_is_refused() {
        let (.., verifier) = witness();
        let bad = LINE.replace("8FtaRX", "8FtaRY");
        for (answer, error) in [
            ("", CosignatureError::Lines),
            ("OK\n", CosignatureError::Lines),
            (LINE.trim_end(), CosignatureError::Lines),
            ("\u{2014} grease.invalid AAAAAAA=\n", CosignatureError::Missing),
            ("\u{2014} witness.example/w1 3xwKNQAA\n", CosignatureError::Length(2)),
            (&bad, CosignatureError::Unverified),
            (&format!("{LINE}{bad}"), CosignatureError::Unverified),
        ] {
            assert_eq!(Cosignature::from_answer(answer.as_bytes(), &verifier, TEXT), Err(error), "{answer:?}");
        }
    }

    #[test]
    fn a_time_beyond_63_bits_is_refused() {
        let (name, key, _) = witness();
        let sign = |time| Cosignature::sign(name.clone(), &key, time, TEXT);
        assert_eq!(sign(MAX_TIME + 1), Err(CosignatureError::Time(MAX_TIME + 1)));
        let mut latest = sign(MAX_TIME).unwrap();
        assert_eq!(Cosignature::parse_line(latest.to_line().as_bytes()), Ok(latest.clone()));
        latest.time += 1;
        assert_eq!(Cosignature::parse_line(latest.to_line().as_bytes()), Err(CosignatureError::Time(MAX_TIME + 1)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_parsers_panic(bytes in vec(any::<u8>(), 0..200), blob in vec(any::<u8>(), 0..100)) {
            let (.., verifier) = witness();
            let _ = Cosignature::parse_line(&bytes);
            let _ = Cosignature::from_answer(&bytes, &verifier, TEXT);
            let blob = data_encoding::BASE64.encode(&blob);
            let line = format!("\u{2014} witness.example/w1 {blob}\n");
            if let Ok(cosignature) = Cosignature::parse_line(line.as_bytes()) {
                prop_assert_eq!(cosignature.to_line(), line);
            }
        }
    }
}
