//! Conditions on the rows of a table, as they are typed.

mod value;
mod worded;

use super::Column;
use std::collections::BTreeMap;
use value::Value;
use worded::Form;

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

/// Conditions on rows: `flux > 3.5 and name ~ NGC`, `flag in [0, 4]`, `dec between -1 and 1`, `mag is null`, or a text that
/// some cell contains. `and` binds closer than `or`.
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
    test: Test,
    /// Holds where the test does not; a missing value passes neither way.
    is_negated: bool,
}

/// What is asked of a cell.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    Compared(Operator, Value),
    /// Any of these.
    Among(Vec<Value>),
    /// From one to the other, both of them too.
    Between(Value, Value),
    /// Masked.
    Missing,
    /// Not a number.
    Nan,
}

/// A cell without a value, as it shows.
const MISSING: &str = "--";

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
                let own = text.get(start..place).unwrap_or_default();
                let joint = joint(rest).filter(|_| begins);
                // The word between the two ends of a range joins no conditions.
                let joint = joint.filter(|found| found.0 != "and" || !worded::is_open(own));
                if let Some((next, length)) = joint {
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
    fn parse(typed: &str, columns: &[Column]) -> Result<Self, String> {
        if let Some(found) = worded::read(typed, |name| find(name, columns).is_some())? {
            let name = bare(&found.name);
            let (place, column) =
                find(name, columns).ok_or_else(|| format!("no column `{name}`"))?;
            let value = |text: &String| Value::of(text, column);
            let test = match &found.form {
                Form::Missing => Test::Missing,
                Form::Nan => Test::Nan,
                Form::Among(list) => Test::Among(list.iter().map(value).collect::<Result<_, _>>()?),
                Form::Between(from, to) => Test::Between(value(from)?, value(to)?),
            };
            return Ok(Self {
                column: Some(place),
                test,
                is_negated: found.is_negated,
            });
        }
        let split = OPERATORS.iter().filter_map(|(sign, operator)| {
            let at = typed.find(sign)?;
            Some((at, sign.len(), *operator))
        });
        // Of those at the same place the longest, which stands first.
        let Some((at, length, operator)) = split.min_by_key(|found| found.0) else {
            return Ok(Self {
                column: None,
                test: Test::Compared(Operator::Contains, Value::part(&bare(typed).to_lowercase())),
                is_negated: false,
            });
        };
        let name = bare(typed.get(..at).unwrap_or_default().trim());
        let value = typed.get(at + length..).unwrap_or_default().trim();
        let (place, column) = find(name, columns).ok_or_else(|| format!("no column `{name}`"))?;
        if value.is_empty() {
            return Err(format!(
                "`{typed}`: nothing to compare `{}` with",
                column.name
            ));
        }
        let value = match operator {
            Operator::Contains => Value::part(&bare(value).to_lowercase()),
            _ => Value::of(value, column)?,
        };
        Ok(Self {
            column: Some(place),
            test: Test::Compared(operator, value),
            is_negated: false,
        })
    }

    fn holds(&self, cell: &str) -> bool {
        let is_missing = cell == MISSING;
        let holds = match &self.test {
            Test::Missing => is_missing,
            Test::Nan => value::is_nan(cell),
            Test::Compared(Operator::Contains, value) => cell.to_lowercase().contains(value.text()),
            Test::Compared(operator, value) => value.holds(*operator, cell),
            Test::Among(values) => {
                let mut values = values.iter();
                values.any(|value| value.holds(Operator::Equal, cell))
            }
            Test::Between(from, to) => {
                from.holds(Operator::GreaterEqual, cell) && to.holds(Operator::LessEqual, cell)
            }
        };
        let is_told = matches!(self.test, Test::Missing) || !is_missing;
        if self.is_negated {
            is_told && !holds
        } else {
            holds
        }
    }
}

