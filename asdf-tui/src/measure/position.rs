//! Positions on the sky as people write them.

/// A position on the sky as people write it: `05:22:01.2 -69:30:00.1`, `5h22m1.2s -69d30m0.1s`, `05 22 01.2 -69 30 00.1`,
/// `80.505d -69.5d`, `J052201.2-693000.1`. Hours where it has colons, blanks or `h`. In degrees.
pub fn read_position(text: &str) -> Option<[f64; 2]> {
    let text = text.trim().replace(['−', '–'], "-").replace('°', "d");
    let text = text.replace(['′', '’'], "m").replace(['″', '”'], "s");
    if let Some(digits) = text.strip_prefix(['J', 'j']) {
        return designation(digits);
    }
    let (first, second) = halves(&text)?;
    let longitude = angle(first)?;
    let latitude = angle(second)?;
    // At least one of the two has to look like a position: other pairs are pixels.
    if longitude.kind == Kind::Plain && latitude.kind == Kind::Plain {
        return None;
    }
    let factor = match longitude.kind {
        Kind::Hours | Kind::Parts => 15.0,
        Kind::Degrees | Kind::Plain => 1.0,
    };
    let place = [longitude.value * factor, latitude.value];
    let is_position = latitude.kind != Kind::Hours && (0.0..=90.0).contains(&place[1].abs());
    (is_position && (-360.0..=360.0).contains(&place[0])).then_some(place)
}

/// The two coordinates of a position: at a comma, else before a sign, else in the middle of the words.
fn halves(text: &str) -> Option<(&str, &str)> {
    if let Some((first, second)) = text.split_once(',') {
        return Some((first.trim(), second.trim()));
    }
    let sign = text
        .char_indices()
        .skip(1)
        .find(|(_, char)| matches!(char, '+' | '-'));
    if let Some((at, _)) = sign {
        let (first, second) = text.split_at_checked(at)?;
        return Some((first.trim(), second.trim()));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() < 2 || !words.len().is_multiple_of(2) {
        return None;
    }
    let middle = words.get(words.len() / 2)?;
    let at = middle.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let (first, second) = text.split_at_checked(at)?;
    Some((first.trim(), second.trim()))
}

/// How an angle is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One number.
    Plain,
    /// With `h`.
    Hours,
    /// With `d`.
    Degrees,
    /// Two or three numbers.
    Parts,
}

struct Angle {
    kind: Kind,
    value: f64,
}

fn angle(text: &str) -> Option<Angle> {
    let text = text.to_ascii_lowercase();
    let text = text.replace("deg", "d").replace("hr", "h");
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest.trim()),
        None => (false, text.strip_prefix('+').unwrap_or(&text).trim()),
    };
    let ends = |char: char| matches!(char, ':' | 'h' | 'd' | 'm' | 's' | '\'' | '"' | ' ');
    let parts: Vec<&str> = digits.split(ends).filter(|part| !part.is_empty()).collect();
    let is_number = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    if parts.is_empty() || parts.len() > 3 || !parts.iter().all(|part| is_number(part)) {
        return None;
    }
    let numbers: Vec<f64> = parts
        .iter()
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let mut value = 0.0;
    for (place, number) in numbers.iter().enumerate() {
        if place > 0 && *number >= 60.0 {
            return None;
        }
        value += number / [1.0, 60.0, 3600.0].get(place)?;
    }
    let kind = match (digits.contains('h'), digits.contains('d'), numbers.len()) {
        (true, _, _) => Kind::Hours,
        (_, true, _) => Kind::Degrees,
        (_, _, 1) => Kind::Plain,
        _ => Kind::Parts,
    };
    Some(Angle {
        kind,
        value: if is_negative { -value } else { value },
    })
}

/// `052201.2-693000.1`, as catalogues name sources.
fn designation(text: &str) -> Option<[f64; 2]> {
    let at = text.find(['+', '-'])?;
    let (first, second) = text.split_at_checked(at)?;
    let part = |digits: &str| {
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !matches!(whole.len(), 4 | 6) || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let number = |from: usize| whole.get(from..from + 2)?.parse::<f64>().ok();
        let tail: f64 = format!("0.{fraction}0").parse().ok()?;
        let minutes = number(2)?;
        let seconds = match whole.len() {
            6 => number(4)? + tail,
            _ => tail * 60.0,
        };
        Some(number(0)? + minutes / 60.0 + seconds / 3600.0)
    };
    let sign = if second.starts_with('-') { -1.0 } else { 1.0 };
    Some([part(first)? * 15.0, sign * part(second.get(1..)?)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_read_in_their_usual_forms() {
        // As astropy's SkyCoord reads them.
        let expected = [80.505_125, -69.500_027_777_777_78];
        for text in [
            "05:22:01.23 -69:30:00.1",
            "05:22:01.23, -69:30:00.1",
            "5h22m1.23s -69d30m0.1s",
            "05h22m01.23s-69°30′00.1″",
            "05 22 01.23 -69 30 00.1",
            "05:22:01.23 −69:30:00.1",
            "J052201.23-693000.1",
            "80.505125d -69.500027777777778d",
            "80.505125deg, -69.500027777777778deg",
        ] {
            let found = read_position(text).unwrap_or_else(|| panic!("{text}"));
            for (found, expected) in found.into_iter().zip(expected) {
                assert!((found - expected).abs() < 1e-9, "{text} {found}");
            }
        }
        assert_eq!(read_position("10:00:00 +05:30:00"), Some([150.0, 5.5]));
        assert_eq!(read_position("10:00 -00:30"), Some([150.0, -0.5]));
        for text in [
            "10 20",
            "10:61:00 +5:00:00",
            "ngc 7027",
            "10:00:00",
            "1:2:3 95:0:0",
            "J12-34",
        ] {
            assert_eq!(read_position(text), None, "{text}");
        }
    }
}
