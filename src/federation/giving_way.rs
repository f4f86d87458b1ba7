//! Loops over many records on a thread that also serves other requests. They yield every now and then, because
//! otherwise no time limit would hold while a long list is gone through.

use std::sync::Arc;

use tokio::task::yield_now;

/// The number of records between two yields. One takes a few microseconds, up to a hundred the first time.
const TURN: usize = 256;

pub(super) async fn filtered<T>(records: &[Arc<T>], matches: impl Fn(&T) -> bool) -> Vec<Arc<T>> {
    filtered_by(records, records, |record| matches(record)).await
}

/// Returns the records whose companions match.
pub(super) async fn filtered_by<T, C>(
    records: &[Arc<T>],
    companions: &[C],
    matches: impl Fn(&C) -> bool,
) -> Vec<Arc<T>> {
    let mut retained = Vec::new();
    for (nth, (turn, beside)) in records.chunks(TURN).zip(companions.chunks(TURN)).enumerate() {
        give_way(nth).await;
        let matching = turn.iter().zip(beside).filter(|(_, companion)| matches(companion));
        retained.extend(matching.map(|(record, _)| Arc::clone(record)));
    }
    retained
}

pub(super) async fn any<T>(records: &[Arc<T>], matches: impl Fn(&T) -> bool) -> bool {
    for (nth, turn) in records.chunks(TURN).enumerate() {
        give_way(nth).await;
        if turn.iter().any(|record| matches(record)) {
            return true;
        }
    }
    false
}

pub(super) async fn each<T>(records: &[Arc<T>], mut take: impl FnMut(&Arc<T>)) {
    for (nth, turn) in records.chunks(TURN).enumerate() {
        give_way(nth).await;
        turn.iter().for_each(&mut take);
    }
}

async fn give_way(nth: usize) {
    if nth > 0 {
        yield_now().await;
    }
}
