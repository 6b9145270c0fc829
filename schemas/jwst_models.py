"""Writes the table of data models of JWST: which schema the tree of a model follows.

The root of such a tree has no tag, only `meta.model_type`, so that the schema cannot be found by a tag. Facts only: names
of models and names of schemas, as `stdatamodels.jwst.datamodels` has them.

    python schemas/jwst_models.py > asdf-core/src/schema/jwst_models.txt
"""

import importlib.metadata

from stdatamodels.jwst import datamodels

BASE = "http://stsci.edu/schemas/jwst_datamodel/"


def main():
    version = importlib.metadata.version("stdatamodels")
    print(f"# Data models of JWST and their schemas below {BASE}")
    print(f"# Made by schemas/jwst_models.py of stdatamodels {version}.")
    for name, model in sorted(datamodels._defined_models.items()):
        url = model.schema_url
        if url is None:
            continue
        if not url.startswith(BASE):
            raise SystemExit(f"{name}: {url} is not below {BASE}")
        print(name, url[len(BASE) :])


if __name__ == "__main__":
    main()
