//! Whole histories as they happen, and what holds for every decision.

use super::{
    Answer, Authority, Basis, EdgeState, Part, Statement, Statements, Strength, Trust, Verdict, Voice, decide, gather,
    gather_notices,
    random::{Case, Dice},
    sample::{
        FACES, FACES_V1, MD5_A, SHA_A, SHA_B, at, derivative, id, lineage, named, of_kind, pointing, retraction, said_by,
        statement, trusting,
    },
    status,
};
use crate::notice::{
    DigestAlgorithm, DigestList, DigestListRole, DocumentHash, Identifier, Inherits, IssuerRole, Notice, NoticeType,
    PartialDate, PriorRelation, Scope, ScopeItem, ScopeKind,
};

const NOW: &str = "2026-11-23";
const CROPPED: &str = "kaggle:fan/faces-cropped";
const MODEL: &str = "hf:models/fan/faces-net";

fn acme() -> Trust {
    trusting(&[("a.example", "hf:datasets/acme/"), ("fan.example", "kaggle:fan/")], &[])
}

fn ask(asked: &str, statements: &[Statement]) -> Answer {
    ask_with(asked, statements, &acme())
}

fn ask_with(asked: &str, statements: &[Statement], trust: &Trust) -> Answer {
    decide(&id(asked), &statements.iter().cloned().collect(), trust, at(NOW))
}

fn observed(mut notice: Notice) -> Notice {
    notice.issuer.role = IssuerRole::Observer;
    notice
}

fn response(target: &Statement) -> Notice {
    let mut notice = pointing(of_kind(NoticeType::Response, retraction(&[FACES])), PriorRelation::Disputes, target.id);
    notice.scope = None;
    notice.fault = None;
    notice
}

fn list(name: &str, role: DigestListRole) -> DigestList {
    let name = DocumentHash::of(name.as_bytes());
    DigestList { algorithm: DigestAlgorithm::Sha256, sha256: name, count: 1, blocks: name, role }
}

fn with_derivatives(mut notice: Notice, derivatives: &[(&str, Inherits)]) -> Notice {
    notice.derivatives = derivatives.iter().map(|(text, inherits)| derivative(text, *inherits)).collect();
    notice
}

#[test]
fn an_owner_retracts_and_everybody_else_reports() {
    let owner = said_by(retraction(&[FACES, SHA_A]), "a.example");
    let observer = said_by(observed(retraction(&[FACES])), "watch.example");
    assert_eq!(ask(FACES, &[owner.clone(), observer.clone()]).verdict, Verdict::Retracted);
    assert_eq!(ask(SHA_A, std::slice::from_ref(&owner)).matches[0].authority, Authority::ByAssociation);
    let both = ask(FACES, &[owner, observer.clone()]);
    assert_eq!(both.matches.len(), 2, "everything that matched is listed");
    assert_eq!(ask(FACES, &[observer]).verdict, Verdict::Reported);
    assert_eq!(ask("doi:10.1234/unheard", &[]).verdict, Verdict::NoNotice);
}

#[test]
fn retract_reinstate_and_revoke_the_reinstatement() {
    let first = said_by(retraction(&[FACES]), "a.example");
    let back = pointing(of_kind(NoticeType::Reinstatement, retraction(&[FACES])), PriorRelation::Reinstates, first.id);
    let second = said_by(back, "a.example");
    let revocation = pointing(of_kind(NoticeType::Revocation, retraction(&[FACES])), PriorRelation::Revokes, second.id);
    let third = said_by(revocation, "a.example");
    assert_eq!(ask(FACES, &[first.clone(), second.clone()]).verdict, Verdict::Reinstated);
    assert_eq!(ask(FACES, &[first, second, third]).verdict, Verdict::Retracted);
}

