//! A queue that is fair among clients, however much each puts into it.
//!
//! Each client's use is counted. The next item is the oldest one of the client that has used least. A client that was
//! idle starts level with the one served last, so no client can save up, and none has to catch up.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::ClientAddress;

/// Waiting items by client, with what each client holds and has used.
#[derive(Debug)]
pub(super) struct FairQueue<T> {
    lanes: HashMap<ClientAddress, ClientLane<T>>,
    /// The clients with waiting items, least used first.
    order: BTreeSet<(u64, ClientAddress)>,
    /// The use of the client served last.
    floor: u64,
    waiting: usize,
    held: u64,
    next_ticket: u64,
}

#[derive(Debug)]
struct ClientLane<T> {
    used: u64,
    held: u64,
    waiting: VecDeque<QueueEntry<T>>,
}

#[derive(Debug)]
struct QueueEntry<T> {
    ticket: u64,
    units: u64,
    is_begun: bool,
    item: T,
}

/// The units held when an item asks to be served.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeldUnits {
    /// By its client.
    pub(super) by_client: u64,
    /// In all.
    pub(super) in_all: u64,
}

/// When an item can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QueueFit {
    /// At once.
    Fits,
    /// Not while its client holds as much as it does.
    WaitsForItsClient,
    /// Not before units are returned; nothing may overtake it.
    WaitsForAll,
}

impl<T> FairQueue<T> {
    pub(super) fn new() -> Self {
        Self { lanes: HashMap::new(), order: BTreeSet::new(), floor: 0, waiting: 0, held: 0, next_ticket: 0 }
    }

    /// Returns the number of waiting items, of this client and in total.
    pub(super) fn waiting(&self, client: ClientAddress) -> (usize, usize) {
        (self.lanes.get(&client).map_or(0, |lane| lane.waiting.len()), self.waiting)
    }

    /// Returns the units held, by this client and in total.
    pub(super) fn held(&self, client: ClientAddress) -> HeldUnits {
        HeldUnits { by_client: self.lanes.get(&client).map_or(0, |lane| lane.held), in_all: self.held }
    }

    /// Gives a client units without waiting.
    pub(super) fn hold(&mut self, client: ClientAddress, units: u64) {
        self.lane(client).held += units;
        self.held += units;
    }

