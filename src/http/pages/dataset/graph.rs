//! What was made from what, as a drawing of boxes and lines with the same in words beside it.
//!
//! What was asked stands in the middle column; what it was made from stands left of it, step by step, and what was made from it to the
//! right. The drawing is plain SVG without scripts or styles of its own; all sizes are in units of its `viewBox`.

use std::collections::BTreeSet;

use super::Met;
use crate::http::language::Speech;
use crate::notice::{Derivative, Identifier};

/// How many boxes stand in one column; the words beside the drawing name all.
const ROWS: usize = 12;
/// How many steps up are drawn.
const STEPS: usize = 4;
/// How many characters of a label fit into a box.
const LABEL: usize = 26;
/// The size of a box, and how far apart boxes stand.
const BOX: (usize, usize) = (240, 36);
const APART: (usize, usize) = (320, 52);
/// Free space around the drawing.
const MARGIN: usize = 8;

/// A drawing of derivations.
pub(super) struct Graph {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) boxes: Vec<Node>,
    pub(super) lines: Vec<Line>,
    /// The same in words, and whatever did not fit.
    pub(super) sentences: Vec<String>,
}

/// A dataset in the drawing.
pub(super) struct Node {
    pub(super) x: usize,
    pub(super) y: usize,
    /// The middle line of its text.
    pub(super) text_y: usize,
    /// Its name, cut to fit.
    pub(super) label: String,
    /// Its whole name.
    pub(super) name: String,
    /// Its identifier, where it has one.
    pub(super) id: Option<String>,
    pub(super) is_asked: bool,
}

/// A step of derivation, from a box to another one right of it.
pub(super) struct Line {
    pub(super) x1: usize,
    pub(super) y1: usize,
    pub(super) x2: usize,
    pub(super) y2: usize,
    /// Whether the verdict passes on for certain.
    pub(super) firm: bool,
}

/// A dataset as it is named.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    id: Option<String>,
    name: String,
}

/// What is drawn, before it has places.
#[derive(Default)]
struct Plan {
    /// Columns, each with its datasets.
    columns: Vec<Vec<Named>>,
    /// From column and row to row of the next column, and whether it is firm.
    steps: Vec<(usize, usize, usize, bool)>,
    sentences: Vec<String>,
}

