//! Whether a wheelchair user can get in, from what a location's access statements say.

use super::{Location, TriState};

/// YES or NO where a statement speaks of wheelchairs or step-free access; UNKNOWN where none does, or where
/// they contradict each other.
pub fn wheelchair_accessible(location: &Location) -> TriState {
    let statements = location.accessibility.iter().flat_map(|one| [&one.description, &one.details]);
    let clauses = statements.flatten().flat_map(|text| text.split(ENDS_A_CLAUSE));
    let verdicts: Vec<bool> = clauses.filter_map(verdict).collect();
    match (verdicts.contains(&true), verdicts.contains(&false)) {
        (true, false) => TriState::Yes,
        (false, true) => TriState::No,
        _ => TriState::Unknown,
    }
}

/// A denial reaches no further than to one of these.
const ENDS_A_CLAUSE: [char; 8] = ['.', ';', ',', '!', '?', '\n', '(', ')'];

fn verdict(clause: &str) -> Option<bool> {
    let folded = clause.to_lowercase().replace('-', " ");
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let spoken_of = words.iter().position(|word| word.starts_with("wheelchair")).or_else(|| {
        words.windows(2).position(|pair| matches!(pair, ["step", "free"] | ["level", "access"]))
    })?;
    let is_denial = |word: &&str| matches!(*word, "no" | "not" | "without" | "non" | "cannot");
    let denied_before = words.iter().take(spoken_of).rev().take(3).any(is_denial);
    // Right after it a verb is denied; of what there is none, if not of access itself, is another matter.
    let denies_verb = |word: &&str| matches!(*word, "not" | "cannot" | "inaccessible" | "unable");
    let denied_after = words.iter().skip(spoken_of).take(5).any(denies_verb);
    let answered_no = words.last().is_some_and(|word| matches!(*word, "no" | "none"));
    Some(!(denied_before || denied_after || answered_no))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denials_near_the_word_count() {
        assert_eq!(verdict("Wheelchair access is possible on all levels."), Some(true));
        assert_eq!(verdict("Step-free entrance"), Some(true));
        assert_eq!(verdict("No wheelchair access"), Some(false));
        assert_eq!(verdict("The hall is not suitable for wheelchairs"), Some(false));
        assert_eq!(verdict("Wheelchair users cannot reach the first floor"), Some(false));
        assert_eq!(verdict("Wheelchair access: No"), Some(false));
        assert_eq!(verdict("Hearing loop"), None);
    }

    #[test]
    fn a_denial_of_something_else_does_not_count() {
        let verdicts = |text: &str| text.split(ENDS_A_CLAUSE).filter_map(verdict).collect::<Vec<_>>();
        assert_eq!(verdicts("Wheelchair accessible. No hearing loop"), [true]);
        assert_eq!(verdicts("No hearing loop. Wheelchair accessible"), [true]);
        assert_eq!(verdicts("Wheelchair users welcome; no parking"), [true]);
        assert_eq!(verdicts("Wheelchair accessible but no hearing loop"), [true]);
        assert_eq!(verdicts("Step free. There is not a hearing loop"), [true]);
        assert_eq!(verdicts("Wheelchair access, but no wheelchair access upstairs"), [true, false]);
    }
}
