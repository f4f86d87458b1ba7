//! A journal in memory, for tests, with its own clock and injected faults.

mod kept;
mod link;
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

use kept::{KeptJournal, SEEN_WITHIN};
use link::JournalLink;

pub(crate) use link::{JournalFault, LinkDelays};

use super::{
    AppendOutcome, DecidedStep, HeldLease, JournalBytes, JournalCatalogue, JournalError, JournalMember,
    JournalStretch, LeaseEpoch, NewStep, SnapshotAt, StepChain, StepJournal, StepNumber,
};

/// A link to a journal in memory. Faults set on this link do not affect other links.
#[derive(Clone)]
pub(crate) struct MemoryJournal {
    kept: Arc<Mutex<KeptJournal>>,
    /// Every step ever appended, including those that the journal has lost.
    appended: Arc<Mutex<Vec<NewStep>>>,
    news: Arc<Notify>,
    clock: JournalClock,
    /// The factor by which sizes are multiplied, so that a snapshot is due after little data.
    byte_counts_as: u64,
    link: Arc<Mutex<JournalLink>>,
}

/// Returns the time since the journal was created, by its own clock.
pub(crate) type JournalClock = Arc<dyn Fn() -> Duration + Send + Sync>;

/// An earlier state of the journal, to be restored: like a failover to a server that lacks the last commits.
#[derive(Clone, Debug)]
pub(crate) struct JournalBackup(KeptJournal);

impl Default for MemoryJournal {
    fn default() -> Self {
        let began = Instant::now();
        Self::by(Arc::new(move || began.elapsed()), 1)
    }
}

impl fmt::Debug for MemoryJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryJournal").finish_non_exhaustive()
    }
}

impl MemoryJournal {
    /// Creates a journal with its own clock, in which each byte counts as `byte_counts_as` bytes.
    pub(crate) fn by(clock: JournalClock, byte_counts_as: u64) -> Self {
        let (kept, appended, news, link) = Default::default();
        Self { kept, appended, news, clock, byte_counts_as, link }
    }

    /// Returns another link to the same journal.
    pub(crate) fn linked(&self) -> Self {
        Self { link: Arc::default(), ..self.clone() }
    }

    /// Cuts this link, or restores it. Requests over a cut link fail.
    pub(crate) fn cut(&self, is_cut: bool) {
        self.link().is_cut = is_cut;
    }

    /// Silences this link, or restores it. Requests over a silent link are lost and never return.
    pub(crate) fn silence(&self, is_silent: bool) {
        self.link().is_silent = is_silent;
    }

    /// Sets whether this link is notified of new steps.
    pub(crate) fn tell(&self, is_told: bool) {
        self.link().is_told = is_told;
    }

    /// Sets the faults of the next requests over this link, in order.
    pub(crate) fn fail_next(&self, faults: impl IntoIterator<Item = JournalFault>) {
        self.link().faults.extend(faults);
    }

    /// Sets the fault of the next append over this link.
    pub(crate) fn fail_append(&self, fault: Option<JournalFault>) {
        (self.link().append_fault, self.link().has_failed_append) = (fault, false);
    }

    /// Returns whether the fault set by [`Self::fail_append`] has occurred.
    pub(crate) fn has_failed_append(&self) -> bool {
        self.link().has_failed_append
    }

    /// Clears the faults set by [`Self::fail_next`].
    pub(crate) fn forgive(&self) {
        self.link().faults.clear();
    }

    /// Sets how long requests over this link take.
    pub(crate) fn delay(&self, delays: LinkDelays) {
        self.link().delays = Some(delays);
    }

    /// Sets the format of steps that the gateway at this link reads and writes, instead of this release's.
    pub(crate) fn speak(&self, format: u8) {
        self.link().format = Some(format);
    }

    /// Returns a copy of the journal as it stands.
    pub(crate) fn backup(&self) -> JournalBackup {
        JournalBackup(self.kept().clone())
    }

    /// Replaces the journal's state with an earlier one.
    pub(crate) fn restore(&self, backup: JournalBackup) {
        *self.kept() = backup.0;
    }

    /// Returns every step that the journal has, with the lease under which it was decided.
    pub(in crate::catalogue) fn decided(&self) -> Vec<(DecidedStep, HeldLease)> {
        self.kept().steps.values().cloned().collect()
    }

    /// Returns the steps ever appended except the first `known`, including those that the journal has lost.
    pub(crate) fn appended_after(&self, known: usize) -> Vec<NewStep> {
        let appended = self.appended.lock().unwrap_or_else(PoisonError::into_inner);
        appended.iter().skip(known).cloned().collect()
    }

    /// Returns the number and the chain of the newest step.
    pub(crate) fn newest(&self) -> (StepNumber, Option<StepChain>) {
        let kept = self.kept();
        let newest = kept.newest();
        (newest, kept.after(newest, 0).chain)
    }

    /// Returns the generation of the catalogue. `None` if the journal has not been begun.
    pub(crate) fn generation(&self) -> Option<Uuid> {
        self.kept().catalogue.as_ref().map(|catalogue| catalogue.generation)
    }

