//! A second, slow reading of domain.md section 3, written from its tables and sharing no step with the real one, which decides
//! thousands of random cases the same way. Everything is looked through for everything; paths are tried one by one.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{
    Answer, Authority, Basis, Coverage, Match, Part, PathStep, Statement, Strength, Verdict, Voice,
    random::{Case, Dice},
};
use crate::notice::{
    DidMethod, DigestListRole, Fault, Identifier, Inherits, IssuerRole, Notice, NoticeId, NoticeType, PriorRelation, Scheme,
    ScopeItem, ScopeKind, SubjectRole, identifier::Meeting,
};

type Outcome = (Verdict, Option<Part>, bool);

/// What the two readings are compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    notice: NoticeId,
    outcome: Outcome,
    authority: Authority,
    strength: Strength,
    coverage: Coverage,
    subject: Identifier,
    path: Option<Vec<PathStep>>,
    disputed_by: Vec<(NoticeId, bool)>,
    void: Vec<(NoticeId, PriorRelation)>,
}

#[derive(Debug, PartialEq, Eq)]
struct Ruling {
    verdict: Verdict,
    part: Option<Part>,
    incomplete: bool,
    conflict: bool,
    rows: Vec<Row>,
}

impl From<Answer> for Ruling {
    fn from(answer: Answer) -> Self {
        let row = |m: Match| Row {
            notice: m.notice,
            outcome: (m.contribution.verdict, m.contribution.part, m.contribution.reported),
            authority: m.authority,
            strength: m.strength,
            coverage: m.coverage,
            subject: m.subject,
            path: m.path,
            disputed_by: m.disputed_by.into_iter().map(|d| (d.notice, d.counts)).collect(),
            void: m.void_edges.into_iter().map(|edge| (edge.notice, edge.relation)).collect(),
        };
        Self {
            verdict: answer.verdict,
            part: answer.part,
            incomplete: answer.incomplete,
            conflict: answer.conflict,
            rows: answer.matches.into_iter().map(row).collect(),
        }
    }
}

/// "Order, most severe first."
const ORDER: [(Verdict, Option<Part>); 16] = [
    (Verdict::Retracted, None),
    (Verdict::PartRetracted, Some(Part::Affected)),
    (Verdict::DerivedFromRetracted, None),
    (Verdict::Disputed, None),
    (Verdict::RemovedUnexplained, None),
    (Verdict::Concern, None),
    (Verdict::Reported, None),
    (Verdict::PartRetracted, Some(Part::CannotTell)),
    (Verdict::Corrected, None),
    (Verdict::Scheduled, None),
    (Verdict::Superseded, None),
    (Verdict::RemovedNoFault, None),
    (Verdict::Reinstated, None),
    (Verdict::NotAffected, None),
    (Verdict::Possible, None),
    (Verdict::NoNotice, None),
];

fn place(outcome: Outcome) -> usize {
    ORDER.iter().position(|(verdict, part)| *verdict == outcome.0 && *part == outcome.1).unwrap()
}

struct World<'c> {
    case: &'c Case,
    statements: Vec<Statement>,
    /// For each statement and each of its voices: whether it is in force there.
    in_force: Vec<Vec<bool>>,
}

/// A statement's word on a node, before anything is inherited.
#[derive(Clone)]
struct Word {
    row: Row,
    cell: Outcome,
    ahead: bool,
}

impl<'c> World<'c> {
    fn new(case: &'c Case) -> Self {
        let mut merged: BTreeMap<NoticeId, Statement> = BTreeMap::new();
        for statement in &case.statements {
            let known = merged.entry(statement.id).or_insert_with(|| Statement { voices: Vec::new(), ..statement.clone() });
            for voice in &statement.voices {
                match known.voices.iter_mut().find(|v| v.lineage == voice.lineage) {
                    Some(v) => v.may_lift = v.may_lift || voice.may_lift,
                    None => known.voices.push(voice.clone()),
                }
            }
        }
        let statements: Vec<Statement> = merged.into_values().collect();
        let in_force = statements.iter().map(|s| vec![true; s.voices.len()]).collect();
        let mut world = Self { case, statements, in_force };
        world.fold();
        world
    }

