//! Walks through a record's JSON, tracks the path, and removes values on the way.

use serde_json::{Map, Value};

/// The longest path that is noted in full, in bytes.
const LONGEST: usize = 256;

/// The path of an object in a record.
#[derive(Default)]
pub(super) struct ObjectPath(String);

impl ObjectPath {
    /// Returns the path for an issue, shortened if it is very long, because a record may have very many private values,
    /// each with a path.
    pub(super) fn text(&self) -> String {
        if self.0.len() <= LONGEST {
            return self.0.clone();
        }
        let beginning = self.0.get(..self.0.floor_char_boundary(LONGEST)).unwrap_or_default();
        format!("{beginning}…")
    }

    /// Runs `work` with the path of a member.
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

    /// Runs `work` with the path of an element.
    pub(super) fn at_element<T>(&mut self, index: usize, work: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.0.len();
        self.0.push_str(&format!("[{index}]"));
        let done = work(self);
        self.0.truncate(length);
        done
    }
}

/// What happens to an object or value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ObjectVerdict {
    Stays,
    Goes,
}

/// Calls `judge` for every object below `members`, outermost first, with the name of its member, through any number of
/// nested lists. Removes those that are to go.
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
