//! Tests writing through a journal: a step is decided once, whether its request or the answer is lost.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::{at, batch, organization, rich, service_id, source};
use crate::catalogue::journal::{
    AppendOutcome, HeldLease, JournalFault, JournalMember, MemoryJournal, NewStep, SnapshotAt, StepEffects,
    StepJournal as _,
};
use crate::catalogue::{
    CatalogueOpening, ReplicaRole, ReplicaSettings, StoreVerifier, StoredCatalogue, SyncBatch,
};
use crate::model::{InstantClock, PostcodePlaces, RecordKind};

async fn opened(journal: &MemoryJournal) -> StoredCatalogue {
    let replica = ReplicaSettings { journal: Arc::new(journal.clone()), name: "one".to_owned() };
    let opening = CatalogueOpening {
        directory: None,
        rules: "rules".to_owned(),
        postcodes: PostcodePlaces::default(),
        clock: InstantClock::fixed(at(0)),
        verifier: &StoreVerifier::default(),
        replica: Some(replica),
    };
    StoredCatalogue::open_as(opening).await.unwrap()
}

async fn until_it_leads(catalogue: &StoredCatalogue) {
    let mut standing = catalogue.watch_standing().unwrap();
    standing.wait_for(|standing| standing.role() == ReplicaRole::Leader).await.unwrap();
}

fn stored(catalogue: &StoredCatalogue) -> u64 {
    catalogue.snapshot().store().count(RecordKind::Organization, &source("elmshire")).unwrap()
}

