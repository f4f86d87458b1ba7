//! `[ask]`: what people say, and what is said to somebody in danger.

use std::path::PathBuf;

use super::kind::{self, Kind};
use super::problem::Refusal;
use super::section::{Keys, Section, settings};
use crate::model::{Helpline, Lexicon, Notice};

settings! {
    /// Phrases that people ask in `filter.ask`.
    pub struct Ask {
        /// CSV files of what people say and what services call it, added to the rows that are built in.
        lay_words: Vec<PathBuf> = kind::list(kind::path()), Vec::new();
        /// The words of `extensions.notice`, where a phrase speaks of danger. Empty: no notice is given.
        notice: String = kind::text(), Notice::TEXT.to_owned();
        /// The numbers to ring that the notice names, in this order. Empty: national helplines that are built in.
        helplines: Vec<Helpline> = kind::list(helpline()), Vec::new();
    }
}

impl Ask {
    /// The notice; none where it is switched off.
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
            return Err(Refusal::new("is incomplete").remedy("write name and number"));
        };
        let lexicon = Lexicon::built_in();
        let is_known = |key: &String| lexicon.needs().any(|need| *need.key == **key);
        match needs.iter().find(|key| !is_known(key)) {
            Some(key) => {
                Err(Refusal::new(format!("names the need {key:?}, which is none of those built in")))
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
    const ABOUT: &'static str = "A number to ring.";

    fn keys(&mut self, keys: &mut impl Keys) {
        keys.key("name", "Who answers.", kind::text().some(), &mut self.name);
        keys.key("number", "The number, as people write it.", kind::text().some(), &mut self.number);
        let about = "The needs it is for, by their keys. Left out: it is for all.";
        keys.key("needs", about, kind::list(kind::word()), &mut self.needs);
    }
}
