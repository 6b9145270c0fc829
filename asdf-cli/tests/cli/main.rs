//! The commands as a user runs them: text at two widths, JSON, exit codes, standard streams.
#![expect(clippy::unwrap_used, reason = "a test")]

mod arrivals;
mod asked;
mod attacks;
mod bench;
mod beside;
mod browse;
mod cards;
mod changes;
mod check;
mod columns;
mod conventions;
mod copies;
mod cutouts;
mod delivered;
mod embedded;
mod exits;
mod failing;
mod hdus;
mod helping;
mod hostile;
mod identities;
#[cfg(unix)]
#[path = "../../../asdf-core/tests/support/journal.rs"]
mod journal;
mod json;
mod jwst_keywords;
mod lookups;
mod many;
mod numbers;
mod outputs;
mod packages;
mod pages;
mod paths;
mod planes;
mod preview;
mod refs;
mod repair;
mod runs;
mod schemas;
mod shards;
#[cfg(target_os = "linux")]
#[path = "../../../asdf-core/tests/support/signals.rs"]
mod signals;
mod status;
mod sums;
mod table;
mod terminal;
mod texts;
mod tiles;
mod told;
mod typed_tables;
mod validate;
mod wcs;
mod wcs_headers;
