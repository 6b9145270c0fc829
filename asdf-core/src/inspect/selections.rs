//! All that a path names, one after another, without recursion.

mod visits;

use super::pattern::{PathPattern, Step};
use super::select::Selection;
use crate::array::{ArrayPart, Datatype, Slice, Subscript, is_array};
use crate::error::{Error, LimitExceeded, Mismatch, Result, Usage};
use crate::file::{AsdfFile, FileNode};
use crate::limits::Limit;
use crate::tree::{EXPANDED, Node, NodeId, NodeKind, PathStep, TreePath};
use std::collections::{HashSet, VecDeque};

/// What a path names, in document order. A node that is shared is found at each of its paths, one that contains itself is
/// found there and not entered again; each path comes once. `*` and `**` do not lead into what describes an array.
#[derive(Debug)]
pub struct Selections<'f, 'p> {
    file: &'f AsdfFile,
    /// The steps from the first that may be several on.
    steps: &'p [Step],
    resolve: bool,
    start: Option<(FileNode<'f>, Vec<PathStep>)>,
    ready: VecDeque<Result<Selection<'f>>>,
    path: Vec<PathStep>,
    /// Steps before the node that the search starts from.
    base: usize,
    stack: Vec<Level<'f>>,
    /// Whether the children of the node that was found last are on the stack.
    entered: bool,
    /// The nodes on the stack, each with its file.
    open: HashSet<(usize, NodeId)>,
    seen: u64,
    failed: bool,
}

/// The children of a node that fit, which is on the way.
#[derive(Debug)]
struct Level<'f> {
    node: (usize, NodeId),
    children: std::vec::IntoIter<Child<'f>>,
}

/// A child, and the steps that may come after it: a bit for each.
#[derive(Debug)]
struct Child<'f> {
    step: PathStep,
    at: FileNode<'f>,
    states: u64,
}

impl AsdfFile {
    /// Finds all that a path names, as it is asked for; with `resolve` references are followed on the way.
    ///
    /// # Errors
    /// What stands before the first step that may be several leads nowhere. On the way: `expanded_nodes` of
    /// [`Limits`](crate::limits::Limits), a reference that cannot be resolved, an array that cannot be located.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::inspect::PathPattern;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let pattern: PathPattern = "roman.meta.exposure.*_time".parse()?;
    /// for found in file.select_all(&pattern, false)? {
    ///     println!("{}", found?.path);
    /// }
    /// # assert!(file.select_all(&pattern, false)?.count() > 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn select_all<'f, 'p>(
        &'f self,
        pattern: &'p PathPattern,
        resolve: bool,
    ) -> Result<Selections<'f, 'p>> {
        let mut out = Selections {
            file: self,
            steps: &[],
            resolve,
            start: None,
            ready: VecDeque::new(),
            path: Vec::new(),
            base: 0,
            stack: Vec::new(),
            entered: false,
            open: HashSet::new(),
            seen: 0,
            failed: false,
        };
        let literal = pattern
            .pointer
            .as_ref()
            .filter(|_| pattern.as_path().is_none())
            .and_then(|path| Some((path, self.tree().node(path).ok()?)));
        match literal {
            Some((path, node)) => {
                let at = FileNode { file: self, node }.settled(resolve)?;
                out.ready.push_back(Ok(Selection {
                    at,
                    path: path.clone(),
                    part: None,
                }));
            }
            None => out.lead(&pattern.steps)?,
        }
        Ok(out)
    }
}

impl FileNode<'_> {
    /// Itself, or what it leads to as a reference.
    pub(super) fn settled(self, resolve: bool) -> Result<Self> {
        if resolve { self.resolve() } else { Ok(self) }
    }
}

/// What a single step leads to.
enum Led<'f> {
    /// A child, and the step to it as the tree has it.
    Child(PathStep, Node<'f>),
    /// Into an array, of which the rest of the steps is a part.
    Array,
    Nothing,
}

/// Follows a step that names one child at most.
fn lead<'f>(at: FileNode<'f>, step: &Step) -> Led<'f> {
    let node = at.node;
    if is_array(node) && goes_inside(node, step) {
        return Led::Array;
    }
    let found = match step {
        Step::One(step) => node.step(step).map(|child| (own_step(node, step), child)),
        _ => step.position().and_then(|position| {
            let length = node.as_seq()?.len();
            let (at, _, _) = Slice::Index(position).positions(length as u64)?;
            let at = usize::try_from(at).ok()?;
            Some((PathStep::Index(at), node.at(at)?))
        }),
    };
    found.map_or(Led::Nothing, |(step, child)| Led::Child(step, child))
}

