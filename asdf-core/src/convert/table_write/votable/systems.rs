//! `COOSYS` and `TIMESYS`: the frames of positions and the scales of times, and the columns that refer to them.

use super::super::object::{Kind, Object, Value};
use super::escaped;
use super::params::Params;
use crate::error::Result;
use std::collections::HashMap;
use std::io::Write;

/// What a column is within an object.
#[derive(Debug, Clone, Default)]
pub(super) struct Role {
    /// The `ID` of its system.
    pub(super) system: Option<String>,
    pub(super) ucd: Option<&'static str>,
    pub(super) xtype: Option<&'static str>,
    /// The unit of numbers that have none of their own.
    pub(super) unit: Option<&'static str>,
}

/// The systems of a table.
#[derive(Default)]
pub(super) struct Systems {
    /// Attributes of each `COOSYS` and each `TIMESYS`, without the `ID`.
    positions: Vec<String>,
    times: Vec<String>,
    /// By the name of the column.
    roles: HashMap<String, Role>,
}

/// Numbers of times: the unit, the Julian date that they count from, and the `xtype`.
#[derive(Default)]
struct TimeForm {
    unit: Option<&'static str>,
    origin: Option<&'static str>,
    xtype: Option<&'static str>,
}

/// `None` of formats that `TIMESYS` has no words for.
fn form_of(format: &str) -> Option<TimeForm> {
    let counted = |unit, origin| TimeForm {
        unit: Some(unit),
        origin: Some(origin),
        xtype: None,
    };
    let years = |unit| TimeForm {
        unit: Some(unit),
        ..TimeForm::default()
    };
    Some(match format {
        "jd" => counted("d", "JD-origin"),
        "mjd" => counted("d", "MJD-origin"),
        "unix" | "unix_tai" => counted("s", "2440587.5"),
        "cxcsec" => counted("s", "2450814.5"),
        // 19 seconds of TAI after midnight.
        "gps" => counted("s", "2444244.5002199074"),
        "galexsec" => counted("s", "2444244.5"),
        "jyear" => years("yr"),
        "byear" => years("Ba"),
        "isot" => TimeForm {
            xtype: Some("timestamp"),
            ..TimeForm::default()
        },
        "iso" | "fits" | "yday" | "jyear_str" | "byear_str" => TimeForm::default(),
        _ => return None,
    })
}

/// The name of a scale in `TIMESYS`.
fn scale_of(scale: &str) -> &'static str {
    match scale {
        "utc" => "UTC",
        "tai" => "TAI",
        "tt" => "TT",
        "tdb" => "TDB",
        "tcg" => "TCG",
        "tcb" => "TCB",
        "ut1" => "UT",
        _ => "UNKNOWN",
    }
}

/// The name of a frame in `COOSYS`.
fn system_of(frame: &str) -> Option<&'static str> {
    Some(match frame {
        "icrs" => "ICRS",
        "fk5" => "eq_FK5",
        "fk4" => "eq_FK4",
        "galactic" => "galactic",
        "supergalactic" => "supergalactic",
        _ => return None,
    })
}

fn ucd(key: &str, frame: &str) -> Option<&'static str> {
    Some(match key {
        "ra" => "pos.eq.ra",
        "dec" => "pos.eq.dec",
        "l" => "pos.galactic.lon",
        "b" => "pos.galactic.lat",
        "sgl" => "pos.supergalactic.lon",
        "sgb" => "pos.supergalactic.lat",
        "az" => "pos.az.azi",
        "alt" => "pos.az.alt",
        "lon" if frame.contains("ecliptic") => "pos.ecliptic.lon",
        "lat" if frame.contains("ecliptic") => "pos.ecliptic.lat",
        "distance" => "pos.distance",
        "pm_ra_cosdec" | "pm_ra" => "pos.pm;pos.eq.ra",
        "pm_dec" => "pos.pm;pos.eq.dec",
        "radial_velocity" => "spect.dopplerVeloc",
        _ => return None,
    })
}

fn text<'v>(object: &'v Object<'_>, key: &str) -> Option<&'v str> {
    match object.get(key)? {
        Value::Text(text) => Some(text),
        Value::Scalar(node) => node.text(),
        _ => None,
    }
}

/// The column of the values, through quantities and masks.
fn column_of<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    match value {
        Value::Column(name) => Some(name),
        Value::Object(object) => {
            let inner = object.get("value").or_else(|| object.get("data"));
            inner.and_then(column_of)
        }
        _ => None,
    }
}

