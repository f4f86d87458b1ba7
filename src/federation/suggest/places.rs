//! Places to suggest. They are sorted when they are first wanted, and again after addresses have taught new names.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use super::choose::NameShelf;
use super::names::{FixedName, FixedTable};
use super::{NameSuggester, SuggestedKind};
use crate::federation::QueryContext;
use crate::model::{NamedPlace, PlaceNames, PlaceOrigin};

/// The places as they were last sorted, with the names that they were sorted from.
#[derive(Default)]
pub(in crate::federation) struct PlaceShelf(Mutex<Option<OrderedPlaces>>);

type OrderedPlaces = (Weak<PlaceNames>, Arc<FixedTable>);

/// The longest time for which a suggestion waits for names from addresses.
const MOST_WAIT: Duration = Duration::from_millis(25);

/// One address weighs as much as this many postcodes, because people search where there are services.
const PER_ADDRESS: u32 = 10;

impl NameSuggester {
    /// Returns the known places in the order in which they are suggested. `None` if sorting them was interrupted.
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
