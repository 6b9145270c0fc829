//! What the screen shows after which keys.
#![expect(clippy::unwrap_used, reason = "a test")]

mod bandwidth;
mod colours;
mod detail;
mod digits;
mod docs;
mod faults;
mod listed;
mod measured;
mod opening;
mod panes;
mod picture;
mod pixels;
mod places;
mod plots;
mod scale;
mod second;
mod sizes;
mod stage;
mod tables;
mod tasks;
mod tree;
mod units;
mod values;
mod world;
