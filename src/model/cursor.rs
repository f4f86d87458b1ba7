//! Where a page ended: a place in an order, not a count, so that it holds while records come and go.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{Lead, Order, OrderKey, Rank, Record, RecordKind, SourceKey};

/// A record's place in an order over all sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// What decides before the name.
    pub lead: Lead,
    /// The folded name.
    pub order_key: OrderKey,
    /// The source.
    pub source: SourceKey,
    /// The feed's own id.
    pub upstream: Box<str>,
}

impl Position {
    /// The place of a record in the order of names.
    pub fn of(record: &impl Record) -> Self {
        Rank::by_name(record.order_key(), record.id()).to_position()
    }

    /// The same, to be compared with others.
    pub fn rank(&self) -> Rank<'_> {
        Rank { lead: self.lead, order_key: &self.order_key, source: &self.source, upstream: &self.upstream }
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
    #[error("was made by another release of the gateway; start again from the first page")]
    Expired,
}

impl Cursor {
    const VERSION: u8 = 2;
    const CHECKSUM_LEN: usize = 6;

    /// The text for a place in the list of `kind` in this order.
    pub fn encode(kind: RecordKind, order: Order, position: &Position) -> String {
        let (order, lead) = (order.tag(), format!("{:x}", position.lead.0));
        let Position { lead: _, order_key, source, upstream } = position;
        let body =
            [kind.type_name(), &order, &lead, order_key.as_str(), source.as_str(), upstream].join("\0");
        let mut bytes = vec![Self::VERSION];
        bytes.extend(Self::checksum(body.as_bytes()));
        bytes.extend(body.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads the text for the list of `kind` in this order.
    ///
    /// # Errors
    /// When the text is damaged, made for another list or order, or of another version.
    pub fn decode(kind: RecordKind, order: Order, text: &str) -> Result<Position, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError::Invalid)?;
        let (version, rest) = bytes.split_first().ok_or(CursorError::Invalid)?;
        let (checksum, body) = rest.split_at_checked(Self::CHECKSUM_LEN).ok_or(CursorError::Invalid)?;
        if checksum != Self::checksum(body) {
            return Err(CursorError::Invalid);
        }
        if *version != Self::VERSION {
            return Err(CursorError::Expired);
        }
        let body = std::str::from_utf8(body).map_err(|_| CursorError::Invalid)?;
        let mut parts = body.splitn(6, '\0');
        let mut next = || parts.next().ok_or(CursorError::Invalid);
        if next()? != kind.type_name() || next()? != order.tag() {
            return Err(CursorError::Invalid);
        }
        let lead = u64::from_str_radix(next()?, 16).map(Lead).map_err(|_| CursorError::Invalid)?;
        let order_key = OrderKey::kept(next()?);
        let source = SourceKey::parse(next()?).map_err(|_| CursorError::Invalid)?;
        Ok(Position { lead, order_key, source, upstream: next()?.into() })
    }

    fn checksum(body: &[u8]) -> Vec<u8> {
        let digest = Sha256::new().chain_update(b"oruk-gateway cursor").chain_update(body).finalize();
        digest.iter().take(Self::CHECKSUM_LEN).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Direction;

    fn position(name: &str, upstream: &str) -> Position {
        Position {
            lead: Lead::of_name(&OrderKey::of(name)),
            order_key: OrderKey::of(name),
            source: SourceKey::parse("bristol").unwrap(),
            upstream: upstream.into(),
        }
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back_as_it_was(name in ".*", upstream in ".{1,40}") {
            let position = position(&name, &upstream);
            let text = Cursor::encode(RecordKind::Service, Order::default(), &position);
            prop_assert_eq!(Cursor::decode(RecordKind::Service, Order::default(), &text), Ok(position));
        }

        #[test]
        fn a_changed_character_is_noticed(at in 0usize..40, to in "[A-Za-z0-9_-]") {
            let text = Cursor::encode(RecordKind::Service, Order::default(), &position("Lunch club", "abcdefgh-1234"));
            let mut changed = text.clone();
            changed.replace_range(at..=at, &to);
            prop_assume!(changed != text);
            prop_assert!(Cursor::decode(RecordKind::Service, Order::default(), &changed).is_err());
        }

        #[test]
        fn any_text_is_a_cursor_or_an_error(text in ".*") {
            let _ = Cursor::decode(RecordKind::Service, Order::default(), &text);
        }
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let name = Order::default();
        let text = Cursor::encode(RecordKind::Organization, name, &position("a", "b"));
        assert_eq!(Cursor::decode(RecordKind::Service, name, &text), Err(CursorError::Invalid));
        let turned = Order { direction: Direction::Descending, ..name };
        assert_eq!(Cursor::decode(RecordKind::Organization, turned, &text), Err(CursorError::Invalid));
        assert!(Cursor::decode(RecordKind::Organization, name, &text).is_ok());
    }
}
