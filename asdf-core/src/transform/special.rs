//! Special functions, from published formulas; DLMF is the NIST Digital Library of Mathematical
//! Functions, <https://dlmf.nist.gov>.

use std::f64::consts::{FRAC_2_PI, LN_2, PI, SQRT_2, TAU};

/// `x` where the regularized incomplete gamma function `P(a, x)` is 1/2: the median of the gamma
/// distribution, `gammaincinv(a, 0.5)`. NaN unless `a` is positive.
pub(super) fn gamma_median(a: f64) -> f64 {
    /// From here on the asymptotic expansion is exact to rounding.
    const LARGE: f64 = 200.0;
    /// Newton's method converges from the left of a concave function, quadratically.
    const STEPS: usize = 30;
    if a.is_nan() || a <= 0.0 {
        return f64::NAN;
    }
    if a >= LARGE {
        return gamma_median_expansion(a);
    }
    let ln_gamma = ln_gamma_1p(a);
    let mut x = if a < 1.0 {
        ((ln_gamma - LN_2) / a).exp()
    } else {
        gamma_median_expansion(a)
    };
    for _ in 0..STEPS {
        let sum = gamma_series(a, x);
        // ln(2 P(a, x)) by DLMF 8.7.1; its derivative by ln x is a / sum.
        let excess = a * x.ln() - x - ln_gamma + sum.ln() + LN_2;
        let step = excess * sum / a;
        // The step is one of ln x, because x spans hundreds of decades when a is small. It is not
        // finite where x is below the smallest number.
        if step.abs() < 1e-15 || !step.is_finite() {
            break;
        }
        x *= (-step).exp();
    }
    x
}

/// The median of the gamma distribution for large `a`: Berg and Pedersen 2006, Methods Appl. Anal. 13,
/// 363.
fn gamma_median_expansion(a: f64) -> f64 {
    const TERMS: [f64; 4] = [
        8.0 / 405.0,
        184.0 / 25_515.0,
        2248.0 / 3_444_525.0,
        -19_006_408.0 / 15_345_358_875.0,
    ];
    let sum = TERMS.iter().rev().fold(0.0, |sum, term| (sum + term) / a);
    a - 1.0 / 3.0 + sum
}