    /// Adds an item to the end of its client's lane. Returns a ticket for [`Self::remove`]. Items that have begun go
    /// before those that have not, because they hold memory until they end.
    pub(super) fn push(&mut self, client: ClientAddress, units: u64, is_begun: bool, item: T) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        let floor = self.floor;
        let lane = self.lane(client);
        if lane.waiting.is_empty() {
            lane.used = lane.used.max(floor);
        }
        let at =
            if is_begun { lane.waiting.partition_point(|entry| entry.is_begun) } else { lane.waiting.len() };
        lane.waiting.insert(at, QueueEntry { ticket, units, is_begun, item });
        let used = lane.used;
        self.order.insert((used, client));
        self.waiting += 1;
        ticket
    }

    /// Removes an item. Returns `false` if it has been served.
    pub(super) fn remove(&mut self, client: ClientAddress, ticket: u64) -> bool {
        let Some(lane) = self.lanes.get_mut(&client) else { return false };
        let Some(at) = lane.waiting.iter().position(|entry| entry.ticket == ticket) else { return false };
        lane.waiting.remove(at);
        self.waiting -= 1;
        self.settle(client);
        true
    }

    /// Serves the next item that fits; its client then holds its units.
    pub(super) fn pop(
        &mut self,
        fit: impl Fn(HeldUnits, u64) -> QueueFit,
    ) -> Option<(ClientAddress, u64, T)> {
        let mut next = None;
        for (_, client) in &self.order {
            let Some(entry) = self.lanes.get(client).and_then(|lane| lane.waiting.front()) else { continue };
            match fit(self.held(*client), entry.units) {
                QueueFit::Fits => next = Some(*client),
                QueueFit::WaitsForItsClient => continue,
                QueueFit::WaitsForAll => {}
            }
            break;
        }
        let client = next?;
        let lane = self.lanes.get_mut(&client)?;
        let QueueEntry { units, item, .. } = lane.waiting.pop_front()?;
        self.floor = self.floor.max(lane.used);
        self.waiting -= 1;
        self.hold(client, units);
        self.settle(client);
        Some((client, units, item))
    }

    /// Adds to a client's use.
    pub(super) fn charge(&mut self, client: ClientAddress, used: u64) {
        let Some(lane) = self.lanes.get_mut(&client) else { return };
        let was = lane.used;
        lane.used = lane.used.saturating_add(used);
        if self.order.remove(&(was, client)) {
            let now = lane.used;
            self.order.insert((now, client));
        }
    }

    /// Returns a client's units.
    pub(super) fn release(&mut self, client: ClientAddress, units: u64) {
        if let Some(lane) = self.lanes.get_mut(&client) {
            lane.held = lane.held.saturating_sub(units);
        }
        self.held = self.held.saturating_sub(units);
        self.settle(client);
    }

    fn lane(&mut self, client: ClientAddress) -> &mut ClientLane<T> {
        let floor = self.floor;
        self.lanes.entry(client).or_insert_with(|| ClientLane {
            used: floor,
            held: 0,
            waiting: VecDeque::new(),
        })
    }

    // A client without items or units is removed, so that memory does not grow with the number of past clients.
    fn settle(&mut self, client: ClientAddress) {
        let Some(lane) = self.lanes.get(&client) else { return };
        if !lane.waiting.is_empty() {
            return;
        }
        self.order.remove(&(lane.used, client));
        if lane.held == 0 {
            self.lanes.remove(&client);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(number: u8) -> ClientAddress {
        ClientAddress::at([192, 0, 2, number].into())
    }

    fn one_at_a_time(held: HeldUnits, _: u64) -> QueueFit {
        if held.in_all == 0 { QueueFit::Fits } else { QueueFit::WaitsForAll }
    }

    fn serve(queue: &mut FairQueue<&'static str>, used: u64) -> Option<&'static str> {
        let (client, units, item) = queue.pop(one_at_a_time)?;
        queue.charge(client, used);
        queue.release(client, units);
        Some(item)
    }

    #[test]
    fn whoever_has_used_least_goes_next() {
        let mut queue = FairQueue::new();
        for item in ["a1", "a2", "a3"] {
            queue.push(client(1), 1, false, item);
        }
        queue.push(client(2), 1, false, "b1");
        queue.push(client(2), 1, false, "b2");
        let served: Vec<_> = std::iter::from_fn(|| serve(&mut queue, 10)).collect();
        assert_eq!(served, ["a1", "b1", "a2", "b2", "a3"]);
        assert!(queue.lanes.is_empty() && queue.order.is_empty() && queue.held == 0 && queue.waiting == 0);
    }

    #[test]
    fn what_has_begun_goes_before_what_has_not_of_its_client_only() {
        let mut queue = FairQueue::new();
        queue.push(client(1), 1, false, "a new");
        queue.push(client(2), 1, false, "b new");
        queue.push(client(1), 1, true, "a begun");
        queue.push(client(1), 1, true, "a begun later");
        let served: Vec<_> = std::iter::from_fn(|| serve(&mut queue, 10)).collect();
        assert_eq!(served, ["a begun", "b new", "a begun later", "a new"]);
    }

    #[test]
    fn a_newcomer_neither_waits_for_the_past_nor_overtakes_for_ever() {
        let mut queue = FairQueue::new();
        (0..4).for_each(|_| {
            queue.push(client(1), 1, false, "old");
        });
        assert_eq!(serve(&mut queue, 1000), Some("old"));
        (0..4).for_each(|_| {
            queue.push(client(2), 1, false, "new");
        });
        assert_eq!(serve(&mut queue, 1000), Some("new"), "it has used less");
        let next: Vec<_> = (0..4).filter_map(|_| serve(&mut queue, 1000)).collect();
        assert_eq!(next.iter().filter(|item| **item == "old").count(), 2, "they share: {next:?}");
    }

    #[test]
    fn a_client_at_its_own_limit_is_passed_over_and_a_full_gate_is_not() {
        let mut queue = FairQueue::new();
        queue.hold(client(1), 5);
        queue.push(client(1), 1, false, "a");
        queue.charge(client(1), 0);
        queue.push(client(2), 8, false, "large");
        queue.push(client(3), 1, false, "small");
        let by_client = |held: HeldUnits, units| match held {
            HeldUnits { by_client, .. } if by_client + units > 5 && by_client > 0 => {
                QueueFit::WaitsForItsClient
            }
            HeldUnits { in_all, .. } if in_all + units > 10 => QueueFit::WaitsForAll,
            _ => QueueFit::Fits,
        };
        assert!(queue.pop(by_client).is_none(), "`small` does not overtake `large`");
        queue.release(client(1), 5);
        assert_eq!(queue.pop(by_client).map(|(.., item)| item), Some("a"));
    }

    #[test]
    fn what_is_taken_out_is_not_served() {
        let mut queue = FairQueue::new();
        let first = queue.push(client(1), 1, false, "first");
        queue.push(client(1), 1, false, "second");
        assert!(queue.remove(client(1), first) && !queue.remove(client(1), first));
        assert_eq!(queue.waiting(client(1)), (1, 1));
        assert_eq!(serve(&mut queue, 1), Some("second"));
        assert_eq!(serve(&mut queue, 1), None);
    }
}
