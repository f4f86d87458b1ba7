//! Names of members in any spelling.

/// A fingerprint of a name. Spellings of one name have the same, and most other names differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::source::dialects::lenient) struct FoldedName(u32);

impl FoldedName {
    /// Computes the fingerprint of a name or key.
    pub(in crate::source::dialects::lenient) fn of(text: &str) -> Self {
        let mut letters = letters(text);
        let few = [letters.next(), letters.next(), letters.next_back()];
        let [first, second, last] = few.map(Option::unwrap_or_default);
        Self(u32::from_le_bytes([first, second, last, 0]))
    }
}

/// Returns whether a key is this name, ignoring case, `_` and `-`.
pub(in crate::source) fn same_name(key: &str, name: &str) -> bool {
    key == name || (may_be_same(key, name) && letters(key).eq(letters(name)))
}

// A fast check: most names differ in their first letter.
fn may_be_same(key: &str, name: &str) -> bool {
    match (key.as_bytes().first(), name.as_bytes().first()) {
        (Some(a), Some(b)) if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => a.eq_ignore_ascii_case(b),
        _ => true,
    }
}

fn letters(text: &str) -> impl DoubleEndedIterator<Item = u8> {
    text.bytes().filter(|byte| !matches!(byte, b'_' | b'-')).map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn spellings_of_one_name_fold_alike(key in "[-_aAbB]{0,6}", name in "[-_aAbB]{0,6}") {
            if same_name(&key, &name) {
                prop_assert!(FoldedName::of(&key) == FoldedName::of(&name));
            }
            prop_assert_eq!(same_name(&key, &name), letters(&key).eq(letters(&name)));
        }
    }
}
