//! What people say and what services call it: rows of CSV, ours and the operator's.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::requests::{only_requests, says_little};
use super::tokens::{joins, tokens};
use crate::model::stem;

/// A kind of need that phrases speak of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// What rows call it.
    pub key: Box<str>,
    /// What people call it.
    pub label: Box<str>,
    /// Whether somebody may be in danger.
    pub danger: bool,
}

/// The rows, ready to be looked up.
#[derive(Debug, Default)]
pub struct Lexicon {
    pub(super) rows: Vec<Row>,
    needs: HashMap<Box<str>, Arc<Need>>,
    /// The wordings that hold each first telling stem: the row, and the wording's place in it.
    by_stem: HashMap<Box<str>, Vec<(usize, usize)>>,
    /// Every word of a row, so that no such word is taken for a slip.
    words: HashSet<Box<str>>,
    /// The stems of all words of rows, in order.
    stems: Vec<Box<str>>,
}

/// A row.
#[derive(Debug)]
pub(super) struct Row {
    /// What people say.
    pub(super) said: Vec<Wording>,
    /// What it is called: each as the stems of its telling words.
    pub(super) called: Vec<Box<[Box<str>]>>,
    /// Per cent.
    pub(super) weight: u32,
    pub(super) need: Arc<Need>,
}

/// One way of saying something.
#[derive(Debug)]
pub(super) struct Wording {
    /// The stems of its telling words, or of all words where those tell too little.
    pub(super) stems: Box<[Box<str>]>,
    /// Whether they must stand side by side: "do myself in" is not "in".
    pub(super) is_whole: bool,
    /// Whether it may stand the other way round: "debt letters" is "letters about debt", but "want to end" is not "the end
    /// that we want".
    pub(super) may_turn: bool,
}

/// Why rows cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LexiconError {
    /// The text is no CSV with these columns.
    #[error("line {line}: {reason}")]
    Unreadable {
        /// The line.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
}

#[derive(Deserialize)]
struct WrittenRow {
    said: String,
    called: String,
    weight: f64,
    need: String,
}

#[derive(Deserialize)]
struct WrittenNeed {
    need: String,
    label: String,
    danger: bool,
}

/// The rows that are built in.
static BUILT_IN: LazyLock<Arc<Lexicon>> = LazyLock::new(|| Arc::new(Lexicon::ours()));

