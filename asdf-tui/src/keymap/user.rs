//! Keys of the user's own: what stands for which other keys.

use super::strokes;
use crate::key::Key;
use crate::key::Script;
use crate::key::Stroke;

/// Keys, each with those that it stands for.
#[derive(Debug, Clone, Default)]
pub struct UserKeys(Vec<(Vec<Key>, Vec<Key>)>);

/// What keys are to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Own {
    /// They stand for others.
    Keys(Vec<Key>),
    /// They begin a combination.
    Begins,
    /// Nothing of the user's own.
    Nothing,
}

impl UserKeys {
    /// Adds keys as scripts: `<c-t>` that stands for `:stretch log<enter>`. What they stand for are keys as they are without these.
    ///
    /// # Errors
    /// One of the scripts is empty, or not well formed.
    pub fn add(&mut self, keys: &str, meaning: &str) -> Result<(), String> {
        let read = |text: &str| -> Result<Vec<Key>, String> {
            let script: Script = text.parse()?;
            if script.0.is_empty() {
                return Err("a key is missing".to_owned());
            }
            if script.0.contains(&Stroke::Wait) {
                return Err("<wait> is not a key".to_owned());
            }
            Ok(strokes(text))
        };
        let own = read(keys).map_err(|error| format!("`{keys}`: {error}"))?;
        let meaning = read(meaning).map_err(|error| format!("`{meaning}`: {error}"))?;
        self.0.retain(|entry| entry.0 != own);
        self.0.push((own, meaning));
        Ok(())
    }

    /// What keys are.
    pub(crate) fn of(&self, keys: &[Key]) -> Own {
        if let Some((_, meaning)) = self.0.iter().find(|entry| entry.0 == keys) {
            return Own::Keys(meaning.clone());
        }
        if !keys.is_empty() && self.0.iter().any(|entry| entry.0.starts_with(keys)) {
            return Own::Begins;
        }
        Own::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_for_others() {
        let mut keys = UserKeys::default();
        keys.add("<c-t>", ":stretch log<enter>").unwrap();
        keys.add("gx", "x*").unwrap();
        let of = |script: &str| keys.of(&strokes(script));
        assert_eq!(of("gx"), Own::Keys(strokes("x*")));
        assert_eq!(of("g"), Own::Begins);
        assert_eq!(of("x"), Own::Nothing);
        assert_eq!(of("<c-t>"), Own::Keys(strokes(":stretch log<enter>")));
        assert!(keys.add("", "x").is_err());
        assert!(keys.add("x", "<nokey>").unwrap_err().contains("no key"));
        assert!(keys.add("x", "<wait>").is_err());
    }
}
