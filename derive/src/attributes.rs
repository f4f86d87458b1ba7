//! Reads doc comments and attributes.

use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Result};

/// Returns the doc comment among `attributes` as one text.
pub(crate) fn description(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(given) if given.path.is_ident("doc") => text(&given.value),
        _ => None,
    });
    let lines: Vec<String> = lines.map(|line| line.trim().to_owned()).collect();
    lines.join("\n").trim().to_owned()
}

/// The contents of `#[graphql(…)]` on an object, a field or an argument.
#[derive(Default)]
pub(crate) struct Described {
    /// The GraphQL name, if it does not follow from the name in Rust.
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    /// The default of an argument, as an expression of its type.
    pub(crate) default: Option<Expr>,
    pub(crate) deprecation: Option<String>,
}

impl Described {
    /// Reads `#[graphql(…)]` and removes it from `attributes`, because the compiler does not know it.
    pub(crate) fn take(attributes: &mut Vec<Attribute>) -> Result<Self> {
        let mut said = Self::default();
        for attribute in attributes.extract_if(.., |attribute| attribute.path().is_ident("graphql")) {
            attribute.parse_nested_meta(|meta| {
                let value = meta.value()?;
                match meta.path.get_ident().map(ToString::to_string).as_deref() {
                    Some("name") => said.name = Some(value.parse::<LitStr>()?.value()),
                    Some("desc") => said.description = Some(value.parse::<LitStr>()?.value()),
                    Some("deprecation") => said.deprecation = Some(value.parse::<LitStr>()?.value()),
                    Some("default") => said.default = Some(value.parse()?),
                    Some("default_with") => said.default = Some(value.parse::<LitStr>()?.parse()?),
                    _ => return Err(meta.error("known here: name, desc, deprecation, default, default_with")),
                }
                Ok(())
            })?;
        }
        Ok(said)
    }
}

/// Reads `#[at_hand(…)]` and removes it from `attributes`.
pub(crate) fn take_at_hand(attributes: &mut Vec<Attribute>) -> Result<Option<Expr>> {
    let mut found = attributes.extract_if(.., |attribute| attribute.path().is_ident("at_hand"));
    found.next().map(|attribute| attribute.parse_args()).transpose()
}

fn text(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        // Literals that a macro passed on are in a group without delimiters.
        Expr::Group(group) => text(&group.expr),
        _ => None,
    }
}