#[test]
fn a_scheduled_reinstatement_leaves_the_retraction_until_its_day() {
    let first = said_by(retraction(&[FACES]), "a.example");
    let mut back = pointing(of_kind(NoticeType::Reinstatement, retraction(&[FACES])), PriorRelation::Reinstates, first.id);
    back.effective = PartialDate::parse("2027");
    let set: Statements = [first, said_by(back, "a.example")].into_iter().collect();
    let verdict = |date| decide(&id(FACES), &set, &acme(), at(date)).verdict;
    assert_eq!((verdict("2026-12-31"), verdict("2027-01-01")), (Verdict::Retracted, Verdict::Reinstated));
}

#[test]
fn a_retraction_announced_for_later_is_scheduled_from_its_first_instant_backwards() {
    let mut notice = retraction(&[FACES]);
    notice.effective = PartialDate::parse("2026-12");
    let set: Statements = [said_by(notice, "a.example")].into_iter().collect();
    let answer = |date| decide(&id(FACES), &set, &acme(), at(date));
    assert_eq!(answer("2026-11-30T23:59:59Z").verdict, Verdict::Scheduled);
    assert_eq!(answer("2026-11-30T23:59:59Z").matches[0].scheduled_for, PartialDate::parse("2026-12"));
    assert_eq!(answer("2026-12-01").verdict, Verdict::Retracted);
}

#[test]
fn a_name_is_only_ever_possible() {
    let mut notice = retraction(&["name:samplefaces", FACES]);
    notice.effective = PartialDate::parse("2030");
    let reported = said_by(retraction(&[FACES]), "a.example");
    for held in [said_by(notice, "a.example"), reported] {
        assert_eq!(ask("name:samplefaces", std::slice::from_ref(&held)).verdict, Verdict::Possible);
        assert_eq!(ask("name:samplefaces", &[held.clone(), said_by(response(&held), "a.example")]).verdict, Verdict::Possible);
    }
}

#[test]
fn a_file_digest_settles_whether_my_copy_is_affected() {
    let mut notice = of_kind(NoticeType::PartialRetraction, retraction(&[FACES]));
    let items = |text: &str| vec![ScopeItem::Id(id(text))];
    notice.scope = Some(Scope { kind: ScopeKind::Files, affected: items(SHA_A), unaffected: items(SHA_B) });
    let set = [said_by(notice, "a.example")];
    let ruling = |text| (ask(text, &set).verdict, ask(text, &set).part);
    assert_eq!(ruling(SHA_A), (Verdict::PartRetracted, Some(Part::Affected)));
    assert_eq!(ruling(SHA_B), (Verdict::NotAffected, None));
    assert_eq!(ruling(FACES), (Verdict::PartRetracted, Some(Part::CannotTell)));
}

#[test]
fn one_retracted_version_asked_without_a_version_cannot_be_told() {
    let set = [said_by(retraction(&[FACES_V1]), "a.example")];
    assert_eq!(ask(FACES, &set).part, Some(Part::CannotTell));
    assert_eq!(ask(FACES_V1, &set).verdict, Verdict::Retracted);
    assert_eq!(ask(FACES_V1, &set).matches[0].strength, Strength::VersionedId);
}

#[test]
fn an_owner_disputes_a_report_and_a_stranger_only_objects() {
    let report = said_by(observed(retraction(&[FACES])), "watch.example");
    let stranger = ask(FACES, &[report.clone(), said_by(response(&report), "stranger.example")]);
    assert_eq!(stranger.verdict, Verdict::Reported);
    assert!(!stranger.matches[0].disputed_by[0].counts);
    let owner = ask(FACES, &[report.clone(), said_by(response(&report), "a.example")]);
    assert_eq!(owner.verdict, Verdict::Disputed);
    assert_eq!(owner.matches[0].disputed_by[0].authority, Authority::Owner(Basis::Pinned));
}

#[test]
fn a_weaker_class_does_not_dispute_a_stronger_one() {
    let retracted = said_by(retraction(&[FACES]), "a.example");
    let trust = trusting(&[("a.example", "hf:datasets/acme/"), ("host.example", "hf:datasets/")], &[]);
    let mut hosting = response(&retracted);
    hosting.issuer.role = IssuerRole::Host;
    let answer = ask_with(FACES, &[retracted.clone(), said_by(hosting, "host.example")], &trust);
    assert_eq!((answer.verdict, answer.matches[0].disputed_by[0].counts), (Verdict::Retracted, false));
    let second_owner = ask_with(FACES, &[retracted.clone(), said_by(response(&retracted), "host.example")], &trust);
    assert_eq!(second_owner.verdict, Verdict::Disputed);
}

