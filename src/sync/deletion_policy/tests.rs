//! Feeds that shrink, miscount, fail and rename records, walk by walk, and what is left of them.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// A list whose walks are judged one after the other, an hour apart unless told otherwise.
#[derive(Default)]
struct Played {
    history: WalkHistory,
    walks: WalkNumber,
    minutes: i64,
    every: i64,
    /// The id of each stored record, with the number of the walk that last saw it.
    kept: Vec<(u32, WalkNumber)>,
}

/// A simulated walk.
#[derive(Clone, Debug)]
struct Walk {
    ids: BTreeSet<u32>,
    to_the_end: bool,
    counted: Counted,
    junk: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Counted {
    Rightly,
    Not,
    TooHigh(u64),
}

fn walk(ids: std::ops::Range<u32>) -> Walk {
    Walk { ids: ids.collect(), to_the_end: true, counted: Counted::Rightly, junk: 0 }
}

impl Walk {
    fn uncounted(self) -> Self {
        Self { counted: Counted::Not, ..self }
    }

    fn claiming_more(self, more: u64) -> Self {
        Self { counted: Counted::TooHigh(more), ..self }
    }

    fn short(self) -> Self {
        Self { to_the_end: false, ..self }
    }

    fn with_junk(self, junk: u64) -> Self {
        Self { junk, ..self }
    }
}

impl Played {
    fn hourly() -> Self {
        Self { every: 60, ..Self::default() }
    }

    fn play(&mut self, walk: &Walk) -> DeletionVerdict {
        self.walks += 1;
        self.minutes += self.every;
        let before: BTreeSet<u32> = self.kept.iter().map(|kept| kept.0).collect();
        for kept in &mut self.kept {
            if walk.ids.contains(&kept.0) {
                kept.1 = self.walks;
            }
        }
        self.kept.extend(walk.ids.difference(&before).map(|id| (*id, self.walks)));
        let records = walk.ids.len() as u64;
        let claimed = match walk.counted {
            Counted::Rightly => Some(records + walk.junk),
            Counted::Not => None,
            Counted::TooHigh(more) => Some(records + walk.junk + more),
        };
        let seen = SeenByWalk {
            walk: self.walks,
            to_the_end: walk.to_the_end,
            resumed: false,
            records,
            rows: records,
            junk: walk.junk,
            claimed,
        };
        let held = HeldAgainstWalk {
            before: before.len() as u64,
            missing: before.difference(&walk.ids).count() as u64,
        };
        let verdict =
            self.history.judge(&seen, held, DateTime::UNIX_EPOCH + TimeDelta::minutes(self.minutes));
        if let DeletionVerdict::DeletedIfUnseenSince(since) = verdict {
            self.kept.retain(|kept| kept.1 >= since);
        }
        verdict
    }

