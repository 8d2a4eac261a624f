"""Forty questions of members of the demo, and who must be among the first three told.

Each: who asks, in which language, the title, some words, the skills that they tick (by slug), and
who can answer: any of them among the first three is as hoped for.
"""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """A question, and the helpers hoped for (parts of addresses, «first.last»)."""

    asker: str
    language: str
    title: str
    body: str
    skills: tuple[str, ...]
    hoped: tuple[str, ...]


def _fr(asker: str, title: str, body: str, skills: str, hoped: str) -> Case:
    return Case(asker, "fr", title, body, tuple(skills.split()), tuple(hoped.split()))


def _en(asker: str, title: str, body: str, skills: str, hoped: str) -> Case:
    return Case(asker, "en", title, body, tuple(skills.split()), tuple(hoped.split()))


CASES = (
    _fr(
        "paul-henri.vasseur",
        "Dois-je facturer la TPS et la TVQ à une boutique de Montréal ?",
        "Elle me commande quarante caisses de bière. Je n’ai jamais vendu hors d’Europe.",
        "comptabilite-canada fiscalite",
        "maude.tremblay catherine.gagnon",
    ),
    _fr(
        "alexandre.bouchard",
        "Quels papiers pour envoyer du sirop d’érable en France ?",
        "Trois cents bouteilles, un caviste de Lille. Le transporteur me parle de code tarifaire.",
        "douane logistique",
        "olivier.fortin khady.fall",
    ),
    _fr(
        "hugo.marchetti",
        "Une planche d’érable qui ne se fende pas chez le client",
        "Plan de travail de quatre mètres, chauffage au sol. On me propose de l’érable du Québec.",
        "bois",
        "guillaume.roy vincent.lachance mathilde.joly",
    ),
    _fr(
        "charlotte.vermeersch",
        "Mon salarié part d’un commun accord : par où commencer ?",
        "Deux ans d’ancienneté, un CDI, aucun conflit. J’ai peur d’oublier un délai.",
        "droit-du-travail",
        "caroline.michaud karim.benali",
    ),
    _fr(
        "camille.dervaux",
        "Un client ne paie pas depuis trois mois, je relance encore ?",
        "2 400 euros, un bon de commande signé, des excuses toutes les deux semaines.",
        "recouvrement",
        "ines.belkacem assia.rahmani",
    ),
    _fr(
        "fatou.ndiaye",
        "Étiquette d’un bocal : faut-il écrire l’arachide en gras ?",
        "Mafé en bocaux de 400 g, vendu à l’épicerie d’en face. Les traces comptent aussi ?",
        "etiquetage hygiene-alimentaire",
        "elodie.charvet",
    ),
    _fr(
        "theo.blanchard",
        "Mes bocaux ont bombé : je jette tout ?",
        "Ratatouille stérilisée une heure. Six couvercles sur quarante sont bombés.",
        "conservation hygiene-alimentaire",
        "lucie.fayard",
    ),
    _fr(
        "coumba.faye",
        "Indigo qui déteint sur la doublure blanche",
        "Deux bains, vinaigre, rinçage clair, et la doublure est bleue à la première pluie.",
        "teinture",
        "ousmane.ba aminata.sow",
    ),
    _fr(
        "elise.nguyen",
        "Faire entrer du beurre de karité sans bloquer le conteneur",
        "Deux cents kilos par an, une coopérative près de Thiès, un certificat illisible.",
        "export-afrique douane",
        "khady.fall ibrahima.diop",
    ),
    _fr(
        "rachid.ouali",
        "Régler le dérailleur d’un biporteur qui saute sous la charge",
        "Seulement au-dessus de cent kilos, et toujours dans la montée de la Croix-Rousse.",
        "reparation velo-cargo",
        "olivier.faure",
    ),
    _fr(
        "bastien.roche",
        "Mon serveur a été visité cette nuit, que faire avant midi ?",
        "Des fichiers modifiés à 3 h 12, un mot de passe que je n’ai pas changé depuis un an.",
        "cybersecurite",
        "yann.kermorgant amine.cherif",
    ),
    _fr(
        "karim.benali",
        "Registre RGPD pour un cabinet de cinq personnes : un modèle court ?",
        "On garde des CV. Combien de temps, et qui doit pouvoir les lire ?",
        "donnees-personnelles",
        "amine.cherif gaelle.riou",
    ),
    _fr(
        "nolwenn.tanguy",
        "Sous-titrer un podcast pour qu’il soit vraiment accessible",
        "La transcription automatique oublie les hésitations, et les noms bretons.",
        "accessibilite",
        "emma.lucas sofia.marquez",
    ),
    _fr(
        "pierrick.lebas",
        "Apparaître quand on cherche une brasserie à Nantes",
        "Fiche à jour, trois avis, et je suis derrière un bar qui a fermé l’an dernier.",
        "referencement",
        "mehdi.zerrouki bastien.roche",
    ),
    _fr(
        "aurelie.chauvin",
        "Mille pièces en plastique : moule ou impression 3D ?",
        "Une charnière de 4 cm. Le moule coûte 9 000 euros, et je n’en vendrai que cent.",
        "impression-3d prototypage",
        "yanis.haddad lucas.dumortier",
    ),
    _fr(
        "damien.rousseau",
        "Photographier des sacs noirs sans qu’ils deviennent des trous",
        "Lumière du jour, fond blanc, téléphone correct. On ne voit ni couture ni matière.",
        "photo",
        "simon.wattel leo.brun papa.sene",
    ),
    _fr(
        "samira.oukil",
        "Qui a déjà écrit un communiqué repris par la presse locale ?",
        "Une journée portes ouvertes, une ministre peut-être, un journaliste muet.",
        "relations-presse",
        "nolwenn.tanguy sandrine.cote",
    ),
    _fr(
        "margaux.perrin",
        "Arrosage goutte à goutte sur un toit sans robinet",
        "Trois cents mètres carrés, six étages, une cuve de mille litres à poser en haut.",
        "maraichage",
        "nadia.kaci magali.decroix",
    ),
    _fr(
        "clara.vidal",
        "Combien vendre un bol qui me prend trois cuissons ?",
        "À 28 euros je ne gagne rien, à 36 le restaurant hésite. L’électricité a doublé.",
        "prix-de-revient",
        "lucie.fayard paul-henri.vasseur",
    ),
    _fr(
        "kevin.bouchez",
        "Passer de l’association à la coopérative sans perdre personne",
        "Neuf salariés, vingt bénévoles, un conseil qui craint de ne plus compter.",
        "cooperative",
        "benedicte.carlier gaelle.riou sophie.lambert",
    ),
    _fr(
        "florian.lefebvre",
        "Audit d’un atelier en brique : que mesurer d’abord ?",
        "Quatre cents mètres carrés, une chaudière de 1994, un locataire qui ouvre les fenêtres.",
        "energie",
        "jean.tavernier julien.pasquier moussa.diallo",
    ),
    _fr(
        "ibrahima.cisse",
        "Dimensionner des batteries pour une clinique loin du réseau",
        "Un frigo à vaccins, six lampes, et trois jours sans soleil en août.",
        "solaire",
        "julien.pasquier",
    ),
    _fr(
        "olivier.faure",
        "Un tableur qui se remplit tout seul depuis nos bons de livraison",
        "Cent vingt photos de bons par jour, deux colonnes, et moi qui les recopie le soir.",
        "automatisation",
        "nour.mansouri marc-andre.lavoie assia.rahmani",
    ),
    _fr(
        "lea.garnier",
        "Regrouper les palettes de trois sites vers Lyon",
        "Une demi-palette par semaine chacun : le transporteur nous facture une entière.",
        "logistique achat-groupe",
        "gautier.hennion rachid.ouali",
    ),
    _fr(
        "anais.delorme",
        "Déposer un dessin de foulard avant le salon : utile ?",
        "Une copie est sortie en trois semaines l’an dernier. Le salon est en mars.",
        "propriete-intellectuelle",
        "ines.belkacem",
    ),
    _fr(
        "mathilde.joly",
        "Sous-louer un coin d’atelier : que dit le bail ?",
        "Le propriétaire n’a jamais rien interdit par écrit, ni autorisé.",
        "baux-commerciaux",
        "ines.belkacem",
    ),
    _fr(
        "magali.decroix",
        "Répondre à l’appel d’offres d’une cantine quand on livre trente paniers",
        "Le dossier fait soixante pages et demande un chiffre d’affaires que je n’ai pas.",
        "marches-publics",
        "solene.moreau nadia.kaci",
    ),
    _fr(
        "mariama.sarr",
        "Conservateur naturel pour un baume qui voyage au chaud",
        "Karité, baobab, cire. Quarante degrés dans le conteneur, des pots qui rancissent.",
        "cosmetique",
        "elise.nguyen nadege.pierre lea.garnier",
    ),
    _fr(
        "cheikh.mbaye",
        "Payer en ligne quand la moitié des clients n’a pas de carte",
        "Mobile money à Dakar, carte à Lyon : je voudrais un seul panier.",
        "vente-en-ligne developpement-web",
        "bastien.roche marc-andre.lavoie aurelie.chauvin jessica.pelletier",
    ),
    _fr(
        "alioune.ndour",
        "Déclarer mes premiers revenus : quel régime choisir à Dakar ?",
        "Deux motos, un apprenti, et un comptable qui me demande le double de mon loyer.",
        "fiscalite comptabilite",
        "sokhna.thiam",
    ),
    _fr(
        "jessica.pelletier",
        "Patron de gilet qui tombe bien du 34 au 54",
        "La gradation marche jusqu’au 46, après les emmanchures baillent.",
        "couture",
        "charlotte.vermeersch damien.rousseau coumba.faye anais.delorme",
    ),
    _fr(
        "emilie.desjardins",
        "Animer un atelier de douze enfants et leurs parents",
        "Deux heures, des jeux à tester, et des adultes qui répondent à leur place.",
        "facilitation formation",
        "samira.oukil sophie.lambert benedicte.carlier coumba.faye",
    ),
    _fr(
        "vincent.lachance",
        "Se lancer à son compte à quarante-cinq ans : qui m’accompagne ?",
        "Ébéniste le soir depuis dix ans. J’ai l’outillage, pas le courage du premier client.",
        "mentorat prospection",
        "karim.benali benedicte.carlier coumba.faye gautier.hennion",
    ),
    _fr(
        "yann.kermorgant",
        "Prêt d’honneur : le dossier vaut-il le temps qu’il prend ?",
        "Il me manque 15 000 euros pour deux serveurs. La banque veut un apport.",
        "financement",
        "solene.moreau benedicte.carlier sophie.lambert sokhna.thiam",
    ),
    _en(
        "ruth.okafor",
        "How do I invoice a French company from Montréal?",
        "They want a VAT number on it, and I have only ever sent invoices in Québec.",
        "facturation fiscalite",
        "maude.tremblay vincent.morel catherine.gagnon",
    ),
    _en(
        "marc-andre.lavoie",
        "Screen reader skips my form errors, what am I missing?",
        "The messages are red and near the fields, but nothing is announced.",
        "accessibilite",
        "emma.lucas sofia.marquez",
    ),
    _en(
        "sofia.marquez",
        "Proofreading a grant application in English",
        "Eight pages, due next month. It reads as translated, because it is.",
        "anglais-professionnel",
        "ruth.okafor",
    ),
    _en(
        "yanis.haddad",
        "Who knows customs for a sample crate to Canada?",
        "Twelve printed parts, no commercial value, and a form that asks for one.",
        "douane export-canada",
        "olivier.fortin",
    ),
    _en(
        "dimitri.papadakis",
        "Short film of the roastery: what can one do in half a day?",
        "Steam, hands, the street at six in the morning. For the shop’s page.",
        "video",
        "leo.brun papa.sene simon.wattel",
    ),
    _en(
        "thomas.le-goff",
        "Carbon figures for a small software company, where to begin?",
        "Eleven people, one office, two rented servers and too many trains.",
        "bilan-carbone",
        "jean.tavernier nour.mansouri",
    ),
)
