//! The facts of every service in memory, by ordinal: in chunks that copies of the table share until a service in them
//! changes.

use std::sync::{Arc, Mutex, PoisonError};

use super::columns::{AspectColumn, KeyNumbering, TableColumn};
use super::name_order::{LazyNameOrder, NameOrder};
use crate::model::{AspectDependence, FacetViewpoint, ServiceAspect, ServiceFacts, SortPrefix};
use arc_swap::ArcSwapOption;

const CHUNK: usize = 1024;

/// The facts of the services of one snapshot. Cheap to clone; changing a clone leaves the others alone.
#[derive(Clone, Debug, Default)]
pub struct FactsTable {
    chunks: Vec<Arc<Chunk>>,
    len: usize,
    numberings: [Arc<KeyNumbering>; ServiceAspect::COUNT],
    /// The columns over all chunks. They are dropped when any service changes.
    columns: Arc<[WholeColumn; ServiceAspect::COUNT]>,
    names: Arc<LazyNameOrder>,
}

/// A cached column over all chunks.
#[derive(Debug, Default)]
struct WholeColumn {
    kept: ArcSwapOption<Dated<TableColumn>>,
    /// Held while a column is built, so that concurrent queries do not each build it.
    making: Mutex<()>,
}

#[derive(Debug, Default)]
struct Chunk {
    slots: Vec<Option<FactsSlot>>,
    columns: [ArcSwapOption<Dated<Arc<AspectColumn>>>; ServiceAspect::COUNT],
}

#[derive(Clone, Debug)]
struct FactsSlot {
    facts: Arc<ServiceFacts>,
    name: SortPrefix,
}

/// A column, with what it depends on.
#[derive(Debug)]
struct Dated<C> {
    under: AspectDependence,
    column: C,
}

impl FactsTable {
    /// Returns the facts of a service. `None` if there is no such service.
    pub fn get(&self, ordinal: u32) -> Option<&Arc<ServiceFacts>> {
        Some(&self.slot(ordinal)?.facts)
    }

    /// Returns the facts of a service and the prefix of its name for sorting. `None` if there is no such service.
    pub fn get_with_name(&self, ordinal: u32) -> Option<(&ServiceFacts, SortPrefix)> {
        let FactsSlot { facts, name } = self.slot(ordinal)?;
        Some((facts, *name))
    }

    /// Iterates over the facts of all services, in the order of their ordinals.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Arc<ServiceFacts>)> {
        let slots = self.chunks.iter().zip(0u32..).flat_map(|(chunk, number)| {
            chunk
                .slots
                .iter()
                .zip(number.saturating_mul(CHUNK as u32)..)
                .map(|(slot, ordinal)| (ordinal, slot))
        });
        slots.filter_map(|(ordinal, slot)| Some((ordinal, &slot.as_ref()?.facts)))
    }

    /// Returns the values of an aspect for all services. Built on first use, and again only for chunks in which a
    /// service has changed.
    pub fn column(&self, aspect: ServiceAspect, from: FacetViewpoint<'_>) -> TableColumn {
        let (whole, under) = (self.columns.get(aspect.number()), aspect.dependence(from));
        if let Some(column) = whole.and_then(|whole| held(&whole.kept, under)) {
            return column;
        }
        let _making = whole.map(|whole| whole.making.lock().unwrap_or_else(PoisonError::into_inner));
        held_or_made(whole.map(|whole| &whole.kept), under, || {
            let numbering = self.numberings.get(aspect.number()).cloned().unwrap_or_default();
            let chunks = self.chunks.iter().map(|chunk| chunk.column(aspect, from, &numbering)).collect();
            TableColumn { chunks, numbering }
        })
    }

    /// Returns all services in the order of their names. Built on first use; after a change, only the changed services
    /// are sorted again.
    pub fn by_name(&self) -> Arc<NameOrder> {
        self.names.of(self)
    }

    /// Returns the number of services.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns whether there are no services.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn put(&mut self, ordinal: u32, facts: Option<Arc<ServiceFacts>>) {
        let (chunk, place) = place(ordinal);
        if self.chunks.len() <= chunk {
            self.chunks.resize_with(chunk + 1, Arc::default);
        }
        let Some(chunk) = self.chunks.get_mut(chunk).map(Arc::make_mut) else { return };
        if chunk.slots.len() <= place {
            chunk.slots.resize(place + 1, None);
        }
        let Some(slot) = chunk.slots.get_mut(place) else { return };
        self.len = self.len + usize::from(facts.is_some()) - usize::from(slot.is_some());
        let gone = facts.is_none();
        *slot = facts.map(|facts| FactsSlot { name: SortPrefix::of_name(&facts.order_key), facts });
        chunk.columns = Default::default();
        self.columns = Arc::default();
        Arc::make_mut(&mut self.names).note_change(ordinal);
        // Ordinals are never reused, so an empty chunk stays empty.
        if gone && chunk.slots.iter().all(Option::is_none) {
            *chunk = Chunk::default();
        }
    }

    fn slot(&self, ordinal: u32) -> Option<&FactsSlot> {
        let (chunk, place) = place(ordinal);
        self.chunks.get(chunk)?.slots.get(place)?.as_ref()
    }
}

