//! Shares are released, sources share fairly, and nobody waits forever.

use std::time::Duration;

use futures_util::FutureExt as _;

use super::*;

const MIB: usize = 1 << 20;

/// 16 MiB: one for `medium`, four each for `bodies` and `ordinary`, five for `large`, two for `singles`.
fn memory() -> ReadingMemory {
    ReadingMemory::of(16 * MIB)
}

/// Returns a response that takes about this much memory to read.
fn answer(bytes: usize) -> MemoryEstimate {
    let estimate = MemoryEstimate::of(&vec![b' '; bytes / 3]);
    assert!(bytes - estimate.most() < 3, "{estimate:?}");
    estimate
}

fn read(
    account: &MemoryAccount,
    bytes: usize,
    place: &ReadingPlace,
) -> Option<Result<Option<MemoryShare>, MemoryRefusal>> {
    account.let_read(answer(bytes), place).now_or_never()
}

fn share(account: &MemoryAccount, bytes: usize, place: &ReadingPlace) -> MemoryShare {
    read(account, bytes, place).unwrap().unwrap().unwrap()
}

#[test]
fn an_estimate_follows_objects_and_not_only_bytes() {
    let tiny = "{\"id\":1},".repeat(1000);
    let plain = format!("\"{}\"", "x".repeat(tiny.len()));
    let (tiny, plain) = (MemoryEstimate::of(tiny.as_bytes()), MemoryEstimate::of(plain.as_bytes()));
    assert!(tiny.most() > 50 * plain.most(), "{tiny:?} {plain:?}");
    // Unknown members are kept as values.
    let unknown = "\"a\":[1],".repeat(1000);
    assert!(MemoryEstimate::of(unknown.as_bytes()).records() > 15 * unknown.len());
    // Values of too many objects are refused when they are read.
    assert!(MemoryEstimate::of("{".repeat(32 * MIB).as_bytes()).most() < 512 * MIB);
}

#[test]
fn little_answers_take_no_share_and_one_that_is_beyond_all_memory_is_refused() {
    let account = memory().account();
    assert!(read(&account, 1000, &ReadingPlace::next()).unwrap().unwrap().is_none());
    let refused = read(&account, 17 * MIB, &ReadingPlace::next()).unwrap().unwrap_err();
    assert!(matches!(refused, MemoryRefusal::TooMuch(_)), "{refused:?}");
    let message = refused.message(account.most());
    assert!(message.contains("`max_memory`") && message.contains("16.0 MiB"), "{message}");
    // A detail page never takes memory that is meant for pages of lists.
    assert!(read(&account, 3 * MIB, &ReadingPlace::record()).unwrap().is_err());
}

#[test]
fn a_share_is_given_back_when_it_is_dropped_and_when_it_shrinks() {
    let account = memory().account();
    let mut first = share(&account, 5 * MIB, &ReadingPlace::next());
    assert!(read(&account, 5 * MIB, &ReadingPlace::next()).is_none(), "there is one of that size");
    first.shrink_to(MIB);
    let second = share(&account, 4 * MIB, &ReadingPlace::next());
    assert_eq!((first.bytes(), second.bytes()), (MIB, 4 * MIB));
    drop((first, second));
    assert_eq!(share(&account, 5 * MIB, &ReadingPlace::next()).bytes(), 5 * MIB);
}

#[test]
fn who_stops_waiting_gives_back_what_had_been_put_aside() {
    let account = memory().account();
    let held = share(&account, 5 * MIB, &ReadingPlace::next());
    let (estimate, place) = (answer(5 * MIB), ReadingPlace::next());
    let mut waiting = Box::pin(account.let_read(estimate, &place));
    assert!(waiting.as_mut().now_or_never().is_none());
    drop(held);
    // The share has already been assigned to the waiting call, which is now dropped.
    drop(waiting);
    assert_eq!(share(&account, 5 * MIB, &ReadingPlace::next()).bytes(), 5 * MIB);
}

