//! Finds services: the index names candidates, and the filter decides for each by its facts.

use std::sync::Arc;

use super::columns::TableColumn;
use super::index::IndexError;
use super::snapshot::CatalogueSnapshot;
use crate::model::{
    AskedPhrase, FacetDimension, FacetKey, FacetViewpoint, FilterNarrowing, PreparedFilter, ServiceAspect,
    TextMatches, TextQuery, TriState,
};

/// How many services are decided on between two checks whether the caller still waits.
const SOME: usize = 4096;

/// A service that a filter retains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServiceHit {
    /// The service's number in the table of facts.
    pub ordinal: u32,
    /// How well its words answer the texts and phrases that every match must contain, as `ServiceFilter::tenths`
    /// counts. 0 if the filter has none.
    pub score: f32,
}

/// The services that a filter retains, each once, in no particular order.
#[derive(Clone, Debug)]
pub struct FoundServices {
    /// The services.
    pub hits: Arc<Vec<ServiceHit>>,
    /// How many of them each source has, by the source's number in the table of facts, if that is known already: if the
    /// filter retains all services. These are in order.
    pub by_source: Option<Arc<[usize]>>,
}

impl CatalogueSnapshot {
    /// Returns the services that a filter retains. Once `is_asked` returns `false`, the rest are dropped.
    ///
    /// # Errors
    /// If the index cannot be read. It is then repaired.
    pub fn find(
        &self,
        asked: &PreparedFilter<'_>,
        is_asked: &dyn Fn() -> bool,
    ) -> Result<FoundServices, IndexError> {
        let narrowing = asked.narrowing();
        let mut hits = match narrowing {
            FilterNarrowing::All => match self.ages(asked) {
                Some(AgeColumn { column, suits }) => every_hit(&column, |number| is_set(&suits, number)),
                None if asked.is_narrow_enough() => return Ok(self.all_services(asked).clone()),
                None => self.all_services(asked).hits.to_vec(),
            },
            _ => self.of_ages(self.candidates(&narrowing)?, asked),
        };
        if asked.is_narrow_enough() {
            return Ok(FoundServices::some(hits));
        }
        let loose = self.loose(asked)?;
        let (mut looked_at, mut goes_on) = (0_usize, true);
        hits.retain(|hit| {
            if looked_at.is_multiple_of(SOME) {
                goes_on = is_asked();
            }
            looked_at += 1;
            let found = FoundWords { ordinal: hit.ordinal, loose: &loose };
            goes_on
                && self.facts.get(hit.ordinal).is_some_and(|facts| asked.decide(facts, &found).is_retained())
        });
        Ok(FoundServices::some(hits))
    }

    /// Returns all services of the snapshot. They are listed once, however often they are asked for.
    fn all_services(&self, asked: &PreparedFilter<'_>) -> &FoundServices {
        self.all.get_or_init(|| {
            // Every service has a source, so this lists all services.
            let from = FacetViewpoint { today: asked.today(), terms: &self.vocabulary };
            let sources = self.facts.column(FacetDimension::Source.into(), from);
            let hits = every_hit(&sources, |_| true);
            let things = sources.numbering().said().as_slice().len();
            let by_source = sources.counted(hits.iter().map(|hit| hit.ordinal), things);
            FoundServices { hits: Arc::new(hits), by_source: Some(by_source.into()) }
        })
    }

    /// Returns those of some services that suit the requested ages.
    fn of_ages(&self, mut hits: Vec<ServiceHit>, asked: &PreparedFilter<'_>) -> Vec<ServiceHit> {
        let Some(AgeColumn { column, suits }) = self.ages(asked) else { return hits };
        column.retain_saying(&mut hits, |hit| hit.ordinal, |number| is_set(&suits, number));
        hits
    }

    /// Returns the column of ages, with which of its values suit the requested ages: there are few values, so each is
    /// decided only once. `None` if no age is requested.
    fn ages(&self, asked: &PreparedFilter<'_>) -> Option<AgeColumn> {
        let ranges = Some(&asked.filter().ages).filter(|ranges| !ranges.is_empty())?;
        let from = FacetViewpoint { today: asked.today(), terms: &self.vocabulary };
        let column = self.facts.column(ServiceAspect::Ages, from);
        let keeps_unknown = asked.filter().include_unknown == Some(true);
        let suits = |said: &FacetKey| match said {
            FacetKey::Ages(ages) => match ages.matches(ranges) {
                TriState::Yes => true,
                TriState::Unknown => keeps_unknown,
                TriState::No => false,
            },
            _ => true,
        };
        let suits = column.numbering().said().as_slice().iter().map(suits).collect();
        Some(AgeColumn { column, suits })
    }

    /// Finds the services for texts and phrases that not every match must contain.
    fn loose(&self, asked: &PreparedFilter<'_>) -> Result<Vec<Loose>, IndexError> {
        let each = asked.loose_words().into_iter().map(|(filter, words)| {
            let mut ordinals: Vec<u32> = self.candidates(&words)?.iter().map(|hit| hit.ordinal).collect();
            ordinals.sort_unstable();
            Ok(Loose { filter, is_ask: matches!(words, FilterNarrowing::Asked(_)), ordinals })
        });
        each.collect()
    }
}

impl FoundServices {
    fn some(hits: Vec<ServiceHit>) -> Self {
        Self { hits: Arc::new(hits), by_source: None }
    }
}

/// Returns the services with a wanted value, in order.
fn every_hit(column: &TableColumn, is_wanted: impl Fn(u32) -> bool) -> Vec<ServiceHit> {
    let mut hits = Vec::new();
    column.each_saying(is_wanted, |ordinal| hits.push(ServiceHit { ordinal, score: 0.0 }));
    hits
}

/// The ages of all services.
struct AgeColumn {
    column: TableColumn,
    /// Whether each value suits, by its number.
    suits: Vec<bool>,
}

fn is_set(flags: &[bool], number: u32) -> bool {
    flags.get(number as usize).is_some_and(|flag| *flag)
}

/// The services that contain a text, or answer a phrase, that not every match must.
struct Loose {
    filter: usize,
    is_ask: bool,
    ordinals: Vec<u32>,
}

/// What the index has found in the words of one service.
struct FoundWords<'a> {
    ordinal: u32,
    loose: &'a [Loose],
}

impl FoundWords<'_> {
    // The candidates already match what every match must contain.
    fn has(&self, filter: usize, is_ask: bool) -> bool {
        let loose = self.loose.iter().find(|loose| loose.filter == filter && loose.is_ask == is_ask);
        loose.is_none_or(|loose| loose.ordinals.binary_search(&self.ordinal).is_ok())
    }
}

impl TextMatches for FoundWords<'_> {
    fn matches(&self, filter: usize, _text: &TextQuery) -> bool {
        self.has(filter, false)
    }

    fn answers(&self, filter: usize, _ask: &AskedPhrase) -> bool {
        self.has(filter, true)
    }
}
