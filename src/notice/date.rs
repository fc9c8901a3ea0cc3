//! Times and partial dates as notices write them: one spelling each, UTC only.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};

const FORM: &str = "%Y-%m-%dT%H:%M:%SZ";

/// A time in whole seconds, written exactly `YYYY-MM-DDTHH:MM:SSZ`, from 1970 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// Reads the one allowed spelling; leap seconds, offsets, fractions and other years are refused with `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
        for (place, mark) in [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')] {
            if bytes.get(place) != Some(&mark) {
                return None;
            }
        }
        let number = |from: usize, to: usize| {
            let digits = bytes.get(from..to)?.iter();
            let mut value = 0;
            for digit in digits {
                value = value * 10 + u32::from(digit.is_ascii_digit().then(|| digit - b'0')?);
            }
            Some(value)
        };
        let date = NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(5, 7)?, number(8, 10)?)?;
        let time = date.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)?;
        Self::from_time(time.and_utc())
    }

    /// The time, cut to whole seconds; `None` before 1970 or after 9999.
    pub fn from_time(time: DateTime<Utc>) -> Option<Self> {
        let whole = DateTime::from_timestamp(time.timestamp(), 0)?;
        (1970..=9999).contains(&whole.year()).then_some(Self(whole))
    }

    /// The instant.
    pub fn time(self) -> DateTime<Utc> {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format(FORM))
    }
}

/// A date as exact as it is known: `2019`, `2019-06`, `2019-06-05` or a full [`Timestamp`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// A year, 1970 to 9999.
    Year(i32),
    /// A year and a month from 1 to 12.
    Month(i32, u32),
    /// A day.
    Day(NaiveDate),
    /// A full time.
    Time(Timestamp),
}

impl PartialDate {
    /// Reads one of the four spellings; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |part: &str, width: usize| -> Option<u32> {
            (part.len() == width && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
        };
        let year = |part: &str| digits(part, 4).and_then(|y| i32::try_from(y).ok()).filter(|y| (1970..=9999).contains(y));
        match text.len() {
            4 => year(text).map(Self::Year),
            7 => {
                let (y, m) = text.split_once('-')?;
                let month = digits(m, 2).filter(|m| (1..=12).contains(m))?;
                Some(Self::Month(year(y)?, month))
            }
            10 => {
                let mut parts = text.splitn(3, '-');
                let (y, m, d) = (year(parts.next()?)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
                NaiveDate::from_ymd_opt(y, m, d).map(Self::Day)
            }
            _ => Timestamp::parse(text).map(Self::Time),
        }
    }

    /// The first instant that the date covers: when something effective on it begins.
    pub fn first_instant(self) -> DateTime<Utc> {
        match self {
            Self::Time(time) => time.time(),
            Self::Year(_) | Self::Month(..) | Self::Day(_) => self.first_day().and_time(NaiveTime::MIN).and_utc(),
        }
    }

    /// The last whole second that the date covers: until when a deadline on it may be met.
    pub fn last_instant(self) -> DateTime<Utc> {
        let first = self.first_day();
        let next = match self {
            Self::Time(time) => return time.time(),
            Self::Year(_) => first.checked_add_months(Months::new(12)),
            Self::Month(..) => first.checked_add_months(Months::new(1)),
            Self::Day(_) => first.checked_add_days(Days::new(1)),
        };
        let end = next.unwrap_or(NaiveDate::MAX).and_time(NaiveTime::MIN).and_utc();
        end - TimeDelta::seconds(1)
    }

