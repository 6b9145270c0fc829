//! The values that are shown as the first and the last colour.

use super::downsample::{Reduced, Survey};
use super::image::Image;
use super::quantile;
use super::scan::Segment;
use super::zscale::ZScale;
use asdf_core::Result;
use std::fmt;
use std::str::FromStr;

/// How the limits are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LimitRule {
    /// By the zscale algorithm.
    ZScale(ZScale),
    /// The least and the greatest element.
    MinMax,
    /// The elements at these percentages of all.
    Percentiles([f64; 2]),
    /// These.
    Fixed([f64; 2]),
}

impl Default for LimitRule {
    fn default() -> Self {
        Self::ZScale(ZScale::default())
    }
}

impl LimitRule {
    /// The limits by all elements of an image, of which there is a survey; the first is less than the second.
    ///
    /// # Errors
    /// The array cannot be read.
    pub fn find(&self, image: &Image<'_>, survey: &Survey) -> Result<[f64; 2]> {
        let all = [survey.min, survey.max];
        let found = match self {
            Self::ZScale(zscale) => {
                let sample = sample(zscale, image, survey)?;
                zscale.limits(sample, image.precision())
            }
            Self::MinMax => Some(all),
            Self::Percentiles(percents) => {
                quantile::percentiles(image, survey.finite, percents)?.and_then(pair)
            }
            Self::Fixed(limits) => Some(*limits),
        };
        Ok(widened(found, all))
    }

    /// The limits by the pixels of a small image instead.
    pub fn find_in(&self, reduced: &Reduced) -> [f64; 2] {
        let finite = || {
            reduced
                .values
                .iter()
                .copied()
                .filter(|value| value.is_finite())
        };
        let all = [
            finite().fold(f64::INFINITY, f64::min),
            finite().fold(f64::NEG_INFINITY, f64::max),
        ];
        let found = match self {
            Self::ZScale(zscale) => {
                zscale.limits_of(&reduced.values, super::zscale::Precision::Double)
            }
            Self::MinMax => Some(all),
            Self::Percentiles(percents) => {
                quantile::percentiles_of(&reduced.values, percents).and_then(pair)
            }
            Self::Fixed(limits) => Some(*limits),
        };
        widened(found, all)
    }
}

fn pair(values: Vec<f64>) -> Option<[f64; 2]> {
    <[f64; 2]>::try_from(values).ok()
}

/// Limits that differ: those of all elements when these do, else a half to both sides.
fn widened(found: Option<[f64; 2]>, all: [f64; 2]) -> [f64; 2] {
    let differ = |[low, high]: &[f64; 2]| low < high && low.is_finite() && high.is_finite();
    let [low, high] = found.unwrap_or(all);
    if let Some(limits) = [[low, high], all].into_iter().find(differ) {
        return limits;
    }
    if !low.is_finite() {
        return [0.0, 1.0];
    }
    let (below, above) = (low - 0.5, low + 0.5);
    if below < above {
        return [below, above];
    }
    // A half is nothing beside so great a number.
    let step = low.abs() * f64::EPSILON;
    [low - step, low + step]
}

/// The elements of zscale's sample: only the pieces that hold one are read again.
fn sample(zscale: &ZScale, image: &Image<'_>, survey: &Survey) -> Result<Vec<f64>> {
    let mut places = zscale.sample(survey.finite).peekable();
    let mut sample = Vec::with_capacity(places.len());
    let mut before = 0;
    for (Segment { rows, columns }, count) in &survey.pieces {
        let behind = before + count;
        if places.peek().is_none_or(|place| *place >= behind) {
            before = behind;
            continue;
        }
        let mut values = image.values(rows, columns)?;
        values.retain(|value| value.is_finite());
        while let Some(place) = places.next_if(|place| *place < behind) {
            let index = usize::try_from(place - before).unwrap_or(usize::MAX);
            sample.extend(values.get(index));
        }
        before = behind;
    }
    Ok(sample)
}

impl FromStr for LimitRule {
    type Err = String;

    /// `zscale`, `minmax`, `pct:99.5`, `pct:1,99`, `0,100`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}`: expected zscale, minmax, pct:99.5, pct:1,99 or LOW,HIGH");
        let number = |text: &str| {
            let value = text.trim().parse::<f64>().ok();
            value.filter(|value| value.is_finite()).ok_or_else(wrong)
        };
        match text {
            "zscale" => return Ok(Self::default()),
            "minmax" => return Ok(Self::MinMax),
            _ => {}
        }
        let percent = text.strip_prefix("pct:");
        let limits = match (percent.unwrap_or(text).split_once(','), percent) {
            (Some((low, high)), _) => [number(low)?, number(high)?],
            (None, Some(part)) => {
                let outside = (100.0 - number(part)?) / 2.0;
                [outside, 100.0 - outside]
            }
            (None, None) => return Err(wrong()),
        };
        let [low, high] = limits;
        if low >= high {
            return Err(format!(
                "`{text}`: the first limit must be less than the second"
            ));
        }
        if percent.is_none() {
            return Ok(Self::Fixed(limits));
        }
        if low < 0.0 || high > 100.0 {
            return Err(format!("`{text}`: percentages are from 0 to 100"));
        }
        Ok(Self::Percentiles(limits))
    }
}

impl fmt::Display for LimitRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZScale(_) => write!(f, "zscale"),
            Self::MinMax => write!(f, "minmax"),
            Self::Percentiles([low, high]) => write!(f, "pct:{low},{high}"),
            Self::Fixed([low, high]) => write!(f, "{low},{high}"),
        }
    }
}
