//! Words of requests: those that weigh nothing, and those that say little of what is needed.

/// Whether a word only makes a request: "need", "help with", "near me".
pub(super) fn only_requests(word: &str) -> bool {
    REQUESTING.contains(&word) || word.chars().all(|c| c.is_ascii_digit())
}

/// Whether a word says who asks, or how, rather than what for.
pub(super) fn says_little(word: &str) -> bool {
    SAYING_LITTLE.contains(&word)
}

const REQUESTING: [&str; 120] = [
    "able", "advise", "anybody", "anyone", "anything", "anywhere", "area", "around", "ask", "asking",
    "available", "away", "bit", "cheers", "close", "come", "comes", "coming", "course", "dear", "find",
    "finding", "found", "get", "gets", "getting", "give", "gives", "giving", "go", "goes", "going", "gone",
    "gonna", "got", "hello", "help", "helped", "helping", "helps", "hey", "hi", "know", "knows", "let", "like",
    "local", "locally", "look", "looking", "lot", "lots", "make", "making", "maybe", "near", "nearby",
    "nearest", "need", "needed", "needing", "needs", "now", "offer", "offers", "one", "ones", "options",
    "place", "places", "possible", "possibly", "provide", "recommend", "round", "said", "say", "says", "search",
    "searching", "see", "service", "services", "show", "somebody", "someone", "something", "sometimes",
    "somewhere", "soon", "sort", "stuff", "suggest", "suggestions", "take", "taking", "thank", "thanks",
    "thing", "things", "think", "today", "tomorrow", "tonight", "tried", "try", "trying", "urgently", "use",
    "using", "wanna", "want", "wanted", "wanting", "wants", "way", "week", "weeks", "wish", "wondering",
];

const SAYING_LITTLE: [&str; 92] = [
    "adult", "adults", "aunt", "baby", "bad", "best", "big", "boy", "boyfriend", "brother", "cheap", "child",
    "children", "club", "dad", "dads", "daughter", "daughters", "day", "days", "elderly", "family", "father",
    "feel", "feeling", "feels", "first", "free", "friend", "friends", "girl", "girlfriend", "good", "gran",
    "grandad", "grandma", "grandson", "granny", "group", "groups", "hard", "home", "house", "husband", "issue",
    "issues", "kid", "kids", "lady", "last", "life", "little", "live", "lives", "living", "local", "long",
    "man", "men", "money", "month", "mother", "mum", "mums", "nan", "nana", "neighbour", "new", "night", "old",
    "older", "parent", "parents", "partner", "people", "person", "problem", "problems", "sister", "small",
    "son", "sons", "start", "stop", "time", "trouble", "wife", "woman", "women", "work", "year", "years",
];
