use data_encoding::BASE64;

/// Reads base64 in its one spelling: RFC 4648, section 4, padded, without stray bits; `None` for anything but what an encoder
/// writes. Bytes that stand in JSON or in a line of text have this reading only; envelopes alone allow more, as DSSE asks.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    // The decoder also takes several padded texts in a row, such as `QQ==QQ==`.
    let padded_before_its_end = text.find('=').is_some_and(|first| first + 2 < text.len());
    if padded_before_its_end { None } else { BASE64.decode(text.as_bytes()).ok() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_read_is_what_an_encoder_writes(text in "[A-Za-d/+=]{0,12}|([A-D]{2}==|[A-H]{3}=){1,3}", bytes: Vec<u8>) {
            let lenient = BASE64.decode(text.as_bytes()).ok();
            prop_assert_eq!(decode_base64(&text), lenient.filter(|bytes| BASE64.encode(bytes) == text));
            prop_assert_eq!(decode_base64(&BASE64.encode(&bytes)), Some(bytes));
        }
    }

    #[test]
    fn one_spelling_of_each_text_is_read() {
        assert_eq!(decode_base64("QUI="), Some(b"AB".to_vec()));
        assert_eq!(decode_base64(""), Some(Vec::new()));
        for wrong in ["QUI", "QUJ=", "QUI=QUI=", "QQ==QQ==", "QUI==", "QUI= ", "QU I=", "QUI=\n", "QUJD====", "-_-_", "===="] {
            assert_eq!(decode_base64(wrong), None, "{wrong:?}");
        }
    }
}
