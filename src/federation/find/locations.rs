//! Lists of locations.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::RecordLists;
use super::{ServiceDistance, search_text};
use crate::federation::select::{RankedRecord, SelectedPage, select};
use crate::federation::source_matches::SourceMatches;
use crate::federation::{PageRequest, QueryContext, RecordPage, SourceReport};
use crate::model::{
    AskedPostcode, Coordinates, GeoBox, IdentifierFilter, IssueFilter, Location, LocationField, NearPoint,
    OrderBy, OrderKey, PostcodePlaces, Record as _, RichText, SearchText, SortOrder, SortPosition,
    SortPrefix, SortRank, SourceKey, TextQuery, TriState, place_of, wheelchair_accessible,
};

/// Conditions on locations. All that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct LocationFilter {
    /// The words that must occur in the names, description, directions or addresses.
    pub text: Option<TextQuery>,
    /// Keeps locations of these sources.
    pub sources: Option<BTreeSet<SourceKey>>,
    /// Keeps locations in this circle.
    pub near: Option<NearPoint>,
    /// Keeps locations in this box.
    pub within_box: Option<GeoBox>,
    /// Keeps locations with an address in this postcode, or in this district or sector.
    pub postcode: Option<AskedPostcode>,
    /// Keeps locations with this identifier of another scheme.
    pub external_identifier: Option<IdentifierFilter>,
    /// Whether a wheelchair user can get in (`true`) or cannot (`false`).
    pub wheelchair: Option<bool>,
    /// Keeps locations whose record has an issue like this.
    pub has_issue: Option<IssueFilter>,
    /// Keeps locations that leave out all of these fields.
    pub missing: Vec<LocationField>,
    /// Whether to keep locations that do not state a fact that the filter asks about.
    pub include_unknown: bool,
}

/// A page of locations, with each one's place in the order and distance.
#[derive(Debug)]
pub struct LocationPage {
    /// The page.
    pub connection: RecordPage<Arc<Location>>,
    /// The order it is in.
    pub order: SortOrder,
    /// The place and distance of each location of the page, in the same order.
    pub found: Vec<FoundLocation>,
}

/// The place in the order and the distance of one location.
#[derive(Clone, Debug)]
pub struct FoundLocation {
    /// The location's place in the order.
    pub position: SortPosition,
    /// How far away it is. `None` if the filter has no `near`, or the location's position is not known.
    pub distance: Option<ServiceDistance>,
}

impl LocationFilter {
    /// Returns the order of the matches: nearest first if the filter has `near`, otherwise by name.
    pub fn natural_order(&self) -> SortOrder {
        let by = if self.near.is_some() { OrderBy::Distance } else { OrderBy::Name };
        SortOrder { by, ..SortOrder::default() }
    }

    fn matches(&self, location: &Location, postcodes: &PostcodePlaces) -> bool {
        self.conditions(location, postcodes).into_iter().flatten().all(|outcome| match outcome {
            TriState::Yes => true,
            TriState::No => false,
            TriState::Unknown => self.include_unknown,
        })
    }

    /// Evaluates each condition, except the one on words. `None` if it is not given.
    fn conditions(&self, location: &Location, postcodes: &PostcodePlaces) -> [Option<TriState>; 7] {
        [
            self.postcode.as_ref().map(|wanted| has_postcode(location, wanted)),
            self.external_identifier.as_ref().map(|wanted| is_known_as(location, wanted)),
            self.wheelchair.map(|wanted| match wheelchair_accessible(location) {
                TriState::Unknown => TriState::Unknown,
                is => holds((is == TriState::Yes) == wanted),
            }),
            self.has_issue.as_ref().map(|asked| holds(asked.is_any_of("", &location.provenance.issues))),
            Some(holds(self.missing.iter().all(|field| field.is_missing_in(location)))),
            self.near.map(|near| lies_in(location, postcodes, |point| near.holds(point))),
            self.within_box.map(|bounds| lies_in(location, postcodes, |point| bounds.holds(point))),
        ]
    }
}

