//! The world of a simulation: three gateways, a journal, six feeds and one clock. It moves them in small steps, makes
//! happen what the script says, and checks what it sees.

mod events;
mod looks;
mod settling;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

use super::checks::{Broken, CopyCheck, WriterCheck};
use super::feeds::{FEEDS, SimulatedFeed};
use super::gateway::{GatewaySurroundings, SimulatedGateway};
use super::reader::HoppingReader;
use super::script::{GATEWAYS, SimulationScript, WorldEvent};
use crate::catalogue::journal::{JournalBackup, MemoryJournal, StepChain, StepNumber};
use crate::model::InstantClock;

/// How far the world moves at a time, in milliseconds.
const TICK: u64 = 50;
/// The time between two looks at the copies, in milliseconds.
const LOOKS_EVERY: u64 = 5_000;
/// The time between two reads of changes, in milliseconds.
const READS_EVERY: u64 = 3_000;
/// How long two gateways may believe that they lead after the journal has gone back, in milliseconds: until the older
/// lease has run out.
const TWO_LEAD_FOR: u64 = 20_000;
/// How long a gateway may take to become ready, in milliseconds.
const READY_WITHIN: u64 = 90_000;

/// The log of a simulation. Shared, so that it survives a panic.
pub(super) type EventLog = Arc<Mutex<Vec<String>>>;

pub(super) struct SimulatedWorld {
    chance: ChaCha8Rng,
    /// Milliseconds since the simulation began.
    now: Arc<AtomicU64>,
    /// How far the clocks of all gateways are ahead of that, in seconds.
    ahead: Arc<AtomicI64>,
    script: SimulationScript,
    journal: MemoryJournal,
    feeds: Vec<Arc<SimulatedFeed>>,
    gateways: Vec<SimulatedGateway>,
    /// The time since which each gateway has been up.
    up_since: [u64; GATEWAYS],
    /// The place in the journal of each gateway's copy when it was last checked.
    seen: [Option<(StepNumber, StepChain)>; GATEWAYS],
    dying: BTreeMap<usize, WorldEvent>,
    /// Gateways that have steps which the journal has lost.
    witnesses: BTreeSet<usize>,
    pending: BTreeMap<(u64, u64), WorldEvent>,
    scheduled: u64,
    backup: Option<JournalBackup>,
    known_steps: usize,
    holders: Vec<Uuid>,
    leading: Vec<usize>,
    two_may_lead_until: u64,
    writers: WriterCheck,
    copies: CopyCheck,
    reader: HoppingReader,
    log: EventLog,
    home: tempfile::TempDir,
}

impl SimulatedWorld {
    pub(super) fn new(seed: u64, log: EventLog) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let script = SimulationScript::draw(&mut chance);
        let (now, ahead) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicI64::new(0)));
        let clock = Arc::clone(&now);
        let journal_clock = Arc::new(move || Duration::from_millis(clock.load(Ordering::Relaxed)));
        let journal = MemoryJournal::by(journal_clock, script.byte_counts_as);
        let feeds: Vec<_> =
            (0..FEEDS).map(|number| Arc::new(SimulatedFeed::new(number, &mut chance))).collect();
        let home = home();
        let mut world = Self {
            chance,
            now,
            ahead,
            journal,
            feeds,
            gateways: Vec::new(),
            up_since: [0; GATEWAYS],
            seen: [None; GATEWAYS],
            dying: BTreeMap::new(),
            witnesses: BTreeSet::new(),
            pending: BTreeMap::new(),
            scheduled: 0,
            backup: None,
            known_steps: 0,
            holders: Vec::new(),
            leading: Vec::new(),
            two_may_lead_until: 0,
            writers: WriterCheck::default(),
            copies: CopyCheck::default(),
            reader: HoppingReader::default(),
            script,
            log,
            home,
        };
        world.set_up();
        world
    }

    fn set_up(&mut self) {
        for number in 0..GATEWAYS {
            let gateway = self.gateway(number);
            self.gateways.push(gateway);
        }
        for (at, event) in self.script.events.clone() {
            self.schedule(at, event);
        }
    }

    fn gateway(&mut self, number: usize) -> SimulatedGateway {
        let skew = Arc::<AtomicI64>::default();
        let (now, ahead, own) = (Arc::clone(&self.now), Arc::clone(&self.ahead), Arc::clone(&skew));
        let clock = InstantClock::new(move || {
            let passed = TimeDelta::milliseconds(now.load(Ordering::Relaxed).cast_signed());
            let wrong = ahead.load(Ordering::Relaxed) + own.load(Ordering::Relaxed);
            crate::catalogue::tests::at(0) + passed + TimeDelta::seconds(wrong)
        });
        let link = self.journal.linked();
        link.tell(self.script.are_told[number]);
        let (mut chance, slowest) = (ChaCha8Rng::seed_from_u64(self.chance.random()), self.script.slowest);
        link.delay(Box::new(move || {
            let mut delay = || Duration::from_millis(chance.random_range(0..slowest));
            (delay(), delay())
        }));
        let around =
            GatewaySurroundings { home: self.home.path(), feeds: &self.feeds, every: self.script.every };
        let mut gateway = SimulatedGateway::new(number, &around, link, skew, clock);
        gateway.format = self.script.formats[number];
        gateway
    }

    /// Runs the script, and then continues until everything is as it should be.
    pub(super) fn run(&mut self) -> Broken {
        (0..GATEWAYS).for_each(|number| self.start(number));
        while self.now() < self.script.length {
            self.tick()?;
        }
        self.settle()
    }

    fn tick(&mut self) -> Broken {
        let mut order: [usize; GATEWAYS] = std::array::from_fn(|number| number);
        order.shuffle(&mut self.chance);
        for number in order {
            self.gateways[number].step(Duration::from_millis(TICK));
            self.note_decided()?;
        }
        self.now.fetch_add(TICK, Ordering::Relaxed);
        self.note_leading()?;
        self.kill_the_dying();
        let now = self.now();
        while let Some(entry) = self.pending.first_entry().filter(|entry| entry.key().0 <= now) {
            let event = entry.remove();
            self.happen(event)?;
        }
        if self.now().is_multiple_of(LOOKS_EVERY) {
            (0..GATEWAYS).try_for_each(|number| self.look_at(number))?;
        }
        if self.now().is_multiple_of(READS_EVERY) {
            self.read()?;
        }
        Ok(())
    }

    fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    fn schedule(&mut self, at: u64, event: WorldEvent) {
        self.scheduled += 1;
        self.pending.insert((at, self.scheduled), event);
    }

    fn note(&self, said: &str) {
        let (seconds, rest) = (self.now() / 1000, self.now() % 1000);
        self.log.lock().unwrap().push(format!("{seconds:>4}.{rest:03} {said}"));
    }
}

/// Creates a temporary directory, in memory if possible.
fn home() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}
