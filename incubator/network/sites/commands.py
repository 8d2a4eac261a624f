"""What changes sites."""

from __future__ import annotations

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.text import slugify
from incubator.network.sites.models import Site


def open_site(
    *, name: str, city: str, country: str, time_zone: str, slug: str = "", hue: int = 0
) -> Site:
    """Open a site; raise Refusal ``sites.slug_taken`` when another has its address part."""
    address = slug or slugify(name)
    if db.session.scalar(select(Site.id).where(Site.slug == address)):
        raise Refusal("sites.slug_taken", field="name")
    site = Site(
        slug=address, name=name, city=city, country=country, time_zone=time_zone, hue=hue % 12
    )
    db.session.add(site)
    db.session.flush()
    return site
