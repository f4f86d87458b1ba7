//! All records of a feed: its services, the organisations that run them, and their locations.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::organization::{self, InventedOrganization};
use super::pages::{CollectionPages, PageEntry, SearchKey};
use super::publisher::{FeedCollection, FeedPublisher};
use super::record::{self, InventedService, InventedWorld};
use super::vocabulary::InventedTaxonomy;

/// The services of a feed and the organisations that run them.
pub(super) struct InventedCommunity {
    world: InventedWorld,
    pub(super) services: Vec<InventedService>,
    /// The number of the organisation that runs each service, in the order of the services.
    runs: Vec<usize>,
    organizations: BTreeMap<usize, InventedOrganization>,
}

impl InventedCommunity {
    /// Invents a number of services and the organisations that run them.
    pub(super) fn invent(world: InventedWorld, count: usize) -> Self {
        let runs: Vec<_> = (0..count).map(|number| organization::of_service(world.seed, number)).collect();
        let numbers: HashSet<_> = runs.iter().copied().collect();
        let organizations: BTreeMap<_, _> =
            numbers.into_iter().map(|number| (number, organization::invent(world, number))).collect();
        let run = |(number, organization): (usize, &usize)| {
            Some(record::invent(world, number, organizations.get(organization)?))
        };
        let services = runs.iter().enumerate().filter_map(run).collect();
        Self { world, services, runs, organizations }
    }

    /// Renders a collection in the publisher's format.
    pub(super) fn pages(&self, publisher: &dyn FeedPublisher, collection: FeedCollection) -> CollectionPages {
        let ids = self.world.ids;
        let render = |records: Vec<Value>| {
            CollectionPages::render(
                publisher,
                records.into_iter().map(|record| other(publisher, collection, record)),
            )
        };
        match collection {
            FeedCollection::Services => self.service_pages(publisher),
            FeedCollection::Organizations => self.organization_pages(publisher),
            FeedCollection::Locations => render(self.locations()),
            FeedCollection::ServiceAtLocations => {
                render(self.services.iter().flat_map(at_locations).collect())
            }
            FeedCollection::Taxonomies => {
                render(InventedTaxonomy::all().iter().map(|taxonomy| taxonomy.record(ids)).collect())
            }
            FeedCollection::TaxonomyTerms => {
                render(InventedTaxonomy::all().iter().flat_map(|taxonomy| taxonomy.terms(ids)).collect())
            }
        }
    }

    fn service_pages(&self, publisher: &dyn FeedPublisher) -> CollectionPages {
        let mut ordered: Vec<_> = self.services.iter().collect();
        ordered.sort_by_key(|service| publisher.rank(service));
        CollectionPages::render(
            publisher,
            ordered.into_iter().flat_map(|service| entries(publisher, service)),
        )
    }

    fn organization_pages(&self, publisher: &dyn FeedPublisher) -> CollectionPages {
        let mut run: HashMap<usize, Vec<&InventedService>> = HashMap::new();
        for (organization, service) in self.runs.iter().zip(&self.services) {
            run.entry(*organization).or_default().push(service);
        }
        let entry = |(number, organization): (&usize, &InventedOrganization)| {
            let mut record = organization.record.clone();
            record::prune(&mut record);
            let services = run.get(number).map(Vec::as_slice).unwrap_or_default();
            let detail = Some(publisher.organization(&record, services));
            PageEntry { detail, ..PageEntry::of(publisher.organization_row(&record)) }
        };
        CollectionPages::render(publisher, self.organizations.iter().map(entry))
    }

    /// Returns every location once, although several services may share it.
    fn locations(&self) -> Vec<Value> {
        let mut seen = HashSet::new();
        let links = self.services.iter().flat_map(links);
        let places = links.filter_map(|link| link.get("location"));
        places.filter(|place| seen.insert(place.get("id"))).cloned().collect()
    }
}

fn entries(publisher: &dyn FeedPublisher, service: &InventedService) -> impl Iterator<Item = PageEntry> {
    let row = publisher.service_row(service);
    let detail = publisher.service(service);
    let entry = PageEntry {
        detail: (detail != row).then_some(detail),
        including: publisher.including_row(service),
        key: search_key(publisher, service),
        rank: publisher.rank(service),
        broken: publisher.is_broken(service),
        ..PageEntry::of(row)
    };
    let rank = entry.rank;
    let stray = publisher.stray_row(service).map(|row| PageEntry { rank, ..PageEntry::of(row) });
    std::iter::once(entry).chain(stray)
}

fn search_key(publisher: &dyn FeedPublisher, service: &InventedService) -> Option<SearchKey> {
    let filters = publisher.filters();
    let text = |name: &str| service.record.get(name).and_then(Value::as_str).unwrap_or_default();
    (filters.search.is_some() || filters.modified_after).then(|| SearchKey {
        words: format!("{}\n{}", text("name"), text("description")).to_lowercase(),
        modified: text("last_modified").parse().ok(),
        vocabulary: String::new(),
    })
}

fn links(service: &InventedService) -> impl Iterator<Item = &Value> {
    service.record.get("service_at_locations").and_then(Value::as_array).into_iter().flatten()
}

fn at_locations(service: &InventedService) -> Vec<Value> {
    let mut summary = service.record.clone();
    if let Value::Object(members) = &mut summary {
        members.retain(|name, member| !member.is_array() && name != "organization");
    }
    let row = |link: &Value| {
        let mut link = link.clone();
        if let Value::Object(members) = &mut link {
            members.insert("service".to_owned(), summary.clone());
        }
        link
    };
    links(service).map(row).collect()
}

fn other(publisher: &dyn FeedPublisher, collection: FeedCollection, mut record: Value) -> PageEntry {
    record::prune(&mut record);
    let row = publisher.other(collection, &record);
    let vocabulary = row.get("vocabulary").and_then(Value::as_str).map(ToOwned::to_owned);
    let key = vocabulary.filter(|_| publisher.filters().vocabulary).map(|vocabulary| SearchKey {
        words: String::new(),
        modified: None,
        vocabulary,
    });
    PageEntry { key, ..PageEntry::of(row) }
}
