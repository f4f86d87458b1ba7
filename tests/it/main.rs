//! What holds of the whole: one file for each behaviour, all in one binary so that they link once.

#[cfg(test)]
mod house;
