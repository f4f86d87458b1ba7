//! Adds a notice with helplines if a phrase mentions danger, whatever was selected and found.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Name, Value};

use super::answer::AnswerExtensions;
use super::context::FieldContext;
use crate::model::{AskedNeed, DangerNotice, PhraseReading};

/// The name of the member of `extensions`.
const NAME: &str = "notice";

/// The dangers that the phrases of one operation mention.
#[derive(Default)]
pub(super) struct AskedDangers(Mutex<Vec<Arc<AskedNeed>>>);

/// Notes the dangers that a phrase mentions.
pub(super) fn note(ctx: &FieldContext<'_>, reading: &PhraseReading) {
    let mut noted = ctx.operation().dangers().0.lock().unwrap_or_else(PoisonError::into_inner);
    for need in reading.needs.iter().filter(|need| need.danger) {
        if !noted.contains(need) {
            noted.push(Arc::clone(need));
        }
    }
}

impl AskedDangers {
    /// Adds the notice to the response, if any danger was noted and the operator has not turned the notice off.
    pub(super) fn tell(&self, notice: Option<&DangerNotice>, extensions: &mut AnswerExtensions) {
        let mut needs = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        needs.sort_by(|a, b| a.key.cmp(&b.key));
        if let Some(notice) = notice.filter(|_| !needs.is_empty()) {
            extensions.insert(NAME.to_owned(), told(notice, &needs));
        }
    }
}

fn told(notice: &DangerNotice, needs: &[Arc<AskedNeed>]) -> Value {
    let helplines = notice.helplines_for(needs).map(|helpline| {
        object([
            ("name", Value::from(helpline.name.as_str())),
            ("number", Value::from(helpline.number.as_str())),
        ])
    });
    let helplines = Value::List(helplines.collect());
    let of = needs
        .iter()
        .map(|need| object([("key", Value::from(&*need.key)), ("label", Value::from(&*need.label))]));
    object([
        ("text", Value::from(notice.text.as_str())),
        ("needs", Value::List(of.collect())),
        ("helplines", helplines),
    ])
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (Name::new(name), value)).collect())
}
