//! What a feed says of itself at its root.

/// The root document's statements, as the feed words them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Version of the standard, e.g. `HSDS-UK-3.0`.
    pub version: Option<String>,
    /// Address of the profile.
    pub profile: Option<String>,
}
