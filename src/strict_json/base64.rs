use data_encoding::BASE64;

/// Reads base64 in its one spelling: RFC 4648, section 4, padded, without stray bits; `None` for anything but what an encoder
/// writes. Bytes that stand in JSON or in a line of text have this reading only; envelopes alone allow more, as DSSE asks.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let bytes = BASE64.decode(text.as_bytes()).ok()?;
    // The decoder also takes several padded texts in a row, such as `QQ==QQ==`: then the length differs, or the padding.
    (BASE64.encode(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_of_each_text_is_read() {
        assert_eq!(decode_base64("QUI="), Some(b"AB".to_vec()));
        assert_eq!(decode_base64(""), Some(Vec::new()));
        for wrong in ["QUI", "QUJ=", "QUI=QUI=", "QQ==QQ==", "QUI==", "QUI= ", "QU I=", "QUI=\n", "QUJD====", "-_-_", "===="] {
            assert_eq!(decode_base64(wrong), None, "{wrong:?}");
        }
    }
}