#[test]
fn a_thief_can_neither_lift_nor_dispute_and_can_still_retract() {
    let retracted = said_by(retraction(&[FACES]), "a.example");
    let mut stolen = said_by(response(&retracted), "a.example");
    stolen.voices[0].may_lift = false;
    assert_eq!(ask(FACES, &[retracted.clone(), stolen]).verdict, Verdict::Retracted);
    let mut revocation = said_by(
        pointing(of_kind(NoticeType::Revocation, retraction(&[FACES])), PriorRelation::Revokes, retracted.id),
        "a.example",
    );
    revocation.voices[0].may_lift = false;
    let answer = ask(FACES, &[retracted.clone(), revocation]);
    assert_eq!(answer.verdict, Verdict::Retracted);
    assert_eq!(answer.matches[0].void_edges[0].reason.as_str(), "no-power-to-lift");
    let mut alone = retracted;
    alone.voices[0].may_lift = false;
    assert_eq!(ask(FACES, &[alone]).verdict, Verdict::Retracted);
}

#[test]
fn a_disputed_dispute_is_weighed_only_while_it_is_in_force() {
    let report = said_by(observed(retraction(&[FACES])), "watch.example");
    let objection = said_by(response(&report), "a.example");
    let revocation = pointing(of_kind(NoticeType::Revocation, retraction(&[FACES])), PriorRelation::Revokes, objection.id);
    let answer = ask(FACES, &[report, objection, said_by(revocation, "a.example")]);
    assert_eq!((answer.verdict, answer.matches[0].disputed_by.len()), (Verdict::Reported, 0));
}

#[test]
fn an_unaffected_list_of_another_pinned_lineage_disputes() {
    let mut mine = retraction(&[FACES]);
    mine.digest_lists.push(list("bad files", DigestListRole::Affected));
    let mut theirs = of_kind(NoticeType::PartialRetraction, retraction(&[CROPPED]));
    theirs.digest_lists.push(list("good files", DigestListRole::Unaffected));
    let ruling = |theirs_from: &str, trust: &Trust| {
        let mut set: Statements =
            [said_by(mine.clone(), "a.example"), said_by(theirs.clone(), theirs_from)].into_iter().collect();
        for name in ["bad files", "good files"] {
            set.note_list(DocumentHash::of(name.as_bytes()), &id(SHA_A), true);
        }
        decide(&id(SHA_A), &set, trust, at(NOW)).verdict
    };
    assert_eq!(ruling("fan.example", &acme()), Verdict::Disputed);
    assert_eq!(ruling("stranger.example", &acme()), Verdict::Retracted, "not pinned");
    assert_eq!(ruling("a.example", &acme()), Verdict::Retracted, "not another lineage");
}

#[test]
fn a_list_that_is_named_and_not_here_leaves_the_question_unchecked() {
    let mut notice = retraction(&[FACES]);
    notice.digest_lists.push(list("far away", DigestListRole::Affected));
    let far = said_by(notice, "a.example");
    let nothing = ask(SHA_A, std::slice::from_ref(&far));
    assert_eq!((nothing.verdict, nothing.incomplete), (Verdict::Unchecked, true));
    let something = ask(SHA_A, &[far.clone(), said_by(retraction(&[FACES, SHA_A]), "a.example")]);
    assert_eq!((something.verdict, something.incomplete), (Verdict::Retracted, true));
    assert!(!ask(MD5_A, &[far]).incomplete, "a list of another algorithm");
}

