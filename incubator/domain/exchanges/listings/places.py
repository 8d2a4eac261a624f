"""How far cities lie apart: where the better known ones are, and the great circle. Pure."""

from __future__ import annotations

from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Final, NamedTuple

from incubator.kernel.text import fold

EARTH_KM: Final = 6371.0
# Degrees north and east, by country and folded name.
_WHERE: Final[dict[str, dict[str, tuple[float, float]]]] = {
    "FR": {
        "aix-en-provence": (43.53, 5.45),
        "amiens": (49.89, 2.30),
        "angers": (47.47, -0.55),
        "annecy": (45.90, 6.13),
        "arras": (50.29, 2.78),
        "avignon": (43.95, 4.81),
        "bayonne": (43.49, -1.47),
        "besancon": (47.24, 6.02),
        "bordeaux": (44.84, -0.58),
        "brest": (48.39, -4.49),
        "caen": (49.18, -0.37),
        "chambery": (45.56, 5.92),
        "clermont-ferrand": (45.78, 3.08),
        "dijon": (47.32, 5.04),
        "dunkerque": (51.03, 2.38),
        "grenoble": (45.19, 5.72),
        "la rochelle": (46.16, -1.15),
        "la roche-sur-yon": (46.67, -1.43),
        "le havre": (49.49, 0.11),
        "le mans": (48.00, 0.20),
        "lille": (50.63, 3.06),
        "limoges": (45.83, 1.26),
        "lorient": (47.75, -3.37),
        "lyon": (45.76, 4.84),
        "marseille": (43.30, 5.37),
        "metz": (49.12, 6.18),
        "montpellier": (43.61, 3.88),
        "mulhouse": (47.75, 7.34),
        "nancy": (48.69, 6.18),
        "nantes": (47.22, -1.55),
        "nice": (43.70, 7.27),
        "nimes": (43.84, 4.36),
        "orleans": (47.90, 1.91),
        "paris": (48.86, 2.35),
        "pau": (43.30, -0.37),
        "perpignan": (42.70, 2.90),
        "poitiers": (46.58, 0.34),
        "quimper": (48.00, -4.10),
        "reims": (49.26, 4.03),
        "rennes": (48.11, -1.68),
        "roubaix": (50.69, 3.18),
        "rouen": (49.44, 1.10),
        "saint-denis": (48.94, 2.36),
        "saint-etienne": (45.44, 4.39),
        "saint-nazaire": (47.27, -2.21),
        "strasbourg": (48.58, 7.75),
        "toulon": (43.12, 5.93),
        "toulouse": (43.60, 1.44),
        "tourcoing": (50.72, 3.16),
        "tours": (47.39, 0.69),
        "troyes": (48.30, 4.08),
        "valence": (44.93, 4.89),
        "valenciennes": (50.36, 3.52),
        "vannes": (47.66, -2.76),
        "villeurbanne": (45.77, 4.88),
    },
    "BE": {
        "anvers": (51.22, 4.40),
        "bruxelles": (50.85, 4.35),
        "charleroi": (50.41, 4.44),
        "gand": (51.05, 3.72),
        "liege": (50.63, 5.57),
        "mons": (50.45, 3.95),
        "namur": (50.47, 4.87),
        "tournai": (50.61, 3.39),
    },
    "CH": {
        "bale": (47.56, 7.59),
        "fribourg": (46.81, 7.16),
        "geneve": (46.20, 6.15),
        "lausanne": (46.52, 6.63),
        "neuchatel": (46.99, 6.93),
        "zurich": (47.38, 8.54),
    },
    "LU": {"luxembourg": (49.61, 6.13)},
    "CA": {
        "gatineau": (45.48, -75.65),
        "laval": (45.57, -73.69),
        "longueuil": (45.53, -73.52),
        "moncton": (46.09, -64.77),
        "montreal": (45.50, -73.57),
        "ottawa": (45.42, -75.70),
        "quebec": (46.81, -71.21),
        "sherbrooke": (45.40, -71.89),
        "toronto": (43.65, -79.38),
        "trois-rivieres": (46.34, -72.54),
    },
    "SN": {
        "dakar": (14.72, -17.47),
        "mbour": (14.42, -16.96),
        "rufisque": (14.72, -17.27),
        "saint-louis": (16.03, -16.49),
        "thies": (14.79, -16.93),
        "ziguinchor": (12.58, -16.27),
    },
    "CI": {"abidjan": (5.36, -4.01), "bouake": (7.69, -5.03)},
    "MA": {"casablanca": (33.57, -7.59), "rabat": (34.02, -6.84)},
    "TN": {"sfax": (34.74, 10.76), "tunis": (36.81, 10.18)},
}


class City(NamedTuple):
    """A city as a site names it, with its country's code."""

    name: str
    country: str


@lru_cache(maxsize=4096)
def kilometres(one: City, other: City) -> int | None:
    """Whole kilometres between two cities; None where one of them is not known.

    The same city is at 0, known or not.
    """
    names = (fold(one.name).strip(), fold(other.name).strip())
    if names[0] == names[1] and one.country == other.country:
        return 0
    here = _WHERE.get(one.country, {}).get(names[0])
    there = _WHERE.get(other.country, {}).get(names[1])
    return None if here is None or there is None else round(_great_circle(here, there))


def _great_circle(here: tuple[float, float], there: tuple[float, float]) -> float:
    north1, east1, north2, east2 = map(radians, (*here, *there))
    half = sin((north2 - north1) / 2) ** 2
    half += cos(north1) * cos(north2) * sin((east2 - east1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))
