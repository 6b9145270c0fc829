//! The picture: which array it is of, and what keys, mouse and jobs do to it.

use super::act;
use super::sheets;
use crate::app::App;
use crate::app::Mood;
use crate::app::Screen;
use crate::app::Tab;
use crate::canvas::PaintAsk;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::graphics::Graphics;
use crate::graphics::Protocol;
use crate::layout;
use crate::mouse::Mouse;
use crate::pane::image::ImageJob;
use crate::pane::image::ImageKey;
use crate::pane::image::ImageMsg;
use crate::pane::image::ImagePane;
use crate::pane::image::Lane;
use crate::pane::image::bookmark::PicturePlace;
use crate::pane::image::colored::ColorsAsk;
use crate::pane::image::scene::Scene;
use crate::pane::image::second::Target;
use crate::pane::image::second::Wish;
use crate::pane::image::typed::Typed;
use crate::raster;
use crate::raster::Operation;
use asdf_core::AsdfFile;
use asdf_core::Node;
use asdf_core::TreePath;
use asdf_core::array::Scalar;
use asdf_core::array::is_array;
use asdf_core::tree::NodeId;
use ratatui::layout::Position;
use ratatui::layout::Rect;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

/// Elements along both axes from which on an array is rather a picture than cells.
const SIDE: u64 = 16;

/// The picture of the selected array; without one that which was shown last, or the one that the file is about.
pub(super) fn show_picture(app: &mut App) -> Vec<Effect> {
    let node = app.tab().selected().filter(|node| is_array(*node));
    let is_first = app.tab().image.is_none();
    let node = node.or_else(|| main_array(app.tab()).filter(|_| is_first));
    match node.map(Node::path) {
        Some(path) => open(app, path),
        None if app.tab().image.is_some() => {
            app.tab_mut().screen = Screen::Image;
            Vec::new()
        }
        None => {
            app.say(Mood::Bad, "no array is selected: J goes to the next one");
            Vec::new()
        }
    }
}

fn main_array(tab: &Tab) -> Option<Node<'_>> {
    tab.file.main_array().ok().flatten()
}

/// Shows the picture of a file that was read again, with the place and the look of the old one.
pub(super) fn show_again(app: &mut App, old: &ImagePane) -> Vec<Effect> {
    let path = old.path().clone();
    if !app.tab().file.node(&path).is_ok_and(is_array) {
        return Vec::new();
    }
    let mut effects = open(app, path);
    let id = app.tab().id;
    let own = app.tab_mut().image.as_mut();
    let jobs = own.map(|own| own.adopt(old)).unwrap_or_default();
    effects.extend(jobs.into_iter().filter_map(|job| effect(app, id, job)));
    effects
}

/// Goes to a place in the picture.
pub(super) fn go_to_place(app: &mut App, place: &PicturePlace) -> Vec<Effect> {
    let id = app.tab().id;
    let pane = app.tab_mut().image.as_mut();
    let jobs = pane.map(|pane| pane.go_to_place(place)).unwrap_or_default();
    let each = jobs.into_iter();
    each.filter_map(|job| effect(app, id, job)).collect()
}

/// Puts the crosshair of the picture of an array onto an element.
pub(super) fn point_at(app: &mut App, path: &str, index: &[u64]) -> Vec<Effect> {
    let id = app.tab().id;
    let pane = app.tab_mut().image.as_mut();
    let pane = pane.filter(|pane| pane.path().to_string() == path);
    let jobs = pane.map(|pane| pane.point_at(index)).unwrap_or_default();
    let each = jobs.into_iter();
    each.filter_map(|job| effect(app, id, job)).collect()
}

/// Shows the picture of the array at a path.
fn open(app: &mut App, path: TreePath) -> Vec<Effect> {
    let (origin, graphics, cell) = (app.origin, app.graphics, app.cell);
    app.tab_mut().screen = Screen::Image;
    let shown = app.tab().image.as_ref().map(ImagePane::path);
    if shown == Some(&path) {
        return Vec::new();
    }
    // Pictures are written into the working folder.
    let pane = ImagePane::new(path, PathBuf::new())
        .with_origin(origin)
        .with_graphics(graphics, cell);
    app.tab_mut().image = Some(pane);
    // The new pane counts its jobs from the beginning.
    Lane::ALL.map(|lane| app.cancel(Slot::Image(lane))).into()
}

