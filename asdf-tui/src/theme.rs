//! The named styles of the screen. Everything is still legible without colour: what is selected is
//! reversed, what is found is underlined.

use ratatui::style::Color;
use ratatui::style::Modifier;
use ratatui::style::Style;
use std::str::FromStr;

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorDepth {
    /// No colour at all (`NO_COLOR`, a dumb terminal): styles are bold, dim, underlined, reversed.
    None,
    /// The sixteen colours of the terminal's own palette.
    #[default]
    Sixteen,
    /// The cube of 216 colours and the ramp of 24 greys of `xterm-256color`.
    Indexed,
    /// 24 bits.
    True,
}

impl ColorDepth {
    /// What the variables `NO_COLOR`, `COLORTERM` and `TERM`, looked up by `variable`, tell of the
    /// terminal.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let filled = |name: &str| variable(name).filter(|value| !value.is_empty());
        let term = filled("TERM").unwrap_or_default();
        if filled("NO_COLOR").is_some() || term == "dumb" {
            return Self::None;
        }
        match filled("COLORTERM").as_deref() {
            Some("truecolor" | "24bit") => Self::True,
            _ if term.contains("direct") => Self::True,
            _ if term.contains("256color") => Self::Indexed,
            _ => Self::Sixteen,
        }
    }

    /// The colour of this depth that is nearest to red, green and blue of 0 to 255. `None` when
    /// there are none.
    pub fn color(self, [red, green, blue]: [u8; 3]) -> Option<Color> {
        match self {
            Self::None => None,
            Self::Sixteen => Some(sixteen([red, green, blue])),
            Self::Indexed => Some(Color::Indexed(indexed([red, green, blue]))),
            Self::True => Some(Color::Rgb(red, green, blue)),
        }
    }
}

/// The six steps of each axis of the colour cube.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest of the cube and the ramp of greys.
fn indexed(rgb: [u8; 3]) -> u8 {
    let step = |value: u8| {
        let nearest = (0_u8..)
            .zip(STEPS)
            .min_by_key(|step| step.1.abs_diff(value));
        nearest.unwrap_or_default()
    };
    let [red, green, blue] = rgb.map(step);
    let cube = 16 + 36 * red.0 + 6 * green.0 + blue.0;
    let mean = (u16::from(rgb[0]) + u16::from(rgb[1]) + u16::from(rgb[2])) / 3;
    let grey = (mean.saturating_sub(3) / 10).min(23);
    let level = u8::try_from(8 + 10 * grey).unwrap_or(u8::MAX);
    if distance(rgb, [level; 3]) < distance(rgb, [red.1, green.1, blue.1]) {
        232 + u8::try_from(grey).unwrap_or_default()
    } else {
        cube
    }
}

/// The sixteen colours as xterm has them; terminals differ.
const PALETTE: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

fn sixteen(rgb: [u8; 3]) -> Color {
    let nearest = PALETTE.iter().min_by_key(|entry| distance(rgb, entry.1));
    nearest.map_or(Color::Reset, |entry| entry.0)
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    let square = |(a, b): (u8, u8)| u32::from(a.abs_diff(b)).pow(2);
    a.into_iter().zip(b).map(square).sum()
}

/// The sixteen colours as they are typed, in the order of the palette.
const COLOR_NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "gray",
    "dark-gray",
    "light-red",
    "light-green",
    "light-yellow",
    "light-blue",
    "light-magenta",
    "light-cyan",
    "white",
];

/// The styles that can be given colours.
pub const STYLE_NAMES: [&str; 21] = [
    "text",
    "key",
    "kind",
    "string",
    "number",
    "array",
    "faint",
    "title",
    "selected",
    "selected-dim",
    "border",
    "border-focus",
    "bar",
    "bar-current",
    "hint",
    "found",
    "good",
    "warn",
    "bad",
    "busy",
    "mark",
];

/// Sets of styles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeName {
    /// For light text on a dark background.
    #[default]
    Dark,
    /// For dark text on a light background.
    Light,
    /// Without colours but those of pictures.
    Plain,
}

