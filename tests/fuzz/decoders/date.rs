//! Times and dates: one spelling, and an instant that begins before it ends.

use palinode::notice::{PartialDate, Timestamp};

pub fn check(data: &[u8]) {
    let Some(text) = super::text(data) else { return };
    if let Some(time) = Timestamp::parse(text) {
        assert_eq!(time.to_string(), text);
        assert_eq!(Timestamp::from_time(time.time()), Some(time));
        assert!(PartialDate::parse(text).is_some(), "a full time is a date too");
    }
    if let Some(date) = PartialDate::parse(text) {
        assert_eq!(date.to_string(), text);
        assert!(date.first_instant() <= date.last_instant());
    }
}