    fn ahead(&self, at: usize) -> bool {
        self.statements[at].notice.effective.is_some_and(|date| date.first_instant() > self.case.now)
    }

    fn lifts(relation: PriorRelation) -> bool {
        relation != PriorRelation::Amends && relation != PriorRelation::Disputes
    }

    /// (statement, voice) of every utterance that would lift this one.
    fn attackers(&self, at: usize, voice: usize) -> Vec<(usize, usize)> {
        let target = &self.statements[at];
        let mut found = Vec::new();
        for (m, carrier) in self.statements.iter().enumerate() {
            for (v, speaker) in carrier.voices.iter().enumerate() {
                let edge = carrier.notice.prior.iter().any(|p| p.notice == target.id && Self::lifts(p.relation));
                if edge && speaker.may_lift && speaker.lineage == target.voices[voice].lineage && !self.ahead(m) {
                    found.push((m, v));
                }
            }
        }
        found
    }

    fn fold(&mut self) {
        let mut label: BTreeMap<(usize, usize), bool> = BTreeMap::new();
        loop {
            let before = label.len();
            for at in 0..self.statements.len() {
                for voice in 0..self.statements[at].voices.len() {
                    let attackers = self.attackers(at, voice);
                    if attackers.iter().any(|a| label.get(a) == Some(&true)) {
                        label.insert((at, voice), false);
                    } else if attackers.iter().all(|a| label.get(a) == Some(&false)) {
                        label.insert((at, voice), true);
                    }
                }
            }
            if label.len() == before {
                break;
            }
        }
        for ((at, voice), holds) in label {
            self.in_force[at][voice] = holds;
        }
    }

    fn speakers(&self, at: usize) -> Vec<Voice> {
        let voices = self.statements[at].voices.iter().zip(&self.in_force[at]);
        voices.filter(|(_, holds)| **holds).map(|(voice, _)| voice.clone()).collect()
    }

    fn ties(&self, voice: &Voice, id: &Identifier) -> Option<Basis> {
        let standing = &self.case.trust.lineages[&voice.lineage];
        if id.scheme() == Scheme::Name {
            return None;
        }
        if let (true, DidMethod::Web(domain)) = (standing.pinned || standing.domain_verified, voice.lineage.did.method()) {
            for scheme in ["http", "https"] {
                for below in ["", "www.", "data."] {
                    if id.as_str().starts_with(&format!("url:{scheme}://{below}{domain}/")) {
                        return Some(Basis::DomainMatch);
                    }
                }
            }
        }
        let covers = |prefix: &String| match id.as_str().strip_prefix(prefix.as_str()) {
            Some(rest) => prefix.ends_with('/') || rest.is_empty() || rest.starts_with('/') || rest.starts_with('@'),
            None => false,
        };
        (standing.pinned && standing.prefixes.iter().any(covers)).then_some(Basis::Pinned)
    }

    fn class(&self, notice: &Notice, voices: &[Voice], id: &Identifier) -> Authority {
        let mut best = Authority::Other;
        for voice in voices {
            let pinned = self.case.trust.lineages[&voice.lineage].pinned;
            let nobody_s = matches!(
                id.scheme(),
                Scheme::Sha256
                    | Scheme::Sha512
                    | Scheme::Blake3
                    | Scheme::Md5
                    | Scheme::Sha1
                    | Scheme::Swh
                    | Scheme::Btih
                    | Scheme::Btmh
                    | Scheme::Dirhash1
                    | Scheme::Dvcdir
                    | Scheme::Blind
                    | Scheme::Gdrive
                    | Scheme::Archive
                    | Scheme::Baidu
            );
            let anchored = notice.subjects.iter().any(|s| {
                [SubjectRole::Whole, SubjectRole::Version, SubjectRole::LandingPage].contains(&s.role)
                    && self.ties(voice, &s.id).is_some()
            });
            let authority = match (notice.issuer.role, self.ties(voice, id)) {
                (IssuerRole::Publisher, Some(basis)) => Authority::Owner(basis),
                (IssuerRole::Host, Some(basis)) => Authority::Host(basis),
                (IssuerRole::Publisher, None) if nobody_s && pinned && anchored => Authority::ByAssociation,
                _ => Authority::Other,
            };
            if strength_of(authority) > strength_of(best) {
                best = authority;
            }
        }
        best
    }