impl RecordLists {
    /// Lists locations over all sources.
    pub async fn locations(
        &self,
        filter: &LocationFilter,
        page: &PageRequest,
        asking: &QueryContext,
    ) -> LocationPage {
        let places = self.places.postcodes();
        let considered = self.considered_locations(filter, asking).await;
        let Some(near) = filter.near else {
            let connection = self.connect(considered.iter(), page);
            let by_name = |location: &Arc<Location>| FoundLocation {
                position: SortPosition::of(&**location),
                distance: None,
            };
            let found = connection.records.iter().map(by_name).collect();
            return LocationPage { connection, order: SortOrder::default(), found };
        };
        let order = filter.natural_order();
        let all = considered.iter().flat_map(|one| one.matches.as_slice());
        let all = all.map(|location| LocationCandidate::of(location, near, order, &places)).collect();
        let SelectedPage { candidates, has_next_page, has_previous_page } = select(all, order, page);
        let reports = self.reports(considered.iter());
        let total_count = SourceReport::total(&reports);
        let found = candidates.iter().map(LocationCandidate::found).collect();
        let records = candidates.into_iter().map(|one| Arc::clone(one.location)).collect();
        let connection = RecordPage { records, has_next_page, has_previous_page, total_count, reports };
        LocationPage { connection, order, found }
    }

    pub(in crate::federation) async fn considered_locations(
        &self,
        filter: &LocationFilter,
        asking: &QueryContext,
    ) -> Vec<SourceMatches<Location>> {
        let places = self.places.postcodes();
        let is_asked = |key: &SourceKey| filter.sources.as_ref().is_none_or(|keys| keys.contains(key));
        self.consider_each(is_asked, |source| async {
            let considered = self.holdings.list::<Location>(source, asking).await;
            let considered = considered.holding(filter.text.as_ref(), words).await;
            considered.retain(|location| filter.matches(location, &places)).await
        })
        .await
    }
}

struct LocationCandidate<'a> {
    location: &'a Arc<Location>,
    metres: Option<f64>,
    lead: SortPrefix,
}

impl<'a> LocationCandidate<'a> {
    fn of(
        location: &'a Arc<Location>,
        near: NearPoint,
        order: SortOrder,
        postcodes: &PostcodePlaces,
    ) -> Self {
        let metres = point_of(location, postcodes).map(|point| near.centre.metres_to(point));
        Self { location, metres, lead: order.lead(metres) }
    }

    fn found(&self) -> FoundLocation {
        let location = Some(self.location.id.clone());
        let distance = self.metres.map(|metres| ServiceDistance { metres, location });
        FoundLocation { position: self.rank().to_position(), distance }
    }
}

impl RankedRecord for LocationCandidate<'_> {
    fn rank(&self) -> SortRank<'_> {
        let order_key: &OrderKey = self.location.order_key();
        SortRank::new(self.lead, SortPrefix::of_name(order_key), order_key, &self.location.id)
    }
}

fn point_of(location: &Location, postcodes: &PostcodePlaces) -> Option<Coordinates> {
    place_of(location, postcodes).map(|(point, _)| point)
}

fn lies_in(location: &Location, postcodes: &PostcodePlaces, area: impl Fn(Coordinates) -> bool) -> TriState {
    match point_of(location, postcodes) {
        Some(point) => holds(area(point)),
        None => TriState::Unknown,
    }
}

fn has_postcode(location: &Location, wanted: &AskedPostcode) -> TriState {
    let mut postcodes = location.addresses.iter().filter_map(|address| address.postcode.as_ref()).peekable();
    if postcodes.peek().is_none() {
        return TriState::Unknown;
    }
    holds(postcodes.any(|postcode| wanted.holds(postcode)))
}

fn is_known_as(location: &Location, wanted: &IdentifierFilter) -> TriState {
    let scheme = location.external_identifier_type.as_deref();
    match &location.external_identifier {
        Some(value) => holds(wanted.is(scheme, value)),
        None => TriState::Unknown,
    }
}

fn words(location: &Location) -> SearchText {
    let Location { name, alternate_name, description, transportation, .. } = location;
    let mut fields = vec![
        name.as_deref(),
        alternate_name.as_deref(),
        description.as_ref().map(RichText::text),
        transportation.as_deref(),
    ];
    for address in &location.addresses {
        let lines = [&address.address_1, &address.address_2, &address.city, &address.postal_code];
        fields.extend(lines.map(|line| line.as_deref()));
    }
    search_text(&fields)
}

fn holds(it: bool) -> TriState {
    if it { TriState::Yes } else { TriState::No }
}
