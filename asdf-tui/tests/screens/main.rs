//! What the screen shows after which keys.

mod detail;
mod docs;
mod panes;
mod scale;
mod sizes;
mod stage;
mod tree;