    /// Every (coverage, subject, strength) and whether a list is missing.
    fn coverages(&self, notice: &Notice, asked: &Identifier) -> (Vec<(Coverage, Identifier, Strength)>, bool) {
        let mut all = Vec::new();
        let mut missing = false;
        let scope = notice.scope.as_ref().unwrap();
        let is_data = |id: &Identifier| ![Scheme::Name, Scheme::Arxiv].contains(&id.scheme());
        for s in &notice.subjects {
            let Some(meeting) = met(asked, &s.id) else { continue };
            let page = [SubjectRole::LandingPage, SubjectRole::DescribedBy].contains(&s.role);
            let coverage = if page || !is_data(&s.id) { Coverage::Mention } else { under_scope(scope.kind, s.role, meeting) };
            all.push((coverage, s.id.clone(), grade(asked, meeting)));
        }
        for (items, meant) in [(&scope.affected, true), (&scope.unaffected, false)] {
            for item in items {
                let ScopeItem::Id(item) = item else { continue };
                let Some(meeting) = met(asked, item) else { continue };
                let strong = [Scheme::Sha256, Scheme::Sha512, Scheme::Blake3].contains(&asked.scheme());
                let coverage = match (is_data(item), meant, strong, meeting) {
                    (false, ..) => Coverage::Mention,
                    (_, true, _, Meeting::Same | Meeting::UnversionedSubject) => Coverage::Affected,
                    (_, false, true, _) => Coverage::NotAffected,
                    _ => Coverage::CannotTell,
                };
                all.push((coverage, item.clone(), grade(asked, meeting)));
            }
        }
        for name in [&notice.dataset.title].into_iter().chain(&notice.dataset.aliases) {
            let name = Identifier::of_name(name).unwrap();
            if name == *asked {
                all.push((Coverage::Mention, name, Strength::Alias));
            }
        }
        for list in &notice.digest_lists {
            for form in [Some(asked.clone()), hide(asked)].into_iter().flatten() {
                if list.algorithm.as_str() != form.scheme().as_str() {
                    continue;
                }
                match self.case.facts.get(&(list.sha256, form.clone())) {
                    None => missing = true,
                    Some(false) => {}
                    Some(true) => {
                        let coverage = match (list.role, asked.scheme()) {
                            (DigestListRole::Affected, _) => Coverage::Affected,
                            (_, Scheme::Sha256 | Scheme::Sha512 | Scheme::Blake3) => Coverage::NotAffected,
                            (DigestListRole::Unaffected, _) => Coverage::CannotTell,
                        };
                        all.push((coverage, form, grade(asked, Meeting::Same)));
                    }
                }
            }
        }
        (all, missing)
    }

    fn word(&self, at: usize, all: Vec<(Coverage, Identifier, Strength)>, asked: &Identifier) -> Option<Word> {
        let statement = &self.statements[at];
        let ranking = [Coverage::Full, Coverage::Affected, Coverage::NotAffected, Coverage::CannotTell, Coverage::Mention];
        let coverage = ranking.into_iter().find(|c| all.iter().any(|hit| hit.0 == *c))?;
        let speakers = self.speakers(at);
        let mut best: Option<(Authority, Strength, Identifier)> = None;
        for (_, subject, strength) in all.into_iter().filter(|hit| hit.0 == coverage) {
            let authority = self.class(&statement.notice, &speakers, &subject);
            let better = match &best {
                None => true,
                Some((a, s, i)) => {
                    let (new, old) = (strength_of(authority) / 2, strength_of(*a) / 2);
                    new > old || (new == old && (strength < *s || (strength == *s && subject < *i)))
                }
            };
            if better {
                best = Some((authority, strength, subject));
            }
        }
        let (authority, strength, subject) = best?;
        let cell = table(&statement.notice, authority == Authority::Other, coverage)?;
        let disputed_by = self.objections(at, authority, &subject, asked);
        let ahead = self.ahead(at);
        let mut outcome = cell;
        if coverage == Coverage::NotAffected {
            outcome = (Verdict::NotAffected, None, false);
        } else if coverage == Coverage::Mention {
            outcome = (Verdict::Possible, None, false);
        } else if disputed_by.iter().any(|(_, counts)| *counts) {
            outcome = (Verdict::Disputed, None, cell.2);
        } else if ahead {
            outcome = (Verdict::Scheduled, None, cell.2);
        }
        let void = self.void(at);
        let row = Row { notice: statement.id, outcome, authority, strength, coverage, subject, path: None, disputed_by, void };
        Some(Word { row, cell, ahead })
    }

