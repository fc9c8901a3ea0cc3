//! Columns of months, drawn.
//!
//! All sizes are in units of the drawing's `viewBox`; it has no scripts and no styles of its own. A month has two columns on top of each
//! other, told apart by a pattern and not by colour alone.

/// How many months are drawn and listed one by one: two years. What is older is one number.
pub(super) const MONTHS: usize = 24;
/// How high the highest column is.
const HEIGHT: u64 = 160;
/// How wide a column is, and how far apart columns begin.
const COLUMN: u64 = 22;
const APART: u64 = 28;
/// Room above the columns for the highest number, and below for the years.
const ABOVE: u64 = 20;
const BELOW: u64 = 24;
/// Room at the sides.
const SIDE: u64 = 4;

/// The notices of a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct MonthCount {
    pub(super) about_datasets: u64,
    pub(super) about_notices: u64,
}

impl MonthCount {
    fn all(self) -> u64 {
        self.about_datasets + self.about_notices
    }
}

/// A drawing of months.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) width: u64,
    pub(super) height: u64,
    /// Where columns stand.
    pub(super) ground: u64,
    /// The oldest first.
    pub(super) months: Vec<Column>,
    /// Notices of the months before.
    pub(super) earlier: u64,
}

/// A month of a drawing.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) month: String,
    pub(super) count: MonthCount,
    pub(super) x: u64,
    pub(super) width: u64,
    /// Top and height of the lower column, which is of notices about datasets.
    pub(super) lower: (u64, u64),
    /// The same of the upper one.
    pub(super) upper: (u64, u64),
    /// The year, where a year begins or the drawing does.
    pub(super) year: Option<String>,
}

impl Columns {
    /// The columns of these months, which are in order; months between them without a notice have columns too.
    pub(super) fn of(counted: &[(&str, MonthCount)]) -> Self {
        let mut months = without_gaps(counted);
        let older = months.len().saturating_sub(MONTHS);
        let earlier = months.drain(..older).map(|(_, count)| count.all()).sum();
        let most = months.iter().map(|(_, count)| count.all()).max().unwrap_or(0).max(1);
        let ground = ABOVE + HEIGHT;
        let column = |(place, (month, count)): (usize, (String, MonthCount))| {
            let lower = scaled(count.about_datasets, most);
            let upper = scaled(count.about_notices, most);
            let begins_year = place == 0 || month.ends_with("-01");
            Column {
                x: SIDE + place as u64 * APART,
                width: COLUMN,
                lower: (ground - lower, lower),
                upper: (ground.saturating_sub(lower + upper), upper),
                year: month.split('-').next().filter(|_| begins_year).map(str::to_owned),
                month,
                count,
            }
        };
        let months: Vec<Column> = months.into_iter().enumerate().map(column).collect();
        // A year needs more room than a column.
        let width = 2 * SIDE + (months.len().max(2) as u64) * APART;
        Self { width, height: ground + BELOW, ground, months, earlier }
    }

    /// The same, the newest first: as tables have it.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Column> {
        self.months.iter().rev()
    }
}

/// How high a column is. What is there at all is seen.
fn scaled(notices: u64, most: u64) -> u64 {
    if notices == 0 { 0 } else { (notices.saturating_mul(HEIGHT) / most).max(1) }
}

/// Every month from the first to the last.
fn without_gaps(counted: &[(&str, MonthCount)]) -> Vec<(String, MonthCount)> {
    let mut all: Vec<(String, MonthCount)> = Vec::new();
    for (month, count) in counted {
        // A clock that was wrong once must not make a drawing of ten thousand months.
        for _ in 0..MONTHS {
            match all.last().and_then(|(last, _)| following(last)) {
                Some(next) if next.as_str() < *month => all.push((next, MonthCount::default())),
                _ => break,
            }
        }
        all.push(((*month).to_owned(), *count));
    }
    all
}

/// The month after this one.
fn following(month: &str) -> Option<String> {
    let (year, month) = month.split_once('-')?;
    let (year, month): (i32, u32) = (year.parse().ok()?, month.parse().ok()?);
    Some(if month >= 12 { format!("{:04}-01", year + 1) } else { format!("{year:04}-{:02}", month + 1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(about_datasets: u64, about_notices: u64) -> MonthCount {
        MonthCount { about_datasets, about_notices }
    }

    #[test]
    fn months_without_a_notice_have_columns_of_no_height() {
        let drawn = Columns::of(&[("2025-11", count(10, 0)), ("2026-02", count(0, 5))]);
        let months: Vec<_> = drawn.months.iter().map(|column| column.month.as_str()).collect();
        assert_eq!(months, ["2025-11", "2025-12", "2026-01", "2026-02"]);
        let heights: Vec<_> = drawn.months.iter().map(|column| (column.lower.1, column.upper.1)).collect();
        assert_eq!(heights, [(HEIGHT, 0), (0, 0), (0, 0), (0, HEIGHT / 2)]);
        let years: Vec<_> = drawn.months.iter().map(|column| column.year.as_deref()).collect();
        assert_eq!(years, [Some("2025"), None, Some("2026"), None]);
    }

    #[test]
    fn columns_stand_on_the_ground_and_within_the_drawing() {
        let drawn = Columns::of(&[("2026-10", count(7, 3)), ("2026-11", count(1_000_000, 1))]);
        for column in &drawn.months {
            assert_eq!(column.lower.0 + column.lower.1, drawn.ground);
            assert!(column.upper.0 + column.upper.1 <= column.lower.0 + 1);
            assert!(column.x + COLUMN <= drawn.width && column.lower.1 >= 1 && column.upper.1 >= 1);
        }
        assert!(drawn.ground < drawn.height);
    }

    #[test]
    fn what_is_older_than_two_years_is_one_number() {
        let drawn = Columns::of(&[("2020-01", count(4, 1)), ("2020-02", count(1, 0)), ("2026-11", count(2, 0))]);
        assert_eq!((drawn.earlier, drawn.months.len()), (6, MONTHS));
        assert!(Columns::of(&[]).months.is_empty());
    }

    #[test]
    fn a_clock_that_was_wrong_once_draws_no_more_than_two_years() {
        let drawn = Columns::of(&[("0001-01", count(1, 0)), ("2026-11", count(1, 0)), ("9999-12", count(1, 0))]);
        assert_eq!(drawn.months.len(), MONTHS);
    }
}
