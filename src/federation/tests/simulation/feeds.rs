//! Six feeds whose lists change, break off and go down, as the script says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::model::{
    AnyRecord, ContentHash, OrderKey, Organization, RecordId, RecordKind, Service, SourceKey,
    StubRecord as _, sample,
};
use crate::source::{FeedScript, ScriptedPage, ScriptedRows};

/// The number of feeds.
pub(super) const FEEDS: usize = 6;
const MOST_SERVICES: usize = 9;
const TERMS: u32 = 3;

/// Something that a feed does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FeedDeed {
    Adds,
    Changes,
    Removes,
    /// Its provider gets another name, which must show in what is found of its services.
    RenamesProvider,
    RemovesProvider,
    GoesDown,
    /// It fails on this page and all later ones.
    BreaksOffAt(u64),
    Answers,
}

/// A feed whose lists follow the script.
pub(super) struct SimulatedFeed {
    pub(super) key: SourceKey,
    state: Mutex<FeedState>,
}

struct FeedState {
    lists_providers: bool,
    says_terms: bool,
    services: BTreeMap<u32, Arc<Service>>,
    providers: BTreeMap<u32, Arc<Organization>>,
    /// The number of the last record, and the last version of one.
    next: u32,
    page_size: usize,
    fails_from: Option<u64>,
    chance: ChaCha8Rng,
}

/// What a feed contains: the names of its services, providers and terms, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FeedTruth {
    pub(super) services: BTreeMap<String, String>,
    pub(super) providers: BTreeMap<String, String>,
    pub(super) terms: BTreeMap<String, String>,
}

impl SimulatedFeed {
    pub(super) fn new(number: usize, chance: &mut ChaCha8Rng) -> Self {
        let key = SourceKey::parse(&format!("feed{number}")).unwrap();
        let mut chance = ChaCha8Rng::seed_from_u64(chance.random());
        let (services, providers) = (BTreeMap::new(), BTreeMap::new());
        let (lists_providers, says_terms) = (number.is_multiple_of(2), number.is_multiple_of(3));
        let page_size = chance.random_range(2..5);
        let state = FeedState {
            lists_providers,
            says_terms,
            services,
            providers,
            next: 0,
            page_size,
            fails_from: None,
            chance,
        };
        let feed = Self { key, state: Mutex::new(state) };
        feed.rename_provider();
        (0..5).for_each(|_| feed.add());
        feed
    }

    pub(super) fn does(&self, deed: FeedDeed) {
        match deed {
            FeedDeed::Adds => self.add(),
            FeedDeed::Changes => self.change(),
            FeedDeed::Removes => self.remove(),
            FeedDeed::RenamesProvider => self.rename_provider(),
            FeedDeed::RemovesProvider => {
                let mut state = self.state();
                if state.lists_providers {
                    state.providers.pop_last();
                    state.next += 1;
                }
            }
            FeedDeed::GoesDown => self.state().fails_from = Some(1),
            FeedDeed::BreaksOffAt(page) => self.state().fails_from = Some(page),
            FeedDeed::Answers => self.state().fails_from = None,
        }
    }

    /// Returns what the feed contains now.
    pub(super) fn truth(&self) -> FeedTruth {
        let state = self.state();
        let mut truth = FeedTruth::default();
        for service in state.services.values() {
            truth.services.insert(service.id.upstream().to_owned(), service.name.clone());
            let terms = service.attributes.iter().filter_map(|one| one.taxonomy_term.as_ref());
            truth.terms.extend(terms.map(|term| (term.id.upstream().to_owned(), term.name.clone())));
        }
        let providers = state.providers.values().filter(|_| state.lists_providers);
        truth.providers.extend(providers.map(|one| (one.id.upstream().to_owned(), one.name.clone())));
        truth
    }

