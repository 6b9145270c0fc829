//! The panes: what each one knows and how it answers. They know neither each other nor the app.

pub mod blocks;
pub mod chart;
pub mod cursor;
pub mod diff;
pub mod facts;
pub mod files;
pub mod grid;
pub mod hdus;
pub mod help;
pub mod hex;
pub mod image;
pub mod node;
pub mod palette;
pub mod picker;
pub mod plot;
pub mod problems;
pub mod search;
pub mod sheet;
pub mod stats;
pub mod table;
pub mod tree;
pub mod wcs;
pub mod world;