impl Lexicon {
    /// The rows that are built in.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    fn ours() -> Self {
        let mut lexicon = Self::default();
        // A test holds both tables to be in order.
        let _ = lexicon.add_needs(include_str!("needs.csv"));
        let _ = lexicon.add(include_str!("lay_words.csv"));
        lexicon
    }

    /// The rows that are built in, and those of these CSV texts.
    ///
    /// # Errors
    /// The place of the text among them, and what is wrong with which of its lines.
    pub fn with(texts: &[String]) -> Result<Self, (usize, LexiconError)> {
        let mut lexicon = Self::ours();
        for (nth, text) in texts.iter().enumerate() {
            lexicon.add(text).map_err(|error| (nth, error))?;
        }
        Ok(lexicon)
    }

    fn add_needs(&mut self, csv: &str) -> Result<(), LexiconError> {
        for (_, WrittenNeed { need, label, danger }) in rows::<WrittenNeed>(csv)? {
            let key: Box<str> = need.into();
            self.needs.insert(key.clone(), Arc::new(Need { key, label: label.into(), danger }));
        }
        Ok(())
    }

    fn add(&mut self, csv: &str) -> Result<(), LexiconError> {
        for (line, row) in rows::<WrittenRow>(csv)? {
            let row = self.row(&row).map_err(|reason| LexiconError::Unreadable { line, reason })?;
            self.take_in(row);
        }
        self.stems.sort_unstable();
        self.stems.dedup();
        Ok(())
    }

    fn row(&mut self, written: &WrittenRow) -> Result<Row, String> {
        if !(0.1..=1.0).contains(&written.weight) {
            return Err(format!("`weight` is {}, and must be from 0.1 to 1.0", written.weight));
        }
        let Some(need) = self.needs.get(written.need.trim()).map(Arc::clone) else {
            return Err(format!("`need` is {:?}, which is none of those built in", written.need));
        };
        let said = written.said.split('|').map(|one| self.wording(one));
        let said: Vec<Wording> = said.filter(|wording| !wording.stems.is_empty()).collect();
        // Small words are not kept of services, so they tell nothing apart there.
        let called = written.called.split('|').map(|one| {
            // "Drop-in" is one word, for "drop" alone says something else.
            let one = if one.split('-').any(joins) { one.replace('-', "") } else { one.to_owned() };
            self.stems_of(&one, |word| !joins(word))
        });
        let called: Vec<_> = called.filter(|stems| !stems.is_empty()).collect();
        if said.is_empty() || called.is_empty() {
            return Err("`said` and `called` must each hold a word".to_owned());
        }
        // Bounded above.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 10 to 100")]
        let weight = (written.weight * 100.0).round() as u32;
        Ok(Row { said, called, weight, need })
    }

    fn wording(&mut self, written: &str) -> Wording {
        let words = tokens(written);
        let telling: Vec<&str> = words.iter().map(|token| &*token.folded).filter(|word| tells(word)).collect();
        let is_plain = |word: &&&str| !joins(word) && !only_requests(word) && !says_little(word);
        // "Hits me" is not "hits": where one word tells, whom it is done to tells, too.
        let is_done = telling.len() == 1 && words.last().is_some_and(|last| stands_for_somebody(&last.folded));
        // "End it all" is not "end".
        let is_idiom = telling.len() == 1 && words.iter().any(|word| !tells(&word.folded) && !is_idle(&word.folded));
        let is_whole = words.len() > 1 && (is_done || is_idiom || !telling.iter().any(|word| is_plain(&word)));
        let stems = match is_whole {
            true if is_done => self.stems_of(written, |_| true),
            // Whose mum it is may be left out.
            true => self.stems_of(written, |word| !ARTICLES.contains(&word) && !stands_for_somebody(word)),
            false => self.stems_of(written, tells),
        };
        let may_turn = !is_whole && telling.len() == 2 && telling.iter().all(|word| is_plain(&word));
        Wording { stems, is_whole, may_turn }
    }

    /// The stems of those words of a text that count; all its words are known from then on.
    fn stems_of(&mut self, text: &str, counts: fn(&str) -> bool) -> Box<[Box<str>]> {
        let words = tokens(text);
        let stems: Vec<Box<str>> =
            words.iter().filter(|token| counts(&token.folded)).map(|token| heard_as(&token.folded)).collect();
        self.words.extend(words.into_iter().map(|token| token.folded));
        self.stems.extend(stems.iter().cloned());
        stems.into()
    }

    fn take_in(&mut self, row: Row) {
        for (nth, said) in row.said.iter().enumerate() {
            if let Some(first) = said.stems.first() {
                self.by_stem.entry(first.clone()).or_default().push((self.rows.len(), nth));
            }
        }
        self.rows.push(row);
    }

    /// The wordings whose first telling word has this stem.
    pub(super) fn beginning_with(&self, stem: &str) -> impl Iterator<Item = (&Row, &Wording)> {
        let at = self.by_stem.get(stem).into_iter().flatten();
        at.filter_map(|(row, nth)| {
            let row = self.rows.get(*row)?;
            Some((row, row.said.get(*nth)?))
        })
    }

    /// Whether a folded word stands in a row.
    pub(super) fn knows(&self, folded: &str) -> bool {
        self.words.contains(folded) || self.stems.binary_search(&stem(folded)).is_ok()
    }

    /// Every word of a row.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| &**word)
    }

    /// The needs, in no particular order.
    pub fn needs(&self) -> impl Iterator<Item = &Arc<Need>> {
        self.needs.values()
    }
}

/// Whether a word tells wordings apart: small words do where they turn the sense.
pub(super) fn tells(word: &str) -> bool {
    !joins(word) || turns(word)
}

/// Whether a small word turns the sense of others.
fn turns(word: &str) -> bool {
    TURNING.contains(&word)
}

const ARTICLES: [&str; 6] = ["a", "an", "the", "i", "im", "ive"];

