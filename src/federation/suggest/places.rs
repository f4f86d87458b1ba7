//! Places to suggest: those that are known by name, put in order when they are first wanted and again once addresses have
//! taught others.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use super::choose::NameShelf;
use super::names::{FixedName, FixedTable};
use super::{NameSuggester, SuggestedKind};
use crate::federation::QueryContext;
use crate::model::{NamedPlace, PlaceNames, PlaceOrigin};

/// The places as they were put in order last, and of which names.
#[derive(Default)]
pub(in crate::federation) struct PlaceShelf(Mutex<Option<OrderedPlaces>>);

type OrderedPlaces = (Weak<PlaceNames>, Arc<FixedTable>);

/// How long a suggestion waits for what addresses teach.
const MOST_WAIT: Duration = Duration::from_millis(25);

/// An address counts as much as so many postcodes: where there are services is where people ask for.
const PER_ADDRESS: u32 = 10;

impl NameSuggester {
    /// The places that are known by now, in the order in which they are suggested.
    pub(super) async fn place_names_in_order(&self, asking: &QueryContext) -> Option<NameShelf> {
        self.places.know_names_within(MOST_WAIT, asking).await;
        let names = self.places.names();
        let of_names = |(of, _): &&OrderedPlaces| Weak::as_ptr(of) == Arc::as_ptr(&names);
        let known = self.place_shelf.held().as_ref().filter(of_names).map(|(_, table)| Arc::clone(table));
        let table = match known {
            Some(table) => table,
            None => {
                let wanted = Arc::clone(&names);
                let table = asking.off_thread(move |_| Arc::new(in_order(&wanted))).await?;
                *self.place_shelf.held() = Some((Arc::downgrade(&names), Arc::clone(&table)));
                table
            }
        };
        Some(NameShelf { kind: SuggestedKind::Place, table })
    }
}

impl PlaceShelf {
    fn held(&self) -> std::sync::MutexGuard<'_, Option<OrderedPlaces>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn in_order(names: &PlaceNames) -> FixedTable {
    let each = names.offered().into_iter().map(|place| FixedName {
        text: place.ask_as.to_string(),
        kind: SuggestedKind::Place,
        ask: place.ask_as.to_string(),
        weight: weight(&place),
    });
    FixedTable::of(each.collect())
}

fn weight(place: &NamedPlace) -> u32 {
    let size = place.size.unwrap_or(0);
    let is_learnt = place.known_from == [PlaceOrigin::Addresses];
    if is_learnt { size.saturating_mul(PER_ADDRESS) } else { size }
}
