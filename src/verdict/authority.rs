//! With what authority a notice speaks of one subject (domain, section 3, "Authority").

use std::{cmp::Reverse, fmt};

use super::{Standing, Trust, Voice};
use crate::notice::{DidMethod, Identifier, IssuerRole, Notice, Scheme, SubjectRole, codes};

/// What ties a lineage to an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The host of the URL is the verified domain or below it.
    DomainMatch,
    /// A pin gives the lineage a prefix of the identifier.
    Pinned,
}

codes!(Basis { DomainMatch => "domain-match", Pinned => "pinned" });

/// With what authority a notice speaks of one subject. Shown in words, never as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Authority {
    /// A publisher, over what it owns.
    Owner(Basis),
    /// A host, over what it hosts.
    Host(Basis),
    /// A pinned publisher, over digests, torrents and share ids of a dataset it owns.
    ByAssociation,
    /// Everybody else.
    Other,
}

/// The four classes, the greater the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(Reverse<u8>);

impl Authority {
    /// The class without its basis, for comparing.
    pub fn class(self) -> Class {
        Class(Reverse(match self {
            Self::Owner(_) => 0,
            Self::Host(_) => 1,
            Self::ByAssociation => 2,
            Self::Other => 3,
        }))
    }

    /// The word for the class.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner(_) => "owner",
            Self::Host(_) => "host",
            Self::ByAssociation => "by-association",
            Self::Other => "other",
        }
    }

    /// What ties the issuer to the subject.
    pub fn basis(self) -> Option<Basis> {
        match self {
            Self::Owner(basis) | Self::Host(basis) => Some(basis),
            Self::ByAssociation | Self::Other => None,
        }
    }

    /// Whether the notice is a third party's word.
    pub fn is_other(self) -> bool {
        self == Self::Other
    }

    fn rank(self) -> (Class, Option<Reverse<Basis>>) {
        (self.class(), self.basis().map(Reverse))
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.basis() {
            Some(basis) => write!(f, "{} ({basis})", self.as_str()),
            None => f.pad(self.as_str()),
        }
    }
}

/// The best authority that any of these voices gives `notice` over `id`.
pub(super) fn authority(notice: &Notice, voices: &[&Voice], id: &Identifier, trust: &Trust) -> Authority {
    let of_voice =
        |voice: &&Voice| trust.standing(&voice.lineage).map_or(Authority::Other, |s| of_lineage(notice, voice, s, id));
    voices.iter().map(of_voice).max_by_key(|authority| authority.rank()).unwrap_or(Authority::Other)
}

fn of_lineage(notice: &Notice, voice: &Voice, standing: &Standing, id: &Identifier) -> Authority {
    let held = |id: &Identifier| basis(voice, standing, id);
    match notice.issuer.role {
        IssuerRole::Publisher => match held(id) {
            Some(basis) => Authority::Owner(basis),
            None if standing.pinned && is_ownerless(id) => {
                let is_anchor = |role| matches!(role, SubjectRole::Whole | SubjectRole::Version | SubjectRole::LandingPage);
                let anchored = notice.subjects.iter().any(|subject| is_anchor(subject.role) && held(&subject.id).is_some());
                if anchored { Authority::ByAssociation } else { Authority::Other }
            }
            None => Authority::Other,
        },
        IssuerRole::Host => held(id).map_or(Authority::Other, Authority::Host),
        IssuerRole::FunderOrBoard | IssuerRole::RightsHolder | IssuerRole::DataSubject | IssuerRole::Observer => {
            Authority::Other
        }
    }
}

fn basis(voice: &Voice, standing: &Standing, id: &Identifier) -> Option<Basis> {
    if id.scheme() == Scheme::Name {
        return None; // a name belongs to nobody, whatever a pin says
    }
    let verified = standing.pinned || standing.domain_verified;
    if let (true, DidMethod::Web(domain), Some(host)) = (verified, voice.lineage.did.method(), web_host(id))
        && is_at_or_below(host, domain)
    {
        return Some(Basis::DomainMatch);
    }
    let pinned = standing.pinned && standing.prefixes.iter().any(|prefix| begins_with(id.as_str(), prefix));
    pinned.then_some(Basis::Pinned)
}

