"""Where the files are: those of the repository, and the shared corpus where it is there."""

import json
import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "test-data"
CORPUS = pathlib.Path(os.environ.get("ASDF_CORPUS", ROOT.parent / "shared" / "corpus"))
SHARED = CORPUS.parent

#: Files whose differences from Python asdf are explained there.
EXPLAINED = {
    line.split()[0]
    for line in (ROOT / "spec-notes" / "corpus-differences.txt").read_text().splitlines()
    if line.strip() and not line.startswith("#")
}


def readable_files():
    """Files with expected values, and these."""
    folders = [DATA / "made"]
    if CORPUS.is_dir():
        folders += [CORPUS / "generated", CORPUS / "real"]
    for folder in folders:
        for sidecar in sorted(folder.rglob("*.expected.json")):
            path = sidecar.with_name(sidecar.name.removesuffix(".expected.json"))
            if path.is_file():
                yield path, sidecar


def bad_files():
    """Malformed files, and what is to become of them."""
    folders = [DATA / "bad"]
    if CORPUS.is_dir():
        folders.append(CORPUS / "bad")
    for folder in folders:
        for sidecar in sorted(folder.glob("*.expected.json")):
            path = sidecar.with_name(sidecar.name.removesuffix(".expected.json"))
            if path.is_file():
                yield path, json.loads(sidecar.read_text())


@pytest.fixture(scope="session")
def roman():
    """A small file of the Roman kind: 20 lz4 blocks, a WCS."""
    return DATA / "made" / "roman_exposure.asdf"


@pytest.fixture
def data():
    """The folder of the files of the repository."""
    return DATA
