//! The schema for the validator.

use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Schema, ast};

/// Returns the schema that documents are validated against.
pub(super) fn validated_schema(sdl: &str) -> Valid<Schema> {
    // The library writes the directive where it is used, but does not define it, because servers are expected to know
    // it.
    let sdl = format!("{sdl}\ndirective @oneOf on INPUT_OBJECT\n");
    let schema = Schema::parse_and_validate(sdl, "schema.graphql").unwrap_or_else(|found| {
        // A test checks that this never happens. Without types, every document would be refused.
        tracing::error!(errors = %found.errors, "the schema is not valid");
        Valid::assume_valid(found.partial)
    });
    with_one_of(schema)
}

/// Adds introspection of `@oneOf`, which the validator does not have yet.
fn with_one_of(schema: Valid<Schema>) -> Valid<Schema> {
    let mut schema = schema.into_inner();
    if let Some(ExtendedType::Object(of)) = schema.types.get_mut("__Type") {
        let (name, boolean) = (apollo_compiler::name!("isOneOf"), apollo_compiler::name!("Boolean"));
        let (description, arguments, directives) = (None, Vec::new(), ast::DirectiveList::new());
        let field = ast::FieldDefinition {
            description,
            name: name.clone(),
            arguments,
            ty: ast::Type::Named(boolean),
            directives,
        };
        of.make_mut().fields.insert(name, Component::new(field));
    }
    Valid::assume_valid(schema)
}
