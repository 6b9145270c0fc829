//! Region files of DS9: written.

use super::{Coordinates, Region, RegionShape};

/// Writes regions as a file that DS9 reads.
pub fn write_regions(regions: &[Region]) -> String {
    let mut out = "# Region file format: DS9\n".to_owned();
    let mut system = None;
    for region in regions {
        if system != Some(region.coordinates) {
            system = Some(region.coordinates);
            out.push_str(match region.coordinates {
                Coordinates::Pixels => "image",
                Coordinates::Sky(system) => system.name(),
            });
            out.push('\n');
        }
        if !region.is_included {
            out.push('-');
        }
        if region.is_text {
            // A text stands in what looks like a comment.
            out.push_str("# ");
        }
        out.push_str(&region.body());
        let mut properties = Vec::new();
        if !region.color.is_empty() {
            properties.push(format!("color={}", region.color));
        }
        if !region.label.is_empty() {
            // No text holds its own end.
            let label = region.label.replace(['{', '}', '\n'], " ");
            properties.push(format!("text={{{label}}}"));
        }
        if !properties.is_empty() {
            let mark = if region.is_text { "" } else { "# " };
            out.push_str(&format!(" {mark}{}", properties.join(" ")));
        }
        out.push('\n');
    }
    out
}

impl Region {
    /// `circle(10,20,3)`
    fn body(&self) -> String {
        let is_sky = self.coordinates != Coordinates::Pixels;
        let place = |[x, y]: &[f64; 2]| {
            if is_sky {
                format!("{x:.9},{y:.9}")
            } else {
                format!("{},{}", short(x + 1.0), short(y + 1.0))
            }
        };
        let length = |value: &f64| {
            if is_sky && self.in_pixels {
                format!("{}i", short(*value))
            } else if is_sky {
                format!("{}\"", short(value * 3600.0))
            } else {
                short(*value)
            }
        };
        let lengths = |values: &[f64]| values.iter().map(length).collect::<Vec<_>>().join(",");
        let angle = |angle: &f64| short(angle.to_degrees());
        match &self.shape {
            RegionShape::Point(center) if self.is_text => format!("text({})", place(center)),
            RegionShape::Point(center) => format!("point({})", place(center)),
            RegionShape::Circle(center, radius) => {
                format!("circle({},{})", place(center), length(radius))
            }
            RegionShape::Annulus(center, radii) => {
                format!("annulus({},{})", place(center), lengths(radii))
            }
            RegionShape::Ellipse(center, axes, turn) => {
                format!(
                    "ellipse({},{},{})",
                    place(center),
                    lengths(axes),
                    angle(turn)
                )
            }
            RegionShape::Box(center, sides, turn) => {
                format!("box({},{},{})", place(center), lengths(sides), angle(turn))
            }
            RegionShape::EllipseRings(center, rings, turn) => {
                let rings: Vec<String> = rings.iter().map(|axes| lengths(axes)).collect();
                format!(
                    "ellipse({},{},{})",
                    place(center),
                    rings.join(","),
                    angle(turn)
                )
            }
            RegionShape::BoxRings(center, rings, turn) => {
                let rings: Vec<String> = rings.iter().map(|sides| lengths(sides)).collect();
                format!("box({},{},{})", place(center), rings.join(","), angle(turn))
            }
            RegionShape::Polygon(corners) => {
                let corners: Vec<String> = corners.iter().map(place).collect();
                format!("polygon({})", corners.join(","))
            }
            RegionShape::Line(from, to) => format!("line({},{})", place(from), place(to)),
        }
    }
}

/// A number with up to nine digits after the point.
fn short(value: f64) -> String {
    let text = format!("{value:.9}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}
