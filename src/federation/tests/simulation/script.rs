//! What happens in a simulation, and when. All of it is drawn from the seed before the simulation begins.

use std::time::Duration;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::feeds::{FEEDS, FeedDeed};
use super::gateway::DiskAfterKill;
use crate::catalogue::journal::JournalFault;

/// The number of gateways.
pub(super) const GATEWAYS: usize = 3;
/// The time before which nothing goes wrong, in milliseconds.
const QUIET: u64 = 8_000;

/// Something that happens. Times are in milliseconds, unless stated otherwise.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum WorldEvent {
    /// A gateway is paused for this long.
    Pause(usize, u64),
    Resume(usize),
    /// A gateway is killed, and started again after this long.
    Kill(usize, DiskAfterKill, u64),
    /// A gateway is killed between the append of its next step and its commit, and started again after this long.
    KillAppending(usize, JournalFault, DiskAfterKill, u64),
    /// A gateway is shut down in an orderly way, and started again after this long.
    Stop(usize, u64),
    Start(usize),
    /// A gateway's requests to the journal fail at once, for this long.
    Cut(usize, u64),
    /// A gateway's requests to the journal get no response, for this long.
    Silence(usize, u64),
    Mend(usize),
    /// The journal is down for this long.
    Outage(u64),
    /// The faults of a gateway's next requests to the journal.
    Flaws(usize, Vec<JournalFault>),
    /// A gateway's disk is full for this long.
    Fill(usize, u64),
    Drain(usize),
    /// A gateway's clock is wrong by this many seconds.
    Skew(usize, i64),
    /// A gateway's store is copied. A disk that loses writes goes back to the last copy.
    CopyStore(usize),
    /// A record of a gateway's copy becomes unreadable.
    Damage(usize),
    /// A gateway is shut down, and started again with the newer release.
    Upgrade(usize),
    /// The journal is copied, and goes back to that copy after this long.
    Failover(u64),
    Restore,
    Feed(usize, FeedDeed),
}

/// Everything that is drawn from a seed.
#[derive(Clone, Debug)]
pub(super) struct SimulationScript {
    pub(super) every: Duration,
    pub(super) byte_counts_as: u64,
    /// Which gateways are notified of new steps at once.
    pub(super) are_told: [bool; GATEWAYS],
    pub(super) formats: [u8; GATEWAYS],
    /// The longest time that one way of a request to the journal takes, in milliseconds.
    pub(super) slowest: u64,
    pub(super) events: Vec<(u64, WorldEvent)>,
    pub(super) length: u64,
}

impl SimulationScript {
    pub(super) fn draw(chance: &mut ChaCha8Rng) -> Self {
        let length = chance.random_range(45_000..85_000);
        let has_two_releases = chance.random_ratio(1, 3);
        let mut formats = [1; GATEWAYS];
        if has_two_releases {
            formats[chance.random_range(0..GATEWAYS)] = 2;
        }
        let mut script = Self {
            every: Duration::from_secs(chance.random_range(15..35)),
            byte_counts_as: chance.random_range(50..1500),
            are_told: std::array::from_fn(|_| chance.random_ratio(1, 2)),
            formats,
            slowest: [5, 60, 400][chance.random_range(0..3)],
            events: Vec::new(),
            length,
        };
        script.draw_deeds(chance);
        script.draw_faults(chance, has_two_releases);
        script.events.sort_by_key(|(at, _)| *at);
        script
    }

    fn draw_deeds(&mut self, chance: &mut ChaCha8Rng) {
        let mut at = 0;
        loop {
            at += chance.random_range(800..5_000);
            if at >= self.length {
                return;
            }
            let feed = chance.random_range(0..FEEDS);
            let deed = match chance.random_range(0..100) {
                0..30 => FeedDeed::Adds,
                30..55 => FeedDeed::Changes,
                55..80 => FeedDeed::Removes,
                80..88 => FeedDeed::RenamesProvider,
                88..91 => FeedDeed::RemovesProvider,
                91..94 => FeedDeed::GoesDown,
                _ => FeedDeed::BreaksOffAt(chance.random_range(2..4)),
            };
            self.events.push((at, WorldEvent::Feed(feed, deed)));
            if matches!(deed, FeedDeed::GoesDown | FeedDeed::BreaksOffAt(_)) {
                let back = at + chance.random_range(2_000..40_000);
                self.events.push((back, WorldEvent::Feed(feed, FeedDeed::Answers)));
            }
        }
    }

    fn draw_faults(&mut self, chance: &mut ChaCha8Rng, has_two_releases: bool) {
        let mut at = QUIET;
        loop {
            at += chance.random_range(2_000..12_000);
            if at >= self.length {
                return;
            }
            let one = chance.random_range(0..GATEWAYS);
            let long = chance.random_range(2_000..40_000);
            let event = match chance.random_range(0..100) {
                0..14 => WorldEvent::Pause(one, long),
                14..26 => {
                    let disk = self.draw_disk(chance, one, at);
                    WorldEvent::Kill(one, disk, long / 2)
                }
                26..40 => {
                    let fault = [JournalFault::Silent, JournalFault::Swallowed][chance.random_range(0..2)];
                    let disk = self.draw_disk(chance, one, at);
                    WorldEvent::KillAppending(one, fault, disk, long / 2)
                }
                40..46 => WorldEvent::Stop(one, long / 2),
                46..54 => WorldEvent::Cut(one, long),
                54..62 => WorldEvent::Silence(one, long),
                62..66 => WorldEvent::Outage(long),
                66..72 => WorldEvent::Fill(one, long),
                72..79 => WorldEvent::Skew(one, [-3600, 0, 3600, 1800][chance.random_range(0..4)]),
                79..86 => WorldEvent::Failover(chance.random_range(100..15_000)),
                86..89 => WorldEvent::Damage(one),
                89..93 if has_two_releases => WorldEvent::Upgrade(one),
                _ => WorldEvent::Flaws(one, draw_flaws(chance)),
            };
            self.events.push((at, event));
        }
    }

    fn draw_disk(&mut self, chance: &mut ChaCha8Rng, gateway: usize, at: u64) -> DiskAfterKill {
        match chance.random_range(0..10) {
            0..5 => DiskAfterKill::Intact,
            5..8 => {
                let before = at.saturating_sub(chance.random_range(50..6_000));
                self.events.push((before, WorldEvent::CopyStore(gateway)));
                DiskAfterKill::LostWrites
            }
            8 => DiskAfterKill::Torn,
            _ => DiskAfterKill::Empty,
        }
    }
}

fn draw_flaws(chance: &mut ChaCha8Rng) -> Vec<JournalFault> {
    let each = |_| match chance.random_range(0..5) {
        0 => JournalFault::Lost,
        1 => JournalFault::Unanswered,
        2 => JournalFault::Silent,
        _ => JournalFault::None,
    };
    (0..10).map(each).collect()
}
