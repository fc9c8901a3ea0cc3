//! The canonical spelling of an envelope, which is an entry of a log byte for byte (protocol, section 3, "Canonical envelope").

use data_encoding::BASE64;

use super::KeyId;

/// The most bytes of an entry.
pub const MAX_ENTRY: usize = 65_535;

/// What an entry has besides payload, payload type and signature: names, punctuation and the key id.
const FRAME: usize = r#"{"payload":"","payloadType":"","signatures":[{"keyid":"","sig":""}]}"#.len() + 64;

/// How long the entry of such an envelope is, in bytes, whoever signed it.
pub(super) fn entry_length(payload: usize, payload_type: usize) -> usize {
    FRAME + BASE64.encode_len(payload) + payload_type + BASE64.encode_len(64)
}

/// Writes an envelope in the layout of an entry. The payload type must need no JSON escape, which
/// [`Envelope`](super::Envelope) made sure of; `key_id` is JSON already, quotes included.
pub(super) fn write_envelope(payload: &[u8], payload_type: &str, key_id: &str, signature: &[u8; 64]) -> String {
    let mut entry = String::with_capacity(entry_length(payload.len(), payload_type.len()) + key_id.len());
    entry.push_str(r#"{"payload":""#);
    BASE64.encode_append(payload, &mut entry);
    for part in [r#"","payloadType":""#, payload_type, r#"","signatures":[{"keyid":"#, key_id, r#","sig":""#] {
        entry.push_str(part);
    }
    BASE64.encode_append(signature, &mut entry);
    entry.push_str(r#""}]}"#);
    entry
}

/// Writes the entry of an envelope that was signed by the key of this name.
pub(super) fn write_entry(payload: &[u8], payload_type: &str, key: &KeyId, signature: &[u8; 64]) -> Vec<u8> {
    write_envelope(payload, payload_type, &format!("\"{key}\""), signature).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_exactly_as_long_as_computed_beforehand() {
        for payload in [0, 1, 2, 3, 48_000] {
            let entry = write_entry(&vec![b'x'; payload], "application/json", &KeyId::from_bytes([0xab; 32]), &[1; 64]);
            assert_eq!(entry.len(), entry_length(payload, 16));
        }
    }

    #[test]
    fn an_entry_has_no_white_space_and_its_members_in_order() {
        let entry = write_entry(b"{}", "t/x", &KeyId::from_bytes([0; 32]), &[0; 64]);
        let (zeros, sig) = ("0".repeat(64), format!("{}==", "A".repeat(86)));
        let expected =
            format!(r#"{{"payload":"e30=","payloadType":"t/x","signatures":[{{"keyid":"{zeros}","sig":"{sig}"}}]}}"#);
        assert_eq!(String::from_utf8(entry).expect("ASCII"), expected);
    }
}
