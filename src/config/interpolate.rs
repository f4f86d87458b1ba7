//! Replaces `${NAME}` and `${NAME:-default}` in a string; `$${` is a literal `${`.

use super::problem::ValueRefusal;

/// The source of variables' values.
pub(super) type VariableLookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Returns whether the text contains a variable.
pub(super) fn asks(text: &str) -> bool {
    text.replace("$${", "").contains("${")
}

/// Replaces every variable, once: values are not searched for variables.
///
/// As in a shell, the default also replaces a variable that is set but empty.
///
/// # Errors
/// One refusal for each variable that is missing or misspelt.
pub(super) fn interpolate(text: &str, env: VariableLookup<'_>) -> Result<String, Vec<ValueRefusal>> {
    let mut out = String::with_capacity(text.len());
    let mut refusals = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(literal) = before.strip_suffix('$') {
            out.push_str(literal);
            out.push_str("${");
            rest = after;
            continue;
        }
        out.push_str(before);
        let Some((expression, tail)) = after.split_once('}') else {
            refusals.push(unclosed());
            rest = "";
            break;
        };
        match resolve(expression, env) {
            Ok(value) => out.push_str(&value),
            Err(refusal) => refusals.push(refusal),
        }
        rest = tail;
    }
    out.push_str(rest);
    if refusals.is_empty() { Ok(out) } else { Err(refusals) }
}

fn resolve(expression: &str, env: VariableLookup<'_>) -> Result<String, ValueRefusal> {
    let (name, default) = match expression.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (expression, None),
    };
    if !is_name(name) {
        return Err(ValueRefusal::new("`${…}` contains no variable name")
            .remedy("write `${NAME}` or `${NAME:-default}`, or `$${` for a literal `${`"));
    }
    match (env(name), default) {
        (Some(value), None) => Ok(value),
        (Some(value), Some(_)) if !value.is_empty() => Ok(value),
        (_, Some(default)) => Ok(default.to_owned()),
        (None, None) => Err(ValueRefusal::new(format!("the environment variable `{name}` is not set"))
            .remedy(format!("set it, or write `${{{name}:-default}}`"))),
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn unclosed() -> ValueRefusal {
    ValueRefusal::new("`${` is never closed").remedy("add `}`, or write `$${` for the characters themselves")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(name: &str) -> Option<String> {
        match name {
            "TOWN" => Some("bristol".into()),
            "NESTED" => Some("${TOWN}".into()),
            "EMPTY" => Some(String::new()),
            _ => None,
        }
    }

    #[test]
    fn puts_variables_and_defaults_in() {
        for (written, believed) in [
            ("plain $5 {text}", "plain $5 {text}"),
            ("https://${TOWN}.example/${PATH:-v3}", "https://bristol.example/v3"),
            ("${TOWN:-other}", "bristol"),
            ("[${EMPTY}]", "[]"),
            ("[${EMPTY:-x}]", "[x]"),
            ("[${GONE:-}]", "[]"),
            ("$${TOWN} ${TOWN}", "${TOWN} bristol"),
            ("${NESTED}", "${TOWN}"),
        ] {
            assert_eq!(interpolate(written, &env).as_deref(), Ok(believed), "{written}");
        }
    }

    #[test]
    fn names_every_missing_variable() {
        let refusals = interpolate("${GONE}-${TOWN}-${LOST} ${not a name} ${TOWN", &env).unwrap_err();
        let messages: Vec<_> = refusals.iter().map(|refusal| refusal.message.as_str()).collect();

        assert_eq!(
            messages,
            [
                "the environment variable `GONE` is not set",
                "the environment variable `LOST` is not set",
                "`${…}` contains no variable name",
                "`${` is never closed"
            ]
        );
    }

    #[test]
    fn tells_a_variable_from_an_escape() {
        assert!(asks("a${B}"));
        assert!(!asks("a$${B} $5"));
    }
}
