//! Where a page ended: a place in an order, not a count, so that it holds while records come and go.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::model::{OrderKey, Record, RecordKind, SortOrder, SortPrefix, SortRank, SourceKey};

/// A record's place in an order over all sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortPosition {
    /// What decides before the name.
    pub lead: SortPrefix,
    /// The folded name.
    pub order_key: OrderKey,
    /// The source.
    pub source: SourceKey,
    /// The feed's own id.
    pub upstream: Arc<str>,
}

impl SortPosition {
    /// The place of a record in the order of names.
    pub fn of(record: &impl Record) -> Self {
        SortRank::by_name(record.order_key(), record.id()).to_position()
    }

    /// The same, to be compared with others.
    pub fn rank(&self) -> SortRank<'_> {
        let Self { lead, order_key, source, upstream } = self;
        SortRank { lead: *lead, name: SortPrefix::of_name(order_key), order_key, source, upstream }
    }
}

/// A position as clients hold it: opaque, checksummed, and tied to one kind of record in one order.
pub struct Cursor;

/// Why a text is no cursor for this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// Not made by a gateway, or damaged, or made by another list.
    #[error("is not a cursor of this list")]
    Invalid,
    /// Made by a release whose cursors this one no longer reads.
    #[error("was made by another version of the gateway; start again from the first page")]
    Expired,
}

impl Cursor {
    const PURPOSE: &str = "cursor";
    const VERSION: u8 = 2;

    /// The text for a place in the list of `kind` in this order.
    pub fn encode(kind: RecordKind, order: SortOrder, position: &SortPosition) -> String {
        let (order, lead) = (order.tag(), format!("{:x}", position.lead.0));
        let SortPosition { lead: _, order_key, source, upstream } = position;
        let body =
            [kind.type_name(), &order, &lead, order_key.as_str(), source.as_str(), upstream].join("\0");
        sealed(Self::PURPOSE, Self::VERSION, &body)
    }

    /// Reads the text for the list of `kind` in this order.
    ///
    /// # Errors
    /// When the text is damaged, made for another list or order, or of another version.
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

/// A place in the history of a store: what a client has seen of its changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPosition {
    /// Which store's; sequence numbers of two are not to be compared.
    pub generation: Box<str>,
    /// The number of the last change that was seen.
    pub sequence: u64,
}

impl HistoryPosition {
    const PURPOSE: &str = "history";
    const VERSION: u8 = 1;

    /// The text clients hold: opaque and checksummed, and no cursor of any list.
    pub fn encode(&self) -> String {
        sealed(Self::PURPOSE, Self::VERSION, &format!("{:x}\0{}", self.sequence, self.generation))
    }

    /// Reads the text.
    ///
    /// # Errors
    /// When it is damaged, made for something else, or of another version.
    pub fn decode(text: &str) -> Result<Self, CursorError> {
        let body = opened(Self::PURPOSE, Self::VERSION, text)?;
        let (sequence, generation) = body.split_once('\0').ok_or(CursorError::Invalid)?;
        let sequence = u64::from_str_radix(sequence, 16).map_err(|_| CursorError::Invalid)?;
        Ok(Self { generation: generation.into(), sequence })
    }
}

const CHECKSUM_LEN: usize = 6;

/// A text that shows damage, and whether it was made for something else.
pub(in crate::model) fn sealed(purpose: &str, version: u8, body: &str) -> String {
    let mut bytes = vec![version];
    bytes.extend(checksum(purpose, body.as_bytes()));
    bytes.extend(body.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What was sealed.
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
