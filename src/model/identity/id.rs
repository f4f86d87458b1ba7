//! Ids: what identifies a record across all sources, and the opaque texts that clients see.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::model::SourceKey;

/// The kinds of record that have an id of their own in a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is the standard's object of that name")]
pub enum RecordKind {
    Service,
    Organization,
    Location,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
}

impl RecordKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Service,
        Self::Organization,
        Self::Location,
        Self::ServiceAtLocation,
        Self::Taxonomy,
        Self::TaxonomyTerm,
    ];

    /// Returns the name of the GraphQL type.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Service => "Service",
            Self::Organization => "Organization",
            Self::Location => "Location",
            Self::ServiceAtLocation => "ServiceAtLocation",
            Self::Taxonomy => "Taxonomy",
            Self::TaxonomyTerm => "TaxonomyTerm",
        }
    }

    /// Returns the kind whose GraphQL type has this name, if any.
    pub fn named(type_name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.type_name() == type_name)
    }
}

/// Returns the canonical form of an id that feeds write in several ways. A GUID becomes lower case, with hyphens and
/// without braces or `urn:uuid:`. A whole number loses the `.0` that a conversion to float adds. Any other id is
/// returned unchanged.
pub fn canonical_id(upstream: &str) -> Cow<'_, str> {
    if let Some(whole) = upstream.strip_suffix(".0")
        && !whole.is_empty()
        && whole.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Cow::Borrowed(whole);
    }
    let bare = match upstream.len() {
        32 => return hyphenated(upstream).map_or(Cow::Borrowed(upstream), Cow::Owned),
        36 if !upstream.bytes().any(|byte| byte.is_ascii_uppercase()) => return Cow::Borrowed(upstream),
        36 => Some(upstream),
        38 => upstream.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')),
        45 => upstream
            .split_at_checked(9)
            .filter(|(urn, _)| urn.eq_ignore_ascii_case("urn:uuid:"))
            .map(|(_, id)| id),
        _ => None,
    };
    match bare.filter(|bare| bare.len() == 36 && Uuid::try_parse(bare).is_ok()) {
        Some(guid) => Cow::Owned(guid.to_ascii_lowercase()),
        None => Cow::Borrowed(upstream),
    }
}

/// Returns a GUID written without hyphens, with hyphens. Returns `None` for other strings of 32 digits, such as hashes:
/// version and variant must be valid.
fn hyphenated(digits: &str) -> Option<String> {
    let says_so = matches!(digits.as_bytes().get(12)?, b'1'..=b'8')
        && matches!(digits.as_bytes().get(16)?, b'8' | b'9' | b'a' | b'b' | b'A' | b'B');
    let guid = Uuid::try_parse(digits).ok().filter(|_| says_so)?;
    Some(guid.hyphenated().to_string())
}

/// Identifies one record by its kind, its source and the feed's own id. A feed may use one id for records of two kinds,
/// and two feeds may use the same id, so only the three together are unique.
#[derive(Clone)]
pub struct RecordId {
    kind: RecordKind,
    source: SourceKey,
    upstream: Arc<str>,
    encoded: Arc<str>,
}

impl RecordId {
    /// Creates the id of the record that `source` knows as `upstream`, in any notation.
    pub fn new(kind: RecordKind, source: &SourceKey, upstream: &str) -> Self {
        let upstream = canonical_id(upstream);
        let encoded = encode(kind.type_name(), source, &upstream).into();
        Self { kind, source: source.clone(), upstream: upstream.as_ref().into(), encoded }
    }

    /// Parses what [`fmt::Debug`] and `Serialize` write. A source key contains no `/`, so the first one ends it.
    pub(in crate::model) fn read(text: &str) -> Option<Self> {
        let (type_name, rest) = text.split_once('(')?;
        let (source, upstream) = rest.strip_suffix(')')?.split_once('/')?;
        SourceKey::check(source).ok()?;
        Some(Self::new(RecordKind::named(type_name)?, &SourceKey::shared(source), upstream))
    }

    /// Replaces the source key with an equal one that other ids share, to save memory.
    pub(in crate::model) fn share_source(&mut self, same: SourceKey) {
        debug_assert_eq!(self.source, same, "the key of another source");
        self.source = same;
    }

