//! What an answer to a probe's question means.

use std::time::Duration;

use super::report::{EndpointPresence, PageLimit, ParameterHonour};
use super::{SourceError, SourceErrorCode};

/// Parameters with values that leave nothing over where they are honoured.
pub(super) const NOTHING_MATCHES: [(&str, &str); 2] =
    [("search", "qzxjvkwq"), ("modified_after", "2999-01-01T00:00:00Z")];

/// Everything was changed after this.
pub(super) const LONG_AGO: &str = "1970-01-01T00:00:00Z";

/// How long each question took.
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

/// Whether an endpoint is there, from the rows of its first page.
pub(super) fn presence(rows: &Result<Option<usize>, SourceError>) -> EndpointPresence {
    match rows {
        Ok(Some(0)) => EndpointPresence::Empty,
        Ok(Some(_)) => EndpointPresence::Available,
        Ok(None) => EndpointPresence::Absent,
        Err(_) => EndpointPresence::Failed,
    }
}

/// The status an endpoint answered with; none where it did not answer.
pub(super) fn http_status(rows: &Result<Option<usize>, SourceError>) -> Option<u16> {
    match rows {
        Ok(Some(_)) => Some(200),
        Ok(None) => Some(404),
        Err(error) => error.http_status,
    }
}

/// How many records a page may have, from one that was asked to have `asked`.
pub(super) fn page_limit(asked: usize, rows: usize, total: Option<u64>) -> Option<PageLimit> {
    let has_more = total.is_some_and(|total| total > rows as u64);
    let is_reached = rows != asked && has_more;
    (rows > 0).then_some(PageLimit { rows, is_reached })
}

/// A list as a page of it shows: its rows, and the records it claims in all.
pub(super) type ListExtent = (usize, Option<u64>);

/// Whether a parameter that nothing matches was honoured, from the list without and with it.
pub(super) fn honoured(
    without: ListExtent,
    with: &Result<Option<ListExtent>, SourceError>,
) -> ParameterHonour {
    match with {
        Err(error) => refused(error),
        // Some feeds say 404 of a list without records, others of a parameter they do not know.
        Ok(None) => ParameterHonour::Unknown,
        Ok(Some(_)) if without.0 == 0 => ParameterHonour::Unknown,
        Ok(Some((0, _))) => ParameterHonour::Honoured,
        Ok(Some((_, total))) => match (without.1, *total) {
            (Some(before), Some(after)) if after < before => ParameterHonour::Honoured,
            _ => ParameterHonour::Ignored,
        },
    }
}

/// Whether a parameter that everything matches, and that is known to narrow the list, leaves the list whole.
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
