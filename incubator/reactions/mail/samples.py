"""Made-up values of every letter, for previews and tests: with signs that a page must escape."""

from __future__ import annotations

from pathlib import Path
from typing import Final

USUAL: Final[dict[str, object]] = {
    "name": "Élise & <b>Cie</b>",
    "giver": "Aminata <i>Sow</i>",
    "site": "Lyon",
    "role": "resident",
    "token": "secret-token",
    "new_email": "new@example.org",
    "firm": "Copeaux & <i>Cie</i>",
    "member": "Théo <b>Cœur</b>",
    "asked": "claim",
    "state": "accepted",
    "message": "Bonjour <script>",
    "who": "Théo <b>Cie</b>",
    "author": "Aminata <i>Sow</i>",
    "subject": "Réunion de lundi",
    "html": "<p>À <strong>lundi</strong></p>",
    "text": "À **lundi**",
    "application_id": "1",
    "activity": "Miel & <b>cire</b>",
    "body": "Bonjour <script>,\n\nà bientôt.",
    "process_id": "7",
    "erasure_id": "8",
    "kind": "leave",
    "what_happened": "agreed",
    "starts_on": "2026-11-12",
    "ends_on": "2026-12-12",
    "answer": None,
    "own": "yes",
    "access": "alumni",
    "hours": "pool",
    "email": "kept@example.org",
    "word": "Soudure & <b>Cie</b>",
    "skill": "Métal <i>",
    "what": "confirm",
    "contribution_id": "9",
    "relief_id": "10",
    "gift_id": "11",
    "minutes": "90",
    "percent": "50",
    "day_on": "2026-11-12",
    "note": "Merci & <b>Cie</b>",
    "slot_id": "12",
    "title": "Accueil & <b>Cie</b>",
    "starts_at": "2026-11-12T08:00:00+00:00",
    "ends_at": "2026-11-12T10:00:00+00:00",
    "zone": "Europe/Paris",
    "city": "Lyon",
    "booked": "1",
    "least": "2",
}
_LINES: Final[dict[str, object]] = {
    "number": 3,
    "more": 1,
    "all": "http://127.0.0.1:8000/notifications",
    "lines": [
        {
            "title": "Teindre & <b>Cie</b>",
            "what": what,
            "names": ["Théo <b>Cie</b>", "Léa"],
            "others": 2,
            "times": times,
            "link": link,
        }
        for what, times, link in (("Nouvelle réponse", 3, "http://127.0.0.1:8000/a"), ("", 1, ""))
    ],
}
# The letter of a week: something of every kind.
_THREAD = {"title": "Qui <em>relit</em> ?", "line": "", "page": ["help.by_id", {"id": 13}]}
_TOLD: dict[str, dict[str, object]] = {
    "notice": {"site": "", "line": "Venez <b>Cie</b>"},
    "solved": {"city": "Lyon", "answers": 2},
    "answer": {"name": "", "thanks": 1},
    "member": {"firm": "Élise & <b>Cie</b>", "headline": ""},
    "hours": {"lines": [{"giver": "Lyon", "to": "Lille", "minutes": 240}]},
    "call": {"city": "", "asked_at": "2026-11-10T08:00:00+00:00"},
    "slot": {"starts_at": "2026-11-16T08:00:00+00:00", "zone": "Europe/Paris", "missing": 1},
    "closure": {"first_on": "2026-12-24", "last_on": "2026-12-26"},
}
_WEEK: dict[str, object] = {
    "year": 2026,
    "week": 46,
    "slug": "lyon",
    "city": "Lyon",
    "headline": "",
    "words_md": "Bonjour <b>Cie</b>",
    "words_html": "<p>Bonjour</p>",
    "first_on": "2026-11-05",
    "last_on": "2026-11-12",
    "sections": [{"kind": kind, "told": [_THREAD | told]} for kind, told in _TOLD.items()],
}
_OWN: Final[dict[str, dict[str, object]]] = {
    "told": _LINES,
    "digest": _LINES | {"rhythm": "weekly"},
    "hours_corrected": {"after": "-30"},
    "hours_presumed": {"session_id": "14"},
    "hours_desk": {"slug": "lyon", "presumed": "3", "screens": ["Entrée & <i>cour</i>"]},
    "hours_news": {
        "what": "half",
        "given": "90",
        "owed": "720",
        "slots": [
            {
                "title": "Accueil & <b>Cie</b>",
                "site": "Lyon",
                "zone": "Europe/Paris",
                "starts_at": "2026-11-12T08:00:00+00:00",
            }
        ],
    },
    "asked": {
        "id": "13",
        "by": "Hugo <b>Cie</b>",
        "reasons": [{"code": "offers", "skill": "Métal <i>", "level": 3, "times": 0, "asked": ""}],
        "needed_on": "2026-11-14",
        "stop": [1, "asked", 0],
    },
    "care": {
        "id": "13",
        "what": "word",
        "title": "Qui <em>relit</em> ?",
        "by": "Sophie <b>Lambert</b>",
        "words": "Un peu plus <i>doucement</i>",
    },
    "circle_invited": {
        "slug": "bois",
        "circle": "Bois & <b>Cie</b>",
        "description": "Pour <i>nous</i>",
        "by": "Hugo <b>Cie</b>",
    },
    "consent": {
        "id": "13",
        "title": "Qui <em>relit</em> ?",
        "by": "Hugo <b>Cie</b>",
        "messages": [{"html": "<p>Un <em>mot</em></p>", "text": "Un mot"}],
    },
    "listing": {
        "listing_id": "15",
        "title": "120 chaises & <b>Cie</b>",
        "stage": "week",
        "renewal": [15, 1, 1_794_000_000_000_000],
    },
    "reports": {"titles": ["Qui <em>relit</em> ?", "Un bail"], "number": 2, "more": 1},
    "room_reports": {"number": 2, "rooms": ["Bois <b>& Cie</b>"]},
    "room_reported": {"what": "dismiss"},
    "weekly": _WEEK,
    "weekly_drafted": {
        "edition_id": 3,
        "leaves_at": "2026-11-13T08:00:00+00:00",
        "zone": "Europe/Paris",
        "by_itself": True,
    },
    "reported": {"id": "13", "title": "Qui <em>relit</em> ?", "what": "hide"},
    "thread": {
        "id": "13",
        "why": "thread",
        "stop": [1, "thread", 13],
        "question": {"author": "", "html": "<p>Qui <em>relit</em> ?</p>", "text": "Qui relit ?"},
        "answers": [
            {"author": "Hugo <b>Cie</b>", "html": "<p>Moi</p>", "text": "Moi", "accepted": True}
        ],
        "concerning": [
            {
                "author": "Hugo <b>Cie</b>",
                "html": "<p>Vous, <em>oui</em></p>",
                "text": "Vous, oui",
                "why": "mention",
                "what": "comment",
                "on": "answer",
            }
        ],
        "more_concerning": 3,
        "more": 2,
        "solved": True,
        "how": "",
    },
}

_TEMPLATES: Final = Path(__file__).parents[2] / "templates" / "mail"
# Every letter that the product writes, by the name of its templates.
KINDS: Final = tuple(
    sorted(path.stem for path in _TEMPLATES.glob("*.txt") if not path.name.startswith("_"))
)


def sample(kind: str) -> dict[str, object]:
    """Values of a letter of one kind."""
    return USUAL | _OWN.get(kind, {})