/// `Σ x^k / (a+1)(a+2)…(a+k)` from k = 0, for positive `a` and `x` (DLMF 8.7.1).
fn gamma_series(a: f64, x: f64) -> f64 {
    /// More than x ≤ 200 ever needs, when x is about a.
    const TERMS: u32 = 1000;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..TERMS {
        term *= x / (a + f64::from(k));
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

/// `ln Γ(1 + a)` for positive `a`.
fn ln_gamma_1p(a: f64) -> f64 {
    /// Where Stirling's series with `STIRLING` is exact to rounding.
    const LARGE: f64 = 12.0;
    /// B₂ₖ / (2k (2k - 1)), DLMF 5.11.1.
    const STIRLING: [f64; 8] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
        -3617.0 / 122_400.0,
    ];
    if a <= 0.5 {
        return ln_gamma_1p_small(a);
    }
    let (mut z, mut product) = (1.0 + a, 1.0);
    while z < LARGE {
        product *= z;
        z += 1.0;
    }
    let series = STIRLING
        .iter()
        .rev()
        .fold(0.0, |sum, term| sum / (z * z) + term)
        / z;
    (z - 0.5) * z.ln() - z + 0.5 * TAU.ln() + series - product.ln()
}

/// `ln Γ(1 + a)` for `|a| ≤ 1/2`, to relative accuracy also near 0 (DLMF 5.7.3).
fn ln_gamma_1p_small(a: f64) -> f64 {
    /// 1 - Euler's constant.
    const ONE_LESS_EULER: f64 = 0.422_784_335_098_467_13;
    /// Terms until `(a/2)^k / k` is below the rounding.
    const TERMS: i32 = 26;
    let mut sum = 0.0;
    for k in (2..=TERMS).rev() {
        sum = zeta_less_1(k) / f64::from(k) - a * sum;
    }
    a * ONE_LESS_EULER - a.ln_1p() + a * a * sum
}

/// Riemann's `ζ(k) - 1` for `k ≥ 2`, by the Euler-Maclaurin formula (DLMF 25.2.8).
fn zeta_less_1(k: i32) -> f64 {
    /// Numbers whose powers are summed one by one.
    const N: i32 = 10;
    /// B₂ⱼ / (2j)!
    const BERNOULLI: [f64; 6] = [
        1.0 / 12.0,
        -1.0 / 720.0,
        1.0 / 30_240.0,
        -1.0 / 1_209_600.0,
        1.0 / 47_900_160.0,
        -691.0 / 1_307_674_368_000.0,
    ];
    let (n, s) = (f64::from(N), f64::from(k));
    let mut sum = n.powi(1 - k) / (s - 1.0) + 0.5 * n.powi(-k);
    let mut term = s * n.powi(-k - 1);
    let mut rising = s;
    for coefficient in BERNOULLI {
        sum += coefficient * term;
        term *= (rising + 1.0) * (rising + 2.0) / (n * n);
        rising += 2.0;
    }
    (2..N).rev().fold(sum, |sum, m| sum + f64::from(m).powi(-k))
}

/// The Bessel function J₁. Its absolute error is about the rounding of its envelope `√(2 / πx)`.
pub(super) fn bessel_j1(x: f64) -> f64 {
    let value = match x.abs() {
        r if r < 2.0 => j1_series(r),
        r if r < 25.0 => j1_recurrence(r),
        r => j1_asymptotic(r),
    };
    if x < 0.0 { -value } else { value }
}

/// J₁ for `x < 2` by its power series (DLMF 10.2.2), which has 15 terms above the rounding.
fn j1_series(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let sum = (1..=15)
        .rev()
        .fold(1.0, |sum, k| 1.0 - quarter * sum / f64::from(k * (k + 1)));
    x / 2.0 * sum
}

/// J₁ for `2 ≤ x < 25` by Miller's algorithm (DLMF 3.6(iii), 10.74(iv)): the recurrence of the orders
/// downwards from one where J is below the rounding, normalized by `J₀ + 2 ΣJ₂ₖ = 1`.
fn j1_recurrence(x: f64) -> f64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "x is between 2 and 25 and rounded up"
    )]
    let start = 2 * (x.ceil() as i32 + 12);
    let (mut above, mut value, mut norm, mut first) = (0.0, 1e-200, 0.0, 0.0);
    for order in (1..=start).rev() {
        if order % 2 == 0 {
            norm += 2.0 * value;
        }
        first = value;
        let below = f64::from(2 * order) / x * value - above;
        above = value;
        value = below;
    }
    first / (norm + value)
}

/// J₁ for `x ≥ 25` by Hankel's expansion (DLMF 10.17.3).
fn j1_asymptotic(x: f64) -> f64 {
    /// Terms until they are below the rounding at x = 25; they grow only from about 2x on.
    const TERMS: u32 = 30;
    let (mut even, mut odd, mut term) = (1.0, 0.0, 1.0);
    for k in 1..TERMS {
        let double = f64::from(2 * k - 1);
        term *= (4.0 - double * double) / (8.0 * f64::from(k) * x);
        match k % 4 {
            0 => even += term,
            1 => odd += term,
            2 => even -= term,
            _ => odd -= term,
        }
        if term.abs() < 1e-18 {
            break;
        }
    }
    // Sine and cosine of x - 3π/4 are made of those of x, so that no digits of a large x are lost.
    let (sin, cos) = x.sin_cos();
    let phase = [(sin - cos) / SQRT_2, -(sin + cos) / SQRT_2];
    (FRAC_2_PI / x).sqrt() * (phase[0] * even - phase[1] * odd)
}

/// Nodes on each side of 0 of the trapezoidal rule for the Faddeeva function.
const NODES: usize = 14;