/// Goes to the next open file; from a picture to that of the same array there, at the same place. Files without the array
/// are passed.
pub(super) fn next_file(app: &mut App) -> Vec<Effect> {
    let from = app.current;
    app.current = (from + 1) % app.tabs.len().max(1);
    if app.current == from {
        return Vec::new();
    }
    let passed = app.passed.take();
    let source = app.tabs.get(from).and_then(|left| match left.screen {
        Screen::Image => Some(left.id),
        Screen::Tree | Screen::Hdus => passed,
        _ => None,
    });
    let is_source = |tab: &Tab| Some(tab.id) == source;
    let Some(at) = app.tabs.iter().position(is_source) else {
        return Vec::new();
    };
    if at == app.current {
        // Once around.
        app.tab_mut().screen = Screen::Image;
        return Vec::new();
    }
    let Some(pane) = app.tabs.get_mut(at).and_then(|tab| tab.image.take()) else {
        return Vec::new();
    };
    let effects = show_again(app, &pane);
    if !app.tab().file.node(pane.path()).is_ok_and(is_array) {
        app.say(Mood::Bad, "this file has no such array");
        app.passed = source;
    }
    if let Some(tab) = app.tabs.get_mut(at) {
        tab.image = Some(pane);
    }
    effects
}

/// Whether an array, as far as it is known, is rather shown as a picture than as cells.
pub(super) fn is_picture(tab: &Tab, node: NodeId) -> bool {
    let Some(Ok(info)) = tab.facts.of(node) else {
        return false;
    };
    let is_large =
        matches!(info.shape.as_slice(), [.., rows, columns] if *rows.min(columns) >= SIDE);
    if raster::channel_axis(&info.shape, &info.datatype).is_some() {
        let sides = info.shape.iter().filter(|length| **length >= SIDE);
        return sides.count() >= 2;
    }
    let is_number = |scalar| !matches!(scalar, Scalar::Complex64 | Scalar::Complex128);
    is_large && info.datatype.scalar().is_some_and(is_number)
}

/// What a key means to the picture; what leaves nothing within it leaves it.
pub(super) fn key(app: &mut App, key: ImageKey) -> Vec<Effect> {
    let Some(pane) = &app.tab().image else {
        return Vec::new();
    };
    if key == ImageKey::Back && pane.is_looking() {
        let pane = app.tab_mut().image.as_mut();
        let lanes = pane.map(ImagePane::give_up).unwrap_or_default();
        if !lanes.is_empty() {
            let each = lanes.into_iter();
            return each.map(|lane| app.cancel(Slot::Image(lane))).collect();
        }
    }
    let Some(pane) = &app.tab().image else {
        return Vec::new();
    };
    if key == ImageKey::Back && !pane.has_something_to_leave() {
        return act::back(app);
    }
    if matches!(
        key,
        ImageKey::Compare
            | ImageKey::Beside
            | ImageKey::Match
            | ImageKey::Blink
            | ImageKey::NextSecond
    ) {
        know_neighbours(app);
    }
    match (key, app.count) {
        (ImageKey::Arrow(direction), Some(count)) => send(app, ImageMsg::Move(direction, count)),
        (ImageKey::NextSlice, Some(count)) => send(app, ImageMsg::Planes(true, count)),
        (ImageKey::PreviousSlice, Some(count)) => send(app, ImageMsg::Planes(false, count)),
        (ImageKey::Stride(direction), Some(count)) => {
            send(app, ImageMsg::Move(direction, count.saturating_mul(10)))
        }
        _ => send(app, ImageMsg::Key(key)),
    }
}

/// Tells the picture which other files are open, the next one first.
fn know_neighbours(app: &mut App) {
    let (behind, before) = app.tabs.split_at(app.current.min(app.tabs.len()));
    let others = before.iter().skip(1).chain(behind);
    let files = others.map(|tab| Arc::clone(&tab.file)).collect();
    if let Some(pane) = &mut app.tab_mut().image {
        pane.know_neighbours(files);
    }
}

/// What was typed after `:` for the picture.
pub(super) fn typed(app: &mut App, typed: Typed) -> Vec<Effect> {
    if let Typed::Colors(ColorsAsk::Arrays(asks, is_one)) = &typed {
        let named = asks
            .iter()
            .map(|(channel, text)| (*channel, target(app, text)));
        let named = named.collect();
        return send(app, ImageMsg::Channels(named, *is_one));
    }
    if let Typed::Second(text) = &typed {
        let target = target(app, text);
        let pane = app.tab().image.as_ref();
        let wish = pane.map_or(Wish::Known, ImagePane::wish_for_second);
        return send(app, ImageMsg::Second(target, wish));
    }
    send(app, ImageMsg::Typed(typed))
}

/// Where a second image is by what was typed: a path in this file, or a file, perhaps with a path in that; an open one is
/// named by its name too.
fn target(app: &App, text: &str) -> Target {
    let own = TreePath::parse(text).ok();
    if let Some(path) = own.filter(|path| app.tab().file.node(path).is_ok()) {
        return Target::Array(path);
    }
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    let path = TreePath::parse(rest.trim()).ok();
    let path = path.filter(|_| !rest.trim().is_empty());
    let is_it = |tab: &&Tab| {
        let file = tab.file.name();
        file == Path::new(name) || file.file_name().is_some_and(|own| own == name)
    };
    match app
        .tabs
        .iter()
        .filter(|tab| tab.id != app.tab().id)
        .find(is_it)
    {
        Some(tab) => Target::File(Arc::clone(&tab.file), path),
        None => Target::Open(PathBuf::from(name), path),
    }
}