/// An epoch as `J2000.0`; `None` of what is no epoch.
fn epoch(value: &Value<'_>) -> Option<String> {
    let Value::Object(object) = value else {
        return None;
    };
    match (object.kind, text(object, "format")?, object.get("value")?) {
        (Kind::Time, "jyear_str" | "byear_str", Value::Text(text)) => Some(text.clone()),
        (Kind::Time, "jyear", Value::Number(year)) => Some(format!("J{year:?}")),
        (Kind::Time, "byear", Value::Number(year)) => Some(format!("B{year:?}")),
        _ => None,
    }
}

/// Whether a value is what readers take it for when nothing is said.
fn is_usual(key: &str, value: &Value<'_>) -> bool {
    match (key, value) {
        ("representation_type", Value::Scalar(node)) => node.text() == Some("spherical"),
        ("differential_type", Value::Scalar(node)) => node.text() == Some("sphericalcoslat"),
        _ => false,
    }
}

/// The number of an angle that is one whole turn.
fn is_turn(value: &Value<'_>) -> bool {
    let Value::Object(angle) = value else {
        return false;
    };
    let unit = matches!(angle.get("unit"), Some(Value::Unit(unit)) if unit == "deg");
    let number = match angle.get("value") {
        Some(Value::Scalar(node)) => node.text().and_then(|text| text.parse().ok()),
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    };
    unit && number.is_some_and(|number: f64| (number - 360.0).abs() < 1e-9)
}

