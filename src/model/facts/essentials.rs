//! The details that people need about a service, and which of them a record states. Completeness is computed from
//! these, and clients can ask for records that lack one.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ServiceFacts;
use crate::model::{Address, Contact, Phone, Service, ServiceStatus};

/// A detail that a complete service record states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EssentialDetail {
    /// What it is.
    Description,
    /// Who runs it.
    Organization,
    /// Whether it operates.
    Status,
    /// An email address or a telephone number, of the service, a contact or a location.
    Contact,
    /// Its web page.
    Url,
    /// Opening times, in structured form.
    Schedules,
    /// A location that can be shown on a map.
    Locations,
    /// The areas it covers.
    ServiceAreas,
    /// The cost, in figures or in words.
    Costs,
    /// Whom it is for, in words or by age.
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
    /// What it is called.
    Name,
    /// An email address, found as for `Contact`.
    Email,
    /// A telephone number, found as for `Contact`.
    Phone,
    /// An address of a location: a line of it, or its town.
    Address,
    /// A postcode of a location.
    Postcode,
    /// The coordinates of a location, as published.
    Coordinates,
    /// The ages it is for.
    Ages,
    /// Operating licences.
    Licenses,
    /// Capacities.
    Capacities,
}

impl EssentialDetail {
    /// The details that completeness counts.
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

    /// Parts of those, and details that only matter to some services.
    const FINER: [Self; 9] = [
        Self::Name,
        Self::Email,
        Self::Phone,
        Self::Address,
        Self::Postcode,
        Self::Coordinates,
        Self::Ages,
        Self::Licenses,
        Self::Capacities,
    ];

    /// Returns every detail that a record may lack.
    pub fn every() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().chain(Self::FINER)
    }

    /// Returns whether even shallow lists include the detail. A row without it then means that there is none.
    pub fn is_in_lists(self) -> bool {
        match self {
            Self::Description
            | Self::Organization
            | Self::Status
            | Self::Url
            | Self::Eligibility
            | Self::AssuredDate
            | Self::LastModified
            | Self::Name
            | Self::Ages
            | Self::Licenses => true,
            Self::Contact
            | Self::Schedules
            | Self::Locations
            | Self::ServiceAreas
            | Self::Costs
            | Self::TaxonomyTerms
            | Self::Accessibility
            | Self::Languages
            | Self::Email
            | Self::Phone
            | Self::Address
            | Self::Postcode
            | Self::Coordinates
            | Self::Capacities => false,
        }
    }
}

/// Which details a record states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EssentialDetails(u32);

impl EssentialDetails {
    /// Returns whether the record states this detail.
    pub fn has(self, essential: EssentialDetail) -> bool {
        self.0 & 1 << (essential as u16) != 0
    }

    /// Determines what a record states. `facts` are the facts of the same record, some of which this needs.
    pub(super) fn of(service: &Service, facts: &ServiceFacts) -> Self {
        EssentialDetail::every().filter(|essential| states(*essential, service, facts)).collect()
    }
}

impl FromIterator<EssentialDetail> for EssentialDetails {
    fn from_iter<I: IntoIterator<Item = EssentialDetail>>(essentials: I) -> Self {
        Self(essentials.into_iter().fold(0, |set, essential| set | 1 << (essential as u16)))
    }
}

