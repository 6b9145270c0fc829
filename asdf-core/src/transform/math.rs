//! The functions of numpy, by name.

use std::f64::consts::{LN_2, LOG2_E};
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use super::function::{Function, model};
use super::model::Model;
use super::parameters::Reader;
use crate::error::Result;

/// A function of one number. Its type is a parameter, so that a loop calls it directly.
struct Unary<F> {
    name: &'static str,
    function: F,
}

impl<F> Debug for Unary<F> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl<F: Fn(f64) -> f64 + Send + Sync + 'static> Function<1> for Unary<F> {
    fn value(&self, [x]: [f64; 1]) -> f64 {
        (self.function)(x)
    }
}

/// A function of two numbers.
struct Binary<F> {
    name: &'static str,
    function: F,
}

impl<F> Debug for Binary<F> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl<F: Fn(f64, f64) -> f64 + Send + Sync + 'static> Function<2> for Binary<F> {
    fn value(&self, [x, y]: [f64; 2]) -> f64 {
        (self.function)(x, y)
    }
}

/// `divmod`, the only function with two values.
#[derive(Debug)]
struct Divmod;

impl Model for Divmod {
    fn arity(&self) -> (usize, usize) {
        (2, 2)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([dividends, divisors], [quotients, remainders]) = (input, output) else {
            return;
        };
        let values = quotients.iter_mut().zip(remainders.iter_mut());
        for ((a, b), (quotient, rest)) in dividends.iter().zip(*divisors).zip(values) {
            (*quotient, *rest) = divmod(*a, *b);
        }
    }
}