impl TableColumn {
    /// Returns the numbers of a service's values.
    pub fn get(&self, ordinal: u32) -> &[u32] {
        let (chunk, place) = place(ordinal);
        self.chunks.get(chunk).map_or(&[], |chunk| chunk.get(place))
    }

    /// Returns the numbers of each service's values. Faster than [`Self::get`] if the services are in order.
    pub fn each(&self, ordinals: impl Iterator<Item = u32>) -> impl Iterator<Item = &[u32]> {
        let mut at: Option<(usize, &AspectColumn)> = None;
        ordinals.map(move |ordinal| {
            let (chunk, within) = place(ordinal);
            if at.is_none_or(|(number, _)| number != chunk) {
                at = self.chunks.get(chunk).map(|column| (chunk, &**column));
            }
            at.map(|(_, column)| column.get(within)).unwrap_or_default()
        })
    }

    /// Returns, for each numbered value, how many of the services have it. `things` is the number of values. Fastest if
    /// the services are in order.
    pub fn counted(&self, ordinals: impl Iterator<Item = u32>, things: usize) -> Vec<usize> {
        let mut counts = vec![0; things];
        let mut at: Option<(usize, &AspectColumn)> = None;
        for ordinal in ordinals {
            let (chunk, within) = place(ordinal);
            if at.is_none_or(|(number, _)| number != chunk) {
                at = self.chunks.get(chunk).map(|column| (chunk, &**column));
            }
            if let Some((_, column)) = at {
                column.count(within, &mut counts);
            }
        }
        counts
    }

    /// Passes each service with a wanted value to `take`, in order.
    pub fn each_saying(&self, is_wanted: impl Fn(u32) -> bool, mut take: impl FnMut(u32)) {
        for (chunk, number) in self.chunks.iter().zip(0u32..) {
            let first = number.saturating_mul(CHUNK as u32);
            chunk.each_saying(&is_wanted, |place| {
                take(first.saturating_add(u32::try_from(place).unwrap_or(u32::MAX)))
            });
        }
    }

    /// Keeps only services with a wanted value. Fastest if the services are in order.
    pub fn retain_saying<T: Copy>(
        &self,
        services: &mut Vec<T>,
        ordinal: impl Fn(&T) -> u32,
        is_wanted: impl Fn(u32) -> bool,
    ) {
        let mut kept = 0;
        let mut at: Option<(usize, &AspectColumn)> = None;
        for nth in 0..services.len() {
            let Some(service) = services.get(nth).copied() else { break };
            let (chunk, within) = place(ordinal(&service));
            if at.is_none_or(|(number, _)| number != chunk) {
                at = self.chunks.get(chunk).map(|column| (chunk, &**column));
            }
            let numbers = at.map(|(_, column)| column.get(within)).unwrap_or_default();
            // Whether a service is wanted is hard for processors to predict. So each is moved without a branch, and
            // overwritten by the next if it is not wanted.
            services.get_mut(kept).into_iter().for_each(|to| *to = service);
            kept += usize::from(numbers.iter().any(|number| is_wanted(*number)));
        }
        services.truncate(kept);
    }

    /// Returns the numbering of the values.
    pub fn numbering(&self) -> &KeyNumbering {
        &self.numbering
    }
}

impl Chunk {
    fn column(
        &self,
        aspect: ServiceAspect,
        from: FacetViewpoint<'_>,
        numbering: &KeyNumbering,
    ) -> Arc<AspectColumn> {
        held_or_made(self.columns.get(aspect.number()), aspect.dependence(from), || {
            let services = self.slots.iter().map(|slot| slot.as_ref().map(|slot| &*slot.facts));
            Arc::new(AspectColumn::of(services, aspect, from, numbering))
        })
    }
}

