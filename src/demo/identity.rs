//! The ids and host names an invented feed gives its records.

use uuid::Uuid;

/// The ids of one seed's records: the same kind and key give the same UUID.
#[derive(Clone, Copy, Debug)]
pub(super) struct IdNamespace(Uuid);

impl IdNamespace {
    /// The ids under a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("https://demo.example/feeds/{seed}").as_bytes()))
    }

    /// The id of the record of this kind with this key.
    pub(super) fn id(self, kind: &str, key: &str) -> String {
        Uuid::new_v5(&self.0, format!("{kind}/{key}").as_bytes()).to_string()
    }
}

/// An id for what a variety makes out of other records.
pub(super) fn derived(key: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, key.as_bytes()).to_string()
}

/// A number for a system that has no UUIDs: up to ten digits, the same for the same id.
pub(super) fn numbered(id: &str) -> u64 {
    let digits: String = id.chars().filter(char::is_ascii_hexdigit).take(15).collect();
    1_000_000_000 + u64::from_str_radix(&digits, 16).unwrap_or_default() % 9_000_000_000
}

/// A host-name label out of a name: `St George's Pantry` is `st-georges-pantry`.
pub(super) fn slug(name: &str) -> String {
    let letters = name.to_lowercase().replace(['\'', '’', '.'], "").replace('&', "and").replace('é', "e");
    let words = letters.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
