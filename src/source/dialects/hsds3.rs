//! HSDS 3.0, 3.1, 3.2 and ORUK 3.0, as published and as found.