#[test]
fn pages_that_are_read_ahead_leave_room_for_the_one_before_them() {
    let (memory, turns) = (memory(), PageTurns::from(1));
    let (greedy, other) = (memory.account(), memory.account());
    let ahead: Vec<ReadingPlace> = (2..8).map(|number| turns.place(number)).collect();
    let held: Vec<MemoryShare> = ahead.iter().filter_map(|place| read(&greedy, MIB, place)?.ok()?).collect();
    assert_eq!(held.len(), 2, "half of what there is for all");
    let next = share(&greedy, MIB, &turns.place(1));
    let others = [share(&other, MIB, &ReadingPlace::next()), share(&other, 4 * MIB, &ReadingPlace::next())];
    // Nothing is left now. A page whose turn it is may take what other sources release.
    let mut second = Box::pin(greedy.let_read(answer(MIB), &ahead[5]));
    assert!(second.as_mut().now_or_never().is_none());
    drop(others);
    assert!(second.as_mut().now_or_never().is_none(), "it is not its turn yet");
    turns.next(7);
    assert!(second.now_or_never().unwrap().unwrap().is_some());
    drop((held, next));
}

#[tokio::test(start_paused = true)]
async fn every_walk_comes_to_its_end_however_little_memory_there_is() {
    let memory = memory();
    let walks = (0..40u64).map(|walk| {
        let account = memory.account();
        async move {
            let turns = PageTurns::from(1);
            let pages = (1..=20u64).map(|number| {
                let (place, account) = (turns.place(number), &account);
                // Pages of all sizes, in a different order in each walk.
                let size = usize::try_from((number * 7 + walk * 5) % 16 + 1).unwrap() * MIB;
                async move {
                    let mut arriving = ArrivingBody::default();
                    account.let_arrive(&mut arriving, size / 4, None, 8 * MIB, &place).await.unwrap();
                    let share = account.let_read(answer(size), &place).await.unwrap();
                    tokio::time::sleep(Duration::from_millis((number * walk) % 13)).await;
                    (number, share)
                }
            });
            let mut pages = futures_util::stream::StreamExt::buffered(futures_util::stream::iter(pages), 4);
            while let Some((number, share)) = futures_util::stream::StreamExt::next(&mut pages).await {
                // Detail pages are read while a page is held.
                let own = account.let_read(answer(MIB), &ReadingPlace::record()).await.unwrap();
                tokio::time::sleep(Duration::from_millis(1)).await;
                drop((own, share));
                turns.next(number + 1);
            }
        }
    });
    let all = futures_util::future::join_all(walks);
    tokio::time::timeout(Duration::from_secs(600), all).await.expect("a walk waits for ever");
}

#[tokio::test(start_paused = true)]
async fn ordinary_pages_do_not_queue_behind_large_ones() {
    let memory = memory();
    let held = share(&memory.account(), 5 * MIB, &ReadingPlace::next());
    let hostile: Vec<MemoryAccount> = (0..10).map(|_| memory.account()).collect();
    let place = ReadingPlace::next();
    let mut queue: Vec<_> =
        hostile.iter().map(|account| Box::pin(account.let_read(answer(16 * MIB), &place))).collect();
    assert!(queue.iter_mut().all(|waiting| waiting.as_mut().now_or_never().is_none()));
    assert_eq!(share(&memory.account(), MIB, &ReadingPlace::next()).bytes(), MIB);
    drop(held);
    let got: Vec<_> = queue.iter_mut().filter_map(|waiting| waiting.as_mut().now_or_never()).collect();
    assert_eq!(got.len(), 1);
}

#[test]
fn answers_grow_in_steps_and_never_past_what_is_there() {
    let memory = memory();
    let (account, place) = (memory.account(), ReadingPlace::next());
    let mut arriving = ArrivingBody::default();
    let mut grow = |account: &MemoryAccount, length, cap| {
        account.let_arrive(&mut arriving, length, None, cap, &place).now_or_never()
    };
    assert_eq!(grow(&account, LIGHT, 4 * MIB), Some(Ok(())), "without a share");
    assert_eq!(grow(&account, MIB, 4 * MIB), Some(Ok(())));
    assert_eq!(grow(&account, 2 * MIB, 4 * MIB), Some(Ok(())));
    let needs = 17 * MIB;
    assert_eq!(grow(&account, 5 * MIB, needs), Some(Err(MemoryRefusal::TooMuch(TooMuch { needs }))));
    // Another response of that size waits until this one has been read.
    let (other, place) = (memory.account(), ReadingPlace::next());
    let mut second = ArrivingBody::default();
    assert!(other.let_arrive(&mut second, 2 * MIB, Some(2 * MIB), 4 * MIB, &place).now_or_never().is_none());
    drop(arriving);
    assert!(other.let_arrive(&mut second, 2 * MIB, Some(2 * MIB), 4 * MIB, &place).now_or_never().is_some());
}
