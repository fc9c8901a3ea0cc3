//! Pointers of Git LFS (its `docs/spec.md`): the SHA-256 of a file without the file.

use std::str;

use super::Notes;
use crate::notice::Scheme;

const VERSIONS: [&str; 2] = ["version https://git-lfs.github.com/spec/v1", "version https://hawser.github.com/spec/v1"];

pub(super) fn is_pointer(bytes: &[u8]) -> bool {
    VERSIONS.iter().any(|version| bytes.starts_with(version.as_bytes()))
}

pub(super) fn read(bytes: &[u8], notes: &mut Notes) {
    let Ok(text) = str::from_utf8(bytes) else { return notes.invalid("it is no UTF-8 text") };
    let mut found = false;
    for (n, line) in (1..).zip(text.lines()) {
        if let Some(oid) = line.strip_prefix("oid ") {
            notes.at_line(n);
            notes.digest("oid", Scheme::Sha256, oid);
            found = true;
        }
    }
    if !found {
        notes.invalid("it has no line that begins with oid");
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Place, Source};
    use super::*;

    #[test]
    fn a_pointer_gives_the_digest_of_the_file_that_is_not_here() {
        let digits = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
        let text = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{digits}\nsize 12345\n");
        assert!(is_pointer(text.as_bytes()));
        let mut notes = Notes::of(Place::named(0, "faces.tar"), Source::LfsPointer);
        read(text.as_bytes(), &mut notes);
        assert_eq!(notes.sightings[0].identifier.as_str(), format!("sha256:{digits}"));
        assert_eq!(notes.sightings[0].place.line, Some(2));
    }
}
