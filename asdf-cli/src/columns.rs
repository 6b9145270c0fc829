//! Values of nodes and cards as the columns of a table have them, and conditions on them: what `table` shows, and what
//! `search --where` asks for.

mod cell;
mod column;
mod expr;
mod matching;
mod met;
mod units;
mod value;
mod valued;

pub(crate) use cell::Cell;
pub(crate) use column::{Column, Place, split};
pub(crate) use expr::Expr;
pub(crate) use matching::matching;
pub(crate) use met::Met;
pub(crate) use units::Units;
pub(crate) use value::{Found, at_path, of_card, one_at_path, several};
pub(crate) use valued::Valued;
