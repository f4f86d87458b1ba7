//! How much one document may ask: checked on its text and on its tree, before validation. Fragments count
//! wherever they are spread, and each is weighed once, so that weighing costs no more than reading.

mod lexemes;
mod weight;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{ServerError, Variables};

use super::{ErrorCode, GraphSettings};
use weight::{Weigher, Weight};

/// Deepest nesting of brackets in a text, and of selections with fragments spread out: what the parser and the
/// validation, which recurse, can bear.
pub(super) const MAX_NESTING: usize = 64;

type Checked = Result<(), Box<ServerError>>;

/// Checks what can be known without parsing.
pub(super) fn check_text(text: &str, settings: &GraphSettings) -> Checked {
    let lexemes = lexemes::count(text);
    within(lexemes.tokens, settings.max_tokens, ErrorCode::TooManyTokens, "tokens")?;
    within(lexemes.nesting, MAX_NESTING, ErrorCode::QueryTooDeep, "levels of brackets")
}

/// Checks each operation of a parsed document.
pub(super) fn check_document(
    document: &ExecutableDocument,
    variables: &Variables,
    settings: &GraphSettings,
) -> Checked {
    for (_, operation) in document.operations.iter() {
        let weight = Weigher::new(document, &operation.node, variables, settings).weigh()?;
        check_weight(&weight, settings)?;
    }
    Ok(())
}

fn check_weight(weight: &Weight, settings: &GraphSettings) -> Checked {
    if weight.introspects && !settings.introspection {
        let message = "introspection is switched off; the schema is published at `/schema.graphql`";
        return Err(Box::new(ErrorCode::GraphqlValidationFailed.error(message)));
    }
    within(weight.depth, settings.max_depth, ErrorCode::QueryTooDeep, "levels of fields")?;
    within(weight.nesting, MAX_NESTING, ErrorCode::QueryTooDeep, "levels of selections and fragments")?;
    within(weight.root_fields, settings.max_root_fields, ErrorCode::TooManyRootFields, "fields at its root")?;
    within(weight.aliases, settings.max_aliases, ErrorCode::TooManyAliases, "aliases")?;
    within(weight.directives, settings.max_directives, ErrorCode::TooManyDirectives, "directives")?;
    within(weight.total_cost(), settings.max_complexity, ErrorCode::QueryTooComplex, "points of cost")
}

fn within(has: usize, may_have: usize, code: ErrorCode, what: &str) -> Checked {
    if has <= may_have {
        return Ok(());
    }
    let has = if has == usize::MAX { "countless".to_owned() } else { has.to_string() };
    Err(Box::new(code.error(format!("the query has {has} {what}; at most {may_have} are allowed"))))
}
