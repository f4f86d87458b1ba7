//! How a table of the configuration is described once, for both the reader and the schema writer.

use super::kind::ValueKind;
use super::problem::KeyConflict;

/// A table of settings.
///
/// Before [`keys`](ConfigSection::keys), its value is the defaults; a reader overwrites them.
pub(super) trait ConfigSection {
    /// The purpose of the table.
    const ABOUT: &'static str;

    /// Whether text written here may be secret, even in place of a key, so that problems must not quote it.
    const MAY_BE_SECRET: bool = false;

    /// Declares every key of the table.
    fn keys(&mut self, keys: &mut impl SectionVisitor);

    /// Reconciles keys that disagree, and returns the conflicts.
    fn settle(&mut self) -> Vec<KeyConflict> {
        Vec::new()
    }
}

/// A visitor of the keys of a [`ConfigSection`].
pub(super) trait SectionVisitor {
    /// Declares a key with a default: the value in `slot`.
    fn key<T>(&mut self, name: &'static str, about: &str, kind: ValueKind<T>, slot: &mut T);

    /// Declares a required key.
    fn required<T>(&mut self, name: &'static str, about: &str, kind: ValueKind<T>, slot: &mut Option<T>);

    /// Declares a table inside the table.
    fn section<S: ConfigSection>(&mut self, name: &'static str, section: &mut S);

    /// Declares an array of tables, each starting from `template`, with different values of the key `unique`.
    fn each<S: ConfigSection + Clone>(
        &mut self,
        name: &'static str,
        unique: &'static str,
        template: &S,
        slot: &mut Vec<S>,
    );
}

/// Declares a struct of settings with its [`Default`] and its [`ConfigSection`]: the meaning, type, kind and default of each
/// key, written once. `..field: Type;` includes the keys of another section, and `settle` names a function for
/// [`ConfigSection::settle`].
macro_rules! settings {
    (
        $(#[doc = $about:literal])+
        $(#[settle($settle:path)])?
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $doc:literal])+
                $key:ident: $type:ty = $kind:expr, $default:expr;
            )+
            $(
                ..$flat:ident: $flat_type:ty;
            )?
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq)]
        $vis struct $name {
            $( $(#[doc = $doc])+ $vis $key: $type, )+
            $( #[doc = "The keys of a section taken in."] $vis $flat: $flat_type, )?
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    $( $key: $default, )+
                    $( $flat: <$flat_type>::default(), )?
                }
            }
        }

        impl $crate::config::section::ConfigSection for $name {
            const ABOUT: &'static str = concat!($($about),+);

            fn keys(&mut self, keys: &mut impl $crate::config::section::SectionVisitor) {
                $( keys.key(stringify!($key), concat!($($doc),+), $kind, &mut self.$key); )+
                $( $crate::config::section::ConfigSection::keys(&mut self.$flat, keys); )?
            }

            $(
                fn settle(&mut self) -> Vec<$crate::config::problem::KeyConflict> {
                    $settle(self)
                }
            )?
        }
    };
}

pub(super) use settings;
