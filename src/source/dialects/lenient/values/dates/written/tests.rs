//! Dates in the notations that people and programs use.

use proptest::prelude::*;

use super::*;

fn said(text: &str) -> Option<String> {
    written(text).map(|written| match written {
        WrittenDate::Day(date) => date.to_string(),
        WrittenDate::Local(local) => local.format("%Y-%m-%d %H:%M:%S").to_string(),
        WrittenDate::Zoned(at) => at.to_utc().format("%Y-%m-%d %H:%M:%SZ").to_string(),
    })
}

#[test]
fn quirk_89_one_day_in_many_notations() {
    for text in [
        "2020-06-30",
        "2020/06/30",
        "2020.06.30",
        "20200630",
        "VALUE=DATE:20200630",
        "30/06/2020",
        "30-06-2020",
        "30.06.2020",
        "30 06 2020",
        "30/6/20",
        "30.06.20",
        "30 June 2020",
        "30th June 2020",
        "30th of June, 2020",
        "Tuesday 30 June 2020",
        "Tue, 30 Jun 2020",
        "June 30, 2020",
        "Jun 30 2020",
        "30-Jun-2020",
        "30-JUN-20",
        "2020 June 30",
        "2020-Jun-30",
        "06/30/2020",
        "2020-30-06",
        "2020-W27-2",
        "2020-182",
        "30 Mehefin 2020",
        "2020-06-30Z",
        "2020-06-30+01:00",
        " 30  June  2020. ",
    ] {
        let day = said(text);
        assert_eq!(day.as_deref(), Some("2020-06-30"), "{text}");
    }
    for text in [
        "",
        "soon",
        "June",
        "June 2020",
        "2020-06",
        "2020",
        "30/06",
        "31 June 2020",
        "2021-02-30",
        "30-06-20",
        "30 June 2020 or later",
        "from 30 June 2020",
        "30 June - 2 July 2020",
        "30/06/2020 25:00",
        "1.5",
        "é",
        "13/13/2020",
        "99999999",
        "30 Jun 2020 June",
    ] {
        assert_eq!(said(text), None, "{text}");
    }
}

#[test]
fn quirk_89_one_instant_in_many_notations() {
    for text in [
        "2026-03-02T09:30:00Z",
        "2026-03-02T09:30:00.000+0000",
        "2026-03-02T10:30+01:00",
        "2026-03-02 09:30:00 UTC",
        "2026-03-02 09:30:00 +0000",
        "20260302T093000Z",
        "Mon, 02 Mar 2026 09:30:00 GMT",
        "Mon, 02 Mar 2026 09:30:00 +0000",
        "Monday, 02-Mar-26 09:30:00 GMT",
        "Mon Mar 02 2026 09:30:00 GMT+0000 (Greenwich Mean Time)",
        "Mon Mar 2 09:30:00 GMT 2026",
        "2026-03-02T09:30:00,000Z",
        "2026-03-02T09:30:00[Europe/London]",
        "2026-03-02T09:30:00+00:00[Europe/London]",
        "2026-03-02 10:30 Europe/Paris",
    ] {
        assert_eq!(said(text).as_deref(), Some("2026-03-02 09:30:00Z"), "{text}");
    }
    for text in [
        "2026-03-02T09:30",
        "2026-03-02 09:30:00.000",
        "02/03/2026 09:30",
        "02/03/2026 9:30 am",
        "2 March 2026 at 9:30am",
        "Mon Mar  2 09:30:00 2026",
        "20260302T0930",
    ] {
        assert_eq!(said(text).as_deref(), Some("2026-03-02 09:30:00"), "{text}");
    }
    assert_eq!(said("2026-03-02T24:00:00").as_deref(), Some("2026-03-02 23:59:59"));
    assert_eq!(said("2 March 2026, 9pm").as_deref(), Some("2026-03-02 21:00:00"));
}

proptest! {
    #[test]
    fn every_notation_of_a_day_is_that_day(days in 0..40_000_i32) {
        let date = NaiveDate::from_num_days_from_ce_opt(710_000 + days).unwrap();
        for format in
            ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%-d %B %Y", "%B %-d, %Y", "%a, %d %b %Y", "%Y%m%d"]
        {
            let text = date.format(format).to_string();
            prop_assert_eq!(written(&text), Some(WrittenDate::Day(date)), "{}", text);
        }
    }

    #[test]
    fn no_text_is_a_panic(text in "[0-9a-zA-Z :/.,+()TZ-]{0,40}") {
        let _ = written(&text);
    }
}