async fn write(catalogue: &StoredCatalogue, number: u64) -> bool {
    let one = organization(&format!("o{number}"), "Guild", at(0));
    catalogue.submit(batch(number, [one])).await.is_ok()
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_is_looked_up_and_a_question_that_is_lost_is_not_written() {
    let journal = MemoryJournal::default();
    let catalogue = opened(&journal).await;
    until_it_leads(&catalogue).await;
    assert!(write(&catalogue, 1).await);
    assert_eq!((stored(&catalogue), journal.decided().len()), (1, 1));

    journal.fail_next([JournalFault::Unanswered]);
    assert!(write(&catalogue, 2).await, "it was decided");
    assert_eq!((stored(&catalogue), journal.decided().len()), (2, 2));

    journal.cut(true);
    assert!(!write(&catalogue, 3).await);
    assert_eq!(
        (stored(&catalogue), journal.decided().len()),
        (2, 2),
        "nothing is stored that is not decided"
    );
    journal.cut(false);
    until_it_leads(&catalogue).await;
    assert!(write(&catalogue, 3).await);
    let numbers: Vec<u64> = journal.decided().iter().map(|(step, _)| step.number).collect();
    assert_eq!((stored(&catalogue), numbers), (3, vec![1, 2, 3]));
    catalogue.close().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_written_after_another_took_the_lease_is_refused() {
    let journal = MemoryJournal::default();
    let (link, one) = (journal.linked(), opened(&journal).await);
    until_it_leads(&one).await;
    assert!(write(&one, 1).await);
    let held = journal.decided()[0].1;

    let taken = taken_by_another(&journal, &link).await;
    assert!(taken.epoch > held.epoch);
    journal.cut(false);
    assert!(!write(&one, 2).await, "it does not lead any more");
    assert_eq!((stored(&one), journal.decided().len()), (1, 1));
    one.close().await;
}

/// Cuts the leader's link until its lease expires, and lets another gateway take it.
async fn taken_by_another(leaders: &MemoryJournal, link: &MemoryJournal) -> HeldLease {
    leaders.cut(true);
    tokio::time::sleep(Duration::from_secs(20)).await;
    let holder = Uuid::new_v4();
    let epoch = link.claim(&member(holder)).await.unwrap().expect("the lease is free");
    HeldLease { holder, epoch }
}

fn member(id: Uuid) -> JournalMember {
    JournalMember {
        id,
        name: "other".to_owned(),
        applied: 1,
        release: String::new(),
        format: StepEffects::FORMAT,
        rules: "rules".to_owned(),
        may_lead: true,
    }
}

#[tokio::test(start_paused = true)]
async fn lost_steps_are_noticed_even_after_snapshots_replaced_those_that_follow() {
    let journal = MemoryJournal::default();
    let (link, one) = (journal.linked(), opened(&journal).await);
    until_it_leads(&one).await;
    assert!(write(&one, 1).await);
    let backup = journal.backup();
    assert!(write(&one, 2).await);
    let generation = one.snapshot().store().generation().to_owned();

    // Nobody else has applied the step that is lost, and its number is used again.
    let lease = taken_by_another(&journal, &link).await;
    link.restore(backup);
    let lease = HeldLease { epoch: link.claim(&member(lease.holder)).await.unwrap().unwrap(), ..lease };
    let lost = link.newest().0 + 1;
    for _ in 0..4 {
        let (last, before) = link.newest();
        let (number, id, before) = (last + 1, Uuid::new_v4(), before.unwrap());
        let step =
            NewStep { number, lease, id, before, chain: before.with(number, id, b""), bytes: Vec::new() };
        assert_eq!(link.append(&step).await.unwrap(), AppendOutcome::Decided);
        let snapshot = SnapshotAt { step: number, chain: step.chain, parts: 0, bytes: 0 };
        assert!(link.complete(lease, snapshot).await.unwrap());
    }
    assert!(link.after(lost, 9).await.unwrap().steps.is_empty(), "the steps after it are deleted");
    journal.cut(false);
    let mut standing = one.watch_standing().unwrap();
    while one.snapshot().store().generation() == generation {
        standing.changed().await.unwrap();
    }
    assert_eq!(
        Some(one.snapshot().store().generation().to_owned()),
        link.generation().map(|name| name.to_string())
    );
    one.close().await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_before_the_gateway_fell_behind_does_not_let_it_lead() {
    let journal = MemoryJournal::default();
    let catalogue = opened(&journal).await;
    until_it_leads(&catalogue).await;
    let backup = journal.backup();
    assert!(write(&catalogue, 1).await);
    let leads = || catalogue.standing().is_some_and(|standing| standing.leads());

    // The journal says that the copy is level, but the answer takes three seconds.
    answer_after(&journal, Duration::from_secs(3));
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    answer_after(&journal, Duration::ZERO);
    journal.restore(backup);
    assert!(!write(&catalogue, 2).await, "the journal has lost the step before it");
    assert!(!leads());

    answer_after(&journal, Duration::from_secs(3));
    tokio::time::sleep(Duration::from_millis(3_000)).await;
    assert!(!leads(), "only what is asked from now on can tell");
    answer_after(&journal, Duration::ZERO);
    until_it_leads(&catalogue).await;
    assert!(write(&catalogue, 2).await);
    catalogue.close().await;
}

fn answer_after(journal: &MemoryJournal, wait: Duration) {
    journal.delay(Box::new(move || (Duration::ZERO, wait)));
}

#[tokio::test(start_paused = true)]
async fn steps_that_the_journal_lost_are_lost_everywhere_and_the_catalogue_has_another_generation() {
    let journal = MemoryJournal::default();
    let catalogue = opened(&journal).await;
    until_it_leads(&catalogue).await;
    assert!(write(&catalogue, 1).await);
    let backup = journal.backup();
    assert!(write(&catalogue, 2).await);
    let generation = catalogue.snapshot().store().generation().to_owned();

    journal.restore(backup);
    let mut standing = catalogue.watch_standing().unwrap();
    while catalogue.snapshot().store().generation() == generation || stored(&catalogue) != 1 {
        standing.changed().await.unwrap();
    }
    until_it_leads(&catalogue).await;
    assert!(write(&catalogue, 2).await);
    assert_eq!((stored(&catalogue), journal.decided().len()), (2, 2));
    catalogue.close().await;
}

#[tokio::test(start_paused = true)]
async fn a_follower_reads_anew_what_the_leader_has_seen_again() {
    let journal = MemoryJournal::default();
    let leader = opened(&journal).await;
    until_it_leads(&leader).await;
    let follower = opened(&journal.linked()).await;
    leader.submit(batch(1, [rich("a", at(-60))])).await.unwrap();
    let mut standing = follower.watch_standing().unwrap();
    while follower.snapshot().service(0).is_err() {
        standing.changed().await.unwrap();
    }
    let read_at = || follower.snapshot().service(0).unwrap().service.provenance.fetched_at.timestamp();
    assert_eq!(read_at(), at(-60).timestamp());

    let seen = SyncBatch { seen: vec![service_id("a")], ..SyncBatch::new(source("elmshire"), 2) };
    leader.submit(seen).await.unwrap();
    while follower.snapshot().store().mark(&service_id("a")).unwrap().unwrap().walk < 2 {
        standing.changed().await.unwrap();
    }
    assert_eq!(read_at(), at(0).timestamp());
    leader.close().await;
    follower.close().await;
}