    /// Returns the kind of record.
    pub fn kind(&self) -> RecordKind {
        self.kind
    }

    /// Returns the source that the record comes from.
    pub fn source(&self) -> &SourceKey {
        &self.source
    }

    /// Returns the feed's own id, in canonical form ([`canonical_id`]).
    pub fn upstream(&self) -> &str {
        &self.upstream
    }

    /// Returns the feed's own id for shared ownership.
    pub(crate) fn shared_upstream(&self) -> &Arc<str> {
        &self.upstream
    }

    /// Returns the text that clients see: base64url of the kind, the source key and the feed's own id.
    pub fn as_str(&self) -> &str {
        &self.encoded
    }
}

impl PartialEq for RecordId {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.upstream == other.upstream && self.source == other.source
    }
}

impl Eq for RecordId {}

impl Hash for RecordId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.encoded.hash(state);
    }
}

impl Ord for RecordId {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.kind, &self.source, &self.upstream).cmp(&(other.kind, &other.source, &other.upstream))
    }
}

impl PartialOrd for RecordId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({}/{})", self.kind.type_name(), self.source, self.upstream)
    }
}

impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{self:?}"))
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WrittenRecordId;
        impl Visitor<'_> for WrittenRecordId {
            type Value = RecordId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record id")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<RecordId, E> {
                RecordId::read(text).ok_or_else(|| E::custom("is not a valid record id"))
            }
        }
        deserializer.deserialize_str(WrittenRecordId)
    }
}

/// What a client's `id` can identify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeId {
    /// A configured source.
    Source(SourceKey),
    /// A record of a source.
    Record(RecordId),
}

/// The error for a text that is not an id of this gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an id of this gateway; use the `id` of a record from an earlier response, unchanged")]
pub struct IdError;

impl NodeId {
    const SOURCE: &str = "Source";

    /// Parses an id from a client.
    ///
    /// # Errors
    /// Returns [`IdError`] if the text is not an id of this gateway.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| IdError)?;
        let plain = String::from_utf8(bytes).map_err(|_| IdError)?;
        let (type_name, rest) = plain.split_once(':').ok_or(IdError)?;
        if type_name == Self::SOURCE {
            return SourceKey::parse(rest).map(Self::Source).map_err(|_| IdError);
        }
        let (source, upstream) = rest.split_once(':').ok_or(IdError)?;
        let kind = RecordKind::named(type_name).ok_or(IdError)?;
        let source = SourceKey::parse(source).map_err(|_| IdError)?;
        if upstream.is_empty() {
            return Err(IdError);
        }
        Ok(Self::Record(RecordId::new(kind, &source, upstream)))
    }

    /// Returns a source's id, as clients see it.
    pub fn of_source(key: &SourceKey) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}:{key}", Self::SOURCE))
    }
}

/// The opaque id of a part of a record: a phone, a schedule, an address …
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartId(Box<str>);

impl PartId {
    /// Creates the id of a part that has an id in its feed.
    pub fn given(type_name: &str, source: &SourceKey, upstream: &str) -> Self {
        Self(encode(type_name, source, upstream).into())
    }

    /// Derives the id of a part that has none in its feed from the part's owner and content, so that the id stays the
    /// same as long as they do. `ordinal` distinguishes equal parts of one owner.
    pub fn derived(type_name: &str, source: &SourceKey, owner: &str, content: &str, ordinal: usize) -> Self {
        let seed = format!("{type_name}\n{source}\n{owner}\n{ordinal}\n{content}");
        let uuid = Uuid::new_v5(&Uuid::NAMESPACE_URL, seed.as_bytes());
        Self::given(type_name, source, &uuid.to_string())
    }

    /// Returns the id of the nth of several parts that the feed has as one part, with this id.
    pub fn nth(&self, nth: usize) -> Self {
        let plain = URL_SAFE_NO_PAD.decode(self.0.as_bytes()).unwrap_or_default();
        Self(URL_SAFE_NO_PAD.encode([plain.as_slice(), format!("#{nth}").as_bytes()].concat()).into())
    }

