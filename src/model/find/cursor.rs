//! Cursors. A cursor holds a position in an order, not a count, so that it stays valid while records are added and
//! removed.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::model::{OrderKey, Record, RecordKind, SortOrder, SortPrefix, SortRank, SourceKey};

/// The position of a record in an order over all sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortPosition {
    /// What is compared before the name.
    pub lead: SortPrefix,
    /// The folded name.
    pub order_key: OrderKey,
    /// The source.
    pub source: SourceKey,
    /// The feed's own id.
    pub upstream: Arc<str>,
}

impl SortPosition {
    /// Returns the position of a record in name order.
    pub fn of(record: &impl Record) -> Self {
        SortRank::by_name(record.order_key(), record.id()).to_position()
    }

    /// Returns a view for comparison with records.
    pub fn rank(&self) -> SortRank<'_> {
        let Self { lead, order_key, source, upstream } = self;
        SortRank { lead: *lead, name: SortPrefix::of_name(order_key), order_key, source, upstream }
    }
}

/// A position as clients see it: opaque, checksummed, and valid for one kind of record in one order.
pub struct Cursor;

/// Why a text is not a cursor of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// It is damaged, was not made by a gateway, or was made for another list.
    #[error("is not a cursor of this list")]
    Invalid,
    /// It was made by a release whose cursors this release cannot read.
    #[error("was made by another version of the gateway; start again from the first page")]
    Expired,
}

impl Cursor {
    const PURPOSE: &str = "cursor";
    const VERSION: u8 = 2;

    /// Returns the cursor for a position in the list of `kind` in this order.
    pub fn encode(kind: RecordKind, order: SortOrder, position: &SortPosition) -> String {
        let (order, lead) = (order.tag(), format!("{:x}", position.lead.0));
        let SortPosition { lead: _, order_key, source, upstream } = position;
        let body =
            [kind.type_name(), &order, &lead, order_key.as_str(), source.as_str(), upstream].join("\0");
        sealed(Self::PURPOSE, Self::VERSION, &body)
    }

    /// Parses a cursor for the list of `kind` in this order.
    ///
    /// # Errors
    /// Returns [`CursorError`] if the text is damaged, was made for another list or order, or by another version.
    pub fn decode(kind: RecordKind, order: SortOrder, text: &str) -> Result<SortPosition, CursorError> {
        let body = opened(Self::PURPOSE, Self::VERSION, text)?;
        let mut parts = body.splitn(6, '\0');
        let mut next = || parts.next().ok_or(CursorError::Invalid);
        if next()? != kind.type_name() || next()? != order.tag() {
            return Err(CursorError::Invalid);
        }
        let lead = u64::from_str_radix(next()?, 16).map(SortPrefix).map_err(|_| CursorError::Invalid)?;
        let order_key = OrderKey::kept(next()?);
        let source = SourceKey::parse(next()?).map_err(|_| CursorError::Invalid)?;
        Ok(SortPosition { lead, order_key, source, upstream: next()?.into() })
    }
}

/// A position in the history of a store: up to where a client has seen its changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPosition {
    /// The store. Sequence numbers of different stores are unrelated.
    pub generation: Box<str>,
    /// The number of the last change that the client has seen.
    pub sequence: u64,
}

impl HistoryPosition {
    const PURPOSE: &str = "history";
    const VERSION: u8 = 1;

    /// Returns the text that clients see. It is opaque and checksummed, and not a cursor of any list.
    pub fn encode(&self) -> String {
        sealed(Self::PURPOSE, Self::VERSION, &format!("{:x}\0{}", self.sequence, self.generation))
    }

    /// Parses the text.
    ///
    /// # Errors
    /// Returns [`CursorError`] if it is damaged, was made for something else, or by another version.
    pub fn decode(text: &str) -> Result<Self, CursorError> {
        let body = opened(Self::PURPOSE, Self::VERSION, text)?;
        let (sequence, generation) = body.split_once('\0').ok_or(CursorError::Invalid)?;
        let sequence = u64::from_str_radix(sequence, 16).map_err(|_| CursorError::Invalid)?;
        Ok(Self { generation: generation.into(), sequence })
    }
}