/// The step as the node has it: an index into a list, a key of a mapping.
fn own_step(node: Node<'_>, step: &PathStep) -> PathStep {
    match (step, node.kind()) {
        (PathStep::Index(index), NodeKind::Map) => PathStep::Key(index.to_string().into()),
        (PathStep::Key(key), NodeKind::Seq) => {
            key.parse().map_or_else(|_| step.clone(), PathStep::Index)
        }
        _ => step.clone(),
    }
}

/// Whether a step after an array is about its elements: brackets, and what the node has no child for.
fn goes_inside(array: Node<'_>, step: &Step) -> bool {
    match step {
        Step::One(PathStep::Index(_)) => {
            array.as_seq().is_some() || matches!(step, Step::One(own) if array.step(own).is_none())
        }
        Step::One(own) => array.step(own).is_none(),
        Step::Every | Step::Part(_) => true,
        Step::Any | Step::Like(_) => false,
    }
}

/// The part of an array that steps take; `None` where one of them is no index and no field of it.
pub(super) fn part_of(at: FileNode<'_>, steps: &[Step]) -> Result<Option<ArrayPart>> {
    let array = at.file.array_at(at.node)?;
    let mut part = ArrayPart::whole(&array);
    for step in steps {
        let subscripts = match step {
            Step::Part(parts) => parts.clone(),
            Step::Every => vec![Subscript::Slice(Slice::ALL)],
            Step::Any | Step::Like(_) => return Ok(None),
            Step::One(step) => {
                let text = step.key_text();
                if part.take_field(&text) {
                    continue;
                }
                match text.parse() {
                    Ok(index) => vec![Subscript::Slice(Slice::Index(index))],
                    Err(_) => return Ok(None),
                }
            }
        };
        let taken = part.take(&subscripts);
        taken.map_err(|error| at.file.name_in(error.at_node(at.node.path())))?;
    }
    Ok(Some(part))
}

impl<'f, 'p> Selections<'f, 'p> {
    /// Follows the steps up to the first that may be several, each of which must lead on.
    fn lead(&mut self, steps: &'p [Step]) -> Result<()> {
        let file = self.file;
        let node = file.tree().root();
        let mut at = FileNode { file, node }.settled(self.resolve)?;
        let mut path = Vec::new();
        for (depth, step) in steps.iter().enumerate() {
            let rest = steps.get(depth..).unwrap_or_default();
            if !step.is_single() {
                if is_array(at.node) && goes_inside(at.node, step) {
                    return self.lead_inside(at, path, rest);
                }
                check_slice(at, step)?;
                self.steps = rest;
                self.start = Some((at, path));
                return Ok(());
            }
            match lead(at, step) {
                Led::Array => return self.lead_inside(at, path, rest),
                Led::Child(step, node) => {
                    path.push(step);
                    at = FileNode {
                        file: at.file,
                        node,
                    }
                    .settled(self.resolve)?;
                }
                Led::Nothing => return Err(file.name_in(missing(at, &path, rest))),
            }
        }
        self.ready.push_back(Ok(Selection {
            at,
            path: path.into(),
            part: None,
        }));
        Ok(())
    }

    fn lead_inside(&mut self, at: FileNode<'f>, path: Vec<PathStep>, rest: &[Step]) -> Result<()> {
        let Some(part) = part_of(at, rest)? else {
            return Err(self.file.name_in(missing(at, &path, rest)));
        };
        self.ready.push_back(Ok(Selection {
            at,
            path: path.into(),
            part: Some(part),
        }));
        Ok(())
    }

