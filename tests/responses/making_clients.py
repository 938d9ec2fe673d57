"""Clients for tests: of servers of this machine, with time that is moved by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from responses.fake_clock import FakeClock
from responses.misbehaving_http import MisbehavingServer

from hwbtext.scrape.client import Client
from hwbtext.scrape.hops import Limits
from hwbtext.scrape.pace import Pacer
from hwbtext.scrape.records import Permission

CONTACT = "data@ashmere.example"


def make_client(
    *servers: MisbehavingServer,
    time: FakeClock | None = None,
    limits: Limits | None = None,
    names: Sequence[str] = ("127.0.0.1",),
    permissions: dict[str, Permission] | None = None,
    ca_bundle: Path | None = None,
    delay: float = 0.0,
    shared_domains: Sequence[str] = (),
) -> Client:
    """Return a client that may ask the servers under the names, which are all this machine."""
    clock = (time or FakeClock()).clock()
    return Client(
        contact=CONTACT,
        clock=clock,
        pacer=Pacer(delay=delay, clock=clock, shared_domains=shared_domains),
        limits=limits or Limits(connect=5, read=5, page_seconds=60, file_seconds=60),
        allowed={f"{name}:{server.port}" for server in servers for name in names},
        permissions=permissions,
        ca_bundle=ca_bundle,
        resolve=lambda host, port: ["127.0.0.1"],
    )