    fn objections(&self, target: usize, held: Authority, subject: &Identifier, asked: &Identifier) -> Vec<(NoticeId, bool)> {
        let mut found = Vec::new();
        for (r, response) in self.statements.iter().enumerate() {
            let speakers = self.speakers(r);
            let powerful: Vec<Voice> = speakers.iter().filter(|v| v.may_lift).cloned().collect();
            let edge =
                |p: &crate::notice::Prior| p.notice == self.statements[target].id && p.relation == PriorRelation::Disputes;
            if !speakers.is_empty() && response.notice.prior.iter().any(edge) {
                let class = self.class(&response.notice, &powerful, subject);
                let counts = response.notice.kind == NoticeType::Response
                    && !self.ahead(r)
                    && class != Authority::Other
                    && strength_of(class) / 2 >= strength_of(held) / 2;
                found.push((response.id, counts));
            }
            let strong = [Scheme::Sha256, Scheme::Sha512, Scheme::Blake3].contains(&asked.scheme());
            let listed = response.notice.digest_lists.iter().any(|list| {
                list.role == DigestListRole::Unaffected
                    && [Some(asked.clone()), hide(asked)].into_iter().flatten().any(|form| {
                        list.algorithm.as_str() == form.scheme().as_str()
                            && self.case.facts.get(&(list.sha256, form)) == Some(&true)
                    })
            });
            let another = powerful.iter().any(|v| {
                self.case.trust.lineages[&v.lineage].pinned && self.speakers(target).iter().all(|t| t.lineage != v.lineage)
            });
            if strong && listed && another && !self.ahead(r) {
                found.push((response.id, true));
            }
        }
        found
    }

    fn void(&self, target: usize) -> Vec<(NoticeId, PriorRelation)> {
        let target = &self.statements[target];
        let mut found = Vec::new();
        for (m, carrier) in self.statements.iter().enumerate() {
            let power = carrier.voices.iter().any(|v| v.may_lift && target.voices.iter().any(|t| t.lineage == v.lineage));
            if power || self.speakers(m).is_empty() {
                continue;
            }
            for relation in [PriorRelation::Amends, PriorRelation::Replaces, PriorRelation::Revokes, PriorRelation::Reinstates]
            {
                if carrier.notice.prior.iter().any(|p| p.notice == target.id && p.relation == relation) {
                    found.push((carrier.id, relation));
                }
            }
        }
        found
    }

    fn direct(&self, asked: &Identifier) -> (Vec<Word>, bool) {
        let mut words = Vec::new();
        let mut incomplete = false;
        if asked.is_trivial() {
            return (words, incomplete);
        }
        for (at, statement) in self.statements.iter().enumerate() {
            if self.speakers(at).is_empty() || [NoticeType::Revocation, NoticeType::Response].contains(&statement.notice.kind) {
                continue;
            }
            let (all, missing) = self.coverages(&statement.notice, asked);
            incomplete |= missing;
            words.extend(self.word(at, all, asked));
        }
        (words, incomplete)
    }