/// The drawing for what was asked; `None` when nothing is known to be derived from anything.
pub(super) fn of(t: Speech, asked: &Identifier, met: &[Met<'_>]) -> Option<Graph> {
    let mut plan = Plan::default();
    // Whoever asks by a digest knows it rather by the name of the dataset.
    let title = met.iter().find(|met| met.found.path.is_none()).map(|met| met.said.notice.dataset.title.clone());
    let here = Named { id: Some(asked.to_string()), name: title.unwrap_or_else(|| asked.to_string()) };
    let way: Vec<_> =
        met.iter().filter_map(|met| met.found.path.as_ref()).max_by_key(|path| path.len()).into_iter().flatten().collect();
    for step in way.iter().take(STEPS).rev() {
        plan.columns.push(vec![Named { id: Some(step.parent.to_string()), name: step.parent.to_string() }]);
    }
    let column = plan.columns.len();
    for (place, step) in way.iter().take(STEPS).rev().enumerate() {
        plan.steps.push((place, 0, 0, step.inherits.as_str() == "yes"));
    }
    for step in &way {
        let child = step.title.clone().or_else(|| step.id.as_ref().map(ToString::to_string)).unwrap_or_default();
        plan.sentences.push(sentence(t, &step.parent.to_string(), &child, step.relation.as_str(), step.inherits.as_str()));
    }
    plan.columns.push(vec![here.clone()]);
    plan.add_children(t, column, &here, met);
    (plan.columns.len() > 1).then(|| plan.drawn(column))
}

fn sentence(t: Speech, parent: &str, child: &str, relation: &str, inherits: &str) -> String {
    let said = t.say_with("derived", &[("child", &child), ("parent", &parent), ("relation", &t.code("relation", relation))]);
    format!("{said} {}", t.code("inherits", inherits))
}

impl Plan {
    fn add_children(&mut self, t: Speech, column: usize, here: &Named, met: &[Met<'_>]) {
        let direct = met.iter().filter(|met| met.found.path.is_none() && met.said.in_force);
        let mut seen = BTreeSet::new();
        let mut children = Vec::new();
        for derivative in direct.flat_map(|met| &met.said.notice.derivatives) {
            let Some(named) = named(derivative) else { continue };
            if !seen.insert(named.clone()) {
                continue;
            }
            let (relation, inherits) = (derivative.relation.as_str(), derivative.inherits.as_str());
            self.sentences.push(sentence(t, &here.name, &named.name, relation, inherits));
            if children.len() < ROWS {
                self.steps.push((column, 0, children.len(), inherits == "yes"));
                children.push(named);
            }
        }
        if !children.is_empty() {
            self.columns.push(children);
        }
    }

    fn drawn(self, asked: usize) -> Graph {
        let tallest = self.columns.iter().map(Vec::len).max().unwrap_or(1);
        let height = tallest * APART.1 - (APART.1 - BOX.1) + 2 * MARGIN;
        let width = self.columns.len() * APART.0 - (APART.0 - BOX.0) + 2 * MARGIN;
        // A shorter column stands in the middle of the drawing.
        let top = |column: usize| {
            let rows = self.columns.get(column).map_or(1, Vec::len);
            MARGIN + (tallest - rows) * APART.1 / 2
        };
        let place = |column: usize, row: usize| (MARGIN + column * APART.0, top(column) + row * APART.1);
        let mut boxes = Vec::new();
        for (column, datasets) in self.columns.iter().enumerate() {
            for (row, named) in datasets.iter().enumerate() {
                let (x, y) = place(column, row);
                let label = cut(&named.name);
                let (name, id) = (named.name.clone(), named.id.clone());
                boxes.push(Node { x, y, text_y: y + BOX.1 / 2 + 5, label, name, id, is_asked: column == asked });
            }
        }
        let lines = self.steps.iter().map(|&(column, from, to, firm)| {
            let ((x1, y1), (x2, y2)) = (place(column, from), place(column + 1, to));
            Line { x1: x1 + BOX.0, y1: y1 + BOX.1 / 2, x2, y2: y2 + BOX.1 / 2, firm }
        });
        Graph { width, height, lines: lines.collect(), boxes, sentences: self.sentences }
    }
}

fn named(derivative: &Derivative) -> Option<Named> {
    let id = derivative.id.as_ref().map(ToString::to_string);
    let name = derivative.title.clone().or_else(|| id.clone())?;
    Some(Named { id, name })
}

fn cut(name: &str) -> String {
    match name.char_indices().nth(LABEL) {
        None => name.to_owned(),
        Some(_) => name.chars().take(LABEL - 1).chain(['\u{2026}']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_cut_between_characters_and_says_that_it_is() {
        assert_eq!(cut("MS-Celeb-1M"), "MS-Celeb-1M");
        let long = "ä".repeat(40);
        assert_eq!(cut(&long).chars().count(), LABEL);
        assert!(cut(&long).ends_with('\u{2026}'));
    }

    #[test]
    fn boxes_stand_within_the_drawing_and_lines_between_columns() {
        let named = |n: usize| Named { id: None, name: format!("dataset {n}") };
        let plan = Plan {
            columns: vec![vec![named(0)], vec![named(1)], (2..9).map(named).collect()],
            steps: std::iter::once((0, 0, 0, true)).chain((0..7).map(|row| (1, 0, row, false))).collect(),
            sentences: Vec::new(),
        };
        let graph = plan.drawn(1);
        assert_eq!(graph.boxes.len(), 9);
        assert!(graph.boxes.iter().all(|b| b.x + BOX.0 + MARGIN <= graph.width && b.y + BOX.1 + MARGIN <= graph.height));
        assert!(graph.lines.iter().all(|line| line.x1 < line.x2 && line.y2 < graph.height));
        assert_eq!(graph.boxes.iter().filter(|b| b.is_asked).count(), 1);
        // The middle of the middle column is the middle of the drawing.
        let middle = graph.boxes.iter().find(|b| b.is_asked).expect("drawn");
        assert_eq!(middle.y + BOX.1 / 2, graph.height / 2);
    }
}
