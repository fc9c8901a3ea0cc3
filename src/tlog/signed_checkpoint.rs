//! Checkpoints with their signatures: the log's own, and the cosignatures that witnesses added.

use super::checkpoint::{Checkpoint, CheckpointError};
use super::cosignature::{Cosignature, CosignatureError};
use super::hash::Hash;
use super::key::{KeyError, KeyName, VerifierKey};
use super::note::{MAX_NOTE, MAX_SIGNATURES, Note, NoteError, NoteSignature};
use crate::envelope::SecretKey;

/// A checkpoint whose form is right and whose signature nobody checked: good for finding out which log's key to check with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnverifiedCheckpoint {
    note: Note,
    checkpoint: Checkpoint,
}

/// A checkpoint that its log signed. The bytes stand as they were read; only cosignature lines are added or left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    log: VerifierKey,
    checkpoint: Checkpoint,
    note: Note,
    bytes: Vec<u8>,
}

/// No checkpoint of that log, or one that cannot be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignedCheckpointError {
    /// The text of the note is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A cosignature cannot be made or taken.
    #[error(transparent)]
    Cosignature(#[from] CosignatureError),
    /// Refused to sign a head of size 0 whose root is not that of the empty tree.
    #[error("an empty log has the root of the empty tree")]
    EmptyRoot,
    /// Refused to sign extension lines.
    #[error("this log never signs extension lines")]
    Extension,
    /// The key that it should be checked with is not that of a log.
    #[error("{0} is not the key of a log")]
    NotALogKey(KeyName),
    /// Not a note, or the log's signature is missing or wrong.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The origin cannot be the name of a key.
    #[error("the origin cannot be the name of a key")]
    Origin(#[source] KeyError),
    /// The checkpoint is one of another log.
    #[error("this is a checkpoint of {actual}, not of {expected}")]
    OtherLog {
        /// Whose key it was checked with.
        expected: KeyName,
        /// The origin it gives.
        actual: String,
    },
    /// No place for one more signature: the limits of notes.
    #[error("the checkpoint has no place for another signature")]
    Full,
}

impl UnverifiedCheckpoint {
    /// Reads a checkpoint of at most [`MAX_NOTE`] bytes. Whatever is wrong here is a matter of form.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignedCheckpointError> {
        let note = Note::parse(bytes)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { note, checkpoint })
    }

    /// What the checkpoint says, if it can be believed.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Checks that the log with this key signed it: its origin must be the key's name, and each line with that name and key
    /// id must verify. Lines of other keys, witnesses included, are neither checked nor trusted by this.
    pub fn verify(self, log: &VerifierKey) -> Result<SignedCheckpoint, SignedCheckpointError> {
        if log.kind() != super::KeyKind::Log {
            return Err(SignedCheckpointError::NotALogKey(log.name().clone()));
        }
        if self.checkpoint.origin() != log.name().as_str() {
            let (expected, actual) = (log.name().clone(), self.checkpoint.origin().to_owned());
            return Err(SignedCheckpointError::OtherLog { expected, actual });
        }
        self.note.verify(std::slice::from_ref(log))?;
        let bytes = self.note.to_bytes();
        Ok(SignedCheckpoint { log: log.clone(), checkpoint: self.checkpoint, note: self.note, bytes })
    }
}

impl SignedCheckpoint {
    /// Signs the head of a log with its key, under its origin as the key's name.
    ///
    /// Nothing here remembers what was signed before: that at most one root is signed for each size is the caller's to see to.
    pub fn sign(key: &SecretKey, checkpoint: &Checkpoint) -> Result<Self, SignedCheckpointError> {
        if !checkpoint.extension().is_empty() {
            return Err(SignedCheckpointError::Extension);
        }
        if checkpoint.size() == 0 && *checkpoint.root() != Hash::EMPTY {
            return Err(SignedCheckpointError::EmptyRoot);
        }
        let origin = KeyName::parse(checkpoint.origin()).map_err(SignedCheckpointError::Origin)?;
        let log = VerifierKey::log_key(origin, key.public());
        let text = checkpoint.to_text();
        let signature = key.sign_raw(text.as_bytes()).to_vec();
        let line = NoteSignature::new(log.name().clone(), log.id(), signature);
        let note = Note::new(text, vec![line]);
        let bytes = note.to_bytes();
        Ok(Self { log, checkpoint: checkpoint.clone(), note, bytes })
    }

    /// Reads a checkpoint and checks that the log with this key signed it ([`UnverifiedCheckpoint`] takes the two steps apart).
    pub fn parse_and_verify(bytes: &[u8], log: &VerifierKey) -> Result<Self, SignedCheckpointError> {
        UnverifiedCheckpoint::parse(bytes)?.verify(log)
    }

