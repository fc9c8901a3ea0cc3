//! Which findings are about one dataset.

use std::collections::{BTreeMap, HashMap};

use super::model::{Dataset, Finding};
use super::notice_facts::NoticeFacts;
use crate::verdict::{Part, Severity, Verdict};

/// Puts findings together that share a notice, directly or through others.
pub(super) fn grouped(findings: Vec<Finding>, facts: &BTreeMap<String, NoticeFacts>) -> Vec<Dataset> {
    let mut groups = Groups::default();
    for finding in &findings {
        let mut notices = finding.matches.iter().map(|met| met.notice.as_str());
        let Some(first) = notices.next() else { continue };
        groups.number(first);
        notices.for_each(|other| groups.join(first, other));
    }
    // Nothing that names a notice stands for itself.
    let key = |finding: &Finding| match finding.matches.first() {
        Some(met) => (groups.root(&met.notice), String::new()),
        None => (usize::MAX, finding.identifier.clone()),
    };
    let keys: Vec<(usize, String)> = findings.iter().map(key).collect();
    let mut parts: BTreeMap<(usize, String), Vec<Finding>> = BTreeMap::new();
    for (key, finding) in keys.into_iter().zip(findings) {
        parts.entry(key).or_default().push(finding);
    }
    let mut datasets: Vec<Dataset> = parts.into_values().map(|findings| dataset(findings, facts)).collect();
    datasets.sort_by(|a, b| severity(b.verdict, b.part).cmp(&severity(a.verdict, a.part)).then_with(|| a.title.cmp(&b.title)));
    datasets
}

fn dataset(mut findings: Vec<Finding>, facts: &BTreeMap<String, NoticeFacts>) -> Dataset {
    findings.sort_by(|a, b| {
        severity(b.verdict, b.part)
            .cmp(&severity(a.verdict, a.part))
            .then_with(|| (&a.place, &a.identifier).cmp(&(&b.place, &b.identifier)))
    });
    let (verdict, part) = findings.first().map_or((Verdict::NoNotice, None), |worst| (worst.verdict, worst.part));
    let met = findings.iter().flat_map(|finding| &finding.matches);
    let notices: BTreeMap<String, NoticeFacts> =
        met.filter_map(|met| Some((met.notice.clone(), facts.get(&met.notice)?.clone()))).collect();
    let title = findings
        .iter()
        .flat_map(|finding| &finding.matches)
        .find_map(|met| notices.get(&met.notice)?.title.clone())
        .or_else(|| findings.first().map(|finding| finding.identifier.clone()))
        .unwrap_or_default();
    Dataset { title, verdict, part, notices, findings }
}

/// The order in which findings are told: by severity; what could not be looked up comes before what says nothing.
pub(super) fn severity(verdict: Verdict, part: Option<Part>) -> (Option<Severity>, bool) {
    (verdict.severity(part), verdict == Verdict::Unchecked)
}

/// Notices that belong together.
#[derive(Default)]
struct Groups<'n> {
    numbers: HashMap<&'n str, usize>,
    parents: Vec<usize>,
}

impl<'n> Groups<'n> {
    fn number(&mut self, notice: &'n str) -> usize {
        let next = self.parents.len();
        let number = *self.numbers.entry(notice).or_insert(next);
        if number == next {
            self.parents.push(next);
        }
        number
    }

    fn join(&mut self, one: &'n str, other: &'n str) {
        let (one, other) = (self.number(one), self.number(other));
        let (one, other) = (self.top(one), self.top(other));
        if let Some(parent) = self.parents.get_mut(one.max(other)) {
            *parent = one.min(other);
        }
    }

    fn top(&self, mut number: usize) -> usize {
        while let Some(parent) = self.parents.get(number).filter(|parent| **parent != number) {
            number = *parent;
        }
        number
    }

    fn root(&self, notice: &str) -> usize {
        self.numbers.get(notice).map_or(usize::MAX, |number| self.top(*number))
    }
}
