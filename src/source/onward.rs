//! How a page says that its list continues, in its envelope or its headers, and what of that can be followed.

use serde::{Deserialize, Serialize};
use url::Url;

/// Query parameters of a URL.
pub(crate) type AddressParameters = Vec<(String, String)>;

/// How a response says that its list continues, as it writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OnwardWord {
    /// With a link, relative or absolute.
    Link(String),
    /// With a token to give back as a parameter. Responses hardly ever name the parameter, so these are guesses, most
    /// likely first.
    Given(Vec<AddressParameters>),
    /// With a page number.
    Page(u64),
    /// Without saying how to get the next page.
    Somehow,
}

impl OnwardWord {
    /// Returns whichever is more specific about the next page; `self` if neither is.
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

/// How a page says that its list continues, and whether that can be followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum NextPage {
    /// With the page at this URL of the feed.
    At(Url),
    /// With a token, given back in one of these ways.
    Given(Vec<AddressParameters>),
    /// With the page of this number.
    Page(u64),
    /// Without saying how to get the next page.
    Somehow,
    /// With a link outside the feed's origin, which the gateway does not follow.
    Elsewhere,
}

impl NextPage {
    /// Returns whether the page names its successor. A flag or number may be wrong if the next page is empty, but a
    /// link or token stands for records.
    pub(crate) fn is_named(&self) -> bool {
        matches!(self, Self::At(_) | Self::Given(_) | Self::Elsewhere)
    }
}
