"""A small written network, and what sixty searches in it must find first, on every database.

Each case: what is typed, then the first names expected, in order; «!» before the first name
says that nothing else may be found.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    """Somebody of the written network; skills are slugs of VOCABULARY with a level."""

    name: str
    site: str
    headline: str = ""
    about: str = ""
    skills: dict[str, int] = field(default_factory=dict)
    wants: tuple[str, ...] = ()
    firm: str = ""


# slug: French name, English name, parent, synonyms.
VOCABULARY: dict[str, tuple[str, str, str | None, tuple[str, ...]]] = {
    "gestion": ("Gestion", "Business management", None, ()),
    "comptabilite": ("Comptabilité", "Accounting", "gestion", ("compta", "bookkeeping")),
    "tva": ("TVA", "VAT", "comptabilite", ("taxe sur la valeur ajoutée", "sales tax")),
    "droit": ("Droit", "Law", None, ("juridique", "legal")),
    "droit-du-travail": ("Droit du travail", "Employment law", "droit", ("contrat de travail",)),
    "marques": ("Propriété intellectuelle", "Intellectual property", "droit", ("brevets",)),
    "photo": ("Photographie", "Photography", None, ("photo", "prise de vue")),
    "web": ("Sites web", "Web sites", None, ("webmaster", "site internet")),
    "bois": ("Travail du bois", "Woodworking", None, ("menuiserie", "ébénisterie", "carpentry")),
    "couture": ("Couture", "Sewing", None, ("tailoring",)),
    "velo": ("Réparation de vélos", "Bicycle repair", None, ("cycles",)),
    "recrutement": ("Recrutement", "Recruitment", "gestion", ("embauche", "hiring")),
}
PEOPLE = (
    Person("Élise Nguyen", "Lyon", "Experte-comptable", "Je tiens les comptes des ateliers.",
           {"comptabilite": 3, "tva": 2}, firm="Chiffres & Cie"),
    Person("Théo Cœur", "Lille", "Menuisier", "Meubles de chêne, l’entraide d’abord.",
           {"bois": 3}, firm="Copeaux"),
    Person("Maude Tremblay", "Montréal", "Photographer of small trades", "Portraits and places.",
           {"photo": 3}, firm="Studio Érable"),
    Person("Inès Belkacem", "Lyon", "Juriste", "Contrats courts, salariés, ruptures.",
           {"droit-du-travail": 3, "marques": 1}, firm="IB Conseil"),
    Person("Awa Diop", "Dakar", "Couturière", "Robes et sacs en wax.", {"couture": 3},
           ("comptabilite",), firm="Fil d’Or"),
    Person("Hugo Marchetti", "Nantes", "Développeur", "I build web shops and keep them alive.",
           {"web": 3, "photo": 1}),
    Person("Jean-Baptiste Lefèvre", "Nantes", "Réparateur", "Vélos et triporteurs remis en état.",
           {"velo": 3}, firm="La Roue Libre"),
    Person("Zoë O’Brien", "Lille", "Brewer", "Bières de saison; hops grown by neighbours."),
    Person("Søren Kjær", "Dakar", "Recruiter for workshops", "", {"recrutement": 2}),
    Person("Marta Weiß", "Montréal", "Confiturière", "Des œufs, des cassis, du cœur."),
)  # fmt: skip
CASES: tuple[tuple[str, str], ...] = (
    # Names: accents, case, parts, ligatures, hyphens, apostrophes.
    ("Élise", "!Élise Nguyen"),
    ("elise", "!Élise Nguyen"),
    ("ELISE NGUYEN", "!Élise Nguyen"),
    ("nguyen elise", "!Élise Nguyen"),
    ("ngu", "!Élise Nguyen"),
    ("théo", "!Théo Cœur"),
    ("coeur", "Théo Cœur, Marta Weiß"),
    ("cœur", "Théo Cœur, Marta Weiß"),
    ("jean baptiste", "!Jean-Baptiste Lefèvre"),
    ("jean-b", "!Jean-Baptiste Lefèvre"),
    ("lefevre", "!Jean-Baptiste Lefèvre"),
    ("zoe", "!Zoë O’Brien"),
    ("o'brien", "!Zoë O’Brien"),
    ("O’Brien", "!Zoë O’Brien"),
    ("soren", "!Søren Kjær"),
    ("kjaer", "!Søren Kjær"),
    ("weiss", "!Marta Weiß"),
    ("mar", "Marta Weiß, Hugo Marchetti"),
    # Skills in both languages: names, synonyms, plurals, beginnings, families.
    ("comptabilité", "!Élise Nguyen"),
    ("comptabilite", "!Élise Nguyen"),
    ("compta", "!Élise Nguyen"),
    ("bois", "Théo Cœur"),
    ("accounting", "!Élise Nguyen"),
    ("bookkeeping", "!Élise Nguyen"),
    ("TVA", "!Élise Nguyen"),
    ("vat", "!Élise Nguyen"),
    ("gestion", "Søren Kjær, Élise Nguyen"),
    ("photo", "Hugo Marchetti, Maude Tremblay"),
    ("photographie", "Hugo Marchetti, Maude Tremblay"),
    ("prise de vue", "!Hugo Marchetti, Maude Tremblay"),
    ("menuiserie", "Théo Cœur"),
    ("carpentry", "!Théo Cœur"),
    ("ébénisterie", "!Théo Cœur"),
    ("travail du bois", "!Théo Cœur"),
    ("woodwork", "!Théo Cœur"),
    ("couture", "Awa Diop"),
    ("tailoring", "!Awa Diop"),
    ("embauche", "!Søren Kjær"),
    ("hiring", "!Søren Kjær"),
    ("brevet", "!Inès Belkacem"),
    # Phrases: several words that mean one skill.
    ("droit du travail", "!Inès Belkacem"),
    ("employment law", "!Inès Belkacem"),
    ("contrats de travail", "!Inès Belkacem"),
    ("droit", "!Inès Belkacem"),
    ("legal", "!Inès Belkacem"),
    ("site internet", "!Hugo Marchetti"),
    ("réparation vélo", "!Jean-Baptiste Lefèvre"),
    ("bicycle", "!Jean-Baptiste Lefèvre"),
    # Firms, headlines, texts: plurals, elisions, ligatures.
    ("copeaux", "!Théo Cœur"),
    ("studio érable", "!Maude Tremblay"),
    ("l'entraide", "!Théo Cœur"),
    ("entraide", "!Théo Cœur"),
    ("fil d'or", "!Awa Diop"),
    ("robe", "!Awa Diop"),
    ("meuble", "!Théo Cœur"),
    ("oeuf", "!Marta Weiß"),
    ("bière", "!Zoë O’Brien"),
    ("neighbour", "!Zoë O’Brien"),
    # Cities, alone and with something else.
    ("dakar", "Søren Kjær, Awa Diop"),
    ("lyon compta", "!Élise Nguyen"),
    ("photo nantes", "!Hugo Marchetti"),
    # Typing errors.
    ("comptabilté", "!Élise Nguyen"),
    ("acounting", "!Élise Nguyen"),
    ("ngyuen", "!Élise Nguyen"),
    ("belkacm", "!Inès Belkacem"),
    ("photograhpie", "Hugo Marchetti, Maude Tremblay"),
    ("meubels", "!Théo Cœur"),
    ("marcheti", "!Hugo Marchetti"),
    ("recrutment", "!Søren Kjær"),
    # Nothing.
    ("zzzz", "!"),
    ("élise photo", "!"),
)  # fmt: skip
