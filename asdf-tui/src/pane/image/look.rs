//! How values become colours: limits, stretch, colormap, contrast.

use crate::raster::Colormap;
use crate::raster::LimitRule;
use crate::raster::Stretch;

/// Stretches in the order in which a key goes through them.
const STRETCHES: [(&str, Stretch); 7] = [
    ("linear", Stretch::Linear),
    ("asinh", Stretch::Asinh(0.1)),
    ("log", Stretch::Log(1000.0)),
    ("sqrt", Stretch::Sqrt),
    ("squared", Stretch::Power(2.0)),
    ("sinh", Stretch::Sinh(1.0 / 3.0)),
    ("exp", Stretch::Exponential(1000.0)),
];

/// The part of all elements within the limits, in percent, in the order in which a key goes through them.
const PERCENTS: [f64; 5] = [99.5, 99.0, 98.0, 95.0, 90.0];

/// How values become colours.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// How the limits are found.
    pub rule: LimitRule,
    /// The stretch.
    pub stretch: Stretch,
    /// The colours of brightness.
    pub colormap: Colormap,
    /// Whether they are in the other order.
    pub is_inverted: bool,
    /// How fast colours change about the bias: 1 uses all of them.
    pub contrast: f64,
    /// The brightness, 0 to 1, that gets the middle colour.
    pub bias: f64,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            rule: LimitRule::default(),
            stretch: Stretch::default(),
            colormap: Colormap::default(),
            is_inverted: false,
            contrast: 1.0,
            bias: 0.5,
        }
    }
}

impl Look {
    /// The names of the stretches that keys go through.
    pub fn stretch_names() -> [&'static str; 7] {
        STRETCHES.map(|entry| entry.0)
    }

    /// The next stretch.
    pub fn next_stretch(&mut self) {
        let at = STRETCHES.iter().position(|entry| entry.1 == self.stretch);
        let next = at.map_or(0, |at| (at + 1) % STRETCHES.len());
        self.stretch = STRETCHES
            .get(next)
            .map_or_else(Stretch::default, |entry| entry.1);
    }

    /// The next way to find the limits: zscale, least and greatest, percentages.
    pub fn next_rule(&mut self) {
        let percent = |percent: f64| {
            let outside = (100.0 - percent) / 2.0;
            LimitRule::Percentiles([outside, 100.0 - outside])
        };
        let all = [LimitRule::default(), LimitRule::MinMax]
            .into_iter()
            .chain(PERCENTS.map(percent));
        let mut rest = all.skip_while(|rule| *rule != self.rule).skip(1);
        self.rule = rest.next().unwrap_or_default();
    }

    /// The next colormap.
    pub fn next_colormap(&mut self) {
        let names = Colormap::names();
        let at = names.iter().position(|name| *name == self.colormap.name());
        let next = at.map_or(0, |at| (at + 1) % names.len());
        let found = names.get(next).and_then(|name| Colormap::named(name));
        self.colormap = found.unwrap_or_default();
        if self.is_inverted {
            self.colormap = self.colormap.clone().inverted();
        }
    }

    /// Turns the colours round.
    pub fn invert(&mut self) {
        self.is_inverted = !self.is_inverted;
        self.colormap = self.colormap.clone().inverted();
    }

    /// The brightness of a value between limits, 0 to 255; `None` for NaN.
    #[expect(clippy::cast_possible_truncation, reason = "from 0 to 255")]
    #[expect(clippy::cast_sign_loss, reason = "not below 0")]
    pub fn level(&self, value: f64, limits: [f64; 2]) -> Option<u8> {
        if value.is_nan() {
            return None;
        }
        let x = self.stretch.apply(value, limits);
        let x = (x - self.bias) * self.contrast + 0.5;
        Some((x * 256.0).clamp(0.0, 255.0) as u8)
    }

    /// `zscale+asinh`, `99 %+log`, `user+linear`.
    pub fn text(&self) -> String {
        let rule = match self.rule {
            LimitRule::ZScale(_) => "zscale".to_owned(),
            LimitRule::MinMax => "minmax".to_owned(),
            LimitRule::Percentiles([low, high]) => format!("{} %", high - low),
            LimitRule::Fixed(_) => "user".to_owned(),
        };
        let known = STRETCHES.iter().find(|entry| entry.1 == self.stretch);
        let stretch = known.map_or_else(|| self.stretch.to_string(), |entry| entry.0.to_owned());
        format!("{rule}+{stretch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_round_through_rules_stretches_and_colormaps() {
        let mut look = Look::default();
        assert_eq!(look.text(), "zscale+asinh");
        let mut seen = Vec::new();
        for _ in 0..7 {
            look.next_rule();
            look.next_stretch();
            seen.push(look.text());
        }
        assert_eq!(
            seen,
            [
                "minmax+log",
                "99.5 %+sqrt",
                "99 %+squared",
                "98 %+sinh",
                "95 %+exp",
                "90 %+linear",
                "zscale+asinh"
            ]
        );
        for _ in Colormap::names() {
            look.next_colormap();
        }
        assert_eq!(look.colormap.name(), "gray");
    }

    #[test]
    fn own_limits_are_left_for_zscale() {
        let mut look = Look {
            rule: LimitRule::Fixed([0.0, 1.0]),
            ..Look::default()
        };
        look.next_rule();
        assert_eq!(look.rule, LimitRule::default());
    }

    #[test]
    fn contrast_and_bias_move_the_levels() {
        let mut look = Look::default();
        for _ in 0..6 {
            look.next_stretch();
        }
        assert_eq!(look.level(0.5, [0.0, 1.0]), Some(128));
        assert_eq!(look.level(f64::NAN, [0.0, 1.0]), None);
        look.contrast = 2.0;
        assert_eq!(look.level(0.75, [0.0, 1.0]), Some(255));
        look.bias = 0.75;
        assert_eq!(look.level(0.75, [0.0, 1.0]), Some(128));
    }
}
