//! The lexicon: what people say and what services call it. Rows of CSV, built in and from the operator.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::tokens::{joins, stem, tokens};
use super::wordings::AskWording;

/// A kind of need that phrases mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedNeed {
    /// The key used in rows.
    pub key: Box<str>,
    /// The name shown to people.
    pub label: Box<str>,
    /// Whether somebody may be in danger.
    pub danger: bool,
}

/// The rows, indexed for lookup.
#[derive(Debug, Default)]
pub struct AskLexicon {
    pub(super) rows: Vec<LexiconRow>,
    needs: HashMap<Box<str>, Arc<AskedNeed>>,
    /// The wordings by their first telling stem.
    by_stem: HashMap<Box<str>, StemWordings>,
    /// Every word in the rows, so that none is taken for a misspelling.
    words: HashSet<Box<str>>,
    /// The words in the `called` column.
    called: HashSet<Box<str>>,
    /// The stems of all words in the rows, sorted.
    stems: Vec<Box<str>>,
}

/// The wordings that begin with a stem, each as the index of its row and its index in the row.
#[derive(Debug, Default)]
struct StemWordings {
    /// Wordings that consist of this stem alone.
    alone: Vec<(usize, usize)>,
    /// Longer wordings, by their second stem: many wordings begin with "can't", but a phrase matches few of them.
    then: HashMap<Box<str>, Vec<(usize, usize)>>,
}

/// A row.
#[derive(Debug)]
pub(super) struct LexiconRow {
    /// What people say.
    pub(super) said: Vec<AskWording>,
    /// What services call it: the stems of the telling words of each name.
    pub(super) called: Vec<Box<[Box<str>]>>,
    /// The weight, in per cent.
    pub(super) weight: u32,
    pub(super) need: Arc<AskedNeed>,
}

/// Why rows cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LexiconError {
    /// The text is not CSV with these columns.
    #[error("line {line}: {reason}")]
    Unreadable {
        /// The line number.
        line: u64,
        /// What is wrong with the line.
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
static BUILT_IN: LazyLock<Arc<AskLexicon>> = LazyLock::new(|| Arc::new(AskLexicon::ours()));

impl AskLexicon {
    /// Returns the built-in rows.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    fn ours() -> Self {
        let mut lexicon = Self::default();
        // A test checks that both tables are valid.
        let _ = lexicon.add_needs(include_str!("needs.csv"));
        let _ = lexicon.add(include_str!("lay_words.csv"));
        lexicon
    }

    /// Returns the built-in rows and those of these CSV texts.
    ///
    /// # Errors
    /// Returns the index of the text, and what is wrong in which line.
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
            self.needs.insert(key.clone(), Arc::new(AskedNeed { key, label: label.into(), danger }));
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

    fn row(&mut self, written: &WrittenRow) -> Result<LexiconRow, String> {
        if !(0.1..=1.0).contains(&written.weight) {
            return Err(format!("`weight` is {}, but must be from 0.1 to 1.0", written.weight));
        }
        let Some(need) = self.needs.get(written.need.trim()).map(Arc::clone) else {
            return Err(format!("`need` is {:?}, which is not one of the built-in needs", written.need));
        };
        let said: Vec<AskWording> = written.said.split('|').map(AskWording::of).collect();
        let called: Vec<_> = written.called.split('|').map(called_stems).collect();
        let said_stems = said.iter().map(|wording| &wording.stems);
        for (text, stems) in
            written.said.split('|').zip(said_stems).chain(written.called.split('|').zip(&called))
        {
            self.learn(text, stems);
        }
        let called_words = written.called.split('|').flat_map(tokens).map(|token| token.folded);
        self.called.extend(called_words.filter(|word| !joins(word)));
        let said: Vec<AskWording> = said.into_iter().filter(|wording| !wording.stems.is_empty()).collect();
        let called: Vec<_> = called.into_iter().filter(|stems| !stems.is_empty()).collect();
        if said.is_empty() || called.is_empty() {
            return Err("`said` and `called` must each contain a word".to_owned());
        }
        // The range was checked above.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 10 to 100")]
        let weight = (written.weight * 100.0).round() as u32;
        Ok(LexiconRow { said, called, weight, need })
    }

    /// Records the words of a text as known.
    fn learn(&mut self, text: &str, stems: &[Box<str>]) {
        self.words.extend(tokens(text).into_iter().map(|token| token.folded));
        self.stems.extend(stems.iter().cloned());
    }

    fn take_in(&mut self, row: LexiconRow) {
        for (nth, said) in row.said.iter().enumerate() {
            let place = (self.rows.len(), nth);
            let mut stems = said.stems.iter();
            let Some(first) = stems.next() else { continue };
            let beginning = self.by_stem.entry(first.clone()).or_default();
            match stems.next() {
                Some(second) => beginning.then.entry(second.clone()).or_default().push(place),
                None => beginning.alone.push(place),
            }
        }
        self.rows.push(row);
    }

    /// Returns the wordings that consist of one telling word, by its stem.
    pub(super) fn of_one(&self, stem: &str) -> impl Iterator<Item = (&LexiconRow, &AskWording)> {
        let places = self.by_stem.get(stem).into_iter().flat_map(|beginning| &beginning.alone);
        places.filter_map(|place| self.wording(*place))
    }

    /// Returns the wordings of several telling words, by the stems of the first two.
    pub(super) fn of_more(
        &self,
        first: &str,
        second: &str,
    ) -> impl Iterator<Item = (&LexiconRow, &AskWording)> {
        let places = self.by_stem.get(first).and_then(|beginning| beginning.then.get(second));
        places.into_iter().flatten().filter_map(|place| self.wording(*place))
    }

    fn wording(&self, (row, nth): (usize, usize)) -> Option<(&LexiconRow, &AskWording)> {
        let row = self.rows.get(row)?;
        Some((row, row.said.get(nth)?))
    }

    /// Returns whether a folded word occurs in a row.
    pub(super) fn knows(&self, folded: &str) -> bool {
        self.words.contains(folded) || self.stems.binary_search(&stem(folded)).is_ok()
    }

    /// Returns whether the word, in singular or plural, occurs in a name that services use.
    pub(super) fn is_called(&self, folded: &str) -> bool {
        let singular = folded.strip_suffix('s');
        self.called.contains(folded)
            || singular.is_some_and(|singular| self.called.contains(singular))
            || self.called.contains(&*format!("{folded}s"))
    }

    /// Returns every word in the rows.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| &**word)
    }

    /// Returns the needs, unsorted.
    pub fn needs(&self) -> impl Iterator<Item = &Arc<AskedNeed>> {
        self.needs.values()
    }
}

