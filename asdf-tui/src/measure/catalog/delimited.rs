//! CSV with a line of names, and ECSV.

use super::{Column, MOST, Table};
use asdf_core::Limits;
use asdf_core::tree::Tree;
use csv::{ReaderBuilder, Trim};

/// Reads a table.
///
/// # Errors
/// It is none of these, or a line of it is not.
pub(super) fn read(text: &str) -> Result<Table, String> {
    let head = Head::of(text)?;
    let is_heading = |line: &&str| !line.starts_with('#') && !line.trim().is_empty();
    let heading = text.lines().find(is_heading).ok_or("the file is empty")?;
    let delimiter = match &head {
        Some(head) => head.delimiter,
        None if heading.contains(',') => b',',
        None if heading.contains('\t') => b'\t',
        None if heading.contains(';') => b';',
        None => return Err("expected CSV, ECSV or a VOTable".to_owned()),
    };
    let mut rows = ReaderBuilder::new()
        .delimiter(delimiter)
        .comment(Some(b'#'))
        .trim(Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let names = rows.headers().map_err(|error| error.to_string())?.clone();
    let unit = |name: &str| head.as_ref().and_then(|head| head.unit(name));
    let column = |name: &str| Column {
        unit: unit(name).unwrap_or_default(),
        name: name.to_owned(),
        ucd: String::new(),
    };
    let mut table = Table {
        columns: names.iter().map(column).collect(),
        rows: Vec::new(),
    };
    for row in rows.records().take(MOST) {
        let row = row.map_err(|error| error.to_string())?;
        table.rows.push(row.iter().map(str::to_owned).collect());
    }
    Ok(table)
}

/// What the head of an ECSV file says, which is YAML in comments.
struct Head {
    delimiter: u8,
    tree: Tree,
}

impl Head {
    /// The head of a text; `None` where that is not ECSV.
    fn of(text: &str) -> Result<Option<Self>, String> {
        if !text.starts_with("# %ECSV") {
            return Ok(None);
        }
        let mut yaml = String::from("%YAML 1.1\n");
        // The first line tells the version.
        for line in text
            .lines()
            .skip(1)
            .map_while(|line| line.strip_prefix('#'))
        {
            yaml.push_str(line.strip_prefix(' ').unwrap_or(line));
            yaml.push('\n');
        }
        let tree = Tree::parse(yaml.as_bytes(), 0, &Limits::default(), &mut Vec::new())
            .map_err(|error| format!("the head of the ECSV: {error}"))?;
        let delimiter = tree.root().get("delimiter").and_then(asdf_core::Node::text);
        Ok(Some(Self {
            delimiter: if delimiter == Some(",") { b',' } else { b' ' },
            tree,
        }))
    }

    /// The unit of a column.
    fn unit(&self, name: &str) -> Option<String> {
        let columns = self.tree.root().get("datatype")?.as_seq()?;
        let is_it = |column: &asdf_core::Node<'_>| {
            column.get("name").and_then(asdf_core::Node::text) == Some(name)
        };
        let own = columns.iter().find(is_it)?;
        own.get("unit")?.text().map(str::to_owned)
    }
}
