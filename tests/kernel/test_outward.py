"""Posting to addresses that people typed: the open net only, one address, no redirection."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from incubator.kernel import outward
from incubator.kernel.outward import Unreachable, is_public, post, resolved
from tests.receivers import receiving

CLOSED = (
    *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("0.0.0.0", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),  # noqa: S104 - refused
    *("255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::1"),
    *("::ffff:10.0.0.1", "2001::1", "::127.0.0.1"),
)
OPEN = ("93.184.215.14", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1")


def names(*numbers: str) -> Any:
    """A name server that knows these addresses for any name."""

    def known(host: str, port: int, **_asked: object) -> list[Any]:
        return [
            (socket.AF_INET6 if ":" in n else socket.AF_INET, socket.SOCK_STREAM, 6, "", (n, port))
            for n in numbers
        ]

    return known


@pytest.mark.parametrize("number", CLOSED)
def test_nothing_nearby_is_public(number: str) -> None:
    assert not is_public(ip_address(number))


@pytest.mark.parametrize("number", OPEN)
def test_the_open_net_is(number: str) -> None:
    assert is_public(ip_address(number))


@pytest.mark.parametrize("number", CLOSED)
def test_a_name_that_leads_nearby_is_refused(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", names(number))
    with pytest.raises(Unreachable, match=r"^closed$"):
        resolved("innocent.example.org", 443)


def test_one_bad_address_among_good_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", names("1.1.1.1", "10.0.0.1"))
    with pytest.raises(Unreachable, match=r"^closed$"):
        resolved("innocent.example.org", 443)


def test_the_connection_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    connected: list[object] = []

    def rebinding(host: str, port: int, **more: object) -> list[Any]:
        asked.append(host)
        return names("1.1.1.1" if len(asked) == 1 else "127.0.0.1")(host, port, **more)

    def connect(address: object, *_more: object) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable, match=r"^connection$"):
        post("https://rebound.example.org/x", b"", {})
    assert (asked, connected) == (["rebound.example.org"], [("1.1.1.1", 443)])


def test_nobody_is_called_on_this_machine_unless_it_is_allowed() -> None:
    with receiving() as there:
        with pytest.raises(Unreachable):
            post(there.url, b"{}", {})
        assert there.got == []
        assert post(there.url, b"{}", {"X-Y": "z"}, local=True).well
        headers, body = there.got[0]
    assert (headers["X-Y"], body) == ("z", b"{}")


def test_only_https_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", names("1.1.1.1"))
    for local in (False, True):
        with pytest.raises(Unreachable, match=r"^https$"):
            post("http://hooks.example.org/", b"", {}, local=local)


def test_a_redirection_is_an_answer_and_not_followed() -> None:
    with receiving() as there:
        there.answers.append((302, {"Location": there.url}, b""))
        answer = post(there.url, b"", {}, local=True)
        assert (answer.status, answer.well, len(there.got)) == (302, False, 1)


def test_a_long_answer_is_not_read_to_its_end() -> None:
    with receiving() as there:
        there.answers.append((200, {}, b"x" * (outward.MOST_BYTES + 1)))
        with pytest.raises(Unreachable, match=r"^long$"):
            post(there.url, b"", {}, local=True)


def test_who_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward, "WHOLE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        # It takes the connection and never answers.
        with pytest.raises(Unreachable, match=r"^silence$"):
            post(url, b"", {}, local=True)


def test_a_name_that_nobody_knows_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_asked: object, **_more: object) -> None:
        raise socket.gaierror(8, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match=r"^host$"):
        post("https://nowhere.example.org/", b"", {})
    with pytest.raises(Unreachable):
        resolved("a" * 70 + ".example.org", 443)
