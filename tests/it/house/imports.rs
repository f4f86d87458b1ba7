//! Checks which rooms a file uses, however it spells their paths.

use super::code::{File, Path};

/// The rooms, lowest first. A room may use any room of a lower rank.
const RANKS: [(&str, u8); 12] = [
    ("model", 0),
    ("writers", 1),
    ("config", 2),
    ("source", 3),
    ("catalogue", 4),
    ("sync", 5),
    ("federation", 6),
    ("graphql", 7),
    ("http", 8),
    ("app", 9),
    ("cli", 10),
    ("main", 11),
];

/// The rooms beside the others: the rooms they may use, and the rooms that may use them.
const BESIDE: [(&str, &[&str], &[&str]); 4] = [
    ("admission", &["model", "telemetry"], &["federation", "graphql", "http", "app"]),
    ("demo", &["model"], &["app", "cli"]),
    ("fuzzing", &["model", "config", "source", "federation", "graphql", "app", "demo"], &[]),
    ("telemetry", &[], &["admission", "source", "sync", "http", "app", "cli"]),
];

pub(super) fn upward_or_sideways(file: &File) -> Vec<String> {
    let room = file.room();
    if room == "lib" {
        return Vec::new();
    }
    if rank(room).is_none() && beside(room).is_none() {
        return vec![format!("{}: `{room}` is no room; give it a rank", file.path)];
    }
    let reached = file.paths().into_iter().filter_map(|path| Some((room_of(file, &path)?, path.line)));
    let wrong = reached.filter(|(other, _)| !may_reach(room, other));
    wrong
        .map(|(other, line)| format!("{}:{line}: `{room}` must not reach into `{other}`", file.path))
        .collect()
}

fn may_reach(room: &str, other: &str) -> bool {
    if room == other {
        return true;
    }
    if let Some((_, reaches, _)) = beside(room) {
        return reaches.contains(&other);
    }
    if let Some((_, _, reached_by)) = beside(other) {
        return reached_by.contains(&room);
    }
    // The process begins in `main`, which only hands over.
    if room == "main" {
        return other == "cli";
    }
    matches!((rank(room), rank(other)), (Some(room), Some(other)) if room > other)
}

/// Returns the room that a path leads to. `None` if it is not a path through the gateway's own modules.
fn room_of(file: &File, path: &Path) -> Option<String> {
    let mut segments = path.segments.iter().map(String::as_str);
    let first = segments.next()?;
    let next = match first {
        "crate" | "oruk_gateway" => segments.next(),
        "super" => {
            let ups = path.segments.iter().take_while(|segment| *segment == "super").count();
            let module = file.module();
            match module.len().checked_sub(ups) {
                Some(0) => path.segments.get(ups).map(String::as_str),
                Some(_) => module.first().copied(),
                // Out of a module inside the file, and no further than the file itself.
                None => None,
            }
        }
        _ => None,
    };
    // `crate::Name` is no room, and `use crate::*` no path.
    next.filter(|name| rank(name).is_some() || beside(name).is_some()).map(str::to_owned)
}

fn rank(room: &str) -> Option<u8> {
    RANKS.iter().find(|(name, _)| *name == room).map(|(_, rank)| *rank)
}

fn beside(room: &str) -> Option<&'static (&'static str, &'static [&'static str], &'static [&'static str])> {
    BESIDE.iter().find(|(name, ..)| *name == room)
}