    fn state(&self) -> MutexGuard<'_, FeedState> {
        self.state.lock().unwrap()
    }

    fn add(&self) {
        let mut state = self.state();
        if state.services.len() < MOST_SERVICES {
            state.next += 1;
            let number = state.next;
            let service = state.service(&self.key, number);
            state.services.insert(number, service);
        }
    }

    fn change(&self) {
        let mut state = self.state();
        let Some(number) = state.any_service() else { return };
        state.next += 1;
        let service = state.service(&self.key, number);
        state.services.insert(number, service);
    }

    fn remove(&self) {
        let mut state = self.state();
        if state.services.len() > 2
            && let Some(number) = state.any_service()
        {
            state.services.remove(&number);
            state.next += 1;
        }
    }

    fn rename_provider(&self) {
        let mut state = self.state();
        state.next += 1;
        let (number, version) = (state.chance.random_range(1..3), state.next);
        let id = RecordId::new(RecordKind::Organization, &self.key, &format!("o{number}"));
        let mut provider = Organization::stub(id, <_>::default());
        provider.name = format!("Trust {version}");
        provider.order_key = OrderKey::of(&provider.name);
        provider.provenance.shallow = false;
        provider.provenance.content_hash = ContentHash::of(provider.name.as_bytes());
        provider.provenance.issues.clear();
        state.providers.insert(number, Arc::new(provider));
    }
}

impl FeedState {
    fn any_service(&mut self) -> Option<u32> {
        let at = self.chance.random_range(0..self.services.len().max(1));
        self.services.keys().nth(at).copied()
    }

    fn service(&mut self, key: &SourceKey, number: u32) -> Arc<Service> {
        let version = self.next;
        let name = format!("Tea {number} of {version}");
        let mut said = json!({
            "id": format!("Service({key}/s{number})"),
            "order_key": OrderKey::of(&name).as_str(),
            "name": name,
            "description": {"raw": name, "plain": name},
            "provenance": provenance(&name),
        });
        let members = said.as_object_mut().unwrap();
        if self.lists_providers {
            let provider = self.chance.random_range(1..3);
            members.insert("organization_id".to_owned(), json!(format!("Organization({key}/o{provider})")));
        }
        if self.says_terms {
            let term = self.chance.random_range(0..TERMS);
            members.insert("carried".to_owned(), json!(0b1011));
            members.insert("attributes".to_owned(), json!([attribute(key, term)]));
        }
        Arc::new(sample::service(&said))
    }

    fn records(&self, kind: RecordKind) -> Option<Vec<AnyRecord>> {
        match kind {
            RecordKind::Service => Some(self.services.values().cloned().map(AnyRecord::Service).collect()),
            RecordKind::Organization if self.lists_providers => {
                Some(self.providers.values().cloned().map(AnyRecord::Organization).collect())
            }
            _ => None,
        }
    }
}

impl FeedScript for SimulatedFeed {
    fn page(&self, kind: RecordKind, number: u64) -> ScriptedPage {
        let mut state = self.state();
        if state.fails_from.is_some_and(|from| number >= from) {
            return ScriptedPage::Fails;
        }
        let Some(records) = state.records(kind) else { return ScriptedPage::NoList };
        let (size, claimed) = (state.page_size, records.len());
        let from = size * usize::try_from(number - 1).unwrap();
        ScriptedPage::Rows(ScriptedRows {
            records: records.into_iter().skip(from).take(size).collect(),
            claimed: claimed as u64,
            edition: u64::from(state.next),
            is_last: from + size >= claimed,
            takes: Duration::from_millis(state.chance.random_range(100..700)),
        })
    }
}

fn provenance(content: &str) -> Value {
    json!({
        "fetched_at": "2026-09-01T00:00:00Z", "fresh_until": "2026-09-01T01:00:00Z", "shallow": false,
        "content_hash": ContentHash::of(content.as_bytes()).as_str(), "issues": [], "read_bytes": 100,
    })
}

fn attribute(key: &SourceKey, number: u32) -> Value {
    let name = format!("Term {number}");
    json!({
        "id": format!("Attribute:{key}:{number}"),
        "link_type": "topic",
        "taxonomy_term": {
            "id": format!("TaxonomyTerm({key}/t{number})"), "provenance": provenance(&name),
            "order_key": OrderKey::of(&name).as_str(), "carried": 0, "name": name, "metadata": [], "extra": {},
        },
    })
}
