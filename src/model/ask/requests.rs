//! Words of requests: those that weigh nothing, and those that say little of what is needed.

/// Whether a word only makes a request: "need", "help with", "near me".
pub(super) fn only_requests(word: &str) -> bool {
    REQUESTING.contains(&word) || word.chars().all(|c| c.is_ascii_digit())
}

/// Whether a word says who asks, or how, rather than what for.
pub(super) fn says_little(word: &str) -> bool {
    SAYING_LITTLE.contains(&word)
}

const REQUESTING: [&str; 121] = [
    "able", "advise", "anybody", "anyone", "anything", "anywhere", "area", "around", "ask", "asking",
    "available", "away", "bit", "cheers", "close", "come", "comes", "coming", "course", "dear", "find",
    "finding", "found", "get", "gets", "getting", "give", "gives", "giving", "go", "goes", "going", "gone",
    "gonna", "got", "hello", "help", "helped", "helping", "helps", "hey", "hi", "know", "knows", "let", "like",
    "local", "locally", "look", "looking", "lot", "lots", "make", "making", "maybe", "near", "nearby",
    "nearest", "need", "needed", "needing", "needs", "now", "offer", "offers", "one", "ones", "options",
    "place", "places", "possible", "possibly", "provide", "recommend", "round", "said", "say", "says", "search",
    "searching", "see", "service", "services", "show", "since", "somebody", "someone", "something", "sometimes",
    "somewhere", "soon", "sort", "stuff", "suggest", "suggestions", "take", "taking", "thank", "thanks",
    "thing", "things", "think", "today", "tomorrow", "tonight", "tried", "try", "trying", "urgently", "use",
    "using", "wanna", "want", "wanted", "wanting", "wants", "way", "week", "weeks", "wish", "wondering",
];

const SAYING_LITTLE: [&str; 135] = [
    "adult", "adults", "afternoon", "aunt", "auntie", "baby", "bad", "bairn", "bairns", "best", "big", "bills",
    "bloke", "boy", "boyfriend", "boys", "brother", "chap", "cheap", "child", "children", "club", "cousin",
    "dad", "dads", "daughter", "daughters", "day", "days", "elderly", "evening", "evenings", "family", "father",
    "feel", "feeling", "feels", "fella", "first", "flat", "free", "friend", "friends", "girl", "girlfriend",
    "girls", "good", "gran", "grandad", "grandchild", "grandchildren", "grandma", "grandson", "granny", "group",
    "groups", "guy", "hard", "home", "hour", "hours", "house", "hubby", "husband", "issue", "issues", "kid",
    "kids", "lad", "lady", "lass", "last", "life", "little", "live", "lives", "living", "local", "long", "mam",
    "man", "mate", "mates", "men", "minutes", "missus", "mom", "money", "month", "morning", "mornings",
    "mother", "mum", "mums", "nan", "nana", "nanny", "neighbour", "nephew", "new", "niece", "night", "old",
    "older", "parent", "parents", "partner", "people", "person", "problem", "problems", "road", "since",
    "sister", "small", "son", "sons", "start", "stop", "street", "teen", "time", "town", "trouble", "uncle",
    "village", "wean", "weans", "wee", "wife", "woman", "women", "work", "year", "years",
];
