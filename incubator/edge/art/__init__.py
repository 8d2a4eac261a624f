"""Our own drawings: portraits, leaf mosaics, petal rings and bars, all as SVG text.

Pure functions: the same arguments give the same drawing, on every machine.
"""

from incubator.edge.art.charts import Month, ring, year_chart
from incubator.edge.art.mosaics import mosaic
from incubator.edge.art.portraits import portrait

__all__ = ["Month", "mosaic", "portrait", "ring", "year_chart"]
