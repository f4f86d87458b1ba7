//! Limits the number of open connections, in total and from one client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;
use metrics::{counter, gauge};

use crate::admission::ClientAddress;
use crate::telemetry;

/// The seats of a listener's connections.
pub(super) struct ConnectionSeats {
    listener: &'static str,
    most: usize,
    most_of_a_client: usize,
    taken: Mutex<TakenSeats>,
}

#[derive(Default)]
struct TakenSeats {
    all: usize,
    by_client: HashMap<ClientAddress, usize, RandomState>,
}

/// Why a connection is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SeatRefusal {
    /// All seats are taken.
    Full,
    /// The client has its maximum number.
    ClientHasEnough,
}

impl SeatRefusal {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Full => "max_connections",
            Self::ClientHasEnough => "max_connections_per_address",
        }
    }
}

impl ConnectionSeats {
    /// Creates the seats for a listener of this name. 0 means no limit.
    pub(super) fn new(listener: &'static str, most: usize, most_of_a_client: usize) -> Self {
        let cap = |most| if most == 0 { usize::MAX } else { most };
        let (most, most_of_a_client) = (cap(most), cap(most_of_a_client));
        Self { listener, most, most_of_a_client, taken: Mutex::default() }
    }

    /// Takes a seat, which is free again when dropped. If there is none, counts the connection as refused and returns
    /// why.
    pub(super) fn take(self: &Arc<Self>, client: ClientAddress) -> Result<ConnectionSeat, SeatRefusal> {
        self.count(client).inspect_err(|refusal| {
            let reason = refusal.label();
            counter!(telemetry::HTTP_CONNECTIONS_REFUSED, telemetry::LISTENER => self.listener,
                telemetry::REASON => reason)
            .increment(1);
        })?;
        gauge!(telemetry::HTTP_CONNECTIONS, telemetry::LISTENER => self.listener).increment(1.0);
        Ok(ConnectionSeat { seats: Arc::clone(self), client })
    }

    fn count(&self, client: ClientAddress) -> Result<(), SeatRefusal> {
        let mut taken = self.taken();
        if taken.all >= self.most {
            return Err(SeatRefusal::Full);
        }
        let of_client = taken.by_client.get(&client).copied().unwrap_or_default();
        if of_client >= self.most_of_a_client {
            return Err(SeatRefusal::ClientHasEnough);
        }
        taken.by_client.insert(client, of_client + 1);
        taken.all += 1;
        Ok(())
    }

    fn taken(&self) -> MutexGuard<'_, TakenSeats> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection's seat. Dropping it frees the seat, even if a handler panics.
pub(super) struct ConnectionSeat {
    seats: Arc<ConnectionSeats>,
    client: ClientAddress,
}

impl Drop for ConnectionSeat {
    fn drop(&mut self) {
        gauge!(telemetry::HTTP_CONNECTIONS, telemetry::LISTENER => self.seats.listener).decrement(1.0);
        let mut taken = self.seats.taken();
        taken.all = taken.all.saturating_sub(1);
        match taken.by_client.get_mut(&self.client) {
            Some(count) if *count > 1 => *count -= 1,
            // The entry is removed, or the map would grow with every client there ever was.
            _ => drop(taken.by_client.remove(&self.client)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(last: u8) -> ClientAddress {
        ClientAddress::at([192, 0, 2, last].into())
    }

    #[test]
    fn seats_are_bounded_in_all_and_for_each_client_and_free_again_once_left() {
        let seats = Arc::new(ConnectionSeats::new("main", 3, 2));
        let first = seats.take(client(1)).unwrap();
        let _second = seats.take(client(1)).unwrap();
        assert_eq!(seats.take(client(1)).err(), Some(SeatRefusal::ClientHasEnough));
        let other = seats.take(client(2)).unwrap();
        assert_eq!(seats.take(client(3)).err(), Some(SeatRefusal::Full));
        drop(first);
        let _third = seats.take(client(1)).unwrap();
        drop(other);
        assert_eq!(seats.taken().by_client.len(), 1, "a client that has left is forgotten");
        assert_eq!(seats.taken().all, 2);
    }

    #[test]
    fn zero_is_no_cap() {
        let seats = Arc::new(ConnectionSeats::new("main", 0, 0));
        let taken: Vec<_> = (0..1000).map(|_| seats.take(client(1)).unwrap()).collect();
        assert_eq!(seats.taken().all, taken.len());
    }

    #[test]
    fn a_panic_frees_the_seat() {
        let seats = Arc::new(ConnectionSeats::new("main", 1, 1));
        let seat = seats.take(client(1)).unwrap();
        let holding = std::panic::AssertUnwindSafe(move || {
            let _seat = seat;
            panic!("as asked");
        });
        std::panic::catch_unwind(holding).unwrap_err();
        assert!(seats.take(client(1)).is_ok());
    }
}