    fn kept(&self) -> MutexGuard<'_, KeptJournal> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn link(&self) -> MutexGuard<'_, JournalLink> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request over the link, which may fail it.
    fn ask<'j, T: Send + 'j>(
        &'j self,
        work: impl FnOnce(&mut KeptJournal) -> T + Send + 'j,
    ) -> BoxFuture<'j, Result<T, JournalError>> {
        let fault = self.link().next_fault();
        self.ask_with(fault, work)
    }

    fn ask_with<'j, T: Send + 'j>(
        &'j self,
        fault: JournalFault,
        work: impl FnOnce(&mut KeptJournal) -> T + Send + 'j,
    ) -> BoxFuture<'j, Result<T, JournalError>> {
        Box::pin(async move {
            let failed =
                || JournalError::Unreachable { place: self.place(), reason: "the link is cut".to_owned() };
            let (there, back) = self.link().next_delays();
            link::wait(there).await;
            match fault {
                JournalFault::Lost => return Err(failed()),
                JournalFault::Swallowed => return std::future::pending().await,
                JournalFault::Unanswered | JournalFault::Silent | JournalFault::None => {}
            }
            let done = work(&mut self.kept());
            link::wait(back).await;
            match fault {
                JournalFault::Unanswered => Err(failed()),
                JournalFault::Silent => std::future::pending().await,
                _ => Ok(done),
            }
        })
    }
}

impl StepJournal for MemoryJournal {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    fn claim<'j>(&'j self, me: &'j JournalMember) -> BoxFuture<'j, Result<Option<LeaseEpoch>, JournalError>> {
        let me = JournalMember { format: self.link().format.unwrap_or(me.format), ..me.clone() };
        self.ask(move |kept| kept.claim(&me, (self.clock)()))
    }

    fn leave(&self, member: Uuid) -> BoxFuture<'_, Result<(), JournalError>> {
        self.ask(move |kept| {
            kept.members.remove(&member);
            kept.lease = kept.lease.filter(|(held, _)| held.holder != member);
        })
    }

    fn begin<'j>(
        &'j self,
        lease: HeldLease,
        catalogue: &'j JournalCatalogue,
    ) -> BoxFuture<'j, Result<bool, JournalError>> {
        self.ask(move |kept| kept.begin(lease, catalogue))
    }

    fn regenerate(&self, from: Uuid, to: Uuid) -> BoxFuture<'_, Result<(), JournalError>> {
        self.ask(move |kept| {
            let named = kept.catalogue.as_mut().filter(|catalogue| catalogue.generation == from);
            named.into_iter().for_each(|catalogue| catalogue.generation = to);
        })
    }

    fn append<'j>(&'j self, step: &'j NewStep) -> BoxFuture<'j, Result<AppendOutcome, JournalError>> {
        let mut link = self.link();
        let fault = link.next_append_fault();
        let step = NewStep { bytes: link.written(step.bytes.clone()), ..step.clone() };
        drop(link);
        self.ask_with(fault, move |kept| {
            let outcome = kept.append(&step);
            if outcome == AppendOutcome::Decided {
                self.appended.lock().unwrap_or_else(PoisonError::into_inner).push(step);
            }
            self.news.notify_waiters();
            outcome
        })
    }

    fn after(&self, step: StepNumber, most: usize) -> BoxFuture<'_, Result<JournalStretch, JournalError>> {
        self.ask(move |kept| {
            let mut stretch = kept.after(step, most);
            stretch.steps.iter_mut().for_each(|step| self.link().read(&mut step.bytes));
            stretch
        })
    }

    fn snapshot(&self) -> BoxFuture<'_, Result<Option<SnapshotAt>, JournalError>> {
        self.ask(|kept| kept.snapshots.last().copied())
    }

    fn part(&self, step: StepNumber, part: u32) -> BoxFuture<'_, Result<Option<Vec<u8>>, JournalError>> {
        self.ask(move |kept| {
            let mut part = kept.parts.get(&(step, part)).cloned();
            part.iter_mut().for_each(|part| self.link().read(part));
            part
        })
    }

    fn put_part(
        &self,
        step: StepNumber,
        part: u32,
        bytes: Vec<u8>,
    ) -> BoxFuture<'_, Result<(), JournalError>> {
        let bytes = self.link().written(bytes);
        self.ask(move |kept| drop(kept.parts.insert((step, part), bytes)))
    }

    fn complete(&self, lease: HeldLease, snapshot: SnapshotAt) -> BoxFuture<'_, Result<bool, JournalError>> {
        self.ask(move |kept| kept.complete(lease, snapshot))
    }

    fn bytes(&self) -> BoxFuture<'_, Result<JournalBytes, JournalError>> {
        self.ask(|kept| {
            let last = kept.snapshots.last();
            let after = last.map_or(0, |last| last.step);
            let since = kept.steps.range(after + 1..).map(|(_, (step, _))| step.bytes.len() as u64);
            let (snapshot, since) = (last.map_or(0, |last| last.bytes), since.sum::<u64>());
            let counted = |bytes: u64| bytes.saturating_mul(self.byte_counts_as);
            JournalBytes { snapshot: counted(snapshot), since: counted(since) }
        })
    }

    fn members(&self) -> BoxFuture<'_, Result<Vec<JournalMember>, JournalError>> {
        self.ask(|kept| {
            let now = (self.clock)();
            let live = kept.members.values().filter(|(_, seen)| now.saturating_sub(*seen) < SEEN_WITHIN);
            live.map(|(member, _)| member.clone()).collect()
        })
    }

    fn changed(&self) -> BoxFuture<'_, ()> {
        if !self.link().is_told {
            return Box::pin(std::future::pending());
        }
        Box::pin(self.news.notified())
    }
}
