//! Tests of the journal in memory itself: its lease, steps and snapshots.

use super::kept::LEASE;
use super::*;

fn member(format: u8) -> JournalMember {
    JournalMember {
        id: Uuid::new_v4(),
        name: String::new(),
        applied: 0,
        release: String::new(),
        format,
        rules: String::new(),
        may_lead: true,
    }
}

fn catalogue() -> JournalCatalogue {
    JournalCatalogue { generation: Uuid::nil(), rules: String::new() }
}

async fn append(journal: &MemoryJournal, lease: HeldLease, number: StepNumber) -> AppendOutcome {
    let before = journal.kept().after(number - 1, 0).chain.unwrap_or_default();
    let (id, bytes) = (Uuid::new_v4(), vec![7]);
    let chain = before.with(number, id, &bytes);
    journal.append(&NewStep { number, lease, id, before, chain, bytes }).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_ran_out_goes_to_another_and_fences_the_first() {
    let journal = MemoryJournal::default();
    let (one, two) = (member(1), member(1));
    let epoch = journal.claim(&one).await.unwrap().unwrap();
    let first = HeldLease { holder: one.id, epoch };
    assert!(journal.begin(first, &catalogue()).await.unwrap());
    assert_eq!(journal.claim(&two).await.unwrap(), None);
    assert_eq!(append(&journal, first, 1).await, AppendOutcome::Decided);
    tokio::time::advance(LEASE + Duration::from_millis(1)).await;
    let epoch = journal.claim(&two).await.unwrap().unwrap();
    assert!(epoch > first.epoch);
    assert_eq!(append(&journal, first, 2).await, AppendOutcome::Fenced);
    let second = HeldLease { holder: two.id, epoch };
    assert_eq!(append(&journal, second, 1).await, AppendOutcome::Behind);
    assert_eq!(append(&journal, second, 3).await, AppendOutcome::Behind, "there would be a gap");
    assert_eq!(append(&journal, second, 2).await, AppendOutcome::Decided);
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_of_a_step_that_the_journal_lost_is_refused() {
    let journal = MemoryJournal::default();
    let me = member(1);
    let lease = HeldLease { holder: me.id, epoch: journal.claim(&me).await.unwrap().unwrap() };
    assert!(journal.begin(lease, &catalogue()).await.unwrap());
    assert_eq!(append(&journal, lease, 1).await, AppendOutcome::Decided);
    let backup = journal.backup();
    assert_eq!(append(&journal, lease, 2).await, AppendOutcome::Decided);
    let at = |step| SnapshotAt { step, chain: journal.newest().1.unwrap(), parts: 0, bytes: 0 };
    let (lost, wrong) = (at(2), at(1));
    journal.restore(backup);
    assert!(!journal.complete(lease, lost).await.unwrap());
    assert!(!journal.complete(lease, wrong).await.unwrap());
    assert_eq!(journal.newest().0, 1);
    assert!(journal.complete(lease, at(1)).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn an_append_whose_answer_is_lost_may_have_been_decided() {
    let journal = MemoryJournal::default();
    let me = member(1);
    let epoch = journal.claim(&me).await.unwrap().unwrap();
    let lease = HeldLease { holder: me.id, epoch };
    assert!(journal.begin(lease, &catalogue()).await.unwrap());
    journal.fail_next([JournalFault::Unanswered]);
    let (id, before) = (Uuid::new_v4(), StepChain::default());
    let step = NewStep { number: 1, lease, id, before, chain: before.with(1, id, b""), bytes: Vec::new() };
    assert!(journal.append(&step).await.is_err());
    assert_eq!(journal.after(0, 9).await.unwrap().steps.first().map(|step| step.id), Some(id));
}

#[tokio::test(start_paused = true)]
async fn the_chain_of_a_step_is_known_after_a_snapshot_replaced_it() {
    let journal = MemoryJournal::default();
    let me = member(1);
    let lease = HeldLease { holder: me.id, epoch: journal.claim(&me).await.unwrap().unwrap() };
    assert!(journal.begin(lease, &catalogue()).await.unwrap());
    let mut chains = Vec::new();
    for number in 1..=4 {
        assert_eq!(append(&journal, lease, number).await, AppendOutcome::Decided);
        chains.push(journal.newest().1);
        let at = SnapshotAt { step: number, chain: journal.newest().1.unwrap(), parts: 0, bytes: 0 };
        assert!(journal.complete(lease, at).await.unwrap());
    }
    let first = journal.after(1, 9).await.unwrap();
    assert_eq!((first.chain, first.steps.len()), (chains[0], 0));
    assert!(journal.begin(lease, &catalogue()).await.unwrap());
    assert_eq!(journal.after(1, 9).await.unwrap().chain, None);
}