/// The Faddeeva function `w(z) = e^(-z²) erfc(-iz)`, by the trapezoidal rule with a correction for the
/// pole of the integrand: Al Azah and Chandler-Wilde 2021, SIAM J. Numer. Anal. 59, 2346. Sources of
/// errors are the end of the sum and the neglect of `e^(-π²/h²)`, both about `e^-44` here.
#[derive(Debug)]
pub(super) struct Faddeeva {
    /// The distance of nodes.
    step: f64,
    /// `(t, e^(-t²))` of the nodes `t` in the middle between multiples of the step.
    middles: [(f64, f64); NODES],
    /// `(t, e^(-t²))` of the nodes `t` at the multiples of the step from 1 on.
    multiples: [(f64, f64); NODES],
}

impl Faddeeva {
    /// Computes the nodes.
    pub(super) fn new() -> Self {
        let mut nodes = Self {
            step: 0.0,
            middles: [(0.0, 0.0); NODES],
            multiples: [(0.0, 0.0); NODES],
        };
        // With this the two sources of errors are in balance.
        nodes.step = (PI / f64::from(u8::try_from(NODES).unwrap_or(u8::MAX))).sqrt();
        let mut t = 0.5 * nodes.step;
        for (middle, multiple) in nodes.middles.iter_mut().zip(&mut nodes.multiples) {
            *middle = (t, (-t * t).exp());
            let next = t + 0.5 * nodes.step;
            *multiple = (next, (-next * next).exp());
            t += nodes.step;
        }
        nodes
    }

    /// `Re w(x + iy)`
    pub(super) fn real_part(&self, x: f64, y: f64) -> f64 {
        if y < 0.0 {
            // DLMF 7.4.3; the function is even in x.
            let size = 2.0 * ((y - x) * (y + x)).exp();
            // The angle of a large x may not be finite.
            let mirrored = if size == 0.0 {
                0.0
            } else {
                size * (2.0 * x * y).cos()
            };
            mirrored - self.upper_real_part(x.abs(), -y)
        } else {
            self.upper_real_part(x.abs(), y)
        }
    }

    /// `Re w(x + iy)` where neither is negative.
    fn upper_real_part(&self, x: f64, y: f64) -> f64 {
        /// From this modulus on the first term of the asymptotic series is exact to rounding.
        const FAR: f64 = 1e8;
        let modulus = x.hypot(y);
        if modulus > FAR {
            return y / modulus / modulus / PI.sqrt();
        }
        // Nodes far from the pole at x: a small y would make the sum inaccurate otherwise.
        let place = x / self.step;
        let between = (place - place.floor() - 0.5).abs() <= 0.25;
        let use_multiples = between && y < x;
        let nodes = if use_multiples {
            &self.multiples
        } else {
            &self.middles
        };
        let mut sum = nodes.iter().fold(0.0, |sum, (t, weight)| {
            let (near, far) = ((x - t).powi(2) + y * y, (x + t).powi(2) + y * y);
            sum + weight * (1.0 / near + 1.0 / far)
        });
        if use_multiples {
            sum += 1.0 / (modulus * modulus);
        }
        sum * y * self.step / PI + self.pole(x, y, if use_multiples { -1.0 } else { 1.0 })
    }

    /// The correction for the pole: the real part of `2 e^(-z²) / (1 ± e^(-2πiz/h))`.
    fn pole(&self, x: f64, y: f64, sign: f64) -> f64 {
        // There the correction is below the rounding.
        if y >= PI / self.step {
            return 0.0;
        }
        let decay = (-TAU * y / self.step).exp();
        let place = x / self.step;
        let turn = TAU * (place - place.round());
        let twist = 2.0 * x * y;
        let numerator = (turn - twist).cos() + sign * decay * twist.cos();
        let denominator = 1.0 + 2.0 * sign * decay * turn.cos() + decay * decay;
        let size = 2.0 * sign * ((y - x) * (y + x)).exp() * decay;
        size * numerator / denominator
    }
}