    /// Returns the text that clients see.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the feed's own id of the part, or the derived one.
    pub fn upstream(&self) -> Option<String> {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(self.0.as_bytes()).ok()?).ok()?;
        plain.splitn(3, ':').nth(2).map(str::to_owned)
    }
}

impl Serialize for PartId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let plain = URL_SAFE_NO_PAD.decode(self.0.as_bytes()).unwrap_or_default();
        serializer.serialize_str(&String::from_utf8_lossy(&plain))
    }
}

impl<'de> Deserialize<'de> for PartId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WrittenRecordId;
        impl Visitor<'_> for WrittenRecordId {
            type Value = PartId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the id of a part")
            }

            fn visit_str<E>(self, plain: &str) -> Result<PartId, E> {
                Ok(PartId(URL_SAFE_NO_PAD.encode(plain).into()))
            }
        }
        deserializer.deserialize_str(WrittenRecordId)
    }
}

// Every part of every record gets an id, so this allocates only twice.
fn encode(type_name: &str, source: &SourceKey, upstream: &str) -> String {
    URL_SAFE_NO_PAD.encode([type_name, source.as_str(), upstream].join(":"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bristol() -> SourceKey {
        SourceKey::parse("bristol").unwrap()
    }

    proptest! {
        #[test]
        fn an_id_comes_back_as_it_was(upstream in ".{1,40}", kind in 0..RecordKind::ALL.len()) {
            let id = RecordId::new(RecordKind::ALL[kind], &bristol(), &upstream);
            prop_assert_eq!(NodeId::parse(id.as_str()), Ok(NodeId::Record(id.clone())));
            let written = serde_json::to_string(&id).unwrap();
            let read: RecordId = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(read.as_str(), id.as_str());
            let part = PartId::given("Phone", &bristol(), &upstream);
            let written = serde_json::to_string(&part).unwrap();
            prop_assert_eq!(serde_json::from_str::<PartId>(&written).unwrap(), part.clone());
            prop_assert_eq!(part.upstream(), Some(upstream));
        }

        #[test]
        fn any_text_is_an_id_or_an_error(text in ".*") {
            let _ = NodeId::parse(&text);
        }
    }

    #[test]
    fn a_source_is_a_node_too() {
        assert_eq!(NodeId::parse(&NodeId::of_source(&bristol())), Ok(NodeId::Source(bristol())));
    }

    #[test]
    fn parts_without_ids_differ_by_owner_content_and_ordinal() {
        let id = |owner, content, ordinal| PartId::derived("Phone", &bristol(), owner, content, ordinal);
        assert_eq!(id("a", "0117", 0), id("a", "0117", 0));
        assert_ne!(id("a", "0117", 0), id("b", "0117", 0));
        assert_ne!(id("a", "0117", 0), id("a", "0118", 0));
        assert_ne!(id("a", "0117", 0), id("a", "0117", 1));
    }

    #[test]
    fn one_id_in_several_notations_is_one() {
        let guid = "6a84f8e7-f0a8-445d-9abc-d24a7b462f82";
        for text in [
            guid.to_owned(),
            guid.to_uppercase(),
            format!("{{{guid}}}"),
            format!("{{{}}}", guid.to_uppercase()),
            format!("urn:uuid:{guid}"),
            format!("URN:UUID:{}", guid.to_uppercase()),
            guid.replace('-', ""),
            guid.replace('-', "").to_uppercase(),
        ] {
            assert_eq!(canonical_id(&text), guid, "{text}");
        }
        assert_eq!(canonical_id("12.0"), "12");
        for text in [
            "12",
            "0012",
            "12.00",
            "12.5",
            ".0",
            "a.0",
            "V1.0",
            "ABC",
            "6A84F8E7-F0A8-445D-9ABC-D24A7B462F8X",
            "{x}",
            "0cc175b9c0f1f6f831c399e269772661",
            "01234567890123456789012345678901x",
        ] {
            assert_eq!(canonical_id(text), text);
        }
        let source = SourceKey::parse("elm").unwrap();
        let id = |text: &str| RecordId::new(RecordKind::Service, &source, text);
        assert_eq!(id(&guid.to_uppercase()), id(guid));
        assert_eq!(id(&guid.to_uppercase()).as_str(), id(guid).as_str());
        assert_ne!(id("00000000000000000012"), id("12"));
    }
}
