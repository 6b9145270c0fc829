//! Projections of the sphere onto a plane (Calabretta & Greisen 2002, FITS paper II), as wcslib bounds
//! them. Angles and plane coordinates are in degrees; what has no counterpart is NaN in both.

mod conic;
mod cylindrical;
mod healpix;
mod perspective;
mod polynomial;
mod pseudoconic;
mod pseudocylindrical;
mod quadcube;
mod sphere;
mod zenithal;

use super::parameters::Read;
#[cfg(feature = "fits")]
pub(crate) use polynomial::ZenithalPolynomial;
pub(super) use polynomial::read as read_polynomial;

/// All projections by the names in their tags, sorted.
pub(super) const PROJECTIONS: &[(&str, Read)] = &[
    ("airy", perspective::read_airy),
    ("bonne_equal_area", pseudoconic::read_bonne),
    ("cobe_quad_spherical_cube", quadcube::read_cobe),
    ("conic_equal_area", conic::read_equal_area),
    ("conic_equidistant", conic::read_equidistant),
    ("conic_orthomorphic", conic::read_orthomorphic),
    ("conic_perspective", conic::read_perspective),
    ("cylindrical_equal_area", cylindrical::read_equal_area),
    ("cylindrical_perspective", cylindrical::read_perspective),
    ("gnomonic", zenithal::read_gnomonic),
    ("hammer_aitoff", pseudocylindrical::read_hammer_aitoff),
    ("healpix", healpix::read_healpix),
    ("healpix_polar", healpix::read_polar),
    ("mercator", cylindrical::read_mercator),
    ("molleweide", pseudocylindrical::read_molleweide),
    ("parabolic", pseudocylindrical::read_parabolic),
    ("plate_carree", cylindrical::read_plate_carree),
    ("polyconic", pseudoconic::read_polyconic),
    ("quad_spherical_cube", quadcube::read_quadrilateral),
    ("sanson_flamsteed", pseudocylindrical::read_sanson_flamsteed),
    ("slant_orthographic", zenithal::read_slant_orthographic),
    ("slant_zenithal_perspective", perspective::read_slant),
    ("stereographic", zenithal::read_stereographic),
    ("tangential_spherical_cube", quadcube::read_tangential),
    ("zenithal_equal_area", zenithal::read_equal_area),
    ("zenithal_equidistant", zenithal::read_equidistant),
    ("zenithal_perspective", perspective::read_zenithal),
];