    /// Tries every path upwards and calls `found` with (root node, its holder, path, firm, by name, first strength).
    fn climb(
        &self,
        node: &Identifier,
        path: &mut Vec<PathStep>,
        way: Way,
        seen: &mut Vec<Identifier>,
        found: &mut Vec<Climbed>,
    ) {
        if path.len() == 8 || node.is_trivial() {
            return;
        }
        for (at, holder) in self.statements.iter().enumerate() {
            let speakers = self.speakers(at);
            if speakers.is_empty() || [NoticeType::Revocation, NoticeType::Response].contains(&holder.notice.kind) {
                continue;
            }
            for d in &holder.notice.derivatives {
                if d.inherits == Inherits::No {
                    continue;
                }
                let by_id = d.id.as_ref().and_then(|id| met(node, id));
                let title = d.title.as_ref().and_then(|t| Identifier::of_name(t).ok());
                let is_name = node.scheme() == Scheme::Name;
                let met = match (is_name, by_id) {
                    (true, _) if by_id.is_some() || title.as_ref() == Some(node) => Strength::Alias,
                    (false, Some(meeting)) => grade(node, meeting),
                    _ => continue,
                };
                for s in &holder.notice.subjects {
                    if [SubjectRole::LandingPage, SubjectRole::DescribedBy].contains(&s.role) || s.id.is_trivial() {
                        continue;
                    }
                    let owner = matches!(self.class(&holder.notice, &speakers, &s.id), Authority::Owner(_));
                    let pinned = speakers.iter().any(|v| self.case.trust.lineages[&v.lineage].pinned);
                    let sure = d.inherits == Inherits::Yes && by_id != Some(Meeting::VersionedSubject) && (owner || pinned);
                    let onward = Way {
                        firm: way.firm && sure && !is_name,
                        by_name: way.by_name || is_name,
                        met: if path.is_empty() { met } else { way.met },
                    };
                    path.push(PathStep {
                        notice: holder.id,
                        parent: s.id.clone(),
                        id: d.id.clone(),
                        title: d.title.clone(),
                        relation: d.relation,
                        inherits: d.inherits,
                    });
                    if [Scheme::Name, Scheme::Arxiv].contains(&s.id.scheme()) {
                        found.push(Climbed { node: s.id.clone(), holder: Some(at), path: path.clone(), way: onward });
                    } else if !seen.contains(&s.id) {
                        found.push(Climbed { node: s.id.clone(), holder: None, path: path.clone(), way: onward });
                        seen.push(s.id.clone());
                        self.climb(&s.id, path, onward, seen, found);
                        seen.pop();
                    }
                    path.pop();
                }
            }
        }
    }

    fn rule(&self, asked: &Identifier) -> Ruling {
        let (words, mut incomplete) = self.direct(asked);
        let mut rows: Vec<Row> = words.iter().map(|word| word.row.clone()).collect();
        let conflict = self.conflict(asked, &rows);
        let mut climbed = Vec::new();
        let way = Way { firm: true, by_name: false, met: Strength::Alias };
        self.climb(asked, &mut Vec::new(), way, &mut vec![asked.clone()], &mut climbed);
        climbed.sort_by(|a, b| (a.path.len(), &a.path).cmp(&(b.path.len(), &b.path)));
        let mut known: BTreeMap<Identifier, (Vec<Word>, bool)> = BTreeMap::new();
        for climbed in climbed {
            let words = match climbed.holder {
                None => {
                    let (words, missing) =
                        known.entry(climbed.node.clone()).or_insert_with(|| self.direct(&climbed.node)).clone();
                    incomplete |= missing;
                    words
                }
                Some(holder) => self.own_word(holder, &climbed.node),
            };
            for word in words {
                let Some(outcome) = passed_on(&word, climbed.way) else { continue };
                let new = Row { outcome, strength: climbed.way.met, path: Some(climbed.path.clone()), ..word.row };
                match rows.iter_mut().find(|row| row.notice == new.notice) {
                    Some(row) if place(new.outcome) < place(row.outcome) => *row = new,
                    Some(_) => {}
                    None => rows.push(new),
                }
            }
        }
        rows.sort_by_key(|row| (place(row.outcome), row.notice));
        let none = if incomplete { Verdict::Unchecked } else { Verdict::NoNotice };
        let (verdict, part, _) = rows.first().map_or((none, None, false), |row| row.outcome);
        Ruling { verdict, part, incomplete, conflict, rows }
    }

