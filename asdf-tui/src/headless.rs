//! The browser without a terminal: keys go in, a frame comes out. Jobs wait until they are waited for,
//! so that the outcome is the same in every run.

use crate::app::App;
use crate::effect::Effect;
use crate::effect::Job;
use crate::effect::Slot;
use crate::key::Script;
use crate::key::Stroke;
use crate::msg::Answer;
use crate::msg::Msg;
use crate::update;
use crate::view;
use crate::worker::World;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;

/// Jobs after which a script is given up: each answer may ask for more.
const MOST_JOBS: usize = 100_000;

/// A browser whose screen is a buffer.
#[derive(Debug)]
pub struct Headless {
    /// The state.
    pub app: App,
    world: Arc<World>,
    jobs: VecDeque<Job>,
    /// What was copied last.
    pub copied: Option<String>,
    /// Whether the browser was left.
    pub is_over: bool,
}

impl Headless {
    /// A browser that has just begun.
    pub fn new(app: App, world: Arc<World>) -> Self {
        let mut headless = Self {
            app,
            world,
            jobs: VecDeque::new(),
            copied: None,
            is_over: false,
        };
        let effects = update::start(&mut headless.app);
        headless.perform(effects);
        headless
    }

    /// Takes effects.
    pub fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Work(job) => {
                    self.forget(job.tab, job.slot);
                    self.jobs.push_back(job);
                }
                Effect::Cancel(tab, slot) => self.forget(tab, slot),
                Effect::Copy(text) => self.copied = Some(text),
                Effect::Quit => self.is_over = true,
                Effect::Redraw | Effect::Suspend => {}
            }
        }
    }

    fn forget(&mut self, tab: u64, slot: Slot) {
        self.jobs.retain(|job| (job.tab, job.slot) != (tab, slot));
    }

    /// Takes a message.
    pub fn send(&mut self, msg: Msg) {
        let effects = update::update(&mut self.app, msg);
        self.perform(effects);
    }

    /// Presses keys; does not go on after the one that leaves the browser.
    pub fn press(&mut self, script: &Script) {
        for stroke in &script.0 {
            if self.is_over {
                return;
            }
            match stroke {
                Stroke::Key(key) => self.send(Msg::Key(*key)),
                Stroke::Wait => self.wait(),
            }
        }
    }

    /// Does all jobs, and those that their answers ask for.
    pub fn wait(&mut self) {
        for _ in 0..MOST_JOBS {
            if self.jobs.is_empty() {
                return;
            }
            self.one();
        }
    }

    /// Does the job that has waited longest.
    pub fn one(&mut self) {
        let Some(job) = self.jobs.pop_front() else {
            return;
        };
        let (tab, ticket, slot) = (job.tab, job.ticket, job.slot);
        let told = Mutex::new(Vec::new());
        let tell = |found| {
            told.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(found);
        };
        let last = self.world.run(job, &AtomicBool::new(false), &tell);
        let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
        for found in told.into_iter().chain(last) {
            self.send(Msg::Answer(Answer {
                tab,
                ticket,
                slot,
                found,
            }));
        }
    }

    /// Number of jobs that wait.
    pub fn waiting(&self) -> usize {
        self.jobs.len()
    }

    /// The screen as it is now.
    pub fn frame(&self) -> Buffer {
        let (width, height) = self.app.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        view::draw(&self.app, &mut buffer);
        buffer
    }

    /// The screen as text, a line for each row, without what is empty at their ends.
    pub fn text(&self) -> String {
        let frame = self.frame();
        let mut out = String::new();
        for y in 0..frame.area.height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..frame.area.width {
                let symbol = frame
                    .cell((x, y))
                    .map_or(" ", ratatui::buffer::Cell::symbol);
                if skip == 0 {
                    line.push_str(symbol);
                }
                // A wide character covers the cell after it.
                let wide = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                skip = if skip > 0 { skip - 1 } else { wide };
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}
