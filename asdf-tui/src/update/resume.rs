//! What is still to be done in a file that is being opened: one step after the other, each as soon as what it needs is there.

use super::command;
use super::picture;
use crate::app::App;
use crate::app::Screen;
use crate::effect::Effect;
use crate::pane::image::ImageMsg;
use crate::pane::image::bookmark::PicturePlace;
use crate::pane::image::second::Target;
use crate::pane::image::second::Wish;
use std::collections::VecDeque;
use std::path::PathBuf;

/// A step.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A line as it is typed after `:`.
    Line(String),
    /// The same array of another file as second image.
    Second(PathBuf, Wish),
    /// A place in the picture.
    Picture(Box<PicturePlace>),
}

/// The steps that are left for a tab.
#[derive(Debug)]
pub struct Resume {
    tab: u64,
    steps: VecDeque<Step>,
}

impl Resume {
    /// Steps for a tab; `None` where there are none.
    pub(super) fn new(tab: u64, steps: Vec<Step>) -> Option<Self> {
        (!steps.is_empty()).then(|| Self {
            tab,
            steps: steps.into(),
        })
    }
}

/// Begins with steps in the file that shows.
pub(super) fn begin(app: &mut App, steps: Vec<Step>) -> Vec<Effect> {
    replace(app, app.tab().id, steps);
    go_on(app)
}

/// Steps for a tab in the place of those that were left for it.
pub(super) fn replace(app: &mut App, tab: u64, steps: Vec<Step>) {
    app.resumes.retain(|resume| resume.tab != tab);
    app.resumes.extend(Resume::new(tab, steps));
}

/// Does the steps that can be done now.
pub(super) fn go_on(app: &mut App) -> Vec<Effect> {
    let mut effects = Vec::new();
    while let Some(step) = next(app) {
        effects.extend(match step {
            Step::Line(line) => command::run(app, &line),
            Step::Second(path, wish) => {
                let msg = ImageMsg::Second(Target::Open(path, None), wish);
                let id = app.tab().id;
                picture::tell(app, id, msg)
            }
            Step::Picture(place) => picture::go_to_place(app, &place),
        });
    }
    effects
}

/// The next step in the file that shows, when it can be done.
fn next(app: &mut App) -> Option<Step> {
    let tab = app.tab();
    if tab.awaited.is_some() {
        return None;
    }
    let pane = tab.image.as_ref();
    let is_waiting = tab.screen == Screen::Image
        && pane.is_some_and(|pane| pane.view.is_none() && pane.error.is_none());
    let id = tab.id;
    let at = app.resumes.iter().position(|resume| resume.tab == id)?;
    let resume = app.resumes.get_mut(at)?;
    if is_waiting && !matches!(resume.steps.front(), Some(Step::Line(_))) {
        return None;
    }
    let step = resume.steps.pop_front();
    if resume.steps.is_empty() {
        app.resumes.swap_remove(at);
    }
    step
}
