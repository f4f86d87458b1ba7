//! A gateway under test. It has a runtime of its own, whose clock moves only when the world moves it, so that the
//! gateway can be paused, or killed and started again from its disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use url::Url;

use super::feeds::SimulatedFeed;
use crate::catalogue::StoredCatalogue;
use crate::catalogue::journal::MemoryJournal;
use crate::catalogue::tests::simulated::{open_simulated, store_file};
use crate::config::{PrivacySettings, SourceSettings};
use crate::model::InstantClock;
use crate::source::SourceServices;
use crate::sync::SourceSynchroniser;

/// Enough space for everything.
pub(super) const PLENTY: u64 = 1 << 40;

/// What a gateway finds on its disk when it starts again after being killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DiskAfterKill {
    /// Everything that it had written.
    Intact,
    /// The store as it was last copied: the disk lost all later writes.
    LostWrites,
    /// A store with a damaged page.
    Torn,
    /// Nothing.
    Empty,
}

pub(super) struct SimulatedGateway {
    pub(super) number: usize,
    pub(super) link: MemoryJournal,
    pub(super) free: Arc<AtomicU64>,
    /// How far its clock is ahead, in seconds.
    pub(super) skew: Arc<AtomicI64>,
    pub(super) format: u8,
    pub(super) state: GatewayState,
    clock: InstantClock,
    services: SourceServices,
    feeds: Vec<Arc<SimulatedFeed>>,
    every: Duration,
    home: PathBuf,
    runs: usize,
    /// A copy of its store.
    copied: Option<PathBuf>,
}

pub(super) enum GatewayState {
    Up(RunningGateway),
    /// The time at which it was paused, in milliseconds of the world, comes second.
    Paused(RunningGateway, u64),
    Down,
}

pub(super) struct RunningGateway {
    pub(super) catalogue: StoredCatalogue,
    runtime: Runtime,
}

/// What all gateways of a world share.
pub(super) struct GatewaySurroundings<'w> {
    pub(super) home: &'w Path,
    pub(super) feeds: &'w [Arc<SimulatedFeed>],
    pub(super) every: Duration,
}

impl SimulatedGateway {
    pub(super) fn new(
        number: usize,
        around: &GatewaySurroundings<'_>,
        link: MemoryJournal,
        skew: Arc<AtomicI64>,
        clock: InstantClock,
    ) -> Self {
        Self {
            number,
            link,
            free: Arc::new(AtomicU64::new(PLENTY)),
            skew,
            format: 1,
            state: GatewayState::Down,
            services: SourceServices::new(1 << 20, clock.clone()),
            clock,
            feeds: around.feeds.to_vec(),
            every: around.every,
            home: around.home.to_owned(),
            runs: 0,
            copied: None,
        }
    }

    /// Returns the catalogue. `None` if the gateway is paused or down.
    pub(super) fn answering(&self) -> Option<&StoredCatalogue> {
        self.running().map(|running| &running.catalogue)
    }

    /// Returns whether it believes that it leads.
    pub(super) fn leads(&self) -> bool {
        // Leases are counted by the clock of its runtime.
        self.running().is_some_and(|running| {
            let _in_its_time = running.runtime.enter();
            running.catalogue.leads()
        })
    }

    /// Returns whether it is ready for queries.
    pub(super) fn is_settled(&self) -> bool {
        let standing = self.running().and_then(|running| running.catalogue.standing());
        standing.is_some_and(|standing| standing.is_settled)
    }

    fn running(&self) -> Option<&RunningGateway> {
        if let GatewayState::Up(running) = &self.state { Some(running) } else { None }
    }

    /// Runs it for this much of its time.
    pub(super) fn step(&self, time: Duration) {
        if let GatewayState::Up(running) = &self.state {
            running.runtime.block_on(async move { tokio::time::sleep(time).await });
        }
    }

    pub(super) fn start(&mut self) {
        if !matches!(self.state, GatewayState::Down) {
            return;
        }
        self.link.speak(self.format);
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let name = format!("g{}", self.number);
        let opening = open_simulated(
            self.directory(),
            Arc::clone(&self.free),
            self.clock.clone(),
            self.link.clone(),
            &name,
        );
        let catalogue = runtime.block_on(opening).expect("the catalogue opens");
        let source = |feed: &Arc<SimulatedFeed>| {
            let url = Url::parse(&format!("http://{}.example/", feed.key)).unwrap();
            let settings = SourceSettings::new(feed.key.clone(), url);
            Arc::new(
                self.services.source(&settings, &PrivacySettings::default()).scripted(Arc::clone(feed) as _),
            )
        };
        let sources = self.feeds.iter().map(source).collect();
        let synchroniser = SourceSynchroniser::new(sources, &catalogue, self.every, &self.clock);
        runtime.spawn(async move { synchroniser.keep_up().await });
        self.state = GatewayState::Up(RunningGateway { catalogue, runtime });
    }

    /// Shuts it down in an orderly way.
    pub(super) fn stop(&mut self) {
        if let GatewayState::Up(running) = &self.state {
            running.runtime.block_on(running.catalogue.close());
            self.state = GatewayState::Down;
        }
    }

    pub(super) fn pause(&mut self, now: u64) {
        self.state = match std::mem::replace(&mut self.state, GatewayState::Down) {
            GatewayState::Up(running) => GatewayState::Paused(running, now),
            other => other,
        };
    }

    /// Lets it continue. For the gateway, the time that it missed passes in a moment.
    pub(super) fn resume(&mut self, now: u64) {
        self.state = match std::mem::replace(&mut self.state, GatewayState::Down) {
            GatewayState::Paused(running, since) => {
                let missed = Duration::from_millis(now - since);
                running.runtime.block_on(async move { tokio::time::advance(missed).await });
                GatewayState::Up(running)
            }
            other => other,
        };
    }

    /// Ends it in the middle of whatever it does.
    pub(super) fn kill(&mut self, disk: DiskAfterKill) {
        if matches!(self.state, GatewayState::Down) {
            return;
        }
        let before = self.directory();
        self.runs += 1;
        let after = self.directory();
        // The files are copied first, because what is written while the gateway is dropped must not count.
        match disk {
            DiskAfterKill::Empty => {}
            _ => copy_all(&before, &after),
        }
        match (disk, &self.copied) {
            (DiskAfterKill::LostWrites, Some(copied)) => drop(fs::copy(copied, store_file(&after)).unwrap()),
            (DiskAfterKill::Torn, _) => tear(&store_file(&after)),
            _ => {}
        }
        self.state = GatewayState::Down;
        let _ = fs::remove_dir_all(before);
    }

    /// Copies its store as it is on the disk.
    pub(super) fn copy_store(&mut self) {
        let copy = self.home.join(format!("g{}-copy", self.number));
        if fs::copy(store_file(&self.directory()), &copy).is_ok() {
            self.copied = Some(copy);
        }
    }

    fn directory(&self) -> PathBuf {
        self.home.join(format!("g{}-{}", self.number, self.runs))
    }
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_all(&entry.path(), &to),
            // Files of the index may disappear while they are copied.
            false => drop(fs::copy(entry.path(), to)),
        }
    }
}

/// Damages a page in the middle of the file.
fn tear(file: &Path) {
    let Ok(mut bytes) = fs::read(file) else { return };
    let from = bytes.len() / 2;
    bytes.iter_mut().skip(from).take(4096).for_each(|byte| *byte ^= 0x5A);
    fs::write(file, bytes).unwrap();
}
