"""Mappings and lists of a tree, which are read when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from . import _engine


class TaggedStr(str):
    """Text with a tag, as a unit or a time has it.

    Attributes
    ----------
    tag : str
        The whole tag.
    """

    __slots__ = ("tag",)

    def __new__(cls, text, tag):
        made = super().__new__(cls, text)
        made.tag = tag
        return made

    def __getnewargs__(self):
        return str(self), self.tag


def at(file, path):
    """What stands at a path of a file; what is pickled comes back by it."""
    return file.node(path)


class Proxy:
    """What mappings, lists, arrays and WCS have in common: a node of a file."""

    __slots__ = ("_file", "_node", "__weakref__")

    def __init__(self, file, node):
        self._file = file
        self._node = node

    @property
    def tag(self):
        """The whole tag of the node, or None."""
        return self._node.tag

    @property
    def path(self):
        """The first place at which the node stands, as a JSON Pointer."""
        return self._node.path

    @property
    def file(self):
        """The open file."""
        return self._file

    def to_python(self):
        """All of it as plain values: `dict`, `list`, numbers, text, and numpy arrays.

        Tags are left out but for those of text (`TaggedStr`). A node that stands at several places becomes one object.

        Returns
        -------
        object
        """
        return plain(self)

    def to_objects(self):
        """All of it as the objects that the installed packages make: `Quantity`, `Time`, `Table`, `SkyCoord`, models, …

        Needs the package ``asdf``, and for values of astropy ``asdf-astropy``.

        Returns
        -------
        object
            What ``asdf.open`` gives for that node, its arrays read.
        """
        from ._values import to_objects

        return to_objects(self)

    def __reduce__(self):
        return at, (self._file, self.path)

    def _repr_html_(self):
        from ._html import html

        return html(self)


class Map(Proxy, Mapping):
    """A mapping of the tree. Keys are as in YAML, mostly text; `tag` is its tag."""

    __slots__ = ()

    def __getitem__(self, key):
        return wrap(self._file, self._node.get(key))

    def __contains__(self, key):
        return self._node.has(key)

    def __iter__(self):
        return iter(self._node.keys())

    def __len__(self):
        return len(self._node)

    def node(self, path):
        """What stands below at a path.

        Parameters
        ----------
        path : str
            As in ``"meta/instrument/name"`` or ``"meta.filters[0]"``.

        Returns
        -------
        object
            A value, `Map`, `Seq`, `Array` or `Wcs`.
        """
        return wrap(self._file, self._node.below(path))

    def to_arrow(self):
        """A table of the tree as a `pyarrow.Table`."""
        from ._table import arrow_of_node

        return arrow_of_node(self)

    def to_pandas(self):
        """A table of the tree as a `pandas.DataFrame`."""
        return self.to_arrow().to_pandas()

    def __arrow_c_stream__(self, requested_schema=None):
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __repr__(self):
        from ._html import summary

        return summary(self)


class Seq(Proxy, Sequence):
    """A list of the tree; `tag` is its tag."""

    __slots__ = ()

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        return wrap(self._file, self._node.at(index))

    def __iter__(self):
        return (wrap(self._file, value) for value in self._node.values())

    def __len__(self):
        return len(self._node)

    def __eq__(self, other):
        if isinstance(other, Seq | list | tuple):
            return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))
        return NotImplemented

    __hash__ = None

    def __repr__(self):
        from ._html import summary

        return summary(self)


def wrap(file, value):
    """The object for what the engine gives."""
    if type(value) is not _engine.Node:
        return value
    kind = value.kind
    if kind == "map":
        return Map(file, value)
    if kind == "seq":
        return Seq(file, value)
    if kind == "array":
        from ._array import Array

        return Array(file, value)
    if kind == "wcs":
        from ._wcs import of_node

        return of_node(file, value)
    if kind == "set":
        return set(value.keys())
    return [(key, wrap(file, item)) for key, item in value.items()]


def plain(value, known=None):
    """A value without proxies."""
    if isinstance(value, list):
        return [(key, plain(item, known)) for key, item in value]
    node = getattr(value, "_node", None)
    if node is None:
        return value
    kind = node.kind
    if kind == "array":
        return value.masked() if value.is_masked else value.to_numpy()
    known = {} if known is None else known
    identity = node.identity
    if identity in known:
        return known[identity]
    if node.is_map:
        made = known[identity] = {}
        for key, item in node.items():
            made[key] = plain(wrap(value.file, item), known)
        return made
    made = known[identity] = []
    made.extend(plain(wrap(value.file, item), known) for item in node.values())
    return made
