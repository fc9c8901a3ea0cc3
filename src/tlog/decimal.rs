//! Decimals as the C2SP texts write them.

use super::tile::MAX_TREE_SIZE;

/// Reads an ASCII decimal of at most [`MAX_TREE_SIZE`] without sign or leading zeroes (`0` itself apart).
pub(super) fn parse(text: &str) -> Option<u64> {
    let digits_only = text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    if !digits_only || leading_zero {
        return None;
    }
    text.parse().ok().filter(|&value| value <= MAX_TREE_SIZE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_of_each_number_is_read() {
        assert_eq!(parse("0"), Some(0));
        assert_eq!(parse("70000"), Some(70_000));
        assert_eq!(parse("9223372036854775807"), Some(MAX_TREE_SIZE));
        for wrong in
            ["", "00", "01", "+1", "-1", " 1", "1 ", "1_000", "9223372036854775808", "99999999999999999999", "\u{0661}"]
        {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
    }
}