impl FromStr for ThemeName {
    type Err = String;

    /// Reads `dark`, `light` or `plain`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "dark" => Ok(Self::Dark),
            "light" => Ok(Self::Light),
            "plain" => Ok(Self::Plain),
            _ => Err(format!("`{text}`: expected dark, light or plain")),
        }
    }
}

/// A style for each kind of thing on the screen.
#[derive(Debug, Clone)]
pub struct Theme {
    /// How many colours there are.
    pub depth: ColorDepth,
    /// Ordinary text.
    pub text: Style,
    /// Keys of the tree, names of fields and facts.
    pub key: Style,
    /// Types, tags, units.
    pub kind: Style,
    /// Strings.
    pub string: Style,
    /// Numbers, truth values, null.
    pub number: Style,
    /// Arrays: datatype and shape.
    pub array: Style,
    /// Lines of the tree, hints, what is less important.
    pub faint: Style,
    /// Headings of tables and sections.
    pub title: Style,
    /// The selected row of the pane that has the focus.
    pub selected: Style,
    /// The selected row of another pane.
    pub selected_dim: Style,
    /// The frame of a pane.
    pub border: Style,
    /// The frame of the pane that has the focus.
    pub border_focus: Style,
    /// The bars at the top and the bottom.
    pub bar: Style,
    /// The current screen in the bar at the top.
    pub bar_current: Style,
    /// A key in the bar at the bottom and in the help.
    pub hint: Style,
    /// Text that a search has found.
    pub found: Style,
    /// Good news.
    pub good: Style,
    /// Things to be aware of.
    pub warn: Style,
    /// Bad news.
    pub bad: Style,
    /// What is being worked on.
    pub busy: Style,
    /// Marks over pictures and plots: crosshair, limits, regions.
    pub mark: Style,
}

impl Theme {
    /// The styles for a terminal of that many colours.
    pub fn new(depth: ColorDepth) -> Self {
        if depth == ColorDepth::None {
            return Self::plain();
        }
        let of = |color: Color| Style::new().fg(color);
        let bar = match depth {
            ColorDepth::Sixteen => Style::new().fg(Color::White).bg(Color::Blue),
            _ => Style::new().fg(Color::Indexed(252)).bg(Color::Indexed(236)),
        };
        let selected = match depth {
            ColorDepth::Sixteen => Style::new().add_modifier(Modifier::REVERSED),
            _ => Style::new().bg(Color::Indexed(24)),
        };
        let selected_dim = match depth {
            ColorDepth::Sixteen => Style::new().add_modifier(Modifier::UNDERLINED),
            _ => Style::new().bg(Color::Indexed(238)),
        };
        Self {
            depth,
            text: Style::new(),
            key: Style::new().add_modifier(Modifier::BOLD),
            kind: of(Color::Cyan),
            string: of(Color::Green),
            number: of(Color::Yellow),
            array: of(Color::Magenta),
            faint: of(Color::DarkGray),
            title: Style::new().add_modifier(Modifier::BOLD),
            selected,
            selected_dim,
            border: of(Color::DarkGray),
            border_focus: of(Color::LightBlue),
            bar,
            bar_current: bar.add_modifier(Modifier::BOLD | Modifier::REVERSED),
            hint: bar.add_modifier(Modifier::BOLD),
            found: of(Color::Black).bg(Color::Yellow),
            good: of(Color::Green),
            warn: of(Color::LightYellow),
            bad: of(Color::LightRed).add_modifier(Modifier::BOLD),
            busy: of(Color::LightBlue).add_modifier(Modifier::ITALIC),
            mark: of(Color::LightCyan),
        }
    }

    /// The styles of that name.
    pub fn named(name: ThemeName, depth: ColorDepth) -> Self {
        if depth == ColorDepth::None {
            return Self::plain();
        }
        let dark = Self::new(depth);
        match name {
            ThemeName::Dark => dark,
            ThemeName::Plain => Self {
                depth,
                ..Self::plain()
            },
            ThemeName::Light => dark.on_light(),
        }
    }

