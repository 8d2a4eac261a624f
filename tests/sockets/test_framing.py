"""WebSocket's frames, as RFC 6455 draws them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.reactions.live.fast import framing
from incubator.reactions.live.fast.framing import BINARY, CLOSE, CONTINUATION, PING, TEXT

MOST = 1_000
KEY = b"\x01\x02\x03\x04"


def sent(opcode: int, body: bytes, *, final: bool = True, masked: bool = True) -> bytes:
    """A frame as a client sends it."""
    plain = framing.frame(opcode, body)
    head = plain[: len(plain) - len(body)]
    first = head[0] if final else head[0] & 0x7F
    if not masked:
        return bytes((first,)) + plain[1:]
    return bytes((first, head[1] | 0x80)) + head[2:] + KEY + framing.unmask(body, KEY)


def read(*pieces: bytes) -> list[tuple[int, str | bytes]]:
    reader = framing.Reader(MOST)
    return [message for piece in pieces for message in reader.feed(piece)]


def status_of(*pieces: bytes) -> int:
    with pytest.raises(framing.BadFrame) as refused:
        read(*pieces)
    return refused.value.code


def test_the_answer_to_a_handshake_is_that_of_the_standard() -> None:
    assert framing.answer_to("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@pytest.mark.parametrize("key", ["", "short", "dGhlIHNhbXBsZQ==", "é" * 24, "=" * 24])
def test_what_is_no_key_has_no_answer(key: str) -> None:
    assert framing.answer_to(key) is None


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 999])
def test_a_message_of_every_width_of_length_comes_back(size: int) -> None:
    assert read(sent(TEXT, b"x" * size)) == [(TEXT, "x" * size)]


def test_a_length_of_eight_bytes_is_written_for_what_two_cannot_tell() -> None:
    made = framing.frame(TEXT, b"x" * 70_000)
    assert (made[1], int.from_bytes(made[2:10], "big"), len(made)) == (127, 70_000, 70_010)


@given(st.lists(st.text(max_size=200), min_size=1, max_size=5), st.data())
def test_messages_come_whole_however_their_bytes_are_cut(
    texts: list[str], data: st.DataObject
) -> None:
    stream = b"".join(sent(TEXT, text.encode()[:900]) for text in texts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    edges = [0, *cuts, len(stream)]
    pieces = [stream[a:b] for a, b in pairwise(edges)]
    assert read(*pieces) == [(TEXT, text) for text in texts]


def test_fragments_are_joined_and_a_ping_may_come_between() -> None:
    pieces = (
        sent(TEXT, b"caf\xc3", final=False),
        sent(PING, b"there?"),
        sent(CONTINUATION, b"\xa9", final=False),
        sent(CONTINUATION, b" cr\xc3\xa8me"),
    )
    assert read(*pieces) == [(PING, b"there?"), (TEXT, "café crème")]


def test_bytes_stay_bytes() -> None:
    assert read(sent(BINARY, b"\xff\x00")) == [(BINARY, b"\xff\x00")]


def test_nothing_is_held_when_nothing_is_half_there() -> None:
    reader = framing.Reader(MOST)
    whole = sent(TEXT, b"hello")
    assert list(reader.feed(whole[:4])) == []
    assert not reader.idle
    assert list(reader.feed(whole[4:])) == [(TEXT, "hello")]
    assert reader.idle


BROKEN_FRAMES = {
    "a server's own, unmasked frame": sent(TEXT, b"x", masked=False),
    "a reserved bit, as of compression": bytes((sent(TEXT, b"x")[0] | 0x40,))
    + sent(TEXT, b"x")[1:],
    "an opcode that is none": sent(0x3, b"x"),
    "a control opcode that is none": sent(0xB, b"x"),
    "a continuation of nothing": sent(CONTINUATION, b"x"),
    "a ping in pieces": sent(PING, b"x", final=False),
    "a ping of 126 bytes": sent(PING, b"x" * 126),
    "a farewell of one byte": sent(CLOSE, b"x"),
    "a farewell with a status nobody may send": sent(CLOSE, (1005).to_bytes(2, "big")),
    "a message within another": sent(TEXT, b"x", final=False) + sent(TEXT, b"y"),
}


@pytest.mark.parametrize("stream", BROKEN_FRAMES.values(), ids=BROKEN_FRAMES)
def test_what_breaks_the_protocol_is_refused(stream: bytes) -> None:
    assert status_of(stream) == framing.BROKEN


def test_an_oversize_message_is_refused_by_its_header_alone() -> None:
    header = bytes((0x81, 0xFF)) + (300_000_000).to_bytes(8, "big")
    assert status_of(header) == framing.TOO_BIG


def test_fragments_are_counted_together_the_empty_ones_too() -> None:
    half = sent(TEXT, b"x" * 600, final=False)
    assert status_of(half, sent(CONTINUATION, b"x" * 600)) == framing.TOO_BIG
    empty = sent(CONTINUATION, b"", final=False)
    assert status_of(sent(TEXT, b"", final=False), empty * MOST, sent(CONTINUATION, b"xx")) == (
        framing.TOO_BIG
    )


@pytest.mark.parametrize("body", [b"\xff", b"caf\xc3", b"\xed\xa0\x80"])
def test_a_text_that_is_no_utf8_is_refused(body: bytes) -> None:
    assert status_of(sent(TEXT, body)) == framing.BAD_TEXT
    assert status_of(sent(CLOSE, (1000).to_bytes(2, "big") + body)) == framing.BAD_TEXT


def test_a_farewell_is_answered_with_its_status() -> None:
    assert read(sent(CLOSE, b"")) == [(CLOSE, b"")]
    assert read(sent(CLOSE, (1000).to_bytes(2, "big") + b"bye")) == [(CLOSE, b"\x03\xe8")]
