"""Looks at an exposure as in a notebook: metadata, an image with axes on the sky, a cutout, a table.

    python exposure.py FILE OUT.html

writes what a notebook would show into one page.
"""

import base64
import html
import io
import sys

import matplotlib

matplotlib.use("agg")
import numpy
from matplotlib import pyplot

import asdfkit

source, out = sys.argv[1:]
page = []


def show(title, value):
    """What a notebook shows below a cell."""
    page.append(f"<h3>{html.escape(title)}</h3>")
    if isinstance(value, pyplot.Figure):
        picture = io.BytesIO()
        value.savefig(picture, format="png", dpi=80)
        page.append(f"<img src='data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}'>")
    elif hasattr(value, "_repr_html_"):
        page.append(value._repr_html_())
    else:
        page.append(f"<pre>{html.escape(repr(value))}</pre>")


# The file: a tree that folds.
file = asdfkit.open(source)
show("asdfkit.open(...)", file)

# Metadata, by key or by path.
roman = file["roman"]
show("exposure", roman["meta"]["exposure"])
show("exposure time", file["roman/meta/exposure/exposure_time"])

# An image with its WCS. Only finite pixels without a flag count.
image, flags = roman["data"], roman["dq"]
wcs = roman["meta"]["wcs"]
good = numpy.isfinite(image) & (numpy.asarray(flags) == 0)
show("median of good pixels", float(numpy.median(numpy.asarray(image)[good])))
low, high = numpy.percentile(numpy.asarray(image)[good], [1, 99])
figure = pyplot.figure(figsize=(6, 5))
axes = figure.add_subplot(projection=wcs)
axes.imshow(image, origin="lower", vmin=low, vmax=high)
axes.coords.grid(color="white", alpha=0.4)
show("image on the sky", figure)

# A cutout around a position: only the chunks that it needs are decoded.
ra, dec = wcs(32.0, 32.0)
x, y = wcs.invert(ra, dec, numerical=True)
row, column = round(float(y)), round(float(x))
cutout = image[row - 8 : row + 8, column - 8 : column + 8]
show(f"16 × 16 pixels around {ra:.6f} {dec:.6f}", cutout.shape)

# Sky coordinates of the brightest pixels, as a table for the next step.
brightest = numpy.argsort(numpy.where(good, image, -numpy.inf), axis=None)[-5:][::-1]
rows, columns = numpy.unravel_index(brightest, image.shape)
ra, dec = wcs(columns, rows)
show("brightest pixels", numpy.column_stack([columns, rows, ra, dec, numpy.asarray(image)[rows, columns]]))

with open(out, "w", encoding="utf-8") as target:
    target.write("<!doctype html><meta charset='utf-8'>" + "\n".join(page))
print(f"{out}: {len(page)} parts")
