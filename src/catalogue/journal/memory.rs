//! A journal in memory, for tests, with its own clock and injected faults.

mod link;
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

use link::JournalLink;

pub(crate) use link::{JournalFault, LinkDelays};

use super::{
    AppendOutcome, DecidedStep, HeldLease, JournalBytes, JournalCatalogue, JournalError, JournalMember,
    JournalStretch, LeaseEpoch, NewStep, SnapshotAt, StepChain, StepJournal, StepNumber,
};

/// How long a lease is valid.
const LEASE: Duration = Duration::from_secs(15);
/// How long a member counts as live after it was last seen.
const SEEN_WITHIN: Duration = Duration::from_secs(30);

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

#[derive(Clone, Debug, Default)]
struct KeptJournal {
    catalogue: Option<JournalCatalogue>,
    lease: Option<(HeldLease, Duration)>,
    epoch: LeaseEpoch,
    steps: BTreeMap<StepNumber, (DecidedStep, HeldLease)>,
    parts: BTreeMap<(StepNumber, u32), Vec<u8>>,
    snapshots: Vec<SnapshotAt>,
    members: BTreeMap<Uuid, (JournalMember, Duration)>,
}

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

impl KeptJournal {
    fn is_held(&self, lease: HeldLease) -> bool {
        self.lease.is_some_and(|(held, _)| held == lease)
    }

    fn newest(&self) -> StepNumber {
        let last = self.steps.last_key_value().map_or(0, |(number, _)| *number);
        last.max(self.snapshots.last().map_or(0, |last| last.step))
    }

    fn claim(&mut self, me: &JournalMember, now: Duration) -> Option<LeaseEpoch> {
        self.members.insert(me.id, (me.clone(), now));
        let holds = self.lease.is_some_and(|(held, _)| held.holder == me.id);
        let is_free = self.lease.is_none_or(|(_, until)| until < now);
        let has_odd_rules = self.catalogue.as_ref().is_some_and(|catalogue| catalogue.rules != me.rules);
        let goes_first = |(member, seen): &(JournalMember, Duration)| {
            let is_other = member.format < me.format || has_odd_rules && member.rules != me.rules;
            is_other && now.saturating_sub(*seen) < SEEN_WITHIN
        };
        if !me.may_lead || !holds && (!is_free || self.members.values().any(goes_first)) {
            return None;
        }
        self.epoch += LeaseEpoch::from(!holds);
        self.lease = Some((HeldLease { holder: me.id, epoch: self.epoch }, now + LEASE));
        Some(self.epoch)
    }

    fn append(&mut self, step: &NewStep) -> AppendOutcome {
        if !self.is_held(step.lease) {
            return AppendOutcome::Fenced;
        }
        let before = self.steps.get(&step.number.saturating_sub(1)).map(|(before, _)| before.chain);
        let base = self.snapshots.iter().find(|one| one.step + 1 == step.number).map(|one| one.chain);
        let is_first = step.number == 1 && self.steps.is_empty();
        let is_next = is_first || before.or(base) == Some(step.before);
        if self.catalogue.is_none() || !is_next || self.steps.contains_key(&step.number) {
            return AppendOutcome::Behind;
        }
        let NewStep { number, id, chain, .. } = *step;
        self.steps.insert(number, (DecidedStep { number, id, chain, bytes: step.bytes.clone() }, step.lease));
        AppendOutcome::Decided
    }

    fn after(&self, step: StepNumber, most: usize) -> JournalStretch {
        let following = self.steps.range(step.saturating_add(1)..).zip(step.saturating_add(1)..);
        let steps = following.take_while(|((number, _), wanted)| **number == *wanted);
        let base = self.snapshots.iter().find(|one| one.step == step).map(|one| one.chain);
        JournalStretch {
            catalogue: self.catalogue.clone(),
            newest: self.newest(),
            chain: self.steps.get(&step).map(|(step, _)| step.chain).or(base),
            steps: steps.take(most).map(|((_, (step, _)), _)| step.clone()).collect(),
        }
    }

    fn complete(&mut self, lease: HeldLease, snapshot: SnapshotAt) -> bool {
        let has_step = snapshot.step == 0 || self.after(snapshot.step, 0).chain == Some(snapshot.chain);
        if !self.is_held(lease) || !has_step {
            return false;
        }
        self.snapshots.retain(|one| one.step != snapshot.step);
        self.snapshots.push(snapshot);
        self.snapshots.sort_by_key(|one| one.step);
        let kept_from = self.snapshots.len().saturating_sub(2);
        self.snapshots.drain(..kept_from);
        let oldest = self.snapshots.first().map_or(0, |one| one.step);
        self.steps.retain(|number, _| *number >= oldest);
        self.parts.retain(|(step, _), _| *step >= oldest);
        true
    }

    fn begin(&mut self, lease: HeldLease, catalogue: &JournalCatalogue) -> bool {
        if !self.is_held(lease) {
            return false;
        }
        if self.catalogue.is_some() {
            self.snapshots.clear();
            self.parts.clear();
        }
        self.steps.clear();
        self.catalogue = Some(catalogue.clone());
        true
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
