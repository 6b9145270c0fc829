//! Conditions on the rows of a table, as they are typed.

use super::Column;
use super::pick::Number;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// How a cell is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Contains,
}

/// The operators as they are typed; those that begin with another stand before it.
const OPERATORS: [(&str, Operator); 8] = [
    ("==", Operator::Equal),
    ("!=", Operator::Unequal),
    ("<=", Operator::LessEqual),
    (">=", Operator::GreaterEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("=", Operator::Equal),
    ("~", Operator::Contains),
];

/// Conditions on rows: `flux > 3.5 and name ~ NGC`, `flag = 0 or flag = 4`, or a text that some cell contains. `and` binds
/// closer than `or`.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// As it was typed.
    pub text: String,
    /// One of these, of which all have to hold.
    either: Vec<Vec<Condition>>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq)]
struct Condition {
    /// The column; `None` for any.
    column: Option<usize>,
    operator: Operator,
    value: String,
    /// The value, where the cells are compared with it as numbers.
    number: Option<Number>,
}

impl Filter {
    /// Parses conditions; names of columns need not be written in full.
    ///
    /// # Errors
    /// There is an operator, and what stands before it names no column; a column of numbers is compared with something
    /// else; a condition is missing beside `and` or `or`.
    pub fn parse(text: &str, columns: &[Column]) -> Result<Self, String> {
        let text = text.trim();
        let mut either = vec![Vec::new()];
        let parts = parts(text);
        for (place, (word, part)) in parts.iter().enumerate() {
            if *word == Some("or") {
                either.push(Vec::new());
            }
            if part.is_empty() {
                let next = parts.get(place + 1).and_then(|next| next.0);
                let beside = word.or(next).unwrap_or("and");
                return Err(format!("a condition is missing beside `{beside}`"));
            }
            let condition = Condition::parse(part, columns)?;
            if let Some(all) = either.last_mut() {
                all.push(condition);
            }
        }
        Ok(Self {
            text: text.to_owned(),
            either,
        })
    }

    /// Which of so many rows pass; `cells` gives the cells of a column, each one asked for once.
    pub(super) fn passes<E>(
        &self,
        rows: usize,
        cells: &mut dyn FnMut(usize) -> Result<Vec<String>, E>,
        columns: usize,
    ) -> Result<Vec<bool>, E> {
        let mut known: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let mut passes = vec![false; rows];
        for all in &self.either {
            let mut holds = vec![true; rows];
            for condition in all {
                let wanted = match condition.column {
                    Some(column) => column..column + 1,
                    None => 0..columns,
                };
                let mut any = vec![false; rows];
                for column in wanted {
                    if let std::collections::btree_map::Entry::Vacant(slot) = known.entry(column) {
                        slot.insert(cells(column)?);
                    }
                    let cells = known.get(&column).map(Vec::as_slice).unwrap_or_default();
                    for (any, cell) in any.iter_mut().zip(cells) {
                        *any |= condition.holds(cell);
                    }
                }
                for (holds, any) in holds.iter_mut().zip(any) {
                    *holds &= any;
                }
            }
            for (passes, holds) in passes.iter_mut().zip(holds) {
                *passes |= holds;
            }
        }
        Ok(passes)
    }
}

/// The parts of a text between `and` and `or`, each with the word before it; quoted words do not count.
fn parts(text: &str) -> Vec<(Option<&'static str>, &str)> {
    let mut found = Vec::new();
    let (mut word, mut start, mut quote) = (None, 0, None);
    let mut place = 0;
    while let Some(char) = text.get(place..).and_then(|rest| rest.chars().next()) {
        match quote {
            Some(open) if open == char => quote = None,
            None if matches!(char, '"' | '\'') => quote = Some(char),
            None => {
                let before = text.get(..place).unwrap_or_default();
                let begins = place == 0 || before.ends_with(char::is_whitespace);
                let rest = text.get(place..).unwrap_or_default();
                if let Some((next, length)) = joint(rest).filter(|_| begins) {
                    found.push((word, text.get(start..place).unwrap_or_default().trim()));
                    (word, start) = (Some(next), place + length);
                    place = start;
                    continue;
                }
            }
            Some(_) => {}
        }
        place += char.len_utf8();
    }
    found.push((word, text.get(start..).unwrap_or_default().trim()));
    found
}

/// The word `and` or `or` that a text begins with, and its length.
fn joint(text: &str) -> Option<(&'static str, usize)> {
    const WORDS: [(&str, &str); 4] = [("and", "and"), ("&&", "and"), ("or", "or"), ("||", "or")];
    WORDS.into_iter().find_map(|(typed, word)| {
        let own = text.get(..typed.len())?;
        let ends = text.get(typed.len()..)?.chars().next();
        let is_word = ends.is_none_or(char::is_whitespace);
        (own.eq_ignore_ascii_case(typed) && is_word).then_some((word, typed.len()))
    })
}

