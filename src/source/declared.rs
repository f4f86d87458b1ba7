//! What a feed says of itself at its root.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest version or address of a profile that is believed, in bytes.
const LONGEST: usize = 500;

/// The root document's statements, as the feed words them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedDeclaration {
    /// Version of the standard, e.g. `HSDS-UK-3.0`.
    pub version: Option<String>,
    /// Address of the profile.
    pub profile: Option<String>,
}

impl FeedDeclaration {
    /// Reads a root document; what it does not say, or not as text, is none.
    pub(crate) fn of(root: &Value) -> Self {
        // What is longer, or of several lines, is neither.
        let is_short = |text: &&str| text.len() <= LONGEST && !text.contains(char::is_control);
        let text = |name: &str| root.get(name).and_then(Value::as_str).filter(is_short).map(str::to_owned);
        Self { version: text("version"), profile: text("profile") }
    }
}
