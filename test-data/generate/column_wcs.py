"""Makes `fits/wcs/columns.fits` and `columns.json`: tables whose columns have coordinates, as Chandra, XMM-Newton, Kepler and TESS
have them, and where astropy sees some pixels (`keysel`, `colsel`).

    python test-data/generate/column_wcs.py [FOLDER]
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

PIXELS = [[0.0, 0.0], [7.0, 5.0], [2.25, 3.5], [-0.5, 5.5], [6.125, 0.75]]


def event_list(code, **more):
    columns = [fits.Column("TIME", "D", array=np.zeros(2)), fits.Column("X", "E", array=np.ones(2)), fits.Column("Y", "E", array=np.ones(2))]
    hdu = fits.BinTableHDU.from_columns(columns, name="EVENTS")
    hdu.header.update({"TCTYP2": f"RA---{code}", "TCTYP3": f"DEC--{code}", "TCRPX2": 4.5, "TCRPX3": 3.25, "TCRVL2": 150.1, "TCRVL3": 2.2,
                       "TCDLT2": -1.5, "TCDLT3": 1.25, "TCUNI2": "deg", "TCUNI3": "deg", "RADECSYS": "FK5", "EQUINOX": 2000.0, **more})
    return hdu


def cells(code, **more):
    images = np.zeros((2, 6, 8), np.float32)
    columns = [fits.Column("TIME", "D", array=np.zeros(2)), fits.Column("FLUX", "48E", dim="(8,6)", array=images)]
    hdu = fits.BinTableHDU.from_columns(columns, name="PIXELS")
    hdu.header.update({"1CTYP2": f"RA---{code}", "2CTYP2": f"DEC--{code}", "1CRPX2": 4.5, "2CRPX2": 3.25, "1CRVL2": 150.1, "2CRVL2": 2.2,
                       "1CDLT2": -1.5, "2CDLT2": 1.25, "1CUNI2": "deg", "2CUNI2": "deg", **more})
    return hdu


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "fits" / "wcs"
    warnings.simplefilter("ignore")
    cases = [
        ("events", event_list("TAN"), {"keysel": ["pixel"], "colsel": [2, 3]}, "wcs"),
        ("turned events", event_list("SIN", TPC2_3=0.2, TPC3_2=-0.1, TPV3_1=0.05, TPV3_2=0.02), {"keysel": ["pixel"], "colsel": [2, 3]}, "wcs"),
        ("events of few letters", event_list("ARC", TC2_2=-1.4, TC2_3=0.3, TC3_2=0.2, TC3_3=1.1), {"keysel": ["pixel"], "colsel": [2, 3]}, "wcs"),
        ("cells", cells("TAN", **{"11PC2": 0.8, "12PC2": -0.6, "21PC2": 0.6, "22PC2": 0.8}), {"keysel": ["binary"], "colsel": [2]}, "wcs/FLUX"),
        ("cells with parameters", cells("SIN", **{"2V2_1": 0.05, "2V2_2": 0.02, "LONP2": 160.0}), {"keysel": ["binary"], "colsel": [2]}, "wcs/FLUX"),
    ]
    file = fits.HDUList([fits.PrimaryHDU(), *(case[1] for case in cases)])
    file.writeto(folder / "columns.fits", overwrite=True)
    expected = []
    for number, (name, hdu, selection, place) in enumerate(cases, 1):
        wcs = WCS(hdu.header, **selection)
        world = wcs.wcs_pix2world(PIXELS, 0)
        assert np.isfinite(world).all() and wcs.naxis == 2, name
        expected.append({"name": name, "path": f"fits/{number}/{place}", "pixels": PIXELS, "world": world.tolist(), "sky": [wcs.wcs.lng, wcs.wcs.lat]})
    (folder / "columns.json").write_text(json.dumps({"cases": expected}, indent=0) + "\n")


main()
