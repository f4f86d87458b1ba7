//! Whether a service is free, from what its prices and fee texts say.

use chrono::NaiveDate;

use super::{CostOption, Service, TriState};

/// What the publisher says outright; else YES when a price valid on `today` is nothing, or the fees text says
/// free; NO when every valid price costs; else UNKNOWN.
pub fn is_free(service: &Service, today: NaiveDate) -> TriState {
    match service.free {
        Some(true) => return TriState::Yes,
        Some(false) => return TriState::No,
        None => {}
    }
    let prices: Vec<TriState> = service
        .cost_options
        .iter()
        .filter(|price| is_valid(price, today))
        .map(|price| price_is_free(price))
        .collect();
    if prices.contains(&TriState::Yes) {
        return TriState::Yes;
    }
    let texts = [&service.fees_description, &service.fees];
    if service.cost_options.is_empty() && texts.into_iter().flatten().any(|text| says_free(text)) {
        return TriState::Yes;
    }
    if !prices.is_empty() && prices.iter().all(|free| *free == TriState::No) {
        return TriState::No;
    }
    TriState::Unknown
}

fn is_valid(price: &CostOption, today: NaiveDate) -> bool {
    price.valid_from.is_none_or(|from| from <= today) && price.valid_to.is_none_or(|to| today <= to)
}

fn price_is_free(price: &CostOption) -> TriState {
    match price.amount {
        Some(0.0) => TriState::Yes,
        Some(_) => TriState::No,
        None if [&price.option, &price.amount_description]
            .into_iter()
            .flatten()
            .any(|text| says_free(text)) =>
        {
            TriState::Yes
        }
        None => TriState::Unknown,
    }
}

// The whole text has to say so: "Free for residents, £5 otherwise" is not free.
fn says_free(text: &str) -> bool {
    let words = text.trim().trim_end_matches(['.', '!']).to_lowercase();
    matches!(words.as_str(), "free" | "no charge" | "free of charge")
}
