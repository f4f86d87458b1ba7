//! Whether a wheelchair user can get in, from a location's accessibility statements. People travel on the strength of
//! this, so `Yes` requires an explicit statement without negation or condition.

use crate::model::{Location, TriState};

/// Returns `Yes` or `No` if a statement says so about wheelchairs or step-free access. Returns `Unknown` if none does,
/// if they contradict each other, or if access must be requested or is partial.
pub fn wheelchair_accessible(location: &Location) -> TriState {
    let statements = location.accessibility.iter().flat_map(|one| [&one.description, &one.details]);
    taken_together(statements.flatten().map(String::as_str))
}

/// Returns whether a word negates what follows it.
pub(in crate::model) fn is_denial(word: &str) -> bool {
    matches!(
        word,
        "no" | "not" | "without" | "non" | "never" | "neither" | "nor" | "lack" | "lacks" | "lacking"
    ) || denies_verb(word)
}

/// What one clause states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AccessClaim {
    Accessible,
    Inaccessible,
    /// Accessible to some degree, or in parts.
    InPart,
    /// Advice to ask, or nothing certain.
    Unsure,
}

/// A negation reaches no further than the next of these.
const ENDS_A_CLAUSE: [char; 8] = ['.', ';', ',', '!', '\n', '(', ')', '\u{2022}'];

fn taken_together<'a>(texts: impl Iterator<Item = &'a str>) -> TriState {
    let said: Vec<AccessClaim> = texts.flat_map(|text| text.split(ENDS_A_CLAUSE)).filter_map(said).collect();
    match [AccessClaim::Accessible, AccessClaim::Inaccessible, AccessClaim::InPart]
        .map(|one| said.contains(&one))
    {
        // A request to get in touch does not contradict an explicit statement.
        [true, false, false] => TriState::Yes,
        [false, true, _] => TriState::No,
        _ => TriState::Unknown,
    }
}

fn said(clause: &str) -> Option<AccessClaim> {
    let folded = clause.to_lowercase().replace('-', " ").replace(['\'', '’'], "");
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let pairs = words.windows(2);
    let level = pairs.clone().position(|pair| matches!(pair, ["step", "free"] | ["level", "access"]));
    let spoken_of = words.iter().position(|word| word.starts_with("wheelchair")).or(level)?;
    let has = |is: fn(&str) -> bool| words.iter().any(|word| is(word));
    let doubted = pairs.clone().any(|pair| matches!(pair, ["not", "sure" | "known" | "yet"]));
    Some(match is_denied(&words, spoken_of) {
        _ if has(asks) || doubted || clause.contains('?') => AccessClaim::Unsure,
        true if has(limits) => AccessClaim::InPart,
        true => AccessClaim::Inaccessible,
        false if has(limits) => AccessClaim::InPart,
        false if level.is_some() || has(affirms) => AccessClaim::Accessible,
        // The clause may be about wheelchairs to borrow, or a sport.
        false => AccessClaim::Unsure,
    })
}

fn is_denied(words: &[&str], spoken_of: usize) -> bool {
    let before = words.iter().take(spoken_of).rev().take_while(|word| !turns(word));
    let denied_before = before.take(6).any(|word| is_denial(word));
    // Only a negated verb right after the word counts. "No lift" after it is about something else.
    let after = || words.iter().skip(spoken_of + 1);
    let denied_after = after().take(5).any(|word| *word == "not" || denies_verb(word));
    let answered = words.last().is_some_and(|word| matches!(*word, "no" | "none" | "n" | "false" | "nil"));
    denied_before || denied_after || (answered && after().next().is_some())
}

fn denies_verb(word: &str) -> bool {
    matches!(
        word,
        "cannot"
            | "cant"
            | "isnt"
            | "arent"
            | "wont"
            | "dont"
            | "doesnt"
            | "inaccessible"
            | "unable"
            | "unsuitable"
            | "unavailable"
            | "impossible"
            | "unfortunately"
            | "impassable"
    )
}

// After these words the clause is about something else.
fn turns(word: &str) -> bool {
    matches!(word, "but" | "although" | "though" | "however" | "so" | "and")
}

