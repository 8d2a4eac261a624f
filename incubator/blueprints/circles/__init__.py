"""Circles: groups of members who ask one another what not everybody shall read."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.circles import people as people
from incubator.blueprints.circles.suggesting import SUGGESTIONS
from incubator.blueprints.circles.views import pages
from incubator.domain.circles.personal import forget, personal_data
from incubator.domain.circles.queries import WAITING
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

REFUSALS = {
    "circles.circle": _l("There is no such circle."),
    "circles.closed": _l("This circle is closed."),
    "circles.description": _l("Keep the text under %(most)s characters."),
    "circles.full": _l("A circle holds at most %(most)s people."),
    "circles.guest": _l("Circles are for members of the network."),
    "circles.joining": _l("Choose how one comes in."),
    "circles.last_owner": _l("A circle needs somebody who runs it: name another person first."),
    "circles.member": _l("This person is not in the circle."),
    "circles.name": _l("Give the circle a name of %(least)s to %(most)s characters."),
    "circles.nobody": _l(
        "There is no such member. Write their whole name, or paste their address."
    ),
    "circles.not_yours": _l("Only those who run the circle may do this."),
    "circles.several": _l("Several members have this name: paste the address of their profile."),
    "circles.site": _l("This circle is for the members of its site."),
    "circles.site_theirs": _l(
        "This circle is for the members of its site, and they live elsewhere."
    ),
    "circles.too_many": _l("One is in at most %(most)s circles."),
}

FEATURE = Feature(
    name="circles",
    pages=pages,
    guide="circles",
    navigation=(
        NavEntry(
            key="circles",
            label=_l("Circles"),
            endpoint="circles.index",
            icon="circle-user",
            order=31,
            count=WAITING,
        ),
    ),
    suggestions=(SUGGESTIONS,),
    refusals=REFUSALS,
    personal_data=personal_data,
    forget=forget,
)
