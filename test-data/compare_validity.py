#!/usr/bin/env python3
"""Compares the verdict of `asdf validate` with that of the reference on every readable file of some folders.

    python test-data/compare_validity.py target/debug/asdf test-data/made [FOLDER...]

Needs the reference and the packages of `generate/requirements.txt`. What extensions besides those of the standard are
installed for Python (rad, stdatamodels, …), `asdf` gets with `--schemas`. The verdict is that of `asdf.open` with
`validate_on_read`, up to and including validation. Files that the reference refuses for other reasons are counted.
Exit code 1 when a verdict differs, 2 when the packages are not there.
"""

import argparse
import concurrent.futures
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

# Whose schemas are built in.
BUILT_IN = {"asdf", "asdf_standard", "asdf-standard", "asdf_transform_schemas", "asdf_coordinates_schemas", "asdf_wcs_schemas", "asdf-astropy", "gwcs"}


def packages():
    """The folders of the installed packages that bring schemas of their own."""
    import asdf

    names = {mapping.package_name for mapping in asdf.get_config().resource_mappings} - BUILT_IN
    found = []
    for name in sorted(filter(None, names)):
        spec = importlib.util.find_spec(name.replace("-", "_"))
        folder = pathlib.Path(spec.origin).parent
        if any(folder.rglob("*.yaml")):
            found.append(str(folder))
    return found


def verdict(path):
    """`valid`, or what the reference says."""
    import asdf

    with warnings.catch_warnings(), asdf.config_context() as config:
        warnings.simplefilter("ignore")
        config.validate_on_read = True
        try:
            asdf.open(path, _force_raw_types=True).close()
        except asdf.exceptions.ValidationError as error:
            return "invalid: " + str(error).partition("\n")[0][:200]
        except Exception as error:  # whatever it is, it is not a verdict
            return f"refused: {type(error).__name__}"
    return "valid"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    try:
        schemas = packages()
    except ImportError as error:
        print(f"the reference is not there: {error}")
        return 2
    files = sorted(str(path) for folder in options.folders for path in folder.rglob("*.asdf"))
    with concurrent.futures.ProcessPoolExecutor() as pool:
        theirs = dict(zip(files, pool.map(verdict, files, chunksize=4)))
    compared, refused, unread, wrong = 0, 0, [], []
    with tempfile.TemporaryDirectory() as empty:
        environment = os.environ | {"ASDF_SCHEMAS": empty}
        command = [os.path.abspath(options.binary), "validate", "--json", "--no-blocks"]
        for folder in schemas:
            command += ["--schemas", folder]
        for start in range(0, len(files), 200):
            run = subprocess.run([*command, *files[start : start + 200]], capture_output=True, text=True, env=environment, check=False)
            found = json.loads(run.stdout)
            for found in found if isinstance(found, list) else [found]:
                name = found["file"]
                if theirs[name].startswith("refused"):
                    refused += 1
                    continue
                if "error" in found:
                    # No verdict of ours: the comparison of what can be read looks at these.
                    unread.append(f"{name}: {found['error']['message']}")
                    continue
                compared += 1
                if found["valid"] != (theirs[name] == "valid"):
                    first = found["violations"][:1]
                    wrong.append(f"{name}: reference {theirs[name]}, ours {found['valid']} {json.dumps(first)}")
    for line in unread + wrong:
        print(line)
    print(
        f"{len(files)} files: {compared} verdicts compared, {refused} refused by the reference, "
        f"{len(unread)} by us alone, {len(wrong)} differ"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
