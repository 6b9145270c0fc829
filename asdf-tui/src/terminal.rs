//! The terminal: entered, left, suspended, and left as it was found whatever happens. The only file
//! that names its modes.

use crate::graphics;
use crate::graphics::Answers;
use crate::graphics::Graphics;
use crate::graphics::GraphicsChoice;
use crate::graphics::Passage;
use crate::key::Code;
use crate::key::Key;
use crate::mouse::Mouse;
use crate::msg::Msg;
use crate::theme::ColorDepth;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crossterm::event::DisableBracketedPaste;
use crossterm::event::DisableMouseCapture;
use crossterm::event::EnableBracketedPaste;
use crossterm::event::EnableMouseCapture;
use crossterm::event::Event;
use crossterm::event::KeyCode;
use crossterm::event::KeyEvent;
use crossterm::event::KeyEventKind;
use crossterm::event::KeyModifiers;
use crossterm::event::MouseButton;
use crossterm::event::MouseEventKind;
use crossterm::execute;
use crossterm::terminal::BeginSynchronizedUpdate;
use crossterm::terminal::EndSynchronizedUpdate;
use crossterm::terminal::EnterAlternateScreen;
use crossterm::terminal::LeaveAlternateScreen;
use crossterm::terminal::disable_raw_mode;
use crossterm::terminal::enable_raw_mode;
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::backend::CrosstermBackend;
use std::io;
use std::io::Stdout;
use std::io::Write;
use std::panic;
use std::time::Duration;

/// The screen of the terminal.
pub(crate) type Screen = Terminal<CrosstermBackend<Stdout>>;

/// The terminal while the browser has it; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Session(());

impl Session {
    /// Takes the terminal. A panic gives it back before it tells its message.
    pub(crate) fn enter() -> io::Result<Self> {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            leave();
            before(info);
        }));
        leave_on_signals()?;
        take()?;
        Ok(Self(()))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        leave();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableMouseCapture,
        EnableBracketedPaste
    )
}

/// Gives the terminal back. What fails cannot be told any more.
fn leave() {
    let _ = execute!(
        io::stdout(),
        DisableBracketedPaste,
        DisableMouseCapture,
        LeaveAlternateScreen,
        crossterm::cursor::Show
    );
    let _ = disable_raw_mode();
}

/// How long a terminal may take to be given back before the process ends without.
#[cfg(unix)]
const FAREWELL: Duration = Duration::from_millis(500);

/// Gives the terminal back before a signal ends the process, as it would have ended it otherwise.
#[cfg(unix)]
fn leave_on_signals() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
    let end = move || {
        let Some(signal) = signals.forever().next() else {
            return;
        };
        // A terminal that takes no bytes any more does not keep the process.
        let (sender, receiver) = std::sync::mpsc::channel();
        let farewell = std::thread::spawn(move || {
            leave();
            let _ = sender.send(());
        });
        let _ = receiver.recv_timeout(FAREWELL);
        drop(farewell);
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    };
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(end)?;
    Ok(())
}

/// There are no such signals here.
#[cfg(not(unix))]
fn leave_on_signals() -> io::Result<()> {
    Ok(())
}

/// How long a terminal may take to tell what it can draw.
const PATIENCE: Duration = Duration::from_millis(100);

/// How pictures get to the terminal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Means {
    /// How they are drawn.
    pub(crate) graphics: Graphics,
    /// Width and height of a cell in pixels, when that is known.
    pub(crate) cell: Option<[u16; 2]>,
    /// What way they take.
    pub(crate) passage: Passage,
}