/// The difference of an array and that of another file as a picture.
pub(super) fn show_difference(
    app: &mut App,
    path: TreePath,
    other: Arc<AsdfFile>,
    at: Option<&[u64]>,
) -> Vec<Effect> {
    let text = path.to_string();
    let mut effects = open(app, path.clone());
    let target = Target::File(other, Some(path));
    let wish = Wish::Operation(Operation::Difference);
    effects.extend(send(app, ImageMsg::Second(target, wish)));
    if let Some(index) = at {
        effects.extend(point_at(app, &text, index));
    }
    effects
}

/// What the mouse does to the picture.
pub(super) fn mouse(app: &mut App, mouse: Mouse, at: Position) -> Vec<Effect> {
    let main = layout::inner(layout::areas(app).main);
    let is_held = matches!(mouse, Mouse::Drag | Mouse::RightDrag | Mouse::Release);
    let leaves =
        mouse == Mouse::Hover && app.tab().image.as_ref().is_some_and(ImagePane::is_hovered);
    let is_free = app.overlay.is_none() && app.tab().screen == Screen::Image;
    if mouse == Mouse::Hover && !is_free {
        return Vec::new();
    }
    // What began within may end outside.
    if !main.contains(at) && !is_held && !leaves {
        return Vec::new();
    }
    // Outside at the left or above is outside at the right as well.
    let along = |place: u16, start: u16| place.checked_sub(start).unwrap_or(u16::MAX);
    let (x, y) = if is_held {
        (at.x.saturating_sub(main.x), at.y.saturating_sub(main.y))
    } else {
        (along(at.x, main.x), along(at.y, main.y))
    };
    send(app, ImageMsg::Mouse { kind: mouse, x, y })
}

/// Fits the picture to the screen.
pub(super) fn fit(app: &mut App, effects: &mut Vec<Effect>) {
    let main = layout::inner(layout::areas(app).main);
    let (width, height) = (main.width, main.height);
    let pane = app.tab().image.as_ref();
    if pane.is_some_and(|pane| pane.size() != (width, height)) {
        effects.extend(send(app, ImageMsg::Resized { width, height }));
    }
}

fn send(app: &mut App, msg: ImageMsg) -> Vec<Effect> {
    let tab = app.tab().id;
    tell(app, tab, msg)
}

/// Tells the picture of a tab something, and hands out the jobs that come of it.
pub(super) fn tell(app: &mut App, tab: u64, msg: ImageMsg) -> Vec<Effect> {
    let known = app.tabs.iter_mut().find(|known| known.id == tab);
    let pane = known.and_then(|tab| tab.image.as_mut());
    let jobs = pane.map(|pane| pane.update(msg)).unwrap_or_default();
    let each = jobs.into_iter();
    each.filter_map(|job| effect(app, tab, job)).collect()
}

/// Asks for the picture in pixels, where it is drawn in these and not covered.
pub(super) fn paint(app: &mut App) -> Option<Effect> {
    let Graphics::Pixels(protocol) = app.graphics else {
        return None;
    };
    let wanted = seen(app).map(|(mut scene, area)| {
        if protocol == Protocol::Kitty {
            // There text stands over the picture, and the crosshair is text.
            scene.cursor = None;
        }
        PaintAsk::new(scene, area, protocol)
    });
    let ask = app.canvas.want(wanted)?;
    Some(app.job(Slot::Paint, Work::Paint(Box::new(ask))))
}

fn seen(app: &App) -> Option<(Scene, Rect)> {
    let is_free = app.overlay.is_none() && app.tab().screen == Screen::Image;
    let pane = app.tab().image.as_ref().filter(|_| is_free)?;
    let scene = pane.scene().filter(|scene| scene.tile.is_some())?;
    let area = pane.parts(layout::inner(layout::areas(app).main)).picture;
    (!area.is_empty() && !layout::is_too_small(app.size)).then_some((scene, area))
}

fn effect(app: &mut App, tab: u64, job: ImageJob) -> Option<Effect> {
    app.job_of(tab, Slot::Image(job.lane), Work::Image(Box::new(job)))
}

/// The picture of the selected array, or its cells where it is rather a table of numbers.
pub(super) fn show_either(app: &mut App) -> Vec<Effect> {
    let node = app.tab().selected().map(Node::id);
    if node.is_some_and(|node| is_picture(app.tab(), node)) {
        return show_picture(app);
    }
    let effects = sheets::show_cells(app);
    // Nothing may be known of the array yet.
    app.tab_mut().may_be_picture = true;
    effects
}

/// True when the mouse belongs to the picture.
pub(super) fn has_mouse(app: &App, at: Position) -> bool {
    let is_free = app.overlay.is_none() && app.prompt.is_none();
    is_free && app.tab().screen == Screen::Image && !layout::areas(app).bar.contains(at)
}
