//! How a table of the configuration is described, once, for whoever walks it: the reader or the schema writer.

use super::kind::Kind;
use super::problem::Conflict;

/// A table of settings.
///
/// Its value before [`keys`](Section::keys) holds the defaults; a reader puts what was written over them.
pub(super) trait Section {
    /// What the table is for.
    const ABOUT: &'static str;

    /// Whether what is written here may be secret, even in a key's stead: it is named in no problem then.
    const MAY_BE_SECRET: bool = false;

    /// Names every key the table may hold.
    fn keys(&mut self, keys: &mut impl Keys);

    /// Brings keys that disagree into line, and says which did.
    fn settle(&mut self) -> Vec<Conflict> {
        Vec::new()
    }
}

/// Whoever walks the keys of a [`Section`].
pub(super) trait Keys {
    /// A key with a default: what `slot` holds.
    fn key<T>(&mut self, name: &'static str, about: &str, kind: Kind<T>, slot: &mut T);

    /// A key that has to be written.
    fn required<T>(&mut self, name: &'static str, about: &str, kind: Kind<T>, slot: &mut Option<T>);

    /// A table inside the table.
    fn section<S: Section>(&mut self, name: &'static str, section: &mut S);

    /// An array of tables, each starting from `template`, no two of which share what they say under `unique`.
    fn each<S: Section + Clone>(
        &mut self,
        name: &'static str,
        unique: &'static str,
        template: &S,
        slot: &mut Vec<S>,
    );
}

/// A struct of settings with its [`Default`] and its [`Section`]: per key its meaning, type, kind and default,
/// each written once. `..field: Type;` takes in the keys of another section, and `settle` names a function
/// for [`Section::settle`].
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

        impl $crate::config::section::Section for $name {
            const ABOUT: &'static str = concat!($($about),+);

            fn keys(&mut self, keys: &mut impl $crate::config::section::Keys) {
                $( keys.key(stringify!($key), concat!($($doc),+), $kind, &mut self.$key); )+
                $( $crate::config::section::Section::keys(&mut self.$flat, keys); )?
            }

            $(
                fn settle(&mut self) -> Vec<$crate::config::problem::Conflict> {
                    $settle(self)
                }
            )?
        }
    };
}

pub(super) use settings;
