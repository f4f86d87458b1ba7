//! `[ask]`: everyday words, and the notice for people in danger.

use std::path::PathBuf;

use super::kind::{self, Kind};
use super::problem::Refusal;
use super::section::{Keys, Section, settings};
use crate::model::{Helpline, Lexicon, Notice};

settings! {
    /// How phrases in `filter.ask` are understood.
    pub struct Ask {
        /// CSV files that map everyday words to the terms services use, added to the built-in rows.
        lay_words: Vec<PathBuf> = kind::list(kind::path()), Vec::new();
        /// The text of `extensions.notice`, given when a phrase suggests danger. Empty: no notice.
        notice: String = kind::text(), Notice::TEXT.to_owned();
        /// The telephone numbers in the notice, in order. Empty: the built-in national helplines.
        helplines: Vec<Helpline> = kind::list(helpline()), Vec::new();
    }
}

impl Ask {
    /// Returns the notice, or `None` if it is turned off.
    pub fn notice(&self) -> Option<Notice> {
        let helplines = match self.helplines.is_empty() {
            true => Notice::national_helplines(),
            false => self.helplines.clone(),
        };
        (!self.notice.is_empty()).then(|| Notice { text: self.notice.clone(), helplines })
    }
}

fn helpline() -> Kind<Helpline> {
    kind::table(|written: WrittenHelpline| {
        let WrittenHelpline { name: Some(name), number: Some(number), needs } = written else {
            return Err(Refusal::new("is incomplete").remedy("give `name` and `number`"));
        };
        let lexicon = Lexicon::built_in();
        let is_known = |key: &String| lexicon.needs().any(|need| *need.key == **key);
        match needs.iter().find(|key| !is_known(key)) {
            Some(key) => {
                Err(Refusal::new(format!("names the need {key:?}, which is not one of the built-in needs")))
            }
            None => Ok(Helpline { name, number, needs }),
        }
    })
}

#[derive(Default)]
struct WrittenHelpline {
    name: Option<String>,
    number: Option<String>,
    needs: Vec<String>,
}

impl Section for WrittenHelpline {
    const ABOUT: &'static str = "A telephone number to call.";

    fn keys(&mut self, keys: &mut impl Keys) {
        keys.key("name", "Who answers.", kind::text().some(), &mut self.name);
        keys.key("number", "The number, as people write it.", kind::text().some(), &mut self.number);
        let about = "The keys of the needs it is for. Default: all needs.";
        keys.key("needs", about, kind::list(kind::word()), &mut self.needs);
    }
}
