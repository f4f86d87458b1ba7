//! Durations such as `"15m"` and sizes such as `"64MiB"`.

use std::ops::RangeInclusive;
use std::time::Duration;

use bytesize::ByteSize;
use serde_json::json;

use super::{ValueKind, within};
use crate::config::problem::ValueRefusal;

/// A duration within a range.
pub(in crate::config) fn duration(range: RangeInclusive<Duration>) -> ValueKind<Duration> {
    let parse = move |text: &str| {
        let duration = humantime::parse_duration(text).map_err(|_| {
            ValueRefusal::new("is not a duration")
                .remedy("write a number with a unit, such as \"10s\", \"15m\" or \"24h\"")
        })?;
        let (least, most) = (written_duration(*range.start()), written_duration(*range.end()));
        within(duration, &range).map_err(|()| out_of_range(&least, &most))
    };
    let schema =
        json!({ "type": "string", "pattern": "^\\s*[0-9]|\\$\\{", "examples": ["10s", "15m", "24h"] });
    ValueKind::parsed(schema, parse, |duration| Some(written_duration(*duration).into()))
}

/// A number of bytes within a range.
pub(in crate::config) fn size<T>(range: RangeInclusive<u64>) -> ValueKind<T>
where
    T: Copy + TryFrom<u64> + TryInto<u64> + 'static,
{
    let parse = move |text: &str| {
        let ByteSize(size) = text.trim().parse().map_err(|_: String| {
            ValueRefusal::new("is not a size")
                .remedy("write a number with a unit, such as \"256KiB\" or \"64MiB\"")
        })?;
        let believed = within(size, &range).and_then(|size| T::try_from(size).map_err(|_| ()));
        believed.map_err(|()| out_of_range(&written_size(*range.start()), &written_size(*range.end())))
    };
    let schema = json!({ "type": "string", "pattern": "^\\s*[0-9]|\\$\\{", "examples": ["256KiB", "64MiB"] });
    ValueKind::parsed(schema, parse, |size| (*size).try_into().ok().map(|size| written_size(size).into()))
}

/// Writes a number in the largest unit without a fraction, as a person would.
fn written_duration(duration: Duration) -> String {
    let units = [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
    written(duration.as_millis(), &units, "s")
}

fn written_size(size: u64) -> String {
    let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];
    written(size.into(), &units, "B")
}

fn written(amount: u128, units: &[(&str, u128)], zero: &str) -> String {
    let fits = |(_, factor): &&(&str, u128)| amount > 0 && amount.checked_rem(*factor) == Some(0);
    match units.iter().find(fits) {
        Some((unit, factor)) => format!("{}{unit}", amount.checked_div(*factor).unwrap_or(amount)),
        None => format!("{amount}{zero}"),
    }
}

fn out_of_range(least: &str, most: &str) -> ValueRefusal {
    ValueRefusal::new("is out of range").remedy(format!("write one from \"{least}\" to \"{most}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_as_a_person_would() {
        let durations =
            [(0, "0s"), (1_500, "1500ms"), (90_000, "90s"), (900_000, "15m"), (86_400_000, "24h")];
        for (millis, text) in durations {
            assert_eq!(written_duration(Duration::from_millis(millis)), text);
        }
        for (bytes, text) in [(0, "0B"), (1_000, "1000B"), (256 << 10, "256KiB"), (3 << 30, "3GiB")] {
            assert_eq!(written_size(bytes), text);
        }
    }
}
