//! The facts of every service in memory, by ordinal: in chunks that are shared until one of theirs changes.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use chrono::NaiveDate;

use super::columns::{Column, Numbering, TableColumn};
use crate::model::{Aspect, Facts, Lead};

const CHUNK: usize = 1024;

/// The facts of the services of one snapshot. Cheap to copy; a change to a copy leaves the others alone.
#[derive(Clone, Debug, Default)]
pub struct FactsTable {
    chunks: Vec<Arc<Chunk>>,
    len: usize,
    numberings: [Arc<Numbering>; Aspect::COUNT],
}

#[derive(Debug, Default)]
struct Chunk {
    slots: Vec<Option<Slot>>,
    columns: [ArcSwapOption<Dated>; Aspect::COUNT],
}

#[derive(Clone, Debug)]
struct Slot {
    facts: Arc<Facts>,
    name: Lead,
}

/// A column, and the day it holds for; none where any day will do.
#[derive(Debug)]
struct Dated {
    day: Option<NaiveDate>,
    column: Arc<Column>,
}

impl FactsTable {
    /// The facts of a service.
    pub fn get(&self, ordinal: u32) -> Option<&Arc<Facts>> {
        Some(&self.slot(ordinal)?.facts)
    }

    /// The same, and the lead of its name.
    pub fn get_with_name(&self, ordinal: u32) -> Option<(&Facts, Lead)> {
        let Slot { facts, name } = self.slot(ordinal)?;
        Some((facts, *name))
    }

    /// All of them, by ordinal.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Arc<Facts>)> {
        let slots = self.chunks.iter().zip(0u32..).flat_map(|(chunk, number)| {
            chunk
                .slots
                .iter()
                .zip(number.saturating_mul(CHUNK as u32)..)
                .map(|(slot, ordinal)| (ordinal, slot))
        });
        slots.filter_map(|(ordinal, slot)| Some((ordinal, &slot.as_ref()?.facts)))
    }

    /// What all of them say of an aspect, today. Worked out when first asked for, and again for those chunks only
    /// in which a service has changed.
    pub fn column(&self, aspect: Aspect, today: NaiveDate) -> TableColumn {
        let numbering = self.numberings.get(aspect.number()).cloned().unwrap_or_default();
        let chunks = self.chunks.iter().map(|chunk| chunk.column(aspect, today, &numbering)).collect();
        TableColumn { chunks, numbering }
    }

    /// How many services there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no service.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn put(&mut self, ordinal: u32, facts: Option<Arc<Facts>>) {
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
        *slot = facts.map(|facts| Slot { name: Lead::of_name(&facts.order_key), facts });
        chunk.columns = Default::default();
        // Ordinals are never given out again, so what has emptied stays empty.
        if gone && chunk.slots.iter().all(Option::is_none) {
            *chunk = Chunk::default();
        }
    }

    fn slot(&self, ordinal: u32) -> Option<&Slot> {
        let (chunk, place) = place(ordinal);
        self.chunks.get(chunk)?.slots.get(place)?.as_ref()
    }
}

impl TableColumn {
    /// The numbers of what a service says.
    pub fn get(&self, ordinal: u32) -> &[u32] {
        let (chunk, place) = place(ordinal);
        self.chunks.get(chunk).map_or(&[], |chunk| chunk.get(place))
    }

    /// What the numbers stand for.
    pub fn numbering(&self) -> &Numbering {
        &self.numbering
    }
}

impl Chunk {
    fn column(&self, aspect: Aspect, today: NaiveDate, numbering: &Numbering) -> Arc<Column> {
        let Some(kept) = self.columns.get(aspect.number()) else { return Arc::default() };
        let day = aspect.passes().then_some(today);
        if let Some(dated) = kept.load().as_ref().filter(|dated| dated.day == day) {
            return Arc::clone(&dated.column);
        }
        let services = self.slots.iter().map(|slot| slot.as_ref().map(|slot| &*slot.facts));
        let column = Arc::new(Column::of(services, aspect, today, numbering));
        kept.store(Some(Arc::new(Dated { day, column: Arc::clone(&column) })));
        column
    }
}

/// What is worked out of a chunk does not hold for one that is about to change.
impl Clone for Chunk {
    fn clone(&self) -> Self {
        Self { slots: self.slots.clone(), columns: Default::default() }
    }
}

fn place(ordinal: u32) -> (usize, usize) {
    let ordinal = usize::try_from(ordinal).unwrap_or(usize::MAX);
    (ordinal / CHUNK, ordinal % CHUNK)
}
