//! Problems of a configuration: where, why, and what to write instead.

use std::fmt;

use crate::model::near_names;

/// One problem of a configuration. All are reported at once.
///
/// Never contains the value of a `${NAME}`, so it is safe to log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The key as a path with items counted from zero, e.g. `sources[2].url`. Empty if the text is not TOML.
    pub key: String,
    /// The line it was written on, counted from one.
    pub line: Option<usize>,
    /// The character within the line, counted from one.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it, if known.
    pub remedy: Option<String>,
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)?;
        match &self.remedy {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ConfigProblem {}

/// Why a value is refused, without its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ValueRefusal {
    pub(super) message: String,
    pub(super) remedy: Option<String>,
}

impl ValueRefusal {
    /// Creates a refusal without a suggestion.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), remedy: None }
    }

    /// Adds what to do instead.
    pub(super) fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }

    /// Creates a refusal of a name that is not one of the `known` ones: suggests the nearest, or lists them all.
    pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> Self {
        let nearest = near_names(name, known.iter().copied(), 1);
        let refusal = Self::new(format!("unknown {what}"));
        match nearest.first() {
            Some(candidate) => refusal.remedy(format!("did you mean `{candidate}`?")),
            None => refusal.remedy(format!("use one of {}", known.join(", "))),
        }
    }
}

/// Two keys of one table that disagree, reported only if both were written.
pub(super) struct KeyConflict {
    /// The key to point at, and the one it disagrees with.
    pub(super) keys: [&'static str; 2],
    pub(super) refusal: ValueRefusal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_place_key_reason_remedy() {
        let problem = ConfigProblem {
            key: "sources[2].url".into(),
            line: Some(14),
            column: Some(7),
            message: "relative URL without a base".into(),
            remedy: Some("write it as https://host/path".into()),
        };
        let bare = ConfigProblem { key: String::new(), line: None, remedy: None, ..problem.clone() };

        assert_eq!(
            problem.to_string(),
            "line 14: sources[2].url: relative URL without a base; write it as https://host/path"
        );
        assert_eq!(bare.to_string(), "relative URL without a base");
    }

    #[test]
    fn suggests_the_nearest_name_or_all() {
        let known = ["timeout", "connect_timeout", "deadline"];
        let remedy = |name| ValueRefusal::unknown("key", name, &known).remedy;

        assert_eq!(remedy("time_out").as_deref(), Some("did you mean `timeout`?"));
        assert_eq!(remedy("colour").as_deref(), Some("use one of timeout, connect_timeout, deadline"));
    }
}
