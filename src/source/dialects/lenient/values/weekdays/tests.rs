//! Days of the week in the notations that feeds use.

use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn quirk_77_days_in_words() {
    for (value, codes) in [
        (json!("TU"), "TU"),
        (json!("MO,WE"), "MO,WE"),
        (json!("MO TU"), "MO,TU"),
        (json!("2MO"), "2MO"),
        (json!("+1mo"), "1MO"),
        (json!("-1FR"), "-1FR"),
        (json!("MO,-1WE"), "MO,-1WE"),
        (json!("Tuesday"), "TU"),
        (json!("thurs"), "TH"),
        (json!("Mondays and Wednesdays"), "MO,WE"),
        (json!("Mon & Wed"), "MO,WE"),
        (json!("Mon/Wed/Fri"), "MO,WE,FR"),
        (json!("Mon+Wed"), "MO,WE"),
        (json!("mon|wed"), "MO,WE"),
        (json!("MO/WE"), "MO,WE"),
        (json!("{MO,WE}"), "MO,WE"),
        (json!("{\"Monday\",\"Wednesday\"}"), "MO,WE"),
        (json!("[\"MO\", \"WE\"]"), "MO,WE"),
        (json!("[1, 3]"), "MO,WE"),
        (json!("2nd Tuesday"), "2TU"),
        (json!("2nd Tuesday of the month"), "2TU"),
        (json!("1st and 3rd Tuesday"), "1TU,3TU"),
        (json!("first, third Monday"), "1MO,3MO"),
        (json!("last Friday"), "-1FR"),
        (json!("every Thursday"), "TH"),
        (json!("Dydd Llun"), "MO"),
        (json!(["Monday", "friday"]), "MO,FR"),
        (json!([1, 5]), "MO,FR"),
        (json!("1,2,3"), "MO,TU,WE"),
        (json!([{"@id": "https://schema.org/Monday"}]), "MO"),
        (json!("https://schema.org/Monday"), "MO"),
        (json!("http://schema.org/Monday, http://schema.org/Sunday"), "MO,SU"),
        (json!({"monday": true, "tuesday": false, "sunday": true}), "MO,SU"),
        (json!(7), "SU"),
        (json!(0), "SU"),
    ] {
        let read = weekdays(&value);
        assert_eq!((read.codes().join(",").as_str(), read.is_partial), (codes, false), "{value}");
    }
}

#[test]
fn quirk_94_ranges_of_days() {
    for (value, codes) in [
        (json!("Mon-Fri"), "MO,TU,WE,TH,FR"),
        (json!("MO-FR"), "MO,TU,WE,TH,FR"),
        (json!("7 days a week"), "MO,TU,WE,TH,FR,SA,SU"),
        (json!("Open seven days per week"), "MO,TU,WE,TH,FR,SA,SU"),
        (json!("24/7"), "MO,TU,WE,TH,FR,SA,SU"),
        (json!("M-F"), "MO,TU,WE,TH,FR"),
        (json!("Mon. – Fri."), "MO,TU,WE,TH,FR"),
        (json!("Monday to Friday"), "MO,TU,WE,TH,FR"),
        (json!("from Monday until Friday"), "MO,TU,WE,TH,FR"),
        (json!("weekdays"), "MO,TU,WE,TH,FR"),
        (json!("every weekday"), "MO,TU,WE,TH,FR"),
        (json!("weekends"), "SA,SU"),
        (json!("Daily"), "MO,TU,WE,TH,FR,SA,SU"),
        (json!("every day"), "MO,TU,WE,TH,FR,SA,SU"),
        (json!("Mon-Sun"), "MO,TU,WE,TH,FR,SA,SU"),
        (json!("Fri-Mon"), "FR,SA,SU,MO"),
        (json!("Monday through to Friday"), "MO,TU,WE,TH,FR"),
        (json!("Mon up until Wed"), "MO,TU,WE"),
        (json!("Mon to Fri (inc.)"), "MO,TU,WE,TH,FR"),
        (json!("Mon - Wed (inclusive), Sat"), "MO,TU,WE,SA"),
        (json!("Mon - Fri inclusive"), "MO,TU,WE,TH,FR"),
        (json!("Mon-Wed, Fri"), "MO,TU,WE,FR"),
        (json!("https://schema.org/Monday-https://schema.org/Wednesday"), "MO,TU,WE"),
        (json!("Mon-Fri except Wednesday"), "MO,TU,TH,FR"),
        (json!("Mon-Fri, except Wed"), "MO,TU,TH,FR"),
        (json!(["Mon-Tue", "Thursday to Friday"]), "MO,TU,TH,FR"),
    ] {
        let read = weekdays(&value);
        assert_eq!((read.codes().join(",").as_str(), read.is_partial), (codes, false), "{value}");
    }
}

#[test]
fn what_is_left_over_is_said() {
    for (value, codes) in [
        (json!("MO,blursday"), "MO"),
        (json!("term time"), ""),
        (json!("closed Monday"), ""),
        (json!("Mon 9-5"), ""),
        (json!("Mon (closed in August)"), ""),
        (json!("Mon (or Tue)"), ""),
        (json!("9-5 Mon"), ""),
        (json!("54SU"), ""),
        (json!("0MO"), ""),
        (json!("T"), ""),
        (json!("1st"), ""),
        (json!(["Monday", 9]), "MO"),
        (json!("https://schema.org/PublicHolidays"), ""),
        (json!("é"), ""),
        (json!(true), ""),
        (json!("Bank holidays"), ""),
    ] {
        let read = weekdays(&value);
        assert_eq!((read.codes().join(",").as_str(), read.is_partial), (codes, true), "{value}");
    }
}

proptest! {
    #[test]
    fn a_range_holds_both_its_ends_and_what_is_between(from in 0..7_usize, to in 0..7_usize) {
        let (first, last) = (DayOfWeek::ALL[from], DayOfWeek::ALL[to]);
        let read = weekdays(&json!(format!("{first:?} to {last:?}")));
        prop_assert_eq!(read.days.len(), (to + 7 - from) % 7 + 1);
        prop_assert_eq!(read.days.first(), Some(&(None, first)));
        prop_assert_eq!(read.days.last(), Some(&(None, last)));
    }

    #[test]
    fn no_text_is_a_panic(text in "[0-9a-zA-Z :/.,&+-]{0,40}") {
        let _ = weekdays(&json!(text));
    }
}
