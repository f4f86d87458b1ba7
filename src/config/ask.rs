//! `[ask]`: everyday words, and the notice for people in danger.

use std::path::PathBuf;

use super::kind::{self, ValueKind};
use super::problem::ValueRefusal;
use super::section::{ConfigSection, SectionVisitor, settings};
use crate::model::{AskLexicon, DangerHelpline, DangerNotice};

settings! {
    /// How phrases in `filter.ask` are understood.
    pub struct AskSettings {
        /// CSV files that map everyday words to the terms services use, added to the built-in rows.
        lay_words: Vec<PathBuf> = kind::list(kind::path()), Vec::new();
        /// The text of `extensions.notice`, given when a phrase suggests danger. Empty: no notice.
        notice: String = kind::text(), DangerNotice::TEXT.to_owned();
        /// The telephone numbers in the notice, in order. Empty: the built-in national helplines.
        helplines: Vec<DangerHelpline> = kind::list(helpline()), Vec::new();
    }
}

impl AskSettings {
    /// Returns the notice, or `None` if it is turned off.
    pub fn notice(&self) -> Option<DangerNotice> {
        let helplines = match self.helplines.is_empty() {
            true => DangerNotice::national_helplines(),
            false => self.helplines.clone(),
        };
        (!self.notice.is_empty()).then(|| DangerNotice { text: self.notice.clone(), helplines })
    }
}

fn helpline() -> ValueKind<DangerHelpline> {
    kind::table(|written: WrittenHelpline| {
        let WrittenHelpline { name: Some(name), number: Some(number), needs } = written else {
            return Err(ValueRefusal::new("is incomplete").remedy("give `name` and `number`"));
        };
        let lexicon = AskLexicon::built_in();
        let is_known = |key: &String| lexicon.needs().any(|need| *need.key == **key);
        match needs.iter().find(|key| !is_known(key)) {
            Some(key) => Err(ValueRefusal::new(format!(
                "names the need {key:?}, which is not one of the built-in needs"
            ))),
            None => Ok(DangerHelpline { name, number, needs }),
        }
    })
}

#[derive(Default)]
struct WrittenHelpline {
    name: Option<String>,
    number: Option<String>,
    needs: Vec<String>,
}

impl ConfigSection for WrittenHelpline {
    const ABOUT: &'static str = "A telephone number to call.";

    fn keys(&mut self, keys: &mut impl SectionVisitor) {
        keys.key("name", "Who answers.", kind::text().some(), &mut self.name);
        keys.key("number", "The number, as people write it.", kind::text().some(), &mut self.number);
        let about = "The keys of the needs it is for. Default: all needs.";
        keys.key("needs", about, kind::list(kind::word()), &mut self.needs);
    }
}
