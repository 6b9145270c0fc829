//! Where and when: circles, polygons and times of the command line.

use asdf_archive::read::Bounds;
use asdf_core::inspect::mjd;
use asdf_core::wcs::{SkyRegion, sky_separation};
use std::str::FromStr;

/// A circle on the sky.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cone {
    centre: [f64; 2],
    radius: f64,
}

/// A polygon on the sky.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Region(SkyRegion);

/// A stretch of time in modified Julian dates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Period {
    start: f64,
    end: f64,
}

impl FromStr for Cone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Option<Vec<f64>> = text
            .split(',')
            .map(|number| number.trim().parse().ok())
            .collect();
        match numbers.as_deref() {
            Some(&[longitude, latitude, radius])
                if longitude.is_finite()
                    && (-90.0..=90.0).contains(&latitude)
                    && (0.0..=180.0).contains(&radius) =>
            {
                Ok(Self {
                    centre: [longitude, latitude],
                    radius,
                })
            }
            _ => Err("expected RA,DEC,RADIUS in degrees, as in 268.5,-29.2,0.1".to_owned()),
        }
    }
}

impl Cone {
    /// Longitude, latitude and radius.
    pub(super) fn circle(&self) -> [f64; 3] {
        let [longitude, latitude] = self.centre;
        [longitude, latitude, self.radius]
    }

    pub(super) fn touches(&self, footprint: &SkyRegion) -> bool {
        let [longitude, latitude] = self.centre;
        footprint.distance(longitude, latitude) <= self.radius
    }
}

impl FromStr for Region {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let region = SkyRegion::parse(text).map(Self);
        region.ok_or_else(|| {
            "expected POLYGON ICRS and three or more pairs of degrees, within 80 degrees of their middle"
                .to_owned()
        })
    }
}

impl Region {
    /// The circle around it.
    pub(super) fn circle(&self) -> [f64; 3] {
        let [longitude, latitude] = self.0.centre();
        [longitude, latitude, self.0.radius()]
    }

    pub(super) fn touches(&self, footprint: &SkyRegion) -> bool {
        self.0.touches(footprint)
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            "expected FROM..TO with dates such as 2027-03-14 or modified Julian dates".to_owned()
        };
        let (start, end) = text.split_once("..").ok_or_else(wrong)?;
        let moment = |text: &str, none: f64| match text.trim() {
            "" => Some(none),
            text => mjd(text).or_else(|| text.parse().ok().filter(|day: &f64| day.is_finite())),
        };
        let start = moment(start, f64::NEG_INFINITY).ok_or_else(wrong)?;
        let end = moment(end, f64::INFINITY).ok_or_else(wrong)?;
        if start > end {
            return Err("the time ends before it begins".to_owned());
        }
        Ok(Self { start, end })
    }
}

impl Period {
    /// Whether something that was taken from one moment to the other falls into it; without an end it was a moment.
    pub(super) fn overlaps(&self, start: Option<f64>, end: Option<f64>) -> bool {
        let Some(start) = start.or(end) else {
            return false;
        };
        start <= self.end && end.unwrap_or(start) >= self.start
    }
}

/// Whether two circles touch, with a little slack for how their numbers were rounded.
pub(super) fn near(a: [f64; 3], b: [f64; 3]) -> bool {
    let ([a_lon, a_lat, a_radius], [b_lon, b_lat, b_radius]) = (a, b);
    // Declinations alone rule out most.
    let reach = a_radius + b_radius + 1e-9;
    (a_lat - b_lat).abs() <= reach && sky_separation([a_lon, a_lat], [b_lon, b_lat]) <= reach
}

/// Whether a circle touches others of which only the least and greatest longitude, latitude and diameter are known.
pub(super) fn may_be_near(circle: [f64; 3], bounds: [Bounds; 3]) -> bool {
    let [longitude, latitude, radius] = circle;
    if bounds.contains(&Bounds::Empty) {
        return false;
    }
    let [
        Bounds::Within(west, east),
        Bounds::Within(south, north),
        Bounds::Within(_, widest),
    ] = bounds
    else {
        return true;
    };
    let reach = radius + widest / 2.0 + 1e-9;
    let (low, high) = (latitude - reach, latitude + reach);
    if high < south || low > north {
        return false;
    }
    // How far a circle reaches east and west; around a pole all the way.
    if low <= -90.0 || high >= 90.0 {
        return true;
    }
    let ratio = reach.to_radians().sin() / latitude.to_radians().cos();
    let half = ratio.min(1.0).asin().to_degrees() + 1e-9;
    // Longitudes of a catalogue may be of any turn.
    [-720.0, -360.0, 0.0, 360.0, 720.0]
        .iter()
        .any(|turn| longitude + turn - half <= east && longitude + turn + half >= west)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is ruled out by bounds is ruled out for each point within them.
    #[test]
    fn bounds_rule_out_only_what_is_far() {
        let boxes = [
            [10.0, 20.0, -5.0, 5.0],
            [0.0, 360.0, 70.0, 90.0],
            [350.0, 359.0, 40.0, 60.0],
        ];
        let points = |[west, east, south, north]: [f64; 4]| {
            let at = move |number: u32, low: f64, high: f64| {
                low + (high - low) * f64::from(number) / 20.0
            };
            (0..441).map(move |number| [at(number / 21, west, east), at(number % 21, south, north)])
        };
        let (mut near_count, mut ruled_out) = (0, 0);
        for bounds in boxes {
            let [west, east, south, north] = bounds;
            let known = [
                Bounds::Within(west, east),
                Bounds::Within(south, north),
                Bounds::Within(0.1, 0.4),
            ];
            for number in 0..2000_u32 {
                let circle = [
                    f64::from(number * 37 % 360),
                    f64::from(number * 61 % 181) - 90.0,
                    f64::from(number % 7) * 2.5,
                ];
                let is_near = points(bounds).any(|[lon, lat]| near(circle, [lon, lat, 0.2]));
                let may_be = may_be_near(circle, known);
                assert!(may_be || !is_near, "{circle:?} {bounds:?}");
                near_count += u32::from(is_near);
                ruled_out += u32::from(!may_be);
            }
        }
        assert!(
            near_count > 100 && ruled_out > 4000,
            "{near_count} {ruled_out}"
        );
    }

    #[test]
    fn circles_and_times_are_read() {
        let cone = "268.5, -29.2,0.1".parse();
        let wanted = Cone {
            centre: [268.5, -29.2],
            radius: 0.1,
        };
        assert_eq!(cone, Ok(wanted));
        for wrong in ["1,2", "1,91,1", "1,2,-1", "x,1,1", "1,2,3,4"] {
            assert!(wrong.parse::<Cone>().is_err(), "{wrong}");
        }
        let day = Period {
            start: 61_478.0,
            end: 61_479.0,
        };
        assert_eq!("2027-03-14..61479".parse(), Ok(day));
        let since: Period = "2027-03-14..".parse().unwrap();
        assert!(since.overlaps(Some(1e6), None) && !since.overlaps(Some(1.0), Some(2.0)));
        assert!(since.overlaps(Some(1.0), Some(1e6)) && !since.overlaps(None, None));
        assert!("2..1".parse::<Period>().is_err() && "now".parse::<Period>().is_err());
    }
}