/// The stem that a word of a phrase is compared by. Whoever is spoken of is somebody: "my mum", "his mum".
pub(super) fn heard_as(folded: &str) -> Box<str> {
    match folded {
        _ if stands_for_somebody(folded) => SOMEBODY.into(),
        // As it is: the stem of "overeating" is "over".
        _ if joins(folded) => format!("{SMALL}{folded}").into(),
        _ => stem(folded),
    }
}

/// Whether a word, by what it is compared by, turns the sense of others.
pub(super) fn turns_the_sense(heard_as: &str) -> bool {
    heard_as.strip_prefix(SMALL).is_some_and(turns)
}

const SOMEBODY: &str = "~";
const SMALL: char = '=';

fn stands_for_somebody(word: &str) -> bool {
    matches!(word, "me" | "my" | "him" | "his" | "her" | "us" | "our" | "them" | "their" | "you" | "your")
}

/// Whether a small word may as well be left out.
fn is_idle(word: &str) -> bool {
    const IDLE: [&str; 30] = [
        "a", "am", "an", "and", "are", "at", "be", "been", "being", "by", "do", "does", "for", "from", "had", "has", "have",
        "having", "i", "im", "is", "ive", "of", "on", "some", "the", "to", "was", "were", "with",
    ];
    IDLE.contains(&word) || stands_for_somebody(word)
}

/// Small words that turn the sense of others: "pack *in*", "*no* one", "*can't* cope".
const TURNING: [&str; 23] = [
    "no", "not", "cant", "cannot", "dont", "doesnt", "wont", "without", "in", "out", "up", "off", "down", "over",
    "after", "again", "before", "under", "myself", "herself", "himself", "yourself", "themselves",
];

fn rows<T: for<'de> Deserialize<'de>>(csv: &str) -> Result<Vec<(u64, T)>, LexiconError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv.as_bytes());
    let headers = reader.headers().cloned().map_err(unreadable)?;
    let each = reader.records().map(|record| {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = record.deserialize(Some(&headers)).map_err(|error| LexiconError::Unreadable {
            line,
            reason: error.to_string(),
        })?;
        Ok((line, row))
    });
    each.collect()
}

fn unreadable(error: csv::Error) -> LexiconError {
    let line = error.position().map_or(1, csv::Position::line);
    LexiconError::Unreadable { line, reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Notice;

    fn ours() -> Lexicon {
        let mut lexicon = Lexicon::default();
        lexicon.add_needs(include_str!("needs.csv")).unwrap();
        lexicon.add(include_str!("lay_words.csv")).unwrap();
        lexicon
    }

    #[test]
    fn the_tables_that_are_built_in_are_in_order() {
        let lexicon = ours();
        assert!(lexicon.rows.len() >= 300, "{} rows", lexicon.rows.len());
        for need in lexicon.needs.values() {
            assert!(lexicon.rows.iter().any(|row| row.need == *need), "no row speaks of {}", need.key);
        }
        for key in Notice::default().helplines.iter().flat_map(|helpline| &helpline.needs) {
            assert!(lexicon.needs.get(&**key).is_some_and(|need| need.danger), "{key}");
        }
    }

    #[test]
    fn small_words_count_where_nothing_else_tells() {
        let stems = |written: &str| {
            let wording = Lexicon::default().wording(written);
            (wording.stems.join(" "), wording.is_whole)
        };
        for (written, expected, is_whole) in [
            ("no one to talk to", "=no one talk", false),
            ("the blues", "blue", false),
            ("end it all", "end =it =all", true),
            ("do myself in", "=do =myself =in", true),
            ("hits me", "hit ~", true),
            ("looking after my mum", "look =after mum", true),
            ("pack in smoking", "pack =in smoke", false),
        ] {
            assert_eq!(stems(written), (expected.to_owned(), is_whole), "{written}");
        }
    }

    #[test]
    fn rows_of_operators_are_added_and_faults_name_their_line() {
        let own = "said,called,weight,need\nthe brew,tea and chat,0.8,loneliness\n".to_owned();
        let lexicon = Lexicon::with(std::slice::from_ref(&own)).unwrap();
        assert_eq!(lexicon.rows.len(), ours().rows.len() + 1);
        let (nth, error) = Lexicon::with(&[own, "said,called,weight\na,b,1\n".to_owned()]).unwrap_err();
        assert_eq!(nth, 1);
        assert!(error.to_string().starts_with("line 2: "), "{error}");
    }
}
