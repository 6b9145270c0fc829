//! The `asdf` command.

fn main() {}
