//! Events: what happens to gateways, their disks and clocks, the journal and the feeds.

use std::sync::atomic::Ordering;

use super::{SimulatedWorld, TWO_LEAD_FOR};
use crate::catalogue::journal::JournalFault;
use crate::catalogue::tests::simulated::doubt_a_record;
use crate::federation::tests::simulation::checks::Broken;
use crate::federation::tests::simulation::gateway::{DiskAfterKill, GatewayState, PLENTY};
use crate::federation::tests::simulation::script::{GATEWAYS, WorldEvent};

impl SimulatedWorld {
    pub(super) fn happen(&mut self, event: WorldEvent) -> Broken {
        self.note(&format!("{event:?}"));
        let now = self.now();
        match event {
            WorldEvent::Pause(one, long) => {
                self.gateways[one].pause(now);
                self.schedule(now + long, WorldEvent::Resume(one));
            }
            WorldEvent::Resume(one) => {
                self.gateways[one].resume(now);
                self.up_since[one] = now;
            }
            WorldEvent::Kill(one, disk, long) => self.kill(one, disk, long),
            WorldEvent::KillAppending(one, fault, ..) => {
                self.gateways[one].link.fail_append(Some(fault));
                self.dying.insert(one, event);
            }
            WorldEvent::Stop(one, long) => {
                self.gateways[one].stop();
                self.schedule(now + long, WorldEvent::Start(one));
            }
            WorldEvent::Start(one) => self.start(one),
            WorldEvent::Cut(one, long) => {
                self.gateways[one].link.cut(true);
                self.schedule(now + long, WorldEvent::Mend(one));
            }
            WorldEvent::Silence(one, long) => {
                self.gateways[one].link.silence(true);
                self.schedule(now + long, WorldEvent::Mend(one));
            }
            WorldEvent::Mend(one) => self.mend(one),
            WorldEvent::Outage(long) => (0..GATEWAYS).for_each(|one| {
                self.gateways[one].link.cut(true);
                self.schedule(now + long, WorldEvent::Mend(one));
            }),
            WorldEvent::Flaws(one, flaws) => self.gateways[one].link.fail_next(flaws),
            WorldEvent::Fill(one, long) => {
                self.gateways[one].free.store(0, Ordering::Relaxed);
                self.schedule(now + long, WorldEvent::Drain(one));
            }
            WorldEvent::Drain(one) => self.gateways[one].free.store(PLENTY, Ordering::Relaxed),
            WorldEvent::Skew(one, seconds) => self.gateways[one].skew.store(seconds, Ordering::Relaxed),
            WorldEvent::CopyStore(one) => self.gateways[one].copy_store(),
            WorldEvent::Damage(one) => {
                self.gateways[one].answering().iter().for_each(|one| doubt_a_record(&one.snapshot()));
            }
            WorldEvent::Upgrade(one) => self.upgrade(one),
            WorldEvent::Failover(long) => {
                self.backup = Some(self.journal.backup());
                self.schedule(now + long, WorldEvent::Restore);
            }
            WorldEvent::Restore => self.restore(),
            WorldEvent::Feed(one, deed) => self.feeds[one].does(deed),
        }
        self.note_decided()
    }

    pub(super) fn start(&mut self, one: usize) {
        if matches!(self.gateways[one].state, GatewayState::Down) {
            self.gateways[one].start();
            self.up_since[one] = self.now();
        }
    }

    pub(super) fn mend(&mut self, one: usize) {
        self.gateways[one].link.cut(false);
        self.gateways[one].link.silence(false);
    }

    pub(super) fn upgrade(&mut self, one: usize) {
        self.gateways[one].stop();
        if matches!(self.gateways[one].state, GatewayState::Down) {
            self.gateways[one].format = 2;
            self.start(one);
        }
    }

    fn kill(&mut self, one: usize, disk: DiskAfterKill, long: u64) {
        self.gateways[one].kill(disk);
        self.gateways[one].link.fail_append(None);
        self.dying.remove(&one);
        self.seen[one] = self.seen[one].filter(|_| disk == DiskAfterKill::Intact);
        if disk != DiskAfterKill::Intact {
            self.witnesses.remove(&one);
        }
        let back = self.now() + long;
        self.schedule(back, WorldEvent::Start(one));
    }

    /// Kills the gateways that were to be killed during an append and have reached it.
    pub(super) fn kill_the_dying(&mut self) {
        for (one, event) in self.dying.clone() {
            if let WorldEvent::KillAppending(_, fault, disk, long) = event
                && self.gateways[one].link.has_failed_append()
            {
                let has = if fault == JournalFault::Silent { "has" } else { "has not" };
                self.note(&format!("g{one} dies appending a step that the journal {has}"));
                self.kill(one, disk, long);
            }
        }
    }

    /// Restores the journal from its copy.
    fn restore(&mut self) {
        let Some(backup) = self.backup.take() else { return };
        self.journal.restore(backup);
        let (newest, chain) = self.journal.newest();
        self.writers.restored(newest, chain);
        self.two_may_lead_until = self.now() + TWO_LEAD_FOR;
        let kept = chain.and_then(|chain| self.copies.wanted(chain)).map_or(0, |content| content.sequence);
        let generation = self.journal.generation().map_or_else(String::new, |one| one.to_string());
        self.reader.journal_lost(&generation, kept);
        let ahead = |one: &usize| self.seen[*one].is_some_and(|(step, _)| step > newest);
        self.witnesses.extend((0..GATEWAYS).filter(ahead));
        self.note(&format!("the journal goes back to step {newest}"));
    }
}
