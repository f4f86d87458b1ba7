//! Tests that a full disk prevents only what has no room.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{at, batch, indexed, rich};
use crate::catalogue::room::VolumeRoom;
use crate::catalogue::{StoreError, StoredCatalogue};
use crate::model::{InstantClock, PostcodePlaces};

const PLENTY: u64 = 1 << 40;

async fn open(directory: &std::path::Path, free: &Arc<AtomicU64>) -> StoredCatalogue {
    let free = Arc::clone(free);
    let free = move |_: &std::path::Path| Ok(free.load(Ordering::SeqCst));
    let room = VolumeRoom::told_by(Some(directory.to_owned()), Box::new(free));
    StoredCatalogue::open_with(room, PostcodePlaces::default(), InstantClock::fixed(at(60)), None)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_has_no_room_is_not_begun_and_is_taken_once_there_is_some() {
    let (directory, free) = (tempfile::tempdir().unwrap(), Arc::new(AtomicU64::new(PLENTY)));
    let catalogue = open(directory.path(), &free).await;
    catalogue.submit(batch(1, ["a", "b"].map(|one| rich(one, at(0))))).await.unwrap();
    let more = || batch(2, (0..100).map(|number| rich(&format!("s{number}"), at(0))));
    // Enough for a small batch, but not for this one.
    free.store((64 << 20) + (1 << 20), Ordering::SeqCst);
    let refused = catalogue.submit(more()).await.unwrap_err();
    let StoreError::NoRoom { path, wanted, .. } = &*refused else { panic!("{refused}") };
    assert_eq!((&**path, *wanted > free.load(Ordering::SeqCst)), (directory.path(), true));
    assert!(refused.to_string().starts_with("no room: 65 MiB free at "), "{refused}");
    catalogue.submit(batch(2, [rich("c", at(0))])).await.unwrap();
    free.store(0, Ordering::SeqCst);
    catalogue.submit(batch(2, [rich("d", at(0))])).await.unwrap_err();
    assert_eq!(indexed(&catalogue.snapshot()), 3, "what is kept is served");
    catalogue.close().await;
    drop(catalogue);
    let catalogue = open(directory.path(), &free).await;
    assert_eq!(indexed(&catalogue.snapshot()), 3, "and a full disk keeps nobody from starting");
    free.store(PLENTY, Ordering::SeqCst);
    assert_eq!(catalogue.submit(more()).await.unwrap().created, 100);
    assert_eq!(indexed(&catalogue.snapshot()), 103);
}
