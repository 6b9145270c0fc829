//! What is wrong with the file: warnings, violations of schemas, arrays that cannot be located.

use crate::pane::blocks::BlocksPane;
use crate::pane::blocks::Checked;
use crate::pane::cursor::Cursor;
use asdf_core::AsdfFile;
use asdf_core::TreePath;
use asdf_core::array::is_array;
use asdf_core::inspect::ArrayInfo;
use asdf_core::inspect::escape;
use asdf_core::schema::Validator;

/// Problems that are kept.
const MOST: usize = 10_000;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Data that cannot be read, or that no schema allows.
    Bad,
    /// An oddity that leaves everything readable.
    Warning,
    /// Something to know.
    Note,
}

/// One problem, escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The node concerned.
    pub path: Option<TreePath>,
    /// What is wrong.
    pub text: String,
}

/// The state of the pane.
#[derive(Debug, Default)]
pub struct ProblemsPane {
    /// The problems, worst first; `None` while they are looked for.
    pub found: Option<Vec<Problem>>,
    /// What the blocks are known to have, in addition.
    known: Vec<Problem>,
    /// The selected problem.
    pub cursor: Cursor,
}

impl ProblemsPane {
    /// The problems.
    pub fn rows(&self) -> &[Problem] {
        self.found.as_deref().unwrap_or_default()
    }

    /// Takes what checks of blocks have found into the list, as soon as that is there.
    pub fn know(&mut self, blocks: &BlocksPane) {
        let Some(found) = &mut self.found else {
            return;
        };
        found.retain(|problem| !self.known.contains(problem));
        let mut checked: Vec<_> = blocks.checked.iter().collect();
        checked.sort_by_key(|entry| *entry.0);
        let problem = |(index, checked): (&usize, &Checked)| {
            let text = match checked {
                Checked::Wrong => format!("block {index}: its checksum is not that of its bytes"),
                Checked::Broken(reason) => format!("block {index}: {reason}"),
                Checked::Good | Checked::Legacy | Checked::Absent => return None,
            };
            Some(Problem {
                severity: Severity::Bad,
                path: None,
                text: escape(&text).into_owned(),
            })
        };
        self.known = checked.into_iter().filter_map(problem).collect();
        found.extend(self.known.iter().cloned());
        found.sort_by_key(|problem| problem.severity);
    }
}

/// Arrays that a first look locates at most.
const LOCATED: usize = 10_000;

/// How many faults a file has that can be told without reading data and schemas: arrays that cannot be located, what
/// the layout lacks.
pub fn count_faults(file: &AsdfFile) -> usize {
    let arrays = file.tree().nodes().filter(|node| is_array(*node));
    let lost = arrays
        .take(LOCATED)
        .filter(|node| ArrayInfo::of(file, *node).is_err());
    let warnings = file.warnings().filter(|warning| warning.kind.is_damage());
    lost.count() + warnings.count()
}

/// Looks for problems; validates when there is a validator.
pub fn find(file: &AsdfFile, validator: Result<&Validator, &str>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut push = |severity, path, text: &str| {
        if problems.len() < MOST {
            problems.push(Problem {
                severity,
                path,
                text: escape(text).into_owned(),
            });
        }
    };
    for node in file.tree().nodes().filter(|node| is_array(*node)) {
        if let Err(error) = ArrayInfo::of(file, node) {
            push(Severity::Bad, Some(node.path()), &error.kind().to_string());
        }
    }
    match validator {
        Ok(validator) if !file.tree().is_empty() => {
            let validation = file.validate(validator);
            for violation in &validation.violations {
                let path = Some(violation.path.clone());
                push(Severity::Bad, path, &violation.message);
            }
            for tag in &validation.unknown_tags {
                push(
                    Severity::Note,
                    None,
                    &format!("no schema is known for the tag {tag}"),
                );
            }
            for (uri, detail) in &validation.unusable {
                push(
                    Severity::Note,
                    None,
                    &format!("schema {uri} cannot be used: {detail}"),
                );
            }
        }
        Ok(_) => {}
        Err(reason) => push(Severity::Warning, None, reason),
    }
    for warning in file.warnings() {
        let place = warning.place.path.as_deref();
        let path = place.and_then(|path| TreePath::parse(path).ok());
        push(Severity::Warning, path, &warning.kind.to_string());
    }
    problems.sort_by_key(|problem| problem.severity);
    problems
}