    /// The same, legible on a light background.
    fn on_light(self) -> Self {
        let of = |color: Color| Style::new().fg(color);
        let (selected, selected_dim, bar) = match self.depth {
            ColorDepth::Sixteen => (self.selected, self.selected_dim, self.bar),
            _ => (
                Style::new().bg(Color::Indexed(153)),
                Style::new().bg(Color::Indexed(254)),
                Style::new().fg(Color::Indexed(235)).bg(Color::Indexed(252)),
            ),
        };
        Self {
            kind: of(Color::Blue),
            number: of(Color::Red),
            border_focus: of(Color::Blue),
            warn: of(Color::Magenta),
            bad: of(Color::Red).add_modifier(Modifier::BOLD),
            busy: of(Color::Blue).add_modifier(Modifier::ITALIC),
            mark: of(Color::Blue),
            selected,
            selected_dim,
            bar,
            bar_current: bar.add_modifier(Modifier::BOLD | Modifier::REVERSED),
            hint: bar.add_modifier(Modifier::BOLD),
            ..self
        }
    }

    /// Gives a style a colour: one of the sixteen by its name, `0` to `255`, `#ff8700`; after `on` that of the background.
    ///
    /// # Errors
    /// There is no such style, or no such colour.
    pub fn set(&mut self, name: &str, color: &str) -> Result<(), String> {
        let depth = self.depth;
        let (front, back) = match color.split_once("on ") {
            Some((front, back)) => (front.trim(), Some(back.trim())),
            None => (color.trim(), None),
        };
        let read = |text: &str| -> Result<Option<Color>, String> {
            let wrong = || format!("`{text}` is not a colour: red, light-blue, 208, #ff8700");
            if let Some(hex) = text.strip_prefix('#') {
                let digits = u32::from_str_radix(hex, 16).ok().ok_or_else(wrong)?;
                let [zero, rgb @ ..] = digits.to_be_bytes();
                if hex.len() != 6 || zero != 0 {
                    return Err(wrong());
                }
                return Ok(depth.color(rgb));
            }
            if let Ok(number) = text.parse() {
                return Ok((depth != ColorDepth::None).then_some(Color::Indexed(number)));
            }
            let found = COLOR_NAMES
                .iter()
                .zip(PALETTE)
                .find(|entry| *entry.0 == text);
            let color = found.map(|entry| entry.1.0).ok_or_else(wrong)?;
            Ok((depth != ColorDepth::None).then_some(color))
        };
        let (front, back) = (
            if front.is_empty() { None } else { read(front)? },
            match back {
                Some(back) => read(back)?,
                None => None,
            },
        );
        let style = self.style_mut(name).ok_or_else(|| {
            let names = STYLE_NAMES.join(", ");
            format!("no style `{name}`; there are {names}")
        })?;
        style.fg = front.or(style.fg);
        style.bg = back.or(style.bg);
        Ok(())
    }

    fn style_mut(&mut self, name: &str) -> Option<&mut Style> {
        Some(match name {
            "text" => &mut self.text,
            "key" => &mut self.key,
            "kind" => &mut self.kind,
            "string" => &mut self.string,
            "number" => &mut self.number,
            "array" => &mut self.array,
            "faint" => &mut self.faint,
            "title" => &mut self.title,
            "selected" => &mut self.selected,
            "selected-dim" => &mut self.selected_dim,
            "border" => &mut self.border,
            "border-focus" => &mut self.border_focus,
            "bar" => &mut self.bar,
            "bar-current" => &mut self.bar_current,
            "hint" => &mut self.hint,
            "found" => &mut self.found,
            "good" => &mut self.good,
            "warn" => &mut self.warn,
            "bad" => &mut self.bad,
            "busy" => &mut self.busy,
            "mark" => &mut self.mark,
            _ => return None,
        })
    }

