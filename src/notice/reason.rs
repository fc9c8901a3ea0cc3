use super::codes::codes;
use super::model::Fault;

/// Why a dataset was retracted (domain, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each code is its own name; the meanings stand in the table of the manual")]
pub enum Reason {
    Privacy,
    Consent,
    ReIdentification,
    EthicsApproval,
    OffensiveContent,
    IllegalContent,
    Copyright,
    LicenceTerms,
    LegalOrder,
    DataError,
    Fabrication,
    Unverifiable,
    Contamination,
    Bias,
    MisuseRisk,
    Security,
    OptOut,
    Authorship,
    ArticleRetracted,
    Superseded,
    ProviderDecision,
    Moved,
    SourceUnavailable,
    NotMaintained,
    Policy,
    PublishedInError,
    NotStated,
}

codes!(Reason {
    Privacy => "privacy",
    Consent => "consent",
    ReIdentification => "re-identification",
    EthicsApproval => "ethics-approval",
    OffensiveContent => "offensive-content",
    IllegalContent => "illegal-content",
    Copyright => "copyright",
    LicenceTerms => "licence-terms",
    LegalOrder => "legal-order",
    DataError => "data-error",
    Fabrication => "fabrication",
    Unverifiable => "unverifiable",
    Contamination => "contamination",
    Bias => "bias",
    MisuseRisk => "misuse-risk",
    Security => "security",
    OptOut => "opt-out",
    Authorship => "authorship",
    ArticleRetracted => "article-retracted",
    Superseded => "superseded",
    ProviderDecision => "provider-decision",
    Moved => "moved",
    SourceUnavailable => "source-unavailable",
    NotMaintained => "not-maintained",
    Policy => "policy",
    PublishedInError => "published-in-error",
    NotStated => "not-stated",
});

impl Reason {
    /// The fault that a draft gets when its author names none (domain, section 4).
    pub fn default_fault(self) -> Fault {
        match self {
            Self::Privacy
            | Self::Consent
            | Self::ReIdentification
            | Self::EthicsApproval
            | Self::OffensiveContent
            | Self::IllegalContent
            | Self::MisuseRisk
            | Self::Bias => Fault::PeopleHarm,
            Self::Copyright | Self::LicenceTerms | Self::LegalOrder | Self::OptOut | Self::Authorship => Fault::Rights,
            Self::DataError
            | Self::Fabrication
            | Self::Unverifiable
            | Self::Contamination
            | Self::Security
            | Self::ArticleRetracted => Fault::Data,
            Self::Superseded
            | Self::ProviderDecision
            | Self::Moved
            | Self::SourceUnavailable
            | Self::NotMaintained
            | Self::Policy
            | Self::PublishedInError => Fault::None,
            Self::NotStated => Fault::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Domain, section 4: the defaults as its text gives them, group by group.
    const DEFAULTS: [(Fault, &[&str]); 5] = [
        (
            Fault::PeopleHarm,
            &[
                "privacy",
                "consent",
                "re-identification",
                "ethics-approval",
                "offensive-content",
                "misuse-risk",
                "bias",
                "illegal-content",
            ],
        ),
        (Fault::Rights, &["copyright", "licence-terms", "legal-order", "opt-out", "authorship"]),
        (Fault::Data, &["data-error", "fabrication", "unverifiable", "contamination", "security", "article-retracted"]),
        (
            Fault::None,
            &[
                "superseded",
                "provider-decision",
                "moved",
                "source-unavailable",
                "not-maintained",
                "policy",
                "published-in-error",
            ],
        ),
        (Fault::Unknown, &["not-stated"]),
    ];

    #[test]
    fn every_reason_has_the_default_fault_of_the_specification() {
        let mut seen = 0;
        for (fault, words) in DEFAULTS {
            for word in words {
                let reason = Reason::parse(word).unwrap_or_else(|| panic!("{word}"));
                assert_eq!(reason.default_fault(), fault, "{word}");
                seen += 1;
            }
        }
        assert_eq!(seen, Reason::ALL.len());
    }
}
