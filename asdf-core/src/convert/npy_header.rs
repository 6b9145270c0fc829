//! The header of an NPY file: a dictionary as Python writes one, and the datatype in it.

use super::npy::bad;
use crate::array::ByteOrder;
use crate::array::{Datatype, Field, Scalar};
use crate::error::Error;
use crate::error::Result;
use crate::error::Unsupported;
use std::collections::HashSet;
use std::iter::Peekable;
use std::str::Chars;

/// Lists and tuples within each other.
const DEPTH: usize = 200;

/// What the header says.
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    pub(super) datatype: Datatype,
    pub(super) byteorder: ByteOrder,
    pub(super) shape: Vec<u64>,
    pub(super) fortran: bool,
}

/// A literal of Python.
#[derive(Debug, Clone, PartialEq)]
enum Literal {
    None,
    Bool(bool),
    Int(i128),
    Text(String),
    /// A list or a tuple.
    List(Vec<Literal>),
    Dict(Vec<(Literal, Literal)>),
}

impl Header {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut parser = Parser {
            chars: text.chars().peekable(),
        };
        let Literal::Dict(pairs) = parser.literal(0)? else {
            return Err(bad("expected a dictionary"));
        };
        parser.blanks();
        if let Some(char) = parser.chars.next() {
            return Err(bad(format!("{char:?} after the dictionary")));
        }
        let known = ["descr", "fortran_order", "shape"];
        let mut found = known.map(|_| None);
        for (key, value) in pairs {
            let place = known
                .iter()
                .position(|known| Literal::Text((*known).into()) == key);
            let slot = place.and_then(|place| found.get_mut(place));
            let Some(slot) = slot else {
                return Err(bad(format!("unknown key {key:?}")));
            };
            *slot = Some(value);
        }
        let [Some(descr), Some(fortran), Some(shape)] = found else {
            return Err(bad("expected `descr`, `fortran_order` and `shape`"));
        };
        let Literal::Bool(fortran) = fortran else {
            return Err(bad("`fortran_order` must be True or False"));
        };
        let Literal::List(lengths) = &shape else {
            return Err(bad("`shape` must be a tuple"));
        };
        let shape = lengths.iter().map(length).collect::<Result<_>>()?;
        let (datatype, byteorder) = datatype(&descr)?;
        Ok(Self {
            datatype,
            byteorder,
            shape,
            fortran,
        })
    }
}

fn length(literal: &Literal) -> Result<u64> {
    match literal {
        Literal::Int(length) => {
            u64::try_from(*length).map_err(|error| bad(format!("length {length}: {error}")))
        }
        other => Err(bad(format!("a length must be an integer, found {other:?}"))),
    }
}

fn unsupported(what: impl Into<Box<str>>) -> Error {
    let (format, what) = ("NPY", what.into());
    Unsupported::FormatPart { format, what }.into()
}

/// The datatype that a `descr` stands for, and its byte order; records have this machine's.
fn datatype(descr: &Literal) -> Result<(Datatype, ByteOrder)> {
    match descr {
        Literal::Text(text) => simple(text),
        Literal::List(fields) => {
            let fields = fields.iter().map(field).collect::<Result<Vec<_>>>()?;
            if fields.is_empty() {
                return Err(unsupported("records without fields"));
            }
            let mut names = HashSet::new();
            if let Some(field) = fields.iter().find(|field| !names.insert(&field.name)) {
                let name = field.name.as_deref().unwrap_or_default();
                return Err(bad(format!("two fields of the name {name:?}")));
            }
            Ok((Datatype::Record(fields), ByteOrder::NATIVE))
        }
        other => Err(bad(format!("bad datatype {other:?}"))),
    }
}

