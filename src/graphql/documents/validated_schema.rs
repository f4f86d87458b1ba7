//! The schema as the validator knows it.

use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Schema, ast};

/// Returns the schema that documents are held against.
pub(super) fn validated_schema(sdl: &str) -> Valid<Schema> {
    // The library writes the directive down where it is used and does not define it, as every server knows it.
    let sdl = format!("{sdl}\ndirective @oneOf on INPUT_OBJECT\n");
    let schema = Schema::parse_and_validate(sdl, "schema.graphql").unwrap_or_else(|found| {
        // A test holds that it never happens; without types every document would be refused.
        tracing::error!(errors = %found.errors, "the schema is not valid");
        Valid::assume_valid(found.partial)
    });
    with_one_of(schema)
}

/// Adds what later drafts of the specification say of input objects, which the validator's introspection lacks yet.
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
