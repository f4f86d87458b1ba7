//! Interprets the responses to a probe's requests.

use std::time::Duration;

use super::report::{EndpointPresence, PageLimit, ParameterHonour};
use super::{SourceError, SourceErrorCode};

/// Parameters with values that match nothing if the feed honours them.
pub(super) const NOTHING_MATCHES: [(&str, &str); 2] =
    [("search", "qzxjvkwq"), ("modified_after", "2999-01-01T00:00:00Z")];

/// A time before every modification.
pub(super) const LONG_AGO: &str = "1970-01-01T00:00:00Z";

/// How long each request took.
#[derive(Default)]
pub(super) struct QuestionTimes(Vec<Duration>);

impl QuestionTimes {
    pub(super) fn took(&mut self, took: Duration) {
        self.0.push(took);
    }

    pub(super) fn median_latency(&self) -> Option<Duration> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied()
    }
}

/// Returns whether an endpoint exists, from the rows of its first page.
pub(super) fn presence(rows: &Result<Option<usize>, SourceError>) -> EndpointPresence {
    match rows {
        Ok(Some(0)) => EndpointPresence::Empty,
        Ok(Some(_)) => EndpointPresence::Available,
        Ok(None) => EndpointPresence::Absent,
        Err(_) => EndpointPresence::Failed,
    }
}

/// Returns the HTTP status of an endpoint. Returns `None` if it did not respond.
pub(super) fn http_status(rows: &Result<Option<usize>, SourceError>) -> Option<u16> {
    match rows {
        Ok(Some(_)) => Some(200),
        Ok(None) => Some(404),
        Err(error) => error.http_status,
    }
}

/// Returns the limit on page sizes, judging by a page for which `asked` records were requested. Returns `None` for an
/// empty page.
pub(super) fn page_limit(asked: usize, rows: usize, total: Option<u64>) -> Option<PageLimit> {
    let has_more = total.is_some_and(|total| total > rows as u64);
    let is_reached = rows != asked && has_more;
    (rows > 0).then_some(PageLimit { rows, is_reached })
}

/// A list as one of its pages shows it: the number of rows, and the number of records it claims to have.
pub(super) type ListExtent = (usize, Option<u64>);

/// Returns whether a parameter that matches nothing was honoured, from the list without and with it.
pub(super) fn honoured(
    without: ListExtent,
    with: &Result<Option<ListExtent>, SourceError>,
) -> ParameterHonour {
    match with {
        Err(error) => refused(error),
        // Status 404 is ambiguous: some feeds return it for an empty list, others for a parameter that they do not
        // know.
        Ok(None) => ParameterHonour::Unknown,
        Ok(Some(_)) if without.0 == 0 => ParameterHonour::Unknown,
        Ok(Some((0, _))) => ParameterHonour::Honoured,
        Ok(Some((_, total))) => match (without.1, *total) {
            (Some(before), Some(after)) if after < before => ParameterHonour::Honoured,
            _ => ParameterHonour::Ignored,
        },
    }
}

/// Returns whether a parameter that matches everything leaves the list complete, if it is known to filter.
pub(super) fn keeps_what_matches(
    without: ListExtent,
    with: &Result<Option<ListExtent>, SourceError>,
) -> ParameterHonour {
    match (without.1, with) {
        (Some(before), Ok(Some((_, Some(after))))) if *after >= before => ParameterHonour::Honoured,
        (None, Ok(Some((rows, _)))) if *rows > 0 => ParameterHonour::Honoured,
        _ => ParameterHonour::Unknown,
    }
}

fn refused(error: &SourceError) -> ParameterHonour {
    let is_refusal = error.http_status.is_some_and(|status| (400..500).contains(&status));
    match error.code {
        SourceErrorCode::HttpStatus if is_refusal => ParameterHonour::Rejected,
        _ => ParameterHonour::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn status(status: u16) -> SourceError {
        SourceError {
            code: SourceErrorCode::HttpStatus,
            message: String::new(),
            http_status: Some(status),
            at: DateTime::UNIX_EPOCH,
            retry_after: None,
        }
    }

    #[test]
    fn a_parameter_is_honoured_where_the_list_gets_shorter() {
        let all = (100, Some(500));
        assert_eq!(honoured(all, &Ok(Some((0, Some(0))))), ParameterHonour::Honoured);
        assert_eq!(honoured(all, &Ok(Some((1, Some(7))))), ParameterHonour::Honoured);
        assert_eq!(honoured(all, &Ok(Some((1, Some(500))))), ParameterHonour::Ignored);
        assert_eq!(honoured(all, &Ok(Some((1, None)))), ParameterHonour::Ignored);
        assert_eq!(honoured(all, &Ok(None)), ParameterHonour::Unknown);
        assert_eq!(honoured(all, &Err(status(400))), ParameterHonour::Rejected);
        assert_eq!(honoured(all, &Err(status(500))), ParameterHonour::Unknown);
        assert_eq!(honoured((0, Some(0)), &Ok(Some((0, Some(0))))), ParameterHonour::Unknown);
    }

    #[test]
    fn a_parameter_that_hides_what_matches_is_not_relied_on() {
        let all = (100, Some(500));
        assert_eq!(keeps_what_matches(all, &Ok(Some((1, Some(500))))), ParameterHonour::Honoured);
        assert_eq!(keeps_what_matches(all, &Ok(Some((0, Some(0))))), ParameterHonour::Unknown);
        assert_eq!(keeps_what_matches((100, None), &Ok(Some((1, None)))), ParameterHonour::Honoured);
        assert_eq!(keeps_what_matches(all, &Err(status(500))), ParameterHonour::Unknown);
    }

    #[test]
    fn a_page_shows_the_limit_only_where_more_was_to_be_had() {
        let limit = |asked, rows, total| page_limit(asked, rows, total).map(|one| (one.rows, one.is_reached));
        assert_eq!(limit(100, 50, Some(400)), Some((50, true)));
        assert_eq!(limit(100, 100, Some(400)), Some((100, false)));
        assert_eq!(limit(100, 40, Some(40)), Some((40, false)));
        assert_eq!(limit(100, 40, None), Some((40, false)));
        assert_eq!(limit(100, 0, Some(0)), None);
    }

    #[test]
    fn the_median_is_not_swayed_by_one_slow_answer() {
        let mut questions = QuestionTimes::default();
        assert_eq!(questions.median_latency(), None);
        for millis in [3, 9000, 5] {
            questions.took(Duration::from_millis(millis));
        }
        assert_eq!(questions.median_latency(), Some(Duration::from_millis(5)));
    }
}
