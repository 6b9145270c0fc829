//! Positions on the sky (`astropy/coordinates/skycoord`, and frames with positions in them).

use super::angle;
use super::{Quantity, Tagged, Time};
use crate::error::Mismatch;
use crate::error::Result;
use crate::file::{Draft, FileNode};
use crate::tree::{NewNode, Tag};

/// Frames whose tags are read: `frames/icrs-1.1.0`.
const FRAMES: &str = "tag:astropy.org:astropy/coordinates/frames/";
/// The names of longitude and latitude in each kind of frame.
const NAMES: &[(&str, &str)] = &[
    ("ra", "dec"),
    ("l", "b"),
    ("sgl", "sgb"),
    ("az", "alt"),
    ("lon", "lat"),
];

/// One position or many, in a frame. Motions and velocities are not read.
#[derive(Debug, Clone)]
pub struct SkyCoord<'f> {
    /// The frame.
    pub frame: SkyFrame<'f>,
    /// Right ascension, or the longitude of the frame.
    pub longitude: Quantity<'f>,
    /// Declination, or the latitude of the frame.
    pub latitude: Quantity<'f>,
    /// The distance, where it is given.
    pub distance: Option<Quantity<'f>>,
}

/// A frame of positions on the sky, as far as its positions need it.
#[derive(Debug, Clone)]
pub struct SkyFrame<'f> {
    /// `icrs`, `fk5`, `galactic`, …
    pub name: Box<str>,
    /// The equinox, of frames that have one.
    pub equinox: Option<Time<'f>>,
    /// When it was observed, of frames that move.
    pub obstime: Option<Time<'f>>,
}

impl<'f> SkyCoord<'f> {
    /// A position in degrees.
    pub fn of_degrees(frame: &str, longitude: f64, latitude: f64) -> Self {
        let degrees = |value: f64| Quantity::new(value, "deg");
        Self::new(frame, degrees(longitude), degrees(latitude))
    }

    /// Positions in a frame.
    pub fn new(frame: &str, longitude: Quantity<'f>, latitude: Quantity<'f>) -> Self {
        Self {
            frame: SkyFrame {
                name: frame.into(),
                equinox: None,
                obstime: None,
            },
            longitude,
            latitude,
            distance: None,
        }
    }

    /// Longitude and latitude of each position, in degrees.
    ///
    /// # Errors
    /// They cannot be read, are not angles, or there are not as many of the one as of the other.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/writer_astropy.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::tagged::SkyCoord;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let target: SkyCoord<'_> = file.tagged("sky")?;
    /// assert_eq!(&*target.frame.name, "icrs");
    /// assert_eq!(target.degrees()?, [[10.5, -20.25]]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn degrees(&self) -> Result<Vec<[f64; 2]>> {
        let longitudes = self.longitude.numbers_in("deg")?;
        let latitudes = self.latitude.numbers_in("deg")?;
        if longitudes.len() != latitudes.len() {
            let (longitudes, latitudes) = (longitudes.len(), latitudes.len());
            let detail = format!("{longitudes} longitudes beside {latitudes} latitudes").into();
            return Err(Mismatch::Value { detail }.into());
        }
        let pairs = longitudes.into_iter().zip(latitudes);
        Ok(pairs
            .map(|(longitude, latitude)| [longitude, latitude])
            .collect())
    }

    /// From the mapping that has longitude and latitude.
    fn read(frame: SkyFrame<'f>, at: FileNode<'f>) -> Result<Self> {
        let found = NAMES
            .iter()
            .find(|(longitude, _)| at.node.get(longitude).is_some());
        let Some((longitude, latitude)) = found else {
            return Err(at.is_not("a position as longitude and latitude"));
        };
        let distance = at.under("distance")?;
        Ok(Self {
            frame,
            longitude: Quantity::read(at.needed(longitude)?)?,
            latitude: Quantity::read(at.needed(latitude)?)?,
            distance: distance.map(Quantity::read).transpose()?,
        })
    }
}

impl<'f> SkyFrame<'f> {
    fn read(name: &str, attributes: Option<FileNode<'f>>) -> Result<Self> {
        let time = |key: &str| {
            let node = attributes.map(|at| at.under(key)).transpose()?.flatten();
            let node = node.filter(|at| at.is_tagged::<Time<'f>>());
            node.map(Time::from_node).transpose()
        };
        Ok(Self {
            name: name.into(),
            equinox: time("equinox")?,
            obstime: time("obstime")?,
        })
    }

    /// The names of longitude and latitude.
    fn names(&self) -> (&'static str, &'static str) {
        match &*self.name {
            "galactic" => ("l", "b"),
            "supergalactic" => ("sgl", "sgb"),
            "altaz" => ("az", "alt"),
            name if name.contains("ecliptic") => ("lon", "lat"),
            _ => ("ra", "dec"),
        }
    }
}

impl<'f> Tagged<'f> for SkyCoord<'f> {
    const TAG: &'static str = "tag:astropy.org:astropy/coordinates/skycoord-1.0.0";

    fn is_tag(tag: &Tag) -> bool {
        tag.is_version_of(Self::TAG) || tag.base().starts_with(FRAMES)
    }

    fn from_node(at: FileNode<'f>) -> Result<Self> {
        let frame = at
            .node
            .tag()
            .and_then(|tag| tag.base().strip_prefix(FRAMES));
        let Some(name) = frame else {
            let name = at.needed("frame")?;
            let name = name
                .node
                .text()
                .ok_or_else(|| name.is_not("the name of a frame"))?;
            return Self::read(SkyFrame::read(name, Some(at))?, at);
        };
        let frame = SkyFrame::read(name, at.under("frame_attributes")?)?;
        // The first version of ICRS has its position without a mapping of its own.
        let Some(data) = at.under("data")? else {
            return Self::read(frame, at);
        };
        Self::read(frame, data.needed("components")?)
    }

    fn to_node(&self, draft: &mut Draft<'f>) -> Result<NewNode> {
        let names = self.frame.names();
        let mut pairs = vec![
            ("frame", draft.nodes().string(&self.frame.name)),
            (names.0, angle::longitude(&self.longitude, draft)?),
            (names.1, angle::latitude(&self.latitude, draft)?),
        ];
        if let Some(distance) = &self.distance {
            pairs.push(("distance", draft.tagged(distance)?));
        }
        let times = [
            ("equinox", &self.frame.equinox),
            ("obstime", &self.frame.obstime),
        ];
        for (key, time) in times {
            if let Some(time) = time {
                pairs.push((key, draft.tagged(time)?));
            }
        }
        pairs.push(("representation_type", draft.nodes().string("spherical")));
        Ok(draft.nodes().map_of(pairs))
    }
}
