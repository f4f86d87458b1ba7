//! Recognises closures in publishers' notes.

/// Returns whether a text says "closed" and nothing else.
pub(in crate::source::dialects) fn is_closed(text: &str) -> bool {
    let word = text.trim().trim_end_matches(['.', '!']).trim_end();
    word.eq_ignore_ascii_case("closed") || word.eq_ignore_ascii_case("not open")
}

/// Returns whether a text reports a closure of everything it is about: "Closed for Christmas", "We are closed",
/// "Christmas closure". Texts that state times or conditions do not count, because they are about less.
pub(in crate::source::dialects) fn tells_of_closure(text: &str) -> bool {
    let folded = text.to_lowercase().replace(['\'', '’'], "");
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| is_doubt(word)) || names_a_time(&folded) {
        return false;
    }
    let is_named = |word: &&str| matches!(*word, "closure" | "closures" | "shutdown");
    let is_short = words.len() <= 5 && words.iter().any(is_named);
    let states =
        words.windows(2).position(|pair| matches!(pair, ["are" | "is" | "be" | "were" | "its", "closed"]));
    is_short || begins_with_closed(&folded, &words) || states.is_some_and(|at| is_of_all(words.get(at + 2)))
}

// "Closed group for carers" is closed to other people, not shut.
fn begins_with_closed(folded: &str, words: &[&str]) -> bool {
    let Some(after) = folded.trim_start().strip_prefix("closed") else { return false };
    let is_parted = after.trim_start().starts_with(|c: char| !c.is_alphanumeric());
    (after.is_empty() || is_parted || after.starts_with(char::is_whitespace))
        && (is_parted || is_of_all(words.get(1)))
}

// Returns whether the word after "closed" allows the meaning that everything is closed.
fn is_of_all(next: Option<&&str>) -> bool {
    next.is_none_or(|word| {
        matches!(
            *word,
            "for"
                | "on"
                | "over"
                | "during"
                | "due"
                | "until"
                | "till"
                | "from"
                | "between"
                | "all"
                | "today"
                | "temporarily"
                | "permanently"
                | "because"
                | "throughout"
                | "bank"
                | "public"
                | "christmas"
                | "xmas"
                | "boxing"
                | "new"
                | "easter"
                | "good"
                | "holiday"
                | "holidays"
                | "this"
                | "in"
        )
    })
}

fn is_doubt(word: &str) -> bool {
    matches!(
        word,
        "if" | "when"
            | "unless"
            | "except"
            | "not"
            | "no"
            | "never"
            | "may"
            | "might"
            | "sometimes"
            | "usually"
            | "but"
            | "or"
            | "possible"
            | "risk"
            | "before"
            | "after"
            | "lunch"
            | "lunchtime"
            | "lunchtimes"
            | "noon"
            | "midday"
            | "early"
            | "morning"
            | "mornings"
            | "afternoon"
            | "afternoons"
            | "evening"
            | "evenings"
            | "referrals"
            | "applications"
            | "enrolment"
            | "open"
    )
}

// Recognises "12:30" and "3pm".
fn names_a_time(folded: &str) -> bool {
    let pieces = folded.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '-' | '–'));
    pieces.filter(|piece| piece.starts_with(|c: char| c.is_ascii_digit())).any(|piece| {
        let clock = piece.trim_end_matches(['.', '!']);
        clock.contains(':') || clock.ends_with("am") || clock.ends_with("pm")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closures_in_words() {
        for text in [
            "Closed",
            "Closed for Christmas",
            "CLOSED - bank holiday",
            "Closed: staff training",
            "Closed bank holiday Monday",
            "We are closed",
            "We’re closed for refurbishment",
            "The centre will be closed over Easter.",
            "Christmas closure",
            "Bank holiday closure",
        ] {
            assert!(tells_of_closure(text), "{text}");
        }
        for text in [
            "Closed group for carers",
            "Closed sessions for members",
            "Closed for lunch",
            "Closed from 12:30",
            "Closed on Mondays after 3pm",
            "If we are closed, ring the bell",
            "We are not closed",
            "We are closed to new referrals",
            "May be closed in bad weather",
            "No closure over Christmas",
            "Enclosed garden",
            "Disclosed on request",
            "Open all year",
        ] {
            assert!(!tells_of_closure(text), "{text}");
        }
        assert!(is_closed(" closed. ") && is_closed("Not open") && !is_closed("Closed group"));
    }
}
