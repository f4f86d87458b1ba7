//! The names of stored records, sorted once for each state of the catalogue.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use foldhash::fast::RandomState;
use tokio::sync::{Mutex, Notify};
use tokio::time::Instant;

use super::choose::{NameShelf, NameTable};
use super::names::{GatheredNames, NameList};
use super::{NameSuggester, SuggestedKind};
use crate::admission::off_thread;
use crate::catalogue::CatalogueSnapshot;
use crate::federation::QueryContext;
use crate::model::{AnyRecord, NameBeginnings, RecordId, RecordKind, SourceKey, folded_name};

/// Names that take no longer than this to sort are sorted again before a query is answered. Others are sorted in the
/// background.
const QUICKLY: Duration = Duration::from_millis(50);
/// The least time between two sorts in the background.
const PAUSE: Duration = Duration::from_secs(5);
/// The same, as a multiple of the time that sorting takes, so that it does not slow down a walk of large feeds.
const PAUSE_TIMES: u32 = 20;

/// The names of stored records, as they were last sorted.
#[derive(Default)]
pub(in crate::federation) struct StoredNames {
    held: ArcSwapOption<OrderedNames>,
    ordering: Mutex<()>,
    is_wanted: Notify,
}

struct OrderedNames {
    sequence: u64,
    took: Duration,
    services: Arc<StoredServiceNames>,
    organizations: Arc<NameList>,
    terms: Arc<NameList>,
    read: HashMap<(RecordKind, SourceKey), NamesRead>,
}

/// The names of one source's records of a kind, as they were after a write.
#[derive(Clone)]
struct NamesRead {
    write: u64,
    names: Arc<Vec<(RecordId, Box<str>)>>,
}

/// The names of services, by number, so that a million take little room. The text to show is read from the record.
#[derive(Default)]
struct StoredServiceNames {
    beginnings: NameBeginnings,
    named: Vec<(u32, u32)>,
}

type ServicesByName = HashMap<String, (u32, u32), RandomState>;
type CountsById<K> = HashMap<K, u32, RandomState>;

impl NameSuggester {
    /// Returns the names of stored records. `None` if no source is synchronised, or sorting was interrupted.
    pub(super) async fn synchronised_names(&self, asking: &QueryContext) -> Option<Vec<NameShelf>> {
        let synced = self.holdings.synced()?;
        let sources = self.holdings.stored().map(|stored| stored.source);
        self.holdings.until_warm(sources, asking).await;
        let snapshot = synced.catalogue.snapshot();
        let ordered = self.ordered_names(&snapshot).await?;
        let services = StoredNameTable { table: Arc::clone(&ordered.services), snapshot };
        Some(vec![
            NameShelf { kind: SuggestedKind::Service, table: Arc::new(services) },
            NameShelf { kind: SuggestedKind::Organization, table: Arc::clone(&ordered.organizations) as _ },
            NameShelf { kind: SuggestedKind::Term, table: Arc::clone(&ordered.terms) as _ },
        ])
    }

    async fn ordered_names(&self, snapshot: &Arc<CatalogueSnapshot>) -> Option<Arc<OrderedNames>> {
        let names = &self.holdings.synced()?.names;
        let sequence = snapshot.store().sequence();
        match names.held.load_full() {
            Some(ordered) if ordered.sequence == sequence => Some(ordered),
            Some(ordered) if ordered.took > QUICKLY => {
                names.is_wanted.notify_one();
                Some(ordered)
            }
            _ => self.order_names(snapshot).await,
        }
    }

    /// Sorts the names, unless they have been sorted meanwhile.
    async fn order_names(&self, snapshot: &Arc<CatalogueSnapshot>) -> Option<Arc<OrderedNames>> {
        let names = &self.holdings.synced()?.names;
        let _turn = names.ordering.lock().await;
        let sequence = snapshot.store().sequence();
        let last = names.held.load_full();
        if let Some(ordered) = last.as_ref().filter(|ordered| ordered.sequence >= sequence) {
            return Some(Arc::clone(ordered));
        }
        let stored = self.holdings.stored();
        let keys: Vec<SourceKey> = stored.map(|stored| stored.source.info().key.clone()).collect();
        let snapshot = Arc::clone(snapshot);
        let ordered = off_thread(move || OrderedNames::of(&snapshot, &keys, last.as_deref())).await.ok()?;
        names.held.store(Some(Arc::new(ordered)));
        names.held.load_full()
    }

