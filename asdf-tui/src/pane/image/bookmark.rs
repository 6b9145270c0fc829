//! Where one is in a picture and how it looks, to be come back to.

use super::ImageJob;
use super::ImagePane;
use super::kept::Kept;
use super::viewport::Zoom;
use crate::raster::Colormap;
use crate::raster::Origin;
use crate::raster::Reduction;
use serde_json::Value;
use serde_json::json;

/// A place in a picture, with zoom and colours.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the picture"
)]
pub struct PicturePlace {
    /// The element under the crosshair, which tells the plane too.
    pub index: Vec<u64>,
    /// The axes of rows and columns.
    pub axes: [usize; 2],
    /// Pixels, and the elements that they show; `None` where all of the plane shows.
    pub zoom: Option<[u64; 2]>,
    /// The element in the middle of the view, x first.
    pub middle: [i64; 2],
    /// Whether the crosshair shows.
    pub has_crosshair: bool,
    /// Whether the first row is at the top.
    pub is_upper: bool,
    /// How limits are found, as they are typed.
    pub limits: String,
    /// The stretch, as it is typed.
    pub stretch: String,
    /// The colours.
    pub colormap: String,
    /// Whether they are in the other order.
    pub is_inverted: bool,
    /// Contrast and bias.
    pub contrast: [f64; 2],
    /// Whether the greatest elements show where things are small.
    pub is_max: bool,
    /// What is beside it and over it; not of bookmarks.
    pub kept: Option<Kept>,
}

impl PicturePlace {
    /// As JSON.
    pub fn to_json(&self) -> Value {
        json!({
            "index": self.index,
            "axes": self.axes,
            "zoom": self.zoom,
            "middle": self.middle,
            "crosshair": self.has_crosshair,
            "upper": self.is_upper,
            "limits": self.limits,
            "stretch": self.stretch,
            "cmap": self.colormap,
            "inverted": self.is_inverted,
            "contrast": self.contrast,
            "max": self.is_max,
            "kept": self.kept.as_ref().map(Kept::to_json),
        })
    }

    /// Of JSON; `None` when something is missing.
    pub fn of_json(value: &Value) -> Option<Self> {
        let list = |value: &Value| -> Option<Vec<u64>> {
            value.as_array()?.iter().map(Value::as_u64).collect()
        };
        let flag = |name: &str| value.get(name)?.as_bool();
        let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        let axes = list(value.get("axes")?)?;
        let axes: [u64; 2] = axes.try_into().ok()?;
        let [rows, columns] = axes.map(usize::try_from);
        let zoom = match value.get("zoom")? {
            Value::Null => None,
            zoom => Some(list(zoom)?.try_into().ok()?),
        };
        let middle = value.get("middle")?.as_array()?.iter();
        let middle: Option<Vec<i64>> = middle.map(Value::as_i64).collect();
        let contrast = value.get("contrast")?.as_array()?.iter();
        let contrast: Option<Vec<f64>> = contrast.map(Value::as_f64).collect();
        Some(Self {
            index: list(value.get("index")?)?,
            axes: [rows.ok()?, columns.ok()?],
            zoom,
            middle: middle?.try_into().ok()?,
            has_crosshair: flag("crosshair")?,
            is_upper: flag("upper")?,
            limits: text("limits")?,
            stretch: text("stretch")?,
            colormap: text("cmap")?,
            is_inverted: flag("inverted")?,
            contrast: contrast?.try_into().ok()?,
            is_max: flag("max")?,
            // Sessions of the first versions have none.
            kept: match value.get("kept") {
                None | Some(Value::Null) => None,
                Some(kept) => Some(Kept::of_json(kept)?),
            },
        })
    }
}