    /// Notes what is found at a node, and which of its children may lead on.
    fn visit(&mut self, at: FileNode<'f>, states: u64) -> Result<()> {
        self.seen = self.seen.saturating_add(1);
        let allowed = self.file.limits().expanded_nodes;
        LimitExceeded::check(EXPANDED, Limit::ExpandedNodes, self.seen, allowed)?;
        let states = spread(self.steps, states);
        if states >> self.steps.len() & 1 == 1 {
            self.ready.push_back(Ok(Selection {
                at,
                path: self.path.clone().into(),
                part: None,
            }));
        }
        let node = at.node;
        if is_array(node) {
            let steps = self.steps;
            for (number, step) in steps.iter().enumerate() {
                if states >> number & 1 == 1 && goes_inside(node, step) {
                    self.find_part(at, number);
                }
            }
        }
        let waiting = self.waiting(node, states);
        if waiting == 0 {
            return Ok(());
        }
        let key = (std::ptr::from_ref(at.file).addr(), node.id());
        if !self.open.insert(key) {
            return Ok(());
        }
        let children = self.children(at, waiting);
        self.entered = true;
        self.stack.push(Level {
            node: key,
            children: children.into_iter(),
        });
        Ok(())
    }

    /// Of the steps that may come after a node those that children of it may be.
    fn waiting(&self, node: Node<'_>, states: u64) -> u64 {
        if node.kind() == NodeKind::Scalar {
            return 0;
        }
        let is_array = is_array(node);
        let leads_on =
            |step: &Step| !is_array || !goes_inside(node, step) && matches!(step, Step::One(_));
        let steps = self.steps.iter().enumerate();
        let steps = steps.filter(|(number, step)| states >> number & 1 == 1 && leads_on(step));
        steps.fold(0, |waiting, (number, _)| waiting | 1 << number)
    }

    /// The part of an array that the steps from a number on take, if they do.
    fn find_part(&mut self, at: FileNode<'f>, number: usize) {
        let rest = self.steps.get(number..).unwrap_or_default();
        match part_of(at, rest) {
            Ok(Some(part)) => self.ready.push_back(Ok(Selection {
                at,
                path: self.path.clone().into(),
                part: Some(part),
            })),
            // An array that has no such element is none that fits.
            Ok(None) => {}
            Err(error) if error.is_usage() => {}
            Err(error) => self.ready.push_back(Err(self.file.name_in(error))),
        }
    }

    /// The children that steps lead to, in document order.
    fn children(&self, at: FileNode<'f>, states: u64) -> Vec<Child<'f>> {
        let node = at.node;
        let waiting = || {
            let steps = self.steps.iter().enumerate();
            steps.filter(|(number, _)| states >> number & 1 == 1)
        };
        let mut out: Vec<Child<'f>> = Vec::new();
        if waiting().all(|(_, step)| step.is_single()) {
            for (number, step) in waiting() {
                let Led::Child(step, child) = lead(at, step) else {
                    continue;
                };
                let states = 1 << (number + 1);
                match out.iter_mut().find(|known| known.step == step) {
                    Some(known) => known.states |= states,
                    None => out.push(Child {
                        step,
                        at: FileNode {
                            file: at.file,
                            node: child,
                        },
                        states,
                    }),
                }
            }
            return out;
        }
        let length = node.as_seq().map(|seq| seq.len() as u64);
        let mut add = |step: PathStep, child: Node<'f>| {
            let mut states = 0;
            for (number, pattern) in waiting() {
                if matches!(pattern, Step::Any) {
                    states |= 1 << number;
                } else if fits(pattern, &step, length) {
                    states |= 1 << (number + 1);
                }
            }
            if states != 0 {
                let file = at.file;
                let at = FileNode { file, node: child };
                out.push(Child { step, at, states });
            }
        };
        if let Some(map) = node.as_map() {
            for (key, child) in map {
                add(PathStep::Key(key.key_text().into()), child);
            }
        } else if let Some(seq) = node.as_seq() {
            for (index, child) in seq.iter().enumerate() {
                add(PathStep::Index(index), child);
            }
        }
        out
    }

    /// Does not look at what is below the node that was found last.
    pub fn skip_children(&mut self) {
        if self.entered {
            self.leave();
            self.entered = false;
        }
    }

    fn leave(&mut self) {
        if let Some(level) = self.stack.pop() {
            self.open.remove(&level.node);
        }
    }

