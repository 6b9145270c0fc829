//! The frames of a header: what each axis of the world is, as nodes of gwcs in YAML.

use super::axes::{Axes, Axis, AxisKind, Curve};
use super::keywords::Keywords;
use super::number;
use super::number::Read;
use super::tabular;
use super::units;
use crate::tree::{float_text, yaml_float};

/// The frame of pixels.
pub(super) fn detector(count: usize) -> String {
    if count == 2 {
        return "!g!frame2d-1.2.0 {axes_names: [x, y], axes_order: [0, 1], axis_physical_types: ['custom:x', 'custom:y'], name: detector, \
         unit: [!unit/unit-1.0.0 pixel, !unit/unit-1.0.0 pixel]}"
            .to_owned();
    }
    let name = |axis: usize| match axis {
        0 => "x".to_owned(),
        1 => "y".to_owned(),
        2 => "z".to_owned(),
        axis => format!("p{}", axis + 1),
    };
    let list = |text: &dyn Fn(usize) -> String| {
        let texts: Vec<String> = (0..count).map(text).collect();
        texts.join(", ")
    };
    format!(
        "!g!frame-1.2.0 {{axes_names: [{}], axes_order: [{}], axes_type: [{}], axis_physical_types: [{}], name: detector, naxes: {count}, unit: [{}]}}",
        list(&name),
        list(&|axis| axis.to_string()),
        list(&|_| "PIXEL".to_owned()),
        list(&|axis| format!("'custom:{}'", name(axis))),
        list(&|_| "!unit/unit-1.0.0 pixel".to_owned()),
    )
}

/// The frame of the world: one for longitude and latitude, and one for each other axis.
pub(super) fn world(keywords: Keywords<'_>, axes: &Axes) -> Read<String> {
    let mut frames = Vec::new();
    for (place, axis) in axes.list.iter().enumerate() {
        match axes.sky {
            Some([longitude, latitude]) if place == longitude.min(latitude) => {
                frames.push(sky(keywords, axes, axis, [longitude, latitude])?);
            }
            Some([longitude, latitude]) if place == longitude.max(latitude) => {}
            _ => frames.push(single(keywords, axes, axis)?),
        }
    }
    if let [only] = frames.as_slice() {
        return Ok(only.clone());
    }
    let frames = frames.join(", ");
    Ok(format!(
        "!g!composite_frame-1.0.0 {{name: world, frames: [{frames}]}}"
    ))
}

/// A text in single quotes.
pub(super) fn quoted(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    format!("'{}'", plain.replace('\'', "''"))
}

/// A frame of one axis.
fn single(keywords: Keywords<'_>, all: &Axes, axis: &Axis) -> Read<String> {
    let order = axis.number - 1;
    let kind = axis.text.trim();
    let given = keywords.name(&format!("CNAME{}", axis.number));
    let given = number::described_text(keywords.header, &given);
    let label = quoted(if given.is_empty() { kind } else { &given });
    Ok(match &axis.kind {
        AxisKind::Spectral(quantity) => {
            let unit = match axis.curve {
                Curve::Table => tabular::unit(keywords, axis.number, quantity.unit)?,
                _ => quantity.unit.to_owned(),
            };
            let more = spectral(keywords, all);
            format!(
                "!g!spectral_frame-1.2.0 {{axes_names: [{label}], axes_order: [{order}], axis_physical_types: ['{}'], name: {}, \
                 unit: [!unit/unit-1.0.0 {}]{more}}}",
                quantity.physical,
                quoted(kind),
                quoted(&unit),
            )
        }
        AxisKind::Stokes => {
            format!(
                "!g!stokes_frame-1.0.0 {{axes_order: [{order}], name: {}}}",
                quoted(kind)
            )
        }
        AxisKind::Time => time(keywords, axis, &label)?,
        AxisKind::Longitude(_) | AxisKind::Latitude(_) | AxisKind::Face | AxisKind::Other => {
            let physical = if kind.is_empty() {
                "custom:axis".to_owned()
            } else {
                format!("custom:{kind}")
            };
            let unit = match &axis.kind {
                AxisKind::Face | AxisKind::Other => units::text(keywords, axis.number)?,
                _ => sky_unit(keywords, axis)?,
            };
            generic(axis, &label, &physical, &unit, "SPATIAL")
        }
    })
}