    fn first_day(self) -> NaiveDate {
        match self {
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX),
            Self::Month(year, month) => NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MAX),
            Self::Day(day) => day,
            Self::Time(time) => time.time().date_naive(),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => write!(f, "{}", day.format("%Y-%m-%d")),
            Self::Time(time) => time.fmt(f),
        }
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl serde::Serialize for PartialDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instants(text: &str) -> (String, String) {
        let date = PartialDate::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(date.to_string(), text);
        (date.first_instant().format(FORM).to_string(), date.last_instant().format(FORM).to_string())
    }

    #[test]
    fn a_partial_date_begins_at_its_first_instant_and_ends_at_its_last() {
        for (text, first, last) in [
            ("2019", "2019-01-01T00:00:00Z", "2019-12-31T23:59:59Z"),
            ("2019-06", "2019-06-01T00:00:00Z", "2019-06-30T23:59:59Z"),
            ("2020-02", "2020-02-01T00:00:00Z", "2020-02-29T23:59:59Z"),
            ("2019-12", "2019-12-01T00:00:00Z", "2019-12-31T23:59:59Z"),
            ("2019-06-05", "2019-06-05T00:00:00Z", "2019-06-05T23:59:59Z"),
            ("2019-06-05T12:30:01Z", "2019-06-05T12:30:01Z", "2019-06-05T12:30:01Z"),
            ("1970", "1970-01-01T00:00:00Z", "1970-12-31T23:59:59Z"),
            ("9999", "9999-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
            ("9999-12-31", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(instants(text), (first.to_owned(), last.to_owned()), "{text}");
        }
    }

    #[test]
    fn other_spellings_of_dates_are_refused() {
        for text in [
            "",
            "19",
            "201",
            "20190",
            "1969",
            "0000",
            "-2019",
            "+2019",
            "２０１９",
            "2019-",
            "2019-6",
            "2019-00",
            "2019-13",
            "2019/06",
            "2019-06-",
            "2019-06-5",
            "2019-06-00",
            "2019-06-31",
            "2019-02-29",
            "1900-02-28",
            "2019-6-05",
            "20190605",
            "05-06-2019",
            "2019-06-05 ",
            " 2019",
            "2019-06-05T12:00Z",
            "2019-06-05T24:00:00Z",
            "2019--6",
            "2019-+6",
        ] {
            assert_eq!(PartialDate::parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_time_is_read_when_it_is_what_would_be_written(
            text in "(19|20|99|00)[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z|[-0-9TZ:+ ]{20}"
        ) {
            let time = chrono::NaiveDateTime::parse_from_str(&text, FORM).ok();
            let time = time.and_then(|time| Timestamp::from_time(time.and_utc()));
            prop_assert_eq!(Timestamp::parse(&text), time.filter(|time| time.to_string() == text));
        }
    }

    #[test]
    fn other_spellings_of_times_are_refused() {
        assert!(Timestamp::parse("1970-01-01T00:00:00Z").is_some());
        assert!(Timestamp::parse("9999-12-31T23:59:59Z").is_some());
        for text in [
            "",
            "2019-06-05",
            "2019-06-05t12:00:00z",
            "2019-06-05 12:00:00Z",
            "2019-06-05T12:00:00",
            "2019-06-05T12:00:00+00:00",
            "2019-06-05T12:00:00.0Z",
            "2019-06-05T12:00Z",
            "2019-06-05T12:00:60Z",
            "2016-12-31T23:59:60Z",
            "2019-06-05T24:00:00Z",
            "1969-12-31T23:59:59Z",
            "10000-01-01T00:00:00Z",
            "+2019-06-05T12:00:00Z",
            "2019-6-05T12:00:00Z",
            "2019-06-05T1:00:00Z",
            " 2019-06-05T12:00:00Z",
            "2019-06-05T12:00:00Z\n",
            "2019-02-29T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_time_is_cut_to_whole_seconds_and_kept_within_its_years() {
        let time = |seconds, nanos| Timestamp::from_time(DateTime::from_timestamp(seconds, nanos).expect("in range"));
        assert_eq!(time(1, 999_999_999).map(|t| t.to_string()).as_deref(), Some("1970-01-01T00:00:01Z"));
        assert_eq!(time(-1, 0), None);
        assert_eq!(time(253_402_300_800, 0), None, "the year 10000");
    }

    proptest! {
        #[test]
        fn every_time_is_read_back_from_its_spelling(seconds in 0_i64..253_402_300_800) {
            let time = Timestamp::from_time(DateTime::from_timestamp(seconds, 0).expect("in range")).expect("in range");
            prop_assert_eq!(Timestamp::parse(&time.to_string()), Some(time));
            prop_assert_eq!(PartialDate::parse(&time.to_string()), Some(PartialDate::Time(time)));
        }

        #[test]
        fn what_is_read_is_written_the_same_and_ends_after_it_begins(text in "[0-9]{4}(-[0-9]{1,2}(-[0-9]{1,2}(T[0-9:]{8}Z)?)?)?|[ -~]{0,12}") {
            if let Some(date) = PartialDate::parse(&text) {
                prop_assert_eq!(date.to_string(), text);
                prop_assert!(date.first_instant() <= date.last_instant());
            }
        }
    }
}
