"""Words: complete in French, with their placeholders, and set as French is."""

from __future__ import annotations

import ast
import io
import re

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.architecture import word_rules as rules
from tests.architecture.tree import PACKAGE, TRANSLATIONS, modules, nothing

SPOKEN = rules.said(PACKAGE)
FRENCH = rules.entries(TRANSLATIONS / "fr")


def entry(key: rules.Key, words: str | tuple[str, ...], *flags: str) -> rules.Entry:
    return rules.Entry("x.po", Message(key, words, flags=flags))


def test_every_sentence_has_its_french() -> None:
    assert SPOKEN
    nothing(rules.untranslated(SPOKEN, FRENCH))


def test_no_translation_outlives_its_sentence() -> None:
    nothing(rules.stale(SPOKEN, FRENCH))


def test_one_sentence_has_one_translation() -> None:
    nothing(rules.contradictions(FRENCH))


def test_every_translation_is_finished_and_keeps_its_parts() -> None:
    nothing(fault for one in FRENCH for fault in rules.faults(one))


def test_french_is_set_as_french_is() -> None:
    nothing(fault for one in FRENCH for fault in rules.misprints(one))


@pytest.mark.parametrize("path", sorted((TRANSLATIONS / "fr").glob("*.po")), ids=lambda p: p.name)
def test_a_catalogue_is_sound_and_says_its_plural_rule(path) -> None:
    text = path.read_text("utf-8")
    assert '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"' in text
    assert "#~" not in text
    ids = [str(one.id) for one in read_po(io.BytesIO(text.encode()), abort_invalid=True)]
    assert len(ids) == len(set(ids)) == f"\n{text}".count("\nmsgid ")


def test_every_refusal_has_words_and_the_details_they_name() -> None:
    nothing(rules.speechless(modules()))


def test_no_words_wait_for_a_refusal_that_nobody_raises() -> None:
    nothing(rules.unheard(modules()))


def test_the_rules_collect_sentences(tmp_path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "views.py").write_text('_("One"); ngettext("a day", "%(num)s days", n); _l("Two")')
    (tmp_path / "templates/x.html").write_text('{{ _("Three") }}{% trans %}\nFour\n{% endtrans %}')
    assert set(rules.said(tmp_path)) == {"One", ("a day", "%(num)s days"), "Two", "Three", "Four"}


def test_the_rules_see_missing_stale_and_contradicting_sentences() -> None:
    spoken = {"One": "x.py:1", ("a day", "%(num)s days"): "x.py:2"}
    known = [entry("Two", "Deux"), entry("a day", "un jour")]
    assert len(list(rules.untranslated(spoken, known))) == 2
    assert list(rules.stale(spoken, known)) == ["x.po: nobody says 'Two'"]
    assert list(rules.contradictions([entry("One", "Un"), entry("One", "Une")]))


@pytest.mark.parametrize(
    "bad",
    [
        entry("One", ""),
        entry("One", "Un", "fuzzy"),
        entry("Hello %(name)s", "Bonjour"),
        entry("Hello", "Bonjour %(name)s"),
        entry("a <b>bold</b> word", "un mot gras"),
        entry(("a day", "%(num)s days"), ("un jour", "")),
        entry(("a day", "%(num)s days"), ("un jour", "jours")),
        entry(("a day", "%(num)s days"), ("un jour",)),
        entry(("%(who)s has a day", "%(who)s has %(num)s days"), ("un jour", "%(who)s %(num)s")),
    ],
)
def test_the_rules_see_an_unfinished_translation(bad) -> None:
    assert list(rules.faults(bad))


@pytest.mark.parametrize(
    "good",
    [
        entry("Hello %(name)s", "Bonjour %(name)s"),
        entry(("a day", "%(num)s days"), ("un jour", "%(num)s jours")),
        entry(("a day", "%(num)s days"), ("%(num)s jour", "%(num)s jours")),
    ],
)
def test_the_rules_let_a_good_translation_pass(good) -> None:
    nothing(rules.faults(good))


@pytest.mark.parametrize(
    "text", ["Vraiment ?", "Bravo!", "« Oui\u202f»", "«\u202fOui »", "Note : a", "Note: a", "l'un"]
)
def test_the_rules_see_a_misprint(text) -> None:
    assert list(rules.misprints(entry("x", text)))


def test_the_rules_see_quotes_of_french_in_english() -> None:
    assert list(rules.misprints(entry("He said «yes»", "Il a dit oui")))
    nothing(rules.misprints(entry("He said “yes”", "Il a dit oui")))


@pytest.mark.parametrize(
    "text",
    [
        "Vraiment\u202f?",
        "«\u202fOui\u202f»",
        "Note\u00a0: l’un",
        "à 10:30",
        "Quoi\u202f?!",
        "a?b=c",
    ],
)
def test_the_rules_let_good_setting_pass(text) -> None:
    nothing(rules.misprints(entry("x", text)))


def test_the_rules_see_a_refusal_without_words_or_details() -> None:
    source = """
REFUSALS = {"a.known": _l("At least %(least)s"), "a.idle": _l("x")}
def ask(bad):
    raise Refusal("a.known", field="title", least=3)
    raise Refusal("a.known", field="title")
    raise NotAllowed("a.unknown" if bad else "a.known", least=3)
    raise Refusal("a.known", **details)
"""
    trees = {"x.py": ast.parse(source)}
    assert list(rules.speechless(trees)) == [
        "x.py:5: the words of a.known want ['least']",
        "x.py:6: no words for a.unknown",
    ]
    assert list(rules.unheard(trees)) == ["nobody raises a.idle"]


# What firms give one another is given and received; only the law's own names of the time of VAT
# say «débits».
EXCHANGES = ("credit", "deals", "exchanges", "invoices", "rings", "rounds")
BOOKKEEPING = re.compile(
    r"\b(?:débit\w*|crédit(?:eur|rice|er|é|ée)s?|créanci\w+|debit\w*|debtors?|creditors?|credited)\b",
    re.IGNORECASE,
)
OF_THE_LAW = re.compile(r"(?:option for|opted for|on|d’après les|sur les|pour les) d[ée]bits\b")


def bookkeeping(words: str) -> list[str]:
    """The words of bookkeeping in what people read, but those of the law and its parts."""
    return BOOKKEEPING.findall(OF_THE_LAW.sub("", rules.PLACEHOLDER.sub("", words)))


def test_exchanges_say_given_and_received_and_never_debit() -> None:
    found = [
        f"{one.file}: {word}"
        for one in FRENCH
        if one.file in {f"{name}.po" for name in EXCHANGES}
        for words in (str(one.message.id), *one.words)
        for word in bookkeeping(words)
    ]
    nothing(found)


@pytest.mark.parametrize("words", ["Votre compte est débité", "Vous êtes débiteur", "A debit"])
def test_words_of_bookkeeping_are_found(words) -> None:
    assert bookkeeping(words)


def test_names_of_the_law_and_mutual_credit_are_no_bookkeeping() -> None:
    assert not bookkeeping("Option pour le paiement de la taxe d’après les débits")
    assert not bookkeeping("%(debtor)s doit à %(creditor)s par crédit mutuel, mutual credit")
