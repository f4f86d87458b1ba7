//! A service offered to the public: the record that all others relate to.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::model::facts::ages::StatedAges;
use crate::model::{
    AskText, Attribute, CarriedMembers, Contact, CostOption, Funding, IssueCode, Language, Link, Metadata,
    OrderKey, Organization, OwnRenderings, Phone, PostcodePlaces, Program, Provenance, RecordId, RecordIssue,
    RequiredDocument, RichText, Schedule, SearchText, ServiceArea, ServiceAtLocation, ServiceCapacity,
    ServiceFacts, ServiceStatus, TextClass, TextField, UnreadBounds, UnsaidFields,
};

/// A service offered to the public.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Service {
    /// Kind, source and the feed's own id.
    pub id: RecordId,
    /// Where the record came from.
    pub provenance: Provenance,
    /// The key that sorts services by name.
    pub order_key: OrderKey,
    /// The nested members that the feed sent with the record.
    pub carried: CarriedMembers,
    /// Official name; "(unnamed)" if the feed gives none.
    pub name: String,
    /// Other name.
    pub alternate_name: Option<String>,
    /// Description.
    pub description: Option<RichText>,
    /// The service's web page.
    pub url: Option<Url>,
    /// Further labelled links (HSDS 3.1).
    pub additional_urls: Vec<Arc<Link>>,
    /// Contact email.
    pub email: Option<String>,
    /// Whether it operates.
    pub status: ServiceStatus,
    /// Interpreting available.
    pub interpretation_services: Option<String>,
    /// How to apply or be referred.
    pub application_process: Option<String>,
    /// Charges, in words.
    pub fees_description: Option<String>,
    /// Expected wait; deprecated in the standard.
    pub wait_time: Option<String>,
    /// Charges, in words; deprecated in HSDS, the only fee text ORUK 3.0 kept.
    pub fees: Option<String>,
    /// Accreditations held.
    pub accreditations: Option<String>,
    /// Who it is for.
    pub eligibility_description: Option<String>,
    /// Lowest eligible age in years, inclusive. `None` means no bound.
    pub minimum_age: Option<f64>,
    /// Highest eligible age in years, inclusive. `None` means no bound.
    pub maximum_age: Option<f64>,
    /// The separate age ranges, if the feed states several. "0 to 5, and 60 or over" is not the same as "0 or over".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub age_bands: Vec<(Option<f64>, Option<f64>)>,
    /// Which age bounds the feed states in a form that could not be read.
    #[serde(default, skip_serializing_if = "UnreadBounds::is_empty")]
    pub unread_ages: UnreadBounds,
    /// Short-term notice.
    pub alert: Option<String>,
    /// Operating licences; deprecated in the standard.
    pub licenses: Option<String>,
    /// Date the record was last checked.
    pub assured_date: Option<NaiveDate>,
    /// Who checked it.
    pub assurer_email: Option<String>,
    /// Instant of the last change to the service or anything nested in it.
    pub last_modified: Option<DateTime<Utc>>,
    /// The provider.
    pub organization_id: Option<RecordId>,
    /// The provider, if the feed nests it in this record.
    pub organization: Option<Arc<Organization>>,
    /// The programme it belongs to.
    pub program: Option<Arc<Program>>,
    /// Telephones.
    pub phones: Vec<Arc<Phone>>,
    /// People to get in touch with.
    pub contacts: Vec<Arc<Contact>>,
    /// When the service runs, at any location.
    pub schedules: Vec<Arc<Schedule>>,
    /// Areas served.
    pub service_areas: Vec<Arc<ServiceArea>>,
    /// Where it is delivered.
    pub service_at_locations: Vec<Arc<ServiceAtLocation>>,
    /// Languages offered.
    pub languages: Vec<Arc<Language>>,
    /// Funders.
    pub funding: Vec<Arc<Funding>>,
    /// Structured prices.
    pub cost_options: Vec<Arc<CostOption>>,
    /// Whether the service is free, if the publisher says so explicitly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<bool>,
    /// Documents needed.
    pub required_documents: Vec<Arc<RequiredDocument>>,
    /// Places free at present (HSDS 3.1).
    pub capacities: Vec<Arc<ServiceCapacity>>,
    /// Taxonomy-based annotations.
    pub attributes: Vec<Arc<Attribute>>,
    /// Change history.
    pub metadata: Vec<Arc<Metadata>>,
    /// Members that the feed sent and the standard does not define.
    pub extra: Map<String, Value>,
    /// The service's words for searching, computed on first use.
    #[serde(skip)]
    pub search_text: OnceLock<SearchText>,
    /// The service's words for `ask`, computed on first use.
    #[serde(skip)]
    pub ask_text: OnceLock<AskText>,
    /// The facts that filters and counts use, computed on first use.
    #[serde(skip)]
    pub facts: OnceLock<Box<ServiceFacts>>,
    /// What was written of the service, kept as long as the record is in memory.
    #[serde(skip)]
    pub renderings: OwnRenderings,
}

