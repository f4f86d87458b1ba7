//! The fields of a service that `ask` searches, and their standing.

use super::standing::WordStanding::{self, Aside, Body, Lead, Margin, Name, Term};
use super::words::AskField;
use crate::model::{RichText, Service, TaxonomyTerm};

impl Service {
    /// Returns the fields that `ask` searches, in order, with the standing of their words.
    pub fn ask_fields(&self) -> Vec<AskField<'_>> {
        let organization = self.organization.as_deref();
        let own = [
            of("name", Name, Some(self.name.as_str())),
            of("alternateName", Name, self.alternate_name.as_deref()),
            of("description", Lead, self.description.as_ref().map(RichText::text)),
            of("organization.name", Body, organization.map(|organization| organization.name.as_str())),
            of("eligibilityDescription", Margin, self.eligibility_description.as_deref()),
            of("feesDescription", Aside, self.fees_description.as_deref()),
            of("fees", Aside, self.fees.as_deref()),
            of("alert", Aside, self.alert.as_deref()),
        ];
        let of_provider = organization.into_iter().flat_map(|organization| &organization.attributes);
        let terms = self.attributes.iter().map(|attribute| (Term, attribute));
        // The provider's other activities may not be this service's.
        let terms = terms.chain(of_provider.map(|attribute| (Margin, attribute)));
        let terms =
            terms.filter_map(|(standing, attribute)| Some((standing, attribute.taxonomy_term.as_deref()?)));
        let terms = terms.flat_map(|(standing, term)| of_term(standing, term));
        let places = self.service_at_locations.iter().filter_map(|place| place.location.as_ref());
        let places = places.flat_map(|place| {
            let cities = place.addresses.iter();
            let cities = cities.map(|address| of("locations.addresses.city", Aside, address.city.as_deref()));
            [of("locations.name", Aside, place.name.as_deref())].into_iter().chain(cities).flatten()
        });
        own.into_iter().flatten().chain(terms).chain(places).collect()
    }
}

fn of<'a>(name: &'static str, standing: WordStanding, text: Option<&'a str>) -> Option<AskField<'a>> {
    text.map(|text| AskField { name, standing, text })
}

fn of_term(standing: WordStanding, term: &TaxonomyTerm) -> impl Iterator<Item = AskField<'_>> {
    let name = of("taxonomyTerms.name", standing, Some(term.name.as_str()));
    let meaning = of("taxonomyTerms.description", Margin, term.description.as_deref());
    let synonyms = term.synonyms().map(move |synonym| of("taxonomyTerms.extra", standing, Some(synonym)));
    [name, meaning].into_iter().chain(synonyms).flatten()
}
