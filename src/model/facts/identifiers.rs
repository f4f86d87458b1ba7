//! Registration numbers: the numbers under which other registers list an organisation.

use serde::{Deserialize, Serialize};

use crate::model::{Organization, OrganizationIdentifier, Service, TriState};

/// A registration number that a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentifierFilter {
    scheme: Option<Box<str>>,
    value: Box<str>,
    bare: Box<str>,
}

impl IdentifierFilter {
    /// Creates a filter for a number in the register with this code or name, or in any register. Ignores case,
    /// surrounding spaces and, in registers that pad their numbers, leading zeros.
    pub fn new(scheme: Option<&str>, value: &str) -> Self {
        let value = folded(value);
        Self { scheme: scheme.map(folded), bare: bare(&value), value }
    }

    /// Returns whether a number of a register is the one asked for.
    pub fn is(&self, scheme: Option<&str>, value: &str) -> bool {
        let number = IdentifierFact {
            schemes: [scheme.map(folded), None],
            bare: bare(&folded(value)),
            value: folded(value),
        };
        number.is(self)
    }

    /// Returns the number in the form of [`IdentifierFacts::values`].
    pub fn bare_value(&self) -> &str {
        &self.bare
    }
}

/// The registration numbers of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentifierFacts(Box<[IdentifierFact]>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct IdentifierFact {
    /// The register's code and name.
    schemes: [Option<Box<str>>; 2],
    value: Box<str>,
    /// The number without leading zeros.
    bare: Box<str>,
}

impl IdentifierFacts {
    /// Collects the numbers of an organisation.
    pub fn of(organization: &Organization) -> Self {
        let identifiers = organization.identifiers.iter();
        Self(identifiers.filter_map(|identifier| IdentifierFact::of(identifier)).collect())
    }

    /// Collects the numbers of a service's provider, if the provider is nested in the service.
    pub fn of_provider(service: &Service) -> Self {
        service.organization.as_deref().map(Self::of).unwrap_or_default()
    }

    /// Returns the numbers in lower case and without leading zeros, as the index has them.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|identifier| &*identifier.bare)
    }

    /// Returns whether the number is among these. Unknown if there are none.
    pub fn matches(&self, asked: &IdentifierFilter) -> TriState {
        TriState::any_known(self.0.iter().map(|identifier| identifier.is(asked)))
    }
}

impl IdentifierFact {
    fn of(identifier: &OrganizationIdentifier) -> Option<Self> {
        let schemes = [&identifier.scheme, &identifier.identifier_type];
        let value = folded(identifier.value.as_deref()?);
        Some(Self { schemes: schemes.map(|scheme| scheme.as_deref().map(folded)), bare: bare(&value), value })
    }

    fn is(&self, asked: &IdentifierFilter) -> bool {
        let is_of = |scheme: &str| self.schemes.iter().flatten().any(|has| **has == *scheme);
        let is_same = self.value == asked.value || (self.bare == asked.bare && self.is_padded());
        is_same && asked.scheme.as_deref().is_none_or(is_of)
    }

    /// Returns whether the register pads its numbers with zeros, which spreadsheets remove.
    fn is_padded(&self) -> bool {
        self.schemes.iter().flatten().any(|scheme| {
            PADDED.contains(&&**scheme) || PADDED_NAMES.iter().any(|name| scheme.contains(name))
        })
    }
}

/// Codes of registers whose numbers all have the same length.
const PADDED: [&str; 9] =
    ["gb-coh", "coh", "uk-coh", "gb-chc", "gb-sc", "gb-nic", "gb-ukprn", "ukprn", "gb-mpr"];
/// Words in the names of such registers.
const PADDED_NAMES: [&str; 4] = ["company", "companies", "charity", "oscr"];

/// Returns a number without leading zeros, also those after a prefix of letters: `01234567` and `SC012345`.
fn bare(folded: &str) -> Box<str> {
    let compact: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
    let at = compact.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(compact.len());
    let (letters, digits) = compact.split_at_checked(at).unwrap_or(("", &compact));
    // The numbers of Northern Ireland's charities are written with and without this prefix.
    let letters = if letters == "nic" { "" } else { letters };
    let stripped = digits.trim_start_matches('0');
    if stripped.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("{letters}{stripped}").into();
    }
    compact.into()
}

fn folded(text: &str) -> Box<str> {
    text.trim().to_lowercase().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PartId, RecordPart, SourceKey};

    fn identifiers(rows: &[(Option<&str>, Option<&str>, &str)]) -> IdentifierFacts {
        let source = SourceKey::parse("elm").unwrap();
        let rows = rows.iter().filter_map(|(scheme, name, value)| {
            let id = PartId::given("OrganizationIdentifier", &source, value);
            IdentifierFact::of(&OrganizationIdentifier {
                part: RecordPart::bare(id),
                scheme: scheme.map(Into::into),
                identifier_type: name.map(Into::into),
                value: Some((*value).to_owned()),
            })
        });
        IdentifierFacts(rows.collect())
    }

    #[test]
    fn a_number_is_found_in_its_register_or_in_any() {
        let has = identifiers(&[
            (Some("GB-CHC"), Some("Charity number"), " 123456 "),
            (None, Some("Company number"), "SC0777"),
        ]);
        for (scheme, value, expected) in [
            (Some("gb-chc"), "123456", TriState::Yes),
            (Some("charity Number "), "123456", TriState::Yes),
            (None, "sc0777", TriState::Yes),
            (Some("company number"), "123456", TriState::No),
            (None, "12345", TriState::No),
        ] {
            assert_eq!(has.matches(&IdentifierFilter::new(scheme, value)), expected, "{scheme:?} {value}");
        }
        let lost = identifiers(&[(Some("GB-COH"), None, "1234567"), (Some("GB-SC"), None, "SC012345")]);
        let whole = identifiers(&[(None, Some("Company number"), "01234567"), (Some("elm"), None, "007")]);
        for (has, scheme, value, expected) in [
            (&lost, Some("GB-COH"), "01234567", TriState::Yes),
            (&lost, None, "1234567", TriState::Yes),
            (&lost, None, "0 1234567", TriState::Yes),
            (&lost, None, "sc12345", TriState::Yes),
            (&whole, None, "1234567", TriState::Yes),
            (&whole, Some("elm"), "7", TriState::No),
            (&whole, Some("elm"), "007", TriState::Yes),
            (&lost, None, "11234567", TriState::No),
        ] {
            assert_eq!(has.matches(&IdentifierFilter::new(scheme, value)), expected, "{scheme:?} {value}");
            let index: Vec<&str> = has.values().collect();
            let is_named = index.contains(&IdentifierFilter::new(scheme, value).bare_value());
            assert!(is_named || expected != TriState::Yes, "{value}");
        }
        assert_eq!(identifiers(&[]).matches(&IdentifierFilter::new(None, "1")), TriState::Unknown);
    }
}
