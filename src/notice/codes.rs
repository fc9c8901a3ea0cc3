//! The words that stand for the codes of a notice on the wire, in one table each.

use super::model::{
    ActionVerb, DerivativeRelation, DigestAlgorithm, DigestListRole, Fault, Inherits, IssuerRole, NoticeType, PriorRelation,
    PublicationCheck, ScopeKind, SubjectRole,
};

/// Gives a closed set of codes its words: `as_str`, `parse`, `ALL`, `Display` and `Serialize`.
macro_rules! codes {
    ($name:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $name {
            /// Every code of the set, in the order of the specification.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The code that `word` stands for.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use codes;

codes!(NoticeType {
    Retraction => "retraction",
    PartialRetraction => "partial-retraction",
    Removal => "removal",
    ExpressionOfConcern => "expression-of-concern",
    Correction => "correction",
    Supersession => "supersession",
    Deprecation => "deprecation",
    AccessChange => "access-change",
    Reinstatement => "reinstatement",
    Revocation => "revocation",
    Response => "response",
});

codes!(IssuerRole {
    Publisher => "publisher",
    Host => "host",
    FunderOrBoard => "funder-or-board",
    RightsHolder => "rights-holder",
    DataSubject => "data-subject",
    Observer => "observer",
});

codes!(SubjectRole {
    Whole => "whole",
    Version => "version",
    File => "file",
    Mirror => "mirror",
    LandingPage => "landing-page",
    DescribedBy => "described-by",
});

codes!(ScopeKind {
    Whole => "whole",
    Versions => "versions",
    Parts => "parts",
    Files => "files",
    Records => "records",
    SubjectsListed => "subjects-listed",
});

codes!(DigestAlgorithm {
    Md5 => "md5",
    Sha1 => "sha1",
    Sha256 => "sha256",
    Sha512 => "sha512",
    Blake3 => "blake3",
    Blind => "blind",
});

codes!(DigestListRole { Affected => "affected", Unaffected => "unaffected" });

codes!(Fault {
    Data => "data",
    Rights => "rights",
    PeopleHarm => "people-harm",
    None => "none",
    Unknown => "unknown",
});

codes!(ActionVerb {
    None => "none",
    Inform => "inform",
    StopUse => "stop-use",
    Delete => "delete",
    DoNotRedistribute => "do-not-redistribute",
    UpdateTo => "update-to",
    ReDownload => "re-download",
    CiteWithNotice => "cite-with-notice",
});

codes!(DerivativeRelation {
    Subset => "subset",
    Superset => "superset",
    Cleaned => "cleaned",
    ReEncoded => "re-encoded",
    MergedInto => "merged-into",
    AnnotationsOf => "annotations-of",
    TrainedOn => "trained-on",
    Other => "other",
});

codes!(Inherits { Yes => "yes", No => "no", Unknown => "unknown" });

codes!(PublicationCheck {
    Allow => "allow",
    AllowWithStatement => "allow-with-statement",
    RefuseNewUse => "refuse-new-use",
});

codes!(PriorRelation {
    Amends => "amends",
    Replaces => "replaces",
    Revokes => "revokes",
    Reinstates => "reinstates",
    Disputes => "disputes",
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::Reason;

    macro_rules! every_code_is_read_back {
        ($($name:ident => $count:literal),+ $(,)?) => {
            $({
                assert_eq!($name::ALL.len(), $count, stringify!($name));
                for code in $name::ALL {
                    let word = code.as_str();
                    assert_eq!($name::parse(word), Some(*code), "{word}");
                    assert_eq!(code.to_string(), word);
                    assert_eq!(serde_json::to_value(code).expect("JSON"), word);
                    assert!(word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{word}");
                    for other in [word.to_uppercase(), format!(" {word}"), format!("{word} "), word.replace('-', "_") + "x"] {
                        assert_eq!($name::parse(&other), None, "{other:?}");
                    }
                }
                assert_eq!($name::parse(""), None);
                assert_eq!($name::parse("withdrawn"), None, "that word is used for nothing");
            })+
        };
    }

    #[test]
    fn every_code_of_the_specification_is_there_and_is_read_back_from_its_word_only() {
        every_code_is_read_back! {
            NoticeType => 11,
            IssuerRole => 6,
            SubjectRole => 6,
            ScopeKind => 6,
            DigestAlgorithm => 6,
            DigestListRole => 2,
            Fault => 5,
            ActionVerb => 8,
            DerivativeRelation => 8,
            Inherits => 3,
            PublicationCheck => 3,
            PriorRelation => 5,
            Reason => 27,
        }
    }

    #[test]
    fn a_word_is_padded_like_any_text() {
        assert_eq!(format!("{:>10}|{:<6}|", Fault::Data, Inherits::No), "      data|no    |");
    }
}