    fn after(&mut self, walks: &[Walk]) -> Vec<u32> {
        for walk in walks {
            self.play(walk);
        }
        let mut ids: Vec<u32> = self.kept.iter().map(|kept| kept.0).collect();
        ids.sort_unstable();
        ids
    }
}

fn ids(range: std::ops::Range<u32>) -> Vec<u32> {
    range.collect()
}

#[test]
fn a_few_are_deleted_at_once_where_the_feed_counts_rightly_and_after_two_walks_where_it_does_not_count() {
    let mut counted = Played::hourly();
    assert_eq!(counted.after(&[walk(0..100), walk(0..90)]), ids(0..90));
    let mut uncounted = Played::hourly();
    assert_eq!(uncounted.after(&[walk(0..100).uncounted(), walk(0..90).uncounted()]), ids(0..100));
    assert_eq!(uncounted.after(&[walk(0..90).uncounted()]), ids(0..90));
}

#[test]
fn a_record_that_comes_back_in_between_was_never_gone() {
    let mut played = Played::hourly();
    let (all, less) = (walk(0..100).uncounted(), walk(0..90).uncounted());
    assert_eq!(played.after(&[all.clone(), less.clone(), all, less]), ids(0..100));
}

#[test]
fn a_walk_that_is_not_whole_deletes_nothing_and_saves_what_it_saw() {
    let mut played = Played::hourly();
    let less = walk(0..90).uncounted();
    assert_eq!(played.after(&[walk(0..100), walk(0..1).short(), walk(0..0).short()]), ids(0..100));
    assert_eq!(played.after(&[less.clone(), walk(90..100).short(), less]), ids(0..100));
}

#[test]
fn a_third_of_the_records_is_believed_only_when_it_lasts() {
    let mut played = Played::hourly();
    let third = walk(0..33);
    let six_thirds = vec![third.clone(); 6];
    assert_eq!(played.after(&[&[walk(0..100)], six_thirds.as_slice()].concat()), ids(0..100));
    assert_eq!(
        played.play(&walk(0..0)),
        DeletionVerdict::Inconclusive(DeletionDoubt::FarFewer(1)),
        "not the same"
    );
    assert_eq!(played.after(&six_thirds), ids(0..100), "began anew");
    assert_eq!(played.after(&[third]), ids(0..33));
}

#[test]
fn looking_seldom_does_not_make_two_walks_three() {
    let mut played = Played { every: 60 * 24, ..Played::default() };
    assert_eq!(played.after(&[walk(0..100), walk(0..33), walk(0..33)]), ids(0..100));
    assert_eq!(played.after(&[walk(0..33)]), ids(0..33));
}

#[test]
fn looking_often_does_not_make_an_outage_longer() {
    let mut played = Played { every: 1, ..Played::default() };
    let third = walk(0..33);
    assert_eq!(played.after(&[&[walk(0..100)], vec![third.clone(); 360].as_slice()].concat()), ids(0..100));
    assert_eq!(played.after(&[third]), ids(0..33));
}

#[test]
fn an_empty_list_is_far_fewer() {
    let mut played = Played::hourly();
    assert_eq!(played.after(&[&[walk(0..10)], vec![walk(0..0); 6].as_slice()].concat()), ids(0..10));
    assert_eq!(played.after(&[walk(0..0)]), ids(0..0));
}

#[test]
fn far_fewer_than_claimed_is_never_believed() {
    let mut played = Played::hourly();
    let short = walk(0..33).claiming_more(67);
    assert_eq!(played.after(&[&[walk(0..100)], vec![short; 50].as_slice()].concat()), ids(0..100));
}

#[test]
fn a_count_that_is_always_a_little_too_high_becomes_usual() {
    let mut played = Played::hourly();
    let lying = |range| walk(range).claiming_more(4);
    assert_eq!(played.after(&[vec![lying(0..100); 6], vec![lying(0..99)]].concat()), ids(0..100));
    assert_eq!(played.after(&[lying(0..98)]), ids(0..99), "it counts wrongly, so two walks are needed");
    assert_eq!(played.after(&[lying(0..98)]), ids(0..98));
    assert_eq!(played.after(&[walk(0..98), lying(0..90), lying(0..90)]), ids(0..98), "no longer usual");
}

#[test]
fn rows_that_cannot_be_read_may_be_the_ones_that_are_missing() {
    let mut played = Played::hourly();
    let spoilt = walk(0..90).with_junk(10);
    assert_eq!(played.after(&[walk(0..100), spoilt.clone(), spoilt]), ids(0..100));
    assert_eq!(played.after(&[walk(0..100), walk(0..100)]), ids(0..100));
    let rubbish = walk(0..0).with_junk(100);
    assert_eq!(played.after(&vec![rubbish; 50]), ids(0..100), "says nothing, however often");
}

#[test]
fn renamed_ids_replace_the_old_ones_with_the_second_walk() {
    let mut played = Played::hourly();
    assert_eq!(played.after(&[walk(0..100), walk(100..200)]), ids(0..200));
    assert_eq!(played.after(&[walk(100..200)]), ids(100..200));
}

#[test]
fn a_small_feed_may_lose_a_record() {
    let mut played = Played::hourly();
    assert_eq!(played.after(&[walk(0..3), walk(0..2), walk(0..1)]), ids(0..1));
}

fn some_of(share: f64) -> impl Strategy<Value = BTreeSet<u32>> {
    prop::collection::vec(prop::bool::weighted(share), 20)
        .prop_map(|there| (0..).zip(there).filter(|one| one.1).map(|one| one.0).collect())
}

fn any_walk() -> impl Strategy<Value = Walk> {
    let counted = prop_oneof![
        4 => Just(Counted::Rightly),
        2 => Just(Counted::Not),
        1 => (1..4_u64).prop_map(Counted::TooHigh),
    ];
    let ids = prop_oneof![
        3 => some_of(0.9),
        1 => some_of(0.3),
    ];
    (ids, prop::bool::weighted(0.8), counted, prop_oneof![4 => Just(0_u64), 1 => 0..3_u64])
        .prop_map(|(ids, to_the_end, counted, junk)| Walk { ids, to_the_end, counted, junk })
}

proptest! {
    /// Invariants: a record that was just seen stays, and a walk that was not complete deletes nothing. A deleted
    /// record was missing from the last two complete walks, or from the last one if its count was right, no row was
    /// junk and the loss was small.
    #[test]
    fn nothing_is_deleted_without_cause(walks in prop::collection::vec(any_walk(), 1..40), every in 1..90_i64) {
        let mut played = Played { every, ..Played::default() };
        let mut whole: Vec<Walk> = Vec::new();
        for walk in walks {
            let before = played.kept.len();
            let kept_before: BTreeSet<u32> = played.kept.iter().map(|kept| kept.0).collect();
            played.play(&walk);
            let kept: BTreeSet<u32> = played.kept.iter().map(|kept| kept.0).collect();
            prop_assert!(walk.ids.is_subset(&kept));
            let gone: Vec<u32> = kept_before.difference(&kept).copied().collect();
            if !walk.to_the_end {
                prop_assert!(gone.is_empty());
                continue;
            }
            let last = whole.last().cloned();
            let vouched = walk.counted == Counted::Rightly && walk.junk == 0 && gone.len() * 10 <= before.max(10) * 3;
            for id in gone {
                let twice = last.as_ref().is_some_and(|last| !last.ids.contains(&id));
                prop_assert!(twice || vouched, "{id} went with {walk:?} after {last:?}");
            }
            whole.push(walk);
        }
    }

    /// A record that stays away is deleted in the end, however the feed counts, if nothing else is odd.
    #[test]
    fn what_stays_away_is_deleted_in_the_end(left in 0..100_u32, counted in any::<bool>()) {
        let mut played = Played::hourly();
        let as_counted = |walk: Walk| if counted { walk } else { walk.uncounted() };
        let rest = as_counted(walk(0..left));
        let walks = [&[as_counted(walk(0..100))], vec![rest; 7].as_slice()].concat();
        prop_assert_eq!(played.after(&walks), ids(0..left));
    }
}

#[test]
fn a_walk_that_is_judged_again_after_it_was_broken_off_counts_once() {
    let seen = |walk, records, resumed| SeenByWalk {
        walk,
        to_the_end: true,
        resumed,
        records,
        rows: records,
        junk: 0,
        claimed: None,
    };
    let held = |missing| HeldAgainstWalk { before: 100, missing };
    let now = DateTime::UNIX_EPOCH;
    let mut history = WalkHistory::default();
    history.judge(&seen(1, 100, false), held(0), now);
    let verdict = history.judge(&seen(2, 99, false), held(1), now);
    assert_eq!(verdict, DeletionVerdict::DeletedIfUnseenSince(1), "one that neither saw");
    let verdict = history.judge(&seen(2, 99, true), held(1), now);
    assert_eq!(verdict, DeletionVerdict::Inconclusive(DeletionDoubt::OnlyOne), "the second is no third");
    let verdict = history.judge(&seen(3, 99, false), held(1), now);
    assert_eq!(verdict, DeletionVerdict::DeletedIfUnseenSince(2));
    let far_fewer = |again| DeletionVerdict::Inconclusive(DeletionDoubt::FarFewer(again));
    assert_eq!(history.judge(&seen(4, 10, false), held(89), now), far_fewer(1));
    assert_eq!(history.judge(&seen(4, 10, true), held(89), now), far_fewer(1));
    assert_eq!(history.judge(&seen(5, 10, false), held(89), now), far_fewer(2));
}
