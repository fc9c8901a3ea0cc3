//! What a notice says about the identifier that was asked for (domain, section 3, "Coverage" and "Match strength").

use super::{Statement, Statements};
use crate::notice::{
    DigestListRole, DocumentHash, Identifier, Notice, Scheme, Scope, ScopeItem, ScopeKind, Subject, SubjectRole, codes,
    identifier::Meeting,
};

/// What a notice says about the asked identifier, the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coverage {
    /// All of what the identifier names is meant.
    Full,
    /// It is among what is meant.
    Affected,
    /// It is expressly not meant; by strong digests only.
    NotAffected,
    /// Part of the dataset is meant, and nobody can tell whether this is.
    CannotTell,
    /// Only a page, a paper or a name agrees.
    Mention,
}

codes!(Coverage {
    Full => "full",
    Affected => "affected",
    NotAffected => "not-affected",
    CannotTell => "cannot-tell",
    Mention => "mention",
});

/// How surely the asked identifier and the notice's are about the same bytes, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// A strong digest of a file: sha256, sha512, blake3, `swh:1:cnt`.
    ExactBytes,
    /// A digest of a folder: `swh:1:dir`, dirhash1, dvcdir, btmh.
    Tree,
    /// md5, sha1, btih: shown as weak, full verdict. And a blinded digest that is asked as such, since it may hide any of these.
    WeakBytes,
    /// An identifier with a version, met with that version.
    VersionedId,
    /// An identifier without a version.
    Id,
    /// A whole URL.
    Url,
    /// A name.
    Alias,
}

codes!(Strength {
    ExactBytes => "exact-bytes",
    Tree => "tree",
    WeakBytes => "weak-bytes",
    VersionedId => "versioned-id",
    Id => "id",
    Url => "url",
    Alias => "alias",
});

/// One way in which a notice names the asked identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) subject: Identifier,
    pub(super) coverage: Coverage,
    pub(super) strength: Strength,
}

/// Every way in which a notice names the asked identifier, and whether a list of it could not be looked into.
#[derive(Debug, Default)]
pub(super) struct Hits {
    pub(super) hits: Vec<Hit>,
    /// Lists that nobody could look into.
    pub(super) unseen: Vec<DocumentHash>,
}

/// Identifiers that can never say that two people hold the same data: a name, and an arXiv id, which names a paper.
pub(super) fn names_no_data(id: &Identifier) -> bool {
    matches!(id.scheme(), Scheme::Name | Scheme::Arxiv)
}

/// Digests that nobody can make a second file for, which alone may settle that a copy is not meant.
pub(super) fn is_strong_digest(id: &Identifier) -> bool {
    matches!(id.scheme(), Scheme::Sha256 | Scheme::Sha512 | Scheme::Blake3)
}

/// How strong a meeting of `asked` with a subject is.
pub(super) fn strength(asked: &Identifier, meeting: Meeting) -> Strength {
    match asked.scheme() {
        Scheme::Sha256 | Scheme::Sha512 | Scheme::Blake3 => Strength::ExactBytes,
        Scheme::Swh if asked.as_str().starts_with("swh:1:cnt:") => Strength::ExactBytes,
        Scheme::Swh if asked.as_str().starts_with("swh:1:dir:") => Strength::Tree,
        Scheme::Swh => Strength::VersionedId,
        Scheme::Dirhash1 | Scheme::Dvcdir | Scheme::Btmh => Strength::Tree,
        Scheme::Md5 | Scheme::Sha1 | Scheme::Btih | Scheme::Blind => Strength::WeakBytes,
        Scheme::Url => Strength::Url,
        Scheme::Name => Strength::Alias,
        _ if asked.version().is_some() && meeting == Meeting::Same => Strength::VersionedId,
        _ => Strength::Id,
    }
}