    /// What was signed.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Origin of the log, the name of its key.
    pub fn origin(&self) -> &KeyName {
        self.log.name()
    }

    /// The key that signed.
    pub fn log_key(&self) -> &VerifierKey {
        &self.log
    }

    /// The bytes that were signed: the note's text.
    pub fn text(&self) -> &str {
        self.note.text()
    }

    /// The whole signed note, as it is served.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Cosigns with a witness key, at `time` in seconds since the epoch, in place of an earlier cosignature of that key.
    pub fn cosign(&mut self, name: &KeyName, key: &SecretKey, time: u64) -> Result<Cosignature, SignedCheckpointError> {
        let cosignature = Cosignature::sign(name.clone(), key, time, self.text())?;
        self.add(&cosignature)?;
        Ok(cosignature)
    }

    /// Adds the line that a witness answered, once it verifies, in place of an earlier cosignature of that key.
    ///
    /// `line` may be a whole answer of several lines: those of other keys are ignored.
    pub fn add_cosignature_line(&mut self, line: &[u8], witness: &VerifierKey) -> Result<Cosignature, SignedCheckpointError> {
        let cosignature = Cosignature::from_answer(line, witness, self.text())?;
        self.add(&cosignature)?;
        Ok(cosignature)
    }

    /// The newest verified cosignature of each of these witnesses that has one, in the order of the witnesses.
    ///
    /// Off-spec: signed-note would have the whole note rejected when a line of a known witness fails. The log's signature was
    /// checked that way. A bad line of a witness merely counts for nothing, or anyone on the way could silence a log, and with
    /// it a retraction, by adding a line.
    pub fn cosignatures(&self, witnesses: &[VerifierKey]) -> Vec<Cosignature> {
        let newest = |witness: &VerifierKey| {
            let lines = self.note.signatures().iter().filter(|line| line.verify(witness, self.text()));
            lines.filter_map(|line| Cosignature::from_signature(line).ok()).max_by_key(Cosignature::time)
        };
        let witnesses = witnesses.iter().filter(|witness| witness.kind() == super::KeyKind::Witness);
        witnesses.filter_map(newest).collect()
    }

    /// The same checkpoint with the log's own signature and the first `at_most` of these cosignatures, and no other lines.
    ///
    /// The cosignatures are taken as they are: verified when they came in, or loaded from where verified ones are kept.
    pub fn with_cosignatures(&self, cosignatures: &[Cosignature], at_most: usize) -> Result<Self, SignedCheckpointError> {
        let own = self.note.signatures().iter().filter(|line| line.claims(&self.log)).take(1).cloned().collect();
        let mut bare = self.clone();
        bare.set_signatures(own)?;
        for cosignature in cosignatures.iter().take(at_most) {
            bare.add(cosignature)?;
        }
        Ok(bare)
    }

    /// Adds a cosignature unseen, in place of an earlier one of that key.
    fn add(&mut self, cosignature: &Cosignature) -> Result<(), SignedCheckpointError> {
        let line = cosignature.to_signature();
        let same_key = |other: &NoteSignature| other.name() == line.name() && other.key_id() == line.key_id();
        let mut lines: Vec<_> = self.note.signatures().iter().filter(|other| !same_key(other)).cloned().collect();
        lines.push(line);
        self.set_signatures(lines)
    }