/// Returns the cached column if it was built for the same dependence.
fn held<C: Clone>(place: &ArcSwapOption<Dated<C>>, under: AspectDependence) -> Option<C> {
    place.load().as_ref().filter(|dated| dated.under == under).map(|dated| dated.column.clone())
}

/// Returns the cached column if it was built for the same dependence. Otherwise builds and caches one.
fn held_or_made<C: Clone>(
    place: Option<&ArcSwapOption<Dated<C>>>,
    under: AspectDependence,
    make: impl FnOnce() -> C,
) -> C {
    if let Some(column) = place.and_then(|place| held(place, under)) {
        return column;
    }
    let column = make();
    if let Some(place) = place {
        place.store(Some(Arc::new(Dated { under, column: column.clone() })));
    }
    column
}

/// A chunk is cloned to be changed, so its columns are dropped.
impl Clone for Chunk {
    fn clone(&self) -> Self {
        Self { slots: self.slots.clone(), columns: Default::default() }
    }
}

fn place(ordinal: u32) -> (usize, usize) {
    let ordinal = usize::try_from(ordinal).unwrap_or(usize::MAX);
    (ordinal / CHUNK, ordinal % CHUNK)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::json;

    use super::*;
    use crate::catalogue::tests::{at, service, term};
    use crate::model::{DayOfWeek, FacetDimension, FacetKey, PostcodePlaces, TermVocabulary};

    /// Creates one of a few services, which differ in age, opening day and the start of their price.
    fn facts(variant: usize) -> Arc<ServiceFacts> {
        let day = DayOfWeek::ALL.get(variant % 7).map_or("MO", |day| day.code());
        let part = |kind: &str| json!({ "id": format!("{kind}:elmshire:1") });
        let schedule = json!({
            "part": part("Schedule"), "freq": "Weekly", "byday": [day], "bymonthday": [], "byweekno": [],
            "byyearday": [], "opens_at": "10:00:00", "closes_at": "12:00:00",
        });
        let price = json!({ "part": part("CostOption"), "amount": 0.0, "valid_from": "2026-09-08" });
        let term = format!("TaxonomyTerm(elmshire/t{})", variant % 3);
        let said = json!({
            "minimum_age": variant, "schedules": [schedule],
            "attributes": [{ "id": "Attribute:elmshire:1", "taxonomy_term_id": term }],
            "cost_options": if variant.is_multiple_of(2) { vec![price] } else { Vec::new() },
        });
        Arc::new(ServiceFacts::of(
            &service(&variant.to_string(), "Tea", at(0), said),
            &PostcodePlaces::default(),
        ))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
        #[test]
        fn columns_say_what_services_say_whatever_was_put_and_when_it_was_asked(
            puts in prop::collection::vec((select(vec![0, 1, 2, 1023, 1024, 1025, 3000]), prop::option::of(0..6_usize), 7..10_u32, 0..3_usize), 1..30),
        ) {
            let aspects = [ServiceAspect::Ages, FacetDimension::Day.into(), FacetDimension::Cost.into(), FacetDimension::Source.into(), FacetDimension::TermGroup.into()];
            let (mut table, mut terms) = (FactsTable::default(), TermVocabulary::default());
            for (ordinal, variant, day, name) in puts {
                let older = table.clone();
                table.put(ordinal, variant.map(facts));
                // A changed name moves the term into another group.
                terms.add(&term("t0", ["Tea", "Téa", "Talk"][name]));
                let today = FacetViewpoint { today: NaiveDate::from_ymd_opt(2026, 9, day).unwrap(), terms: &terms };
                for (table, aspect) in [&older, &table].into_iter().flat_map(|table| aspects.map(|aspect| (table, aspect))) {
                    let column = table.column(aspect, today);
                    let in_order: Vec<&[u32]> = column.each(0..3001).collect();
                    let there: Vec<u32> = table.iter().map(|(ordinal, _)| ordinal).collect();
                    let mut saying = Vec::new();
                    column.each_saying(|_| true, |ordinal| saying.push(ordinal));
                    prop_assert_eq!(saying, there);
                    for ordinal in 0..3001 {
                        let numbers = column.get(ordinal);
                        prop_assert_eq!(Some(&numbers), in_order.get(ordinal as usize));
                        let told: Vec<FacetKey> = numbers.iter().map(|number| column.numbering().said().get(*number).clone()).collect();
                        let mut said = Vec::new();
                        table.get(ordinal).iter().for_each(|facts| facts.each_said(aspect, today, |one| said.push(one)));
                        prop_assert_eq!(&told, &said, "{:?} of {}", aspect, ordinal);
                    }
                }
            }
        }
    }
}
