//! Finding services: those the index names, decided upon by what is known of each.

use super::index::IndexError;
use super::snapshot::Snapshot;
use crate::model::{
    Ask, Aspect, Dimension, Narrowing, Prepared, Said, TextQuery, Texts, TriState, Viewpoint,
};

/// How many services are decided on between two looks at whether anybody still waits.
const SOME: usize = 4096;

/// A service that a filter keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Its number in the table of facts.
    pub ordinal: u32,
    /// How well its words answer the texts and phrases that every match must hold, as `ServiceFilter::tenths` counts;
    /// 0 where the filter asks for none.
    pub score: f32,
}

impl Snapshot {
    /// The services that a filter keeps, in no particular order, each once. Once `is_asked` says no, none is looked at any
    /// more.
    ///
    /// # Errors
    /// When the index cannot be read. It is rebuilt then.
    pub fn find(&self, asked: &Prepared<'_>, is_asked: &dyn Fn() -> bool) -> Result<Vec<Hit>, IndexError> {
        let narrowing = asked.narrowing();
        let mut hits = match narrowing {
            Narrowing::All => self.everyone(asked),
            _ => self.candidates(&narrowing)?,
        };
        self.keep_ages(&mut hits, asked);
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
            let found = Found { ordinal: hit.ordinal, loose: &loose };
            goes_on && self.facts.get(hit.ordinal).is_some_and(|facts| asked.decide(facts, &found).is_kept())
        });
        Ok(hits)
    }

    // Every service says which source it is of.
    fn everyone(&self, asked: &Prepared<'_>) -> Vec<Hit> {
        let from = Viewpoint { today: asked.today(), terms: &self.vocabulary };
        let sources = self.facts.column(Dimension::Source.into(), from);
        let mut everyone = Vec::with_capacity(self.facts.len());
        everyone.extend(sources.ordinals().map(|ordinal| Hit { ordinal, score: 0.0 }));
        everyone
    }

    /// Drops those that are not for the ages asked; what is said of these is of few kinds, so each kind is decided
    /// once.
    fn keep_ages(&self, hits: &mut Vec<Hit>, asked: &Prepared<'_>) {
        let ranges = &asked.filter().ages;
        if ranges.is_empty() {
            return;
        }
        let from = Viewpoint { today: asked.today(), terms: &self.vocabulary };
        let column = self.facts.column(Aspect::Ages, from);
        let said = column.numbering().said();
        let keeps_unknown = asked.filter().include_unknown == Some(true);
        let suits = |said: &Said| match said {
            Said::Ages(ages) => match ages.matches(ranges) {
                TriState::Yes => true,
                TriState::Unknown => keeps_unknown,
                TriState::No => false,
            },
            _ => true,
        };
        let suits: Vec<bool> = said.as_slice().iter().map(suits).collect();
        let suits = |number: &u32| suits.get(*number as usize).is_some_and(|suits| *suits);
        let each = column.each(hits.iter().map(|hit| hit.ordinal));
        let kept = hits.iter().zip(each).filter(|(_, numbers)| numbers.iter().any(suits));
        *hits = kept.map(|(hit, _)| *hit).collect();
    }

    /// Where the texts and phrases occur that not every match must hold.
    fn loose(&self, asked: &Prepared<'_>) -> Result<Vec<Loose>, IndexError> {
        let each = asked.loose_words().into_iter().map(|(filter, words)| {
            let mut ordinals: Vec<u32> = self.candidates(&words)?.iter().map(|hit| hit.ordinal).collect();
            ordinals.sort_unstable();
            Ok(Loose { filter, is_ask: matches!(words, Narrowing::Asked(_)), ordinals })
        });
        each.collect()
    }
}

/// The services that hold a text or answer a phrase that not every match must.
struct Loose {
    filter: usize,
    is_ask: bool,
    ordinals: Vec<u32>,
}

/// What the index knows of the words of one service.
struct Found<'a> {
    ordinal: u32,
    loose: &'a [Loose],
}

impl Found<'_> {
    // What every match must hold was looked for by the index when it named the service.
    fn has(&self, filter: usize, is_ask: bool) -> bool {
        let loose = self.loose.iter().find(|loose| loose.filter == filter && loose.is_ask == is_ask);
        loose.is_none_or(|loose| loose.ordinals.binary_search(&self.ordinal).is_ok())
    }
}

impl Texts for Found<'_> {
    fn matches(&self, filter: usize, _text: &TextQuery) -> bool {
        self.has(filter, false)
    }

    fn answers(&self, filter: usize, _ask: &Ask) -> bool {
        self.has(filter, true)
    }
}
