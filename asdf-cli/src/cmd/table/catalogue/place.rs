//! Where and when: circles, polygons and times of the command line.

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

#[cfg(test)]
mod tests {
    use super::*;

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
