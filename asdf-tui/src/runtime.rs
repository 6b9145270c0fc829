//! The loop: wait for one event, take all that came meanwhile, draw once.

use crate::app::App;
use crate::app::Awaited;
use crate::app::Mood;
use crate::effect::Effect;
use crate::graphics::GraphicsChoice;
use crate::msg::Msg;
use crate::painter;
use crate::painter::Painter;
use crate::terminal;
use crate::terminal::Screen;
use crate::update;
use crate::view;
use crate::worker::Tell;
use crate::worker::Workers;
use crate::worker::World;
use std::io;
use std::sync::Arc;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// Messages that are taken before a frame is drawn.
const MOST: usize = 1000;

/// From one look at the file on disk to the next while nothing happens.
const LOOK: Duration = Duration::from_secs(2);

/// The same while something is on its way over the network, of which it is shown how much has come.
const GLANCE: Duration = Duration::from_millis(150);

/// What comes in.
type Event = io::Result<Msg>;

/// Runs the browser in the terminal until it is left.
pub(crate) fn run(
    app: &mut App,
    world: &Arc<World>,
    begin: Vec<Effect>,
    choice: GraphicsChoice,
) -> io::Result<()> {
    let (sender, receiver) = mpsc::channel();
    let workers = Workers::start(world, &answers(&sender))?;
    let session = terminal::Session::enter()?;
    let mut screen = terminal::screen()?;
    // Before the thread that reads the terminal is there, which would get the answers.
    let means = terminal::choose_graphics(choice, app.theme.depth);
    app.graphics = means.graphics;
    app.cell = means.cell.unwrap_or(app.cell);
    listen(sender)?;
    let mut effects = update::start(app);
    effects.extend(begin);
    let mut painter = Painter::new(means.passage);
    let hands = Hands {
        workers: &workers,
        world,
    };
    let outcome = turn(app, &mut screen, &hands, &receiver, effects, &mut painter);
    painter.erase()?;
    drop(session);
    outcome
}

fn answers(sender: &Sender<Event>) -> Tell {
    let sender = std::sync::Mutex::new(sender.clone());
    Arc::new(move |answer| {
        let sender = sender
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        // Nobody listens any more when the browser has been left.
        let _ = sender.send(Ok(Msg::Answer(answer)));
    })
}

/// Reads the terminal on a thread of its own, which ends with the process.
fn listen(sender: Sender<Event>) -> io::Result<()> {
    let read = move || {
        loop {
            let event = terminal::next();
            let is_end = event.is_err();
            if sender.send(event).is_err() || is_end {
                return;
            }
        }
    };
    thread::Builder::new()
        .name("terminal".to_owned())
        .spawn(read)?;
    Ok(())
}

/// What does the work, and knows what it waits for.
struct Hands<'h> {
    workers: &'h Workers,
    world: &'h World,
}

fn turn(
    app: &mut App,
    screen: &mut Screen,
    hands: &Hands<'_>,
    events: &Receiver<Event>,
    mut effects: Vec<Effect>,
    painter: &mut Painter,
) -> io::Result<()> {
    let mut must_draw = true;
    let mut looked = Instant::now();
    loop {
        // What was asked for now is on its way a moment later.
        let has_begun = effects
            .iter()
            .any(|effect| matches!(effect, Effect::Work(_)));
        for effect in effects.drain(..) {
            if matches!(effect, Effect::Redraw | Effect::Suspend) {
                painter.forget();
            }
            if !perform(app, screen, hands.workers, effect)? {
                return Ok(());
            }
        }
        if must_draw {
            terminal::frame(|| draw(app, screen, painter))?;
        }
        let traffic = hands.world.traffic();
        let is_near = app.tab().awaited == Some(Awaited::Opening)
            || traffic.is_some_and(|traffic| has_begun || traffic.is_waited_for);
        let msg = match events.recv_timeout(if is_near { GLANCE } else { LOOK }) {
            Ok(first) => first?,
            Err(RecvTimeoutError::Timeout) => match hands.world.traffic() {
                Some(traffic) if app.traffic != Some(traffic) => Msg::Traffic(traffic),
                _ if looked.elapsed() < LOOK => {
                    must_draw = false;
                    continue;
                }
                _ => Msg::Look,
            },
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        // A look that found nothing to do draws nothing.
        must_draw = !matches!(msg, Msg::Look);
        if !must_draw {
            looked = Instant::now();
        }
        effects.extend(update::update(app, msg));
        for _ in 0..MOST {
            let Ok(event) = events.try_recv() else {
                break;
            };
            must_draw = true;
            effects.extend(update::update(app, event?));
        }
    }
}

fn draw(app: &App, screen: &mut Screen, painter: &mut Painter) -> io::Result<()> {
    let picture = app.canvas.painted.as_ref();
    painter.make_way(picture.is_some(), screen)?;
    let drawn = screen.draw(|frame| {
        if let Some(position) = view::draw(app, frame.buffer_mut()) {
            frame.set_cursor_position(position);
        }
    })?;
    let Some(picture) = picture else {
        return Ok(());
    };
    let over = painter::over(drawn.buffer, picture.area());
    painter.paint(picture, &over, screen)
}

/// Does what an update asks for; false when the browser is to be left.
fn perform(
    app: &mut App,
    screen: &mut Screen,
    workers: &Workers,
    effect: Effect,
) -> io::Result<bool> {
    match effect {
        Effect::Work(job) => workers.submit(job),
        Effect::Cancel(tab, slot) => workers.cancel(tab, slot),
        Effect::Copy(text) => terminal::copy(&text)?,
        Effect::Redraw => terminal::blank(screen)?,
        Effect::Suspend => {
            if let Err(error) = terminal::suspend(screen) {
                app.say(Mood::Bad, format!("cannot be suspended: {error}"));
            }
        }
        Effect::Quit => return Ok(false),
    }
    Ok(true)
}
