//! What was found: a line for each promise, with the ratio first.

use std::fmt;

use serde::Serialize;

use crate::machine::Machine;
use crate::statistics::Series;

/// What a figure must be.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

/// One measured figure.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    part: &'static str,
    what: String,
    value: f64,
    unit: &'static str,
    /// Smallest and largest of the rounds.
    spread: (f64, f64),
    goal: Goal,
    met: bool,
    /// The absolute figures behind it.
    figures: String,
}

impl Line {
    /// A figure of several rounds: its median counts.
    pub(crate) fn of(part: &'static str, what: impl Into<String>, unit: &'static str, rounds: &Series, goal: Goal) -> Self {
        let value = rounds.median();
        let met = match goal {
            Goal::AtLeast(least) => value >= least,
            Goal::AtMost(most) => value <= most,
        };
        Self { part, what: what.into(), value, unit, spread: rounds.spread(), goal, met, figures: String::new() }
    }

    /// A figure that was taken once.
    pub(crate) fn once(part: &'static str, what: impl Into<String>, unit: &'static str, value: f64, goal: Goal) -> Self {
        Self::of(part, what, unit, &Series::from_iter([value]), goal)
    }

    pub(crate) fn with(mut self, figures: impl Into<String>) -> Self {
        self.figures = figures.into();
        self
    }
}

/// Everything that one run found.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) command: String,
    pub(crate) machine: Machine,
    pub(crate) lines: Vec<Line>,
}

impl Report {
    /// Whether every goal was met.
    pub(crate) fn met(&self) -> bool {
        self.lines.iter().all(|line| line.met)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let met = if self.met { "met" } else { "MISSED" };
        let goal = match self.goal {
            Goal::AtLeast(least) => format!(">= {least}"),
            Goal::AtMost(most) => format!("<= {most}"),
        };
        let (least, most) = self.spread;
        let (value, unit) = (figure(self.value), self.unit);
        write!(f, "{:<52} {:>9} {unit:<4} {goal:<9} {met:<6}", self.what, value)?;
        if (most - least).abs() > f64::EPSILON {
            write!(f, " [{} to {}]", figure(least), figure(most))?;
        }
        if !self.figures.is_empty() {
            write!(f, "\n    {}", self.figures)?;
        }
        Ok(())
    }
}

fn figure(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}
