"""A small written network of threads, and what searches in it must find first, on each database.

Each case: what is typed, then the threads expected first, in order; «!» says that nothing else
may be found.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Written:
    """A thread of the table; skills are slugs of VOCABULARY, the accepted answer is ``solved``."""

    name: str
    title: str
    body: str
    skills: tuple[str, ...]
    site: str = "Lyon"
    answers: tuple[str, ...] = ()
    solved: str = ""


# slug: French name, English name, synonyms.
VOCABULARY: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "comptabilite": ("Comptabilité", "Accounting", ("compta", "bookkeeping")),
    "droit-du-travail": ("Droit du travail", "Employment law", ("contrat de travail", "salariat")),
    "bois": ("Travail du bois", "Woodworking", ("menuiserie", "ébénisterie")),
    "web": ("Sites web", "Web sites", ("site internet", "webmaster")),
    "transport": ("Transport", "Freight", ("logistique", "livraison")),
    "photo": ("Photographie", "Photography", ("prise de vue",)),
}
# The first is the oldest.
THREADS: tuple[Written, ...] = (
    Written(
        "unpaid",
        "Relancer un client qui ne paie pas",
        "Trois factures impayées depuis l’été, et je tiens à ce client.",
        ("comptabilite",),
        answers=("Appelez-le avant d’écrire.",),
        solved="La mise en demeure a suffi chez nous.",
    ),
    Written(
        "bikes",
        "Assurer une flotte de vélos-cargos",
        "Quel assureur couvre le vol de nuit ?",
        ("transport",),
        site="Lille",
        answers=("Nous avons choisi une mutuelle des coopératives.",),
    ),
    Written(
        "oak",
        "Où trouver du chêne séché localement ?",
        "Pour des plateaux de 40 mm, sans nœuds.",
        ("bois",),
        site="Nantes",
    ),
    Written(
        "hire",
        "Embaucher notre première salariée",
        "Période d’essai, mutuelle, déclaration : par où commencer ?",
        ("droit-du-travail", "comptabilite"),
        answers=("Commencez par la convention collective.",),
    ),
    Written(
        "shop",
        "Boutique en ligne : quel outil pour vingt produits ?",
        "Nous vendons des savons ; les frais de port varient.",
        ("web",),
        site="Lille",
        solved="Un petit logiciel libre nous suffit depuis deux ans.",
    ),
    Written(
        "export",
        "Envoyer des bocaux au Québec",
        "Douane, étiquettes bilingues, casse : qui l’a fait ?",
        ("transport",),
        site="Montréal",
    ),
    Written(
        "photo",
        "Photographier des bijoux sans reflets",
        "J’ai une boîte à lumière et un téléphone.",
        ("photo",),
        site="Nantes",
        solved="Un voilage blanc devant la fenêtre, et un fond mat.",
    ),
    Written(
        "vat",
        "TVA sur une prestation faite en Belgique",
        "Autoliquidation ou pas ? Notre comptable est en congé.",
        ("comptabilite",),
        site="Lille",
    ),
    Written(
        "saw",
        "Prêter une scie à ruban entre ateliers",
        "Qui est responsable si quelqu’un se blesse ?",
        ("bois", "droit-du-travail"),
    ),
    Written(
        "english",
        "Finding a translator for a furniture catalogue",
        "Forty pages, French to English, wood words matter.",
        ("bois", "web"),
        site="Montréal",
    ),
)
CASES: tuple[tuple[str, str], ...] = (
    # Stems, plurals, accents, beginnings.
    ("impayé", "!unpaid"),
    ("impayes", "!unpaid"),
    ("factures", "!unpaid"),
    ("facture impayée", "!unpaid"),
    ("relance", "!unpaid"),
    ("relancer des clients", "!unpaid"),
    ("vélo", "!bikes"),
    ("velos cargo", "!bikes"),
    ("assur", "!bikes"),
    ("chene", "!oak"),
    ("noeud", "!oak"),
    ("salariés", "hire"),
    ("embauche", "!hire"),
    ("bijou reflet", "!photo"),
    ("translators", "!english"),
    # The title before the text, the text before the answers; then the newest.
    ("mutuelle", "hire, bikes"),
    ("wood", "english"),
    # Answers are searched too, accepted or not.
    ("mise en demeure", "!unpaid"),
    ("convention collective", "!hire"),
    ("logiciel libre", "!shop"),
    ("voilage", "!photo"),
    # Synonyms and phrases of the vocabulary, in both languages.
    ("compta", "vat, hire, unpaid"),
    ("bookkeeping", "!vat, hire, unpaid"),
    ("menuiserie", "!english, saw, oak"),
    ("contrat de travail", "!saw, hire"),
    ("freight", "!export, bikes"),
    # Typing errors are forgiven where nothing is found.
    ("bocuax", "!export"),
    ("transpotr", "export, bikes"),
    # Filters, in both languages, alone and with words.
    ("site:lille", "!vat, shop, bikes"),
    ("lieu:Lille est:resolue", "!shop"),
    ("compétence:menuiserie site:lyon", "!saw"),
    ("skill:compta is:unanswered", "!vat"),
    ("est:sans-réponse lieu:montréal", "!english, export"),
    ("from:lea", "!english, export"),
    ('compétence:"droit du travail" scie', "!saw"),
    ("heure:12 scie", "!"),
    ("site:atlantide", "!"),
)
