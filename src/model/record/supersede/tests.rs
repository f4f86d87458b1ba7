//! Tests of the rules over all possible cases.

use super::*;

const MET: [LastMet; 3] = [LastMet::ThisWalk, LastMet::LastWalk, LastMet::Earlier];

/// Every stored form with every new one.
fn cases() -> impl Iterator<Item = (StoredForm, NewForm)> {
    let stored = MET.into_iter().flat_map(|met| [true, false].map(|is_full| StoredForm { is_full, met }));
    stored.flat_map(|stored| (0..32_u8).map(move |bits| (stored, new_form(bits))))
}

fn new_form(bits: u8) -> NewForm {
    let bit = |at: u8| bits & (1 << at) != 0;
    NewForm { is_row: bit(0), is_newer: bit(1), is_service: bit(2), lacks: bit(3), adds: bit(4) }
}

#[test]
fn a_detail_stands_whatever_is_stored() {
    for (stored, new) in cases().filter(|(_, new)| !new.is_row) {
        assert_eq!(stored.supersede(new), Superseding::New { is_full: true }, "{stored:?} {new:?}");
    }
}

#[test]
fn a_row_takes_nothing_from_a_full_form() {
    for (stored, new) in cases().filter(|(stored, new)| stored.is_full && new.is_row) {
        let stands = stored.supersede(new);
        let loses = matches!(stands, Superseding::New { .. }) && new.lacks;
        let forgets = stands == Superseding::New { is_full: false };
        assert!(!loses && !forgets, "{stored:?} {new:?} {stands:?}");
    }
}

#[test]
fn a_row_never_makes_a_form_full() {
    for (stored, new) in cases().filter(|(stored, new)| !stored.is_full && new.is_row) {
        let stands = stored.supersede(new);
        assert!(
            matches!(stands, Superseding::Stored | Superseding::New { is_full: false }),
            "{stored:?} {new:?} {stands:?}"
        );
    }
}

#[test]
fn what_is_newer_never_gives_way() {
    for (stored, new) in cases().filter(|(_, new)| new.is_newer) {
        assert_ne!(stored.supersede(new), Superseding::Stored, "{stored:?} {new:?}");
    }
}

#[test]
fn forms_of_one_walk_do_not_take_turns() {
    let forms = |lacks, adds| NewForm { is_row: true, is_newer: false, is_service: false, lacks, adds };
    let stored = StoredForm { is_full: false, met: LastMet::ThisWalk };
    for (lacks, adds) in [(false, false), (false, true), (true, false), (true, true)] {
        let there = stored.supersede(forms(lacks, adds)) != Superseding::Stored;
        let back = stored.supersede(forms(adds, lacks)) != Superseding::Stored;
        assert!(!(there && back), "each of two forms takes the place of the other: {lacks} {adds}");
    }
    let forgotten = StoredForm { is_full: false, met: LastMet::Earlier };
    assert_eq!(forgotten.supersede(forms(true, false)), Superseding::New { is_full: false });
}

/// States the decision in another way: as one formula that names no case twice.
#[test]
fn the_table_and_the_formula_agree() {
    for (stored, new) in cases() {
        let NewForm { is_row, is_newer, is_service, lacks, adds } = new;
        let is_current = match stored.met {
            LastMet::ThisWalk => true,
            LastMet::LastWalk => !is_service,
            LastMet::Earlier => false,
        };
        let gives_way = if stored.is_full || is_service { !lacks } else { !lacks && adds };
        let may_stand = stored.is_full || is_current;
        let stands = is_row && !is_newer && may_stand && !gives_way;
        let is_filled = is_row && is_newer && stored.is_full && (lacks || !is_service);
        let expected = match (stands, is_filled) {
            (true, _) => Superseding::Stored,
            (_, true) => Superseding::NewFilled,
            _ => Superseding::New { is_full: !is_row || stored.is_full },
        };
        assert_eq!(stored.supersede(new), expected, "{stored:?} {new:?}");
    }
}

#[test]
fn walks_are_counted_from_the_one_that_goes_on() {
    let met: Vec<LastMet> = [9, 8, 7, 0, 10].map(|walk| LastMet::of(walk, 9)).to_vec();
    let expected =
        [LastMet::ThisWalk, LastMet::LastWalk, LastMet::Earlier, LastMet::Earlier, LastMet::LastWalk];
    assert_eq!(met, expected);
}

#[test]
fn a_form_that_was_emptied_is_worse_unless_it_says_that_it_was_changed() {
    let at = |seconds| DateTime::from_timestamp(seconds, 0);
    let full = FormSigns { is_nameless: false, is_empty: false, is_row: false, changed_at: at(5) };
    let shell = FormSigns { is_empty: true, ..full };
    assert!(shell.is_worse_than(full) && !full.is_worse_than(shell));
    assert!(!FormSigns { changed_at: at(6), ..shell }.is_worse_than(full));
    assert!(!FormSigns { is_row: true, ..shell }.is_worse_than(full), "rows say less than details");
    assert!(FormSigns { is_nameless: true, changed_at: at(6), ..full }.is_worse_than(full));
    assert!(full.is_held_against(full) && !FormSigns { is_row: true, ..full }.is_held_against(full));
    assert!(!FormSigns { changed_at: at(6), ..full }.is_held_against(full));
}
