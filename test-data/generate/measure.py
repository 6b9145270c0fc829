"""Apertures, profiles, regions and catalogues, and what photutils, regions and astropy make of them: measure/.

Run alone with asdf, asdf-astropy, gwcs, numpy, photutils 3.0 and regions 0.12: python generate/measure.py
"""

import json
from pathlib import Path

import asdf
import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.table import QTable
from photutils.aperture import (
    ApertureStats,
    CircularAnnulus,
    CircularAperture,
    EllipticalAperture,
    aperture_photometry,
)
from photutils.profiles import RadialProfile
from regions import Regions

OUT = Path(__file__).parents[1] / "measure"
SKY = Path(__file__).parents[1] / "image" / "sky.asdf"

REGIONS = """# Region file format: DS9 version 4.1
global color=green dashlist=8 3 width=1 font="helvetica 10 normal roman"
icrs
circle(05:22:00.5,-69:29:55,10") # text={a star} color=red
annulus(80.5,-69.5,5",0.2')
ellipse(80.498,-69.501,8",4",30)
box(80.501,-69.499,12",6",15) # text={a nested box}
polygon(80.50,-69.50,80.51,-69.50,80.505,-69.497)
point(80.4965,-69.4985) # point=cross text="x; y"
line(80.49,-69.50,80.51,-69.501)
fk5; circle(80.5,-69.5,3")
galactic
circle(280.4387,-32.8126,4")
image
circle(11,21,4.5) # color=cyan
-ellipse(31,21,6,3,45)
annulus(16,11,3,5,8)
"""


def apertures(data, errors):
    found = []
    mask = ~np.isfinite(data)
    for x, y, radius, inner, outer in [
        (15.0, 10.0, 4.0, 6.0, 9.0),
        (42.3, 27.8, 5.5, 8.0, 12.5),
        (0.0, 0.0, 3.0, 4.0, 7.0),
        (58.7, 38.2, 6.25, 7.0, 10.0),
        (22.5, 34.5, 0.3, 2.0, 4.0),
        (7.0, 33.0, 6.0, 8.0, 11.0),
    ]:
        circle = CircularAperture((x, y), radius)
        ring = CircularAnnulus((x, y), inner, outer)
        summed = aperture_photometry(data, circle, error=errors, mask=mask)
        sky = ApertureStats(data, ring, mask=mask)
        inside = ApertureStats(data, circle, mask=mask, local_bkg=sky.median)
        # photutils counts the centroid of what is cut at the edge from the box of the whole aperture.
        corner = np.maximum([inside.bbox_xmin, inside.bbox_ymin], 0)
        centroid = inside.cutout_centroid + corner
        edges = np.arange(0, 9.5, 1.0)
        profile = RadialProfile(data, (x, y), edges, error=errors, mask=mask)
        found.append(
            {
                "center": [x, y],
                "radii": [radius, inner, outer],
                "sum": float(summed["aperture_sum"][0]),
                "error": float(summed["aperture_sum_err"][0]),
                "area": float(circle.area_overlap(data, mask=mask)),
                "sky": [float(sky.median), float(sky.std)],
                "centroid": [float(value) for value in centroid],
                "edges": edges.tolist(),
                "profile": profile.profile.tolist(),
                "profile_errors": profile.profile_error.tolist(),
            }
        )
    return found


def ellipses(data):
    mask = ~np.isfinite(data)
    found = []
    for x, y, a, b, theta in [(15.2, 10.1, 5.0, 2.0, 0.5), (42.0, 28.0, 7.5, 7.0, -1.2)]:
        shape = EllipticalAperture((x, y), a, b, theta=theta)
        total = aperture_photometry(data, shape, mask=mask)["aperture_sum"][0]
        found.append({"shape": [x, y, a, b, theta], "sum": float(total)})
    return found


def degrees(quantity):
    return float(quantity.to_value(u.deg))


def described(region):
    """Kind, place and lengths of a region, on the sky or in pixels."""
    kind = type(region).__name__
    out = {"kind": kind, "text": region.meta.get("text", "")}
    is_sky = kind.endswith("SkyRegion")

    def place(point):
        if is_sky:
            return [degrees(point.spherical.lon), degrees(point.spherical.lat)]
        return [float(point.x), float(point.y)]

    def length(value):
        return degrees(value) if is_sky else float(value)

    if "Polygon" in kind:
        points = region.vertices
        out["places"] = [place(points[i]) for i in range(len(points))]
    elif "Line" in kind:
        out["places"] = [place(region.start), place(region.end)]
    else:
        out["places"] = [place(region.center)]
    names = ["radius", "inner_radius", "outer_radius", "width", "height"]
    out["lengths"] = [length(getattr(region, name)) for name in names if hasattr(region, name)]
    if hasattr(region, "angle"):
        out["angle"] = float(region.angle.to_value(u.rad))
    return out


def plain(value):
    """What is not finite is null."""
    if isinstance(value, dict):
        return {key: plain(own) for key, own in value.items()}
    if isinstance(value, list):
        return [plain(own) for own in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def main():
    OUT.mkdir(exist_ok=True)
    with asdf.open(SKY) as file:
        data = np.asarray(file["roman"]["data"], dtype=float)
        wcs = file["roman"]["meta"]["wcs"]
        wcs.bounding_box = None
        rng = np.random.default_rng(1)
        errors = (0.1 + rng.random(data.shape)).astype("float64")
        (OUT / "regions.reg").write_text(REGIONS)
        # The reader of `regions` has no rings of several radii.
        simple = REGIONS.replace("annulus(16,11,3,5,8)", "annulus(16,11,3,5)")
        (OUT / "simple.reg").write_text(simple)
        read = list(Regions.parse(simple, format="ds9"))
        on_image = []
        for region in read:
            if type(region).__name__.endswith("SkyRegion"):
                region = region.to_pixel(wcs)
            on_image.append(described(region))
        x = np.array([3.25, 15.0, 42.0, 57.5, 30.0])
        y = np.array([4.0, 10.0, 28.0, 12.25, -20.0])
        ra, dec = wcs(x, y)
        sources = QTable(
            {"name": ["a", "b", "c", "d", "out"], "ra": ra * u.deg, "dec": dec * u.deg}
        )
        sources.write(OUT / "sources.ecsv", overwrite=True)
        sources.write(OUT / "sources.csv", overwrite=True)
        sources.write(OUT / "sources.vot", format="votable", overwrite=True)
        systems = {}
        point = SkyCoord(80.5 * u.deg, -69.5 * u.deg, frame="icrs")
        for name in ["icrs", "fk5", "galactic"]:
            other = point.transform_to(name)
            systems[name] = [degrees(other.spherical.lon), degrees(other.spherical.lat)]
        asdf.AsdfFile({"errors": errors, "catalogue": sources}).write_to(OUT / "errors.asdf")
    expected = {
        "apertures": apertures(data, errors),
        "ellipses": ellipses(data),
        "regions": [described(region) for region in read],
        "pixels": on_image,
        "sources": {"x": x.tolist(), "y": y.tolist()},
        "systems": systems,
    }
    (OUT / "expected.json").write_text(json.dumps(plain(expected), indent=1) + "\n")


main()
