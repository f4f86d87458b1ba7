//! What a text says in passing: the building, how to get there and in touch, who pays. A service is not about these.

use super::tokens::Token;

/// Whether a whole sentence speaks of something besides what the service does.
pub(super) fn is_beside_the_point(sentence: &[Token]) -> bool {
    let word = |at: usize| sentence.get(at).map_or("", |token| &*token.folded);
    let has = |words: &[&str]| sentence.iter().any(|token| words.contains(&&*token.folded));
    let (first, second) = (word(0), word(1));
    let begins =
        OPENINGS.iter().any(|(is, then)| *is == first && (then.is_empty() || then.contains(&second)));
    let describes_building = has(&BUILDING) && has(&FITTINGS);
    // "If you are in crisis, ring 999": somebody else answers that.
    let sends_on = first == "if" && has(&SENDING);
    begins || describes_building || sends_on || has(&["signpost", "signposting", "signposted"])
}

/// Beginnings of sentences that only say how and where.
const OPENINGS: [(&str, &[&str]); 37] = [
    (
        "please",
        &["contact", "call", "phone", "ring", "email", "book", "note", "see", "visit", "ask", "check", "use"],
    ),
    ("contact", &["us", "the", "our"]),
    ("call", &["us", "the", "our", "in", "on", "for", "free"]),
    ("phone", &["us", "the", "our", "lines"]),
    ("ring", &["us", "the", "our"]),
    ("email", &[]),
    ("telephone", &["us", "the", "lines"]),
    ("for", &["more", "further", "details", "emergencies", "urgent", "anything"]),
    ("to", &["book", "find", "apply", "contact", "register", "arrange", "reserve"]),
    ("visit", &["our", "the", "us", "www"]),
    ("see", &["our", "the", "website", "www"]),
    ("book", &["your", "online", "a", "by", "through", "in"]),
    ("booking", &[]),
    ("bookings", &[]),
    ("parking", &[]),
    ("free", &["parking", "car", "wifi"]),
    ("refreshments", &[]),
    ("registered", &["charity"]),
    ("funded", &["by"]),
    ("supported", &["by"]),
    ("the", &["venue", "building", "premises", "entrance", "site"]),
    ("venue", &[]),
    ("building", &["is", "has"]),
    ("our", &["building", "venue", "premises", "website"]),
    ("premises", &[]),
    ("toilets", &[]),
    ("buses", &[]),
    ("bus", &["route", "routes", "stop", "number"]),
    ("donations", &[]),
    ("suggested", &["donation"]),
    ("doors", &["open"]),
    ("opening", &["hours", "times"]),
    (
        "open",
        &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "daily", "weekdays"],
    ),
    ("all", &["volunteers", "staff"]),
    ("last", &["updated", "checked", "reviewed"]),
    ("referrals", &["by", "from", "can", "via", "through"]),
    ("we", &["respect", "reserve", "operate"]),
];

const BUILDING: [&str; 12] = [
    "venue", "building", "site", "premises", "hall", "entrance", "floor", "floors", "toilet", "toilets",
    "parking", "doors",
];

const FITTINGS: [&str; 22] = [
    "accessible",
    "adapted",
    "baby",
    "blue",
    "disabled",
    "dog",
    "dogs",
    "fully",
    "level",
    "lift",
    "loop",
    "parking",
    "ramp",
    "ramped",
    "ramps",
    "smokefree",
    "smoking",
    "step",
    "steps",
    "stepfree",
    "toilet",
    "wheelchair",
];

const SENDING: [&str; 14] = [
    "111",
    "999",
    "call",
    "contact",
    "dial",
    "email",
    "emergency",
    "phone",
    "please",
    "ring",
    "samaritans",
    "speak",
    "text",
    "urgent",
];

/// Marks the words of a sentence that are said in passing, whatever else the sentence says.
pub(super) fn mark_asides(sentence: &[Token], mut mark: impl FnMut(usize)) {
    for at in 0..sentence.len() {
        let word = |ahead: usize| sentence.get(at + ahead).map_or("", |token| &*token.folded);
        let before =
            |back: usize| at.checked_sub(back).and_then(|at| sentence.get(at)).map_or("", |is| &*is.folded);
        match word(0) {
            // "Wheelchair accessible", "accessible to wheelchair users", "wheelchair users welcome".
            "wheelchair" | "wheelchairs"
                if is_access(word(1)) || is_access(before(1)) || is_access(before(2)) =>
            {
                mark(at);
            }
            "wheelchair" if word(1).starts_with("user") && ["welcome", "can", "are"].contains(&word(2)) => {
                mark(at)
            }
            "accessible" | "access" | "step" | "loop" => mark(at),
            "smoke" | "smoking" | "alcohol" | "drug" | "drugs" | "dog" if word(1) == "free" => mark(at),
            "smoking" | "smokers" if matches!(before(1), "no" | "non" | "not") => mark(at),
            "dogs" if word(1) == "welcome" || before(1) == "assistance" => mark(at),
            "interpreter" | "interpreters"
                if OFFERED.iter().any(|offered| (1..5).any(|on| word(on) == *offered)) =>
            {
                mark(at);
            }
            "next" | "thanks" if word(1) == "to" => to_end_of_clause(sentence, at, &mut mark),
            "opposite" | "behind" | "beside" | "above" | "funded" => {
                to_end_of_clause(sentence, at, &mut mark)
            }
            "partnership" | "behalf" => to_end_of_clause(sentence, at, &mut mark),
            "refer" | "referred" | "referrals"
                if matches!(word(1), "you" | "on" | "to" | "by" | "from" | "people") =>
            {
                to_end_of_clause(sentence, at, &mut mark);
            }
            _ => {}
        }
    }
}

const OFFERED: [&str; 6] = ["arranged", "available", "booked", "provided", "request", "requested"];

fn is_access(word: &str) -> bool {
    matches!(
        word,
        "accessible" | "access" | "friendly" | "ramp" | "lift" | "toilet" | "toilets" | "space" | "spaces"
    )
}

fn to_end_of_clause(sentence: &[Token], from: usize, mark: &mut impl FnMut(usize)) {
    let ends = |at: &usize| sentence.get(*at).is_some_and(|token| token.after != super::tokens::Break::None);
    (from..sentence.len()).take_while(|at| *at == from || !ends(at)).for_each(mark);
}