/// The unit of a longitude or latitude.
fn sky_unit(keywords: Keywords<'_>, axis: &Axis) -> Read<String> {
    match axis.curve {
        Curve::Table => tabular::unit(keywords, axis.number, "deg"),
        _ => Ok("deg".to_owned()),
    }
}

/// A frame of which gwcs knows nothing special.
fn generic(axis: &Axis, label: &str, physical: &str, unit: &str, kind: &str) -> String {
    let name = axis.text.trim();
    let name = if name.is_empty() {
        format!("axis {}", axis.number)
    } else {
        name.to_owned()
    };
    format!(
        "!g!frame-1.2.0 {{axes_names: [{label}], axes_order: [{}], axes_type: [{kind}], axis_physical_types: [{}], name: {}, naxes: 1, \
         unit: [!unit/unit-1.0.0 {}]}}",
        axis.number - 1,
        quoted(physical),
        quoted(&name),
        quoted(unit),
    )
}

/// What belongs to a spectral frame and has no key in gwcs: keys of our own, which it passes over.
fn spectral(keywords: Keywords<'_>, axes: &Axes) -> String {
    let mut keys = String::new();
    let text = |stem: &str| number::described_text(keywords.header, &keywords.name(stem));
    let value = |stem: &str| number::described(keywords.header, &keywords.name(stem));
    let system = text("SPECSYS");
    let system = match axes.old_frame {
        Some(old) if system.is_empty() => old.to_owned(),
        _ => system,
    };
    let position = match system.as_str() {
        "GEOCENTR" => Some("geocenter"),
        "BARYCENT" => Some("barycenter"),
        "HELIOCEN" => Some("heliocenter"),
        _ => None,
    };
    if let Some(position) = position {
        keys.push_str(&format!(", reference_position: {position}"));
    }
    for (key, text) in [("specsys", system), ("ssysobs", text("SSYSOBS"))] {
        if !text.is_empty() {
            keys.push_str(&format!(", {key}: {}", quoted(&text)));
        }
    }
    let old = || value("RESTFREQ").filter(|_| keywords.is_primary());
    let numbers = [
        ("restfrq", value("RESTFRQ").or_else(old)),
        ("restwav", value("RESTWAV")),
        ("velosys", value("VELOSYS")),
        ("zsource", value("ZSOURCE")),
    ];
    for (key, value) in numbers {
        if let Some(value) = value {
            keys.push_str(&format!(", {key}: {}", yaml_float(value)));
        }
    }
    let side = |name: &str| number::described(keywords.header, &format!("OBSGEO-{name}"));
    if let (Some(x), Some(y), Some(z)) = (side("X"), side("Y"), side("Z")) {
        let place = [x, y, z].map(yaml_float).join(", ");
        keys.push_str(&format!(", obsgeo: [{place}]"));
    }
    keys
}

