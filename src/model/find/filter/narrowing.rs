//! Narrowing: what an index can be asked, so that only the services it returns have to be decided on.

use super::{PreparedFilter, ServiceFilter};
use crate::model::{AskedPhrase, CapacityFilter, ServiceStatus, ServiceTag, TextQuery};

/// A set that contains every service that can match, and possibly others.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterNarrowing<'a> {
    /// All services.
    All,
    /// Services with one of these tags ([`crate::model::ServiceFacts::tags`]).
    Tagged(Vec<String>),
    /// Services in whose texts these words occur.
    Words(&'a TextQuery),
    /// Services that answer this phrase.
    Asked(&'a AskedPhrase),
    /// Services in all of these.
    Both(Vec<FilterNarrowing<'a>>),
    /// Services in any of these.
    Either(Vec<FilterNarrowing<'a>>),
}

impl<'a> PreparedFilter<'a> {
    /// Returns the set of services that can match.
    pub fn narrowing(&self) -> FilterNarrowing<'a> {
        self.narrowed(None)
    }

    /// Returns whether every service in the narrowed set matches, apart from the ages asked for. This is so if nothing
    /// is asked but ages and what has its own tags in the index.
    pub fn is_narrow_enough(&self) -> bool {
        let has_words = ServiceFilter {
            text: None,
            ask: None,
            ages: Vec::new(),
            sources: None,
            location: None,
            status: None,
            organization: None,
            include_unknown: None,
            ..self.filter.clone()
        };
        has_words == ServiceFilter::default()
    }

    /// Returns the searches and phrases that the narrowing does not guarantee, with the numbers of their filters: those
    /// inside `or` and `not`.
    pub fn loose_words(&self) -> Vec<(usize, FilterNarrowing<'a>)> {
        let mut words: Vec<_> = self.and.iter().flat_map(Self::loose_words).collect();
        let loose = self.or.iter().chain(self.not.as_deref());
        words.extend(loose.flat_map(Self::all_words));
        words
    }

    fn all_words(&self) -> Vec<(usize, FilterNarrowing<'a>)> {
        let own = self.own_words().map(|words| (self.number, words));
        let within = self.and.iter().chain(&self.or).chain(self.not.as_deref());
        own.chain(within.flat_map(Self::all_words)).collect()
    }

    fn own_words(&self) -> impl Iterator<Item = FilterNarrowing<'a>> {
        let filter = self.filter;
        let text = filter.text.as_ref().map(FilterNarrowing::Words);
        text.into_iter().chain(filter.ask.as_ref().map(FilterNarrowing::Asked))
    }

    fn narrowed(&self, outer: Option<bool>) -> FilterNarrowing<'a> {
        let filter = self.filter;
        let include_unknown = filter.include_unknown.or(outer);
        let mut parts: Vec<FilterNarrowing<'a>> = self.tagged(include_unknown);
        parts.extend(self.own_words());
        parts.extend(self.and.iter().map(|inner| inner.narrowed(include_unknown)));
        if !self.or.is_empty() {
            parts.push(either(self.or.iter().map(|inner| inner.narrowed(include_unknown))));
        }
        parts.retain(|part| *part != FilterNarrowing::All);
        match parts.len() {
            0 => FilterNarrowing::All,
            1 => parts.pop().unwrap_or(FilterNarrowing::All),
            _ => FilterNarrowing::Both(parts),
        }
    }

    /// Returns the filter's own conditions as sets of tags, of which a match has at least one each.
    fn tagged(&self, include_unknown: Option<bool>) -> Vec<FilterNarrowing<'a>> {
        let filter = self.filter;
        let keeps_unknown = include_unknown == Some(true);
        let or_silent = |mut tags: Vec<String>, condition| {
            tags.extend(keeps_unknown.then(|| ServiceTag::Unknown(condition).to_string()));
            FilterNarrowing::Tagged(tags)
        };
        let mut parts = Vec::new();
        parts.extend(
            filter
                .sources
                .as_ref()
                .map(|keys| words(keys.iter().map(ServiceTag::Source)))
                .map(FilterNarrowing::Tagged),
        );
        parts.extend(
            filter.location.iter().map(|id| FilterNarrowing::Tagged(words([ServiceTag::Location(id)]))),
        );
        parts.extend(filter.status.as_ref().map(|all| {
            let mut tags = words(all.iter().copied().map(ServiceTag::Status));
            // Services without a status are kept with the active ones, unless the client says otherwise.
            let takes_missing = include_unknown.is_none() && all.contains(&ServiceStatus::Active);
            tags.extend(takes_missing.then(|| ServiceTag::StatusMissing.to_string()));
            or_silent(tags, "status")
        }));
        parts.extend(
            filter
                .organization
                .iter()
                .map(|id| or_silent(words([ServiceTag::Organization(id)]), "organization")),
        );
        parts.extend(
            [&self.terms, &self.same_term]
                .into_iter()
                .flatten()
                .flat_map(|terms| terms.required())
                .map(|terms| or_silent(words(terms.iter().map(ServiceTag::Term)), "taxonomyTerms")),
        );
        let cells = filter.near.and_then(|near| near.cells());
        parts.extend(
            cells.map(|cells| or_silent(words(cells.iter().map(|cell| ServiceTag::Cell(cell))), "near")),
        );
        let cells = filter.within_box.and_then(|bounds| bounds.cells());
        parts.extend(
            cells.map(|cells| or_silent(words(cells.iter().map(|cell| ServiceTag::Cell(cell))), "near")),
        );
        let slots = filter.open.as_ref().and_then(|open| open.slots());
        parts.extend(slots.map(|slots| or_silent(slots.tags().collect(), "open")));
        let issues = filter.has_issue.as_ref().map(|asked| words(asked.codes().map(ServiceTag::Issue)));
        parts.extend(issues.map(FilterNarrowing::Tagged));
        parts.extend(
            filter.missing.iter().map(|one| FilterNarrowing::Tagged(words([ServiceTag::Missing(*one)]))),
        );
        // No tag says whether these facts are stated: if unknown results are kept, any service may match.
        if !keeps_unknown {
            parts.extend(stated(filter).map(FilterNarrowing::Tagged));
        }
        parts
    }
}

