//! Closed lists: the modes of a source, and the standard's own enumerations.

use serde::{Deserialize, Serialize};

/// How a source is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceMode {
    /// Synchronised into the catalogue.
    #[default]
    Catalogue,
    /// Read for each query, through the cache.
    Live,
}

/// The error for a text that is none of a closed list's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not one of the standard's values")]
pub struct UnknownCode;

/// Whether a service operates (`service.status`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ServiceStatus {
    /// In operation.
    Active,
    /// Not in operation at present.
    Inactive,
    /// Closed for good.
    Defunct,
    /// Closed for a time.
    TemporarilyClosed,
    /// The feed does not say, or says something the standard does not list.
    #[default]
    Unknown,
}

impl ServiceStatus {
    /// Reads the standard's words in any case, with a space, `-` or `_` between them.
    ///
    /// # Errors
    /// Returns [`UnknownCode`] if the word is not on the standard's list.
    pub fn parse(text: &str) -> Result<Self, UnknownCode> {
        match folded(text).as_str() {
            "active" => Ok(Self::Active),
            "inactive" => Ok(Self::Inactive),
            "defunct" => Ok(Self::Defunct),
            "temporarilyclosed" => Ok(Self::TemporarilyClosed),
            _ => Err(UnknownCode),
        }
    }
}

/// What kind of place a location or address is (`location_type`, `address_type`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LocationType {
    /// A place one can go to.
    Physical,
    /// A place one can write to.
    Postal,
    /// Online or by telephone.
    Virtual,
    /// The feed does not say, or says something the standard does not list.
    #[default]
    Unknown,
}

impl LocationType {
    /// Reads the standard's words in any case.
    ///
    /// # Errors
    /// Returns [`UnknownCode`] if the word is not on the standard's list.
    pub fn parse(text: &str) -> Result<Self, UnknownCode> {
        match folded(text).as_str() {
            "physical" => Ok(Self::Physical),
            "postal" => Ok(Self::Postal),
            "virtual" => Ok(Self::Virtual),
            _ => Err(UnknownCode),
        }
    }
}

/// A day of the week, Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the days need no explanation")]
pub enum DayOfWeek {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl DayOfWeek {
    /// All days, from Monday to Sunday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// Returns the two-letter code of RFC 5545.
    pub fn code(self) -> &'static str {
        match self {
            Self::Monday => "MO",
            Self::Tuesday => "TU",
            Self::Wednesday => "WE",
            Self::Thursday => "TH",
            Self::Friday => "FR",
            Self::Saturday => "SA",
            Self::Sunday => "SU",
        }
    }

    /// Reads an RFC 5545 code, or an English name in full or abbreviated to three letters or more, in any case.
    ///
    /// # Errors
    /// Returns [`UnknownCode`] for any other text.
    pub fn parse(text: &str) -> Result<Self, UnknownCode> {
        let text = folded(text);
        let named = |day: &&Self| {
            let name = format!("{day:?}").to_lowercase();
            text == day.code().to_lowercase()
                || (text.len() >= 3 && name.starts_with(&text))
                || text == format!("{name}s")
        };
        Self::ALL.iter().find(named).copied().ok_or(UnknownCode)
    }
}

/// How often a schedule recurs (`schedule.freq`; RFC 5545 FREQ).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words of RFC 5545 need no explanation")]
pub enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

impl Frequency {
    /// Returns the RFC 5545 keyword.
    pub fn code(self) -> &'static str {
        match self {
            Self::Daily => "DAILY",
            Self::Weekly => "WEEKLY",
            Self::Monthly => "MONTHLY",
            Self::Yearly => "YEARLY",
        }
    }

    /// Reads the RFC 5545 keyword or an everyday word (`week`, `monthly`), in any case.
    ///
    /// # Errors
    /// Returns [`UnknownCode`] for any other text.
    pub fn parse(text: &str) -> Result<Self, UnknownCode> {
        match folded(text).as_str() {
            "daily" | "day" => Ok(Self::Daily),
            "weekly" | "week" => Ok(Self::Weekly),
            "monthly" | "month" => Ok(Self::Monthly),
            "yearly" | "year" | "annually" => Ok(Self::Yearly),
            _ => Err(UnknownCode),
        }
    }
}

/// A fact that a feed may not state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
#[expect(missing_docs, reason = "yes, no and unknown need no explanation")]
pub enum TriState {
    Yes,
    No,
    #[default]
    Unknown,
}

impl TriState {
    /// Returns `No` if any fact is `No`, else `Unknown` if any is unknown, else `Yes`.
    pub fn all(facts: impl IntoIterator<Item = Self>) -> Self {
        !Self::any(facts.into_iter().map(|fact| !fact))
    }

    /// Returns `Yes` if any fact is `Yes`, else `Unknown` if any is unknown, else `No`.
    pub(in crate::model) fn any(facts: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::No;
        for fact in facts {
            match fact {
                Self::Yes => return Self::Yes,
                Self::No => {}
                Self::Unknown => result = Self::Unknown,
            }
        }
        result
    }

    /// Like [`Self::any`], but also returns `Unknown` if there are no facts.
    pub(in crate::model) fn any_known(facts: impl IntoIterator<Item = impl Into<Self>>) -> Self {
        let mut facts = facts.into_iter().map(Into::into).peekable();
        if facts.peek().is_some() { Self::any(facts) } else { Self::Unknown }
    }
}

impl From<bool> for TriState {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

impl From<Option<bool>> for TriState {
    fn from(fact: Option<bool>) -> Self {
        fact.map_or(Self::Unknown, Self::from)
    }
}

impl std::ops::Not for TriState {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_standard_words_however_they_are_written() {
        assert_eq!(ServiceStatus::parse("temporarily closed"), Ok(ServiceStatus::TemporarilyClosed));
        assert_eq!(ServiceStatus::parse("Temporarily-Closed"), Ok(ServiceStatus::TemporarilyClosed));
        assert_eq!(ServiceStatus::parse("open"), Err(UnknownCode));
        assert_eq!(Frequency::parse("week"), Ok(Frequency::Weekly));
        for text in ["TU", "tue", "Tuesday", "Tuesdays"] {
            assert_eq!(DayOfWeek::parse(text), Ok(DayOfWeek::Tuesday), "{text}");
        }
        assert_eq!(DayOfWeek::parse("T"), Err(UnknownCode));
    }
}
