"""What is said under questions and answers of the demo."""

from typing import Final, NamedTuple


class Said(NamedTuple):
    """A comment: its thread, the place of the answer it is about if any, its author, its words."""

    thread: str
    answer: int | None
    author: str
    body: str


# In hours before the present, the first one the longest ago.
COMMENTS: Final = (
    Said(
        "contrat-new-york",
        0,
        "thomas.le-goff",
        "Signé avec le plafond à 12 %. Merci @ines-belkacem, je te dois un déjeuner.",
    ),
    Said(
        "contrat-new-york",
        0,
        "maude.tremblay",
        "Je garde la phrase sur la médiation pour mes clients d’ici.",
    ),
    Said(
        "contrat-new-york",
        None,
        "guillaume.roy",
        "De quel tribunal parle le contrat ? Manhattan ou le comté ?",
    ),
    Said(
        "sirop-vers-france",
        1,
        "alexandre.bouchard",
        "Étiquette refaite dimanche, **envoi parti ce matin**.",
    ),
    Said(
        "transporteur-lyon-lille",
        2,
        "rachid.ouali",
        "Je prends ce créneau. @paul-henri-vasseur, tu confirmes pour le retour ?",
    ),
    Said(
        "transporteur-lyon-lille",
        2,
        "paul-henri.vasseur",
        "Confirmé, trois cartons la première semaine.",
    ),
    Said("plateau-frene", 0, "mathilde.joly", "Les lamelles ont tenu tout l’été, merci."),
    Said(
        "cgv-velo-dommages",
        None,
        "ines.belkacem",
        "La cliente a-t-elle gardé l’emballage ? Tout part de là.",
    ),
)
