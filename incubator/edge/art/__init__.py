"""Our own drawings: portraits, leaf mosaics, petal rings and bars, all as SVG text.

Pure functions: the same arguments give the same drawing, on every machine.
"""

from incubator.edge.art.charts import Month, ring, year_chart
from incubator.edge.art.grids import Shade, matrix_grid, spark, week_grid
from incubator.edge.art.mosaics import mosaic
from incubator.edge.art.portraits import code, portrait, sheet

__all__ = [
    "Month",
    "Shade",
    "code",
    "matrix_grid",
    "mosaic",
    "portrait",
    "ring",
    "sheet",
    "spark",
    "week_grid",
    "year_chart",
]