/// What `statement` says about `asked`. Digests that everybody holds are never matched, whoever lists them.
pub(super) fn hits(asked: &Identifier, statement: &Statement, set: &Statements) -> Hits {
    let mut found = Hits::default();
    if asked.is_trivial() {
        return found;
    }
    let notice = &statement.notice;
    let hit = |subject: &Identifier, meeting, coverage| Hit {
        subject: subject.clone(),
        coverage,
        strength: strength(asked, meeting),
    };
    for subject in &notice.subjects {
        if let Some(meeting) = asked.meets(&subject.id) {
            let coverage = if names_no_data(&subject.id) { Coverage::Mention } else { of_subject(notice, subject, meeting) };
            found.hits.push(hit(&subject.id, meeting, coverage));
        }
    }
    for (item, affected) in notice.scope.iter().flat_map(scope_items) {
        if let Some(meeting) = asked.meets(item) {
            found.hits.push(hit(item, meeting, of_item(asked, meeting, affected)));
        }
    }
    for name in notice.names() {
        if let Some(meeting) = asked.meets(name) {
            found.hits.push(hit(name, meeting, Coverage::Mention));
        }
    }
    for (algorithm, form) in asked.listed_forms() {
        for list in notice.digest_lists.iter().filter(|list| list.algorithm == algorithm) {
            match set.list_holds(list, &form) {
                Some(true) => {
                    let affected = list.role == DigestListRole::Affected;
                    found.hits.push(hit(&form, Meeting::Same, of_item(asked, Meeting::Same, affected)));
                }
                Some(false) => {}
                None => found.unseen.push(list.sha256),
            }
        }
    }
    found
}

fn scope_items(scope: &Scope) -> impl Iterator<Item = (&Identifier, bool)> {
    let affected = scope.affected.iter().map(|item| (item, true));
    affected.chain(scope.unaffected.iter().map(|item| (item, false))).filter_map(|(item, affected)| match item {
        ScopeItem::Id(id) => Some((id, affected)),
        ScopeItem::Part(_) | ScopeItem::Version(_) => None,
    })
}

/// Coverage by a subject, were its identifier one that names data.
pub(super) fn of_subject(notice: &Notice, subject: &Subject, meeting: Meeting) -> Coverage {
    let kind = notice.scope.as_ref().map_or(ScopeKind::Whole, |scope| scope.kind);
    match (subject.role, kind) {
        (SubjectRole::LandingPage | SubjectRole::DescribedBy, _) => Coverage::Mention,
        _ if meeting == Meeting::VersionedSubject => Coverage::CannotTell,
        (_, ScopeKind::Versions | ScopeKind::Parts | ScopeKind::Files | ScopeKind::Records)
        // "Exactly the version, file and mirror subjects": the whole is named, and only some of it meant.
        | (SubjectRole::Whole, ScopeKind::SubjectsListed) => Coverage::CannotTell,
        (_, ScopeKind::Whole | ScopeKind::SubjectsListed) => Coverage::Full,
    }
}

/// Coverage by an item of a scope or list that `asked` meets. How strong a digest is, is seen by the asked one: the item may be
/// blinded.
fn of_item(asked: &Identifier, meeting: Meeting, affected: bool) -> Coverage {
    if names_no_data(asked) {
        Coverage::Mention
    } else if affected && meeting != Meeting::VersionedSubject {
        Coverage::Affected
    } else if !affected && is_strong_digest(asked) {
        Coverage::NotAffected
    } else {
        Coverage::CannotTell
    }
}

