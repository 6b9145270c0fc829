//! Keys as the browser knows them, whatever terminal they come from, and their names.

use std::fmt;
use std::str::FromStr;

/// What a key is without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character, shift applied.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Shift and cursor up.
    ShiftUp,
    /// Shift and cursor down.
    ShiftDown,
    /// Shift and cursor left.
    ShiftLeft,
    /// Shift and cursor right.
    ShiftRight,
    /// Home.
    Home,
    /// End.
    End,
}

/// The keys that have a name, between `<` and `>` in scripts and as the help shows them.
const NAMES: [(Code, &str, &str); 20] = [
    (Code::Enter, "enter", "Enter"),
    (Code::Esc, "esc", "Esc"),
    (Code::Tab, "tab", "Tab"),
    (Code::BackTab, "s-tab", "S-Tab"),
    (Code::Backspace, "backspace", "Backspace"),
    (Code::Delete, "delete", "Delete"),
    (Code::Up, "up", "↑"),
    (Code::Down, "down", "↓"),
    (Code::Left, "left", "←"),
    (Code::Right, "right", "→"),
    (Code::ShiftUp, "s-up", "S-↑"),
    (Code::ShiftDown, "s-down", "S-↓"),
    (Code::ShiftLeft, "s-left", "S-←"),
    (Code::ShiftRight, "s-right", "S-→"),
    (Code::PageUp, "pageup", "PgUp"),
    (Code::PageDown, "pagedown", "PgDn"),
    (Code::Home, "home", "Home"),
    (Code::End, "end", "End"),
    (Code::Char(' '), "space", "Space"),
    (Code::Char('<'), "lt", "<"),
];

/// A key that was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which one.
    pub code: Code,
    /// With control held.
    pub ctrl: bool,
    /// With alt held.
    pub alt: bool,
}

impl Key {
    /// A key without control and alt.
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
        }
    }
}

/// As the help names keys: `j`, `Ctrl-d`, `Enter`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        match (NAMES.iter().find(|entry| entry.0 == self.code), self.code) {
            (Some(entry), _) => f.write_str(entry.2),
            (None, Code::Char(char)) => write!(f, "{char}"),
            (None, _) => Ok(()),
        }
    }
}

/// One element of a script of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// A key.
    Key(Key),
    /// `<wait>`: until everything that was asked for is done.
    Wait,
}

/// A script of keys: characters as they are, others by name between `<` and `>`, as in
/// `jj<enter>/flux<enter><c-d><wait>`; a `<` itself is `<lt>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script(pub Vec<Stroke>);

impl FromStr for Script {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut strokes = Vec::new();
        let mut rest = text;
        while let Some(char) = rest.chars().next() {
            if char == '<' {
                let (name, behind) = rest
                    .get(1..)
                    .and_then(|rest| rest.split_once('>'))
                    .ok_or_else(|| format!("`{rest}` has no `>`; a `<` itself is written <lt>"))?;
                strokes.push(named(name)?);
                rest = behind;
            } else {
                strokes.push(Stroke::Key(Key::plain(Code::Char(char))));
                rest = rest.get(char.len_utf8()..).unwrap_or_default();
            }
        }
        Ok(Self(strokes))
    }
}

fn named(name: &str) -> Result<Stroke, String> {
    let lower = name.to_ascii_lowercase();
    if lower == "wait" {
        return Ok(Stroke::Wait);
    }
    let find = |name: &str| NAMES.iter().find(|entry| entry.1 == name);
    if let Some(entry) = find(&lower) {
        return Ok(Stroke::Key(Key::plain(entry.0)));
    }
    let unknown = || format!("no key <{name}>; there are {}", names());
    let (modifier, behind) = lower.split_once('-').ok_or_else(unknown)?;
    let mut chars = behind.chars();
    let code = match (find(behind), chars.next(), chars.next()) {
        (Some(entry), _, _) => entry.0,
        (None, Some(char), None) => Code::Char(char),
        _ => return Err(unknown()),
    };
    let (ctrl, alt) = match modifier {
        "c" => (true, false),
        "a" => (false, true),
        _ => return Err(unknown()),
    };
    Ok(Stroke::Key(Key { code, ctrl, alt }))
}

fn names() -> String {
    let names: Vec<String> = NAMES.iter().map(|entry| format!("<{}>", entry.1)).collect();
    format!("{}, <c-x>, <a-x>, <wait>", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_has_characters_names_and_modifiers() {
        let Ok(Script(strokes)) = "j<enter><c-d><lt><wait>".parse() else {
            panic!("the script is well formed");
        };
        let keys = [
            Stroke::Key(Key::plain(Code::Char('j'))),
            Stroke::Key(Key::plain(Code::Enter)),
            Stroke::Key(Key {
                code: Code::Char('d'),
                ctrl: true,
                alt: false,
            }),
            Stroke::Key(Key::plain(Code::Char('<'))),
            Stroke::Wait,
        ];
        assert_eq!(strokes, keys);
    }

    #[test]
    fn an_unknown_name_is_told_with_the_known_ones() {
        let error = "<entr>".parse::<Script>().unwrap_err();
        assert!(
            error.starts_with("no key <entr>; there are <enter>"),
            "{error}"
        );
        assert!("a<b".parse::<Script>().is_err());
    }

    #[test]
    fn keys_are_shown_as_people_call_them() {
        let key = Key {
            code: Code::Char('d'),
            ctrl: true,
            alt: false,
        };
        assert_eq!(key.to_string(), "Ctrl-d");
        assert_eq!(Key::plain(Code::PageDown).to_string(), "PgDn");
    }
}