/// `(name, descr)` or `(name, descr, shape)`; the name may be `(title, name)`, the shape one length.
fn field(literal: &Literal) -> Result<Field> {
    let (name, descr, shape) = match literal {
        Literal::List(parts) => match parts.as_slice() {
            [name, descr] => (name, descr, Vec::new()),
            [name, descr, Literal::List(shape)] => (
                name,
                descr,
                shape.iter().map(length).collect::<Result<_>>()?,
            ),
            [name, descr, one] => (name, descr, vec![length(one)?]),
            _ => return Err(bad("a field must have two or three parts")),
        },
        other => return Err(bad(format!("a field must be a tuple, found {other:?}"))),
    };
    let name = match name {
        Literal::Text(name) => name,
        Literal::List(parts) => match parts.as_slice() {
            [_, Literal::Text(name)] => name,
            _ => return Err(bad("a field's name must be a string")),
        },
        _ => return Err(bad("a field's name must be a string")),
    };
    let (datatype, byteorder) = datatype(descr)?;
    let name = Some(name.as_str().into());
    Ok(Field {
        name,
        datatype,
        byteorder,
        shape,
        null: None,
    })
}

/// `<f8`, `|S5`, `>U3`.
fn simple(text: &str) -> Result<(Datatype, ByteOrder)> {
    let order = match text.chars().next() {
        Some('<') => ByteOrder::Little,
        Some('>') => ByteOrder::Big,
        _ => ByteOrder::NATIVE,
    };
    let body = text.strip_prefix(['<', '>', '|', '=']).unwrap_or(text);
    let body = if body == "?" { "b1" } else { body };
    let mut chars = body.chars();
    let kind = chars.next().unwrap_or_default();
    let size = match (kind, chars.as_str()) {
        ('O', _) => return Err(unsupported("Python objects")),
        ('M' | 'm', _) => return Err(unsupported(format!("dates and times (`{text}`)"))),
        ('V', _) => return Err(unsupported(format!("raw bytes or padding (`{text}`)"))),
        (_, digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse::<u64>().ok()
        }
        _ => None,
    };
    let size = size.ok_or_else(|| bad(format!("bad datatype `{text}`")))?;
    let scalar = match (kind, size) {
        ('i', 1) => Scalar::Int8,
        ('i', 2) => Scalar::Int16,
        ('i', 4) => Scalar::Int32,
        ('i', 8) => Scalar::Int64,
        ('u', 1) => Scalar::Uint8,
        ('u', 2) => Scalar::Uint16,
        ('u', 4) => Scalar::Uint32,
        ('u', 8) => Scalar::Uint64,
        ('f', 2) => Scalar::Float16,
        ('f', 4) => Scalar::Float32,
        ('f', 8) => Scalar::Float64,
        ('c', 8) => Scalar::Complex64,
        ('c', 16) => Scalar::Complex128,
        ('b', 1) => Scalar::Bool8,
        ('S' | 'a', length) => return Ok((Datatype::Ascii(length), order)),
        ('U', length) => return Ok((Datatype::Ucs4(length), order)),
        ('f' | 'c', _) => return Err(unsupported(format!("the datatype `{text}`"))),
        _ => return Err(bad(format!("bad datatype `{text}`"))),
    };
    Ok((Datatype::Scalar(scalar), order))
}

struct Parser<'t> {
    chars: Peekable<Chars<'t>>,
}

