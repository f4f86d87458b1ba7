//! The facts of every service in memory, by ordinal: in chunks that are shared until one of theirs changes.

use std::sync::Arc;

use crate::model::Facts;

const CHUNK: usize = 1024;

/// The facts of the services of one snapshot. Cheap to copy; a change to a copy leaves the others alone.
#[derive(Clone, Debug, Default)]
pub struct FactsTable {
    chunks: Vec<Arc<Chunk>>,
    len: usize,
}

type Chunk = Vec<Option<Arc<Facts>>>;

impl FactsTable {
    /// The facts of a service.
    pub fn get(&self, ordinal: u32) -> Option<&Arc<Facts>> {
        let (chunk, place) = place(ordinal);
        self.chunks.get(chunk)?.get(place)?.as_ref()
    }

    /// All of them, by ordinal.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Arc<Facts>)> {
        let slots = self.chunks.iter().zip(0u32..).flat_map(|(chunk, number)| {
            chunk.iter().zip(number.saturating_mul(CHUNK as u32)..).map(|(facts, ordinal)| (ordinal, facts))
        });
        slots.filter_map(|(ordinal, facts)| Some((ordinal, facts.as_ref()?)))
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
        if chunk.len() <= place {
            chunk.resize(place + 1, None);
        }
        let Some(slot) = chunk.get_mut(place) else { return };
        self.len = self.len + usize::from(facts.is_some()) - usize::from(slot.is_some());
        let gone = facts.is_none();
        *slot = facts;
        // Ordinals are never given out again, so what has emptied stays empty.
        if gone && chunk.iter().all(Option::is_none) {
            *chunk = Chunk::new();
        }
    }
}

fn place(ordinal: u32) -> (usize, usize) {
    let ordinal = usize::try_from(ordinal).unwrap_or(usize::MAX);
    (ordinal / CHUNK, ordinal % CHUNK)
}