/// An axis of time: a temporal frame where the header says since when.
fn time(keywords: Keywords<'_>, axis: &Axis, label: &str) -> Read<String> {
    let kind = axis.text.trim();
    let unit = units::text(keywords, axis.number)?;
    let unit = if unit.is_empty() { "s" } else { unit.as_str() };
    let header = keywords.header;
    let system = number::described_text(header, "TIMESYS");
    let scale = match kind {
        "TIME" | "LOCAL" => system.as_str(),
        kind => kind,
    };
    let scale = match scale {
        "" | "UTC" | "GMT" | "UT" => "utc",
        "TAI" | "IAT" => "tai",
        "TT" | "TDT" | "ET" => "tt",
        "TDB" => "tdb",
        "TCB" => "tcb",
        "TCG" => "tcg",
        "UT1" => "ut1",
        _ => return Ok(generic(axis, label, "time", unit, "TEMPORAL")),
    };
    let date = number::described_text(header, "DATEREF");
    let days = match number::described(header, "MJDREFI") {
        Some(whole) => Some(whole + number::described(header, "MJDREFF").unwrap_or(0.0)),
        None => number::described(header, "MJDREF"),
    };
    let reference = match (date, days) {
        (date, _) if is_date(&date) => {
            let midnight = if date.contains('T') { "" } else { "T00:00:00" };
            format!("{{value: '{date}{midnight}', scale: {scale}}}")
        }
        (_, Some(days)) => format!(
            "{{value: {}, scale: {scale}, format: mjd}}",
            yaml_float(days)
        ),
        _ => return Ok(generic(axis, label, "time", unit, "TEMPORAL")),
    };
    Ok(format!(
        "!g!temporal_frame-1.2.0 {{axes_names: [{label}], axes_order: [{}], axis_physical_types: ['time'], name: {}, \
         reference_frame: !time/time-1.4.0 {reference}, unit: [!unit/unit-1.0.0 {}]}}",
        axis.number - 1,
        quoted(kind),
        quoted(unit),
    ))
}

/// True for `2020-05-06` and `2020-05-06T07:08:09.5`.
fn is_date(text: &str) -> bool {
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00"));
    let whole = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let date: Vec<&str> = date.split('-').collect();
    let time: Vec<&str> = time.split(':').collect();
    let (&[year, month, day], &[hour, minute, second]) = (date.as_slice(), time.as_slice()) else {
        return false;
    };
    let (second, part) = second.split_once('.').unwrap_or((second, "0"));
    whole(year, 4)
        && [month, day, hour, minute, second]
            .iter()
            .all(|own| whole(own, 2))
        && whole(part, part.len().max(1))
}

/// The frame of longitude and latitude, which stand at these places.
fn sky(
    keywords: Keywords<'_>,
    all: &Axes,
    first: &Axis,
    [longitude, latitude]: [usize; 2],
) -> Read<String> {
    let system = match &first.kind {
        AxisKind::Longitude(system) | AxisKind::Latitude(system) => system.as_str(),
        _ => "",
    };
    let order = format!("[{longitude}, {latitude}]");
    let frame = match system {
        "RA" => equatorial(keywords)?,
        "G" => Reference::astropy("galactic", "1.2.0", "{}").typed("pos.galactic"),
        "E" => Reference::named("ecliptic").typed("pos.ecliptic"),
        "H" => Reference::named("helioecliptic"),
        "S" => Reference::named("supergalactic").typed("pos.supergalactic"),
        "T" => Reference::named("terrestrial").typed("pos.bodyrc"),
        "HP" => Reference::named("helioprojective"),
        "HG" => Reference::named("heliographic_stonyhurst"),
        "CR" => Reference::named("heliographic_carrington"),
        other => Reference::named(&other.to_ascii_lowercase()),
    };
    let more = match system {
        "HP" | "HG" | "CR" => observer(keywords),
        "E" | "H" => equinox(keywords)?.map_or_else(String::new, |year| {
            format!(", equinox: {}", yaml_float(year))
        }),
        _ => String::new(),
    };
    let mut units = Vec::new();
    for place in [longitude, latitude] {
        let unit = match all.list.get(place) {
            Some(axis) => sky_unit(keywords, axis)?,
            None => "deg".to_owned(),
        };
        units.push(format!("!unit/unit-1.0.0 {}", quoted(&unit)));
    }
    let units = units.join(", ");
    let [longitude_type, latitude_type] = &frame.types;
    let reference = frame
        .node
        .map_or_else(String::new, |node| format!(", reference_frame: {node}"));
    Ok(format!(
        "!g!celestial_frame-1.2.0 {{axes_names: [lon, lat], axes_order: {order}, axis_physical_types: ['{longitude_type}', '{latitude_type}'], name: {}{reference}, \
         unit: [{units}]{more}}}",
        quoted(&frame.name),
    ))
}

/// What a system of the sky is called, and its node of astropy where there is one.
struct Reference {
    name: String,
    node: Option<String>,
    types: [String; 2],
}

