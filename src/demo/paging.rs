//! How a publishing system divides its lists into pages, and how a client gets from page to page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What a token begins with before it is encoded.
const TOKEN_PREFIX: &str = "from:";

/// How lists are divided into pages.
#[derive(Clone, Copy, Debug)]
pub struct FeedPaging {
    /// The number of records on a page if the request states none.
    pub usual: usize,
    /// The maximum number of records on a page.
    pub most: Option<usize>,
    /// The name of the parameter for the number of records on a page.
    pub size: &'static str,
    /// Whether the parameter `size` has an effect.
    pub asked: bool,
    /// How a client gets to the next page.
    pub step: PagingStep,
    /// Whether every third page starts with the last record of the page before it if the two records around the page
    /// boundary have the same rank.
    pub unsteady: bool,
}

/// How a client gets from page to page, with the name of the parameter that requests a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingStep {
    /// By page number; pages after the last one are empty.
    Number(&'static str),
    /// By page number; pages after the last one repeat the last page.
    Clamped(&'static str),
    /// By the number of records to skip.
    Offset(&'static str),
    /// By a link on each page to the next one. The parameter is the id of the last record, and the page after the last
    /// one is empty.
    Link(&'static str),
    /// By an opaque token on each page but the last.
    Token(&'static str),
}

/// The position and size of a page in its list.
#[derive(Clone, Debug)]
pub(super) struct PageFacts {
    pub(super) total: usize,
    pub(super) per_page: usize,
    /// The page number, starting at 1.
    pub(super) number: usize,
    /// The number of records on this page.
    pub(super) rows: usize,
    /// Whether the request asks for nested lists.
    pub(super) including: bool,
    /// The value of the parameter that requests the next page, for lists that are paged by links or tokens.
    pub(super) next: Option<String>,
    /// The path of the list.
    pub(super) list: &'static str,
}

impl FeedPaging {
    /// Returns numbered pages of this length. A request may ask for another length.
    pub(super) const fn of(usual: usize) -> Self {
        let step = PagingStep::Number("page");
        Self { usual, most: None, size: "per_page", asked: true, step, unsteady: false }
    }

    /// Returns the most records on a page if the feed has a maximum, or the usual number.
    pub fn longest_page(self) -> usize {
        self.most.unwrap_or(self.usual)
    }

    /// Returns the number of records on a page for which this number is requested.
    pub(super) fn per_page(self, asked: Option<usize>) -> usize {
        let wanted = asked.filter(|count| self.asked && *count > 0).unwrap_or(self.usual);
        wanted.min(self.most.unwrap_or(usize::MAX))
    }
}

impl PagingStep {
    /// Returns the name of the parameter that requests a page.
    pub fn parameter(self) -> &'static str {
        match self {
            Self::Number(name)
            | Self::Clamped(name)
            | Self::Offset(name)
            | Self::Link(name)
            | Self::Token(name) => name,
        }
    }
}

impl PageFacts {
    pub(super) fn pages(&self) -> usize {
        self.total.div_ceil(self.per_page.max(1))
    }

    pub(super) fn is_last(&self) -> bool {
        self.number >= self.pages()
    }
}

/// Returns the token that requests the page from this position on.
pub(super) fn token_to(start: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("{TOKEN_PREFIX}{start}"))
}

/// Returns the position that a token stands for. `None` if it is no token.
pub(super) fn start_at(token: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    text.strip_prefix(TOKEN_PREFIX)?.parse().ok()
}