/// The column that a name means: its own, else the first that begins with it.
fn find<'c>(name: &str, columns: &'c [Column]) -> Option<(usize, &'c Column)> {
    let name = bare(name);
    let exact = columns.iter().position(|column| column.name == name);
    let begins = |column: &Column| column.name.to_lowercase().starts_with(&name.to_lowercase());
    let found = exact.or_else(|| columns.iter().position(begins));
    let place = found.filter(|_| !name.is_empty())?;
    Some((place, columns.get(place)?))
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
            column("good", "bool8"),
            column("t", "ucs4[23]"),
        ]
    }

    /// Which of these rows pass: flux, flag, name, good, t.
    fn passing(text: &str) -> Vec<usize> {
        const ROWS: [[&str; 5]; 4] = [
            ["1.5", "3", "NGC 7027", "True", "2024-01-01 04:00:00.000"],
            ["nan", "12", "M 57", "False", "2024-01-01 05:00:00.000"],
            [
                "-2",
                "9007199254740993",
                "and or",
                "--",
                "2024-01-02 00:00:00.000",
            ],
            ["1e3", "--", "12", "True", "--"],
        ];
        let filter = Filter::parse(text, &columns()).unwrap();
        let mut cells = |column: usize| {
            let cells = ROWS.iter().map(|row| row[column].to_owned());
            Ok::<_, String>(cells.collect())
        };
        let passes = filter.passes(4, &mut cells, 5).unwrap();
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
    fn truth_values_are_compared_as_such() {
        for text in [
            "good = true",
            "good == True",
            "good = T",
            "good = 1",
            "good != false",
        ] {
            assert_eq!(passing(text), [0, 3], "{text}");
        }
        assert_eq!(passing("good = F"), [1]);
        assert_eq!(passing("good is null"), [2]);
    }

    #[test]
    fn times_are_compared_as_times() {
        assert_eq!(passing("t < 2024-01-01T05:00:00"), [0]);
        assert_eq!(passing("t <= 2024-01-01T05:00"), [0, 1]);
        assert_eq!(passing("t = '2024-01-01 05:00:00'"), [1]);
        assert_eq!(passing("t >= 2024-01-02"), [2]);
        assert_eq!(
            passing("t between 2024-01-01T05:00:00Z and 2024-01-03"),
            [1, 2]
        );
    }

    #[test]
    fn words_of_conditions_are_understood() {
        assert_eq!(passing("flux is nan"), [1]);
        assert_eq!(passing("flux is not nan"), [0, 2, 3]);
        assert_eq!(passing("flag is null"), [3]);
        assert_eq!(passing("flag IS NOT NULL and flux > 0"), [0]);
        assert_eq!(passing("flag in [3, 12]"), [0, 1]);
        // What is missing is in no list, and not out of one.
        assert_eq!(passing("flag not in [3, 12]"), [2]);
        assert_eq!(passing("flag != 3"), [1, 2]);
        assert_eq!(passing("name in [\"M 57\", 12]"), [1, 3]);
        assert_eq!(passing("flux between -2 and 2"), [0, 2]);
        assert_eq!(
            passing("flux between -2 and 2 and flag = 3 or flux > 9"),
            [0, 3]
        );
        assert_eq!(passing("flux not between -2 and 2"), [1, 3]);
        // A text that only looks alike.
        assert_eq!(passing("nothing in here"), Vec::<usize>::new());
    }

    #[test]
    fn what_cannot_be_understood_is_told() {
        let error = |text: &str| Filter::parse(text, &columns()).unwrap_err();
        assert_eq!(error("mass > 3"), "no column `mass`");
        assert_eq!(
            error("flux > abc"),
            "`abc` is not a number, and flux is float64"
        );
        assert_eq!(
            error("good = maybe"),
            "`maybe` is not true or false, and good is bool8"
        );
        assert_eq!(error("flux = nan"), "no value equals NaN: `flux is nan`");
        assert_eq!(error("flag = null"), "no value equals null: `flag is null`");
        assert_eq!(error("mass is nan"), "no column `mass`");
        assert_eq!(
            error("flux between 3"),
            "`flux between 3`: expected two values, `between A and B`"
        );
        assert_eq!(
            error("flux in [1, x]"),
            "`x` is not a number, and flux is float64"
        );
        assert_eq!(error("flux > 3 and"), "a condition is missing beside `and`");
        assert_eq!(error("or flux > 3"), "a condition is missing beside `or`");
        assert_eq!(error("flux >"), "`flux >`: nothing to compare `flux` with");
    }
}
