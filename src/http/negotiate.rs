//! Chooses a response's media type and coding from what the client accepts.

use poem::http::{HeaderMap, header};

/// The media types of GraphQL responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/json`: request errors have status 200, for older clients.
    Json,
    /// `application/graphql-response+json`: the status shows request errors.
    GraphQl,
}

impl MediaType {
    /// Returns the value of `content-type`.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
        }
    }

    fn essence(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application", "json"),
            Self::GraphQl => ("application", "graphql-response+json"),
        }
    }
}

/// Returns the media type of the response, or `None` if the client accepts neither.
pub(super) fn media_type(headers: &HeaderMap) -> Option<MediaType> {
    let accept = joined(headers, &header::ACCEPT);
    if accept.trim().is_empty() {
        return Some(MediaType::Json);
    }
    let json = preference(&accept, MediaType::Json.essence());
    let graphql = preference(&accept, MediaType::GraphQl.essence());
    match (json, graphql) {
        (None, None) => None,
        (None, Some(_)) => Some(MediaType::GraphQl),
        // With equal quality, use the newer type only if it is named: `*/*` may come from a client that predates it.
        (Some(json), Some(graphql)) if graphql.is_above(json) => Some(MediaType::GraphQl),
        (Some(_), _) => Some(MediaType::Json),
    }
}

/// Returns the index of the type that the client prefers. Among equally good ones, a type that is named comes first,
/// and otherwise the first in the list. `None` if the client accepts none of them.
pub(super) fn preferred(headers: &HeaderMap, kinds: &[(&'static str, &'static str)]) -> Option<usize> {
    let accept = joined(headers, &header::ACCEPT);
    if accept.trim().is_empty() {
        return (!kinds.is_empty()).then_some(0);
    }
    let each = kinds.iter().enumerate();
    let accepted = each.filter_map(|(nth, kind)| Some((nth, preference(&accept, *kind)?)));
    accepted.reduce(|best, next| if next.1.is_better(best.1) { next } else { best }).map(|(nth, _)| nth)
}

/// Returns whether the client prefers a page to data, as a browser's address bar does.
pub(super) fn prefers_html(headers: &HeaderMap) -> bool {
    let accept = joined(headers, &header::ACCEPT);
    let Some(html) = preference(&accept, ("text", "html")).filter(|html| html.named == NamedType::Exactly)
    else {
        return false;
    };
    let data = [MediaType::Json, MediaType::GraphQl].map(|kind| preference(&accept, kind.essence()));
    data.into_iter().flatten().all(|other| html.quality >= other.quality)
}

/// Returns whether the client accepts gzip and does not prefer the plain form.
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accept = joined(headers, &header::ACCEPT_ENCODING);
    let quality = |name: &str| {
        let mut found = ranges(&accept).filter(|(range, _)| range.eq_ignore_ascii_case(name));
        found.next().map(|(_, parameters)| quality_of(parameters))
    };
    let gzip = quality("gzip").or_else(|| quality("x-gzip")).or_else(|| quality("*")).unwrap_or(0);
    gzip > 0 && gzip >= quality("identity").unwrap_or(0)
}

/// The quality of one type, and how it was named.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Preference {
    named: NamedType,
    /// In thousandths.
    quality: u16,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum NamedType {
    Anything,
    ByFamily,
    Exactly,
}

impl Preference {
    fn is_better(self, other: Self) -> bool {
        (self.quality, self.named) > (other.quality, other.named)
    }

    fn is_above(self, other: Self) -> bool {
        self.quality > other.quality || (self.quality == other.quality && self.named == NamedType::Exactly)
    }
}

/// Returns the match of the most specific range. `None` if no range matches, or if it has `q=0`.
fn preference(accept: &str, (family, kind): (&str, &str)) -> Option<Preference> {
    let named = |range: &str| match range.split_once('/')? {
        ("*", "*") => Some(NamedType::Anything),
        (a, "*") if a.eq_ignore_ascii_case(family) => Some(NamedType::ByFamily),
        (a, b) if a.eq_ignore_ascii_case(family) && b.eq_ignore_ascii_case(kind) => Some(NamedType::Exactly),
        _ => None,
    };
    ranges(accept)
        .filter(|(_, parameters)| is_utf8(parameters))
        .filter_map(|(range, parameters)| {
            Some(Preference { named: named(range)?, quality: quality_of(parameters) })
        })
        .reduce(|best, next| if next.named > best.named { next } else { best })
        .filter(|best| best.quality > 0)
}

