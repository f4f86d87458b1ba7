//! Prices as the text of one table cell: `Adults: 4.50 GBP per session`.

use crate::model::CostOption;

/// Returns a price in words. Empty if the record states neither an option nor a price.
pub(super) fn cost_in_words(cost: &CostOption) -> String {
    let currency = cost.currency.as_deref().unwrap_or("GBP");
    let amount = cost.amount.map(|amount| format!("{} {currency}", decimal(amount)));
    let price = [amount.as_deref(), cost.amount_description.as_deref()].into_iter().flatten();
    let price = price.collect::<Vec<_>>().join(" ");
    let option = cost.option.as_deref().map(str::trim).filter(|option| !option.is_empty());
    let mut words = match (option, price.is_empty()) {
        (Some(option), false) => format!("{option}: {price}"),
        (Some(option), true) => option.to_owned(),
        (None, _) => price,
    };
    for (word, date) in [("from", cost.valid_from), ("until", cost.valid_to)] {
        if let Some(date) = date.filter(|_| !words.is_empty()) {
            words = format!("{words} {word} {date}");
        }
    }
    words
}

fn decimal(amount: f64) -> String {
    if amount.fract() == 0.0 { amount.to_string() } else { format!("{amount:.2}") }
}
