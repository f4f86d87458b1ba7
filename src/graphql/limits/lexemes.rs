//! Counts a document's tokens and the nesting of its brackets, before anything recursive reads it.

/// The counts of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LexemeCount {
    pub(super) tokens: usize,
    pub(super) nesting: usize,
}

/// Counts without validating: invalid GraphQL is left to the parser.
pub(super) fn count(text: &str) -> LexemeCount {
    let mut found = LexemeCount::default();
    let (mut rest, mut open) = (text.as_bytes(), 0usize);
    while let Some((&first, after)) = rest.split_first() {
        rest = match first {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                rest = after;
                continue;
            }
            b'#' => {
                rest = skip_while(after, |byte| !matches!(byte, b'\n' | b'\r'));
                continue;
            }
            b'{' | b'[' | b'(' => {
                open += 1;
                found.nesting = found.nesting.max(open);
                after
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                after
            }
            b'"' => skip_string(rest),
            b'.' => skip_while(after, |byte| byte == b'.'),
            _ if is_word(first) => skip_while(after, is_word),
            _ => after,
        };
        found.tokens += 1;
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn skip_while(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> &[u8] {
    let end = bytes.iter().position(|byte| !wanted(*byte)).unwrap_or(bytes.len());
    bytes.get(end..).unwrap_or_default()
}

fn skip_string(bytes: &[u8]) -> &[u8] {
    match bytes.strip_prefix(b"\"\"\"") {
        Some(block) => skip_past(block, b"\"\"\"", b"\\\"\"\""),
        None => skip_past(bytes.get(1..).unwrap_or_default(), b"\"", b"\\"),
    }
}

// `escape` protects the character after it. In block strings it is the escaped quotes themselves.
fn skip_past<'a>(mut bytes: &'a [u8], end: &[u8], escape: &[u8]) -> &'a [u8] {
    while !bytes.is_empty() {
        if let Some(after) = bytes.strip_prefix(escape) {
            bytes = after.get(usize::from(escape.len() == 1)..).unwrap_or_default();
        } else if let Some(after) = bytes.strip_prefix(end) {
            return after;
        } else {
            bytes = bytes.get(1..).unwrap_or_default();
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(text: &str) -> usize {
        count(text).tokens
    }

    #[test]
    fn counts_as_the_specification_does() {
        assert_eq!(tokens("{ a(b: $c) @d { ...E } }"), 15);
        assert_eq!(tokens("# nothing, {here}\n\n,,"), 0);
        assert_eq!(tokens(r#"{ a(b: "x { # \" y") }"#), 8);
        assert_eq!(tokens("\"\"\" a \" b \\\"\"\" c { \"\"\" d"), 2);
    }

    #[test]
    fn sees_how_deep_brackets_nest_outside_strings() {
        assert_eq!(count(r#"{ a(b: [[1]], c: "[[[[[") { d } }"#).nesting, 4);
    }

    proptest! {
        #[test]
        fn comes_to_an_end_with_any_text(text in ".*") {
            prop_assert!(tokens(&text) <= text.len());
        }
    }
}
