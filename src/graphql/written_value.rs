//! Converts values in a document to those that the library's input types read.

use apollo_compiler::ast::Value as Written;
use async_graphql::{Name, Number, Value};

/// Returns the value. Returns `None` if it contains a variable.
pub(super) fn constant(written: &Written) -> Option<Value> {
    Some(match written {
        Written::Null => Value::Null,
        Written::Boolean(is) => Value::Boolean(*is),
        Written::String(text) => Value::String(text.clone()),
        Written::Enum(name) => Value::Enum(Name::new(name)),
        Written::Int(number) => number_value(number.as_str()),
        Written::Float(number) => number_value(number.as_str()),
        Written::List(items) => Value::List(items.iter().map(|item| constant(item)).collect::<Option<_>>()?),
        Written::Object(members) => {
            let members = members.iter().map(|(name, value)| Some((Name::new(name), constant(value)?)));
            Value::Object(members.collect::<Option<_>>()?)
        }
        Written::Variable(_) => return None,
    })
}

fn number_value(written: &str) -> Value {
    let number = written.parse::<Number>().ok();
    number.or_else(|| written.parse().ok().and_then(Number::from_f64)).map_or(Value::Null, Value::Number)
}
