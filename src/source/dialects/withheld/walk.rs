//! Walking through a record's JSON with the path in hand, and taking things out on the way.

use serde_json::{Map, Value};

/// The longest path that is noted whole, in bytes.
const LONGEST: usize = 256;

/// The way to an object in a record.
#[derive(Default)]
pub(super) struct ObjectPath(String);

impl ObjectPath {
    /// As an issue has it: its beginning, if a feed makes it longer than anybody reads. A record may have very many
    /// things that are withheld, each with a path.
    pub(super) fn text(&self) -> String {
        if self.0.len() <= LONGEST {
            return self.0.clone();
        }
        let beginning = self.0.get(..self.0.floor_char_boundary(LONGEST)).unwrap_or_default();
        format!("{beginning}…")
    }

    /// Does something one member further down.
    pub(super) fn at<T>(&mut self, name: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.0.len();
        if length > 0 {
            self.0.push('.');
        }
        self.0.push_str(name);
        let done = work(self);
        self.0.truncate(length);
        done
    }

    /// Does something one element further down.
    pub(super) fn at_element<T>(&mut self, index: usize, work: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.0.len();
        self.0.push_str(&format!("[{index}]"));
        let done = work(self);
        self.0.truncate(length);
        done
    }
}

/// What becomes of an object or of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ObjectVerdict {
    /// It stays.
    Stays,
    /// It is taken out.
    Goes,
}

/// Shows every object below `members` to `judge`, outermost first, with the name of the member it stands in, however
/// many lists lie between them; takes out those that are to go.
pub(super) fn prune(
    members: &mut Map<String, Value>,
    path: &mut ObjectPath,
    judge: &mut impl FnMut(&str, &mut Map<String, Value>, &ObjectPath) -> ObjectVerdict,
) {
    members.retain(|name, value| {
        path.at(name, |path| prune_value(name, value, path, judge)) == ObjectVerdict::Stays
    });
}

fn prune_value(
    name: &str,
    value: &mut Value,
    path: &mut ObjectPath,
    judge: &mut impl FnMut(&str, &mut Map<String, Value>, &ObjectPath) -> ObjectVerdict,
) -> ObjectVerdict {
    match value {
        Value::Object(members) => {
            let verdict = judge(name, members, path);
            if verdict == ObjectVerdict::Stays {
                prune(members, path, judge);
            }
            verdict
        }
        Value::Array(elements) => {
            let mut index = 0;
            elements.retain_mut(|element| {
                let verdict = path.at_element(index, |path| prune_value(name, element, path, judge));
                index += 1;
                verdict == ObjectVerdict::Stays
            });
            ObjectVerdict::Stays
        }
        _ => ObjectVerdict::Stays,
    }
}
