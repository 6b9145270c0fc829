"""World coordinate systems: callable on numpy arrays, and by the interface of astropy (APE 14)."""

from __future__ import annotations

import sys
from functools import cached_property

from ._tree import Map

_UNITS = {"celestial": "deg", "plane": "pixel", "temporal": "s", "stokes": "", "spectral": ""}
#: Names of physical types by kind of frame and axis, where the frame has none.
_TYPES = {"spectral": "custom:SPECTRAL", "temporal": "time", "stokes": "phys.polarization.stokes"}


def of_node(file, node):
    return Wcs(file, node.path, node)


def of_engine(file, path, engine):
    try:
        node = file._engine.by_path(path)
    except LookupError:
        # That of a header has no node.
        node = None
    made = Wcs(file, path if node is None else node.path, node)
    made.__dict__["_engine"] = engine
    return made


def restore(file, path):
    return file.wcs(path)


def register():
    """Tells astropy that `Wcs` has its low-level interface, so that `isinstance` says so."""
    from astropy.wcs.wcsapi import BaseLowLevelWCS

    BaseLowLevelWCS.register(Wcs)


class Wcs:
    """A world coordinate system of a file.

    ``wcs(x, y)`` gives world coordinates of pixels, which count from 0 at the centre of the first one, x (the column) first.
    The attributes of astropy's low-level interface are there too, so that it can be given to `WCSAxes`, reproject and ndcube;
    `to_astropy` gives the high-level one.

    Attributes
    ----------
    bounding_box : list or None
        Lowest and highest value of each pixel coordinate, x first; pixels outside of it are NaN.
    pixel_shape : tuple of int or None
        Lengths of the image, x first.
    """

    def __init__(self, file, path, node):
        self._file = file
        self.path = path
        self._node = node
        if "astropy.wcs.wcsapi" in sys.modules:
            register()

    @cached_property
    def _engine(self):
        return self._node.wcs()

    @property
    def file(self):
        """The open file."""
        return self._file

    @property
    def node(self):
        """The mapping of the tree that says all this, or None for the WCS of a FITS header."""
        return None if self._node is None else Map(self._file, self._node)

    @property
    def tag(self):
        """The tag of its node."""
        return None if self._node is None else self._node.tag

    def to_python(self):
        """Its node as plain values."""
        from ._tree import plain

        return plain(self)

    def to_objects(self):
        """The object of gwcs or astropy, which these packages make."""
        from ._values import to_objects

        return to_objects(self)

    @property
    def name(self):
        """Its name, or None."""
        return self._engine.name

    @cached_property
    def frames(self):
        """The frames, the pixels first: a `dict` each, with ``name``, ``kind``, ``axes_names``, ``units``, ``reference``, …"""
        return self._engine.frames()

    @property
    def available_frames(self):
        """The names of the frames."""
        return [frame["name"] for frame in self.frames]

    @property
    def bounding_box(self):
        """Lowest and highest value of each pixel coordinate, x first, or None."""
        return self._engine.bounding_box

    def _eval(self, columns, *, bounds, inverse=None, from_frame=None, to_frame=None):
        import numpy

        columns = [numpy.asarray(column, float) for column in columns]
        shape = columns[0].shape if columns else ()
        if any(column.shape != shape for column in columns):
            columns = numpy.broadcast_arrays(*columns)
            shape = columns[0].shape
        flat = [numpy.ascontiguousarray(column).reshape(-1) for column in columns]
        out = self._engine.eval(flat, from_frame, to_frame, bounds, inverse)
        results = [numpy.frombuffer(column).reshape(shape) for column in out]
        if shape == ():
            results = [result[()] for result in results]
        return results[0] if len(results) == 1 else tuple(results)

    def __call__(self, *pixels, with_bounding_box=True, from_frame=None, to_frame=None):
        """World coordinates of pixels.

        Parameters
        ----------
        *pixels : array_like
            A number or array for each pixel coordinate, x first; they are broadcast.
        with_bounding_box : bool, optional
            Whether pixels outside of the bounding box are NaN.
        from_frame, to_frame : str, optional
            Names of frames; from the first to the last by default. The way may lead backward.

        Returns
        -------
        float, numpy.ndarray or tuple of these
            One for each world coordinate, in the units of the frame.
        """
        return self._eval(pixels, bounds=with_bounding_box, from_frame=from_frame, to_frame=to_frame)

    def invert(self, *world, with_bounding_box=True, numerical=False):
        """Pixels of world coordinates.

        Parameters
        ----------
        *world : array_like
            A number or array for each world coordinate; they are broadcast.
        with_bounding_box : bool, optional
            Whether results outside of the bounding box are NaN.
        numerical : bool, optional
            Whether to iterate, to 1e-8 pixels, also where the file has an inverse, which is often a fit.

        Returns
        -------
        float, numpy.ndarray or tuple of these
            One for each pixel coordinate, x first.
        """
        inverse = "numerical" if numerical else "given"
        return self._eval(world, bounds=with_bounding_box, inverse=inverse)

    def grid(self, shape=None):
        """World coordinates of all pixels of an image.

        Parameters
        ----------
        shape : tuple of int, optional
            Rows and columns; those of the WCS by default.

        Returns
        -------
        tuple of numpy.ndarray
            One for each world coordinate, each with rows and columns.
        """
        import numpy

        shape = self.array_shape if shape is None else tuple(shape)
        if shape is None or len(shape) != 2:
            raise ValueError("the shape of a grid is rows and columns")
        out = self._engine.grid((0, shape[1]), (0, shape[0]))
        return tuple(numpy.frombuffer(column).reshape(shape) for column in out)

    def footprint(self, center=False):
        """World coordinates of the corners of the image.

        Parameters
        ----------
        center : bool, optional
            The centres of the pixels at the corners instead of their edges.

        Returns
        -------
        numpy.ndarray
            A row a corner, a column for each world coordinate.
        """
        import numpy

        return numpy.column_stack([numpy.frombuffer(column) for column in self._engine.footprint(center)])

    def s_region(self, center=False):
        """The footprint as ``POLYGON ICRS …``."""
        return self._engine.s_region(center)

    def to_header(self, max_error=0.25, degree=None):
        """A FITS header that comes close: a tangential projection with SIP polynomials.

        Parameters
        ----------
        max_error : float, optional
            How many pixels it may be off at most.
        degree : int, optional
            The degree of the polynomials; the lowest that is good enough by default.

        Returns
        -------
        astropy.io.fits.Header or dict
            The header; without astropy a `dict` of its keywords.
        """
        cards, _, _ = self._engine.to_header(max_error, degree)
        try:
            from astropy.io import fits
        except ImportError:
            return {keyword: value for keyword, value, _ in cards}
        return fits.Header([fits.Card(*card) for card in cards])

    def to_astropy(self):
        """An object with the high-level interface of astropy too: ``pixel_to_world`` gives `SkyCoord`, `Time`, …

        Returns
        -------
        astropy.wcs.wcsapi.HighLevelWCSWrapper
        """
        from astropy.wcs.wcsapi import HighLevelWCSWrapper

        register()
        return HighLevelWCSWrapper(self)

    def pixel_to_world(self, *pixels):
        """As that of `to_astropy`."""
        return self.to_astropy().pixel_to_world(*pixels)

    def world_to_pixel(self, *world):
        """As that of `to_astropy`."""
        return self.to_astropy().world_to_pixel(*world)

    def _as_mpl_axes(self):
        from astropy.visualization.wcsaxes import WCSAxes

        register()
        return WCSAxes, {"wcs": self}

    # The low-level interface of astropy (APE 14).

    @property
    def pixel_n_dim(self):
        """Number of pixel coordinates."""
        return self._engine.n_inputs

    @property
    def world_n_dim(self):
        """Number of world coordinates."""
        return self._engine.n_outputs

    def _axes(self):
        """Each world axis: its frame, its place there, name, physical type, unit."""
        axes = {}

        def add(frame, start):
            if frame["frames"]:
                for part in frame["frames"]:
                    add(part, start)
                return
            kind = frame["kind"]
            count = max(len(frame["axes_names"]), len(frame["units"]), len(frame["axes_order"]), len(frame["axis_physical_types"]))
            for place in range(count or self.world_n_dim):
                order = frame["axes_order"][place] if place < len(frame["axes_order"]) else place
                pick = lambda key, default, place=place: frame[key][place] if place < len(frame[key]) else default  # noqa: E731
                axes[order] = {
                    "frame": frame,
                    "place": place,
                    "name": pick("axes_names", ""),
                    "type": pick("axis_physical_types", "") or self._type(frame, place),
                    "unit": pick("units", _UNITS.get(kind, "")),
                }

        add(self.frames[-1], 0)
        missing = {"frame": {"kind": "generic", "name": ""}, "place": 0, "name": "", "type": None, "unit": ""}
        return [axes.get(place, missing) for place in range(self.world_n_dim)]

    @staticmethod
    def _type(frame, place):
        if frame["kind"] == "celestial":
            galactic = frame["reference"] == "galactic"
            names = ("pos.galactic.lon", "pos.galactic.lat") if galactic else ("pos.eq.ra", "pos.eq.dec")
            return names[place] if place < 2 else None
        return _TYPES.get(frame["kind"])

    @cached_property
    def _world_axes(self):
        return self._axes()

    @property
    def world_axis_physical_types(self):
        """UCD1+ words of the world coordinates, None where there is none."""
        return [axis["type"] or None for axis in self._world_axes]

    @property
    def world_axis_units(self):
        """Units of the world coordinates."""
        return [axis["unit"] for axis in self._world_axes]

    @property
    def world_axis_names(self):
        """Names of the world coordinates."""
        return [axis["name"] for axis in self._world_axes]

    @property
    def pixel_axis_names(self):
        """Names of the pixel coordinates."""
        names = list(self.frames[0]["axes_names"])[: self.pixel_n_dim]
        return names + [""] * (self.pixel_n_dim - len(names))

    @property
    def pixel_shape(self):
        """Lengths of the image, x first, or None."""
        shape = self._engine.pixel_shape
        return None if shape is None else tuple(shape)

    @property
    def array_shape(self):
        """Lengths of the array, the slowest axis first, or None."""
        shape = self.pixel_shape
        return None if shape is None else shape[::-1]

    @property
    def pixel_bounds(self):
        """The bounding box, x first, or None."""
        return self.bounding_box

    @cached_property
    def axis_correlation_matrix(self):
        """Which world coordinates (rows) depend on which pixel coordinates, found by evaluation around several pixels."""
        import numpy

        count = self.pixel_n_dim
        sides = self.bounding_box or [None] * count
        shape = self.pixel_shape or [1024] * count
        sides = [side or (0.0, max(length - 1.0, 1.0)) for side, length in zip(sides, shape, strict=False)]
        sides += [(0.0, 1.0)] * (count - len(sides))
        probes = numpy.random.default_rng(1).uniform(0.05, 0.95, (17, count))
        low, high = numpy.transpose(sides)
        probes = low + probes * (high - low)
        matrix = numpy.zeros((self.world_n_dim, count), bool)
        base = self._eval(list(probes.T), bounds=False)
        base = numpy.array(base if isinstance(base, tuple) else [base])
        for pixel in range(count):
            moved = probes.copy()
            moved[:, pixel] += numpy.minimum(1.0, (high - low)[pixel] / 50)
            world = self._eval(list(moved.T), bounds=False)
            world = numpy.array(world if isinstance(world, tuple) else [world])
            changed = ~numpy.isclose(world, base, rtol=1e-13, atol=0, equal_nan=True)
            matrix[:, pixel] = changed.any(axis=1)
        return matrix

    def pixel_to_world_values(self, *pixel_arrays):
        """World coordinates of pixels, without the bounding box."""
        return self._eval(pixel_arrays, bounds=False)

    def world_to_pixel_values(self, *world_arrays):
        """Pixels of world coordinates, without the bounding box."""
        return self._eval(world_arrays, bounds=False, inverse="given")

    def array_index_to_world_values(self, *index_arrays):
        """World coordinates of indices, the slowest axis first."""
        return self.pixel_to_world_values(*index_arrays[::-1])

    def world_to_array_index_values(self, *world_arrays):
        """Indices of world coordinates, the slowest axis first."""
        import numpy

        pixels = self.world_to_pixel_values(*world_arrays)
        if not isinstance(pixels, tuple):
            return numpy.asarray(numpy.floor(pixels + 0.5), int)[()]
        return tuple(numpy.asarray(numpy.floor(pixel + 0.5), int)[()] for pixel in pixels[::-1])

    @property
    def serialized_classes(self):
        """Whether the classes below are names; they are not."""
        return False

    def _component(self, index):
        """The key, place and getter of a world axis in the object that has it."""
        axis = self._world_axes[index]
        frame = axis["frame"]
        if frame["kind"] == "celestial" and axis["place"] < 2:
            getter = ("spherical.lon.", "spherical.lat.")[axis["place"]]
            unit = axis["unit"]
            return _key(self._world_axes, frame), axis["place"], lambda sky: getattr_path(sky, getter, unit)
        if frame["kind"] == "temporal":
            return f"time{index}", 0, lambda time: time.unix
        unit = axis["unit"]
        return f"axis{index}", 0, lambda value: value.to_value(unit)

    @property
    def world_axis_object_components(self):
        """How world coordinates are parts of astropy's objects."""
        return [self._component(index) for index in range(self.world_n_dim)]

    @property
    def world_axis_object_classes(self):
        """The astropy objects of the world coordinates."""
        from astropy import units
        from astropy.coordinates import SkyCoord, SpectralCoord

        classes = {}
        for index, axis in enumerate(self._world_axes):
            key = self._component(index)[0]
            if key in classes:
                continue
            frame = axis["frame"]
            if frame["kind"] == "celestial":
                pair = [other["unit"] for other in self._world_axes if other["frame"] is frame][:2]
                classes[key] = SkyCoord, (), {"frame": _reference(frame), "unit": [units.Unit(unit) for unit in pair]}
            elif frame["kind"] == "spectral":
                classes[key] = SpectralCoord, (), {"unit": axis["unit"]}
            else:
                classes[key] = units.Quantity, (), {"unit": axis["unit"]}
        return classes

    def __reduce__(self):
        return restore, (self._file, self.path)

    def __repr__(self):
        frames = " → ".join(frame["name"] for frame in self.frames)
        box = self.bounding_box
        return f"<asdfkit Wcs {self.path}: {frames}" + (f"; bounding box {box}>" if box else ">")


