"""Behaviour 54: a certificate that does not hold ends the request; a CA bundle can add to trust."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from responses.making_clients import make_client
from responses.misbehaving_http import MisbehavingServer, redirect, reply

from hwbtext.errors import InputError
from hwbtext.scrape.records import FetchError

pytest.importorskip("cryptography", reason="certificates of the tests are made with cryptography")

from responses.certificates import Issued, bundle, issue, server_context

HOST = "ashmere.example"
ROOT = issue("Ashmere Root", authority=True)
MIDDLE = issue("Ashmere Middle", ROOT, authority=True)
LEAF = issue(HOST, MIDDLE)


def fetch(context: ssl.SSLContext, ca_bundle: Path | None) -> bytes:
    with MisbehavingServer({"/a": reply("safe")}, tls=context) as server:
        client = make_client(server, names=(HOST,), ca_bundle=ca_bundle)
        return client.page(server.url("/a", host=HOST)).body


@pytest.mark.parametrize(
    ("leaf", "chain", "trusted", "hint"),
    [
        (issue(HOST), (), (), "signed by itself"),
        (LEAF, (MIDDLE,), (), "does not send|does not know"),
        (LEAF, (MIDDLE, ROOT), (), "root that this machine does not know"),
        (LEAF, (), (ROOT,), "does not send the certificates between"),
        (issue(HOST, ROOT, expired=True), (), (ROOT,), "expired"),
        (issue("thornholme.example", ROOT), (), (ROOT,), "another name"),
        (issue(HOST, issue(HOST, ROOT)), (), (ROOT,), "does not hold"),
    ],
)
def test_54_a_certificate_that_does_not_hold(
    leaf: Issued, chain: tuple[Issued, ...], trusted: tuple[Issued, ...], hint: str, tmp_path: Path
) -> None:
    ca_bundle = bundle(tmp_path, *trusted) if trusted else None
    with MisbehavingServer({}, tls=server_context(tmp_path, leaf, *chain)) as server:
        client = make_client(server, names=(HOST,), ca_bundle=ca_bundle)
        with pytest.raises(FetchError, match=hint) as caught:
            client.page(server.url("/a", host=HOST))
    assert (caught.value.outcome, caught.value.host_stopped) == ("failed_tls", True)
    assert "CA bundle" in str(caught.value)
    assert client.stopped(server.url(host=HOST)) is not None
    assert server.log == [], "nothing is sent over a connection that was not checked"


@pytest.mark.parametrize(
    ("chain", "trusted"),
    [((MIDDLE,), (ROOT,)), ((), (ROOT, MIDDLE)), ((MIDDLE, ROOT), (ROOT,))],
)
def test_54_a_ca_bundle_adds_what_is_missing(
    chain: tuple[Issued, ...], trusted: tuple[Issued, ...], tmp_path: Path
) -> None:
    context = server_context(tmp_path, LEAF, *chain)
    assert fetch(context, bundle(tmp_path, *trusted)) == b"safe"


def test_54_a_bundle_that_is_none_is_told_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("none")
    for name in ("no.pem", "gone.pem"):
        with pytest.raises(InputError, match="CA bundle"):
            make_client(ca_bundle=tmp_path / name)


def test_54_a_server_that_knows_only_old_methods(tmp_path: Path) -> None:
    context = server_context(tmp_path, LEAF, MIDDLE)
    context.set_ciphers("NULL:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(FetchError, match="no longer safe") as caught:
        fetch(context, bundle(tmp_path, ROOT))
    assert caught.value.outcome == "failed_tls"


def test_33_a_redirect_from_https_to_http_is_not_followed(tmp_path: Path) -> None:
    with MisbehavingServer({"/b": reply("x")}) as plain:
        to = redirect(plain.url("/b", host=HOST))
        tls = server_context(tmp_path, LEAF, MIDDLE)
        with MisbehavingServer({"/a": to}, tls=tls) as server:
            client = make_client(server, plain, names=(HOST,), ca_bundle=bundle(tmp_path, ROOT))
            with pytest.raises(FetchError, match="https to http") as caught:
                client.page(server.url("/a", host=HOST))
    assert caught.value.outcome == "failed_redirect"
    assert plain.log == []


def test_a_redirect_from_http_to_https_is_followed(tmp_path: Path) -> None:
    tls = server_context(tmp_path, LEAF, MIDDLE)
    with MisbehavingServer({"/b": reply("safe")}, tls=tls) as server:
        to = redirect(server.url("/b", host=HOST))
        with MisbehavingServer({"/a": to}) as plain:
            client = make_client(server, plain, names=(HOST,), ca_bundle=bundle(tmp_path, ROOT))
            assert client.page(plain.url("/a", host=HOST)).body == b"safe"
