//! What PostgreSQL knows of steps that snapshots have replaced.

use oruk_gateway::catalogue::journal::{
    AppendOutcome, HeldLease, JournalCatalogue, JournalMember, NewStep, PostgresJournal, SnapshotAt,
    StepChain, StepJournal as _,
};
use uuid::Uuid;

use crate::support::PostgresServer;

fn member() -> JournalMember {
    JournalMember {
        id: Uuid::new_v4(),
        name: "one".to_owned(),
        applied: 0,
        release: String::new(),
        format: 1,
        rules: String::new(),
        may_lead: true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chain_of_a_step_is_known_after_a_snapshot_replaced_it() {
    let Some(postgres) = PostgresServer::start() else { return };
    let (journal, me) = (PostgresJournal::at(&postgres.url(), None).unwrap(), member());
    let lease = HeldLease { holder: me.id, epoch: journal.claim(&me).await.unwrap().unwrap() };
    let catalogue = JournalCatalogue { generation: Uuid::new_v4(), rules: String::new() };
    assert!(journal.begin(lease, &catalogue).await.unwrap());
    let mut chains = vec![StepChain::default()];
    for number in 1..=4 {
        let (id, before) = (Uuid::new_v4(), *chains.last().unwrap());
        let chain = before.with(number, id, b"step");
        let step = NewStep { number, lease, id, before, chain, bytes: b"step".to_vec() };
        assert_eq!(journal.append(&step).await.unwrap(), AppendOutcome::Decided);
        assert!(
            journal.complete(lease, SnapshotAt { step: number, chain, parts: 0, bytes: 0 }).await.unwrap()
        );
        chains.push(chain);
    }
    let first = journal.after(1, 9).await.unwrap();
    assert_eq!((first.chain, first.steps.len(), first.newest), (Some(chains[1]), 0, 4));
    assert_eq!(journal.after(3, 9).await.unwrap().steps.len(), 1);

    postgres.sql("update oruk.passed set at = now() - interval '31 days' where number = 1");
    let again = SnapshotAt { step: 4, chain: chains[4], parts: 0, bytes: 0 };
    assert!(journal.complete(lease, again).await.unwrap());
    assert_eq!(journal.after(1, 9).await.unwrap().chain, None);
    assert_eq!(journal.after(2, 9).await.unwrap().chain, Some(chains[2]));

    assert!(journal.begin(lease, &catalogue).await.unwrap());
    assert_eq!(postgres.sql("select count(*) from oruk.passed"), "0");
}
