"""Makes `fits/unquantised.fits` and its expected values: float images compressed with `quantize_level=0`, which have neither
ZSCALE nor, mostly, ZQUANTIZ.

    python test-data/generate/unquantised.py [FOLDER]

GZIP keeps the floats. RICE and HCOMPRESS of astropy keep their whole numbers only; what it reads from them is expected here.
"""

import hashlib
import json
import sys
import warnings
from pathlib import Path

import numpy as np
from astropy.io import fits


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "fits"
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(20)
    hdus, cases = [fits.PrimaryHDU()], []
    for kind in ("f4", "f8"):
        for codec in ("GZIP_1", "GZIP_2", "RICE_1", "HCOMPRESS_1"):
            for method in (-1, 1):
                image = rng.normal(scale=100, size=(8, 10)).astype(kind)
                if codec.startswith("GZIP"):
                    image[3, 4], image[5, 6] = np.nan, np.inf
                hdus.append(fits.CompImageHDU(image, compression_type=codec, quantize_level=0, quantize_method=method, dither_seed=7))
    path = folder / "unquantised.fits"
    fits.HDUList(hdus).writeto(path, overwrite=True)
    with fits.open(path) as file:
        for hdu in file[1:]:
            data = hdu.data.astype(hdu.data.dtype.newbyteorder("<"))
            cases.append({"codec": hdu.compression_type, "datatype": data.dtype.name, "sha256": hashlib.sha256(data.tobytes()).hexdigest(),
                          "first": [float(value) for value in data.ravel()[:4]]})
    (folder / "unquantised.json").write_text(json.dumps(cases, indent=1) + "\n")


main()
