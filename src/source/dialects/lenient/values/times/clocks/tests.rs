//! Times of day in the notations that feeds use.

use chrono::{NaiveTime, Timelike as _};
use proptest::prelude::*;

use super::*;

fn shown(text: &str) -> String {
    let clock = |clock: Clocked| format!("{:02}:{:02}", clock.time.hour(), clock.time.minute());
    let end = |end: Option<Clocked>| end.map_or_else(|| "?".to_owned(), clock);
    match said(text) {
        None => "unread".to_owned(),
        Some(TimeSaid::Closed) => "closed".to_owned(),
        Some(TimeSaid::Hour(hour)) => format!("hour {hour}"),
        Some(TimeSaid::Clocks(clocks)) => clocks.into_iter().map(clock).collect::<Vec<_>>().join(","),
        Some(TimeSaid::Sessions(sessions)) => {
            let each = sessions.iter().map(|one| format!("{}-{}", end(one.opens), end(one.closes)));
            each.collect::<Vec<_>>().join(",")
        }
    }
}

#[test]
fn quirk_58_times_in_every_form() {
    for (text, expected) in [
        ("10:00", "10:00"),
        ("10:00:00", "10:00"),
        ("10:00:00.000", "10:00"),
        ("10:00Z", "10:00"),
        ("09:00+01:00", "09:00"),
        ("09:00 GMT", "09:00"),
        ("9:30am", "09:30"),
        ("9.30 PM", "21:30"),
        ("9.30 p.m.", "21:30"),
        ("9pm", "21:00"),
        ("9 pm", "21:00"),
        ("9p", "21:00"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
        ("14:00pm", "14:00"),
        ("24:00", "23:59"),
        ("T09:00", "09:00"),
        ("0930", "09:30"),
        ("930", "09:30"),
        ("1700", "17:00"),
        ("0930 hours", "09:30"),
        ("09:30 hrs", "09:30"),
        ("170000", "17:00"),
        ("09h30", "09:30"),
        ("9h", "09:00"),
        ("9.30", "09:30"),
        ("9am UK time", "09:00"),
        ("noon", "12:00"),
        ("12:00 noon", "12:00"),
        ("12.00 midnight", "00:00"),
        ("Midday", "12:00"),
        ("12 noon", "12:00"),
        ("midnight", "00:00"),
        ("Closed", "closed"),
        ("CLOSED.", "closed"),
        ("Closed - bank holiday", "closed"),
        ("CLOSED (staff training)", "closed"),
        ("Closed on Sundays", "closed"),
        ("Closed Sundays and Mondays", "closed"),
        ("CLOSED/CLOSED", "closed"),
        ("closed until further notice", "closed"),
        ("We are closed for Easter", "closed"),
        ("Shut for refurbishment", "closed"),
        ("Bank holiday closure", "closed"),
        ("Closed between 12 and 1, open 9-5", "unread"),
        ("Closed from 12", "unread"),
        ("Closed from one to two", "unread"),
        ("Closed for lunch", "unread"),
        ("Closed (by appointment)", "unread"),
        ("Closed group", "unread"),
        ("not open", "closed"),
        ("(closed)", "closed"),
        ("- Closed -", "closed"),
        ("*CLOSED*", "closed"),
        ("[Currently closed]", "closed"),
        ("10", "hour 10"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
    for text in [
        "",
        "25:00",
        "10:60",
        "13am",
        "10:xx",
        "+01:00",
        "é:é",
        "ask us",
        "9 or 10",
        "10:5",
        "12345",
        "tbc",
        "by 9am",
        "99",
        "Monday 9am",
        "0am",
        "9am (term time)",
    ] {
        assert_eq!(shown(text), "unread", "{text}");
    }
}

#[test]
fn quirk_92_sessions_in_one_text() {
    for (text, expected) in [
        ("09:00 - 17:00", "09:00-17:00"),
        ("09:00-10:00", "09:00-10:00"),
        ("10:00–12:00", "10:00-12:00"),
        ("09:00/17:00", "09:00-17:00"),
        ("9am-5pm", "09:00-17:00"),
        ("9am to 5pm", "09:00-17:00"),
        ("9-5", "09:00-17:00"),
        ("9 to 5", "09:00-17:00"),
        ("9-5pm", "09:00-17:00"),
        ("9am-5", "09:00-17:00"),
        ("7-9pm", "19:00-21:00"),
        ("10-2am", "22:00-02:00"),
        ("11-2pm", "11:00-14:00"),
        ("10-12", "10:00-12:00"),
        ("10-12noon", "10:00-12:00"),
        ("10am - 12 noon", "10:00-12:00"),
        ("12-2pm", "12:00-14:00"),
        ("9:30-5:30", "09:30-17:30"),
        ("9.30am - 12.30pm", "09:30-12:30"),
        ("6-9am", "06:00-09:00"),
        ("9am until noon", "09:00-12:00"),
        ("from 9am until 5pm", "09:00-17:00"),
        ("between 9am and 5pm", "09:00-17:00"),
        ("Open 9am-5pm", "09:00-17:00"),
        ("0900-1700", "09:00-17:00"),
        ("900-1730", "09:00-17:30"),
        ("22:00 - 02:00", "22:00-02:00"),
        ("9:00-17:00", "09:00-17:00"),
        ("6pm - midnight", "18:00-00:00"),
        ("7pm - late", "19:00-?"),
        ("from 9am", "09:00-?"),
        ("9am onwards", "09:00-?"),
        ("until 5pm", "?-17:00"),
        ("24 hours", "00:00-23:59"),
        ("24/7", "00:00-23:59"),
        ("Open 24 hours", "00:00-23:59"),
        ("09:00-12:00, 13:00-17:00", "09:00-12:00,13:00-17:00"),
        ("9am-12pm & 1pm-5pm", "09:00-12:00,13:00-17:00"),
        ("9-12 and 1-5", "09:00-12:00,13:00-17:00"),
        ("09:00-12:00; 13:00-17:00", "09:00-12:00,13:00-17:00"),
        ("09:00, 13:00", "09:00,13:00"),
        ("9am & 1pm", "09:00,13:00"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
    for text in
        ["2-4", "9am-5pm or later", "9-5 Mon", "9am-5pm, closed", "9am-25pm", "-", "09:00-12:00, 13:00"]
    {
        assert_eq!(shown(text), "unread", "{text}");
    }
}

proptest! {
    #[test]
    fn every_notation_of_a_clock_is_that_clock(hour in 0..24_u32, minute in 0..60_u32) {
        let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        for format in ["%H:%M", "%H:%M:%S", "%H.%M", "%H%M", "%-I:%M%P", "%I.%M %p", "T%H:%M", "%Hh%M"] {
            let text = time.format(format).to_string();
            let Some(TimeSaid::Clocks(clocks)) = said(&text) else { panic!("{text}") };
            prop_assert_eq!(clocks.iter().map(|clock| clock.time).collect::<Vec<_>>(), vec![time], "{}", text);
        }
    }

    #[test]
    fn both_ends_of_a_session_are_read_alike(
        (from, to) in (0..24_u32, 0..24_u32), half in any::<bool>()
    ) {
        let at = |hour| NaiveTime::from_hms_opt(hour, if half { 30 } else { 0 }, 0).unwrap();
        for (format, sign) in [("%H:%M", " - "), ("%-I:%M%P", "-"), ("%-I.%M %P", " to ")] {
            let text = format!("{}{sign}{}", at(from).format(format), at(to).format(format));
            let Some(TimeSaid::Sessions(sessions)) = said(&text) else { panic!("{text}") };
            let ends = |one: &SessionClocks| (one.opens.unwrap().time, one.closes.unwrap().time);
            prop_assert_eq!(sessions.iter().map(ends).collect::<Vec<_>>(), vec![(at(from), at(to))], "{}", text);
        }
    }

    #[test]
    fn no_text_is_a_panic(text in "[0-9a-zA-Z :/.,+&'-]{0,40}") {
        let _ = said(&text);
    }
}