    fn set_signatures(&mut self, lines: Vec<NoteSignature>) -> Result<(), SignedCheckpointError> {
        let note = Note::new(self.text().to_owned(), lines);
        let bytes = note.to_bytes();
        if bytes.len() > MAX_NOTE || note.signatures().len() > MAX_SIGNATURES {
            return Err(SignedCheckpointError::Full);
        }
        (self.note, self.bytes) = (note, bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const TIME: u64 = 1_679_315_147;
    /// Known answers made for this project, confirmed by a second implementation.
    const LOG_LINE: &str = "\u{2014} ledger.example/log fMg6nS3U8XA820NzAyIDFR2DdKFNi8oODJAvQxQfKreeKH0Y5JkJ52vMfE57WNe767KgwkhAgoVR4b5CWBYGGfzvcQ0=\n";
    const WITNESS_LINE: &str = "\u{2014} witness.example/w1 3xwKNQAAAABkGFDL8FtaRXHywpynKuqb+ukzBrM5n5CSEzKHauEWDXoItPuNRkTiXuCUwD6ocitobM6ZAkOGSMDoTDl1kr7m26cmDA==\n";
    const TEXT: &str = "ledger.example/log\n3\n2jCextrfRaRefx21Y/ZKfzXNpbI8sPRdv2v2/7n8H1Y=\n";

    fn name(text: &str) -> KeyName {
        KeyName::parse(text).unwrap()
    }

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed([seed; 32])
    }

    fn log() -> VerifierKey {
        VerifierKey::log_key(name("ledger.example/log"), key(1).public())
    }

    fn witness(number: u8) -> (KeyName, SecretKey, VerifierKey) {
        let name = name(&format!("witness.example/w{number}"));
        let verifier = VerifierKey::witness_key(name.clone(), key(number + 1).public());
        (name, key(number + 1), verifier)
    }

    fn signed() -> SignedCheckpoint {
        SignedCheckpoint::sign(&key(1), &Checkpoint::parse(TEXT).unwrap()).unwrap()
    }

    #[test]
    fn the_known_answer_is_signed_and_cosigned() {
        let mut signed = signed();
        assert_eq!(signed.bytes(), format!("{TEXT}\n{LOG_LINE}").as_bytes());
        let (name, key, verifier) = witness(1);
        let cosignature = signed.cosign(&name, &key, TIME).unwrap();
        assert_eq!(cosignature.to_line(), WITNESS_LINE);
        assert_eq!(signed.bytes(), format!("{TEXT}\n{LOG_LINE}{WITNESS_LINE}").as_bytes());
        let again = SignedCheckpoint::parse_and_verify(signed.bytes(), &log()).unwrap();
        assert_eq!(again, signed);
        assert_eq!(again.cosignatures(&[verifier]), [cosignature]);
    }

    #[test]
    fn a_witness_keeps_one_line_the_newest() {
        let mut signed = signed();
        let (name, key, verifier) = witness(1);
        for time in [TIME, TIME + 60] {
            signed.cosign(&name, &key, time).unwrap();
        }
        let times: Vec<_> = signed.cosignatures(&[verifier]).iter().map(Cosignature::time).collect();
        assert_eq!(times, [TIME + 60]);
        assert_eq!(std::str::from_utf8(signed.bytes()).unwrap().lines().count(), 4 + 2);
    }

    #[test]
    fn the_line_a_witness_answered_is_added_once_it_verifies() {
        let (.., verifier) = witness(1);
        let mut signed = signed();
        let before = signed.clone();
        let bad = WITNESS_LINE.replace("8FtaRX", "8FtaRY");
        let error = signed.add_cosignature_line(bad.as_bytes(), &verifier).unwrap_err();
        assert_eq!(error, CosignatureError::Unverified.into());
        assert_eq!(signed, before);
        signed.add_cosignature_line(WITNESS_LINE.as_bytes(), &verifier).unwrap();
        assert_eq!(signed.bytes(), format!("{TEXT}\n{LOG_LINE}{WITNESS_LINE}").as_bytes());
    }

    #[test]
    fn at_most_so_many_cosignatures_are_published() {
        let witnesses: Vec<_> = (1..=20).map(witness).collect();
        let mut full = signed();
        let cosignatures: Vec<_> = witnesses.iter().map(|(name, key, _)| full.cosign(name, key, TIME).unwrap()).collect();
        let known: Vec<_> = witnesses.into_iter().map(|(.., verifier)| verifier).collect();
        assert_eq!(full.cosignatures(&known), cosignatures);
        let published = full.with_cosignatures(&cosignatures, 15).unwrap();
        let read = SignedCheckpoint::parse_and_verify(published.bytes(), &log()).unwrap();
        assert_eq!(read.cosignatures(&known), cosignatures[..15]);
        assert_eq!(full.with_cosignatures(&[], 15).unwrap(), signed());
    }

    #[test]
    fn a_bad_line_of_a_witness_counts_for_nothing_and_spoils_nothing() {
        let (name, key, verifier) = witness(1);
        let mut good = signed();
        let cosignature = good.cosign(&name, &key, TIME).unwrap();
        let bad = WITNESS_LINE.replace("8FtaRX", "8FtaRY");
        let note = format!("{TEXT}\n{bad}{LOG_LINE}{WITNESS_LINE}");
        let read = SignedCheckpoint::parse_and_verify(note.as_bytes(), &log()).unwrap();
        assert_eq!(read.bytes(), note.as_bytes());
        assert_eq!(read.cosignatures(std::slice::from_ref(&verifier)), [cosignature]);
        let only_bad = format!("{TEXT}\n{LOG_LINE}{bad}");
        let read = SignedCheckpoint::parse_and_verify(only_bad.as_bytes(), &log()).unwrap();
        assert!(read.cosignatures(&[verifier, log()]).is_empty());
    }

    #[test]
    fn lines_of_unknown_keys_are_ignored_and_kept() {
        let grease = "\u{2014} grease.invalid AAAAAAA=\n\u{2014} ledger.example/log AAAAAAA=\n";
        let note = format!("{TEXT}\n{}{LOG_LINE}", grease.repeat(8));
        let read = SignedCheckpoint::parse_and_verify(note.as_bytes(), &log()).unwrap();
        assert_eq!(read.bytes(), note.as_bytes());
        assert_eq!(read.with_cosignatures(&[], 0).unwrap(), signed());
    }

    #[test]
    fn what_the_log_did_not_sign_is_refused() {
        let parse = |note: &str| SignedCheckpoint::parse_and_verify(note.as_bytes(), &log()).unwrap_err();
        let bad_signature = SignedCheckpointError::Note(NoteError::BadSignature(log().name().clone()));
        let bad_line = LOG_LINE.replace("fMg6nS3U", "fMg6nS3V");
        assert_eq!(parse(&format!("{TEXT}\n{bad_line}")), bad_signature);
        assert_eq!(parse(&format!("{TEXT}\n{LOG_LINE}{bad_line}")), bad_signature);
        assert_eq!(parse(&format!("{}\n{LOG_LINE}", TEXT.replace("\n3\n", "\n4\n"))), bad_signature);
        assert_eq!(parse(&format!("{TEXT}extension\n\n{LOG_LINE}")), bad_signature);
        assert_eq!(parse(&format!("{TEXT}\n{WITNESS_LINE}")), NoteError::Unsigned.into());
        assert_eq!(parse(&format!("text\n\n{LOG_LINE}")), CheckpointError::Lines.into());
        let (expected, actual) = (log().name().clone(), "ledger.example/other".to_owned());
        let other = TEXT.replace("/log", "/other");
        assert_eq!(parse(&format!("{other}\n{LOG_LINE}")), SignedCheckpointError::OtherLog { expected, actual });
        let (.., witness) = witness(1);
        let error = SignedCheckpoint::parse_and_verify(signed().bytes(), &witness).unwrap_err();
        assert_eq!(error, SignedCheckpointError::NotALogKey(witness.name().clone()));
    }

    #[test]
    fn extension_lines_of_others_are_read_and_ours_are_never_signed() {
        let text = format!("{TEXT}extension\n");
        let checkpoint = Checkpoint::parse(&text).unwrap();
        assert_eq!(SignedCheckpoint::sign(&key(1), &checkpoint), Err(SignedCheckpointError::Extension));
        let signature = key(1).sign_raw(text.as_bytes()).to_vec();
        let line = NoteSignature::new(log().name().clone(), log().id(), signature);
        let note = Note::new(text, vec![line]).to_bytes();
        let mut foreign = SignedCheckpoint::parse_and_verify(&note, &log()).unwrap();
        assert_eq!(foreign.checkpoint().extension(), "extension\n");
        let (name, key, verifier) = witness(1);
        foreign.cosign(&name, &key, TIME).unwrap();
        assert_eq!(foreign.cosignatures(&[verifier]).len(), 1);
    }

    #[test]
    fn an_impossible_head_is_not_signed() {
        let empty = Checkpoint::new(log().name(), 0, Hash::leaf(b""));
        assert_eq!(SignedCheckpoint::sign(&key(1), &empty), Err(SignedCheckpointError::EmptyRoot));
        assert!(SignedCheckpoint::sign(&key(1), &Checkpoint::new(log().name(), 0, Hash::EMPTY)).is_ok());
        let odd = Checkpoint::parse(&TEXT.replace("ledger.example", "my ledger")).unwrap();
        assert_eq!(SignedCheckpoint::sign(&key(1), &odd), Err(SignedCheckpointError::Origin(KeyError::Name)));
    }

    proptest! {
        #[test]
        fn a_flipped_bit_of_text_or_own_line_never_verifies(bit: prop::sample::Index) {
            let mut bytes = signed().bytes().to_vec();
            let bit = bit.index(bytes.len() * 8);
            prop_assume!(bit / 8 != bytes.len() - 3); // the last base64 character has stray bits
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(SignedCheckpoint::parse_and_verify(&bytes, &log()).is_err());
        }

        #[test]
        fn no_bytes_make_the_parser_panic(bytes in vec(any::<u8>(), 0..200), lines in vec(any::<u8>(), 0..100)) {
            let _ = SignedCheckpoint::parse_and_verify(&bytes, &log());
            let bytes = [TEXT.as_bytes(), b"\n", &lines].concat();
            prop_assert!(SignedCheckpoint::parse_and_verify(&bytes, &log()).is_err());
        }
    }
}
