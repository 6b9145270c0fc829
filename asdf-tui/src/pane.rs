//! The panes: what each one knows and how it answers. They know neither each other nor the app.

pub mod chart;
pub mod image;
pub mod wcs;
