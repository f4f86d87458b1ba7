//! Words of requests: those that weigh nothing, and those that say little of what is needed.

/// Whether a word only makes a request: "need", "help with", "near me".
pub(super) fn only_requests(word: &str) -> bool {
    is_one_of(&REQUESTING, word) || word.chars().all(|c| c.is_ascii_digit())
}

/// Whether a word says who asks, or how, rather than what for.
pub(super) fn says_little(word: &str) -> bool {
    is_one_of(&SAYING_LITTLE, word)
}

/// Whether a word is one of some, or one of them in the plural or with an apostrophe left out.
fn is_one_of(words: &[&str], word: &str) -> bool {
    let singular = word.strip_suffix('s').filter(|singular| singular.len() > 2);
    words.contains(&word) || singular.is_some_and(|singular| words.contains(&singular))
}

const REQUESTING: [&str; 105] = [
    "able", "advise", "anybody", "anyone", "anything", "anywhere", "area", "around", "ask", "asking",
    "available", "away", "bit", "cheers", "close", "come", "coming", "course", "dear", "find", "finding",
    "found", "get", "getting", "give", "giving", "go", "goes", "going", "gone", "gonna", "got", "hello", "help",
    "helped", "helping", "hey", "hi", "know", "let", "like", "local", "locally", "look", "looking", "lot",
    "make", "making", "maybe", "near", "nearby", "nearest", "need", "needed", "needing", "now", "offer", "one",
    "options", "place", "possible", "possibly", "provide", "recommend", "round", "said", "say", "search",
    "searching", "see", "service", "show", "since", "somebody", "someone", "something", "sometimes",
    "somewhere", "soon", "sort", "stuff", "suggest", "suggestions", "take", "taking", "thank", "thing", "think",
    "today", "tomorrow", "tonight", "tried", "try", "trying", "urgently", "use", "using", "wanna", "want",
    "wanted", "wanting", "way", "week", "wish", "wondering",
];

const SAYING_LITTLE: [&str; 162] = [
    "adult", "afternoon", "april", "august", "aunt", "auntie", "baby", "bad", "bairn", "best", "big", "bills",
    "bloke", "boy", "boyfriend", "brother", "car", "chap", "cheap", "child", "children", "club", "cousin",
    "dad", "daughter", "day", "december", "door", "eight", "eighteen", "eighty", "elderly", "eleven", "evening",
    "family", "father", "february", "feel", "feeling", "fella", "fifteen", "fifty", "first", "five", "flat",
    "forty", "four", "free", "friday", "friend", "full", "gentleman", "girl", "girlfriend", "good", "gran",
    "grandad", "grandchild", "grandchildren", "grandma", "grandson", "granny", "group", "guy", "hard", "home",
    "hour", "house", "hubby", "hundred", "husband", "issue", "january", "july", "june", "kid", "lad", "lady",
    "lass", "last", "life", "little", "live", "living", "local", "long", "mam", "man", "march", "mate", "men",
    "minutes", "missus", "mom", "monday", "money", "month", "morning", "mother", "moved", "mum", "nan", "nana",
    "nanny", "neighbour", "nephew", "new", "next", "niece", "night", "nine", "ninety", "november", "october",
    "old", "older", "outside", "parent", "partner", "people", "person", "problem", "road", "saturday",
    "september", "seven", "seventeen", "seventy", "since", "sister", "six", "sixteen", "sixty", "small", "son",
    "start", "stop", "street", "sunday", "teen", "ten", "thirty", "three", "thursday", "time", "town",
    "trouble", "tuesday", "twelve", "twenty", "twice", "two", "uncle", "village", "wean", "wednesday", "wee",
    "wife", "woman", "women", "work", "year",
];
