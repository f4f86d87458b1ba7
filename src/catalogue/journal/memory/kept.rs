//! What a journal in memory holds, and the rules by which it changes.

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use crate::catalogue::journal::{
    AppendOutcome, DecidedStep, HeldLease, JournalCatalogue, JournalMember, JournalStretch, LeaseEpoch,
    NewStep, SnapshotAt, StepChain, StepNumber,
};

/// How long a lease is valid.
pub(super) const LEASE: Duration = Duration::from_secs(15);
/// How long a member counts as live after it was last seen.
pub(super) const SEEN_WITHIN: Duration = Duration::from_secs(30);

#[derive(Clone, Debug, Default)]
pub(super) struct KeptJournal {
    pub(super) catalogue: Option<JournalCatalogue>,
    pub(super) lease: Option<(HeldLease, Duration)>,
    pub(super) epoch: LeaseEpoch,
    pub(super) steps: BTreeMap<StepNumber, (DecidedStep, HeldLease)>,
    /// The chains of steps that snapshots have replaced.
    pub(super) passed: BTreeMap<StepNumber, StepChain>,
    pub(super) parts: BTreeMap<(StepNumber, u32), Vec<u8>>,
    pub(super) snapshots: Vec<SnapshotAt>,
    pub(super) members: BTreeMap<Uuid, (JournalMember, Duration)>,
}

impl KeptJournal {
    pub(super) fn is_held(&self, lease: HeldLease) -> bool {
        self.lease.is_some_and(|(held, _)| held == lease)
    }

    pub(super) fn newest(&self) -> StepNumber {
        let last = self.steps.last_key_value().map_or(0, |(number, _)| *number);
        last.max(self.snapshots.last().map_or(0, |last| last.step))
    }

    pub(super) fn claim(&mut self, me: &JournalMember, now: Duration) -> Option<LeaseEpoch> {
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

    pub(super) fn append(&mut self, step: &NewStep) -> AppendOutcome {
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

    pub(super) fn after(&self, step: StepNumber, most: usize) -> JournalStretch {
        let following = self.steps.range(step.saturating_add(1)..).zip(step.saturating_add(1)..);
        let steps = following.take_while(|((number, _), wanted)| **number == *wanted);
        JournalStretch {
            catalogue: self.catalogue.clone(),
            newest: self.newest(),
            chain: self.chain(step).or_else(|| self.passed.get(&step).copied()),
            steps: steps.take(most).map(|((_, (step, _)), _)| step.clone()).collect(),
        }
    }

    fn chain(&self, step: StepNumber) -> Option<StepChain> {
        let base = || self.snapshots.iter().find(|one| one.step == step).map(|one| one.chain);
        self.steps.get(&step).map(|(step, _)| step.chain).or_else(base)
    }

    pub(super) fn complete(&mut self, lease: HeldLease, snapshot: SnapshotAt) -> bool {
        let has_step = snapshot.step == 0 || self.chain(snapshot.step) == Some(snapshot.chain);
        if !self.is_held(lease) || !has_step {
            return false;
        }
        self.snapshots.retain(|one| one.step != snapshot.step);
        self.snapshots.push(snapshot);
        self.snapshots.sort_by_key(|one| one.step);
        let kept_from = self.snapshots.len().saturating_sub(2);
        self.snapshots.drain(..kept_from);
        let oldest = self.snapshots.first().map_or(0, |one| one.step);
        let following = self.steps.split_off(&oldest);
        let passed = std::mem::replace(&mut self.steps, following);
        self.passed.extend(passed.into_iter().map(|(number, (step, _))| (number, step.chain)));
        self.parts.retain(|(step, _), _| *step >= oldest);
        true
    }

    pub(super) fn begin(&mut self, lease: HeldLease, catalogue: &JournalCatalogue) -> bool {
        if !self.is_held(lease) {
            return false;
        }
        if self.catalogue.is_some() {
            self.snapshots.clear();
            self.parts.clear();
        }
        self.steps.clear();
        self.passed.clear();
        self.catalogue = Some(catalogue.clone());
        true
    }
}
