//! Round numbers along an axis.

/// Where ticks stand, with their labels: multiples of 1, 2 or 5 times a power of ten, at most so many.
pub fn ticks(low: f64, high: f64, most: usize) -> Vec<(f64, String)> {
    let range = high - low;
    if !range.is_finite() || range <= 0.0 || most == 0 {
        return Vec::new();
    }
    let step = step(range, most);
    let first = (low / step).ceil();
    let mut found = Vec::new();
    for number in 0..=most {
        #[expect(clippy::cast_precision_loss, reason = "a few ticks")]
        let value = (first + number as f64) * step;
        if value > high + step * 1e-9 {
            break;
        }
        found.push((value, label(value, step)));
    }
    found
}

/// Where ticks stand on a logarithmic axis whose ends are logarithms, with the labels of the values: powers of ten, with 2
/// and 5 between them where there are few, at most so many.
pub fn log_ticks(low: f64, high: f64, most: usize) -> Vec<(f64, String)> {
    if !(high - low).is_finite() || high <= low || most == 0 || high - low > 700.0 {
        return Vec::new();
    }
    #[expect(clippy::cast_possible_truncation, reason = "powers of floats")]
    let (first, last) = (low.floor() as i32, high.ceil() as i32);
    let is_within = |value: &f64| (low - 1e-9..=high + 1e-9).contains(value);
    let all = |factors: &[f64]| -> Vec<f64> {
        let powers = (first..=last).flat_map(|power| {
            factors
                .iter()
                .map(move |factor| f64::from(power) + factor.log10())
        });
        powers.filter(is_within).collect()
    };
    let (fine, coarse) = (all(&[1.0, 2.0, 5.0]), all(&[1.0]));
    let shown = if fine.len() <= most { fine } else { coarse };
    let step = shown.len().div_ceil(most).max(1);
    let tick = |power: &f64| {
        let value = 10_f64.powf(*power);
        (*power, label(value, 10_f64.powf(power.floor())))
    };
    shown.iter().step_by(step).map(tick).collect()
}

/// The least round step that leaves at most so many ticks.
fn step(range: f64, most: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few ticks")]
    let least = range / most as f64;
    let power = 10_f64.powf(least.log10().floor());
    let round = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power);
    round
        .into_iter()
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// A multiple of a step with the digits that the step needs.
fn label(value: f64, step: f64) -> String {
    // Rounding may leave a trace of zero.
    let value = if value.abs() < step * 1e-6 {
        0.0
    } else {
        value
    };
    let size = value.abs().max(step);
    if (1e-4..1e6).contains(&size) && step >= 1e-6 {
        #[expect(clippy::cast_possible_truncation, reason = "at most six")]
        #[expect(clippy::cast_sign_loss, reason = "not below 0")]
        let places = (-step.log10().floor()).max(0.0) as usize;
        return format!("{value:.places$}");
    }
    #[expect(clippy::cast_possible_truncation, reason = "digits of a float")]
    #[expect(clippy::cast_sign_loss, reason = "not below 0")]
    let digits = (size.log10().floor() - step.log10().floor()).clamp(0.0, 12.0) as usize;
    format!("{value:.digits$e}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, most: usize) -> Vec<String> {
        ticks(low, high, most)
            .into_iter()
            .map(|tick| tick.1)
            .collect()
    }

    #[test]
    fn ticks_are_round_and_have_the_digits_that_they_need() {
        assert_eq!(
            labels(0.0, 1023.0, 6),
            ["0", "200", "400", "600", "800", "1000"]
        );
        assert_eq!(labels(-0.23, 0.31, 4), ["-0.2", "0.0", "0.2"]);
        assert_eq!(
            labels(1.234e-9, 1.236e-9, 3),
            ["1.234e-9", "1.235e-9", "1.236e-9"]
        );
        assert_eq!(labels(1e20, 3e20, 3), ["1e20", "2e20", "3e20"]);
    }

    #[test]
    fn logarithmic_axes_have_powers_of_ten() {
        let labels = |low: f64, high: f64, most: usize| {
            let found = log_ticks(low, high, most).into_iter();
            found.map(|tick| tick.1).collect::<Vec<_>>()
        };
        assert_eq!(
            labels(0.0, 2.0, 8),
            ["1", "2", "5", "10", "20", "50", "100"]
        );
        assert_eq!(labels(-1.0, 3.5, 5), ["0.1", "1", "10", "100", "1000"]);
        assert_eq!(labels(0.0, 12.0, 5).len(), 5);
        assert!(labels(1.0, 1.0, 5).is_empty());
        assert!(labels(f64::NEG_INFINITY, 1.0, 5).is_empty());
    }

    #[test]
    fn no_range_has_no_ticks() {
        assert!(labels(1.0, 1.0, 5).is_empty());
        assert!(labels(f64::NAN, 1.0, 5).is_empty());
        assert!(labels(0.0, 1.0, 0).is_empty());
        assert!(labels(f64::MIN, f64::MAX, 5).is_empty());
    }
}
