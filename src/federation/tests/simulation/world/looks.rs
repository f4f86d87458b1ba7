//! Checks of the gateways from outside.

use std::sync::Arc;

use super::{READY_WITHIN, SimulatedWorld};
use crate::catalogue::CatalogueSnapshot;
use crate::catalogue::tests::simulated::{CopyContent, follows_its_store, place_of, query_all};
use crate::federation::QueryContext;
use crate::federation::changes::{ChangeFilter, ChangeQuery, look};
use crate::federation::tests::simulation::checks::{Broken, answers, one_leads};
use crate::federation::tests::simulation::script::GATEWAYS;
use rand::RngExt as _;

impl SimulatedWorld {
    /// Checks and logs the steps that were appended since the last call.
    pub(super) fn note_decided(&mut self) -> Broken {
        let steps = self.journal.appended_after(self.known_steps);
        self.known_steps += steps.len();
        for step in steps {
            let holder = step.lease.holder;
            let known = self.holders.iter().position(|known| *known == holder);
            let holder = known.unwrap_or_else(|| {
                self.holders.push(holder);
                self.holders.len() - 1
            });
            let content = crate::model::ContentHash::of(&step.bytes);
            let content = content.as_str().get(..8).unwrap_or_default();
            self.note(&format!(
                "step {} by writer {holder} under lease {}: {content}",
                step.number, step.lease.epoch
            ));
            self.writers.decided(&step)?;
            self.copies.decided(&step)?;
        }
        Ok(())
    }

    pub(super) fn note_leading(&mut self) -> Broken {
        let leading: Vec<usize> = (0..GATEWAYS).filter(|one| self.gateways[*one].leads()).collect();
        if leading != self.leading {
            self.note(&format!("leading: {leading:?}"));
            self.leading.clone_from(&leading);
        }
        if self.now() < self.two_may_lead_until { Ok(()) } else { one_leads(&leading) }
    }

    /// Returns whether a gateway is ready for queries.
    fn is_ready(&self, one: usize) -> bool {
        self.gateways[one].is_settled()
    }

    fn snapshot(&self, one: usize) -> Option<Arc<CatalogueSnapshot>> {
        Some(self.gateways[one].answering()?.snapshot())
    }

    /// Checks a gateway's copy, if it has changed, and that the gateway becomes ready in time.
    pub(super) fn look_at(&mut self, one: usize) -> Broken {
        let Some(snapshot) = self.snapshot(one) else { return Ok(()) };
        if !self.is_ready(one) && self.now() - self.up_since[one] > READY_WITHIN {
            return Err(format!("gateway {one} is not ready"));
        }
        self.check_copy(one, &snapshot)
    }

    /// Compares a copy with the oracle, and its index with the copy, unless that was done at this place in the journal.
    pub(super) fn check_copy(&mut self, one: usize, snapshot: &CatalogueSnapshot) -> Broken {
        let Some(place) = place_of(snapshot).filter(|place| self.seen[one] != Some(*place)) else {
            return Ok(());
        };
        self.seen[one] = Some(place);
        let content = CopyContent::of(snapshot.store()).map_err(|error| error.to_string())?;
        let told = |how: String| format!("gateway {one} {how}");
        self.copies.holds(place, &content).map_err(told)?;
        follows_its_store(snapshot, &content).map_err(told)?;
        answers(one, query_all(snapshot))
    }

    /// Lets the client read changes from any gateway that is ready. None may fail.
    pub(super) fn read(&mut self) -> Broken {
        let ready: Vec<usize> = (0..GATEWAYS).filter(|one| self.is_ready(*one)).collect();
        if ready.is_empty() {
            return Ok(());
        }
        let one = ready[self.chance.random_range(0..ready.len())];
        let size = self.chance.random_range(1..30);
        self.read_from(one, size).map(drop)
    }

    /// Reads a page of changes from a gateway. Returns whether there are more.
    pub(super) fn read_from(&mut self, one: usize, size: usize) -> Result<bool, String> {
        let Some(snapshot) = self.snapshot(one) else { return Ok(false) };
        self.check_copy(one, &snapshot)?;
        // A copy without a place has no steps yet that other gateways could have.
        let Some((_, chain)) = place_of(&snapshot) else { return Ok(false) };
        let content = self.copies.wanted(chain).ok_or("a step that nobody decided is read")?;
        let query = ChangeQuery { since: self.reader.since(), filter: ChangeFilter::default(), size };
        let kept = self.feeds.iter().map(|feed| feed.key.clone()).collect();
        let asking = QueryContext::begin();
        let page = look(snapshot.store(), &query, &kept, true, &asking.still_asked());
        let page = page.map_err(|error| format!("gateway {one} cannot tell of changes: {error}"))?;
        let (resyncs, generation) = (self.reader.resyncs, snapshot.store().generation());
        self.reader
            .take(&page, generation, content)
            .map_err(|how| format!("the reader of gateway {one} {how}"))?;
        if self.reader.resyncs > resyncs {
            self.note(&format!("the reader begins anew at g{one}"));
        }
        Ok(page.has_next_page)
    }
}
