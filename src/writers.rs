//! Records out: from the model to the formats that others read. One file or folder a format; each is pure.

pub mod oruk;
