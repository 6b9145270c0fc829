//! The report as `JUnit` XML, which build servers show.

use super::report::Report;
use crate::context::{Context, Failure};
use crate::output;
use crate::xml;
use std::io::Write;
use std::path::Path;

pub(super) fn write(path: &Path, report: &Report, context: &mut Context) -> Result<(), Failure> {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (files, failed) = (report.outcomes().len(), report.failed());
    text.push_str(&format!(
        "<testsuites>\n<testsuite name=\"asdf check\" tests=\"{files}\" failures=\"{failed}\" errors=\"0\">\n"
    ));
    for file in report.outcomes() {
        text.push_str(&format!(
            "<testcase classname=\"asdf.check\" name=\"{}\"",
            quoted(&file.file)
        ));
        if file.is_ok() {
            text.push_str("/>\n");
            continue;
        }
        text.push_str(">\n");
        // A test case has one failure at most.
        let kinds: Vec<&str> = file.findings.iter().map(|found| found.kind).collect();
        let lines = file.findings.iter().map(|found| {
            let path = found.path.as_ref().map(|path| format!("{path}: "));
            format!(
                "{}: {}{}",
                found.kind,
                path.unwrap_or_default(),
                found.message
            )
        });
        let lines: Vec<String> = lines.collect();
        text.push_str(&format!(
            "<failure type=\"{}\" message=\"{}\">{}</failure>\n</testcase>\n",
            quoted(kinds.first().copied().unwrap_or_default()),
            quoted(&kinds.join(", ")),
            quoted(&lines.join("\n")),
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
