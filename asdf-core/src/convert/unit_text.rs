//! Units as FITS writes them and as ASDF does: `erg cm-2 s-1` and `erg.cm**-2.s**-1`.

/// Groups within groups.
const DEPTH: usize = 8;

/// A unit as a product of names with powers.
#[derive(Debug, Clone, PartialEq)]
struct Product {
    scale: f64,
    factors: Vec<(String, Power)>,
}

/// Numerator and denominator.
type Power = (i64, i64);

/// The text of a unit of FITS in the form of the `VOUnit` standard, which is that of ASDF; `None` of what is not a product
/// of units that both have.
#[cfg(feature = "fits")]
pub(super) fn to_vounit(text: &str) -> Option<String> {
    let product = parse(text)?;
    // Python takes other names for units of their own.
    let is_known = product.factors.iter().all(|(name, _)| is_fits_name(name));
    is_known.then(|| vounit(&product, &str::to_owned)).flatten()
}

/// A unit in the form of the `VOUnit` standard, names that it does not have in quotes as it wants them; `None` of what is not
/// a product.
pub(super) fn to_votable(text: &str) -> Option<String> {
    vounit(&parse(text)?, &|name| {
        if is_fits_name(name) || name.contains('\'') {
            name.to_owned()
        } else {
            format!("'{name}'")
        }
    })
}

fn vounit(product: &Product, named: &dyn Fn(&str) -> String) -> Option<String> {
    let mut out = String::new();
    if !is_one(product.scale) {
        if !product.scale.is_finite() || product.scale <= 0.0 {
            return None;
        }
        out = power_of_ten(product.scale).map_or_else(
            || format!("{}", product.scale),
            |power| format!("1e{power:+03}"),
        );
    }
    let factors = product.factors.iter().map(|(name, power)| match *power {
        (1, 1) => named(name),
        (power, 1) => format!("{}**{power}", named(name)),
        (above, below) => format!("{}**({above}/{below})", named(name)),
    });
    out.push_str(&factors.collect::<Vec<_>>().join("."));
    Some(out)
}

/// The same the other way; `None` of units that FITS does not have.
#[cfg(feature = "fits")]
pub(super) fn to_fits(text: &str) -> Option<String> {
    let product = parse(text)?;
    let mut parts = Vec::new();
    if !is_one(product.scale) {
        parts.push(format!("10**{}", power_of_ten(product.scale)?));
    }
    for (name, power) in &product.factors {
        let name = if name == "ADU" { "adu" } else { name };
        if !is_fits_name(name) {
            return None;
        }
        parts.push(match *power {
            (1, 1) => name.to_owned(),
            (power, 1) => format!("{name}{power}"),
            (above, below) => format!("{name}({above}/{below})"),
        });
    }
    Some(parts.join(" "))
}

#[expect(clippy::float_cmp, reason = "what changes nothing")]
fn is_one(scale: f64) -> bool {
    scale == 1.0
}

/// The power of ten that a number is, when it is one.
fn power_of_ten(scale: f64) -> Option<i32> {
    let text = format!("{scale:e}");
    let (digits, power) = text.split_once('e')?;
    power.parse().ok().filter(|_| digits == "1")
}

fn parse(text: &str) -> Option<Product> {
    let mut reader = Reader {
        rest: text.trim(),
        depth: 0,
    };
    if reader.rest.is_empty() {
        return None;
    }
    let product = reader.product()?;
    reader.rest.is_empty().then_some(product)
}