impl Condition {
    fn parse(text: &str, columns: &[Column]) -> Result<Self, String> {
        let split = OPERATORS.iter().filter_map(|(sign, operator)| {
            let at = text.find(sign)?;
            Some((at, sign.len(), *operator))
        });
        // Of those at the same place the longest, which stands first.
        let Some((at, length, operator)) = split.min_by_key(|found| found.0) else {
            return Ok(Self {
                column: None,
                operator: Operator::Contains,
                value: bare(text).to_lowercase(),
                number: None,
            });
        };
        let name = bare(text.get(..at).unwrap_or_default().trim());
        let value = text.get(at + length..).unwrap_or_default().trim();
        let exact = columns.iter().position(|column| column.name == name);
        let begins = |column: &Column| column.name.to_lowercase().starts_with(&name.to_lowercase());
        let found = exact.or_else(|| columns.iter().position(begins));
        let found = found.filter(|_| !name.is_empty());
        let Some((place, column)) = found.and_then(|place| Some((place, columns.get(place)?)))
        else {
            return Err(format!("no column `{name}`"));
        };
        if value.is_empty() {
            return Err(format!(
                "`{text}`: nothing to compare `{}` with",
                column.name
            ));
        }
        let value = bare(value);
        let number = Number::parse(value);
        if is_number(column) && operator != Operator::Contains && number.is_none() {
            let (name, datatype) = (&column.name, &column.datatype);
            return Err(format!(
                "`{value}` is not a number, and {name} is {datatype}"
            ));
        }
        Ok(Self {
            column: Some(place),
            operator,
            value: value.to_owned(),
            number,
        })
    }

    fn holds(&self, cell: &str) -> bool {
        let order = || match (Number::parse(cell), self.number) {
            (Some(cell), Some(value)) => cell.partial_cmp(value),
            // Numbers and texts have no order.
            (Some(_), None) | (None, Some(_)) => None,
            (None, None) => Some(cell.cmp(&self.value)),
        };
        match self.operator {
            Operator::Contains => cell.to_lowercase().contains(&self.value.to_lowercase()),
            // A text may look like a number: the letters are compared then.
            Operator::Equal => order() == Some(Ordering::Equal) || cell == self.value,
            Operator::Unequal => order() != Some(Ordering::Equal) && cell != self.value,
            Operator::Less => order() == Some(Ordering::Less),
            Operator::LessEqual => matches!(order(), Some(Ordering::Less | Ordering::Equal)),
            Operator::Greater => order() == Some(Ordering::Greater),
            Operator::GreaterEqual => matches!(order(), Some(Ordering::Greater | Ordering::Equal)),
        }
    }
}

/// Whether the cells of a column are numbers, one each.
fn is_number(column: &Column) -> bool {
    let datatype = column.datatype.as_str();
    let begins = ["int", "uint", "float"]
        .iter()
        .any(|kind| datatype.starts_with(kind));
    begins && !datatype.contains('[')
}

/// A text without the quotes around it.
fn bare(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;
    use asdf_core::AsdfFile;

    fn columns() -> Vec<Column> {
        let file = AsdfFile::open(crate::testing::file("made/record_simple.asdf")).unwrap();
        let column = |name: &str, datatype: &str| Column {
            name: name.to_owned(),
            unit: None,
            datatype: datatype.to_owned(),
            node: file.tree().root().id(),
            field: None,
        };
        vec![
            column("flux", "float64"),
            column("flag", "int64"),
            column("name", "ucs4[8]"),
        ]
    }

    /// Which of these rows pass: flux, flag, name.
    fn passing(text: &str) -> Vec<usize> {
        const ROWS: [[&str; 3]; 4] = [
            ["1.5", "3", "NGC 7027"],
            ["nan", "12", "M 57"],
            ["-2", "9007199254740993", "and or"],
            ["1e3", "--", "12"],
        ];
        let filter = Filter::parse(text, &columns()).unwrap();
        let mut cells = |column: usize| {
            let cells = ROWS.iter().map(|row| row[column].to_owned());
            Ok::<_, String>(cells.collect())
        };
        let passes = filter.passes(4, &mut cells, 3).unwrap();
        (0..4).filter(|row| passes[*row]).collect()
    }

    #[test]
    fn a_condition_names_a_column_by_its_beginning() {
        assert_eq!(passing("fla >= 12"), [1, 2]);
        assert_eq!(passing("name ~ ngc"), [0]);
        assert_eq!(passing("flux > -10"), [0, 2, 3]);
        assert_eq!(passing("flux != 1.5"), [1, 2, 3]);
        assert_eq!(passing("fla > 9007199254740992"), [2]);
    }

    #[test]
    fn conditions_are_joined_by_and_and_or() {
        assert_eq!(passing("flux > 0 and flag = 3"), [0]);
        assert_eq!(passing("flag = 12 or flux > 0 AND name ~ ngc"), [0, 1]);
        assert_eq!(passing("flux<0 || flux>100"), [2, 3]);
        assert_eq!(passing("name = \"and or\""), [2]);
        assert_eq!(passing("name ~ \"or\""), [2]);
    }

    #[test]
    fn without_an_operator_any_cell_may_contain_the_text() {
        assert_eq!(passing("57"), [1]);
        assert_eq!(passing("12"), [1, 3]);
        assert_eq!(passing("12 and m"), [1]);
    }

    #[test]
    fn numbers_are_not_compared_as_text() {
        // 9 is after 12 as a text.
        assert_eq!(passing("name > 9"), [3]);
        assert_eq!(passing("name = 12"), [3]);
        assert_eq!(passing("name < a"), [0, 1]);
    }

    #[test]
    fn what_cannot_be_understood_is_told() {
        let error = |text: &str| Filter::parse(text, &columns()).unwrap_err();
        assert_eq!(error("mass > 3"), "no column `mass`");
        assert_eq!(
            error("flux > abc"),
            "`abc` is not a number, and flux is float64"
        );
        assert_eq!(error("flux > 3 and"), "a condition is missing beside `and`");
        assert_eq!(error("or flux > 3"), "a condition is missing beside `or`");
        assert_eq!(error("flux >"), "`flux >`: nothing to compare `flux` with");
    }
}