super::record!(Service);

impl Service {
    /// Returns the service's words, folded and stemmed for searching.
    pub fn search_text(&self) -> &SearchText {
        self.search_text.get_or_init(|| SearchText::of_fields(self.text_fields()))
    }

    /// Returns the service's words for `ask`.
    pub fn ask_text(&self) -> &AskText {
        self.ask_text.get_or_init(|| AskText::of_fields(self.ask_fields()))
    }

    /// Returns the number of nested parts. Each service at location counts as four, because it has parts of its own.
    pub fn parts(&self) -> usize {
        let lists = [
            self.additional_urls.len(),
            self.phones.len(),
            self.contacts.len(),
            self.schedules.len(),
            self.service_areas.len(),
            self.languages.len(),
            self.funding.len(),
            self.cost_options.len(),
            self.required_documents.len(),
            self.capacities.len(),
            self.attributes.len(),
            self.metadata.len(),
        ];
        lists.iter().sum::<usize>() + 4 * self.service_at_locations.len()
    }

    /// Returns the facts that filters and counts use. `postcodes` locates the addresses.
    pub fn facts(&self, postcodes: &PostcodePlaces) -> &ServiceFacts {
        self.facts.get_or_init(|| Box::new(ServiceFacts::of(self, postcodes)))
    }

    /// Returns the provider's id if the feed names the provider here, but has its record elsewhere.
    pub fn provider_apart(&self) -> Option<&RecordId> {
        self.organization_id.as_ref().filter(|_| self.organization.is_none())
    }

    /// Returns the provider's id, whether the feed nests the provider here or only names it.
    pub fn provider(&self) -> Option<&RecordId> {
        self.organization.as_ref().map(|nested| &nested.id).or(self.organization_id.as_ref())
    }

    /// Returns the service with what the provider's own record says of it: with the record nested, or with the provider
    /// that is nested already and what the record adds to it.
    pub fn completed_by(self: &Arc<Self>, provider: &Arc<Organization>) -> Arc<Self> {
        let Some(nested) = &self.organization else {
            return Arc::new(self.provided_by(Arc::clone(provider)));
        };
        let mut completed = Organization::clone(nested);
        match completed.fill_from(provider) {
            true => Arc::new(self.provided_by(Arc::new(completed))),
            false => Arc::clone(self),
        }
    }

    fn provided_by(&self, provider: Arc<Organization>) -> Self {
        let (search_text, ask_text, facts) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { organization: Some(provider), search_text, ask_text, facts, ..self.clone() }
    }

    /// Returns every annotation that describes the service: its own, its provider's, and those of its locations, prices
    /// and areas.
    pub fn all_attributes(&self) -> impl Iterator<Item = &Arc<Attribute>> {
        let provider = self.organization.iter().flat_map(|organization| &organization.attributes);
        let places = self.service_at_locations.iter().flat_map(|place| {
            place.attributes.iter().chain(place.location.iter().flat_map(|location| &location.attributes))
        });
        let prices = self.cost_options.iter().flat_map(|price| &price.part.attributes);
        let areas = self.service_areas.iter().flat_map(|area| &area.part.attributes);
        self.attributes.iter().chain(provider).chain(places).chain(prices).chain(areas)
    }

    /// Returns whether another form of the same record has something that this one leaves out.
    pub fn lacks_what_is_in(&self, other: &Self) -> bool {
        !self.carried.covers(other.carried)
            || !UnsaidFields::by(self).without(UnsaidFields::by(other)).is_empty()
            || other.extra.keys().any(|key| !self.extra.contains_key(key))
    }

