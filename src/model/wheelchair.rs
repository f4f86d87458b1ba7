//! Whether a wheelchair user can get in, from what a location's access statements say.

use super::{Location, TriState};

/// YES or NO where a statement speaks of wheelchairs or step-free access; UNKNOWN where none does, or where
/// they contradict each other.
pub fn wheelchair_accessible(location: &Location) -> TriState {
    let statements = location.accessibility.iter().flat_map(|one| [&one.description, &one.details]);
    let verdicts: Vec<bool> = statements.flatten().filter_map(|text| verdict(text)).collect();
    match (verdicts.contains(&true), verdicts.contains(&false)) {
        (true, false) => TriState::Yes,
        (false, true) => TriState::No,
        _ => TriState::Unknown,
    }
}

fn verdict(text: &str) -> Option<bool> {
    let folded = text.to_lowercase().replace('-', " ");
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let spoken_of = words.iter().position(|word| word.starts_with("wheelchair")).or_else(|| {
        words.windows(2).position(|pair| matches!(pair, ["step", "free"] | ["level", "access"]))
    })?;
    // A denial counts when it stands within three words before, or anywhere right after.
    let denied_before = words.iter().take(spoken_of).rev().take(3).any(|word| is_denial(word));
    let denied_after =
        words.iter().skip(spoken_of).take(5).any(|word| is_denial(word) || *word == "inaccessible");
    Some(!(denied_before || denied_after))
}

fn is_denial(word: &str) -> bool {
    matches!(word, "no" | "not" | "without" | "non" | "cannot")
}

#[cfg(test)]
mod tests {
    use super::verdict;

    #[test]
    fn denials_near_the_word_count() {
        assert_eq!(verdict("Wheelchair access is possible on all levels."), Some(true));
        assert_eq!(verdict("Step-free entrance"), Some(true));
        assert_eq!(verdict("No wheelchair access"), Some(false));
        assert_eq!(verdict("The hall is not suitable for wheelchairs"), Some(false));
        assert_eq!(verdict("Wheelchair users cannot reach the first floor"), Some(false));
        assert_eq!(verdict("Hearing loop"), None);
    }
}