impl ImagePane {
    /// Where one is; `None` before anything shows.
    pub fn picture_place(&self) -> Option<PicturePlace> {
        let (view, cut) = (self.view?, self.shown.cut.as_ref()?);
        let mut fitted = view;
        fitted.fit();
        let half = view
            .pixels
            .map(|side| i64::try_from(side / 2).unwrap_or(i64::MAX));
        Some(PicturePlace {
            index: cut.index(self.cursor),
            axes: cut.axes(),
            zoom: (fitted != view).then(|| view.zoom.parts()),
            middle: view.element(half),
            has_crosshair: self.has_crosshair,
            is_upper: view.origin == Origin::Upper,
            limits: self.look.rule.to_string(),
            stretch: self.look.stretch.to_string(),
            colormap: self.look.colormap.name().to_owned(),
            is_inverted: self.look.is_inverted,
            contrast: [self.look.contrast, self.look.bias],
            is_max: self.reduction == Reduction::Max,
            kept: Some(self.kept()),
        })
    }

    /// Goes to a place, as far as the array has it.
    pub fn go_to_place(&mut self, place: &PicturePlace) -> Vec<ImageJob> {
        let look = &mut self.look;
        look.rule = place.limits.parse().unwrap_or(look.rule);
        look.stretch = place.stretch.parse().unwrap_or(look.stretch);
        if let Some(colormap) = Colormap::named(&place.colormap) {
            look.is_inverted = place.is_inverted;
            look.colormap = if place.is_inverted {
                colormap.inverted()
            } else {
                colormap
            };
        }
        let [contrast, bias] = place.contrast;
        if contrast.is_finite() && bias.is_finite() && contrast > 0.0 {
            (look.contrast, look.bias) = (contrast, bias);
        }
        self.reduction = if place.is_max {
            Reduction::Max
        } else {
            Reduction::Mean
        };
        let found = self.shown.cut.as_mut().and_then(|cut| {
            let is_alike = cut.index([0, 0]).len() == place.index.len();
            for _ in 0..place.index.len().pow(2) {
                if !is_alike || cut.axes() == place.axes || !cut.turn(true) {
                    break;
                }
            }
            let (pixel, _) = cut.go_to(&place.index)?;
            Some((pixel, cut.lengths()))
        });
        if let Some((pixel, lengths)) = found {
            self.cursor = pixel;
            self.has_crosshair = place.has_crosshair;
            self.turn_view(lengths, place);
            self.shown.tile = None;
            self.shown.collapsed = None;
        } else {
            self.note = Some("the array has no such place any more".to_owned());
        }
        self.forget_other_limits();
        let mut jobs = match &place.kept {
            Some(kept) => self.bring_back(kept),
            None => Vec::new(),
        };
        jobs.extend(self.demand_all());
        jobs
    }

    fn turn_view(&mut self, [rows, columns]: [u64; 2], place: &PicturePlace) {
        let Some(view) = &mut self.view else { return };
        if view.lengths != [columns, rows] {
            let origin = view.origin;
            *view = super::viewport::Viewport::new([rows, columns], view.pixels);
            view.origin = origin;
        }
        view.origin = if place.is_upper {
            Origin::Upper
        } else {
            Origin::Lower
        };
        match place.zoom.and_then(Zoom::of_parts) {
            Some(zoom) => {
                view.zoom = zoom;
                view.center(place.middle);
            }
            None => view.fit(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_same_after_json() {
        let place = PicturePlace {
            index: vec![3, 20, 31],
            axes: [1, 2],
            zoom: Some([1, 4]),
            middle: [-3, 7],
            has_crosshair: true,
            is_upper: false,
            limits: "pct:0.5,99.5".to_owned(),
            stretch: "asinh:0.1".to_owned(),
            colormap: "viridis".to_owned(),
            is_inverted: true,
            contrast: [1.5, 0.25],
            is_max: false,
            kept: None,
        };
        assert_eq!(PicturePlace::of_json(&place.to_json()), Some(place.clone()));
        let text = place.to_json().to_string();
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(PicturePlace::of_json(&read), Some(place));
        assert_eq!(PicturePlace::of_json(&json!({"index": [1]})), None);
    }
}