    /// The styles without colour.
    fn plain() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let dim = plain.add_modifier(Modifier::DIM);
        let reversed = plain.add_modifier(Modifier::REVERSED);
        let underlined = plain.add_modifier(Modifier::UNDERLINED);
        Self {
            depth: ColorDepth::None,
            text: plain,
            key: bold,
            kind: plain,
            string: plain,
            number: plain,
            array: plain,
            faint: dim,
            title: bold,
            selected: reversed,
            selected_dim: underlined,
            border: dim,
            border_focus: bold,
            bar: reversed,
            bar_current: bold,
            hint: reversed.add_modifier(Modifier::BOLD),
            found: underlined.add_modifier(Modifier::BOLD),
            good: plain,
            warn: bold,
            bad: bold,
            busy: dim,
            mark: bold,
        }
    }

    /// A style with the nearest colour as its foreground; without colours the plain text style.
    pub fn foreground(&self, rgb: [u8; 3]) -> Style {
        let color = self.depth.color(rgb);
        color.map_or(self.text, |color| self.text.fg(color))
    }

    /// A style with the nearest colour as its background; without colours the plain text style.
    pub fn background(&self, rgb: [u8; 3]) -> Style {
        let color = self.depth.color(rgb);
        color.map_or(self.text, |color| self.text.bg(color))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_tells_the_depth() {
        let of = |pairs: &[(&str, &str)]| {
            ColorDepth::of_environment(|name| {
                let found = pairs.iter().find(|pair| pair.0 == name);
                found.map(|pair| pair.1.to_owned())
            })
        };
        assert_eq!(of(&[("TERM", "xterm-256color")]), ColorDepth::Indexed);
        assert_eq!(
            of(&[("TERM", "xterm"), ("COLORTERM", "truecolor")]),
            ColorDepth::True
        );
        assert_eq!(
            of(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")]),
            ColorDepth::None
        );
        assert_eq!(
            of(&[("TERM", "linux"), ("NO_COLOR", "")]),
            ColorDepth::Sixteen
        );
    }

    #[test]
    fn the_nearest_colour_is_found_at_each_depth() {
        let orange = [255, 135, 0];
        assert_eq!(ColorDepth::None.color(orange), None);
        assert_eq!(
            ColorDepth::True.color(orange),
            Some(Color::Rgb(255, 135, 0))
        );
        assert_eq!(ColorDepth::Indexed.color(orange), Some(Color::Indexed(208)));
        assert_eq!(
            ColorDepth::Indexed.color([128; 3]),
            Some(Color::Indexed(244))
        );
        assert_eq!(
            ColorDepth::Sixteen.color([250, 5, 5]),
            Some(Color::LightRed)
        );
    }

    #[test]
    fn styles_are_given_colours_by_name() {
        let mut theme = Theme::named(ThemeName::Light, ColorDepth::Indexed);
        for name in STYLE_NAMES {
            theme.set(name, "#ff8700").unwrap();
            assert_eq!(theme.style_mut(name).unwrap().fg, Some(Color::Indexed(208)));
        }
        theme.set("text", "light-blue on 17").unwrap();
        assert_eq!(theme.text.fg, Some(Color::LightBlue));
        assert_eq!(theme.text.bg, Some(Color::Indexed(17)));
        theme.set("selected", "on red").unwrap();
        assert_eq!(theme.selected.bg, Some(Color::Red));
        assert!(theme.set("texts", "red").unwrap_err().contains("selected"));
        for wrong in ["reddish", "#ff87", "#1ff8700", "256", "on"] {
            assert!(theme.set("text", wrong).is_err(), "{wrong}");
        }
        let mut plain = Theme::named(ThemeName::Dark, ColorDepth::None);
        plain.set("text", "red").unwrap();
        assert_eq!(plain.text.fg, None);
    }

    #[test]
    fn without_colour_no_style_has_one() {
        let theme = Theme::new(ColorDepth::None);
        let styles = [
            theme.string,
            theme.selected,
            theme.bar,
            theme.bad,
            theme.found,
        ];
        assert!(
            styles
                .iter()
                .all(|style| style.fg.is_none() && style.bg.is_none())
        );
    }
}
