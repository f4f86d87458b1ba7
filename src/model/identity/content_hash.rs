//! The hash of a record as its feed sent it.

use std::fmt;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// The first 16 bytes of the SHA-256 of a record's own JSON, in hexadecimal. Equal hashes mean equal content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// Hashes these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let digest = Sha256::digest(bytes);
        let mut hex = [0; 32];
        let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
        for (place, nibble) in hex.iter_mut().zip(nibbles) {
            *place = if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
        }
        Self(hex)
    }

    /// Returns the hash in hexadecimal.
    pub fn as_str(&self) -> &str {
        // Hexadecimal digits are always valid UTF-8.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Serialize for ContentHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let hex = text.as_bytes().try_into().ok().filter(|hex: &[u8; 32]| hex.is_ascii());
        hex.map(Self).ok_or_else(|| D::Error::custom("is no fingerprint"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
