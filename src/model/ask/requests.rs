//! Words of requests: those that weigh nothing, and those that say little of what is needed.

/// Whether a word only makes a request: "need", "help with", "near me".
pub(super) fn only_requests(word: &str) -> bool {
    is_one_of(&REQUESTING, word) || word.chars().all(|c| c.is_ascii_digit())
}

/// Whether a word says who asks, or how, rather than what for.
pub(super) fn says_little(word: &str) -> bool {
    is_one_of(&SAYING_LITTLE, word) || names_people(word)
}

/// Whether a word only says whom it is for: a service that is named after them may be for anything.
pub(super) fn names_people(word: &str) -> bool {
    is_one_of(&NAMING_PEOPLE, word)
}

/// Whether a word is one of some, or one of them in the plural or with an apostrophe left out.
fn is_one_of(words: &[&str], word: &str) -> bool {
    let singular = word.strip_suffix('s').filter(|singular| singular.len() > 2);
    words.contains(&word) || singular.is_some_and(|singular| words.contains(&singular))
}

const REQUESTING: [&str; 114] = [
    "able", "advise", "angen", "anybody", "anyone", "anything", "anywhere", "area", "around", "ask", "asking",
    "available", "away", "bit", "cheers", "chwilio", "close", "come", "coming", "course", "cymorth", "dear",
    "eisiau", "find", "finding", "found", "get", "getting", "give", "giving", "go", "goes", "going", "gone",
    "gonna", "got", "gwaith", "hello", "help", "helped", "helping", "hey", "hi", "ken", "know", "let", "like",
    "local", "locally", "look", "looking", "lot", "make", "making", "maybe", "near", "nearby", "nearest",
    "need", "needed", "needing", "now", "offer", "one", "options", "place", "possible", "possibly", "provide",
    "recommend", "rhywle", "rhywun", "round", "said", "say", "search", "searching", "see", "service", "show",
    "since", "somebody", "someone", "something", "sometimes", "somewhere", "soon", "sort", "stuff", "suggest",
    "suggestions", "take", "taking", "thank", "thing", "think", "today", "tomorrow", "tonight", "tried", "try",
    "trying", "urgently", "use", "using", "waith", "wanna", "want", "wanted", "wanting", "way", "week", "wish",
    "wondering",
];

const SAYING_LITTLE: [&str; 80] = [
    "afternoon", "april", "august", "back", "bad", "bare", "best", "big", "bills", "car", "cheap", "club",
    "day", "december", "door", "evening", "family", "february", "feel", "feeling", "first", "flat", "foot",
    "free", "friday", "friend", "full", "good", "group", "hard", "home", "hour", "house",
    "issue", "january", "july", "june", "keep", "last", "life", "little", "live", "living", "long", "march",
    "mate", "minutes", "monday", "money", "morning", "moved", "new", "next", "night", "november", "october",
    "outside", "problem", "road", "saturday", "september", "set", "sign", "small", "start", "stay", "stop",
    "street", "sunday", "thursday", "time", "top", "town", "trouble", "tuesday", "twice", "village",
    "wednesday", "wee", "work",
];

const NAMING_PEOPLE: [&str; 108] = [
    "adult", "auld", "aunt", "auntie", "baby", "bairn", "bloke", "boy", "boyfriend", "brother", "chap", "child",
    "children", "cousin", "dad", "daddy", "daughter", "eight", "eighteen", "eighties", "eighty", "elderly",
    "eleven", "father", "fella", "fifteen", "fifty", "five", "forty", "four", "gentleman", "girl", "girlfriend",
    "gran", "grandad", "grandchild", "grandchildren", "granddaughter", "grandfather", "grandma", "grandmother",
    "grandpa", "grandson", "granny", "guy", "hubby", "hundred", "husband", "ifanc", "kid", "lad", "lady",
    "lass", "mam", "mamgu", "mammy", "man", "men", "missus", "mom", "month", "mother", "mum", "nain", "nan",
    "nana", "nanny", "neighbour", "nephew", "niece", "nine", "ninety", "old", "older", "parent", "partner",
    "pensioner", "people", "person", "seven", "seventeen", "seventies", "seventy", "sister", "six", "sixteen",
    "sixties", "sixty", "somebody", "son", "taid", "teen", "teenager", "ten", "thirty", "three", "toddler",
    "twelve", "twenty", "twin", "two", "uncle", "wean", "wife", "woman", "women", "year", "young",
];