const CHECKSUM_LEN: usize = 6;

/// Encodes a text with a version and a checksum that also depends on the purpose.
pub(in crate::model) fn sealed(purpose: &str, version: u8, body: &str) -> String {
    let mut bytes = vec![version];
    bytes.extend(checksum(purpose, body.as_bytes()));
    bytes.extend(body.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Decodes a text from [`sealed`], and checks purpose, checksum and version.
pub(in crate::model) fn opened(purpose: &str, version: u8, text: &str) -> Result<String, CursorError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError::Invalid)?;
    let (made_by, rest) = bytes.split_first().ok_or(CursorError::Invalid)?;
    let (sum, body) = rest.split_at_checked(CHECKSUM_LEN).ok_or(CursorError::Invalid)?;
    if sum != checksum(purpose, body) {
        return Err(CursorError::Invalid);
    }
    if *made_by != version {
        return Err(CursorError::Expired);
    }
    String::from_utf8(body.to_vec()).map_err(|_| CursorError::Invalid)
}

fn checksum(purpose: &str, body: &[u8]) -> Vec<u8> {
    let salt = format!("oruk-gateway {purpose}");
    let digest = Sha256::new().chain_update(salt).chain_update(body).finalize();
    digest.iter().take(CHECKSUM_LEN).copied().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::SortDirection;

    fn position(name: &str, upstream: &str) -> SortPosition {
        SortPosition {
            lead: SortPrefix::of_name(&OrderKey::of(name)),
            order_key: OrderKey::of(name),
            source: SourceKey::parse("bristol").unwrap(),
            upstream: upstream.into(),
        }
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back_as_it_was(name in ".*", upstream in ".{1,40}") {
            let position = position(&name, &upstream);
            let text = Cursor::encode(RecordKind::Service, SortOrder::default(), &position);
            prop_assert_eq!(Cursor::decode(RecordKind::Service, SortOrder::default(), &text), Ok(position));
        }

        #[test]
        fn a_changed_character_is_noticed(at in 0usize..40, to in "[A-Za-z0-9_-]") {
            let text = Cursor::encode(RecordKind::Service, SortOrder::default(), &position("Lunch club", "abcdefgh-1234"));
            let mut changed = text.clone();
            changed.replace_range(at..=at, &to);
            prop_assume!(changed != text);
            prop_assert!(Cursor::decode(RecordKind::Service, SortOrder::default(), &changed).is_err());
        }

        #[test]
        fn any_text_is_a_cursor_or_an_error(text in ".*") {
            let _ = Cursor::decode(RecordKind::Service, SortOrder::default(), &text);
            let _ = HistoryPosition::decode(&text);
        }

        #[test]
        fn a_place_in_a_history_comes_back_as_it_was_and_shows_damage(
            generation in "[0-9a-f-]{0,36}", sequence: u64, at in 0usize..20, to in "[A-Za-z0-9_-]",
        ) {
            let position = HistoryPosition { generation: generation.into(), sequence };
            let text = position.encode();
            prop_assert_eq!(HistoryPosition::decode(&text), Ok(position));
            let mut changed = text.clone();
            changed.replace_range(at.min(text.len() - 1)..=at.min(text.len() - 1), &to);
            prop_assume!(changed != text);
            prop_assert!(HistoryPosition::decode(&changed).is_err());
        }
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let name = SortOrder::default();
        let text = Cursor::encode(RecordKind::Organization, name, &position("a", "b"));
        assert_eq!(Cursor::decode(RecordKind::Service, name, &text), Err(CursorError::Invalid));
        let turned = SortOrder { direction: SortDirection::Descending, ..name };
        assert_eq!(Cursor::decode(RecordKind::Organization, turned, &text), Err(CursorError::Invalid));
        assert!(Cursor::decode(RecordKind::Organization, name, &text).is_ok());
        assert_eq!(HistoryPosition::decode(&text), Err(CursorError::Invalid));
        let seen = HistoryPosition { generation: "a".into(), sequence: 7 };
        assert_eq!(Cursor::decode(RecordKind::Service, name, &seen.encode()), Err(CursorError::Invalid));
    }
}
