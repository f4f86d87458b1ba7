//! Invented feeds that speak each dialect, for trying out, testing and measuring.