    fn own_word(&self, holder: usize, node: &Identifier) -> Vec<Word> {
        let notice = &self.statements[holder].notice;
        let pages = [SubjectRole::LandingPage, SubjectRole::DescribedBy];
        let own = notice.subjects.iter().filter(|s| s.id == *node && !pages.contains(&s.role));
        let kind = notice.scope.as_ref().unwrap().kind;
        let all = own.map(|s| (under_scope(kind, s.role, Meeting::Same), node.clone(), grade(node, Meeting::Same))).collect();
        self.word(holder, all, node).into_iter().collect()
    }

    fn conflict(&self, asked: &Identifier, rows: &[Row]) -> bool {
        (0..self.statements.len()).any(|target| {
            let mut contested = false;
            let mut lifted_by_row = false;
            for voice in 0..self.statements[target].voices.len() {
                let by = self.attackers(target, voice).into_iter().filter(|(m, v)| self.in_force[*m][*v]);
                let mut ways = Vec::new();
                for (m, _) in by {
                    lifted_by_row |= rows.iter().any(|row| row.notice == self.statements[m].id);
                    for p in &self.statements[m].notice.prior {
                        if p.notice == self.statements[target].id && Self::lifts(p.relation) {
                            ways.push((m, p.relation));
                        }
                    }
                }
                contested |=
                    ways.iter().any(|a| ways.iter().any(|b| a.0 != b.0 && (a.1 != b.1 || a.1 == PriorRelation::Replaces)));
            }
            let named = !asked.is_trivial() && !self.coverages(&self.statements[target].notice, asked).0.is_empty();
            contested && (named || lifted_by_row)
        })
    }
}

#[derive(Clone, Copy)]
struct Way {
    firm: bool,
    by_name: bool,
    met: Strength,
}

struct Climbed {
    node: Identifier,
    holder: Option<usize>,
    path: Vec<PathStep>,
    way: Way,
}

/// Halved, it is the class: owner > host > by-association > other; the odd ones are tied by domain.
fn strength_of(authority: Authority) -> u8 {
    match authority {
        Authority::Owner(Basis::DomainMatch) => 7,
        Authority::Owner(Basis::Pinned) => 6,
        Authority::Host(Basis::DomainMatch) => 5,
        Authority::Host(Basis::Pinned) => 4,
        Authority::ByAssociation => 2,
        Authority::Other => 0,
    }
}

fn under_scope(kind: ScopeKind, role: SubjectRole, meeting: Meeting) -> Coverage {
    match (meeting, kind, role) {
        (Meeting::VersionedSubject, ..) => Coverage::CannotTell,
        (_, ScopeKind::Whole, _)
        | (_, ScopeKind::SubjectsListed, SubjectRole::Version | SubjectRole::File | SubjectRole::Mirror) => Coverage::Full,
        _ => Coverage::CannotTell,
    }
}

/// `blind:` and SHA-256 of the words of the specification, for the digests among the identifiers of the random cases.
fn hide(plain: &Identifier) -> Option<Identifier> {
    let is_digest = ["sha256:", "md5:", "swh:", "btih:"].iter().any(|scheme| plain.as_str().starts_with(scheme));
    let digest = Sha256::digest(format!("palinode-blind/v1\n{plain}"));
    is_digest.then(|| Identifier::from_normal(&format!("blind:{}", data_encoding::HEXLOWER.encode(&digest))).unwrap())
}

fn met(asked: &Identifier, subject: &Identifier) -> Option<Meeting> {
    if hide(asked).as_ref() == Some(subject) { Some(Meeting::Same) } else { asked.meets(subject) }
}

fn grade(asked: &Identifier, meeting: Meeting) -> Strength {
    match asked.as_str().split(':').next().unwrap() {
        // Of swh, only a cnt is among the identifiers of the random cases.
        "sha256" | "sha512" | "blake3" | "swh" => Strength::ExactBytes,
        "md5" | "sha1" | "btih" | "blind" => Strength::WeakBytes,
        "url" => Strength::Url,
        "name" => Strength::Alias,
        _ if asked.as_str().contains('@') && meeting == Meeting::Same => Strength::VersionedId,
        _ => Strength::Id,
    }
}

