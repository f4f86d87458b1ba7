//! Names as GraphQL writes them.

use syn::Ident;

/// `upstream_id` is `upstreamId`.
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

/// `TemporarilyClosed` is `TEMPORARILY_CLOSED`.
pub(crate) fn of_enum_value(ident: &Ident) -> String {
    let mut name = String::new();
    for letter in ident.to_string().chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
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
        assert_eq!(of_enum_value(&ident("TemporarilyClosed")), "TEMPORARILY_CLOSED");
        assert_eq!(of_enum_value(&ident("Hsds3")), "HSDS3");
    }
}
