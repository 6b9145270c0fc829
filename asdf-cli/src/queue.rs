//! What several files have to say, in their order, though they are worked on side by side.
//!
//! The first file that is not done has the turn: what it says passes at once. What those after it say is held until
//! the turn is theirs; a file waits when more is held than fits.

use crate::progress::Progress;
use crate::stdout::Stdout;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes that are held for all files together.
const HELD: usize = 64 << 20;

/// The order of the files.
#[derive(Debug)]
pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    stdout: Stdout,
}

#[derive(Debug)]
struct State {
    /// The file that has the turn.
    turn: usize,
    /// What files after it have said, and whether they are done.
    waiting: BTreeMap<usize, Waiting>,
    held: usize,
    failed: Option<io::Error>,
    progress: Progress,
}

#[derive(Debug, Default)]
struct Waiting {
    pieces: Vec<Piece>,
    is_done: bool,
}

/// What a file says on one of the standard streams.
#[derive(Debug)]
enum Piece {
    Out(Vec<u8>),
    Err(String),
}

impl Queue {
    pub(crate) fn new(progress: Progress, stdout: Stdout) -> Self {
        Self {
            state: Mutex::new(State {
                turn: 0,
                waiting: BTreeMap::new(),
                held: 0,
                failed: None,
                progress,
            }),
            changed: Condvar::new(),
            stdout,
        }
    }

    /// The place of a file in the order; waits while there is no room for what it may say.
    pub(crate) fn place(self: &Arc<Self>, number: usize) -> Place {
        drop(self.wait(|state| state.held <= HELD || state.turn == number));
        Place {
            queue: Arc::clone(self),
            number,
        }
    }

    /// True when standard output is gone, so that there is nobody to work for.
    pub(crate) fn has_failed(&self) -> bool {
        self.lock().failed.is_some()
    }

    /// The error of standard output.
    pub(crate) fn take_failure(&self) -> Option<io::Error> {
        self.lock().failed.take()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `is_ready`, or until standard output is gone.
    fn wait(&self, is_ready: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        while state.failed.is_none() && !is_ready(&state) {
            let woken = self.changed.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
        }
        state
    }

    fn say(&self, number: usize, piece: Piece) -> io::Result<()> {
        let mut state = self.wait(|state| state.held <= HELD || state.turn == number);
        if state.failed.is_some() {
            return Err(io::Error::from(io::ErrorKind::BrokenPipe));
        }
        if state.turn == number {
            let earlier = state.take(number);
            self.pass(&mut state, earlier.into_iter().chain([piece]));
        } else {
            state.held += piece.len();
            state.waiting.entry(number).or_default().pieces.push(piece);
        }
        Ok(())
    }

    /// Gives the turn to the next file that is not done.
    fn finish(&self, number: usize) {
        let mut state = self.lock();
        state.progress.step();
        state.waiting.entry(number).or_default().is_done = true;
        loop {
            let turn = state.turn;
            if !state.waiting.get(&turn).is_some_and(|file| file.is_done) {
                break;
            }
            let pieces = state.take(turn);
            self.pass(&mut state, pieces);
            state.waiting.remove(&turn);
            state.turn += 1;
        }
        let turn = state.turn;
        let begun = state.take(turn);
        self.pass(&mut state, begun);
        self.changed.notify_all();
    }

    /// Writes to the standard streams.
    fn pass(&self, state: &mut State, pieces: impl IntoIterator<Item = Piece>) {
        let mut out = self.stdout;
        for piece in pieces {
            let written = match piece {
                Piece::Out(bytes) => out.write_all(&bytes).and_then(|()| out.flush()),
                Piece::Err(line) => {
                    crate::report::write_line(&line);
                    Ok(())
                }
            };
            if let (Err(error), None) = (written, &state.failed) {
                state.failed = Some(error);
                self.changed.notify_all();
            }
        }
    }
}

impl State {
    /// What a file has said and is still held.
    fn take(&mut self, number: usize) -> Vec<Piece> {
        let Some(file) = self.waiting.get_mut(&number) else {
            return Vec::new();
        };
        let pieces = std::mem::take(&mut file.pieces);
        self.held -= pieces.iter().map(Piece::len).sum::<usize>();
        pieces
    }
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Self::Out(bytes) => bytes.len(),
            Self::Err(line) => line.len(),
        }
    }
}

/// Where one file stands in the order. Its turn ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    queue: Arc<Queue>,
    number: usize,
}

impl Place {
    /// The place as standard output.
    pub(crate) fn output(&self) -> PlaceOutput {
        PlaceOutput(self.voice())
    }

    /// Says things in this place.
    pub(crate) fn voice(&self) -> Voice {
        Voice {
            queue: Arc::clone(&self.queue),
            number: self.number,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.finish(self.number);
    }
}

/// Says what one file has to say.
#[derive(Debug, Clone)]
pub(crate) struct Voice {
    queue: Arc<Queue>,
    number: usize,
}

impl Voice {
    /// A line for standard error.
    pub(crate) fn tell(&self, line: String) {
        // Nobody is left to tell when standard output is gone.
        let _ = self.queue.say(self.number, Piece::Err(line));
    }

    /// Waits for the turn: until all files before this one are done.
    pub(crate) fn wait_for_turn(&self) {
        drop(self.queue.wait(|state| state.turn == self.number));
    }
}

/// Standard output of one file.
#[derive(Debug)]
pub(crate) struct PlaceOutput(Voice);

impl Write for PlaceOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() {
            let piece = Piece::Out(bytes.to_vec());
            self.0.queue.say(self.0.number, piece)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