#[test]
fn two_ways_of_lifting_are_a_conflict_and_the_more_severe_counts() {
    let first = said_by(retraction(&[FACES]), "a.example");
    let back = pointing(of_kind(NoticeType::Reinstatement, retraction(&[FACES])), PriorRelation::Reinstates, first.id);
    let part = pointing(of_kind(NoticeType::PartialRetraction, retraction(&[FACES])), PriorRelation::Replaces, first.id);
    let answer = ask(FACES, &[first, said_by(back, "a.example"), said_by(part, "a.example")]);
    assert_eq!((answer.verdict, answer.conflict, answer.matches.len()), (Verdict::PartRetracted, true, 2));
}

#[test]
fn a_derivative_inherits_along_firm_paths_only() {
    let ruling = |inherits, trust: &Trust, by: &str| {
        let edge = with_derivatives(retraction(&[FACES]), &[(CROPPED, inherits)]);
        let owner = said_by(retraction(&[FACES]), "a.example");
        ask_with(CROPPED, &[owner, said_by(edge, by)], trust).verdict
    };
    assert_eq!(ruling(Inherits::Yes, &acme(), "a.example"), Verdict::DerivedFromRetracted);
    assert_eq!(ruling(Inherits::Yes, &acme(), "fan.example"), Verdict::DerivedFromRetracted, "a pinned lineage");
    assert_eq!(ruling(Inherits::Yes, &acme(), "stranger.example"), Verdict::Reported);
    assert_eq!(ruling(Inherits::Unknown, &acme(), "a.example"), Verdict::Reported);
    assert_eq!(ruling(Inherits::No, &acme(), "a.example"), Verdict::NoNotice);
    assert_eq!(ruling(Inherits::Yes, &Trust::default(), "a.example"), Verdict::Reported, "a reported parent");
}

#[test]
fn derivation_goes_on_from_derivative_to_derivative_and_shows_the_path() {
    let root = said_by(with_derivatives(retraction(&[FACES]), &[(CROPPED, Inherits::Yes)]), "a.example");
    let middle = of_kind(NoticeType::Supersession, retraction(&[CROPPED]));
    let middle = said_by(with_derivatives(middle, &[(MODEL, Inherits::Yes)]), "fan.example");
    let answer = ask(MODEL, &[root.clone(), middle.clone()]);
    assert_eq!(answer.verdict, Verdict::DerivedFromRetracted);
    let [found] = answer.matches.as_slice() else { panic!("one match, not {:?}", answer.matches) };
    let path: Vec<_> = found.path.iter().flatten().map(|step| (step.notice, step.parent.as_str())).collect();
    assert_eq!(path, [(middle.id, CROPPED), (root.id, FACES)]);
    assert_eq!((found.notice, found.subject.as_str()), (root.id, FACES));
}

#[test]
fn milder_parents_pass_nothing_on_and_a_scheduled_one_passes_scheduled() {
    for kind in [NoticeType::Supersession, NoticeType::Correction, NoticeType::Reinstatement] {
        let notice = with_derivatives(of_kind(kind, retraction(&[FACES])), &[(CROPPED, Inherits::Yes)]);
        assert_eq!(ask(CROPPED, &[said_by(notice, "a.example")]).verdict, Verdict::NoNotice, "{kind}");
    }
    let mut ahead = with_derivatives(retraction(&[FACES]), &[(CROPPED, Inherits::Yes)]);
    ahead.effective = PartialDate::parse("2030");
    assert_eq!(ask(CROPPED, &[said_by(ahead, "a.example")]).verdict, Verdict::Scheduled);
}

#[test]
fn a_title_only_derivative_is_possible_and_a_parent_with_only_a_name_is_reported() {
    let mut notice = with_derivatives(retraction(&[FACES]), &[(CROPPED, Inherits::Yes)]);
    notice.derivatives[0].id = None;
    notice.derivatives[0].title = Some("Faces Cropped".to_owned());
    let set = [said_by(notice, "a.example")];
    assert_eq!(ask("name:facescropped", &set).verdict, Verdict::Possible);
    assert_eq!(ask(CROPPED, &set).verdict, Verdict::NoNotice);
    let nameless = observed(with_derivatives(retraction(&["name:samplefaces"]), &[(CROPPED, Inherits::Unknown)]));
    assert_eq!(ask(CROPPED, &[said_by(nameless, "watch.example")]).verdict, Verdict::Reported);
}

