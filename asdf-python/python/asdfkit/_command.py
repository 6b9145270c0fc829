"""The command `asdf`, which the package brings: its answers as values of Python."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig

from ._error import Error, make

_NAME = "asdf.exe" if os.name == "nt" else "asdf"
_TROUBLE = 2


def executable():
    """The path of the command that was installed with this package.

    Returns
    -------
    str

    Raises
    ------
    FileNotFoundError
        It is not there: the package was built without it.
    """
    named = os.environ.get("ASDFKIT_COMMAND")
    if named:
        return named
    schemes = [sysconfig.get_path("scripts")]
    if "user" in sysconfig.get_preferred_scheme("user"):
        schemes.append(sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user")))
    # Of `pip install --target FOLDER` and `--prefix FOLDER`.
    here = os.path.dirname(os.path.abspath(__file__))
    schemes.append(os.path.join(os.path.dirname(here), "bin"))
    schemes.append(os.path.join(here, *[os.pardir] * 4, "bin"))
    schemes.append(os.path.dirname(sys.executable))
    for folder in schemes:
        found = os.path.join(folder, _NAME)
        if os.path.isfile(found):
            return os.path.normpath(found)
    raise FileNotFoundError(f"the command {_NAME} is not installed beside asdfkit; looked in {', '.join(schemes)}")


def _names(files):
    single = isinstance(files, str | bytes | os.PathLike)
    names = [os.fspath(name) for name in ([files] if single else files)]
    # A name that begins with a sign is a file all the same.
    return single, [os.path.join(os.curdir, name) if str(name).startswith(("-", "@")) else name for name in names]


def _run(*arguments, accept=(0, 1)):
    done = subprocess.run([executable(), *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode not in accept and not text:
        message = done.stderr.decode("utf-8", "replace").strip()
        raise Error(message.removeprefix("asdf: ") or f"the command ended with {done.returncode}")
    return text


def _documents(text):
    """A document for each file; the fault of a file that cannot be read is an exception in its place."""
    out = []
    for row in text.splitlines():
        document = json.loads(row)
        fault = document.get("error") if isinstance(document, dict) else None
        if isinstance(fault, dict) and "message" in fault:
            name = document.get("file")
            kind, path, offset = fault.get("kind", "other"), fault.get("path"), fault.get("offset")
            document = make(f"{name}: {fault['message']}", kind, name, path, None, offset, None)
        out.append(document)
    return out


def _answer(single, documents):
    if not single:
        return documents
    if len(documents) != 1:
        return documents
    if isinstance(documents[0], Exception):
        raise documents[0]
    return documents[0]


def _jsonl(command, files, arguments=()):
    single, names = _names(files)
    text = _run(command, "--jsonl", *arguments, *names, accept=(0, 1, _TROUBLE))
    return _answer(single and not os.path.isdir(names[0]), _documents(text))


def info(files, *, as_json=False, full=False):
    """What is in files: header, tree and blocks.

    Parameters
    ----------
    files : str, os.PathLike or list of these
    as_json : bool, optional
        A `dict` for each file, as that of ``asdf info --json``, instead of text.
    full : bool, optional
        All of the tree; text is cut after some rows else.

    Returns
    -------
    str, dict or list
        Of several files a list of `dict`; one that cannot be read is an `Error` in its place.
    """
    if as_json:
        return _jsonl("info", files)
    return _run("info", "--color", "never", *(["--all"] if full else []), *_names(files)[1])


def validate(files, *, schema=None, schemas=(), blocks=True):
    """Checks trees against the schemas of their tags, and the checksums of blocks.

    Parameters
    ----------
    files : str, os.PathLike or list of these
    schema : str or os.PathLike, optional
        A schema that the tree must fit as well.
    schemas : list of str or os.PathLike, optional
        Folders or wheels with schemas of packages.
    blocks : bool, optional
        Whether checksums are checked.

    Returns
    -------
    dict or list of dict
        ``valid``, ``violations``, ``unknown_tags``, ``checksums``. Of several files a list, in which an `Error` stands for
        one that cannot be read; of one file that is raised.
    """
    arguments = [] if schema is None else ["--schema", os.fspath(schema)]
    for package in schemas:
        arguments += ["--schemas", os.fspath(package)]
    return _jsonl("validate", files, arguments if blocks else [*arguments, "--no-blocks"])


def verify(files, *, checksums_only=False):
    """Checks the structure and the checksums of every block.

    Parameters
    ----------
    files : str, os.PathLike or list of these
    checksums_only : bool, optional

    Returns
    -------
    dict or list of dict
        ``ok``, ``index``, ``blocks``; as `validate` for several files.
    """
    return _jsonl("verify", files, ["--checksums-only"] if checksums_only else [])


def check(files, *, like=None, profile=None, require=(), expect=None, id=None, name_pattern=None, max_nan=None, blocks=True):  # noqa: A002
    """Checks a delivery: is every file there, sound, valid, and what it should be?

    Parameters
    ----------
    files : str, os.PathLike or list of these
        Files and folders.
    like : str or os.PathLike, optional
        A file that all others are like.
    profile : str or os.PathLike, optional
        A TOML file, or the name of a built-in profile.
    require : list of str, optional
        Paths of nodes that must be there.
    expect : str or os.PathLike, optional
        A CSV file with the columns name, size, sha256.
    id : str, optional
        A node whose value is another one in each file.
    name_pattern : str, optional
        A regular expression of names.
    max_nan : float, optional
        The greatest share of NaN.
    blocks : bool, optional
        Whether the data of blocks are read.

    Returns
    -------
    list of dict
        ``file``, ``ok`` and ``problems`` of each file; the last one has the ``summary``.
    """
    arguments = []
    options = {"like": like, "profile": profile, "expect": expect, "id": id, "name-pattern": name_pattern, "max-nan": max_nan}
    for name, value in options.items():
        if value is not None:
            arguments += [f"--{name}", os.fspath(value) if isinstance(value, os.PathLike) else str(value)]
    for path in require:
        arguments += ["--require", path]
    if not blocks:
        arguments.append("--no-blocks")
    text = _run("check", "--jsonl", *arguments, *_names(files)[1], accept=(0, 1, _TROUBLE))
    return [json.loads(row) for row in text.splitlines()]


def table(files, keys=(), *, where=None, sort=None, group_by=None, arrays=False):
    """A table of many files: a row each, with the values of some nodes.

    Parameters
    ----------
    files : str, os.PathLike or list of these
        Files and folders.
    keys : str or list of str, optional
        Paths, with ``NAME=PATH`` for the name of a column; ``*`` and ``**`` in them as in ``asdf table``.
    where : str, optional
        Only the rows for which this is true, as in ``"meta.exposure.type == 'IMAGE'"``.
    sort, group_by : str, optional
        Names of columns, separated by commas.
    arrays : bool, optional
        A row for each array.

    Returns
    -------
    list of dict
        Give it to `pandas.DataFrame` or `astropy.table.Table`.
    """
    keys = [keys] if isinstance(keys, str) else keys
    arguments = [part for key in keys for part in ("-k", key)]
    for name, value in (("where", where), ("sort", sort), ("group-by", group_by)):
        if value is not None:
            arguments += [f"--{name}", value]
    if arrays:
        arguments.append("--arrays")
    text = _run("table", "--to", "jsonl", *arguments, *_names(files)[1])
    return [json.loads(row) for row in text.splitlines()]


def main():
    """Runs the command `asdf` with the arguments of this process."""
    try:
        path = executable()
    except FileNotFoundError as error:
        print(f"asdfkit: {error}", file=sys.stderr)
        return _TROUBLE
    if os.name == "posix":
        os.execv(path, ["asdf", *sys.argv[1:]])
    return subprocess.run([shutil.which(path) or path, *sys.argv[1:]], check=False).returncode
