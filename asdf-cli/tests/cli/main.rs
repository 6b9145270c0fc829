//! The commands as a user runs them: text at two widths, JSON, exit codes, standard streams.

mod bench;
mod exits;
mod json;
mod texts;
