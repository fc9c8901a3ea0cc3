//! The size of the log over time, drawn as a line through checkpoints.
//!
//! All sizes are in units of the drawing's `viewBox`; it has no scripts and no styles of its own. The table beside it says the same.

use std::fmt::Write as _;

use crate::http::pages::words;
use crate::ledger::growth::Grown;

/// How wide and high the line is at most.
const WIDTH: u64 = 520;
const HEIGHT: u64 = 160;
/// Room around it, and below it for the days.
const AROUND: u64 = 8;
const BELOW: u64 = 24;

/// A drawing of how the log grew.
#[derive(Debug)]
pub(super) struct Curve {
    pub(super) width: u64,
    pub(super) height: u64,
    /// Where an empty log is.
    pub(super) ground: u64,
    /// The line: its corners, as SVG has them (SVG 2, section 10.6).
    pub(super) corners: String,
    /// The day of the first and of the last checkpoint.
    pub(super) days: (String, String),
    /// The oldest first.
    pub(super) points: Vec<Point>,
}

/// A checkpoint of a drawing.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) x: u64,
    pub(super) y: u64,
    pub(super) size: u64,
    pub(super) time: String,
}

impl Curve {
    /// The line through these checkpoints, which are in order; `None` when there is no line to be drawn.
    pub(super) fn of(grown: &[Grown]) -> Option<Self> {
        let (first, last) = (grown.first()?, grown.last().filter(|_| grown.len() > 1)?);
        let milliseconds = |one: &Grown| u64::try_from((one.at - first.at).num_milliseconds()).unwrap_or(0);
        let ground = AROUND + HEIGHT;
        let point = |one: &Grown| Point {
            x: AROUND + scaled(milliseconds(one), milliseconds(last), WIDTH),
            y: ground - scaled(one.size, last.size, HEIGHT),
            size: one.size,
            time: words::time(one.at),
        };
        let points: Vec<Point> = grown.iter().map(point).collect();
        let mut corners = String::new();
        for Point { x, y, .. } in &points {
            // Writing into a text does not fail.
            let _ = write!(corners, "{x},{y} ");
        }
        let day = |one: &Grown| one.at.date_naive().to_string();
        let days = (day(first), day(last));
        Some(Self { width: WIDTH + 2 * AROUND, height: ground + BELOW, ground, corners, days, points })
    }

    /// The same, the newest first: as tables have it.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Point> {
        self.points.iter().rev()
    }
}

/// The share of `room` that `part` is of `all`. A clock that was set back does not lead out of the drawing.
fn scaled(part: u64, all: u64, room: u64) -> u64 {
    let share = u128::from(part.min(all)) * u128::from(room) / u128::from(all.max(1));
    u64::try_from(share).unwrap_or(room)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    fn grown(points: &[(i64, u64)]) -> Vec<Grown> {
        let at = |hours| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        points.iter().map(|(hours, size)| Grown { size: *size, at: at(*hours) }).collect()
    }

    #[test]
    fn the_line_goes_from_corner_to_corner_with_time_to_the_right_and_entries_upwards() {
        let curve = Curve::of(&grown(&[(0, 0), (6, 25), (24, 100)])).expect("a line");
        assert_eq!(curve.corners, "8,168 138,128 528,8 ");
        assert_eq!(curve.days, ("1970-01-01".to_owned(), "1970-01-02".to_owned()));
        let listed: Vec<_> = curve.newest_first().map(|point| (point.size, point.time.as_str())).collect();
        assert_eq!(listed, [(100, "1970-01-02T00:00:00Z"), (25, "1970-01-01T06:00:00Z"), (0, "1970-01-01T00:00:00Z")]);
    }

    #[test]
    fn what_is_no_line_is_not_drawn_and_nothing_leads_out_of_the_drawing() {
        assert!(Curve::of(&[]).is_none() && Curve::of(&grown(&[(0, 5)])).is_none());
        // Within a millisecond, and with a clock that was set back; as large as numbers get.
        for points in [[(0, 1), (0, 2), (0, 3)], [(9, 1), (2, 5), (4, 7)], [(0, 0), (1, 1), (400_000_000, u64::MAX)]] {
            let curve = Curve::of(&grown(&points)).expect("a line");
            assert!(curve.points.iter().all(|p| p.x + AROUND <= curve.width && p.y <= curve.ground), "{curve:?}");
        }
    }
}