impl Parser<'_> {
    fn blanks(&mut self) {
        while self
            .chars
            .next_if(|char| char.is_ascii_whitespace() || *char == '\0')
            .is_some()
        {}
    }

    fn skip(&mut self, wanted: char) -> bool {
        self.blanks();
        self.chars.next_if_eq(&wanted).is_some()
    }

    fn literal(&mut self, depth: usize) -> Result<Literal> {
        if depth > DEPTH {
            return Err(bad(format!("more than {DEPTH} levels")));
        }
        self.blanks();
        match self.chars.peek().copied() {
            Some('{') => self.dict(depth),
            Some('[') => self.list(']', depth).map(|list| Literal::List(list.0)),
            Some('(') => {
                let (mut items, comma) = self.list(')', depth)?;
                // Without a comma these are mere parentheses.
                Ok(match (items.pop(), items.is_empty() && !comma) {
                    (Some(only), true) => only,
                    (last, _) => {
                        items.extend(last);
                        Literal::List(items)
                    }
                })
            }
            Some('\'' | '"') => self.text().map(Literal::Text),
            Some(char) if char.is_ascii_digit() || matches!(char, '-' | '+') => self.int(),
            Some(char) if char.is_ascii_alphabetic() => self.word(),
            Some(char) => Err(bad(format!("unexpected {char:?}"))),
            None => Err(bad("it ends too early")),
        }
    }

    /// The items, and whether a comma was met.
    fn list(&mut self, end: char, depth: usize) -> Result<(Vec<Literal>, bool)> {
        self.chars.next();
        let (mut items, mut comma) = (Vec::new(), false);
        while !self.skip(end) {
            if !items.is_empty() && !comma {
                return Err(bad("expected a comma between items"));
            }
            items.push(self.literal(depth + 1)?);
            comma = self.skip(',');
            if !comma {
                return if self.skip(end) {
                    let several = items.len() > 1;
                    Ok((items, several))
                } else {
                    Err(bad(format!("expected `,` or `{end}`")))
                };
            }
        }
        Ok((items, comma))
    }

    fn dict(&mut self, depth: usize) -> Result<Literal> {
        self.chars.next();
        let mut pairs = Vec::new();
        while !self.skip('}') {
            let key = self.literal(depth + 1)?;
            if !self.skip(':') {
                return Err(bad("expected `:` after a key"));
            }
            pairs.push((key, self.literal(depth + 1)?));
            if !self.skip(',') && self.chars.peek() != Some(&'}') {
                return Err(bad("expected `,` or `}`"));
            }
        }
        Ok(Literal::Dict(pairs))
    }

    /// An integer; Python 2 wrote an `L` after long ones.
    fn int(&mut self) -> Result<Literal> {
        let sign = self.chars.next_if(|char| matches!(char, '-' | '+'));
        let mut digits = String::from(if sign == Some('-') { "-" } else { "" });
        while let Some(digit) = self.chars.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        let long = self.chars.next_if_eq(&'L');
        let value = digits
            .parse()
            .map_err(|error| bad(format!("integer {digits}: {error}")))?;
        match self.chars.peek() {
            Some(char) if char.is_alphanumeric() || (*char == '.' && long.is_none()) => {
                Err(bad(format!("unexpected {char:?} in a number")))
            }
            _ => Ok(Literal::Int(value)),
        }
    }

    /// `True`, `False`, `None`, or the mark in front of a string.
    fn word(&mut self) -> Result<Literal> {
        let mut word = String::new();
        while let Some(char) = self.chars.next_if(char::is_ascii_alphabetic) {
            word.push(char);
        }
        match (word.as_str(), self.chars.peek()) {
            ("True", _) => Ok(Literal::Bool(true)),
            ("False", _) => Ok(Literal::Bool(false)),
            ("None", _) => Ok(Literal::None),
            ("u" | "U" | "b" | "B", Some('\'' | '"')) => self.text().map(Literal::Text),
            _ => Err(bad(format!(
                "unknown word `{}`",
                word.chars().take(40).collect::<String>()
            ))),
        }
    }

    fn text(&mut self) -> Result<String> {
        let quote = self.chars.next();
        let mut out = String::new();
        loop {
            match self.chars.next() {
                None | Some('\n') => return Err(bad("a string without an end")),
                char if char == quote => return Ok(out),
                Some('\\') => out.push(self.escape()?),
                Some(char) => out.push(char),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let digits = match self.chars.next() {
            Some('n') => return Ok('\n'),
            Some('t') => return Ok('\t'),
            Some('r') => return Ok('\r'),
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            Some(char @ ('\\' | '\'' | '"')) => return Ok(char),
            char => return Err(bad(format!("unknown escape {char:?} in a string"))),
        };
        let digits = (0..digits).map(|_| self.chars.next()?.to_digit(16));
        let code = digits
            .into_iter()
            .try_fold(0, |code: u32, digit| Some(code << 4 | digit?));
        let char = code.and_then(char::from_u32);
        char.ok_or_else(|| bad("an escape that is not a character"))
    }
}