    /// Sorts the names of stored records again in the background, after a query found them out of date. Never returns.
    pub async fn keep_names_in_order(&self) {
        let Some(synced) = self.holdings.synced() else { return std::future::pending().await };
        loop {
            synced.names.is_wanted.notified().await;
            let ordered = self.order_names(&synced.catalogue.snapshot()).await;
            let took = ordered.map_or(Duration::ZERO, |ordered| ordered.took);
            tokio::time::sleep(PAUSE.max(took * PAUSE_TIMES)).await;
        }
    }
}

impl OrderedNames {
    fn of(snapshot: &CatalogueSnapshot, keys: &[SourceKey], last: Option<&Self>) -> Self {
        let began = Instant::now();
        let mut services: ServicesByName = ServicesByName::default();
        let (mut of_organization, mut of_term) = (CountsById::default(), CountsById::default());
        for (ordinal, facts) in snapshot.facts().iter().filter(|(_, facts)| keys.contains(facts.id.source()))
        {
            services.entry(folded_name(facts.order_key.as_str())).or_insert((ordinal, 0)).1 += 1;
            facts.organization.iter().for_each(|id| *of_organization.entry(id).or_default() += 1);
            facts.terms.iter().for_each(|id| *of_term.entry(id).or_default() += 1);
        }
        let mut read = HashMap::new();
        let mut named = |kind, counts: &CountsById<&RecordId>| {
            let of_sources: Vec<NamesRead> =
                keys.iter().map(|key| names_of(snapshot, kind, key, last)).collect();
            let names = of_sources.iter().flat_map(|one| one.names.iter()).map(|(id, name)| (id, &**name));
            let gathered = GatheredNames::counted(names, |id| counts.get(id).copied());
            read.extend(keys.iter().map(|key| (kind, key.clone())).zip(of_sources));
            Arc::new(gathered.into_names())
        };
        let organizations = named(RecordKind::Organization, &of_organization);
        let terms = named(RecordKind::TaxonomyTerm, &of_term);
        let services = Arc::new(StoredServiceNames::of(services));
        Self {
            sequence: snapshot.store().sequence(),
            took: began.elapsed(),
            services,
            organizations,
            terms,
            read,
        }
    }
}

/// Returns the names of one source's records of a kind. Reads them only if they were written since the last time.
fn names_of(
    snapshot: &CatalogueSnapshot,
    kind: RecordKind,
    key: &SourceKey,
    last: Option<&OrderedNames>,
) -> NamesRead {
    let write = snapshot.last_write(kind, key);
    let known = last.and_then(|last| last.read.get(&(kind, key.clone())));
    if let Some(known) = known.filter(|known| known.write == write) {
        return known.clone();
    }
    let records = snapshot.store().all_records(kind, key).map(|(records, _)| records);
    let records =
        records.inspect_err(|error| tracing::error!(source = %key, %error, "cannot read stored names"));
    let name = |record: AnyRecord| match record {
        AnyRecord::Organization(one) => Some((one.id.clone(), one.name.as_str().into())),
        AnyRecord::TaxonomyTerm(one) => Some((one.id.clone(), one.name.as_str().into())),
        _ => None,
    };
    NamesRead { write, names: Arc::new(records.unwrap_or_default().into_iter().filter_map(name).collect()) }
}

impl StoredServiceNames {
    fn of(services: ServicesByName) -> Self {
        let mut all: Vec<_> = services.into_iter().filter(|(name, _)| !name.is_empty()).collect();
        all.sort_unstable_by(|(a, (_, of_a)), (b, (_, of_b))| of_b.cmp(of_a).then_with(|| a.cmp(b)));
        let beginnings = NameBeginnings::of(all.iter().map(|(name, _)| name.as_str()));
        Self { beginnings, named: all.into_iter().map(|(_, named)| named).collect() }
    }
}

struct StoredNameTable {
    table: Arc<StoredServiceNames>,
    snapshot: Arc<CatalogueSnapshot>,
}

impl StoredNameTable {
    fn id(&self, number: usize) -> Option<&RecordId> {
        let (ordinal, _) = self.table.named.get(number)?;
        Some(&self.snapshot.facts().get(*ordinal)?.id)
    }
}

impl NameTable for StoredNameTable {
    fn beginnings(&self) -> &NameBeginnings {
        &self.table.beginnings
    }

    fn services(&self, number: usize) -> Option<usize> {
        self.table.named.get(number).map(|(_, count)| *count as usize)
    }

    fn text(&self, number: usize) -> Option<String> {
        let record = self.snapshot.record(self.id(number)?);
        match record.inspect_err(|error| tracing::error!(%error, "cannot read a stored service")).ok()?? {
            AnyRecord::Service(service) => Some(service.name.trim().to_owned()),
            _ => None,
        }
    }

    fn records(&self, number: usize) -> Vec<RecordId> {
        self.id(number).cloned().into_iter().collect()
    }
}
