"""Open files."""

from __future__ import annotations

import os
import warnings

from . import _engine
from ._error import AsdfWarning, UsageError
from ._tree import Map, wrap


def _again(kind, source, options):
    """A file that was pickled, opened again."""
    if kind == "bytes":
        return OpenFile(_engine.File.read(source, options["name"], options["corrupt"], options["hdus"]), source, options)
    return open(source, **options)


class OpenFile:
    """An open file. It is read when something is asked for, and stays open as long as anything that comes from it is held.

    ``file["roman"]["meta"]`` and ``file["roman/meta"]`` are the same. `open` makes it.
    """

    def __init__(self, engine, source, options):
        self._engine = engine
        self._source = source
        self._options = options
        self._told = 0
        self._tell_warnings()

    def _tell_warnings(self):
        for text, _, _ in self._engine.warnings(self._told):
            self._told += 1
            warnings.warn(text, AsdfWarning, stacklevel=3)

    @property
    def name(self):
        """The file as it was named."""
        return str(self._engine.name)

    @property
    def tree(self):
        """The root of the tree, mostly a `Map`."""
        return wrap(self, self._engine.root())

    @property
    def standard_version(self):
        """The version of the ASDF standard that the file says it follows."""
        return self._engine.standard_version

    @property
    def comments(self):
        """The comments of its header, without ``#``."""
        return self._engine.comments

    @property
    def text(self):
        """The YAML of the tree as it stands in the file."""
        return self._engine.text

    @property
    def blocks(self):
        """The blocks, a `dict` each: ``index``, ``offset``, ``compression``, ``used`` and ``data_size`` in bytes."""
        return self._engine.blocks()

    @property
    def arrays(self):
        """The paths of all arrays, in the order of the tree."""
        return self._engine.arrays()

    @property
    def warnings(self):
        """What was found odd so far: text, offset, path of each."""
        return self._engine.warnings(0)

    def node(self, path):
        """What stands at a path.

        Parameters
        ----------
        path : str
            As in ``"roman/meta/instrument"``, ``"roman.meta.filters[0]"``, or a JSON Pointer.

        Returns
        -------
        object
            A value, `Map`, `Seq`, `Array` or `Wcs`.

        Raises
        ------
        MismatchError
            The path leads nowhere; the message says how far it leads.
        """
        return wrap(self, self._engine.node(path))

    def array(self, path):
        """The `Array` at a path; a `MismatchError` when it is something else."""
        from ._array import Array

        self._engine.array(path)
        return Array(self, self._engine.by_path(path))

    @property
    def wcs_paths(self):
        """The paths of all WCS, those of FITS headers too."""
        return self._engine.wcs_paths()

    def wcs(self, path=None):
        """The `Wcs` at a path; the first of the file when none is given."""
        from ._wcs import of_engine

        if path is None:
            paths = self.wcs_paths
            if not paths:
                raise LookupError(f"{self.name} has no WCS")
            path = paths[0]
        return of_engine(self, path, self._engine.wcs(path))

    def wcs_of(self, path):
        """The `Wcs` of the array at a path, or None."""
        from ._wcs import of_engine

        found = self._engine.wcs_of(path)
        return None if found is None else of_engine(self, found.path, found)

    def __getitem__(self, key):
        root = self.tree
        if isinstance(root, Map) and not isinstance(key, str):
            return root[key]
        if not isinstance(root, Map):
            return self.node(key) if isinstance(key, str) else root[key]
        return root[key] if key in root else self.node(key)

    def __contains__(self, key):
        try:
            self[key]
        except LookupError:
            return False
        return True

    def __iter__(self):
        return iter(self.tree)

    def __len__(self):
        return len(self.tree)

    def keys(self):
        """The keys of the root."""
        return self.tree.keys()

    def items(self):
        """The pairs of the root."""
        return self.tree.items()

    def get(self, key, default=None):
        """What stands at a key or path, or `default`."""
        try:
            return self[key]
        except LookupError:
            return default

    def to_asdf(self, **options):
        """The same file opened by the package ``asdf``.

        Parameters
        ----------
        **options
            As `asdf.open` takes them.

        Returns
        -------
        asdf.AsdfFile
        """
        import io

        import asdf

        source = self._source if self._path is not None else io.BytesIO(self._engine.bytes())
        return asdf.open(source, **options)

    @property
    def _path(self):
        return None if isinstance(self._source, bytes) else self._source

    def _without_hdus(self):
        """The file again, with no other tree than the one that it carries."""
        return open(self._path, **{**self._options, "hdus": False})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def close(self):
        """Does nothing: the file is closed when nothing that comes from it is held any more."""

    def __reduce__(self):
        if self._path is None:
            return _again, ("bytes", self._engine.bytes(), {**self._options, "name": self.name})
        return _again, ("path", self._path, self._options)

    def __repr__(self):
        from ._html import summary

        return f"<asdfkit file {self.name!r}>\n{summary(self.tree)}"

    def _repr_html_(self):
        from ._html import html

        return html(self.tree, title=self.name)


def open(source, *, mapping=True, external="folder", corrupt="read", hdus=True):  # noqa: A001
    """Opens an ASDF file, or a FITS file with or without a tree.

    Only the header, the tree and the headers of the blocks are read.

    Parameters
    ----------
    source : str, os.PathLike, bytes or file
        A path, the bytes of a file, or an object with ``read`` (of `open`, of fsspec, …), which is read from where it
        stands to its end.
    mapping : bool, optional
        Whether the file is mapped. Read it instead when other programs may cut it while it is open.
    external : {"folder", "refuse", "anywhere"}, optional
        Which other files its arrays may come from: those in its folder, none, or any.
    corrupt : {"read", "refuse", "keep"}, optional
        What is done with blocks whose checksum is wrong: their data are read but written to no other file, refused with an
        error whatever they are read for, or read and written as they are.
    hdus : bool, optional
        Whether the HDUs of a FITS file stand in the tree: ``fits/0/header``, ``fits/0/data``, ``fits/0/wcs`` and so on. Without
        them the tree is the one that the file carries, if any.

    Returns
    -------
    OpenFile

    Raises
    ------
    Error
        The file cannot be read; ``kind``, ``offset`` and ``path`` say what is wrong and where.

    Examples
    --------
    >>> import asdfkit
    >>> file = asdfkit.open("exposure.asdf")  # doctest: +SKIP
    >>> file["roman/meta/exposure/exposure_time"]  # doctest: +SKIP
    107.52398
    >>> file["roman/data"][0:100, 0:100].mean()  # doctest: +SKIP
    """
    choices = {"external": (external, ("folder", "refuse", "anywhere")), "corrupt": (corrupt, ("read", "refuse", "keep"))}
    for name, (given, known) in choices.items():
        if given not in known:
            raise ValueError(f"{name} is one of {', '.join(known)}, not {given!r}")
    options = {"mapping": mapping, "external": external, "corrupt": corrupt, "hdus": hdus}
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
        return OpenFile(_engine.File.read(data, "<bytes>", corrupt, hdus), b"", options)
    if hasattr(source, "read"):
        data = source.read()
        if not isinstance(data, bytes):
            raise TypeError("the file must be opened for reading bytes")
        if not data and hasattr(source, "tell") and source.tell() > 0:
            raise UsageError("the file object is at its end: it is read from where it stands")
        name = str(getattr(source, "name", "<file>"))
        return OpenFile(_engine.File.read(data, name, corrupt, hdus), b"", options)
    path = os.fspath(source)
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    return OpenFile(_engine.File.open(path, mapping, external, corrupt, hdus), os.path.abspath(path), options)
