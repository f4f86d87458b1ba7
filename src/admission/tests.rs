//! Tests of which operations run beside each other, and which wait.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use super::*;

pub(super) const SETTINGS: AdmissionSettings =
    AdmissionSettings { max_running_cost: 100, max_waiting: 3, max_waiting_per_client: 2 };

pub(super) fn client(number: u8) -> ClientAddress {
    ClientAddress::at([192, 0, 2, number].into())
}

fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn one_client_holds_half_and_another_is_let_in_at_once() {
    let admission = OperationAdmission::new(SETTINGS, 2);
    let first = admission.admit(client(1), 50).await.unwrap();
    let mut second = std::pin::pin!(admission.admit(client(1), 1));
    assert!(poll(second.as_mut()).is_pending());
    let other = admission.admit(client(2), 50).await.unwrap();
    drop(first);
    assert!(matches!(poll(second.as_mut()), Poll::Ready(Ok(_))));
    drop(other);
}

#[tokio::test]
async fn what_costs_more_than_a_client_may_hold_runs_alone() {
    let admission = OperationAdmission::new(SETTINGS, 2);
    let all = admission.admit(client(1), usize::MAX).await.unwrap();
    assert!(poll(std::pin::pin!(admission.admit(client(1), 1))).is_pending());
    drop(all);
    assert!(admission.admit(client(1), 1).await.is_ok());
}

#[tokio::test]
async fn queues_are_bounded_and_a_client_that_leaves_makes_room() {
    let admission = OperationAdmission::new(SETTINGS, 2);
    let _held =
        [admission.admit(client(1), 50).await.unwrap(), admission.admit(client(2), 50).await.unwrap()];
    let mut one = Box::pin(admission.admit(client(1), 1));
    let mut two = Box::pin(admission.admit(client(1), 1));
    assert!(poll(one.as_mut()).is_pending() && poll(two.as_mut()).is_pending());
    assert_eq!(admission.admit(client(1), 1).await.err(), Some(AdmissionRefusal::ClientIsWaiting));
    let mut three = Box::pin(admission.admit(client(2), 1));
    assert!(poll(three.as_mut()).is_pending());
    assert_eq!(admission.admit(client(3), 1).await.err(), Some(AdmissionRefusal::GatewayIsFull));
    drop(one);
    let mut four = Box::pin(admission.admit(client(3), 1));
    assert!(poll(four.as_mut()).is_pending());
}

#[tokio::test]
async fn a_place_that_was_let_in_and_left_is_passed_on() {
    let admission = OperationAdmission::new(SETTINGS, 2);
    let held = admission.admit(client(1), 50).await.unwrap();
    let mut leaves = Box::pin(admission.admit(client(1), 50));
    let mut stays = Box::pin(admission.admit(client(1), 50));
    assert!(poll(leaves.as_mut()).is_pending() && poll(stays.as_mut()).is_pending());
    drop(held);
    drop(leaves);
    assert!(matches!(poll(stays.as_mut()), Poll::Ready(Ok(_))));
}

/// Counts how many run at the same time, and the most that ever did.
#[derive(Default)]
struct Running {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Running {
    fn work(&self) {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        std::thread::yield_now();
        self.now.fetch_sub(1, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_more_run_than_there_are_turns() {
    let (admission, running) = (OperationAdmission::new(SETTINGS, 2), Arc::new(Running::default()));
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (lane, running) = (admission.lane(client(1)), Arc::clone(&running));
            tokio::spawn(lane.run(async move {
                for _ in 0..20 {
                    running.work();
                    tokio::task::yield_now().await;
                    let inner = Arc::clone(&running);
                    off_thread(move || inner.work()).await.unwrap();
                }
            }))
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert!((1..=2).contains(&running.most.load(Ordering::SeqCst)), "{:?}", running.most);
    assert_eq!(running.now.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_of_one_client_does_not_keep_another_from_its_turn() {
    let admission = OperationAdmission::new(SETTINGS, 1);
    let (enter, entered) = std::sync::mpsc::channel::<()>();
    let (leave, left) = tokio::sync::oneshot::channel::<()>();
    // One piece of work that does not end before the other client has had its turn, and many behind it.
    let stuck = tokio::spawn(admission.lane(client(1)).run(off_thread(move || {
        enter.send(()).unwrap();
        left.blocking_recv()
    })));
    tokio::task::spawn_blocking(move || entered.recv()).await.unwrap().unwrap();
    let crowd: Vec<_> =
        (0..10).map(|_| tokio::spawn(admission.lane(client(1)).run(off_thread(|| ())))).collect();
    admission.lane(client(2)).run(off_thread(|| ())).await.unwrap();
    assert!(crowd.iter().all(|task| !task.is_finished()), "the crowd waits behind its own");
    leave.send(()).unwrap();
    stuck.await.unwrap().unwrap().unwrap();
    for task in crowd {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn work_that_panics_gives_its_turn_back() {
    let admission = OperationAdmission::new(SETTINGS, 1);
    let lost = admission.lane(client(1)).run(off_thread(|| panic!("as asked"))).await;
    assert_eq!(lost, Err::<(), _>(WorkLost));
    assert_eq!(admission.lane(client(1)).run(off_thread(|| 7)).await, Ok(7));
    assert_eq!(off_thread(|| 8).await, Ok(8), "outside a lane too");
}

#[tokio::test]
async fn a_client_has_few_large_answers_at_once_and_others_have_theirs() {
    let admission = OperationAdmission::new(SETTINGS, 2);
    let of = |number| admission.lane(client(number)).run(hold_large());
    let (first, _second) = (of(1).await.unwrap(), of(1).await.unwrap());
    let mut third = std::pin::pin!(of(1));
    assert!(poll(third.as_mut()).is_pending());
    assert!(of(2).await.is_some());
    drop(first);
    assert!(matches!(poll(third.as_mut()), Poll::Ready(Some(_))));
    assert!(hold_large().await.is_none(), "outside a lane nothing is shared");
}

#[tokio::test]
async fn a_client_runs_only_so_many_operations_that_cost_nothing_by_estimate() {
    let settings = AdmissionSettings { max_running_cost: 200_000, ..SETTINGS };
    let admission = OperationAdmission::new(settings, 2);
    let mut held = Vec::new();
    for _ in 0..MOST_OF_A_CLIENT {
        held.push(admission.admit(client(1), 1).await.unwrap());
    }
    assert!(poll(std::pin::pin!(admission.admit(client(1), 1))).is_pending());
    assert!(admission.admit(client(2), 1).await.is_ok());
}
