//! The parameters that several addresses share. Names are those of the UK profile of HSDS, if it has one.

use super::{ParameterForm, QueryParameter};

/// The words to search for.
pub(in crate::http) static SEARCH: QueryParameter = QueryParameter {
    name: "search",
    form: ParameterForm::Text { longest: 500 },
    description: "Words that must all occur in a service's names, description, eligibility, fees, alert, taxonomy terms, \
                  places or organisation. Words match as stemmed English, or as the beginning of a word if they have \
                  three letters or more. `\"Quoted phrases\"` match in order.",
    example: "lunch club",
};

/// The postcode of a place.
pub(in crate::http) static POSTCODE: QueryParameter = QueryParameter {
    name: "postcode",
    form: ParameterForm::Postcode,
    description: "A postcode, or its first part. Alone, it keeps services whose service area covers it, and services \
                  without a readable service area. With `proximity`, services must also have a place that near.",
    example: "BS1 4DJ",
};

/// How near to the postcode a service must be.
pub(in crate::http) static PROXIMITY: QueryParameter = QueryParameter {
    name: "proximity",
    form: ParameterForm::Number { least: 1.0, most: 500_000.0 },
    description: "The distance from the centre of `postcode`, in metres, as the crow flies. Services without a known \
                  place are left out.",
    example: "5000",
};

/// The taxonomy terms that services must have.
pub(in crate::http) static TAXONOMY_TERM_ID: QueryParameter = QueryParameter {
    name: "taxonomy_term_id",
    form: ParameterForm::Names { most: 100, longest: 500 },
    description: "Taxonomy terms, at least one of which a service must carry, or one that is narrower: by `id`, by URI, \
                  or by code, such as `298` or `esdServiceType:298`, which finds the term in every source.",
    example: "esdServiceType:298",
};

/// The lowest age asked for.
pub(in crate::http) static MINIMUM_AGE: QueryParameter = QueryParameter {
    name: "minimum_age",
    form: ParameterForm::Number { least: 0.0, most: 150.0 },
    description: "The lowest age asked for, in years, inclusive. For one person, send the same value as `maximum_age`. \
                  A service that states no limit has none.",
    example: "18",
};

/// The highest age asked for.
pub(in crate::http) static MAXIMUM_AGE: QueryParameter = QueryParameter {
    name: "maximum_age",
    form: ParameterForm::Number { least: 0.0, most: 150.0 },
    description: "The highest age asked for, in years, inclusive.",
    example: "30",
};

/// How the ages asked for relate to a service's ages.
pub(in crate::http) static AGE_MATCH: QueryParameter = QueryParameter {
    name: "age_match",
    form: ParameterForm::Word(&["overlaps", "covers", "within"]),
    description: "How a service's ages relate to `minimum_age` and `maximum_age`: they have an age in common \
                  (`overlaps`), the service is for all the ages asked for (`covers`), or only for those (`within`).",
    example: "covers",
};

/// The days of the week on which services must be open.
pub(in crate::http) static DAY: QueryParameter = QueryParameter {
    name: "day",
    form: ParameterForm::Days,
    description: "Days of the week on one of which a service is open, within 35 days from today. Services without \
                  structured times are left out.",
    example: "MO,TU",
};

/// The earliest opening time.
pub(in crate::http) static START_TIME: QueryParameter = QueryParameter {
    name: "start_time",
    form: ParameterForm::Time,
    description: "The time from which a service is open, `HH:MM` in London time.",
    example: "09:30",
};

/// The latest closing time.
pub(in crate::http) static END_TIME: QueryParameter = QueryParameter {
    name: "end_time",
    form: ParameterForm::Time,
    description: "The time until which a service is open, `HH:MM` in London time. `00:00` is the end of the day, and a \
                  time before `start_time` is on the next day.",
    example: "17:00",
};

/// How opening times relate to the times asked for.
pub(in crate::http) static TIME_MATCH: QueryParameter = QueryParameter {
    name: "time_match",
    form: ParameterForm::Word(&["within", "overlaps", "covers"]),
    description: "How a session relates to `start_time` and `end_time`: it opens and closes between them (`within`, as \
                  the standard says), has a moment in common with them (`overlaps`), or lasts all that time (`covers`).",
    example: "overlaps",
};

/// The provider.
pub(in crate::http) static ORGANIZATION_ID: QueryParameter = QueryParameter {
    name: "organization_id",
    form: ParameterForm::Name { longest: 500 },
    description: "The `id` of the organisation that runs a service.",
    example: "T3JnYW5pemF0aW9uOmJyaXN0b2w6MTc",
};

/// The earliest change.
pub(in crate::http) static MODIFIED_AFTER: QueryParameter = QueryParameter {
    name: "modified_after",
    form: ParameterForm::Instant,
    description: "Changed at or after this instant or date. Records that do not say when they were changed are kept.",
    example: "2026-03-01T09:30:00Z",
};

/// The number of a page.
pub(in crate::http) static PAGE: QueryParameter = QueryParameter {
    name: "page",
    form: ParameterForm::Whole { least: 1, most: 1_000_000, default: Some(1) },
    description: "The number of the page, from 1. A page past the end is empty.",
    example: "2",
};

/// The size of a page.
pub(in crate::http) static PER_PAGE: QueryParameter = QueryParameter {
    name: "per_page",
    form: ParameterForm::Whole { least: 1, most: 100, default: Some(50) },
    description: "The number of records on a page.",
    example: "100",
};

/// All conditions on services, in the order in which they are described.
pub(in crate::http) static SERVICE_CONDITIONS: [&QueryParameter; 13] = [
    &SEARCH,
    &POSTCODE,
    &PROXIMITY,
    &TAXONOMY_TERM_ID,
    &MINIMUM_AGE,
    &MAXIMUM_AGE,
    &AGE_MATCH,
    &DAY,
    &START_TIME,
    &END_TIME,
    &TIME_MATCH,
    &ORGANIZATION_ID,
    &MODIFIED_AFTER,
];

/// The parameters of a numbered page.
pub(in crate::http) static PAGING: [&QueryParameter; 2] = [&PAGE, &PER_PAGE];
