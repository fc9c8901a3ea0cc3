//! Keys whose private half is published, so that whoever uses one signs in everybody's name.

use super::PublicKey;

/// Public halves, with where the private half can be read.
const KNOWN: &[(&str, [u8; 32])] = &[
    (
        "keys/test/INSECURE-publisher.pem of this project",
        hex(b"a7a6d8e2c05d9cfdb0e5844bf9e96602d4f3eb46ef2277e3e57262c37ec2172c"),
    ),
    (
        "keys/test/INSECURE-observer.pem of this project",
        hex(b"a590bf89e9a49eb7e4438114bbe8ce1fe77f769c90886d6b0b5cb34c4a557c2b"),
    ),
    ("keys/test/INSECURE-server.pem of this project", hex(b"0cada897f6d7af00764a1f465bc2b3134c21004ee922efa057d2339831abd17e")),
    ("RFC 8032, section 7.1, test 1", hex(b"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")),
    (
        "RFC 8032, section 7.1, test 2; did:key and JOSE examples",
        hex(b"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
    ),
    ("RFC 8032, section 7.1, test 3", hex(b"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")),
    ("RFC 8032, section 7.1, test 1024", hex(b"278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e")),
    ("RFC 8032, sections 7.1 and 7.3, test SHA(abc)", hex(b"ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf")),
    ("RFC 8032, section 7.2, contexts", hex(b"dfc9425e4f968f7f0c29f0259cf5f9aed6851c2bb4ad8bfb860cfee0ab248292")),
    ("RFC 8032, section 7.2, other key", hex(b"0f1d1274943b91415889152e893d80e93275a1fc0b65fd71b4b0dda10ad7d772")),
    ("RFC 8410, section 10.3", hex(b"19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1")),
    (
        "the documentation of Go's golang.org/x/mod/sumdb/note, PeterNeumann",
        hex(b"1a5cd907143c384c41e830c5bce12aa8817ec5649aaabf2c31388b35b2d744d6"),
    ),
    ("seed of 32 zero bytes", hex(b"3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29")),
    ("seed of 32 bytes 0x01, known answers of tlog", hex(b"8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c")),
    ("seed of 32 bytes 0x02, known answers of tlog", hex(b"8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394")),
    ("seed of 32 bytes 0x03", hex(b"ed4928c628d1c2c6eae90338905995612959273a5c63f93636c14614ac8737d1")),
    ("seed of 32 bytes 0x42", hex(b"2152f8d19b791d24453242e15f2eab6cb7cffa7b6a5ed30097960e069881db12")),
    ("seed of 32 bytes 0xff", hex(b"76a1592044a6e4f511265bca73a604d90b0529d1df602be30a19a9257660d1f5")),
    ("seed 0x00 to 0x1f", hex(b"03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")),
    ("seed 0x01 to 0x20", hex(b"79b5562e8fe654f94078b112e8a98ba7901f853ae695bed7e0e3910bad049664")),
];

/// Whether the private half of `key` stands in documentation, in published test vectors, or in `keys/test`. A server refuses such a
/// key as its own at start (protocol, section 2).
pub fn is_known_insecure(key: &PublicKey) -> bool {
    KNOWN.iter().any(|(_, known)| known == key.as_bytes())
}

/// Sixty-four lowercase hex digits; anything else does not compile.
const fn hex(digits: &[u8; 64]) -> [u8; 32] {
    let mut bytes = [0; 32];
    let mut i = 0;
    while i < 32 {
        bytes[i] = nibble(digits[2 * i]) << 4 | nibble(digits[2 * i + 1]);
        i += 1;
    }
    bytes
}

const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => digit - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::SecretKey;
    use std::path::Path;

    #[test]
    fn every_committed_test_key_is_known_and_marked() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("keys/test");
        let mut count = 0;
        for file in std::fs::read_dir(folder).expect("the folder") {
            let path = file.expect("a file").path();
            if path.extension().is_none_or(|e| e != "pem") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("text");
            assert!(text.starts_with("INSECURE"), "{}", path.display());
            let key = SecretKey::from_pem(&text).expect("a key");
            assert!(is_known_insecure(&key.public()), "{}", path.display());
            count += 1;
        }
        assert_eq!(count, 3);
    }

    #[test]
    fn every_known_key_is_sound_and_stands_once() {
        for (index, (source, known)) in KNOWN.iter().enumerate() {
            assert!(PublicKey::from_bytes(known).is_ok(), "{source}");
            assert!(KNOWN[..index].iter().all(|(_, other)| other != known), "{source}");
        }
    }

    #[test]
    fn trivial_seeds_are_known_and_others_are_not() {
        for byte in [0, 1, 2, 3, 0x42, 0xff] {
            assert!(is_known_insecure(&SecretKey::from_seed([byte; 32]).public()), "{byte}");
        }
        assert!(!is_known_insecure(&SecretKey::from_seed(*b"a seed that stands nowhere else!").public()));
    }
}
