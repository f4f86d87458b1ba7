//! Reads `Link` headers (RFC 8288) for the next page of a list.

use reqwest::header::{HeaderMap, LINK};

/// Longer headers are ignored. In bytes.
const LONGEST: usize = 8192;

/// Returns the target of the first link whose relation is `next`.
pub(super) fn next(headers: &HeaderMap) -> Option<Box<str>> {
    let lines = headers.get_all(LINK).iter().filter_map(|line| line.to_str().ok());
    lines.filter(|line| line.len() <= LONGEST).find_map(next_in)
}

fn next_in(mut line: &str) -> Option<Box<str>> {
    while let Some((_, rest)) = line.split_once('<') {
        let (target, rest) = rest.split_once('>')?;
        let (parameters, rest) = split_at_comma(rest);
        if parameters.iter().any(is_next) && !target.trim().is_empty() {
            return Some(target.trim().into());
        }
        line = rest;
    }
    None
}

/// Splits off the parameters of a link. Returns them and what follows the comma. Commas and semicolons between quotes
/// belong to a value.
fn split_at_comma(text: &str) -> (Vec<&str>, &str) {
    let (mut parameters, mut from, mut is_quoted) = (Vec::new(), 0, false);
    for (at, character) in text.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            ';' | ',' if !is_quoted => {
                parameters.push(text.get(from..at).unwrap_or_default());
                from = at + 1;
                if character == ',' {
                    return (parameters, text.get(from..).unwrap_or_default());
                }
            }
            _ => {}
        }
    }
    parameters.push(text.get(from..).unwrap_or_default());
    (parameters, "")
}

fn is_next(parameter: &&str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
        name.trim().eq_ignore_ascii_case("rel") && relations.any(|one| one.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Option<Box<str>> {
        next(&[(LINK, line.parse().unwrap())].into_iter().collect())
    }

    #[test]
    fn the_link_to_the_next_page_is_found_among_others() {
        for line in [
            "<https://a.example/s?page=2>; rel=\"next\"",
            "<https://a.example/s?page=2>;rel=next",
            "<https://a.example/s?page=9>; rel=\"last\", <https://a.example/s?page=2>; title=\"a, b; c\"; REL=\"prefetch Next\"",
            "<https://a.example/s?a=1,2;3>; rel=self, <https://a.example/s?page=2>; rel='x'; rel=\"next\"",
        ] {
            assert_eq!(of(line).as_deref(), Some("https://a.example/s?page=2"), "{line}");
        }
        for line in [
            "<https://a.example/s>; rel=\"prev\"",
            "<>; rel=next",
            "next",
            "<a; rel=next",
            "<a>; rel=nextish",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }
}