fn asks(word: &str) -> bool {
    matches!(
        word,
        "ask"
            | "check"
            | "enquire"
            | "inquire"
            | "contact"
            | "call"
            | "phone"
            | "telephone"
            | "email"
            | "ring"
            | "request"
            | "arrangement"
            | "arrangements"
            | "arrange"
            | "prior"
            | "advance"
            | "if"
            | "unless"
            | "whether"
            | "may"
            | "might"
            | "should"
            | "depending"
            | "depends"
            | "unknown"
            | "tbc"
            | "guarantee"
            | "hope"
            | "planned"
            | "soon"
            | "must"
            | "booked"
            | "hire"
            | "borrow"
            | "loan"
    )
}

fn limits(word: &str) -> bool {
    matches!(
        word,
        "limited"
            | "partial"
            | "partially"
            | "partly"
            | "some"
            | "only"
            | "except"
            | "excluding"
            | "difficult"
            | "difficulty"
            | "restricted"
            | "restrictions"
            | "poor"
            | "narrow"
            | "most"
            | "certain"
            | "assistance"
            | "apart"
    )
}

fn affirms(word: &str) -> bool {
    word.starts_with("access")
        || matches!(
            word,
            "friendly"
                | "suitable"
                | "welcome"
                | "welcomed"
                | "welcomes"
                | "ramp"
                | "ramped"
                | "ramps"
                | "entry"
                | "entrance"
                | "possible"
                | "yes"
                | "adapted"
                | "can"
                | "accommodate"
                | "accommodated"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(text: &str) -> TriState {
        taken_together(std::iter::once(text))
    }

    #[test]
    fn a_yes_is_said_outright() {
        for text in [
            "Wheelchair access is possible on all levels.",
            "Wheelchair accessible",
            "Step-free entrance",
            "Fully accessible to wheelchair users",
            "Wheelchair users welcome; no parking",
            "No parking. Wheelchair access is good",
            "Wheelchair accessible. No hearing loop",
            "No hearing loop. Wheelchair accessible",
            "Wheelchair accessible but no hearing loop",
            "Step free. There is not a hearing loop",
            "There is no lift but a ramp for wheelchair users",
            "The building is wheelchair accessible. Wheelchair users should contact us in advance",
        ] {
            assert_eq!(reads(text), TriState::Yes, "{text}");
        }
    }

    #[test]
    fn a_denial_near_the_word_is_a_no() {
        for text in [
            "No wheelchair access",
            "The hall is not suitable for wheelchairs",
            "Wheelchair users cannot reach the first floor",
            "Wheelchair users can't get in",
            "Wheelchair access: No",
            "The building is inaccessible to wheelchair users",
            "Unsuitable for wheelchairs",
            "We are unable to accommodate wheelchairs",
            "Not wheelchair accessible",
            "Not at all wheelchair accessible",
            "Not accessible for wheelchairs",
            "We do not have ramps or lifts or wheelchair access",
            "Wheelchair access is not available",
            "Wheelchair access is unavailable",
            "Wheelchairs: unfortunately not",
            "Steps to entrance, not suitable for wheelchairs",
            "No step-free access",
            "No wheelchair access. Please ask about wheelchair access to other halls",
        ] {
            assert_eq!(reads(text), TriState::No, "{text}");
        }
    }

    #[test]
    fn conditions_questions_and_other_things_leave_it_open() {
        for text in [
            "Please ask about wheelchair access",
            "Limited wheelchair access",
            "Wheelchair access to the ground floor only",
            "Wheelchair access by prior arrangement",
            "Is there wheelchair access? Ring us",
            "Wheelchair access is not yet known",
            "This building may not be wheelchair accessible",
            "Some rooms are not accessible to wheelchairs",
            "Wheelchairs to borrow",
            "Wheelchair basketball",
            "Wheelchair-accessible vehicles must be booked two working days ahead.",
            "Wheelchair accessible, but no wheelchair access upstairs",
            "Wheelchair accessible. Limited wheelchair access upstairs",
            "Hearing loop",
        ] {
            assert_eq!(reads(text), TriState::Unknown, "{text}");
        }
    }
}
