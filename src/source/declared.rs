//! What a feed's root document declares.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The most bytes of a declared version or profile. Longer values are ignored.
const LONGEST: usize = 500;

/// What the root document declares, in the feed's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedDeclaration {
    /// The version of the standard, such as `HSDS-UK-3.0`.
    pub version: Option<String>,
    /// The URL of the profile.
    pub profile: Option<String>,
}

impl FeedDeclaration {
    /// Reads a root document. Members that are missing or not text become `None`.
    pub(crate) fn of(root: &Value) -> Self {
        // A longer text, or one of several lines, is neither a version nor a URL.
        let is_short = |text: &&str| text.len() <= LONGEST && !text.contains(char::is_control);
        let text = |name: &str| root.get(name).and_then(Value::as_str).filter(is_short).map(str::to_owned);
        Self { version: text("version"), profile: text("profile") }
    }
}
