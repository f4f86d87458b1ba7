//! The names of fields in GraphQL.

use syn::Ident;

/// Converts a name from Rust to GraphQL: `upstream_id` becomes `upstreamId`.
pub(crate) fn of_field(ident: &Ident) -> String {
    let snake = ident.to_string();
    let mut words = snake.trim_start_matches("r#").split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(letters.as_str());
    }
    name
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    #[test]
    fn names_are_those_of_the_schema() {
        let ident = |name| Ident::new(name, Span::call_site());
        assert_eq!(of_field(&ident("service_at_locations")), "serviceAtLocations");
        assert_eq!(of_field(&ident("address1")), "address1");
    }
}