def _key(axes, frame):
    celestial = []
    for axis in axes:
        if axis["frame"]["kind"] == "celestial" and not any(axis["frame"] is known for known in celestial):
            celestial.append(axis["frame"])
    place = next(index for index, known in enumerate(celestial) if known is frame)
    return "celestial" if place == 0 else f"celestial{place}"


def getattr_path(sky, path, unit):
    """Longitude or latitude of a position, a number in a unit."""
    value = sky
    for name in path.rstrip(".").split("."):
        value = getattr(value, name)
    return value.to_value(unit)


def _reference(frame):
    from astropy import coordinates
    from astropy.time import Time

    names = {
        "icrs": coordinates.ICRS,
        "fk5": coordinates.FK5,
        "fk4": coordinates.FK4,
        "fk4noeterms": coordinates.FK4NoETerms,
        "galactic": coordinates.Galactic,
        "galactocentric": coordinates.Galactocentric,
    }
    name = (frame["reference"] or "icrs").split("-")[0].lower()
    cls = names.get(name)
    if cls is None:
        raise NotImplementedError(f"no frame of astropy is known for {frame['reference']!r}; `to_objects` gives that of gwcs")
    if frame["equinox"] is not None and name in ("fk5", "fk4", "fk4noeterms"):
        return cls(equinox=Time(frame["equinox"], format="byear" if name.startswith("fk4") else "jyear"))
    return cls()


