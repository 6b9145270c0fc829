//! The table of all functional models.

use super::parameters::Read;
use super::{blackbody, exponential, math, power_law, profile1d, profile2d, trigonometric};

/// `(name, reader)` of all functional models, sorted by name. The name is that of the tag
/// `!transform/NAME-version`.
pub(super) const FUNCTIONS: &[(&str, Read)] = &[
    ("airy_disk2d", profile2d::read_airy_disk2d),
    ("arccosine1d", trigonometric::read_arccosine1d),
    ("arcsine1d", trigonometric::read_arcsine1d),
    ("arctangent1d", trigonometric::read_arctangent1d),
    ("blackbody", blackbody::read_blackbody),
    ("box1d", profile1d::read_box1d),
    ("box2d", profile2d::read_box2d),
    ("broken_power_law1d", power_law::read_broken_power_law1d),
    ("cosine1d", trigonometric::read_cosine1d),
    ("disk2d", profile2d::read_disk2d),
    ("drude1d", profile1d::read_drude1d),
    ("ellipse2d", profile2d::read_ellipse2d),
    ("exponential1d", exponential::read_exponential1d),
    (
        "exponential_cutoff_power_law1d",
        power_law::read_exponential_cutoff_power_law1d,
    ),
    ("gaussian1d", profile1d::read_gaussian1d),
    ("gaussian2d", profile2d::read_gaussian2d),
    (
        "king_projected_analytic1d",
        profile1d::read_king_projected_analytic1d,
    ),
    ("log_parabola1d", power_law::read_log_parabola1d),
    ("logarithmic1d", exponential::read_logarithmic1d),
    ("lorentz1d", profile1d::read_lorentz1d),
    ("math_functions", math::read_math_functions),
    ("moffat1d", profile1d::read_moffat1d),
    ("moffat2d", profile2d::read_moffat2d),
    ("plummer1d", profile1d::read_plummer1d),
    ("power_law1d", power_law::read_power_law1d),
    ("ricker_wavelet1d", profile1d::read_ricker_wavelet1d),
    ("ricker_wavelet2d", profile2d::read_ricker_wavelet2d),
    ("ring2d", profile2d::read_ring2d),
    ("schechter1d", power_law::read_schechter1d),
    ("sersic1d", profile1d::read_sersic1d),
    ("sersic2d", profile2d::read_sersic2d),
    ("sine1d", trigonometric::read_sine1d),
    (
        "smoothly_broken_power_law1d",
        power_law::read_smoothly_broken_power_law1d,
    ),
    ("tangent1d", trigonometric::read_tangent1d),
    ("trapezoid1d", profile1d::read_trapezoid1d),
    ("trapezoid_disk2d", profile2d::read_trapezoid_disk2d),
    ("voigt1d", profile1d::read_voigt1d),
];