fn states(essential: EssentialDetail, service: &Service, facts: &ServiceFacts) -> bool {
    let places = || service.service_at_locations.iter();
    let locations = || places().filter_map(|place| place.location.as_ref());
    match essential {
        EssentialDetail::Description => service.description.as_ref().is_some_and(|text| is_text(text.text())),
        EssentialDetail::Organization => service.organization_id.is_some() || service.organization.is_some(),
        EssentialDetail::Status => service.status != ServiceStatus::Unknown,
        EssentialDetail::Contact => has_email(service) || has_phone(service),
        EssentialDetail::Email => has_email(service),
        EssentialDetail::Phone => has_phone(service),
        EssentialDetail::Url => service.url.is_some() || !service.additional_urls.is_empty(),
        EssentialDetail::Schedules => {
            !service.schedules.is_empty()
                || places().any(|place| !place.schedules.is_empty())
                || locations().any(|location| !location.schedules.is_empty())
        }
        EssentialDetail::Locations => facts.points.iter().next().is_some(),
        EssentialDetail::ServiceAreas => {
            !service.service_areas.is_empty() || places().any(|place| !place.service_areas.is_empty())
        }
        EssentialDetail::Costs => {
            !service.cost_options.is_empty()
                || service.free.is_some()
                || any_text(&[&service.fees, &service.fees_description])
        }
        EssentialDetail::Eligibility => {
            any_text(&[&service.eligibility_description]) || facts.ages.are_stated()
        }
        EssentialDetail::TaxonomyTerms => !facts.terms.is_empty(),
        EssentialDetail::Accessibility => locations().any(|location| !location.accessibility.is_empty()),
        EssentialDetail::Languages => !facts.languages.codes().is_empty(),
        EssentialDetail::AssuredDate => facts.assured_date.is_some(),
        EssentialDetail::LastModified => facts.last_modified.is_some(),
        EssentialDetail::Name => is_text(&service.name) && service.name != "(unnamed)",
        EssentialDetail::Address => addresses(service)
            .any(|address| any_text(&[&address.address_1, &address.address_2, &address.city])),
        EssentialDetail::Postcode => addresses(service).any(|address| any_text(&[&address.postal_code])),
        EssentialDetail::Coordinates => locations().any(|location| location.coordinates.is_some()),
        EssentialDetail::Ages => facts.ages.are_stated(),
        EssentialDetail::Licenses => any_text(&[&service.licenses]),
        EssentialDetail::Capacities => !service.capacities.is_empty(),
    }
}

fn addresses(service: &Service) -> impl Iterator<Item = &Arc<Address>> {
    let locations = service.service_at_locations.iter().filter_map(|place| place.location.as_ref());
    locations.flat_map(|location| &location.addresses)
}

fn has_email(service: &Service) -> bool {
    any_text(&[&service.email])
        || desks(service).any(|(_, contact)| contact.is_some_and(|contact| any_text(&[&contact.email])))
}

fn has_phone(service: &Service) -> bool {
    let is_number = |phone: &Arc<Phone>| any_text(&[&phone.number]);
    desks(service).any(|(phones, contact)| {
        phones.iter().any(is_number) || contact.is_some_and(|contact| contact.phones.iter().any(is_number))
    })
}

/// Returns the telephones and contacts of a service and its locations.
fn desks(service: &Service) -> impl Iterator<Item = (&[Arc<Phone>], Option<&Arc<Contact>>)> {
    let places = service.service_at_locations.iter();
    let at_places = places.flat_map(|place| {
        let location = place.location.iter().map(|location| (&location.phones, &location.contacts));
        [(&place.phones, &place.contacts)].into_iter().chain(location)
    });
    [(&service.phones, &service.contacts)].into_iter().chain(at_places).flat_map(|(phones, contacts)| {
        let contacts = contacts.iter().map(|contact| (&[][..], Some(contact)));
        [(phones.as_slice(), None)].into_iter().chain(contacts)
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
    use crate::model::{PostcodePlaces, sample};

    /// What a service states of which a feed says no more than this.
    fn stated(said: &Value) -> Vec<EssentialDetail> {
        let mut service = sample::service(said);
        if said.get("status").is_none() {
            service.status = ServiceStatus::Unknown;
        }
        let stated = ServiceFacts::of(&service, &PostcodePlaces::default()).stated;
        EssentialDetail::ALL.into_iter().filter(|essential| stated.has(*essential)).collect()
    }

    #[test]
    fn a_record_states_what_it_says_in_words_and_nothing_by_blanks() {
        use EssentialDetail::*;
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
