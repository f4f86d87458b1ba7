//! Detects what a text mentions in passing: the building, directions, contact details, house rules, funders. A service
//! is not about these.

use super::tokens::{PairList, PhraseToken, WordList};

/// Returns whether a whole sentence is about something other than what the service does.
pub(super) fn is_beside_the_point(sentence: &[PhraseToken]) -> bool {
    let word = |at: usize| sentence.get(at).map_or("", |token| &*token.folded);
    let has = |words: &WordList| sentence.iter().any(|token| words.has(&token.folded));
    let begins = OPENINGS.has(word(0), "*") || OPENINGS.has(word(0), word(1));
    let describes_building = has(&BUILDING) && has(&FITTINGS);
    // "If you are in crisis, ring 999": other services answer that.
    let sends_on = word(0) == "if" && has(&SENDING);
    let mut pairs = sentence.iter().zip(sentence.iter().skip(1));
    let is_rule = pairs.any(|(a, b)| HOUSE_RULES.has(&a.folded, &b.folded));
    begins || describes_building || sends_on || is_rule || has(&TELLTALE)
}

/// Openings of sentences that only say how, where or for whom. `*` is any word.
static OPENINGS: PairList = PairList::of(include_str!("openings.txt"));

/// Adjacent words in house rules, and in sentences about waiting or about who is welcome.
static HOUSE_RULES: PairList = PairList::of(include_str!("house_rules.txt"));

/// Words that do not occur in sentences about what a service does.
static TELLTALE: WordList = WordList::of(
    "bays cctv dbs gdpr influence newsletter nobody policies policy rear signpost signposted signposting wifi",
);

static BUILDING: WordList =
    WordList::of("venue building site premises hall entrance floor floors toilet toilets parking doors");

static FITTINGS: WordList = WordList::of(
    "accessible adapted baby blue disabled dog dogs fully level lift loop parking ramp ramped ramps \
    smokefree smoking step steps stepfree toilet wheelchair",
);

static SENDING: WordList =
    WordList::of("111 999 call contact dial email emergency phone please ring samaritans speak text urgent");

/// Marks the words of a sentence that are mentioned in passing, whatever else the sentence says.
pub(super) fn mark_asides(sentence: &[PhraseToken], mut mark: impl FnMut(usize)) {
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
            "hearing" | "induction" if word(1) == "loop" => mark(at),
            "smoke" | "smoking" | "alcohol" | "drug" | "drugs" | "dog" if word(1) == "free" => mark(at),
            "smoking" | "smokers" if matches!(before(1), "no" | "non" | "not") => mark(at),
            "dogs" if word(1) == "welcome" || before(1) == "assistance" => mark(at),
            "interpreter" | "interpreters" if (1..5).any(|on| OFFERED.has(word(on))) => {
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

static OFFERED: WordList = WordList::of("arranged available booked provided request requested");

fn is_access(word: &str) -> bool {
    matches!(
        word,
        "accessible" | "access" | "friendly" | "ramp" | "lift" | "toilet" | "toilets" | "space" | "spaces"
    )
}

fn to_end_of_clause(sentence: &[PhraseToken], from: usize, mark: &mut impl FnMut(usize)) {
    let ends =
        |at: &usize| sentence.get(*at).is_some_and(|token| token.after != super::tokens::WordBreak::None);
    (from..sentence.len()).take_while(|at| *at == from || !ends(at)).for_each(mark);
}
