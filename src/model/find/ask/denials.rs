//! Detects what a service says that it does not do: "we cannot give advice on debts", "no childcare", "not for under
//! 18s".
//!
//! A negation reaches from its word to the end of the clause, including lists. What people cannot do or lack is not
//! negated: "for people who cannot get out", "if you have no food".

use super::tokens::{PhraseToken, WordBreak};

/// Marks the negated words of a sentence.
pub(super) fn mark_denied(sentence: &[PhraseToken], text: &str, mut mark: impl FnMut(usize)) {
    // "Cannot cope?" is a question.
    let last = sentence.last().map_or(0, |token| token.place.end);
    if text.get(last..).is_some_and(|rest| rest.trim_start_matches(['"', '”', ')']).starts_with('?')) {
        return;
    }
    // "Counselling is not part of what we offer."
    if let Some(end) = (0..sentence.len()).find(|at| is_left_out(sentence, *at)) {
        (0..end).for_each(&mut mark);
    }
    let mut at = 0;
    while at < sentence.len() {
        if !denies(sentence, at) {
            at += 1;
            continue;
        }
        mark(at);
        at += 1;
        while at < sentence.len() && !ends(sentence, at) {
            mark(at);
            at += 1;
        }
    }
}

/// Returns whether the words before `at` are said to be left out.
fn is_left_out(sentence: &[PhraseToken], at: usize) -> bool {
    let word = |ahead: usize| sentence.get(at + ahead).map_or("", |token| &*token.folded);
    let what = match (word(0), word(1)) {
        ("is" | "are", "not") => word(2),
        ("isnt" | "arent", what) => what,
        _ => "",
    };
    ["part", "provided", "available", "offered", "included", "something"].contains(&what)
}

fn denies(sentence: &[PhraseToken], at: usize) -> bool {
    let word = |ahead: usize| sentence.get(at + ahead).map_or("", |token| &*token.folded);
    match word(0) {
        "no" => !is_no_idiom(word(1)) && !is_of_people(sentence, at) && !has_none(sentence, at),
        "not" => !is_not_idiom(word(1), word(2)) && !is_of_people(sentence, at) && !HUMAN.contains(&word(1)),
        "cannot" | "cant" | "dont" | "doesnt" | "wont" | "isnt" | "arent" | "unable" => {
            let done = if word(1) == "to" { word(2) } else { word(1) };
            !is_of_people(sentence, at) && !HUMAN.contains(&done)
        }
        "nor" | "excludes" | "excluding" | "except" => true,
        "rather" | "other" => word(1) == "than",
        "instead" => word(1) == "of",
        _ => false,
    }
}

fn is_no_idiom(next: &str) -> bool {
    ["one", "body", "matter", "longer", "doubt", "fixed", "recourse", "home", "money", "food", "family"]
        .contains(&next)
}

fn is_not_idiom(next: &str, then: &str) -> bool {
    ["only", "just", "alone", "sure", "matter", "necessarily", "simply", "least", "to", "yet"].contains(&next)
        || (next == "for" && then == "profit")
}

/// Verbs for what people cannot do. Without a subject, such a sentence is about people.
const HUMAN: [&str; 24] = [
    "afford", "breathe", "coping", "cope", "drive", "eat", "feel", "feeling", "find", "get", "getting",
    "hear", "leave", "manage", "pay", "read", "see", "sleep", "sleeping", "speak", "stop", "walk", "work",
    "write",
];

/// Returns whether the nearest subject before is people rather than the service.
fn is_of_people(sentence: &[PhraseToken], at: usize) -> bool {
    let before = sentence.get(..at).unwrap_or_default().iter().rev();
    for token in before.take(8) {
        if PEOPLE.contains(&&*token.folded) {
            return true;
        }
        if SERVICE.contains(&&*token.folded) {
            return false;
        }
    }
    false
}

const PEOPLE: [&str; 31] = [
    "adults",
    "anybody",
    "anyone",
    "carers",
    "child",
    "children",
    "clients",
    "customers",
    "families",
    "if",
    "learners",
    "members",
    "men",
    "mothers",
    "others",
    "parents",
    "patients",
    "people",
    "person",
    "residents",
    "somebody",
    "someone",
    "students",
    "tenants",
    "they",
    "those",
    "who",
    "whose",
    "women",
    "you",
    "your",
];

const SERVICE: [&str; 15] = [
    "advisers",
    "but",
    "centre",
    "charity",
    "group",
    "it",
    "our",
    "service",
    "staff",
    "team",
    "there",
    "this",
    "volunteers",
    "we",
    "which",
];

/// Returns whether people lack something, as in "with no family" or "have no food", unless the service is the subject.
fn has_none(sentence: &[PhraseToken], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| sentence.get(at)).map_or("", |token| &*token.folded);
    let is_ours = sentence.get(..at).unwrap_or_default().iter().any(|token| &*token.folded == "we");
    matches!(before, "with" | "have" | "has" | "having" | "got") && !is_ours
}

fn ends(sentence: &[PhraseToken], at: usize) -> bool {
    let Some(token) = sentence.get(at) else { return true };
    let turns = ["but", "however", "although", "instead", "so"].contains(&&*token.folded);
    let begins_anew = token.after == WordBreak::Clause
        && ["please", "we", "you", "our", "it", "they", "contact", "ring", "call", "try"]
            .contains(&&*token.folded);
    turns || begins_anew
}
