//! Reading the facts of services.

use std::ops::RangeBounds;
use std::panic::resume_unwind;
use std::thread;

use redb::{AccessGuard, ReadableTable as _};

use super::StoreSnapshot;
use crate::catalogue::store::StoreError;
use crate::catalogue::store::tables::{FACTS, NOTICED, noticed_at};
use crate::model::ServiceFacts;

impl StoreSnapshot {
    /// Returns the facts of one service. `None` if there is no service with this ordinal.
    pub(in crate::catalogue) fn facts_of(&self, ordinal: u32) -> Result<Option<ServiceFacts>, StoreError> {
        let (table, noticed) = (self.reading.open_table(FACTS)?, self.reading.open_table(NOTICED)?);
        let Some(facts) = table.get(ordinal)? else { return Ok(None) };
        facts_and_when(facts.value(), noticed.get(ordinal)?).map(Some)
    }

    /// Iterates over the facts of all services, with their ordinals.
    pub(in crate::catalogue) fn facts(
        &self,
    ) -> Result<impl Iterator<Item = Result<(u32, ServiceFacts), StoreError>>, StoreError> {
        self.facts_of_each(..)
    }

    /// Returns the facts of all services with their ordinals. Reads them on several threads, because a gateway that
    /// starts waits for them.
    ///
    /// # Errors
    /// If the file or any of the facts cannot be read.
    pub(in crate::catalogue) fn all_facts(&self) -> Result<Vec<(u32, ServiceFacts)>, StoreError> {
        let last = self.reading.open_table(FACTS)?.last()?.map_or(0, |(ordinal, _)| ordinal.value());
        let at_once =
            thread::available_parallelism().map_or(1, |most| u32::try_from(most.get()).unwrap_or(1));
        let span = last / at_once + 1;
        let read = |number: u32| {
            let from = number.saturating_mul(span);
            self.facts_of_each(from..from.saturating_add(span))?.collect::<Result<Vec<_>, _>>()
        };
        thread::scope(|scope| {
            let reading: Vec<_> = (0..at_once).map(|number| scope.spawn(move || read(number))).collect();
            let mut all = Vec::new();
            for part in reading {
                all.append(&mut part.join().unwrap_or_else(|panic| resume_unwind(panic))?);
            }
            Ok(all)
        })
    }

    fn facts_of_each(
        &self,
        ordinals: impl RangeBounds<u32>,
    ) -> Result<impl Iterator<Item = Result<(u32, ServiceFacts), StoreError>>, StoreError> {
        let (table, noticed) = (self.reading.open_table(FACTS)?, self.reading.open_table(NOTICED)?);
        Ok(table.range::<u32>(ordinals)?.map(move |entry| {
            let (ordinal, facts) = entry?;
            let ordinal = ordinal.value();
            Ok((ordinal, facts_and_when(facts.value(), noticed.get(ordinal)?)?))
        }))
    }
}

fn facts_and_when(facts: &[u8], noticed: Option<AccessGuard<'_, i64>>) -> Result<ServiceFacts, StoreError> {
    let facts: ServiceFacts = postcard::from_bytes(facts)?;
    Ok(ServiceFacts { noticed_at: noticed.and_then(|at| noticed_at(at.value())), ..facts })
}