/// Returns the stems of a name. Leaves out small words, because they are not stored for services.
fn called_stems(called: &str) -> Box<[Box<str>]> {
    // Join "drop-in" into one word, because "drop" alone means something else.
    let called = if called.split('-').any(joins) { called.replace('-', "") } else { called.to_owned() };
    tokens(&called).iter().filter(|token| !joins(&token.folded)).map(|token| stem(&token.folded)).collect()
}

fn rows<T: for<'de> Deserialize<'de>>(csv: &str) -> Result<Vec<(u64, T)>, LexiconError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv.as_bytes());
    let headers = reader.headers().cloned().map_err(unreadable)?;
    let each = reader.records().map(|record| {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = record
            .deserialize(Some(&headers))
            .map_err(|error| LexiconError::Unreadable { line, reason: error.to_string() })?;
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
    use crate::model::DangerNotice;

    fn ours() -> AskLexicon {
        let mut lexicon = AskLexicon::default();
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
        for key in DangerNotice::default().helplines.iter().flat_map(|helpline| &helpline.needs) {
            assert!(lexicon.needs.get(&**key).is_some_and(|need| need.danger), "{key}");
        }
    }

    #[test]
    fn rows_of_operators_are_added_and_faults_name_their_line() {
        let own = "said,called,weight,need\nthe brew,tea and chat,0.8,loneliness\n".to_owned();
        let lexicon = AskLexicon::with(std::slice::from_ref(&own)).unwrap();
        assert_eq!(lexicon.rows.len(), ours().rows.len() + 1);
        let (nth, error) = AskLexicon::with(&[own, "said,called,weight\na,b,1\n".to_owned()]).unwrap_err();
        assert_eq!(nth, 1);
        assert!(error.to_string().starts_with("line 2: "), "{error}");
    }
}
