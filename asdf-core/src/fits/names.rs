//! Names of columns: FITS allows none and equal ones, a table in a tree does not.

use std::collections::HashSet;

/// A name of its own for each column: what the header says, `col` and the number where it says nothing, with the number
/// after it where another column has it already.
pub(crate) fn unique<'n>(names: impl Iterator<Item = Option<&'n str>>) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut out = Vec::new();
    for (name, number) in names.zip(1_u32..) {
        let mut name = match name {
            None | Some("") => format!("col{number}"),
            Some(name) => name.to_owned(),
        };
        while !taken.insert(name.clone()) {
            name = format!("{name}_{number}");
        }
        out.push(name);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_a_name_of_their_own_get_one() {
        let names = [
            Some("A"),
            None,
            Some("A"),
            Some(""),
            Some("A_3"),
            Some("col4"),
        ];
        let found = unique(names.into_iter());
        assert_eq!(found, ["A", "col2", "A_3", "col4", "A_3_5", "col4_6"]);
    }
}
