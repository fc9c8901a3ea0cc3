//! Names made of 32 bytes: what is named by its SHA-256.

/// Declares a newtype over 32 bytes that is written as 64 lowercase hex digits.
macro_rules! hex32 {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The name made of these 32 bytes.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The 32 bytes.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// Reads exactly 64 lowercase hex digits; `None` for anything else.
            pub fn parse(text: &str) -> Option<Self> {
                let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?;
                Some(Self(bytes.try_into().ok()?))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&data_encoding::HEXLOWER.encode(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom("must be 64 lowercase hex digits"))
            }
        }
    };
}
pub(crate) use hex32;

use sha2::{Digest, Sha256};

hex32! {
    /// The name of a signed payload: SHA-256 of its bytes (protocol, section 3, "Names").
    PayloadId
}

hex32! {
    /// The name of a detached document: SHA-256 of its bytes.
    DocumentHash
}

/// The name of a notice, the [`PayloadId`] of its payload: the stable identifier the dataset never had.
pub type NoticeId = PayloadId;

impl PayloadId {
    /// The name of these payload bytes.
    pub fn of(payload: &[u8]) -> Self {
        Self(Sha256::digest(payload).into())
    }
}

impl DocumentHash {
    /// The name of these document bytes.
    pub fn of(document: &[u8]) -> Self {
        Self(Sha256::digest(document).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_sha256_in_64_lowercase_hex_digits() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(PayloadId::of(b"").to_string(), empty);
        assert_eq!(DocumentHash::parse(empty), Some(DocumentHash::of(b"")));
        assert_eq!(format!("{:?}", PayloadId::of(b"")), format!("PayloadId({empty})"));
        assert_eq!(serde_json::to_value(PayloadId::of(b"")).expect("JSON"), empty);
        assert_eq!(serde_json::from_str::<PayloadId>(&format!("{empty:?}")).expect("a name"), PayloadId::of(b""));
    }

    #[test]
    fn other_spellings_of_a_hash_are_refused() {
        let digits = "ab".repeat(32);
        for text in [
            String::new(),
            digits.to_uppercase(),
            digits[1..].to_owned(),
            format!("{digits}00"),
            format!("0x{}", &digits[2..]),
            "zz".repeat(32),
        ] {
            assert_eq!(PayloadId::parse(&text), None, "{text}");
            assert!(serde_json::from_str::<DocumentHash>(&format!("{text:?}")).is_err());
        }
    }

    proptest::proptest! {
        #[test]
        fn every_name_is_read_back_from_its_digits(bytes in proptest::array::uniform32(proptest::num::u8::ANY)) {
            let name = PayloadId::from_bytes(bytes);
            proptest::prop_assert_eq!(PayloadId::parse(&name.to_string()), Some(name));
            proptest::prop_assert_eq!(name.as_bytes(), &bytes);
        }
    }
}
