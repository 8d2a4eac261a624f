"""Documents: what a site and the network keep for their members."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.documents import found
from incubator.blueprints.documents.views import files_of, pages
from incubator.blueprints.documents.words import REFUSALS
from incubator.domain.documents.personal import personal_data
from incubator.edge.access import members
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

FEATURE = Feature(
    name="documents",
    pages=pages,
    guide="notices",
    navigation=(
        NavEntry(
            key="documents",
            label=_l("Documents"),
            endpoint="documents.index",
            icon="file-text",
            section="here",
            order=66,
            may=members,
        ),
    ),
    search=(found.SOURCE,),
    refusals=REFUSALS,
    personal_data=personal_data,
    personal_files=files_of,
)