/// The matrix.
fn table(notice: &Notice, other: bool, coverage: Coverage) -> Option<Outcome> {
    let cannot_tell = coverage == Coverage::CannotTell;
    let no_fault = notice.fault == Some(Fault::None);
    let unexplained = notice.fault.is_none_or(|fault| fault == Fault::Unknown);
    let reported = (Verdict::Reported, None, true);
    let retracted =
        if cannot_tell { (Verdict::PartRetracted, Some(Part::CannotTell), false) } else { (Verdict::Retracted, None, false) };
    let strong = match notice.kind {
        NoticeType::Revocation | NoticeType::Response => return None,
        NoticeType::Reinstatement => return (!other).then_some((Verdict::Reinstated, None, false)),
        NoticeType::Correction => return Some((Verdict::Corrected, None, other)),
        NoticeType::Supersession => return Some((Verdict::Superseded, None, other)),
        NoticeType::Removal | NoticeType::Deprecation | NoticeType::AccessChange if no_fault => {
            return Some((Verdict::RemovedNoFault, None, other));
        }
        NoticeType::Removal if unexplained => (Verdict::RemovedUnexplained, None, false),
        NoticeType::Retraction | NoticeType::Removal => retracted,
        NoticeType::Deprecation | NoticeType::AccessChange | NoticeType::ExpressionOfConcern => (Verdict::Concern, None, false),
        NoticeType::PartialRetraction if cannot_tell => (Verdict::PartRetracted, Some(Part::CannotTell), false),
        NoticeType::PartialRetraction => (Verdict::PartRetracted, Some(Part::Affected), false),
    };
    Some(if other { reported } else { strong })
}

fn passed_on(root: &Word, way: Way) -> Option<Outcome> {
    if [Coverage::NotAffected, Coverage::Mention].contains(&root.row.coverage) || place(root.cell) > 7 {
        return None;
    }
    let retracted = [Verdict::Retracted, Verdict::PartRetracted].contains(&root.cell.0);
    Some(match (way.by_name, root.ahead, way.firm && retracted) {
        (true, ..) => (Verdict::Possible, None, false),
        (_, true, firm) => (Verdict::Scheduled, None, !firm),
        (_, _, true) if root.row.outcome.0 != Verdict::Disputed => (Verdict::DerivedFromRetracted, None, false),
        _ => (Verdict::Reported, None, true),
    })
}

#[test]
fn the_reference_model_decides_ten_thousand_random_cases_the_same_way() {
    let mut seen: BTreeMap<(Verdict, Option<Part>), usize> = BTreeMap::new();
    let (mut conflicts, mut derived, mut objections) = (0, 0, 0);
    for seed in 0..10_000 {
        let case = Case::new(&mut Dice::new(seed));
        let (set, world) = (case.set(), World::new(&case));
        for asked in &case.asked {
            let answer = super::decide(asked, &set, &case.trust, case.now);
            assert!(!answer.truncated);
            conflicts += usize::from(answer.conflict);
            derived += usize::from(answer.matches.iter().any(|m| m.path.as_ref().is_some_and(|path| path.len() > 1)));
            objections += usize::from(answer.matches.iter().any(|m| m.disputed_by.iter().any(|d| !d.counts)));
            *seen.entry((answer.verdict, answer.part)).or_default() += 1;
            let (real, naive) = (Ruling::from(answer), world.rule(asked));
            assert_eq!(real, naive, "seed {seed}, asked {asked}, {case:#?}");
        }
    }
    // The cases are worth something only while every verdict is among them.
    for row in ORDER {
        assert!(seen.get(&row).copied().unwrap_or_default() >= 10, "{row:?} in {seen:?}");
    }
    assert!(conflicts >= 10 && derived >= 10 && objections >= 10, "{conflicts} {derived} {objections} {seen:?}");
}
