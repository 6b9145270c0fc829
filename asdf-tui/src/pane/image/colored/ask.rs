//! What is typed about colours.

use super::Channel;

/// What is wanted of colours.
#[derive(Debug, Clone, PartialEq)]
pub enum ColorsAsk {
    /// The arrays called red, green and blue, or the colours that the elements are.
    Known,
    /// None any more.
    Nothing,
    /// Images for some of the channels, by what was typed; the others stay when `is_one`, else they have none.
    Arrays(Vec<(Channel, String)>, bool),
    /// The linear stretch.
    Stretch(f64),
    /// The softening.
    Softening(f64),
    /// The values of black.
    Minimum([f64; 3]),
}

/// What is typed for it.
pub(super) const SYNTAX: &str =
    "rgb RED GREEN BLUE, rgb red=ARRAY, rgb stretch 2, rgb q 8, rgb minimum 0, rgb none";

impl ColorsAsk {
    /// Reads what stands after `rgb`.
    ///
    /// # Errors
    /// It is something else: what is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let number = |word: &str| word.parse::<f64>().ok().filter(|value| value.is_finite());
        let wrong = || format!("`{text}` are not colours: {SYNTAX}");
        if let Some((name, value)) = text.split_once('=')
            && let Some(channel) = Channel::COLORS.iter().find(|own| own.name() == name.trim())
        {
            let value = value.trim();
            if value.is_empty() {
                return Err(wrong());
            }
            return Ok(Self::Arrays(vec![(*channel, value.to_owned())], true));
        }
        match words.as_slice() {
            [] => Ok(Self::Known),
            ["none"] => Ok(Self::Nothing),
            ["stretch", value] => match number(value).filter(|value| *value > 0.0) {
                Some(value) => Ok(Self::Stretch(value)),
                None => Err("rgb stretch is more than 0".to_owned()),
            },
            ["q", value] => match number(value).filter(|value| *value >= 0.0) {
                Some(value) => Ok(Self::Softening(value)),
                None => Err("rgb q is not less than 0".to_owned()),
            },
            ["minimum", values @ ..] => {
                let values: Option<Vec<f64>> = values.iter().map(|word| number(word)).collect();
                match values.as_deref() {
                    Some([one]) => Ok(Self::Minimum([*one; 3])),
                    Some([red, green, blue]) => Ok(Self::Minimum([*red, *green, *blue])),
                    _ => Err("rgb minimum takes one value or three".to_owned()),
                }
            }
            [red, green, blue] => {
                let all = Channel::COLORS.into_iter().zip([red, green, blue]);
                let given = all.filter(|(_, word)| **word != "-");
                let given: Vec<(Channel, String)> = given
                    .map(|(channel, word)| (channel, (*word).to_owned()))
                    .collect();
                if given.is_empty() {
                    return Err(wrong());
                }
                Ok(Self::Arrays(given, false))
            }
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_for_colours() {
        let parse = |text: &str| ColorsAsk::parse(text);
        let arrays = |text: &str| match parse(text) {
            Ok(ColorsAsk::Arrays(all, is_one)) => {
                let all = all
                    .iter()
                    .map(|(channel, text)| format!("{}:{text}", channel.letter()));
                format!("{} {is_one}", all.collect::<Vec<_>>().join(" "))
            }
            other => format!("{other:?}"),
        };
        assert_eq!(arrays("a b/c d.asdf"), "R:a G:b/c B:d.asdf false");
        assert_eq!(arrays("red green blue"), "R:red G:green B:blue false");
        assert_eq!(arrays("- b -"), "G:b false");
        assert_eq!(
            arrays("blue=night/b.asdf roman.data"),
            "B:night/b.asdf roman.data true"
        );
        assert_eq!(parse(""), Ok(ColorsAsk::Known));
        assert_eq!(parse("none"), Ok(ColorsAsk::Nothing));
        assert_eq!(parse("stretch 2.5"), Ok(ColorsAsk::Stretch(2.5)));
        assert_eq!(parse("q 0"), Ok(ColorsAsk::Softening(0.0)));
        assert_eq!(parse("minimum 1"), Ok(ColorsAsk::Minimum([1.0; 3])));
        assert_eq!(
            parse("minimum 1 2 -3"),
            Ok(ColorsAsk::Minimum([1.0, 2.0, -3.0]))
        );
        for wrong in [
            "a",
            "a b",
            "- - -",
            "stretch 0",
            "q -1",
            "minimum 1 2",
            "red=",
            "stretch nan",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
