//! Registration numbers: under which other registers know an organisation.

use serde::{Deserialize, Serialize};

use super::{Organization, OrganizationIdentifier, Service, TriState};

/// A registration number that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentifierFilter {
    scheme: Option<Box<str>>,
    value: Box<str>,
}

impl IdentifierFilter {
    /// The number, in the register of this code or name, or in any. Case and space around do not count.
    pub fn new(scheme: Option<&str>, value: &str) -> Self {
        Self { scheme: scheme.map(folded), value: folded(value) }
    }

    /// Whether a number of a register is this one.
    pub fn is(&self, scheme: Option<&str>, value: &str) -> bool {
        let is_of = |asked: &str| scheme.is_some_and(|scheme| *folded(scheme) == *asked);
        *folded(value) == *self.value && self.scheme.as_deref().is_none_or(is_of)
    }

    /// The number, as [`Identifiers::values`] gives it.
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// The registration numbers of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifiers(Box<[Identifier]>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Identifier {
    /// The register's code and name.
    schemes: [Option<Box<str>>; 2],
    value: Box<str>,
}

impl Identifiers {
    /// Those that an organisation carries.
    pub fn of(organization: &Organization) -> Self {
        let identifiers = organization.identifiers.iter();
        Self(identifiers.filter_map(|identifier| Identifier::of(identifier)).collect())
    }

    /// Those of a service's provider, as far as the service carries them.
    pub fn of_provider(service: &Service) -> Self {
        service.organization.as_deref().map(Self::of).unwrap_or_default()
    }

    /// The numbers alone, in lower case: what an index finds them by.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|identifier| &*identifier.value)
    }

    /// Whether this one is among them; unknown where there are none.
    pub fn matches(&self, asked: &IdentifierFilter) -> TriState {
        TriState::any_known(self.0.iter().map(|identifier| Some(identifier.is(asked))))
    }
}

impl Identifier {
    fn of(identifier: &OrganizationIdentifier) -> Option<Self> {
        let schemes = [&identifier.scheme, &identifier.identifier_type];
        let value = folded(identifier.value.as_deref()?);
        Some(Self { schemes: schemes.map(|scheme| scheme.as_deref().map(folded)), value })
    }

    fn is(&self, asked: &IdentifierFilter) -> bool {
        let is_of = |scheme: &str| self.schemes.iter().flatten().any(|has| **has == *scheme);
        self.value == asked.value && asked.scheme.as_deref().is_none_or(is_of)
    }
}

fn folded(text: &str) -> Box<str> {
    text.trim().to_lowercase().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Part, PartId, SourceKey};

    fn identifiers(rows: &[(Option<&str>, Option<&str>, &str)]) -> Identifiers {
        let source = SourceKey::parse("elm").unwrap();
        let rows = rows.iter().filter_map(|(scheme, name, value)| {
            let id = PartId::given("OrganizationIdentifier", &source, value);
            Identifier::of(&OrganizationIdentifier {
                part: Part { id, attributes: Vec::new(), metadata: Vec::new() },
                scheme: scheme.map(Into::into),
                identifier_type: name.map(Into::into),
                value: Some((*value).to_owned()),
            })
        });
        Identifiers(rows.collect())
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
        assert_eq!(identifiers(&[]).matches(&IdentifierFilter::new(None, "1")), TriState::Unknown);
    }
}
