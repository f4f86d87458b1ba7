//! Chooses the best of all names that begin with the text, from all tables.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use super::{NameSuggestion, SuggestedKind};
use crate::model::{NameBeginnings, RecordId};

pub(super) struct NameShelf {
    pub(super) kind: SuggestedKind,
    pub(super) table: Arc<dyn NameTable>,
}

/// Names with what they stand for, the better ones first.
pub(super) trait NameTable: Send + Sync {
    fn beginnings(&self) -> &NameBeginnings;
    /// Returns the number of services for a name. `None` if that is not counted.
    fn services(&self, number: usize) -> Option<usize>;
    /// Returns the name as it is published. `None` if it is gone, or cannot be read. May wait for the disk.
    fn text(&self, number: usize) -> Option<String>;
    fn records(&self, number: usize) -> Vec<RecordId>;
    /// Returns what to ask for. `None` if the name stands for records.
    fn ask(&self, _number: usize) -> Option<String> {
        None
    }
}

struct NameCandidate<'s> {
    kind: SuggestedKind,
    folded: &'s str,
    is_first: bool,
    /// The tables that have this name, with its index in each.
    at: Vec<(&'s NameShelf, usize)>,
    services: Option<usize>,
}

/// Chooses the best names of these kinds. Names that begin with the text come before those with a later word that does.
/// Among each of these come needs, then places, then the other kinds by their number of services, then by name. No kind
/// takes more than half of the suggestions while another has a name to fill them.
pub(super) fn choose(
    shelves: &[NameShelf],
    prefix: &str,
    kinds: &[SuggestedKind],
    first: usize,
) -> Vec<NameSuggestion> {
    let shelves: Vec<&NameShelf> = shelves.iter().filter(|shelf| kinds.contains(&shelf.kind)).collect();
    let mut candidates = candidates(&shelves, prefix, first);
    candidates.sort_by_cached_key(|one| {
        let rank = one.services.map_or((0, Reverse(0)), |services| (1, Reverse(services)));
        // Names without a count keep the order of their table.
        let place = if one.services.is_none() { one.at.first().map_or(0, |(_, number)| *number) } else { 0 };
        let kind = if one.services.is_none() { one.kind as usize } else { 0 };
        (!one.is_first, rank, kind, place, one.folded, one.kind)
    });
    let mut chosen = fair_share(&candidates, first);
    chosen.sort_unstable();
    chosen.into_iter().filter_map(|at| candidates.get(at)?.suggestion()).take(first).collect()
}

fn candidates<'s>(shelves: &[&'s NameShelf], prefix: &str, first: usize) -> Vec<NameCandidate<'s>> {
    let mut found: HashMap<(SuggestedKind, &str), NameCandidate<'s>> = HashMap::new();
    for shelf in shelves {
        let beginnings = shelf.table.beginnings();
        for begins in beginnings.find(prefix, first) {
            let Some(folded) = beginnings.name(begins.number) else { continue };
            let (kind, is_first) = (shelf.kind, begins.is_first);
            found.entry((kind, folded)).or_insert_with(|| NameCandidate {
                kind,
                folded,
                is_first,
                at: Vec::new(),
                services: None,
            });
        }
    }
    let mut found: Vec<NameCandidate<'s>> = found.into_values().collect();
    for one in &mut found {
        let of_kind = shelves.iter().filter(|shelf| shelf.kind == one.kind);
        let at = of_kind.filter_map(|shelf| Some((*shelf, shelf.table.beginnings().exactly(one.folded)?)));
        one.at = at.collect();
        let counts = one.at.iter().filter_map(|(shelf, number)| shelf.table.services(*number));
        one.services = counts.reduce(usize::saturating_add);
    }
    found
}

/// Returns the indices of the candidates to suggest: the first ones, but no more than half of one kind while there are
/// others.
fn fair_share(candidates: &[NameCandidate<'_>], first: usize) -> Vec<usize> {
    let share = first.div_ceil(2);
    let mut of_kind: HashMap<SuggestedKind, usize> = HashMap::new();
    let (mut chosen, mut spare) = (Vec::new(), Vec::new());
    for (at, one) in candidates.iter().enumerate() {
        let taken = of_kind.entry(one.kind).or_default();
        if *taken < share {
            *taken += 1;
            chosen.push(at);
        } else {
            spare.push(at);
        }
    }
    chosen.truncate(first);
    let left = first - chosen.len();
    chosen.extend(spare.into_iter().take(left));
    chosen
}

impl NameCandidate<'_> {
    fn suggestion(&self) -> Option<NameSuggestion> {
        let text = self.at.iter().find_map(|(shelf, number)| shelf.table.text(*number))?;
        let records = self.at.iter().flat_map(|(shelf, number)| shelf.table.records(*number)).collect();
        let ask = self.at.iter().find_map(|(shelf, number)| shelf.table.ask(*number));
        Some(NameSuggestion { text, kind: self.kind, records, ask, services: self.services })
    }
}
