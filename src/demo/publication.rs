//! Everything one feed has to serve: the records invented, written the variety's way and rendered.

use std::collections::{BTreeMap, HashMap, HashSet};

use bytes::Bytes;
use chrono::NaiveDate;
use serde_json::Value;

use super::identity::Namespace;
use super::organization::{self, Organization};
use super::pages::{Ask, Entry, Pages, SearchKey};
use super::place::Place;
use super::record::{self, Service, World};
use super::varieties::{Collection, Offer, Publisher, Variety};
use super::vocabulary::Taxonomy;

/// The rendered feed.
pub(super) struct Publication {
    publisher: &'static dyn Publisher,
    root: Bytes,
    not_found: Bytes,
    collections: HashMap<&'static str, Pages>,
}

impl Publication {
    /// Invents and renders a feed.
    pub(super) fn new(variety: Variety, place: &'static Place, seed: u64, services: usize) -> Self {
        let world = World { seed, ids: Namespace::new(seed), place, today: written() };
        let publisher = variety.publisher();
        let community = Community::invent(world, services);
        let mut collections = HashMap::new();
        for collection in Collection::ALL {
            let pages = match publisher.offers(collection) {
                Offer::Full => community.pages(publisher, collection, world.ids),
                Offer::Empty => Pages::render([]),
                Offer::Absent => continue,
            };
            collections.insert(collection.path(), pages);
        }
        let render = |value: Value| Bytes::from(value.to_string());
        Self {
            publisher,
            root: render(publisher.root()),
            not_found: render(publisher.not_found()),
            collections,
        }
    }

    /// The body for a path and query, or the body that says there is none.
    pub(super) fn answer(&self, path: &str, query: &str) -> Result<Bytes, Bytes> {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let found = match (segments.next(), segments.next(), segments.next()) {
            (None, ..) => Some(self.root.clone()),
            (Some(list), None, _) => {
                self.collections.get(list).map(|pages| pages.page(self.publisher, &Ask::parse(query)))
            }
            (Some(list), Some(id), None) => self.collections.get(list).and_then(|pages| pages.detail(id)),
            _ => None,
        };
        found.ok_or_else(|| self.not_found.clone())
    }
}

/// The day the feeds were written, so that they stay the same.
fn written() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 1).unwrap_or_default()
}

/// The services and the organisations that run them.
struct Community {
    services: Vec<Service>,
    /// The organisation of each service, by its number.
    runs: Vec<usize>,
    organizations: BTreeMap<usize, Organization>,
}

impl Community {
    fn invent(world: World, count: usize) -> Self {
        let runs: Vec<_> = (0..count).map(|number| organization::of_service(world.seed, number)).collect();
        let numbers: HashSet<_> = runs.iter().copied().collect();
        let organizations: BTreeMap<_, _> =
            numbers.into_iter().map(|number| (number, organization::invent(world, number))).collect();
        let run = |(number, organization): (usize, &usize)| {
            Some(record::invent(world, number, organizations.get(organization)?))
        };
        let services = runs.iter().enumerate().filter_map(run).collect();
        Self { services, runs, organizations }
    }

    fn pages(&self, publisher: &dyn Publisher, collection: Collection, ids: Namespace) -> Pages {
        match collection {
            Collection::Services => {
                Pages::render(self.services.iter().map(|service| entry(publisher, service)))
            }
            Collection::Organizations => self.organization_pages(publisher),
            Collection::ServiceAtLocations => Pages::render(self.services.iter().flat_map(at_locations)),
            Collection::Taxonomies => {
                Pages::render(Taxonomy::all().iter().map(|taxonomy| plain(taxonomy.record(ids))))
            }
            Collection::TaxonomyTerms => {
                Pages::render(Taxonomy::all().iter().flat_map(|taxonomy| taxonomy.terms(ids)).map(plain))
            }
        }
    }

    fn organization_pages(&self, publisher: &dyn Publisher) -> Pages {
        let mut run: HashMap<usize, Vec<&Service>> = HashMap::new();
        for (organization, service) in self.runs.iter().zip(&self.services) {
            run.entry(*organization).or_default().push(service);
        }
        Pages::render(self.organizations.iter().map(|(number, organization)| {
            let mut record = organization.record.clone();
            record::prune(&mut record);
            let services = run.get(number).map(Vec::as_slice).unwrap_or_default();
            let detail = Some(publisher.organization(&record, services));
            Entry { row: publisher.organization_row(&record), detail, key: None }
        }))
    }
}

fn entry(publisher: &dyn Publisher, service: &Service) -> Entry {
    let row = publisher.service_row(service);
    let detail = publisher.service(service);
    let detail = (detail != row).then_some(detail);
    let text = |name: &str| service.record.get(name).and_then(Value::as_str).unwrap_or_default();
    let key = publisher.filters().then(|| SearchKey {
        words: format!("{}\n{}", text("name"), text("description")).to_lowercase(),
        modified: text("last_modified").parse().ok(),
    });
    Entry { row, detail, key }
}

fn at_locations(service: &Service) -> Vec<Entry> {
    let mut summary = service.record.clone();
    if let Value::Object(members) = &mut summary {
        members.retain(|name, member| !member.is_array() && name != "organization");
    }
    let links = service.record.get("service_at_locations").and_then(Value::as_array).into_iter().flatten();
    let row = |link: &Value| {
        let mut link = link.clone();
        if let Value::Object(members) = &mut link {
            members.insert("service".to_owned(), summary.clone());
        }
        plain(link)
    };
    links.map(row).collect()
}

fn plain(mut row: Value) -> Entry {
    record::prune(&mut row);
    Entry { row, detail: None, key: None }
}
