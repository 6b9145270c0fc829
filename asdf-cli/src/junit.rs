//! Reports as `JUnit` XML, which build servers show.

use crate::context::{Context, Failure};
use crate::output;
use crate::xml;
use std::io::Write;
use std::path::Path;

/// What came of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) fault: Option<Fault>,
}

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Of which kinds; the first stands for all, as a test case has one failure at most.
    pub(crate) kinds: Vec<String>,
    /// A line each.
    pub(crate) lines: Vec<String>,
    /// Whether it could not be looked at, in place of having been found to be wrong.
    pub(crate) is_error: bool,
}

/// Writes the report of a command.
pub(crate) fn write(
    path: &Path,
    command: &str,
    cases: &[Case],
    context: &mut Context,
) -> Result<(), Failure> {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let faults = cases.iter().filter_map(|case| case.fault.as_ref());
    let (errors, failures): (Vec<_>, Vec<_>) = faults.partition(|fault| fault.is_error);
    text.push_str(&format!(
        "<testsuites>\n<testsuite name=\"asdf {command}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
        cases.len(),
        failures.len(),
        errors.len()
    ));
    for case in cases {
        let name = quoted(&case.name);
        text.push_str(&format!(
            "<testcase classname=\"asdf.{command}\" name=\"{name}\""
        ));
        let Some(fault) = &case.fault else {
            text.push_str("/>\n");
            continue;
        };
        let element = if fault.is_error { "error" } else { "failure" };
        text.push_str(&format!(
            ">\n<{element} type=\"{}\" message=\"{}\">{}</{element}>\n</testcase>\n",
            quoted(fault.kinds.first().map_or("", String::as_str)),
            quoted(&fault.kinds.join(", ")),
            quoted(&fault.lines.join("\n")),
        ));
    }
    text.push_str("</testsuite>\n</testsuites>\n");
    output::write(path, &mut context.out, |sink| {
        Ok(sink.write_all(text.as_bytes())?)
    })
}

/// Text as XML has it; what XML cannot have is escaped as in messages.
fn quoted(text: &str) -> String {
    xml::quoted(text, |char| match char {
        '\n' | '\t' => char.to_string(),
        _ => char.escape_unicode().to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_files_does_not_leave_its_place() {
        assert_eq!(
            quoted("<a b=\"c\">&\u{1b}\n\u{ffff}"),
            "&lt;a b=&quot;c&quot;&gt;&amp;\\u{1b}\n\u{fffd}"
        );
    }
}
