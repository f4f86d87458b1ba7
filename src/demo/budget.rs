//! Counts requests, as publishers do that allow only a number of requests in a time window.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use tokio::time::Instant;

use super::publisher::RequestBudget;

/// The request budget of a feed and how much of it is used in the current window.
pub(super) struct BudgetAllowance {
    budget: RequestBudget,
    window: Mutex<Window>,
}

#[derive(Clone, Copy)]
struct Window {
    started: Instant,
    spent: u32,
}

/// The state of the budget after one request.
pub(super) struct BudgetSpending {
    budget: RequestBudget,
    spent: u32,
    /// The number of seconds until the next window starts.
    reset: u64,
}

impl BudgetAllowance {
    pub(super) fn new(budget: RequestBudget) -> Self {
        Self { budget, window: Mutex::new(Window { started: Instant::now(), spent: 0 }) }
    }

    /// Counts one request and returns the state of the budget.
    pub(super) fn spend(&self) -> BudgetSpending {
        let length = Duration::from_secs(self.budget.seconds);
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.started.elapsed() >= length {
            *window = Window { started: Instant::now(), spent: 0 };
        }
        window.spent = window.spent.saturating_add(1);
        let left = length.saturating_sub(window.started.elapsed());
        BudgetSpending {
            budget: self.budget,
            spent: window.spent,
            reset: left.as_millis().div_ceil(1000) as u64,
        }
    }
}

impl BudgetSpending {
    pub(super) fn is_over(&self) -> bool {
        self.spent > self.budget.requests
    }

    /// Returns the answer to a request that exceeds the budget.
    pub(super) fn refusal(&self) -> Response {
        let answer = Response::builder().status(StatusCode::TOO_MANY_REQUESTS);
        let answer = answer.header(header::RETRY_AFTER, self.reset).content_type("text/html; charset=utf-8");
        answer.body("Too many requests, please try again later.").into_response()
    }

    /// Adds headers to a response that state how much of the budget is left.
    pub(super) fn note(&self, response: &mut Response) {
        let RequestBudget { requests, seconds } = self.budget;
        let notes = [
            ("ratelimit-limit", requests.to_string()),
            ("ratelimit-policy", format!("{requests};w={seconds}")),
            ("ratelimit-remaining", requests.saturating_sub(self.spent).to_string()),
            ("ratelimit-reset", self.reset.to_string()),
        ];
        for (name, value) in notes {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
    }
}