struct Reader<'t> {
    rest: &'t str,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn take(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn while_true(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|letter| !wanted(letter));
        let (found, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        found
    }

    fn product(&mut self) -> Option<Product> {
        let mut out = Product {
            scale: 1.0,
            factors: Vec::new(),
        };
        let mut divides = false;
        loop {
            self.rest = self.rest.trim_start();
            if self.take("/") {
                divides = true;
                self.rest = self.rest.trim_start();
            }
            let factor = self.factor()?;
            let sign = if divides { -1 } else { 1 };
            out.scale *= factor.scale.powi(sign);
            for (name, (above, below)) in factor.factors {
                let above = above.checked_mul(i64::from(sign))?;
                out.factors.push((name, (above, below)));
            }
            divides = false;
            let blank = self.rest.starts_with(' ');
            self.rest = self.rest.trim_start();
            if self.rest.is_empty() || self.rest.starts_with(')') {
                return Some(out);
            }
            if self.rest.starts_with('/') {
                continue;
            }
            let number = out.factors.is_empty();
            if !(self.take(".") || self.take("*") || blank || number) {
                return None;
            }
        }
    }

    fn factor(&mut self) -> Option<Product> {
        if self
            .rest
            .starts_with(|letter: char| letter.is_ascii_digit())
        {
            let scale = self.scale()?;
            return Some(Product {
                scale,
                factors: Vec::new(),
            });
        }
        if self.take("sqrt(") {
            return raised(self.group()?, (1, 2));
        }
        if self.take("(") {
            let group = self.group()?;
            let power = self.power()?;
            return raised(group, power);
        }
        let name =
            self.while_true(|letter| letter.is_alphabetic() || letter == '_' || letter == '%');
        if name.is_empty() || self.rest.starts_with('(') && !self.is_power() {
            return None;
        }
        let power = self.power()?;
        Some(Product {
            scale: 1.0,
            factors: vec![(name.to_owned(), power)],
        })
    }

    /// True where a group is a power: `m(1/2)`.
    fn is_power(&self) -> bool {
        let inner = self.rest.trim_start_matches('(');
        inner.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-' || letter == '+')
    }

    fn group(&mut self) -> Option<Product> {
        self.depth = self.depth.checked_add(1).filter(|depth| *depth < DEPTH)?;
        let product = self.product()?;
        self.depth = self.depth.saturating_sub(1);
        self.take(")").then_some(product)
    }

    /// `10**-7`, `10^3`, `10-7` or a number.
    fn scale(&mut self) -> Option<f64> {
        let digits = self.while_true(|letter| letter.is_ascii_digit() || letter == '.');
        // The point may be the product that follows.
        let kept = digits.trim_end_matches('.');
        let back = digits.len().checked_sub(kept.len())?;
        if back > 1 {
            return None;
        }
        let signs = self.rest.starts_with(['+', '-']) && kept == "10" && back == 0;
        if kept == "10" && back == 0 && (self.take("**") || self.take("^") || signs) {
            let (power, below) = self.number()?;
            let power = i32::try_from(power).ok().filter(|_| below == 1)?;
            return format!("1e{power}").parse().ok();
        }
        let mut text = kept.to_owned();
        let after = self.rest.as_bytes();
        let is_exponent = |at: usize| after.get(at).is_some_and(u8::is_ascii_digit);
        let signed = after.get(1).is_some_and(|sign| b"+-".contains(sign));
        if back == 0 && after.first() == Some(&b'e') && is_exponent(1 + usize::from(signed)) {
            self.take("e");
            text.push('e');
            for sign in ["+", "-"] {
                if self.take(sign) {
                    text.push_str(sign);
                }
            }
            text.push_str(self.while_true(|letter| letter.is_ascii_digit()));
        } else if back == 1 {
            // A product is what the caller goes on with.
            self.rest = self.rest.trim_start();
        }
        text.parse().ok().filter(|scale: &f64| scale.is_finite())
    }

    /// The power after a name; 1 where there is none.
    fn power(&mut self) -> Option<Power> {
        if self.take("**") || self.take("^") {
            return self.number();
        }
        let next = self.rest.as_bytes();
        let digit = |at: usize| next.get(at).is_some_and(u8::is_ascii_digit);
        let signed = next.first().is_some_and(|sign| b"+-".contains(sign)) && digit(1);
        if digit(0) || signed || (next.first() == Some(&b'(') && self.is_power()) {
            return self.number();
        }
        Some((1, 1))
    }

    /// `-2`, `(1/2)`, `0.5`.
    fn number(&mut self) -> Option<Power> {
        let in_group = self.take("(");
        let negative = self.take("-");
        if !negative {
            self.take("+");
        }
        let mut above: i64 = self
            .while_true(|letter| letter.is_ascii_digit())
            .parse()
            .ok()?;
        let mut below = 1_i64;
        let decimal = self.rest.as_bytes();
        if decimal.first() == Some(&b'.') && decimal.get(1).is_some_and(u8::is_ascii_digit) {
            self.take(".");
            for digit in self.while_true(|letter| letter.is_ascii_digit()).chars() {
                above = above
                    .checked_mul(10)?
                    .checked_add(i64::from(digit.to_digit(10)?))?;
                below = below.checked_mul(10)?;
            }
        } else if in_group && self.take("/") {
            below = self
                .while_true(|letter| letter.is_ascii_digit())
                .parse()
                .ok()?;
        }
        if in_group && !self.take(")") {
            return None;
        }
        reduced(if negative { -above } else { above }, below)
    }
}