#[test]
fn rings_of_derivation_are_harmless() {
    let there = said_by(with_derivatives(retraction(&[FACES]), &[(CROPPED, Inherits::Yes)]), "a.example");
    let back = said_by(with_derivatives(retraction(&[CROPPED]), &[(FACES, Inherits::Yes)]), "fan.example");
    let answer = ask(FACES, &[there, back]);
    assert_eq!((answer.verdict, answer.matches.len(), answer.truncated), (Verdict::Retracted, 2, false));
}

/// A chain of derivations of this many steps from a retracted dataset to `kaggle:fan/set-0`.
fn chain(steps: usize) -> Vec<Statement> {
    let link = |n: usize| format!("kaggle:fan/set-{n}");
    let mut statements = vec![said_by(retraction(&[&link(steps)]), "fan.example")];
    for n in 0..steps {
        let notice = of_kind(NoticeType::Supersession, retraction(&[&link(n + 1)]));
        statements.push(said_by(with_derivatives(notice, &[(&link(n), Inherits::Yes)]), "fan.example"));
    }
    statements
}

#[test]
fn eight_steps_are_followed_and_a_ninth_is_said_to_be_cut() {
    let eight = ask("kaggle:fan/set-0", &chain(8));
    assert_eq!((eight.verdict, eight.truncated), (Verdict::DerivedFromRetracted, false));
    let nine = ask("kaggle:fan/set-0", &chain(9));
    assert_eq!((nine.verdict, nine.truncated), (Verdict::NoNotice, true));
}

#[test]
fn a_thousand_nodes_are_looked_at_and_gathering_cuts_at_the_same_place() {
    let case = |parents: usize| {
        let notice = |n: usize| {
            let texts: Vec<String> = (0..100).map(|m| format!("kaggle:fan/parent-{}", n * 100 + m)).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            said_by(with_derivatives(retraction(&texts), &[(CROPPED, Inherits::Yes)]), "fan.example")
        };
        let mut case = Case::new(&mut Dice::new(1));
        case.statements = (0..parents / 100).map(notice).collect();
        case.trust = acme();
        case
    };
    for (parents, truncated) in [(1_000, false), (1_100, true)] {
        let case = case(parents);
        let answer = decide(&id(CROPPED), &case.set(), &case.trust, case.now);
        assert_eq!((answer.verdict, answer.truncated), (Verdict::DerivedFromRetracted, truncated));
        let Ok(gathered) = gather(&[id(CROPPED)], &case, case.now);
        assert_eq!(decide(&id(CROPPED), &gathered, &case.trust, case.now), answer);
    }
}

#[test]
fn the_status_tells_what_became_of_a_notice_and_of_its_edges() {
    let first = said_by(retraction(&[FACES]), "a.example");
    let mut next = pointing(retraction(&[FACES]), PriorRelation::Replaces, first.id);
    next = pointing(next, PriorRelation::Amends, named("unknown"));
    let next = said_by(next, "a.example");
    let foreign = said_by(pointing(retraction(&[FACES]), PriorRelation::Revokes, first.id), "b.example");
    let amends = said_by(pointing(retraction(&[FACES]), PriorRelation::Amends, next.id), "a.example");
    let objection = said_by(response(&next), "a.example");
    let set: Statements = [&first, &next, &foreign, &amends, &objection].into_iter().cloned().collect();
    let of = |s: &Statement| status(&s.id, &set, &acme(), at(NOW)).unwrap();
    let lifted = of(&first);
    assert!(!lifted.in_force && !lifted.conflict);
    assert_eq!((lifted.lifted_by[0].notice, lifted.lifted_by[0].relation), (next.id, PriorRelation::Replaces));
    assert_eq!(lifted.void_edges[0].notice, foreign.id);
    let standing = of(&next);
    assert!(standing.in_force && standing.disputed_by[0].counts);
    assert_eq!(standing.amended_by, [amends.id]);
    let mut states: Vec<_> = standing.prior.iter().map(|prior| prior.state).collect();
    states.sort();
    assert_eq!(states, [EdgeState::Followed, EdgeState::UnknownTarget]);
    assert_eq!(of(&foreign).prior[0].state, EdgeState::ForeignIssuer);
    assert!(status(&named("unknown"), &set, &acme(), at(NOW)).is_none());
    assert_eq!(serde_json::to_value(&lifted).unwrap()["lifted_by"][0]["relation"], "replaces");
}