/// The hits that count: those of the most telling coverage, so that a digest settles what a name leaves open.
pub(super) fn most_telling(mut hits: Vec<Hit>) -> Vec<Hit> {
    if let Some(best) = hits.iter().map(|hit| hit.coverage).min() {
        hits.retain(|hit| hit.coverage == best);
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        notice::{DigestAlgorithm, DigestList, DocumentHash},
        verdict::sample::{FACES, FACES_V1, FACES_V2, MD5_A, SHA_A, SHA_B, id, retraction, said_by, subject},
    };

    fn of(asked: &str, notice: &Notice) -> Option<(Coverage, Strength)> {
        let statement = said_by(notice.clone(), "a.example");
        let found = most_telling(hits(&id(asked), &statement, &Statements::new()).hits);
        found.first().map(|hit| (hit.coverage, hit.strength))
    }

    fn scoped(kind: ScopeKind, subjects: &[&str], affected: &[&str], unaffected: &[&str]) -> Notice {
        let items = |ids: &[&str]| ids.iter().map(|text| ScopeItem::Id(id(text))).collect();
        let mut notice = retraction(subjects);
        notice.scope = Some(Scope { kind, affected: items(affected), unaffected: items(unaffected) });
        notice
    }

    #[test]
    fn whole_version_file_and_mirror_are_full_under_a_whole_scope() {
        for role in [SubjectRole::Whole, SubjectRole::Version, SubjectRole::File, SubjectRole::Mirror] {
            let mut notice = retraction(&[]);
            notice.subjects.push(subject(FACES, role));
            assert_eq!(of(FACES, &notice), Some((Coverage::Full, Strength::Id)), "{role}");
        }
    }

    #[test]
    fn landing_pages_papers_and_names_are_mentions() {
        let mut notice = retraction(&["name:samplefaces", "arxiv:2101.01234"]);
        notice.subjects.push(subject("url:https://a.example/", SubjectRole::LandingPage));
        notice.subjects.push(subject("doi:10.1234/paper", SubjectRole::DescribedBy));
        assert_eq!(of("url:http://www.a.example/", &notice), Some((Coverage::Mention, Strength::Url)));
        assert_eq!(of("doi:10.1234/paper", &notice), Some((Coverage::Mention, Strength::Id)));
        assert_eq!(of("arxiv:2101.01234", &notice), Some((Coverage::Mention, Strength::Id)));
        assert_eq!(of("name:samplefaces", &notice), Some((Coverage::Mention, Strength::Alias)));
        assert_eq!(of("name:otherfaces", &notice), None);
    }

    #[test]
    fn listed_subjects_are_exactly_versions_files_and_mirrors() {
        let mut notice = scoped(ScopeKind::SubjectsListed, &[FACES, SHA_A], &[], &[]);
        notice.subjects.push(subject("kaggle:acme/faces", SubjectRole::Mirror));
        assert_eq!(of(SHA_A, &notice), Some((Coverage::Full, Strength::ExactBytes)));
        assert_eq!(of("kaggle:acme/faces", &notice), Some((Coverage::Full, Strength::Id)));
        assert_eq!(of(FACES, &notice), Some((Coverage::CannotTell, Strength::Id)));
    }

    #[test]
    fn a_subject_under_a_partial_scope_cannot_tell_until_an_item_does() {
        let notice = scoped(ScopeKind::Versions, &[FACES], &[FACES_V1], &[FACES_V2, SHA_B]);
        assert_eq!(of(FACES, &notice), Some((Coverage::CannotTell, Strength::Id)));
        assert_eq!(of(FACES_V1, &notice), Some((Coverage::Affected, Strength::VersionedId)));
        assert_eq!(of(FACES_V2, &notice).map(|c| c.0), Some(Coverage::CannotTell), "a version id is no digest");
        assert_eq!(of(SHA_B, &notice), Some((Coverage::NotAffected, Strength::ExactBytes)));
    }

    #[test]
    fn versions_meet_as_the_identifier_rules_say() {
        assert_eq!(of(FACES_V1, &retraction(&[FACES])), Some((Coverage::Full, Strength::Id)));
        assert_eq!(of(FACES_V1, &retraction(&[FACES_V1])), Some((Coverage::Full, Strength::VersionedId)));
        assert_eq!(of(FACES, &retraction(&[FACES_V1])), Some((Coverage::CannotTell, Strength::Id)));
        assert_eq!(of(FACES_V2, &retraction(&[FACES_V1])), None);
    }

    #[test]
    fn weak_digests_affect_but_never_settle_that_a_copy_is_not_meant() {
        assert_eq!(of(MD5_A, &scoped(ScopeKind::Files, &[], &[MD5_A], &[])), Some((Coverage::Affected, Strength::WeakBytes)));
        assert_eq!(of(MD5_A, &scoped(ScopeKind::Files, &[], &[], &[MD5_A])), Some((Coverage::CannotTell, Strength::WeakBytes)));
    }

    #[test]
    fn a_digest_that_is_both_listed_and_left_out_counts_as_meant() {
        let notice = scoped(ScopeKind::Files, &[], &[SHA_A], &[SHA_A]);
        assert_eq!(of(SHA_A, &notice).map(|c| c.0), Some(Coverage::Affected));
    }

    #[test]
    fn trivial_digests_never_match() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(of(empty, &retraction(&[empty])), None);
    }

    #[test]
    fn a_list_nobody_looked_into_makes_the_answer_incomplete() {
        let mut notice = retraction(&[FACES]);
        let name = DocumentHash::of(b"list");
        notice.digest_lists.push(DigestList {
            algorithm: DigestAlgorithm::Sha256,
            sha256: name,
            count: 1,
            blocks: name,
            role: DigestListRole::Unaffected,
        });
        let statement = said_by(notice, "a.example");
        let mut set = Statements::new();
        assert!(!hits(&id(SHA_A), &statement, &set).unseen.is_empty());
        assert!(hits(&id(MD5_A), &statement, &set).unseen.is_empty(), "another algorithm");
        set.note_list(name, &id(SHA_A), false);
        set.note_list(name, &id(SHA_B), true);
        let absent = hits(&id(SHA_A), &statement, &set);
        assert!(absent.unseen.is_empty() && absent.hits.is_empty());
        assert_eq!(hits(&id(SHA_B), &statement, &set).hits[0].coverage, Coverage::NotAffected);
    }

    #[test]
    fn a_digest_hits_its_blinded_form_as_strongly_as_itself() {
        let hidden = |plain: &str| id(plain).blinded().unwrap();
        let mut notice = scoped(ScopeKind::Files, &[], &[], &[]);
        notice.subjects.push(subject(hidden(MD5_A).as_str(), SubjectRole::File));
        notice.scope.as_mut().unwrap().affected.push(ScopeItem::Id(hidden(SHA_A)));
        notice.scope.as_mut().unwrap().unaffected.push(ScopeItem::Id(hidden(SHA_B)));
        assert_eq!(of(SHA_A, &notice), Some((Coverage::Affected, Strength::ExactBytes)));
        assert_eq!(of(SHA_B, &notice), Some((Coverage::NotAffected, Strength::ExactBytes)));
        assert_eq!(of(MD5_A, &notice), Some((Coverage::CannotTell, Strength::WeakBytes)));
        assert_eq!(of(hidden(SHA_A).as_str(), &notice), Some((Coverage::Affected, Strength::WeakBytes)));
        assert_eq!(of(hidden(SHA_B).as_str(), &notice).map(|c| c.0), Some(Coverage::CannotTell), "it may hide a weak one");
    }

    #[test]
    fn a_blinded_list_is_looked_into_for_every_digest_and_shows_no_plain_one() {
        let mut notice = retraction(&[]);
        let name = DocumentHash::of(b"list");
        let blind = DigestAlgorithm::Blind;
        notice.digest_lists.push(DigestList {
            algorithm: blind,
            sha256: name,
            count: 1,
            blocks: name,
            role: DigestListRole::Affected,
        });
        let statement = said_by(notice, "a.example");
        let mut set = Statements::new();
        for asked in [SHA_A, MD5_A, "swh:1:cnt:5ab2f8a4323abafb10abb68657d9d39f1a775057"] {
            assert!(!hits(&id(asked), &statement, &set).unseen.is_empty(), "{asked}: nobody looked yet");
        }
        assert!(hits(&id("doi:10.1234/x"), &statement, &set).unseen.is_empty());
        let hidden = id(SHA_A).blinded().unwrap();
        set.note_list(name, &hidden, true);
        let found = hits(&id(SHA_A), &statement, &set);
        assert!(found.unseen.is_empty());
        assert_eq!((&found.hits[0].subject, found.hits[0].strength), (&hidden, Strength::ExactBytes));
    }

    #[test]
    fn strengths_follow_the_scheme() {
        let hex = "a".repeat(40);
        for (text, expected) in [
            (format!("swh:1:cnt:{hex}"), Strength::ExactBytes),
            (format!("swh:1:dir:{hex}"), Strength::Tree),
            (format!("swh:1:rev:{hex}"), Strength::VersionedId),
            (format!("btih:{hex}"), Strength::WeakBytes),
            (format!("sha1:{hex}"), Strength::WeakBytes),
            ("url:https://a.example/x".to_owned(), Strength::Url),
            ("doi:10.1234/x".to_owned(), Strength::Id),
            (format!("dirhash1:{hex}{}", "a".repeat(24)), Strength::Tree),
            (format!("btmh:{hex}{}", "a".repeat(24)), Strength::Tree),
            (format!("dvcdir:{}", "a".repeat(32)), Strength::Tree),
            (format!("blind:{hex}{}", "a".repeat(24)), Strength::WeakBytes),
            ("openml:40945".to_owned(), Strength::Id),
            ("ark:99999/fk4x".to_owned(), Strength::Id),
        ] {
            assert_eq!(strength(&id(&text), Meeting::Same), expected, "{text}");
        }
    }
}
