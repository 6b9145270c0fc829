//! Conditions, read from their text.

use super::token::{self, Token};
use super::{Comparison, Expr, Operand};
use crate::columns::Cell;
use regex::Regex;

/// Brackets and `not`s within each other.
const DEEPEST: usize = 100;

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
}

/// Reads a whole condition.
///
/// # Errors
/// Says where it is not one, and what was expected.
pub(super) fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser {
        tokens: token::split(text)?,
        next: 0,
        depth: 0,
    };
    let out = parser.any()?;
    match parser.peek() {
        None => Ok(out),
        Some(_) => Err(parser.wrong("`and`, `or` or the end")),
    }
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|entry| &entry.1)
    }

    fn wrong(&self, wanted: &str) -> String {
        match self.tokens.get(self.next) {
            Some((at, _)) => format!("at {}: expected {wanted}", at + 1),
            None => format!("at the end: expected {wanted}"),
        }
    }

    /// Takes a word of the language, in either case.
    fn word(&mut self, wanted: &str) -> bool {
        let is_it =
            matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted));
        self.next += usize::from(is_it);
        is_it
    }

    fn sign(&mut self, wanted: &str) -> bool {
        let is_it = matches!(self.peek(), Some(Token::Sign(sign)) if *sign == wanted);
        self.next += usize::from(is_it);
        is_it
    }

    /// Conditions with `or` between them.
    fn any(&mut self) -> Result<Expr, String> {
        let mut out = self.all()?;
        while self.word("or") {
            out = Expr::Or(Box::new(out), Box::new(self.all()?));
        }
        Ok(out)
    }

    /// Conditions with `and` between them.
    fn all(&mut self) -> Result<Expr, String> {
        let mut out = self.one()?;
        while self.word("and") {
            out = Expr::And(Box::new(out), Box::new(self.one()?));
        }
        Ok(out)
    }

    fn one(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("more than {DEEPEST} brackets within each other"));
        }
        let out = if self.word("not") {
            Ok(Expr::Not(Box::new(self.one()?)))
        } else if self.sign("(") {
            let inner = self.any()?;
            if !self.sign(")") {
                return Err(self.wrong("`)`"));
            }
            Ok(inner)
        } else {
            self.comparison()
        };
        self.depth -= 1;
        out
    }

    fn comparison(&mut self) -> Result<Expr, String> {
        let left = self.operand()?;
        let signs = [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        for (sign, comparison) in signs {
            if self.sign(sign) {
                return Ok(Expr::Compare(left, comparison, self.operand()?));
            }
        }
        for (sign, is_not) in [("~", false), ("!~", true)] {
            if self.sign(sign) {
                let matches = Expr::Matches(left, self.expression()?);
                return Ok(negated(matches, is_not));
            }
        }
        if self.word("is") {
            let is_not = self.word("not");
            if !self.word("null") {
                return Err(self.wrong("`null`"));
            }
            return Ok(negated(Expr::IsNull(left), is_not));
        }
        let before = self.next;
        let is_not = self.word("not");
        if self.word("in") {
            return Ok(negated(Expr::In(left, self.list()?), is_not));
        }
        self.next = before;
        Ok(Expr::True(left))
    }

    fn expression(&mut self) -> Result<Regex, String> {
        let Some(Token::Value(Cell::Text(text))) = self.peek().cloned() else {
            return Err(self.wrong("a regular expression in quotes"));
        };
        let expression = Regex::new(&text).map_err(|error| {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            self.wrong(&format!("a regular expression: {last}"))
        })?;
        self.next += 1;
        Ok(expression)
    }

    /// `[1, 2]`
    fn list(&mut self) -> Result<Vec<Cell>, String> {
        if !self.sign("[") {
            return Err(self.wrong("a list such as [1, 2]"));
        }
        let mut out = Vec::new();
        while !self.sign("]") {
            if !out.is_empty() && !self.sign(",") {
                return Err(self.wrong("`,` or `]`"));
            }
            match self.operand()? {
                Operand::Value(value) => out.push(value),
                Operand::Name(name) => {
                    return Err(format!("`{name}` in a list: text stands in quotes"));
                }
            }
        }
        Ok(out)
    }

    fn operand(&mut self) -> Result<Operand, String> {
        let wanted = "a column, a number or a text in quotes";
        let operand = match self.peek().cloned() {
            Some(Token::Value(value)) => Operand::Value(value),
            Some(Token::Quoted(name)) => Operand::Name(name),
            Some(Token::Word(word)) => match word.to_ascii_lowercase().as_str() {
                "true" => Operand::Value(Cell::Bool(true)),
                "false" => Operand::Value(Cell::Bool(false)),
                "null" => {
                    return Err(self.wrong("`is null` or `is not null` instead of a comparison"));
                }
                "and" | "or" | "in" | "is" | "not" => return Err(self.wrong(wanted)),
                _ => Operand::Name(word),
            },
            _ => return Err(self.wrong(wanted)),
        };
        self.next += 1;
        Ok(operand)
    }
}

fn negated(inner: Expr, is_not: bool) -> Expr {
    if is_not {
        Expr::Not(Box::new(inner))
    } else {
        inner
    }
}