fn unary<F>(name: &'static str, function: F) -> Arc<dyn Model>
where
    F: Fn(f64) -> f64 + Send + Sync + 'static,
{
    model(Unary { name, function })
}

fn binary<F>(name: &'static str, function: F) -> Arc<dyn Model>
where
    F: Fn(f64, f64) -> f64 + Send + Sync + 'static,
{
    model(Binary { name, function })
}

/// Reads `math_functions`.
pub(super) fn read_math_functions(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let name = reader.text("func_name")?;
    elementary(name)
        .or_else(|| transcendental(name))
        .or_else(|| of_two(name))
        .ok_or_else(|| reader.wrong("func_name", "the name of a mathematical function of numpy"))
}

/// Functions of one number that need no more than arithmetic, and roots.
fn elementary(name: &str) -> Option<Arc<dyn Model>> {
    Some(match name {
        "absolute" => unary("absolute", f64::abs),
        "cbrt" => unary("cbrt", f64::cbrt),
        "deg2rad" => unary("deg2rad", f64::to_radians),
        "fabs" => unary("fabs", f64::abs),
        "negative" => unary("negative", |x| -x),
        "positive" => unary("positive", |x| x),
        "rad2deg" => unary("rad2deg", f64::to_degrees),
        "reciprocal" => unary("reciprocal", |x| 1.0 / x),
        "rint" => unary("rint", f64::round_ties_even),
        "sqrt" => unary("sqrt", f64::sqrt),
        "square" => unary("square", |x| x * x),
        _ => return None,
    })
}

/// Exponential, trigonometric and hyperbolic functions and their inverses.
fn transcendental(name: &str) -> Option<Arc<dyn Model>> {
    Some(match name {
        "arccos" => unary("arccos", f64::acos),
        "arccosh" => unary("arccosh", arccosh),
        "arcsin" => unary("arcsin", f64::asin),
        "arcsinh" => unary("arcsinh", arcsinh),
        "arctan" => unary("arctan", f64::atan),
        "arctanh" => unary("arctanh", arctanh),
        "cos" => unary("cos", f64::cos),
        "cosh" => unary("cosh", f64::cosh),
        "exp" => unary("exp", f64::exp),
        "exp2" => unary("exp2", f64::exp2),
        "expm1" => unary("expm1", f64::exp_m1),
        "log" => unary("log", f64::ln),
        "log10" => unary("log10", f64::log10),
        "log1p" => unary("log1p", f64::ln_1p),
        "log2" => unary("log2", f64::log2),
        "sin" => unary("sin", f64::sin),
        "sinh" => unary("sinh", f64::sinh),
        "tan" => unary("tan", f64::tan),
        "tanh" => unary("tanh", f64::tanh),
        _ => return None,
    })
}

/// Functions of two numbers.
fn of_two(name: &str) -> Option<Arc<dyn Model>> {
    Some(match name {
        "add" => binary("add", |x, y| x + y),
        "arctan2" => binary("arctan2", f64::atan2),
        "divide" | "true_divide" => binary("divide", |x, y| x / y),
        "divmod" => Arc::new(Divmod),
        "floor_divide" => binary("floor_divide", |x, y| divmod(x, y).0),
        "fmod" => binary("fmod", |x, y| x % y),
        "hypot" => binary("hypot", f64::hypot),
        "logaddexp" => binary("logaddexp", logaddexp),
        "logaddexp2" => binary("logaddexp2", logaddexp2),
        "multiply" => binary("multiply", |x, y| x * y),
        "power" => binary("power", f64::powf),
        "remainder" | "mod" => binary("remainder", |x, y| divmod(x, y).1),
        "subtract" => binary("subtract", |x, y| x - y),
        _ => return None,
    })
}

/// Beyond this the 1 in `x² ± 1` is below the rounding, and `x²` may overflow.
const HUGE: f64 = 1e9;

/// The inverse of cosh. The one of the standard library overflows and loses digits near 1.
fn arccosh(x: f64) -> f64 {
    if x < 1.0 {
        return f64::NAN;
    }
    if x > HUGE {
        return x.ln() + LN_2;
    }
    let excess = x - 1.0;
    (excess + (excess * (x + 1.0)).sqrt()).ln_1p()
}

/// The inverse of sinh. The one of the standard library overflows.
fn arcsinh(x: f64) -> f64 {
    let r = x.abs();
    let value = if r > HUGE {
        r.ln() + LN_2
    } else {
        let square = r * r;
        (r + square / (1.0 + (1.0 + square).sqrt())).ln_1p()
    };
    value.copysign(x)
}

/// The inverse of tanh. The one of the standard library loses digits near -1.
fn arctanh(x: f64) -> f64 {
    let r = x.abs();
    (0.5 * (2.0 * r / (1.0 - r)).ln_1p()).copysign(x)
}

/// `ln(e^x + e^y)` without overflow.
fn logaddexp(x: f64, y: f64) -> f64 {
    // Their difference is NaN for infinities of the same sign.
    if x.total_cmp(&y).is_eq() && !x.is_nan() {
        return x + LN_2;
    }
    let difference = x - y;
    if difference.is_nan() {
        return f64::NAN;
    }
    x.max(y) + (-difference.abs()).exp().ln_1p()
}

/// `log₂(2^x + 2^y)` without overflow.
fn logaddexp2(x: f64, y: f64) -> f64 {
    if x.total_cmp(&y).is_eq() && !x.is_nan() {
        return x + 1.0;
    }
    let difference = x - y;
    if difference.is_nan() {
        return f64::NAN;
    }
    x.max(y) + LOG2_E * (-difference.abs()).exp2().ln_1p()
}

/// The quotient rounded down and the remainder, which has the sign of the divisor. The remainder is the
/// exact one; the quotient comes from it.
fn divmod(a: f64, b: f64) -> (f64, f64) {
    let rest = a % b;
    if b == 0.0 {
        return (a / b, rest);
    }
    let mut rest = rest;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0_f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0.0_f64.copysign(a / b), rest);
    }
    let floor = quotient.floor();
    // The division can end just below a whole number.
    let whole = if quotient - floor > 0.5 {
        floor + 1.0
    } else {
        floor
    };
    (whole, rest)
}
