use super::codes::codes;

/// A rule of form that a notice can break (domain, section 2). The words are stable: programs compare them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormRule {
    /// A required field is absent.
    MissingField,
    /// A field that the format does not have.
    UnknownField,
    /// A value of another JSON type.
    WrongType,
    /// An array is longer than its limit.
    TooManyItems,
    /// An array that needs an item has none.
    EmptyArray,
    /// An array says the same thing twice; what counts as the same is documented at each array.
    DuplicateItem,
    /// A character of C0, DEL or C1.
    ControlCharacter,
    /// A character of the Unicode property `Bidi_Control`.
    BidiControl,
    /// A text that is empty or made of spaces only.
    EmptyText,
    /// A text above its limit.
    TextTooLong,
    /// A word that its closed set of codes does not have.
    UnknownCode,
    /// An issuer that is no `did:key` or `did:web` in the one allowed spelling.
    NotADid,
    /// A time that is not exactly `YYYY-MM-DDTHH:MM:SSZ`.
    NotATime,
    /// A date that is none of the four allowed spellings.
    NotADate,
    /// A hash that is not 64 lowercase hex digits.
    NotASha256,
    /// Not an absolute https URL in printable ASCII.
    NotAnHttpsUrl,
    /// A count outside 1 to 10,000,000.
    CountOutOfRange,
    /// A licence other than CC0-1.0.
    LicenseNotCc0,
    /// An identifier of more than 1,024 bytes.
    IdentifierTooLong,
    /// An identifier with a character outside printable ASCII.
    IdentifierNotAscii,
    /// An identifier of a scheme that this version does not know: refused from clients, pending from peers.
    UnknownScheme,
    /// An identifier that its scheme refuses.
    InvalidIdentifier,
    /// An identifier that is not in normal form.
    IdentifierNotNormal,
    /// A `display` that does not normalise to the `id` beside it.
    DisplayDiffers,
    /// A `display` where there is no `id`.
    DisplayWithoutId,
    /// A `part:` or `version:` label that is not 1 to 128 characters of printable ASCII.
    BadLabel,
    /// A derivative with neither `id` nor `title`.
    DerivativeWithoutName,
    /// A field that this type of notice, or a sensitive one, must not have.
    FieldNotAllowed,
    /// A relation that this type of notice must not carry.
    RelationNotAllowed,
    /// A reinstatement, revocation or response without its relation.
    RelationRequired,
    /// A publisher or host gives no way to object.
    AppealRequired,
    /// A publisher or host names no texts document.
    TextsRequired,
    /// The reason `not-stated` from somebody who must know the reason.
    NotStatedReserved,
    /// A retraction that says nothing is wrong.
    RetractionWithoutFault,
    /// A retraction with a partial scope.
    RetractionOfAPart,
    /// A partial scope that does not say what is affected.
    AffectedRequired,
    /// The same item as affected and as unaffected.
    AffectedAndUnaffected,
    /// A sensitive notice with a plain identifier or a plain digest list.
    NotBlinded,
    /// A blinded digest list in a notice that is not sensitive.
    BlindedButNotSensitive,
}

codes!(FormRule {
    MissingField => "missing-field",
    UnknownField => "unknown-field",
    WrongType => "wrong-type",
    TooManyItems => "too-many-items",
    EmptyArray => "empty-array",
    DuplicateItem => "duplicate-item",
    ControlCharacter => "control-character",
    BidiControl => "bidi-control",
    EmptyText => "empty-text",
    TextTooLong => "text-too-long",
    UnknownCode => "unknown-code",
    NotADid => "not-a-did",
    NotATime => "not-a-time",
    NotADate => "not-a-date",
    NotASha256 => "not-a-sha256",
    NotAnHttpsUrl => "not-an-https-url",
    CountOutOfRange => "count-out-of-range",
    LicenseNotCc0 => "license-not-cc0",
    IdentifierTooLong => "identifier-too-long",
    IdentifierNotAscii => "identifier-not-ascii",
    UnknownScheme => "unknown-scheme",
    InvalidIdentifier => "invalid-identifier",
    IdentifierNotNormal => "identifier-not-normal",
    DisplayDiffers => "display-differs",
    DisplayWithoutId => "display-without-id",
    BadLabel => "bad-label",
    DerivativeWithoutName => "derivative-without-name",
    FieldNotAllowed => "field-not-allowed",
    RelationNotAllowed => "relation-not-allowed",
    RelationRequired => "relation-required",
    AppealRequired => "appeal-required",
    TextsRequired => "texts-required",
    NotStatedReserved => "not-stated-reserved",
    RetractionWithoutFault => "retraction-without-fault",
    RetractionOfAPart => "retraction-of-a-part",
    AffectedRequired => "affected-required",
    AffectedAndUnaffected => "affected-and-unaffected",
    NotBlinded => "not-blinded",
    BlindedButNotSensitive => "blinded-but-not-sensitive",
});

impl From<FormRule> for &'static str {
    fn from(rule: FormRule) -> Self {
        rule.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_kebab_case_name_of_its_own() {
        let mut seen = std::collections::HashSet::new();
        for rule in FormRule::ALL {
            let name: &'static str = (*rule).into();
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
            assert!(seen.insert(name), "{name} twice");
            assert_eq!(FormRule::parse(name), Some(*rule));
        }
    }
}