impl Reference {
    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            node: None,
            types: ["lon", "lat"].map(|axis| format!("custom:pos.{name}.{axis}")),
        }
    }

    fn astropy(name: &str, version: &str, attributes: &str) -> Self {
        Self {
            name: name.to_owned(),
            node: Some(format!(
                "!a!{name}-{version} {{frame_attributes: {attributes}}}"
            )),
            types: ["ra", "dec"].map(|axis| format!("pos.eq.{axis}")),
        }
    }

    fn typed(mut self, kind: &str) -> Self {
        self.types = ["lon", "lat"].map(|axis| format!("{kind}.{axis}"));
        self
    }
}

/// A year with three places as the reference writes it, or all that it has.
fn epoch(year: f64) -> String {
    let short = format!("{year:.3}");
    if short.parse() == Ok(year) {
        return short;
    }
    float_text(year)
}

/// An equinox that is text counts for nothing, as in wcslib.
fn equinox(keywords: Keywords<'_>) -> Read<Option<f64>> {
    match keywords.number_unless_text("EQUINOX")? {
        None if keywords.is_primary() => keywords.number_unless_text("EPOCH"),
        found => Ok(found),
    }
}

/// The frame as wcslib finds it; one whose name is not known has only that.
fn equatorial(keywords: Keywords<'_>) -> Read<Reference> {
    let equinox = equinox(keywords)?;
    let mut name = keywords.text("RADESYS")?;
    if name.is_empty() && keywords.is_primary() {
        name = number::string(keywords.header, "RADECSYS")?.unwrap_or_default();
    }
    let time = |kind: char, year: f64| {
        format!(
            "!time/time-1.4.0 {{scale: tt, value: {kind}{}}}",
            epoch(year)
        )
    };
    let julian = |year: f64| format!("{{equinox: {}}}", time('J', year));
    let besselian = |year: f64| {
        let time = time('B', year);
        format!("{{equinox: {time}, obstime: {time}}}")
    };
    // An equinox of 0 says nothing.
    let equinox = equinox.filter(|year| *year > 0.0);
    let name = name.trim().to_ascii_uppercase();
    Ok(match (name.as_str(), equinox) {
        ("ICRS", _) | ("", None) => Reference::astropy("icrs", "1.1.0", "{}"),
        ("FK5", equinox) => Reference::astropy("fk5", "1.2.0", &julian(equinox.unwrap_or(2000.0))),
        ("FK4", equinox) => {
            Reference::astropy("fk4", "1.2.0", &besselian(equinox.unwrap_or(1950.0)))
        }
        ("FK4-NO-E", equinox) => {
            let attributes = besselian(equinox.unwrap_or(1950.0));
            Reference::astropy("fk4noeterms", "1.2.0", &attributes)
        }
        ("", Some(equinox)) if equinox < 1984.0 => {
            Reference::astropy("fk4", "1.2.0", &besselian(equinox))
        }
        ("", Some(equinox)) => Reference::astropy("fk5", "1.2.0", &julian(equinox)),
        (name, _) => {
            let mut frame = Reference::named(&name.to_ascii_lowercase());
            frame.types = ["ra", "dec"].map(|axis| format!("pos.eq.{axis}"));
            frame
        }
    })
}

/// From where and when the Sun is seen: keys of our own, which gwcs passes over.
fn observer(keywords: Keywords<'_>) -> String {
    let header = keywords.header;
    let mut found = Vec::new();
    for name in [
        "DSUN_OBS", "HGLN_OBS", "HGLT_OBS", "CRLN_OBS", "CRLT_OBS", "RSUN_REF",
    ] {
        if let Some(value) = number::described(header, name) {
            let key = name.to_ascii_lowercase();
            found.push(format!("{key}: {}", yaml_float(value)));
        }
    }
    let dates = ["DATE-AVG", "DATE-OBS"].map(|name| number::described_text(header, name));
    if let Some(date) = dates.iter().find(|date| !date.is_empty()) {
        found.push(format!("obstime: {}", quoted(date)));
    }
    if found.is_empty() {
        return String::new();
    }
    format!(", observer: {{{}}}", found.join(", "))
}