/// Finds out how the terminal draws pictures, when that is wanted. The terminal has to be in raw mode.
pub(crate) fn choose_graphics(choice: GraphicsChoice, depth: ColorDepth) -> Means {
    let variable = |name: &str| std::env::var(name).ok();
    let known = match choice {
        GraphicsChoice::Fixed(graphics) => Some(graphics),
        // Who wants no colours gets no pixels either.
        GraphicsChoice::Auto if depth == ColorDepth::None => Some(Graphics::Letters),
        GraphicsChoice::Auto => Graphics::of_environment(variable),
    };
    let needs_answers = !matches!(known, Some(Graphics::Letters | Graphics::HalfBlocks));
    let is_within = variable("TMUX").is_some_and(|value| !value.is_empty());
    let mut answers = Answers::default();
    if needs_answers && !is_within {
        answers = graphics::ask(PATIENCE).unwrap_or_default();
    }
    Means {
        graphics: known.unwrap_or_else(|| Graphics::of_answers(&answers)),
        cell: cell_size().or(answers.cell),
        passage: if is_within {
            Passage::Tmux
        } else {
            Passage::Direct
        },
    }
}

/// Pixels of a cell, when the terminal's driver knows them.
fn cell_size() -> Option<[u16; 2]> {
    let size = crossterm::terminal::window_size().ok()?;
    let width = size.width.checked_div(size.columns)?;
    let height = size.height.checked_div(size.rows)?;
    (width > 0 && height > 0).then_some([width, height])
}

/// The screen, to be drawn on.
pub(crate) fn screen() -> io::Result<Screen> {
    Terminal::new(CrosstermBackend::new(io::stdout()))
}

/// Draws a frame, which the terminal shows when it is complete, if it can.
pub(crate) fn frame(draw: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    execute!(io::stdout(), BeginSynchronizedUpdate)?;
    let drawn = draw();
    execute!(io::stdout(), EndSynchronizedUpdate)?;
    drawn
}

/// Gives the terminal back, stops the process, and takes the terminal again when it is continued.
#[cfg(unix)]
pub(crate) fn suspend(screen: &mut Screen) -> io::Result<()> {
    leave();
    rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
    take()?;
    blank(screen)
}

/// There is no such thing here.
#[cfg(not(unix))]
pub(crate) fn suspend(screen: &mut Screen) -> io::Result<()> {
    blank(screen)
}

/// Empties the screen, so that the next frame is drawn in full. `Terminal::clear` would ask the terminal
/// for its cursor, and the thread that reads the terminal would get the answer.
pub(crate) fn blank(screen: &mut Screen) -> io::Result<()> {
    screen.backend_mut().clear()?;
    screen.swap_buffers();
    Ok(())
}

/// Puts a text on the clipboard of the terminal (OSC 52), which may be at the other end of a
/// connection.
pub(crate) fn copy(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    write!(out, "\x1b]52;c;{}\x07", STANDARD.encode(text))?;
    out.flush()
}

/// The next event that means something; waits for it.
pub(crate) fn next() -> io::Result<Msg> {
    loop {
        if let Some(msg) = message(crossterm::event::read()?) {
            return Ok(msg);
        }
    }
}

fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(event) if event.kind != KeyEventKind::Release => key(event).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(width, height) => Some(Msg::Resize(width, height)),
        Event::Mouse(event) => {
            let mouse = match event.kind {
                MouseEventKind::Down(MouseButton::Left) => Mouse::Press,
                MouseEventKind::Drag(MouseButton::Left) => Mouse::Drag,
                MouseEventKind::Down(MouseButton::Right) => Mouse::RightPress,
                MouseEventKind::Drag(MouseButton::Right) => Mouse::RightDrag,
                MouseEventKind::Up(_) => Mouse::Release,
                MouseEventKind::Moved => Mouse::Hover,
                MouseEventKind::ScrollUp => Mouse::WheelUp,
                MouseEventKind::ScrollDown => Mouse::WheelDown,
                _ => return None,
            };
            Some(Msg::Mouse(mouse, event.column, event.row))
        }
        _ => None,
    }
}

fn key(event: KeyEvent) -> Option<Key> {
    let shift = event.modifiers.contains(KeyModifiers::SHIFT);
    let code = match event.code {
        KeyCode::Up if shift => Code::ShiftUp,
        KeyCode::Down if shift => Code::ShiftDown,
        KeyCode::Left if shift => Code::ShiftLeft,
        KeyCode::Right if shift => Code::ShiftRight,
        KeyCode::Char(char) => Code::Char(char),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        _ => return None,
    };
    Some(Key {
        code,
        ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
        alt: event.modifiers.contains(KeyModifiers::ALT),
    })
}
