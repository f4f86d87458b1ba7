//! Text in, typed settings or every problem out; reads no file and no environment.