impl Systems {
    pub(super) fn role(&self, column: &str) -> Option<&Role> {
        self.roles.get(column)
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> Result<()> {
        for (element, prefix, all) in [
            ("COOSYS", "coosys", &self.positions),
            ("TIMESYS", "timesys", &self.times),
        ] {
            for (attributes, number) in all.iter().zip(1_u32..) {
                writeln!(out, "<{element} ID=\"{prefix}_{number}\"{attributes}/>")?;
            }
        }
        Ok(())
    }

    fn id(all: &mut Vec<String>, prefix: &str, attributes: String) -> String {
        let place = all.iter().position(|known| *known == attributes);
        let place = place.unwrap_or_else(|| {
            all.push(attributes);
            all.len().saturating_sub(1)
        });
        format!("{prefix}_{}", place.saturating_add(1))
    }

    /// Takes up what a column of the table was.
    pub(super) fn add(
        &mut self,
        name: &str,
        object: &Object<'_>,
        params: &mut Params,
        notes: &mut Vec<String>,
    ) {
        let shown = name.escape_debug();
        match object.kind {
            Kind::SkyCoord => self.positions(name, object, params, notes),
            Kind::Time => self.times(name, object, params, notes),
            Kind::TimeDelta => {
                notes.push(format!(
                    "column `{shown}`: VOTable cannot say that it has spans of time; they are the sum of {shown}.jd1 and {shown}.jd2 in days"
                ));
                for (key, value) in &object.entries {
                    match column_of(value) {
                        Some(column) => {
                            let role = Role {
                                unit: Some("d"),
                                ucd: Some("time.duration"),
                                ..Role::default()
                            };
                            self.roles.insert(column.to_owned(), role);
                        }
                        None => note_lost(params, notes, name, key, value),
                    }
                }
            }
            Kind::EarthLocation => {
                notes.push(format!(
                    "column `{shown}`: VOTable cannot say that it has places on the Earth; they are written as geocentric columns"
                ));
                for (key, value) in &object.entries {
                    if column_of(value).is_none() {
                        note_lost(params, notes, name, key, value);
                    }
                }
            }
            Kind::Records => notes.push(format!(
                "column `{shown}` of records is written as a column for each field"
            )),
            Kind::NdarrayMixin if matches!(object.get("data"), Some(Value::Object(_))) => {
                notes.push(format!(
                    "column `{shown}` of records is written as a column for each field"
                ));
            }
            _ => wrap(name, object, params, notes),
        }
    }

    fn positions(
        &mut self,
        name: &str,
        object: &Object<'_>,
        params: &mut Params,
        notes: &mut Vec<String>,
    ) {
        let frame = text(object, "frame").unwrap_or_default();
        let system = system_of(frame);
        let mut taken = vec!["frame"];
        let mut attributes = String::new();
        if let Some(system) = system {
            attributes.push_str(&format!(" system=\"{system}\""));
            for (key, attribute) in [("equinox", "equinox"), ("obstime", "epoch")] {
                if let Some(epoch) = object.get(key).and_then(epoch) {
                    attributes.push_str(&format!(" {attribute}=\"{}\"", escaped(&epoch)));
                    taken.push(key);
                }
            }
        } else {
            notes.push(format!(
                "column `{}`: VOTable has no name for the frame `{}`; it is the PARAM {}.frame",
                name.escape_debug(),
                frame.escape_debug(),
                name.escape_debug()
            ));
            taken.clear();
        }
        let id = system.map(|_| Self::id(&mut self.positions, "coosys", attributes));
        for (key, value) in &object.entries {
            let label = format!("{name}.{key}");
            if let Value::Object(time) = value
                && time.kind == Kind::Time
                && !taken.contains(&key.as_str())
            {
                if time.get("value").and_then(column_of).is_some() {
                    self.times(&label, time, params, notes);
                } else if !self.moment(&label, time, params) {
                    note_left_out(notes, &label);
                }
                continue;
            }
            if let Some(column) = column_of(value) {
                let role = Role {
                    system: id.clone(),
                    ucd: ucd(key, frame),
                    ..Role::default()
                };
                self.roles.insert(column.to_owned(), role);
                if let Value::Object(inner) = value {
                    wrap(&label, inner, params, notes);
                }
            } else if !taken.contains(&key.as_str()) && !is_usual(key, value) {
                note_lost(params, notes, name, key, value);
            }
        }
    }

    /// The system of times of that scale and format, at a place; `None` where there is none.
    fn system(&mut self, object: &Object<'_>) -> (Option<String>, TimeForm) {
        let format = text(object, "format").unwrap_or_default();
        let Some(form) = form_of(format) else {
            return (None, TimeForm::default());
        };
        let origin = form.origin;
        let origin = origin.map(|origin| format!(" timeorigin=\"{origin}\""));
        let scale = scale_of(text(object, "scale").unwrap_or_default());
        let place = match object.get("location") {
            Some(_) => "TOPOCENTER",
            None => "UNKNOWN",
        };
        let origin = origin.unwrap_or_default();
        let attributes = format!("{origin} timescale=\"{scale}\" refposition=\"{place}\"");
        let id = Self::id(&mut self.times, "timesys", attributes);
        (Some(id), form)
    }

    fn times(
        &mut self,
        name: &str,
        object: &Object<'_>,
        params: &mut Params,
        notes: &mut Vec<String>,
    ) {
        let (id, form) = self.system(object);
        let shown = name.escape_debug();
        let format = text(object, "format").unwrap_or_default();
        let scale = text(object, "scale").unwrap_or_default();
        if id.is_none() {
            notes.push(format!(
                "column `{shown}`: VOTable cannot say the format `{}` of its times, in the scale `{}`",
                format.escape_debug(),
                scale.escape_debug()
            ));
        } else if scale_of(scale) == "UNKNOWN" || scale == "ut1" {
            notes.push(format!(
                "column `{shown}`: VOTable has no name for the scale `{}`; it is {}",
                scale.escape_debug(),
                scale_of(scale)
            ));
        }
        if let Some(column) = object.get("value").and_then(column_of) {
            let role = Role {
                system: id,
                ucd: Some("time.epoch"),
                xtype: form.xtype,
                unit: form.unit,
            };
            self.roles.insert(column.to_owned(), role);
        }
        if let Some(Value::Object(place)) = object.get("location") {
            for (key, value) in &place.entries {
                if column_of(value).is_none() {
                    let name = format!("{name}.location");
                    note_lost(params, notes, &name, key, value);
                }
            }
        }
    }

    /// A single moment as `PARAM`.
    pub(super) fn moment(&mut self, name: &str, object: &Object<'_>, params: &mut Params) -> bool {
        let (Some(id), form) = self.system(object) else {
            return false;
        };
        let role = Role {
            system: Some(id),
            ucd: None,
            xtype: form.xtype,
            unit: form.unit,
        };
        let value = object.get("value");
        let is_told = value.is_some_and(|value| params.value_as(name, value, "", &role));
        match object.get("location") {
            Some(place) => params.value(&format!("{name}.location"), place) && is_told,
            None => is_told,
        }
    }
}

/// Where longitudes wrap.
fn wrap(name: &str, object: &Object<'_>, params: &mut Params, notes: &mut Vec<String>) {
    if let Some(wrap) = object.get("wrap_angle").filter(|wrap| !is_turn(wrap)) {
        note_lost(params, notes, name, "wrap_angle", wrap);
    }
}

/// A property as `PARAM`; what cannot be one is noted.
fn note_lost(
    params: &mut Params,
    notes: &mut Vec<String>,
    name: &str,
    key: &str,
    value: &Value<'_>,
) {
    let label = format!("{name}.{key}");
    if !params.value(&label, value) {
        note_left_out(notes, &label);
    }
}

fn note_left_out(notes: &mut Vec<String>, label: &str) {
    notes.push(format!(
        "VOTable has no place for `{}`, which is left out",
        label.escape_debug()
    ));
}
