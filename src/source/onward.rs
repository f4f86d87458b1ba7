//! How a page says that its list goes on: what the envelope and the headers say, and what can be followed of it.

use serde::{Deserialize, Serialize};
use url::Url;

/// Parameters of an address.
pub(crate) type AddressParameters = Vec<(String, String)>;

/// How an answer says that its list goes on, as it writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OnwardWord {
    /// With what is at this address, relative or absolute.
    Link(String),
    /// With what is given back as a parameter. Answers hardly ever say by which name, so these are guesses, the
    /// likeliest first.
    Given(Vec<AddressParameters>),
    /// With the page of this number.
    Page(u64),
    /// In a way that it does not tell.
    Somehow,
}

impl OnwardWord {
    /// Returns whichever says more of where the list goes on; this one if they say equally much.
    pub(crate) fn or_stronger(self, other: Self) -> Self {
        let weight = |said: &Self| match said {
            Self::Link(_) => 3,
            Self::Given(_) => 2,
            Self::Page(_) => 1,
            Self::Somehow => 0,
        };
        if weight(&other) > weight(&self) { other } else { self }
    }
}

/// How a page says that its list goes on, and whether that can be followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum NextPage {
    /// With what is at this address of the feed.
    At(Url),
    /// With what is given back in one of these ways.
    Given(Vec<AddressParameters>),
    /// With the page of this number.
    Page(u64),
    /// In a way that it does not tell.
    Somehow,
    /// With what lies where the feed may not lead the gateway.
    Elsewhere,
}

impl NextPage {
    /// Whether it names what follows. A flag or a number may be wrong where the next page is empty; a link or a token
    /// stands for records.
    pub(crate) fn is_named(&self) -> bool {
        matches!(self, Self::At(_) | Self::Given(_) | Self::Elsewhere)
    }
}
