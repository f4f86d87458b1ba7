//! Which dialect a feed's root document speaks for.

use super::Declared;
use crate::model::Dialect;

/// The dialect; none where the root document says nothing that tells.
pub(super) fn dialect(declared: &Declared) -> Option<Dialect> {
    let version = declared.version.as_deref()?;
    let says_uk = [Some(version), declared.profile.as_deref()]
        .into_iter()
        .flatten()
        .any(|text| text.to_ascii_uppercase().contains("UK"));
    let mut numbers =
        version.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u32>().ok());
    match (numbers.next()?, numbers.next()) {
        (1, _) => Some(Dialect::Oruk1),
        (3, Some(1..)) if !says_uk => Some(Dialect::Hsds3),
        (3, _) => Some(Dialect::Oruk3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_spelled_in_many_ways() {
        let of = |version: &str, profile: Option<&str>| {
            dialect(&Declared { version: Some(version.into()), profile: profile.map(Into::into) })
        };
        for version in ["HSDS-UK-3.0", "V3", "3.0"] {
            assert_eq!(of(version, None), Some(Dialect::Oruk3), "{version}");
        }
        assert_eq!(of("3.1.1", None), Some(Dialect::Hsds3));
        assert_eq!(of("3.1", Some("https://a.example/hsds-uk/")), Some(Dialect::Oruk3));
        assert_eq!(of("1.0", None), Some(Dialect::Oruk1));
        assert_eq!(of("latest", None), None);
        assert_eq!(dialect(&Declared::default()), None);
    }
}
