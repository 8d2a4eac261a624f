"""Comments, votes, repeated and locked threads, conversions, drafts and files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.domain.help import (
    attachments,
    commands,
    converting,
    discussing,
    drafts,
    handing,
    lists,
    mentioning,
    posts,
    queries,
    resolving,
)
from incubator.domain.help.anonymity import hidden_author
from incubator.domain.help.care import locking
from incubator.domain.help.events import (
    AnswerBecameComment,
    CommentBecameAnswer,
    CommentEdited,
    CommentRemoved,
    CommentWritten,
    HelpEvent,
    MembersMentioned,
    QuestionRepeats,
    ThreadLocked,
    ThreadUnlocked,
    VoteGiven,
    VoteTakenBack,
)
from incubator.domain.help.models import Answer, Question, Removal, Revision
from incubator.domain.help.opened import opened
from incubator.domain.help.post_models import Attachment, Comment, Conversion, Draft, Vote
from incubator.domain.help.rules import Wish
from incubator.domain.help.typed import Typed
from incubator.kernel import events
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.kept_files import Kept
from incubator.kernel.keyset import Cursor
from incubator.network.members.models import Member
from incubator.network.sites.models import Site
from tests import factories_help as h
from tests.factories_members import a_firm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from incubator.network.accounts.models import Account
    from tests.factories import Make


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[HelpEvent]]:
    """The help events told in their transactions."""
    seen: list[HelpEvent] = []
    monkeypatch.setitem(events._joining, HelpEvent, {"test": seen.extend})  # noqa: SLF001
    return seen


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site("Lyon")


@pytest.fixture
def asker(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Camille Dervaux")


@pytest.fixture
def helper(make: Make) -> Account:
    return make.member(make.site("Lille"), name="Paul Vasseur")


@pytest.fixture
def boss(make: Make, lyon: Site) -> Account:
    return make.member(lyon, role="manager", name="Sophie Lambert")


def do(command: Callable[..., Any], *args: Any, **more: Any) -> Any:
    with transaction():
        return command(*args, **more)


def kinds(heard: list[HelpEvent]) -> list[type[HelpEvent]]:
    return [type(event) for event in heard]


def fresh(row: Any) -> Any:
    db.session.expire_all()
    return db.session.get_one(type(row), row.id)


def count(row: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(row)) or 0


# Comments


def test_a_comment_stands_under_its_post(
    make: Make, asker: Account, helper: Account, heard: list[HelpEvent]
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked)
    h.comment(make, helper, asked, body="Depuis **quand** ?")
    h.comment(make, asker, asked, answer_id=given.id)
    found = posts.comments_of(asked, [given.id])
    assert [each.body_html for each in found[None].shown] == [
        "<p>Depuis <strong>quand</strong> ?</p>"
    ]
    assert found[given.id].shown[0].author.name == "Camille Dervaux"
    assert isinstance(heard[-1], CommentWritten)
    assert heard[-1].answer_id == given.id


def test_the_same_send_comments_once(make: Make, asker: Account, heard: list[HelpEvent]) -> None:
    asked = h.question(make, asker)
    first, second = (h.comment(make, asker, asked, once="same") for _ in range(2))
    assert first.id == second.id
    assert kinds(heard).count(CommentWritten) == 1


def test_a_comment_on_an_answer_of_another_thread_is_not_found(
    make: Make, asker: Account, helper: Account
) -> None:
    given = h.answer(make, helper, h.question(make, asker))
    with pytest.raises(NotFound, match=r"help\.answer"):
        h.comment(make, asker, h.question(make, asker), answer_id=given.id)


def test_only_the_latest_comments_are_on_the_page_and_all_are_counted(
    make: Make, asker: Account
) -> None:
    asked = h.question(make, asker)
    said = [h.comment(make, asker, asked, body=f"nº {n}") for n in range(12)]
    found = posts.comments_of(asked, [])[None]
    assert [each.id for each in found.shown] == [each.id for each in said[4:]]
    assert found.number == 12


def test_a_rewritten_comment_keeps_what_it_said(
    make: Make, asker: Account, helper: Account, heard: list[HelpEvent]
) -> None:
    asked = h.question(make, asker)
    said = h.comment(make, helper, asked, body="un")
    edit = {"revision": 0, "now": make.now}
    do(discussing.edit_comment, make.actor(helper), said.id, body="deux", **edit)
    with pytest.raises(Conflict, match=r"help\.edited_meanwhile"):
        do(discussing.edit_comment, make.actor(helper), said.id, body="trois", **edit)
    with pytest.raises(NotAllowed, match=r"help\.edit_not_yours"):
        do(discussing.edit_comment, make.actor(asker), said.id, body="x", **edit)
    assert [old.body_md for old in queries.history_of(asked, said)] == ["un"]
    assert queries.history_of(asked, asked) == []
    assert kinds(heard).count(CommentEdited) == 1


def test_a_comment_is_taken_away_by_its_author_or_a_manager(
    make: Make, asker: Account, helper: Account, boss: Account, heard: list[HelpEvent]
) -> None:
    asked = h.question(make, asker)
    said = [h.comment(make, helper, asked) for _ in range(2)]
    with pytest.raises(NotAllowed):
        do(discussing.remove_comment, make.actor(asker), said[0].id, now=make.now)
    for who, each in zip((helper, boss), said, strict=True):
        do(discussing.remove_comment, make.actor(who), each.id, reason="Doublon", now=make.now)
    assert posts.comments_of(asked, []) == {}
    assert count(Removal) == kinds(heard).count(CommentRemoved) == 2
    assert fresh(asked).state == "open"
    with pytest.raises(NotFound, match=r"help\.comment"):
        do(discussing.remove_comment, make.actor(boss), said[0].id, now=make.now)


# Votes


def test_a_vote_is_given_once_and_taken_back(
    make: Make, asker: Account, helper: Account, heard: list[HelpEvent]
) -> None:
    given = h.answer(make, helper, h.question(make, asker))
    assert [h.vote(make, asker, given) for _ in range(2)] == [1, 1]
    assert fresh(given).votes == 1
    assert [h.vote(make, asker, given, given=False) for _ in range(2)] == [0, 0]
    assert kinds(heard)[-2:] == [VoteGiven, VoteTakenBack]


def test_nobody_votes_for_themselves_or_as_a_guest(
    make: Make, lyon: Site, asker: Account, helper: Account
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked)
    guest = make.member(lyon, role="guest")
    for who, post in ((asker, asked), (helper, given), (guest, given)):
        with pytest.raises(NotAllowed, match=r"help\.vote_own"):
            h.vote(make, who, post)
    assert h.vote(make, helper, asked) == 1
    assert opened(make.actor(helper), asked.id).voted
    assert not opened(make.actor(asker), asked.id).voted


def test_the_database_itself_holds_one_vote_a_member(
    make: Make, asker: Account, helper: Account
) -> None:
    given = h.answer(make, helper, h.question(make, asker))
    row = {"question_id": given.question_id, "member_id": asker.id, "voted_at": make.now}
    for answer_id in (given.id, None):
        with pytest.raises(Exception, match=r"(?i)unique"), transaction():
            db.session.add_all(Vote(**row, answer_id=answer_id) for _ in range(2))


# Asked before, locked, converted


def test_a_repeated_question_leads_to_the_original_and_reopens(
    make: Make, asker: Account, helper: Account, heard: list[HelpEvent]
) -> None:
    first, again = h.question(make, helper), h.question(make, asker)
    h.repeats(make, asker, again, first)
    assert fresh(again).is_solved
    found = queries.duplicate_of(again)
    assert found
    assert (found.original.id, found.by_id) == (first.id, asker.id)
    assert kinds(heard)[-1] is QuestionRepeats
    do(resolving.reopen, make.actor(asker), again.id)
    assert (queries.duplicate_of(again), fresh(again).state) == (None, "open")


def test_what_repeats_a_repetition_leads_to_the_first(make: Make, boss: Account) -> None:
    one, two, three = (h.question(make, boss) for _ in range(3))
    h.repeats(make, boss, three, two)
    h.repeats(make, boss, two, one)
    originals = [queries.duplicate_of(each) for each in (two, three)]
    assert [each.original_id for each in originals if each] == [one.id, one.id]
    with pytest.raises(Refusal, match=r"help\.repeats_itself"):
        h.repeats(make, boss, one, three)


@pytest.mark.parametrize("audience", ["network", "site"])
def test_nobody_is_led_to_a_thread_they_may_not_read(
    make: Make, boss: Account, audience: str
) -> None:
    original = h.question(make, boss, audience="site")
    asked = h.question(make, boss, audience=audience)
    if audience == "site":
        h.repeats(make, boss, asked, original)
        return
    with pytest.raises(Refusal, match=r"help\.repeats_hidden"):
        h.repeats(make, boss, asked, original)


def test_an_accepted_answer_ends_a_repetition(make: Make, asker: Account, helper: Account) -> None:
    first, again = h.question(make, helper), h.question(make, asker)
    given = h.answer(make, helper, again)
    h.repeats(make, asker, again, first)
    h.accept(make, asker, given)
    assert queries.duplicate_of(again) is None
    assert fresh(again).is_solved


def test_in_a_locked_thread_only_managers_write(
    make: Make, asker: Account, boss: Account, heard: list[HelpEvent]
) -> None:
    asked = h.question(make, asker)
    with pytest.raises(NotAllowed, match=r"help\.run_not_manager"):
        do(locking.lock, make.actor(asker), asked.id, now=make.now)
    for _ in range(2):
        do(locking.lock, make.actor(boss), asked.id, reason="Débat clos", now=make.now)
    for write in (h.answer, h.comment):
        with pytest.raises(Refusal, match=r"help\.locked"):
            write(make, asker, asked)
        write(make, boss, asked)
    for _ in range(2):
        do(locking.unlock, make.actor(boss), asked.id, now=make.now)
    h.answer(make, asker, asked)
    assert [kinds(heard).count(kind) for kind in (ThreadLocked, ThreadUnlocked)] == [1, 1]


def test_a_comment_becomes_an_answer_with_all_that_is_its_own(
    make: Make, asker: Account, helper: Account, heard: list[HelpEvent]
) -> None:
    asked = h.question(make, asker)
    file_for(make, helper, "key")
    said = h.comment(make, helper, asked, body="un", once="key")
    do(discussing.edit_comment, make.actor(helper), said.id, body="deux", revision=0, now=make.now)
    given = do(converting.to_answer, make.actor(helper), said.id, now=make.now)
    assert (given.author_id, given.body_md, given.answered_at) == (helper.id, "deux", make.now)
    assert [old.body_md for old in queries.history_of(asked, given)] == ["un"]
    assert list(attachments.of_thread(asked)) == [(given.id, None)]
    assert fresh(asked).answer_count == 1
    assert kinds(heard)[-1] is CommentBecameAnswer
    with pytest.raises(NotFound, match=r"help\.comment"):
        do(converting.to_answer, make.actor(helper), said.id, now=make.now)


def test_an_answer_becomes_a_comment_unless_it_is_accepted(
    make: Make, asker: Account, helper: Account, boss: Account, heard: list[HelpEvent]
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked, body="Merci !")
    h.comment(make, asker, asked, answer_id=given.id, body="Dessous")
    h.vote(make, asker, given)
    h.accept(make, asker, given)
    with pytest.raises(Refusal, match=r"help\.convert_accepted"):
        do(converting.to_comment, make.actor(boss), given.id, now=make.now)
    do(resolving.unaccept, make.actor(asker), given.id)
    with pytest.raises(NotAllowed):
        do(converting.to_comment, make.actor(asker), given.id, now=make.now)
    do(converting.to_comment, make.actor(boss), given.id, now=make.now)
    said = {each.body_html for each in posts.comments_of(asked, [])[None].shown}
    assert said == {"<p>Merci !</p>", "<p>Dessous</p>"}
    assert (fresh(asked).answer_count, count(Vote), count(Conversion)) == (0, 0, 1)
    assert kinds(heard)[-1] is AnswerBecameComment


# Mentions and names


def test_a_mention_is_a_link_and_is_told_once(
    make: Make, asker: Account, helper: Account, heard: list[HelpEvent]
) -> None:
    slug = make.actor(helper).slug
    asked = h.question(make, asker, body=f"Bonjour @{slug}, et `@{slug}`")
    assert f'<a href="/annuaire/{slug}"' in asked.body_html
    assert "<code>@" in asked.body_html
    given = h.answer(make, asker, asked, body=f"@{slug} @{make.actor(asker).slug}")
    edit = {"body": f"@{slug} encore", "revision": 0, "now": make.now}
    do(commands.edit_answer, make.actor(asker), given.id, **edit)
    told = [event for event in heard if isinstance(event, MembersMentioned)]
    assert [(event.member_ids, event.answer_id) for event in told] == [
        ((helper.id,), None),
        ((helper.id,), given.id),
    ]


def test_who_may_not_read_a_thread_is_not_told_of_it(
    make: Make, asker: Account, helper: Account, boss: Account, heard: list[HelpEvent]
) -> None:
    text = " ".join(f"@{make.actor(each).slug}" for each in (helper, boss))
    h.question(make, asker, audience="site", body=text)
    told = [event.member_ids for event in heard if isinstance(event, MembersMentioned)]
    assert told == [(boss.id,)]


def test_a_text_that_mentions_everybody_is_refused(make: Make, lyon: Site, asker: Account) -> None:
    everybody = [make.actor(make.member(lyon)).slug for _ in range(21)]
    asked = h.question(make, asker, body=" ".join(f"@{slug}" for slug in everybody[:20]))
    assert asked.body_html.count("<a ") == 20
    with pytest.raises(Refusal, match=r"help\.mentions_too_many"):
        h.comment(make, asker, asked, body=" ".join(f"@{slug}" for slug in everybody))


def test_five_hundred_strangers_are_only_text(make: Make, asker: Account) -> None:
    text = " ".join(f"@personne-{n}" for n in range(500))
    assert "<a" not in h.question(make, asker, body=text).body_html


def test_profiles_and_firms_are_shown_by_their_name(
    make: Make, asker: Account, helper: Account, heard: list[HelpEvent]
) -> None:
    firm, slug = a_firm(make, helper), make.actor(helper).slug
    asked = h.question(make, asker, body=f"Voir /annuaire/{slug} et /entreprises/{firm.slug}.")
    assert f'href="/annuaire/{slug}" rel="noopener noreferrer nofollow">Paul Vasseur</a>' in (
        asked.body_html
    )
    assert f">{firm.name}</a>." in asked.body_html
    assert MembersMentioned not in kinds(heard)


def test_those_of_the_thread_are_suggested_first(make: Make, lyon: Site, asker: Account) -> None:
    make.member(lyon, name="Paule Avant")
    voice = make.member(lyon, name="Zoé Paulin")
    asked = h.question(make, asker)
    h.comment(make, voice, asked)
    found = mentioning.suggested(make.actor(asker), "paul", asked.id)
    assert [each.name for each in found] == ["Zoé Paulin", "Paule Avant"]
    assert mentioning.suggested(make.actor(voice), "zoe", None) == []


# Without a name


@pytest.fixture
def unnamed(make: Make, lyon: Site, asker: Account) -> Question:
    """A question asked without a name, which its author answered and commented on."""
    with transaction():
        db.session.get_one(Site, lyon.id).hidden_askers = True
    asked = h.question(make, asker, wish=Wish(anonymous=True))
    h.answer(make, asker, asked)
    h.comment(make, asker, asked)
    return asked


def test_a_site_must_let_its_members_ask_without_their_name(make: Make, asker: Account) -> None:
    with pytest.raises(Refusal, match=r"help\.anonymous"):
        h.question(make, asker, wish=Wish(anonymous=True))


@pytest.mark.parametrize("role", ["member", "asker", "manager", "administrator", "other manager"])
def test_who_asked_without_a_name_is_known_to_managers_only(
    make: Make, unnamed: Question, asker: Account, boss: Account, helper: Account, role: str
) -> None:
    people = {"member": lambda: helper, "asker": lambda: asker, "manager": lambda: boss}
    people["administrator"] = lambda: make.member(role="administrator")
    people["other manager"] = lambda: make.member(make.site("Nantes"), role="manager")
    reader = make.actor(people[role]())
    knows = role in {"asker", "manager", "administrator"}
    shown = queries.visible_to(reader, unnamed.id)
    hidden = hidden_author(reader, shown)
    name = "Camille Dervaux" if knows else ""
    thread = lists.page_for(reader, lists.Filters(view="all"), Cursor(size=5)).rows[0]
    assert thread.question.author == name
    assert thread.faces == ()
    assert posts.author_of(shown, hidden).name == name
    given = posts.answers_of(shown, Cursor(size=5), reader_id=reader.id, hidden=hidden).rows
    said = posts.comments_of(shown, [], hidden=hidden)[None].shown
    assert [each.author.name for each in (*given, *said)] == [name, name]
    found = mentioning.suggested(reader, "cam", unnamed.id)
    assert bool(found) is (role != "asker")


# Wishes


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish(needed_on=date(2026, 11, 1)), r"help\.needed_on"),
        (Wish(needed_on=date(2028, 1, 1)), r"help\.needed_on"),
        (Wish(minutes=0), r"help\.minutes"),
        (Wish(minutes=10_000), r"help\.minutes"),
    ],
)
def test_a_wish_that_nobody_can_fulfil_is_refused(
    make: Make, asker: Account, wish: Wish, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        h.question(make, asker, wish=wish)


def test_a_question_keeps_what_its_asker_hopes_for(make: Make, asker: Account) -> None:
    day = date(2026, 11, 20)
    asked = h.question(make, asker, wish=Wish(needed_on=day, minutes=45, language="en"))
    assert (asked.needed_on, asked.minutes, asked.language) == (day, 45, "en")


# Drafts and files


def file_for(make: Make, owner: Account, once: str, key: str = "a" * 32) -> Attachment:
    kept = Kept(key=key, name="devis.pdf", kind="pdf", size=1200)
    added: Attachment = do(attachments.add, make.actor(owner), once, kept, now=make.now)
    return added


def test_a_draft_is_kept_until_it_is_sent(make: Make, asker: Account) -> None:
    h.drafted(make, asker, "Bonj", once="key")
    h.drafted(make, asker, "Bonjour", once="key", title="Une question", fields={"minutes": "30"})
    kept = drafts.of_member(make.actor(asker))
    assert [(each.title, each.body_md, each.fields) for each in kept] == [
        ("Une question", "Bonjour", {"minutes": "30"})
    ]
    h.question(make, asker, once="key")
    assert count(Draft) == 0


def test_a_late_autosave_does_not_bring_a_sent_draft_back(
    make: Make, asker: Account, helper: Account
) -> None:
    asked = h.question(make, asker, once="key")
    typed = Typed(kind="question", once="key", body="Bonjour")
    assert do(drafts.save, make.actor(asker), typed, now=make.now) is None
    h.comment(make, helper, asked, once="key")
    typed = Typed(kind="comment", once="key", body="Bonjour", question_id=asked.id)
    assert do(drafts.save, make.actor(helper), typed, now=make.now) is None


def test_an_emptied_draft_is_gone(make: Make, asker: Account) -> None:
    h.drafted(make, asker, "Bonjour", once="key")
    empty = Typed(kind="question", once="key", body=" ")
    assert do(drafts.save, make.actor(asker), empty, now=make.now) is None
    assert count(Draft) == 0


def test_a_draft_of_a_removed_thread_is_kept(make: Make, asker: Account) -> None:
    asked = h.question(make, asker)
    do(commands.remove_question, make.actor(asker), asked.id, now=make.now)
    kept = h.drafted(make, asker, "Ma réponse", kind="answer", question_id=asked.id)
    assert drafts.in_thread(make.actor(asker), asked.id) == [kept]
    nowhere = Typed(kind="answer", once="x", body="y", question_id=999)
    with pytest.raises(NotFound, match=r"help\.question"):
        do(drafts.save, make.actor(asker), nowhere, now=make.now)


def test_a_draft_is_nobody_elses_and_goes_with_its_files(
    make: Make, asker: Account, helper: Account
) -> None:
    kept = h.drafted(make, asker, "Bonjour", once="key")
    file_for(make, asker, "key")
    with pytest.raises(NotFound, match=r"help\.draft"):
        do(drafts.discard, make.actor(helper), kept.id)
    do(drafts.discard, make.actor(asker), kept.id)
    assert (count(Draft), count(Attachment)) == (0, 0)


def test_there_is_an_end_to_drafts(make: Make, asker: Account) -> None:
    for _ in range(drafts.DRAFTS_MOST):
        h.drafted(make, asker, "x")
    with pytest.raises(Refusal, match=r"help\.drafts_too_many"):
        h.drafted(make, asker, "x")


def test_a_file_waits_for_its_post_and_is_then_its_readers(
    make: Make, lyon: Site, asker: Account, helper: Account
) -> None:
    file = file_for(make, asker, "key")
    with pytest.raises(NotFound, match=r"help\.file"):
        attachments.visible_to(make.actor(helper), file.id)
    assert attachments.waiting(make.actor(asker), "key") == [file]
    asked = h.question(make, asker, once="key", audience="site")
    assert attachments.of_thread(asked) == {(None, None): [file]}
    with pytest.raises(NotFound):
        attachments.visible_to(make.actor(helper), file.id)
    assert attachments.visible_to(make.actor(make.member(lyon)), file.id)


def test_a_file_of_a_removed_post_is_not_shown(make: Make, asker: Account) -> None:
    asked = h.question(make, asker)
    file = file_for(make, asker, "key")
    said = h.comment(make, asker, asked, once="key")
    do(discussing.remove_comment, make.actor(asker), said.id, now=make.now)
    with pytest.raises(NotFound, match=r"help\.file"):
        attachments.visible_to(make.actor(asker), file.id)


def test_a_file_is_taken_back_by_who_sent_it(make: Make, asker: Account, helper: Account) -> None:
    file = file_for(make, asker, "key")
    h.question(make, asker, once="key")
    with pytest.raises(NotAllowed, match=r"help\.edit_not_yours"):
        do(attachments.remove, make.actor(helper), file.id)
    do(attachments.remove, make.actor(asker), file.id)
    assert count(Attachment) == 0


def test_a_form_takes_eight_files(make: Make, asker: Account) -> None:
    for number in range(8):
        file_for(make, asker, "key", key=f"{number}" * 32)
    with pytest.raises(Refusal, match=r"help\.files_too_many"):
        file_for(make, asker, "key", key="9" * 32)


def test_files_of_forms_long_left_are_forgotten(make: Make, asker: Account) -> None:
    file_for(make, asker, "left")
    file_for(make, asker, "kept", key="b" * 32)
    h.drafted(make, asker, "Bonjour", once="kept")
    assert do(drafts.forgotten, make.now + timedelta(days=1)) == 1
    assert db.session.scalars(select(Attachment.once)).all() == ["kept"]


# Another's from now on


def test_what_one_wrote_and_voted_becomes_anothers(
    make: Make, asker: Account, helper: Account, lyon: Site
) -> None:
    double = make.member(lyon)
    asked = h.question(make, helper)
    given, own = h.answer(make, helper, asked), h.answer(make, asker, asked)
    h.comment(make, double, asked)
    h.drafted(make, double, "Bonjour", once="key")
    file_for(make, double, "key")
    for who in (asker, double):
        h.vote(make, who, given)
    h.vote(make, double, own)
    do(handing.hand_over, from_id=double.id, to_id=asker.id, by_id=None)
    assert db.session.scalars(select(Comment.author_id)).one() == asker.id
    draft, file = (
        db.session.scalars(select(Draft)).one(),
        db.session.scalars(select(Attachment)).one(),
    )
    assert (draft.author_id, draft.once) == (file.owner_id, file.once)
    # One vote a person, and none for oneself.
    assert [fresh(given).votes, fresh(own).votes, count(Vote)] == [1, 0, 1]


def test_a_question_has_no_other_posts_rows(make: Make, asker: Account, helper: Account) -> None:
    asked = h.question(make, asker)
    said = h.comment(make, helper, asked, body="un")
    do(discussing.edit_comment, make.actor(helper), said.id, body="deux", revision=0, now=make.now)
    assert (count(Revision), queries.history_of(asked, asked)) == (1, [])
    assert db.session.scalars(select(Answer)).all() == []
    assert db.session.get_one(Member, helper.id)
