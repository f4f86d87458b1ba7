//! The end of a simulation: every fault ends, and the gateways must come to agree with the feeds.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use super::SimulatedWorld;
use crate::catalogue::CatalogueSnapshot;
use crate::catalogue::tests::simulated::place_of;
use crate::federation::tests::simulation::checks::Broken;
use crate::federation::tests::simulation::feeds::{FeedDeed, FeedTruth};
use crate::federation::tests::simulation::gateway::PLENTY;
use crate::federation::tests::simulation::script::GATEWAYS;
use crate::model::{AnyRecord, RecordKind, SourceKey};

/// The most rounds of sync runs before the catalogue must equal the feeds.
const ROUNDS: usize = 9;
/// How far the clocks jump between rounds, in seconds. What is only accepted after hours is accepted then.
const JUMP: i64 = 7 * 3600;
/// How long the gateways may take to reach the same step, in milliseconds.
const LEVEL_WITHIN: u64 = 120_000;

impl SimulatedWorld {
    pub(super) fn settle(&mut self) -> Broken {
        self.mend_everything()?;
        let mut differs = String::new();
        for _ in 0..ROUNDS {
            let until = self.now() + u64::try_from(self.script.every.as_millis()).unwrap() * 11 / 10 + 10_000;
            while self.now() < until {
                self.tick()?;
            }
            self.ahead.fetch_add(JUMP, Ordering::Relaxed);
            self.note("hours pass");
            let Some(snapshot) = self.gateways[0].answering().map(|one| one.snapshot()) else { continue };
            match self.says_what_feeds_say(&snapshot) {
                Ok(()) => return self.come_to_rest(),
                Err(how) => differs = how,
            }
        }
        Err(format!("the catalogue does not come to say what the feeds say: {differs}"))
    }

    fn mend_everything(&mut self) -> Broken {
        self.note("everything is mended");
        self.pending.clear();
        self.dying.clear();
        let now = self.now();
        let is_newer = self.gateways.iter().any(|one| one.format > 1);
        for one in 0..GATEWAYS {
            self.gateways[one].link.fail_append(None);
            self.gateways[one].link.forgive();
            self.mend(one);
            self.gateways[one].free.store(PLENTY, Ordering::Relaxed);
            self.gateways[one].skew.store(0, Ordering::Relaxed);
            self.gateways[one].resume(now);
            if is_newer && self.gateways[one].format == 1 {
                self.gateways[one].stop();
                self.gateways[one].format = 2;
            }
            self.start(one);
            self.up_since[one] = now;
        }
        self.feeds.iter().for_each(|feed| feed.does(FeedDeed::Answers));
        self.note_decided()
    }

    fn says_what_feeds_say(&self, snapshot: &CatalogueSnapshot) -> Broken {
        for feed in &self.feeds {
            let kept = FeedTruth {
                services: names(snapshot, &feed.key, RecordKind::Service)?,
                providers: names(snapshot, &feed.key, RecordKind::Organization)?,
                terms: names(snapshot, &feed.key, RecordKind::TaxonomyTerm)?,
            };
            let truth = feed.truth();
            if kept != truth {
                return Err(format!("of {} it has {kept:?}, and the feed {truth:?}", feed.key));
            }
        }
        Ok(())
    }

    /// Waits until all gateways are at the same step, and checks them one last time.
    fn come_to_rest(&mut self) -> Broken {
        let until = self.now() + LEVEL_WITHIN;
        while !self.are_level() {
            if self.now() > until {
                return Err("the gateways do not become level".to_owned());
            }
            self.tick()?;
        }
        if self.reader.knows_lost() && self.witnesses.is_empty() {
            self.note("nobody could notice what the journal lost");
            self.reader.begin_anew();
        }
        for one in 0..GATEWAYS {
            let Some(catalogue) = self.gateways[one].answering() else { return Err("is down".to_owned()) };
            let snapshot = catalogue.snapshot();
            self.says_what_feeds_say(&snapshot)?;
            while self.read_from(one, 40)? {}
            if self.reader.knows_lost() {
                return Err("the reader is not told of what the journal lost".to_owned());
            }
            self.seen[one] = None;
            self.check_copy(one, &snapshot)?;
            let content = place_of(&snapshot).and_then(|(_, chain)| self.copies.wanted(chain));
            let content = content.ok_or("a copy follows no journal")?;
            self.reader.knows_all(content).map_err(|how| format!("the reader of gateway {one} {how}"))?;
        }
        self.note(&format!(
            "at rest after {} steps; the reader began anew {} times",
            self.known_steps, self.reader.resyncs
        ));
        Ok(())
    }

    fn are_level(&self) -> bool {
        let place = |one: usize| {
            Some(self.gateways[one].answering()?.snapshot()).and_then(|one| {
                let generation = one.store().generation().to_owned();
                Some((place_of(&one)?, generation))
            })
        };
        let first = place(0);
        first.is_some_and(|(at, _)| Some(at.1) == self.journal.newest().1)
            && (1..GATEWAYS).all(|one| place(one) == place(0))
    }
}

/// Returns the names of the records of a kind and source, by id.
fn names(
    snapshot: &CatalogueSnapshot,
    source: &SourceKey,
    kind: RecordKind,
) -> Result<BTreeMap<String, String>, String> {
    let records = snapshot.store().records(kind, source, None, 1000).map_err(|error| error.to_string())?;
    let name = |record: &AnyRecord| match record {
        AnyRecord::Service(one) => one.name.clone(),
        AnyRecord::Organization(one) => one.name.clone(),
        AnyRecord::TaxonomyTerm(one) => one.name.clone(),
        _ => String::new(),
    };
    Ok(records.records.iter().map(|one| (one.id().upstream().to_owned(), name(one))).collect())
}