fn stated(filter: &ServiceFilter) -> impl Iterator<Item = Vec<String>> {
    let identifier = filter.organization_identifier.as_ref();
    let identifier = identifier.map(|identifier| words([ServiceTag::Identifier(identifier.bare_value())]));
    let languages =
        filter.languages.as_ref().map(|codes| words(codes.iter().copied().map(ServiceTag::Language)));
    let attending =
        filter.attending_types.as_ref().map(|kinds| words(kinds.iter().map(ServiceTag::Attending)));
    let capacity = filter.capacity.as_ref().and_then(free_or_full).map(|tag| words([tag]));
    [identifier, languages, attending, capacity].into_iter().flatten()
}

/// Returns the tag of services that meet the condition. Returns `None` if services without a tag may meet it.
fn free_or_full(asked: &CapacityFilter) -> Option<ServiceTag<'static>> {
    match asked.has_free_places {
        Some(false) => Some(ServiceTag::WithFullPlaces),
        Some(true) => Some(ServiceTag::WithFreePlaces),
        None => {
            asked.available_at_least.is_some_and(|least| least > 0.0).then_some(ServiceTag::WithFreePlaces)
        }
    }
}

fn words<'t>(tags: impl IntoIterator<Item = ServiceTag<'t>>) -> Vec<String> {
    tags.into_iter().map(|tag| tag.to_string()).collect()
}

fn either<'a>(parts: impl Iterator<Item = FilterNarrowing<'a>>) -> FilterNarrowing<'a> {
    let parts: Vec<_> = parts.collect();
    if parts.contains(&FilterNarrowing::All) { FilterNarrowing::All } else { FilterNarrowing::Either(parts) }
}
