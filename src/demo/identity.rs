//! The ids and host names of invented records.

use uuid::Uuid;

/// The ids of the records under one seed. The same kind and key always give the same UUID.
#[derive(Clone, Copy, Debug)]
pub(super) struct IdNamespace(Uuid);

impl IdNamespace {
    /// Returns the ids under a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("https://demo.example/feeds/{seed}").as_bytes()))
    }

    /// Returns the id of the record of a kind with a key.
    pub(super) fn id(self, kind: &str, key: &str) -> String {
        Uuid::new_v5(&self.0, format!("{kind}/{key}").as_bytes()).to_string()
    }
}

/// Returns the id of a record that a variety derives from other records.
pub(super) fn derived(key: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, key.as_bytes()).to_string()
}

/// Returns a number for publishing systems that have no UUIDs: ten digits, always the same for the same id.
pub(super) fn numbered(id: &str) -> u64 {
    let digits: String = id.chars().filter(char::is_ascii_hexdigit).take(15).collect();
    1_000_000_000 + u64::from_str_radix(&digits, 16).unwrap_or_default() % 9_000_000_000
}

/// Returns a name as a label of a host name: `St George's Pantry` becomes `st-georges-pantry`.
pub(super) fn slug(name: &str) -> String {
    let letters = name.to_lowercase().replace(['\'', '’', '.'], "").replace('&', "and").replace('é', "e");
    let words = letters.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
