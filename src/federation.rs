//! The use cases over all sources: who is asked, how answers merge, what each source reports.