    /// Goes on to the next node that leads on; `None` at the end.
    fn advance(&mut self) -> Option<Result<()>> {
        self.entered = false;
        if let Some((at, path)) = self.start.take() {
            self.base = path.len();
            self.path = path;
            let checked = self.check_visits(at);
            return Some(checked.and_then(|()| self.visit(at, 1)));
        }
        loop {
            let depth = self.stack.len();
            let Some(child) = self.stack.last_mut()?.children.next() else {
                self.leave();
                continue;
            };
            self.path
                .truncate(self.base.saturating_add(depth).saturating_sub(1));
            self.path.push(child.step);
            let at = child.at.settled(self.resolve);
            return Some(at.and_then(|at| self.visit(at, child.states)));
        }
    }
}

impl<'f> Iterator for Selections<'f, '_> {
    type Item = Result<Selection<'f>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(found) = self.ready.pop_front() {
                return Some(found);
            }
            if self.failed {
                return None;
            }
            if let Err(error) = self.advance()? {
                self.failed = true;
                return Some(Err(self.file.name_in(error)));
            }
        }
    }
}

/// `**` may stand for nothing.
fn spread(steps: &[Step], states: u64) -> u64 {
    let mut states = states;
    for (number, step) in steps.iter().enumerate() {
        if matches!(step, Step::Any) && states >> number & 1 == 1 {
            states |= 1 << (number + 1);
        }
    }
    states
}

/// Whether a child of a mapping, or of a list of that length, fits a step.
fn fits(pattern: &Step, step: &PathStep, length: Option<u64>) -> bool {
    let Step::Part(parts) = pattern else {
        return pattern.fits(step, &step.key_text());
    };
    let ([Subscript::Slice(slice)], PathStep::Index(at), Some(length)) =
        (parts.as_slice(), step, length)
    else {
        return false;
    };
    let Some((first, stride, count)) = slice.positions(length) else {
        return false;
    };
    let (Ok(at), Ok(count)) = (i64::try_from(*at), i64::try_from(count)) else {
        return false;
    };
    let away = at.saturating_sub(first);
    count > 0 && away % stride == 0 && (0..count).contains(&(away / stride))
}

/// Refuses brackets after what is neither an array nor a list that has such a part.
fn check_slice(at: FileNode<'_>, step: &Step) -> Result<()> {
    let Step::Part(parts) = step else {
        return Ok(());
    };
    if at.node.as_seq().is_none() || is_array(at.node) {
        // Says what the node is instead.
        return at.file.array_at(at.node).map(drop);
    }
    if matches!(parts.as_slice(), [Subscript::Slice(_)]) {
        return Ok(());
    }
    let reason = "a list has one axis: an index or a slice, and only an array more";
    Err(outside(at, reason.to_owned()))
}

fn outside(at: FileNode<'_>, reason: String) -> Error {
    let fact = Usage::Window {
        reason: reason.into(),
    };
    at.file.name_in(Error::from(fact).at_node(at.node.path()))
}

/// The error of a step that leads nowhere.
fn missing(at: FileNode<'_>, path: &[PathStep], rest: &[Step]) -> Error {
    let plain = rest.iter().map_while(|step| {
        if let Step::One(step) = step {
            return Some(step.clone());
        }
        let position = step.position().filter(|_| at.node.as_seq().is_some());
        position.map(|position| PathStep::Key(position.to_string().into()))
    });
    let whole: Vec<PathStep> = path.iter().cloned().chain(plain).collect();
    if whole.len() == path.len() {
        // Brackets after what is not a list: says what the node is instead.
        return match at.file.array_at(at.node) {
            Err(error) => error,
            Ok(_) => outside(at, "there is no such element".to_owned()),
        };
    }
    let whole = TreePath::from(whole);
    if is_array(at.node)
        && let Ok(array) = at.file.array_at(at.node)
        && let Datatype::Record(fields) = array.datatype()
    {
        let names = fields
            .iter()
            .enumerate()
            .map(|(index, field)| field.label(index));
        let names: Vec<String> = names.map(|name| name.escape_debug().to_string()).collect();
        let fact = Mismatch::NotFound {
            missing: whole
                .steps()
                .get(path.len())
                .map(ToString::to_string)
                .unwrap_or_default()
                .into(),
            deepest: whole.prefix(path.len()).to_string().into(),
            found: format!("a table with the columns {}", names.join(", ")).into(),
        };
        return Error::from(fact).at_node(whole);
    }
    match at.node.child(&whole, path.len()) {
        Err(error) => error,
        // An array has the child, and no such part.
        Ok(_) => outside(at, "there is no such element or field".to_owned()),
    }
}
