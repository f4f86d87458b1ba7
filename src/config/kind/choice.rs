//! One of a closed list of names.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::ValueKind;
use crate::config::problem::ValueRefusal;

/// Names, each with its meaning and value.
pub(in crate::config) struct NamedChoices<T>(Vec<(String, String, T)>);

impl<T> NamedChoices<T> {
    /// Returns the names of an enumeration without data, from its serialisation and documentation.
    pub(in crate::config) fn of() -> Self
    where
        T: JsonSchema + DeserializeOwned,
    {
        let schema = schemars::schema_for!(T);
        let variants = schema.get("oneOf").and_then(Json::as_array).into_iter().flatten();
        Self(variants.filter_map(read_variant).collect())
    }

    /// Maps the values.
    pub(in crate::config) fn map<U>(self, stand_for: impl Fn(T) -> U) -> NamedChoices<U> {
        NamedChoices(self.0.into_iter().map(|(name, about, value)| (name, about, stand_for(value))).collect())
    }

    /// Adds a name before the others.
    pub(in crate::config) fn or(mut self, name: &str, about: &str, value: T) -> Self {
        self.0.insert(0, (name.to_owned(), about.to_owned(), value));
        self
    }
}

/// One of the names.
pub(in crate::config) fn choice<T: Clone + PartialEq + 'static>(choices: NamedChoices<T>) -> ValueKind<T> {
    let variants: Vec<Json> =
        choices.0.iter().map(|(name, about, _)| json!({ "const": name, "description": about })).collect();
    let by_value: Vec<(String, T)> =
        choices.0.iter().map(|(name, _, value)| (name.clone(), value.clone())).collect();
    let parse = move |text: &str| {
        let names: Vec<&str> = choices.0.iter().map(|(name, ..)| name.as_str()).collect();
        let chosen = choices.0.iter().find(|(name, ..)| name == text);
        chosen.map(|(.., value)| value.clone()).ok_or_else(|| ValueRefusal::unknown("value", text, &names))
    };
    let write = move |value: &T| {
        let name = by_value.iter().find(|(_, candidate)| candidate == value);
        name.map(|(name, _)| name.as_str().into())
    };
    let variable = json!({ "type": "string", "pattern": "\\$\\{" });
    ValueKind::parsed(json!({ "anyOf": [{ "oneOf": variants }, variable] }), parse, write)
}

fn read_variant<T: DeserializeOwned>(variant: &Json) -> Option<(String, String, T)> {
    let name = variant.get("const")?;
    let about = variant.get("description").and_then(Json::as_str).unwrap_or_default();
    Some((name.as_str()?.to_owned(), about.to_owned(), T::deserialize(name).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Dialect, SourceMode};

    #[test]
    fn knows_every_name_of_an_enumeration() {
        let choices = NamedChoices::<Dialect>::of().0;
        let names: Vec<_> = choices.iter().map(|(name, about, _)| (name.as_str(), about.as_str())).collect();
        let known: Vec<_> = Dialect::ALL.iter().map(|dialect| (dialect.as_str(), dialect.about())).collect();

        assert_eq!(names, known);
        assert_eq!(NamedChoices::<SourceMode>::of().0.len(), 2);
    }
}
