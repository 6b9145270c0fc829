//! Draws the state. Pure: nothing is asked for, nothing is read but what the panes hold.

mod braille;
mod chart;
mod image;
mod wcs;
