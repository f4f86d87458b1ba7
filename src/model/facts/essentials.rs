//! What people need to be told of a service, and which of it a record states: what completeness is counted by.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Facts;
use crate::model::{Contact, Phone, Service, ServiceStatus};

/// Something that a complete record of a service states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Essential {
    /// What it is.
    Description,
    /// Who runs it.
    Organization,
    /// Whether it operates.
    Status,
    /// An email address or a telephone number: its own, of somebody there, or of one of its places.
    Contact,
    /// Its web page.
    Url,
    /// When it is open, in a structured form.
    Schedules,
    /// A place that can be put on a map.
    Locations,
    /// The areas it covers.
    ServiceAreas,
    /// What it costs, in figures or in words.
    Costs,
    /// Who it is for, in words or by age.
    Eligibility,
    /// Taxonomy terms.
    TaxonomyTerms,
    /// Access for disabled people at its places.
    Accessibility,
    /// Languages.
    Languages,
    /// When it was last checked.
    AssuredDate,
    /// When it was last changed.
    LastModified,
}

impl Essential {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Description,
        Self::Organization,
        Self::Status,
        Self::Contact,
        Self::Url,
        Self::Schedules,
        Self::Locations,
        Self::ServiceAreas,
        Self::Costs,
        Self::Eligibility,
        Self::TaxonomyTerms,
        Self::Accessibility,
        Self::Languages,
        Self::AssuredDate,
        Self::LastModified,
    ];

    /// Whether list pages carry it at any depth, so that a row without it says that there is none.
    pub fn is_in_lists(self) -> bool {
        match self {
            Self::Description
            | Self::Organization
            | Self::Status
            | Self::Url
            | Self::Eligibility
            | Self::AssuredDate
            | Self::LastModified => true,
            Self::Contact
            | Self::Schedules
            | Self::Locations
            | Self::ServiceAreas
            | Self::Costs
            | Self::TaxonomyTerms
            | Self::Accessibility
            | Self::Languages => false,
        }
    }
}

/// Which of these a record states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Essentials(u16);

impl Essentials {
    /// Whether it states this.
    pub fn has(self, essential: Essential) -> bool {
        self.0 & 1 << (essential as u16) != 0
    }

    /// What a record states; `facts` are those of the same record, for what they have worked out already.
    pub(super) fn of(service: &Service, facts: &Facts) -> Self {
        Essential::ALL.into_iter().filter(|essential| states(*essential, service, facts)).collect()
    }
}

impl FromIterator<Essential> for Essentials {
    fn from_iter<I: IntoIterator<Item = Essential>>(essentials: I) -> Self {
        Self(essentials.into_iter().fold(0, |set, essential| set | 1 << (essential as u16)))
    }
}

fn states(essential: Essential, service: &Service, facts: &Facts) -> bool {
    let places = || service.service_at_locations.iter();
    let locations = || places().filter_map(|place| place.location.as_ref());
    match essential {
        Essential::Description => service.description.as_ref().is_some_and(|text| is_text(text.text())),
        Essential::Organization => service.organization_id.is_some() || service.organization.is_some(),
        Essential::Status => service.status != ServiceStatus::Unknown,
        Essential::Contact => can_be_reached(service),
        Essential::Url => service.url.is_some() || !service.additional_urls.is_empty(),
        Essential::Schedules => {
            !service.schedules.is_empty()
                || places().any(|place| !place.schedules.is_empty())
                || locations().any(|location| !location.schedules.is_empty())
        }
        Essential::Locations => facts.points.iter().next().is_some(),
        Essential::ServiceAreas => {
            !service.service_areas.is_empty() || places().any(|place| !place.service_areas.is_empty())
        }
        Essential::Costs => {
            !service.cost_options.is_empty()
                || service.free.is_some()
                || any_text(&[&service.fees, &service.fees_description])
        }
        Essential::Eligibility => any_text(&[&service.eligibility_description]) || facts.ages.are_stated(),
        Essential::TaxonomyTerms => !facts.terms.is_empty(),
        Essential::Accessibility => locations().any(|location| !location.accessibility.is_empty()),
        Essential::Languages => !facts.languages.codes().is_empty(),
        Essential::AssuredDate => facts.assured_date.is_some(),
        Essential::LastModified => facts.last_modified.is_some(),
    }
}

fn can_be_reached(service: &Service) -> bool {
    let by_phone = |phone: &Phone| any_text(&[&phone.number]);
    let by_contact =
        |contact: &Contact| any_text(&[&contact.email]) || contact.phones.iter().any(|phone| by_phone(phone));
    let phones = |phones: &[Arc<Phone>]| phones.iter().any(|phone| by_phone(phone));
    let contacts = |contacts: &[Arc<Contact>]| contacts.iter().any(|contact| by_contact(contact));
    any_text(&[&service.email])
        || phones(&service.phones)
        || contacts(&service.contacts)
        || service.service_at_locations.iter().any(|place| {
            let location = place.location.as_ref();
            phones(&place.phones)
                || contacts(&place.contacts)
                || location.is_some_and(|location| phones(&location.phones) || contacts(&location.contacts))
        })
}

fn any_text(texts: &[&Option<String>]) -> bool {
    texts.iter().any(|text| text.as_deref().is_some_and(is_text))
}

fn is_text(text: &str) -> bool {
    !text.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::{Postcodes, sample};

    /// What a service states of which a feed says no more than this.
    fn stated(said: &Value) -> Vec<Essential> {
        let mut service = sample::service(said);
        if said.get("status").is_none() {
            service.status = ServiceStatus::Unknown;
        }
        let stated = Facts::of(&service, &Postcodes::default()).stated;
        Essential::ALL.into_iter().filter(|essential| stated.has(*essential)).collect()
    }

    #[test]
    fn a_record_states_what_it_says_in_words_and_nothing_by_blanks() {
        use Essential::*;
        let phone = |number: &str| json!([{ "part": { "id": "Phone:elmshire:1" }, "number": number, "languages": [] }]);
        let cases = [
            (json!({}), vec![]),
            (json!({ "email": " ", "fees": "", "phones": phone("  "), "age_bands": [[null, null]] }), vec![]),
            (json!({ "status": "Defunct" }), vec![Status]),
            (json!({ "email": "desk@elm.example" }), vec![Contact]),
            (json!({ "phones": phone("0117 496 0000") }), vec![Contact]),
            (json!({ "fees": "ask us" }), vec![Costs]),
            (json!({ "free": false }), vec![Costs]),
            (json!({ "maximum_age": 5.0 }), vec![Eligibility]),
            (json!({ "eligibility_description": "Carers" }), vec![Eligibility]),
            (json!({ "organization_id": "Organization(elmshire/o)" }), vec![Organization]),
            (
                json!({ "assured_date": "2026-01-01", "last_modified": "2026-01-01T00:00:00Z" }),
                vec![AssuredDate, LastModified],
            ),
            (json!({ "url": "https://elm.example/" }), vec![Url]),
        ];
        for (said, expected) in cases {
            assert_eq!(stated(&said), expected, "{said}");
        }
    }
}
