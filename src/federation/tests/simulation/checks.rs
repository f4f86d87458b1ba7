//! What must hold at every moment of a simulation. Each check sees only what could be observed from outside.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::catalogue::journal::{HeldLease, LeaseEpoch, NewStep, StepChain, StepNumber};
use crate::catalogue::tests::simulated::CopyContent;

/// An error that describes what does not hold.
pub(super) type Broken = Result<(), String>;

/// Checks that each step has one writer, under one lease, and follows the one before it.
#[derive(Debug, Default)]
pub(super) struct WriterCheck {
    newest: StepNumber,
    chain: StepChain,
    epoch: LeaseEpoch,
    holders: BTreeMap<LeaseEpoch, Uuid>,
}

impl WriterCheck {
    pub(super) fn decided(&mut self, step: &NewStep) -> Broken {
        let HeldLease { holder, epoch } = step.lease;
        if step.number != self.newest + 1 || step.before != self.chain {
            return Err(format!("step {} was decided after step {}", step.number, self.newest));
        }
        let first = *self.holders.entry(epoch).or_insert(holder);
        if epoch < self.epoch || first != holder {
            return Err(format!("step {} has a second writer, under lease {epoch}", step.number));
        }
        (self.newest, self.chain, self.epoch) = (step.number, step.chain, epoch);
        Ok(())
    }

    /// Notes that the journal has lost the steps after `newest`.
    pub(super) fn restored(&mut self, newest: StepNumber, chain: Option<StepChain>) {
        *self = Self { newest, chain: chain.unwrap_or_default(), ..Self::default() };
    }
}

/// Checks that at most one gateway believes that it leads.
pub(super) fn one_leads(leading: &[usize]) -> Broken {
    match leading {
        [] | [_] => Ok(()),
        _ => Err(format!("gateways {leading:?} lead at once")),
    }
}

/// Checks that every copy has the content that an oracle expects at its place in the journal.
pub(super) struct CopyCheck {
    by_chain: HashMap<Vec<u8>, CopyContent>,
}

impl Default for CopyCheck {
    fn default() -> Self {
        let nothing = (StepChain::default().as_bytes().to_vec(), CopyContent::default());
        Self { by_chain: HashMap::from([nothing]) }
    }
}

impl CopyCheck {
    pub(super) fn decided(&mut self, step: &NewStep) -> Broken {
        let before = self.wanted(step.before).ok_or("a step follows one that nobody decided")?;
        let after = before.after(&step.bytes);
        self.by_chain.insert(step.chain.as_bytes().to_vec(), after);
        Ok(())
    }

    pub(super) fn wanted(&self, chain: StepChain) -> Option<&CopyContent> {
        self.by_chain.get(chain.as_bytes())
    }

    pub(super) fn holds(&self, place: (StepNumber, StepChain), content: &CopyContent) -> Broken {
        let wanted = self.wanted(place.1);
        let wanted = wanted.ok_or_else(|| format!("has taken a step {} that nobody decided", place.0))?;
        content.equals(wanted).map_err(|how| format!("at step {} it {how}", place.0))
    }
}

/// Checks that no query fails.
pub(super) fn answers(gateway: usize, answer: Result<usize, String>) -> Broken {
    answer.map(drop).map_err(|error| format!("gateway {gateway} failed a query: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::journal::StepEffects;

    fn step(number: StepNumber, before: StepChain, epoch: LeaseEpoch, holder: u128) -> NewStep {
        let effects = StepEffects::default();
        let (id, bytes) = (Uuid::from_u128(u128::from(number)), effects.to_bytes().unwrap());
        let lease = HeldLease { holder: Uuid::from_u128(holder), epoch };
        NewStep { number, lease, id, before, chain: before.with(number, id, &bytes), bytes }
    }

    #[test]
    fn a_second_writer_a_gap_and_a_fork_are_seen() {
        let first = step(1, StepChain::default(), 1, 1);
        let after_first = || {
            let mut check = WriterCheck::default();
            check.decided(&first).unwrap();
            check
        };
        after_first().decided(&step(2, first.chain, 1, 1)).unwrap();
        after_first().decided(&step(2, first.chain, 2, 2)).unwrap();
        after_first().decided(&step(2, first.chain, 1, 2)).unwrap_err();
        after_first().decided(&step(2, first.chain, 0, 2)).unwrap_err();
        after_first().decided(&step(3, first.chain, 1, 1)).unwrap_err();
        after_first().decided(&step(1, StepChain::default(), 1, 1)).unwrap_err();
        after_first().decided(&step(2, StepChain::default(), 1, 1)).unwrap_err();
        let mut failed_over = after_first();
        failed_over.restored(0, None);
        failed_over.decided(&step(1, StepChain::default(), 1, 2)).unwrap();
    }

    #[test]
    fn two_leaders_and_a_failed_query_are_seen() {
        one_leads(&[]).and(one_leads(&[2])).unwrap();
        one_leads(&[0, 2]).unwrap_err();
        answers(1, Ok(7)).unwrap();
        answers(1, Err("damaged".to_owned())).unwrap_err();
    }

    #[test]
    fn a_copy_of_another_place_or_with_other_content_is_seen() {
        let mut check = CopyCheck::default();
        let first = step(1, StepChain::default(), 1, 1);
        check.decided(&first).unwrap();
        check.decided(&step(3, StepChain::default().with(2, Uuid::nil(), b""), 1, 1)).unwrap_err();
        let content = CopyContent::default();
        check.holds((1, first.chain), &content).unwrap();
        check.holds((2, StepChain::default().with(2, Uuid::nil(), b"")), &content).unwrap_err();
        let mut other = content;
        other.sequence = 1;
        check.holds((1, first.chain), &other).unwrap_err();
    }
}