    /// Returns whether the record states a status. One outside the standard's list is not stored, but noted as an issue.
    pub fn states_status(&self) -> bool {
        let is_of_status = |issue: &RecordIssue| {
            let key = issue.path.rsplit('.').next();
            issue.code == IssueCode::OutsideCodelist
                && key.is_some_and(|key| key.eq_ignore_ascii_case("status"))
        };
        self.status != ServiceStatus::Unknown || self.provenance.issues.iter().any(is_of_status)
    }

    /// Fills what this form leaves out from another form of the same record. Never overwrites a value.
    pub fn fill_from(&mut self, other: &Self) {
        if !self.states_status() {
            self.status = other.status;
        }
        macro_rules! fill {
            (scalars: $($scalar:ident)*; lists: $($list:ident)*) => {
                $(if self.$scalar.is_none() { self.$scalar.clone_from(&other.$scalar); })*
                $(if self.$list.is_empty() { self.$list.clone_from(&other.$list); })*
            };
        }
        fill!(
            scalars: alternate_name description url email interpretation_services application_process
                fees_description wait_time fees accreditations eligibility_description minimum_age maximum_age
                alert licenses free assured_date assurer_email last_modified organization_id organization program;
            lists: age_bands additional_urls phones contacts schedules service_areas service_at_locations languages funding
                cost_options required_documents capacities attributes metadata
        );
        if self.status == ServiceStatus::Unknown {
            self.status = other.status;
        }
        self.unread_ages = self.unread_ages.or(other.unread_ages);
        for (key, value) in &other.extra {
            self.extra.entry(key).or_insert_with(|| value.clone());
        }
        self.carried = self.carried.or(other.carried);
        let provenance = &mut self.provenance;
        provenance.last_modified = provenance.last_modified.or(other.provenance.last_modified);
        provenance.assured_date = provenance.assured_date.or(other.provenance.assured_date);
        if provenance.assurer_email.is_none() {
            provenance.assurer_email.clone_from(&other.provenance.assurer_email);
        }
        // The cached words, facts and renderings describe the record before it was filled.
        self.search_text = OnceLock::new();
        self.ask_text = OnceLock::new();
        self.facts = OnceLock::new();
        self.renderings = OwnRenderings::default();
    }

    /// Returns the age ranges that the service is for: those its feed states, or the one between its bounds.
    pub(in crate::model) fn ages(&self) -> impl Iterator<Item = StatedAges> {
        let bands =
            self.age_bands.iter().map(|(minimum, maximum)| (*minimum, *maximum, UnreadBounds::default()));
        let is_banded = !self.age_bands.is_empty();
        let bounds = (self.minimum_age, self.maximum_age, self.unread_ages);
        // If some ranges could be read and one could not, the service may be for any age.
        let doubt = (is_banded && !self.unread_ages.is_empty()).then_some((None, None, self.unread_ages));
        bands.chain((!is_banded).then_some(bounds)).chain(doubt)
    }

    /// Returns the texts that searches look into, in order.
    pub fn text_fields(&self) -> Vec<TextField<'_>> {
        use TextClass::{Body, Name, Subject};
        let of = |name, class, text: Option<_>| text.map(|text| TextField { name, class, text });
        let organization = self.organization.as_ref().map(|organization| organization.name.as_str());
        let own = [
            of("name", Name, Some(self.name.as_str())),
            of("alternateName", Name, self.alternate_name.as_deref()),
            of("organization.name", Subject, organization),
            of("description", Body, self.description.as_ref().map(RichText::text)),
            of("eligibilityDescription", Body, self.eligibility_description.as_deref()),
            of("feesDescription", Body, self.fees_description.as_deref()),
            of("fees", Body, self.fees.as_deref()),
            of("alert", Body, self.alert.as_deref()),
        ];
        let terms = self.all_attributes().filter_map(|attribute| attribute.taxonomy_term.as_ref());
        let terms = terms.filter_map(|term| of("taxonomyTerms.name", Subject, Some(term.name.as_str())));
        let places = self.service_at_locations.iter().filter_map(|place| place.location.as_ref());
        let places = places.flat_map(|place| {
            let cities = place.addresses.iter();
            let cities = cities.map(|address| of("locations.addresses.city", Body, address.city.as_deref()));
            [of("locations.name", Body, place.name.as_deref())].into_iter().chain(cities)
        });
        own.into_iter().flatten().chain(terms).chain(places.flatten()).collect()
    }
}