/// Identifiers that follow from bytes or are given out by a service to anybody: nobody owns them.
fn is_ownerless(id: &Identifier) -> bool {
    id.digest_algorithm().is_some()
        || matches!(
            id.scheme(),
            Scheme::Swh
                | Scheme::Btih
                | Scheme::Btmh
                | Scheme::Dirhash1
                | Scheme::Dvcdir
                | Scheme::Gdrive
                | Scheme::Archive
                | Scheme::Baidu
        )
}

/// The host of a URL that the domain name system hands out; a bucket of s3 or gs may be called like a domain and is none.
fn web_host(id: &Identifier) -> Option<&str> {
    if id.scheme() != Scheme::Url {
        return None;
    }
    let url = id.as_str().strip_prefix("url:")?;
    let rest = ["https://", "http://", "ftp://"].iter().find_map(|scheme| url.strip_prefix(scheme))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.split(':').next()?;
    (!host.is_empty()).then_some(host)
}

/// The host itself or below it; a leading `www.` on either side is looked through, without making neighbours of it.
fn is_at_or_below(host: &str, domain: &str) -> bool {
    fn bare(name: &str) -> &str {
        name.strip_prefix("www.").unwrap_or(name)
    }
    bare(host) == bare(domain) || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Whether a pin's prefix covers the identifier. A prefix that ends inside a name ends there: `hf:datasets/acme` covers
/// `hf:datasets/acme/faces` and not `hf:datasets/acme-fan/faces`, and `url:https://example.org` not `example.org.evil.example`.
fn begins_with(id: &str, prefix: &str) -> bool {
    let ends_openly = prefix.ends_with(|c: char| !c.is_ascii_alphanumeric());
    match id.strip_prefix(prefix) {
        _ if prefix.is_empty() => false,
        Some(rest) => ends_openly || rest.is_empty() || rest.starts_with(['/', '@', '?', '#']),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::sample::{FACES, SHA_A, id, lineage, retraction, subject, trusting};

    fn over(notice: &Notice, text: &str, trust: &Trust) -> String {
        let voice = Voice { lineage: lineage("a.example"), may_lift: true };
        authority(notice, &[&voice], &id(text), trust).to_string()
    }

    fn spoken_as(role: IssuerRole) -> Notice {
        let mut notice = retraction(&[FACES]);
        notice.issuer.role = role;
        notice
    }

    #[test]
    fn a_verified_domain_owns_its_urls_and_those_below_it() {
        let (notice, trust) = (retraction(&[FACES]), trusting(&[], &["a.example"]));
        for url in [
            "url:https://a.example/x",
            "url:https://www.a.example/",
            "url:http://data.a.example:8080/x",
            "url:ftp://a.example/x",
        ] {
            assert_eq!(over(&notice, url, &trust), "owner (domain-match)", "{url}");
        }
    }

    #[test]
    fn a_domain_owns_no_parent_no_sibling_no_lookalike_and_no_bucket() {
        let (notice, trust) = (retraction(&[FACES]), trusting(&[], &["a.example"]));
        for url in ["url:https://b.example/", "url:https://aa.example/", "url:https://a.example.org/", "url:s3://a.example/x"] {
            assert_eq!(over(&notice, url, &trust), "other", "{url}");
        }
    }

    #[test]
    fn a_www_domain_speaks_for_the_bare_domain_and_not_for_its_neighbours() {
        assert!(is_at_or_below("example.org", "www.example.org"));
        assert!(is_at_or_below("www.example.org", "example.org"));
        assert!(!is_at_or_below("data.example.org", "www.example.org"));
        assert!(!is_at_or_below("example.org", "data.example.org"));
    }

    #[test]
    fn an_unverified_domain_owns_nothing_and_a_pin_implies_verification() {
        let notice = retraction(&[FACES]);
        assert_eq!(over(&notice, "url:https://a.example/x", &Trust::default()), "other");
        assert_eq!(
            over(&notice, "url:https://a.example/x", &trusting(&[("a.example", "doi:10.9999/")], &[])),
            "owner (domain-match)"
        );
    }

    #[test]
    fn a_pinned_prefix_owns_what_begins_with_it_and_ends_where_a_name_ends() {
        let notice = retraction(&[FACES]);
        assert_eq!(over(&notice, FACES, &trusting(&[("a.example", "hf:datasets/acme/")], &[])), "owner (pinned)");
        assert_eq!(over(&notice, FACES, &trusting(&[("a.example", "hf:datasets/acme")], &[])), "owner (pinned)");
        assert_eq!(over(&notice, FACES, &trusting(&[("a.example", "hf:datasets/ac")], &[])), "other");
        assert_eq!(over(&notice, FACES, &trusting(&[("a.example", "")], &[])), "other");
        assert!(!begins_with("url:https://example.org.evil.example/", "url:https://example.org"));
        assert!(begins_with("doi:10.5281/zenodo.12", "doi:10.5281/zenodo."));
        assert!(!begins_with("doi:10.5281/zenodo.12", "doi:10.5281/zenodo.1"));
    }

    #[test]
    fn a_prefix_without_a_pin_counts_for_nothing() {
        let mut trust = trusting(&[("a.example", "hf:datasets/acme/")], &[]);
        trust.lineages.values_mut().for_each(|standing| standing.pinned = false);
        assert_eq!(over(&retraction(&[FACES]), FACES, &trust), "other");
    }

    #[test]
    fn a_host_speaks_for_what_it_hosts_and_never_by_association() {
        let trust = trusting(&[("a.example", "hf:datasets/acme/")], &[]);
        assert_eq!(over(&spoken_as(IssuerRole::Host), FACES, &trust), "host (pinned)");
        assert_eq!(over(&spoken_as(IssuerRole::Host), SHA_A, &trust), "other");
    }

    #[test]
    fn every_other_role_is_other_whoever_is_pinned() {
        let trust = trusting(&[("a.example", "hf:datasets/acme/")], &[]);
        for role in [IssuerRole::FunderOrBoard, IssuerRole::RightsHolder, IssuerRole::DataSubject, IssuerRole::Observer] {
            assert_eq!(over(&spoken_as(role), FACES, &trust), "other", "{role}");
        }
    }

    #[test]
    fn digests_are_by_association_only_when_pinned_and_beside_an_owned_subject() {
        let pinned = trusting(&[("a.example", "hf:datasets/acme/")], &[]);
        assert_eq!(over(&retraction(&[FACES, SHA_A]), SHA_A, &pinned), "by-association");
        assert_eq!(over(&retraction(&["doi:10.1234/a", SHA_A]), SHA_A, &pinned), "other");
        let mut mirror = retraction(&[SHA_A]);
        mirror.subjects.push(subject(FACES, SubjectRole::Mirror));
        assert_eq!(over(&mirror, SHA_A, &pinned), "other", "a mirror is no anchor");
        let mut page = retraction(&[SHA_A]);
        page.subjects.push(subject("url:https://a.example/faces", SubjectRole::LandingPage));
        assert_eq!(over(&page, SHA_A, &pinned), "by-association");
        assert_eq!(over(&page, SHA_A, &trusting(&[], &["a.example"])), "other", "verified is not pinned");
    }

    #[test]
    fn of_several_voices_the_strongest_counts() {
        let (good, bad) = (lineage("a.example"), lineage("b.example"));
        let voices = [Voice { lineage: bad, may_lift: true }, Voice { lineage: good, may_lift: false }];
        let trust = trusting(&[("a.example", "hf:datasets/acme/")], &["b.example"]);
        let over = authority(&retraction(&[FACES]), &[&voices[0], &voices[1]], &id(FACES), &trust);
        assert_eq!(over, Authority::Owner(Basis::Pinned));
    }
}
