use chrono::{DateTime, TimeDelta};

use super::*;
