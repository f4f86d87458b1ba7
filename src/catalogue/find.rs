//! Finding services: those the index names, decided upon by what is known of each.

use super::columns::TableColumn;
use super::index::IndexError;
use super::snapshot::CatalogueSnapshot;
use crate::model::{
    AskedPhrase, FacetDimension, FacetKey, FacetViewpoint, FilterNarrowing, PreparedFilter, ServiceAspect,
    TextMatches, TextQuery, TriState,
};

/// How many services are decided on between two looks at whether anybody still waits.
const SOME: usize = 4096;

/// A service that a filter keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServiceHit {
    /// Its number in the table of facts.
    pub ordinal: u32,
    /// How well its words answer the texts and phrases that every match must hold, as `ServiceFilter::tenths` counts;
    /// 0 where the filter asks for none.
    pub score: f32,
}

impl CatalogueSnapshot {
    /// The services that a filter keeps, in no particular order, each once. Once `is_asked` says no, none is looked at any
    /// more.
    ///
    /// # Errors
    /// When the index cannot be read. It is rebuilt then.
    pub fn find(
        &self,
        asked: &PreparedFilter<'_>,
        is_asked: &dyn Fn() -> bool,
    ) -> Result<Vec<ServiceHit>, IndexError> {
        let narrowing = asked.narrowing();
        let mut hits = match narrowing {
            FilterNarrowing::All => self.everyone(asked),
            _ => self.of_ages(self.candidates(&narrowing)?, asked),
        };
        if asked.is_narrow_enough() {
            return Ok(hits);
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
        Ok(hits)
    }

    /// All services that are for the ages asked.
    fn everyone(&self, asked: &PreparedFilter<'_>) -> Vec<ServiceHit> {
        let mut everyone = Vec::with_capacity(self.facts.len());
        let take = |ordinal| everyone.push(ServiceHit { ordinal, score: 0.0 });
        match self.ages(asked) {
            Some(AgeColumn { column, suits }) => column.each_saying(|number| is_set(&suits, number), take),
            // Every service says which source it is of.
            None => {
                let from = FacetViewpoint { today: asked.today(), terms: &self.vocabulary };
                self.facts.column(FacetDimension::Source.into(), from).each_saying(|_| true, take);
            }
        }
        everyone
    }

    /// Those of some services that are for the ages asked.
    fn of_ages(&self, mut hits: Vec<ServiceHit>, asked: &PreparedFilter<'_>) -> Vec<ServiceHit> {
        let Some(AgeColumn { column, suits }) = self.ages(asked) else { return hits };
        column.retain_saying(&mut hits, |hit| hit.ordinal, |number| is_set(&suits, number));
        hits
    }

    /// What services say of ages, and what of that suits the ages asked: it is of few kinds, so each is decided once. None
    /// where no age is asked.
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

    /// Where the texts and phrases occur that not every match must hold.
    fn loose(&self, asked: &PreparedFilter<'_>) -> Result<Vec<Loose>, IndexError> {
        let each = asked.loose_words().into_iter().map(|(filter, words)| {
            let mut ordinals: Vec<u32> = self.candidates(&words)?.iter().map(|hit| hit.ordinal).collect();
            ordinals.sort_unstable();
            Ok(Loose { filter, is_ask: matches!(words, FilterNarrowing::Asked(_)), ordinals })
        });
        each.collect()
    }
}

/// What services say of ages.
struct AgeColumn {
    column: TableColumn,
    /// Whether that suits, by its number.
    suits: Vec<bool>,
}

fn is_set(flags: &[bool], number: u32) -> bool {
    flags.get(number as usize).is_some_and(|flag| *flag)
}

/// The services that hold a text or answer a phrase that not every match must.
struct Loose {
    filter: usize,
    is_ask: bool,
    ordinals: Vec<u32>,
}

/// What the index knows of the words of one service.
struct FoundWords<'a> {
    ordinal: u32,
    loose: &'a [Loose],
}

impl FoundWords<'_> {
    // What every match must hold was looked for by the index when it named the service.
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