fn raised(product: Product, power: Power) -> Option<Product> {
    if power == (1, 1) {
        return Some(product);
    }
    #[expect(clippy::cast_precision_loss, reason = "powers are small")]
    let scale = product.scale.powf(power.0 as f64 / power.1 as f64);
    let mut factors = Vec::with_capacity(product.factors.len());
    for (name, (above, below)) in product.factors {
        let power = reduced(above.checked_mul(power.0)?, below.checked_mul(power.1)?)?;
        factors.push((name, power));
    }
    Some(Product { scale, factors })
}

fn reduced(above: i64, below: i64) -> Option<Power> {
    let (mut divisor, mut rest) = (above.unsigned_abs(), below.unsigned_abs());
    while rest != 0 {
        (divisor, rest) = (rest, divisor.checked_rem(rest)?);
    }
    let divisor = i64::try_from(divisor).ok()?;
    Some((above.checked_div(divisor)?, below.checked_div(divisor)?))
}

/// Units that FITS has with the prefixes of the SI (FITS 4.0, tables 3 to 5).
const WITH_PREFIXES: [&str; 34] = [
    "m", "g", "s", "rad", "sr", "K", "A", "mol", "cd", "Hz", "J", "W", "V", "N", "Pa", "C", "Ohm",
    "S", "F", "Wb", "T", "H", "lm", "lx", "a", "yr", "pc", "eV", "Jy", "mag", "R", "bit", "byte",
    "G",
];
const PREFIXES: [&str; 20] = [
    "y", "z", "a", "f", "p", "n", "u", "m", "c", "d", "da", "h", "k", "M", "G", "T", "P", "E", "Z",
    "Y",
];
const PLAIN: [&str; 31] = [
    "deg", "arcmin", "arcsec", "mas", "min", "h", "d", "Ry", "solMass", "u", "solLum", "solRad",
    "AU", "lyr", "count", "ct", "photon", "ph", "pixel", "pix", "D", "Sun", "chan", "bin", "voxel",
    "adu", "beam", "erg", "Angstrom", "angstrom", "barn",
];

fn is_fits_name(name: &str) -> bool {
    let is_base = |name: &str| WITH_PREFIXES.contains(&name);
    let prefixed = |prefix: &&str| name.strip_prefix(*prefix).is_some_and(is_base);
    PLAIN.contains(&name) || is_base(name) || PREFIXES.iter().any(prefixed)
}

#[cfg(all(test, feature = "fits"))]
mod tests {
    use super::*;

    /// `Unit(text, format="fits").to_string("vounit")` of astropy 8.0.2, but for the order of the factors.
    #[test]
    fn units_of_fits_are_those_of_astropy() {
        for (fits, vounit) in [
            ("erg cm-2 s-1", "erg.cm**-2.s**-1"),
            ("erg/s/cm2", "erg.s**-1.cm**-2"),
            ("erg/s/cm**2", "erg.s**-1.cm**-2"),
            ("10**-7 J", "1e-07J"),
            ("10^-16 erg/s", "1e-16erg.s**-1"),
            ("km s-1", "km.s**-1"),
            ("sqrt(Hz)", "Hz**(1/2)"),
            ("m(1/2)", "m**(1/2)"),
            ("arcsec2", "arcsec**2"),
            ("mJy/beam", "mJy.beam**-1"),
            ("deg", "deg"),
        ] {
            assert_eq!(to_vounit(fits).as_deref(), Some(vounit), "{fits}");
        }
        assert_eq!(
            to_votable("electron / s").as_deref(),
            Some("'electron'.s**-1")
        );
        for text in ["log(Hz)", "mag(AB)", "", "\"", "m/", "10**x", "electron/s"] {
            assert_eq!(to_vounit(text), None, "{text}");
        }
    }

    /// `Unit(text).to_string("fits")`, but for the order of the factors.
    #[test]
    fn units_that_fits_has_are_written_as_fits_has_them() {
        for (vounit, fits) in [
            ("erg.s**-1.cm**-2", Some("erg s-1 cm-2")),
            ("1e-07J", Some("10**-7 J")),
            ("Hz**(1/2)", Some("Hz(1/2)")),
            ("Msun", None),
            ("electron", None),
            ("2.5.Jy", None),
            ("uJy", Some("uJy")),
            ("ADU", Some("adu")),
        ] {
            assert_eq!(to_fits(vounit).as_deref(), fits, "{vounit}");
        }
    }
}