/// Splits a list into members with their parameters.
fn ranges(list: &str) -> impl Iterator<Item = (&str, &str)> {
    list.split(',').map(|member| {
        let (range, parameters) = member.split_once(';').unwrap_or((member, ""));
        (range.trim(), parameters)
    })
}

/// Splits parameters into pairs, values without quotes.
pub(super) fn parameters(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(';').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        Some((name.trim(), value.trim().trim_matches('"')))
    })
}

/// Returns whether the parameters ask for no character set other than UTF-8.
pub(super) fn is_utf8(text: &str) -> bool {
    parameters(text)
        .filter(|(name, _)| name.eq_ignore_ascii_case("charset"))
        .all(|(_, charset)| charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8"))
}

/// Returns the quality in thousandths; an unreadable value counts as not given.
fn quality_of(text: &str) -> u16 {
    let given = parameters(text).find(|(name, _)| name.eq_ignore_ascii_case("q"));
    let quality = given.and_then(|(_, value)| value.parse::<f32>().ok()).filter(|q| (0.0..=1.0).contains(q));
    let thousandths = quality.unwrap_or(1.0) * 1000.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    let thousandths = thousandths as u16;
    thousandths
}

/// Joins a list header that may be on several lines.
fn joined(headers: &HeaderMap, name: &header::HeaderName) -> String {
    let lines: Vec<&str> = headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).collect();
    lines.join(",")
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn negotiates_the_media_type() {
        use MediaType::{GraphQl, Json};
        for (accept, expected) in [
            ("", Some(Json)),
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("application/json", Some(Json)),
            ("Application/JSON; charset=UTF-8", Some(Json)),
            ("application/json; charset=iso-8859-1", None),
            ("application/graphql-response+json", Some(GraphQl)),
            ("application/graphql-response+json, application/json", Some(GraphQl)),
            ("application/graphql-response+json, application/json;q=0.9", Some(GraphQl)),
            ("application/graphql-response+json;q=0.5, application/json", Some(Json)),
            ("application/graphql-response+json;q=0, */*", Some(Json)),
            ("application/json;q=0, */*;q=0.1", Some(GraphQl)),
            ("application/graphql-response+json, */*;q=0.1", Some(GraphQl)),
            ("text/html, */*;q=0.8", Some(Json)),
            ("text/html", None),
            ("*/*;q=0", None),
            ("nonsense", None),
        ] {
            assert_eq!(media_type(&headers(header::ACCEPT, accept)), expected, "{accept}");
        }
        assert_eq!(media_type(&HeaderMap::new()), Some(Json));
    }

    #[test]
    fn a_page_is_for_those_who_name_it() {
        for (accept, expected) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("text/html", true),
            ("*/*", false),
            ("text/html;q=0.5, application/json", false),
            ("application/json", false),
        ] {
            assert_eq!(prefers_html(&headers(header::ACCEPT, accept)), expected, "{accept}");
        }
    }

    #[test]
    fn the_best_of_several_types_is_preferred() {
        let kinds = [("text", "csv"), ("application", "geo+json"), ("text", "calendar")];
        for (accept, expected) in [
            ("", Some(0)),
            ("*/*", Some(0)),
            ("text/*", Some(0)),
            ("text/calendar", Some(2)),
            ("*/*, application/geo+json", Some(1)),
            ("text/csv;q=0.1, text/calendar;q=0.2", Some(2)),
            ("text/csv;q=0, text/*", Some(2)),
            ("application/json", None),
        ] {
            assert_eq!(preferred(&headers(header::ACCEPT, accept), &kinds), expected, "{accept}");
        }
        assert_eq!(preferred(&HeaderMap::new(), &kinds), Some(0));
    }

    #[test]
    fn gzip_only_for_those_who_accept_it() {
        for (accept, expected) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("*", true),
            ("x-gzip", true),
            ("", false),
            ("br", false),
            ("gzip;q=0", false),
            ("gzip;q=0, *", false),
            ("*;q=0", false),
            ("identity, gzip;q=0.5", false),
        ] {
            assert_eq!(accepts_gzip(&headers(header::ACCEPT_ENCODING, accept)), expected, "{accept}");
        }
    }
}