#[test]
fn a_status_sees_both_lineages_of_a_domain() {
    let mut both = said_by(retraction(&[FACES]), "a.example");
    both.voices.push(Voice { lineage: lineage("b.example"), may_lift: true });
    let revocation = pointing(of_kind(NoticeType::Revocation, retraction(&[FACES])), PriorRelation::Revokes, both.id);
    let half = statement(named("half"), revocation, &[("b.example", true)]);
    let set: Statements = [both.clone(), half].into_iter().collect();
    let status = status(&both.id, &set, &acme(), at(NOW)).unwrap();
    assert!(status.in_force && status.lifted_by.len() == 1);
}

#[test]
fn an_answer_is_written_as_the_protocol_has_it() {
    let mut derived = with_derivatives(retraction(&[FACES]), &[(CROPPED, Inherits::Yes)]);
    derived.effective = PartialDate::parse("2026-11");
    let mut held = said_by(derived, "a.example");
    held.first_index = Some(7);
    let notice = held.id.to_string();
    let expected = serde_json::json!({
        "id": CROPPED,
        "verdict": "derived-from-retracted",
        "matches": [{
            "notice": notice, "index": 7, "type": "retraction", "issuer": "did:web:a.example", "role": "publisher",
            "authority": "owner", "basis": "pinned", "strength": "id", "coverage": "full", "verdict": "derived-from-retracted",
            "subject": FACES,
            "path": [{"notice": notice, "parent": FACES, "id": CROPPED, "relation": "cleaned", "inherits": "yes"}],
        }],
    });
    assert_eq!(serde_json::to_value(ask(CROPPED, &[held])).unwrap(), expected);
    let part = ask(FACES, &[said_by(retraction(&[FACES_V1]), "a.example")]);
    assert_eq!(serde_json::to_value(part).unwrap()["part"], "cannot-tell");
}

#[test]
fn any_permutation_of_the_same_entries_gives_the_same_answer_and_status() {
    for seed in 0..2_000 {
        let mut dice = Dice::new(seed);
        let case = Case::new(&mut dice);
        let mut shuffled = case.clone();
        dice.shuffle(&mut shuffled.statements);
        shuffled.statements.extend(case.statements.first().cloned());
        let (one, other) = (case.set(), shuffled.set());
        for asked in &case.asked {
            let answers = [&one, &other].map(|set| decide(asked, set, &case.trust, case.now));
            assert_eq!(answers[0], answers[1], "seed {seed}");
        }
        for statement in &case.statements {
            let states = [&one, &other].map(|set| status(&statement.id, set, &case.trust, case.now));
            assert_eq!(states[0], states[1], "seed {seed}");
        }
    }
}

#[test]
fn deciding_on_what_was_gathered_equals_deciding_on_everything() {
    for seed in 10_000..14_000 {
        let case = Case::new(&mut Dice::new(seed));
        let everything = case.set();
        let whole = |asked: &Identifier| decide(asked, &everything, &case.trust, case.now);
        let Ok(together) = gather(&case.asked, &case, case.now);
        for asked in &case.asked {
            let Ok(alone) = gather(std::slice::from_ref(asked), &case, case.now);
            assert_eq!(decide(asked, &alone, &case.trust, case.now), whole(asked), "seed {seed}, {asked} alone");
            assert_eq!(decide(asked, &together, &case.trust, case.now), whole(asked), "seed {seed}, {asked} together");
        }
        for statement in &case.statements {
            let Ok(gathered) = gather_notices(&[statement.id], &case);
            let states = [&gathered, &everything].map(|set| status(&statement.id, set, &case.trust, case.now));
            assert_eq!(states[0], states[1], "seed {seed}, status");
        }
    }
}
