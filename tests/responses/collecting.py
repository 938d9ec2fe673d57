"""Runs of the collector against local servers, and what they left: for tests of behaviours."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from responses.fake_clock import FakeClock
from responses.moderngov_server import ModernGovServer

from hwbtext.scrape.hops import Limits
from hwbtext.scrape.run import scrape
from hwbtext.sites import RegisterEntry, choose_sites

if TYPE_CHECKING:
    from hwbtext.scrape.counts import ScrapeReport, SiteCounts

CONTACT = "data@ashmere.example"
KINDS = ("minutes", "agenda", "pack", "supplement", "strategy", "report", "decisions", "other")
PATIENCE = Limits(connect=5, read=5, page_seconds=60, file_seconds=60)


@dataclass
class Collector:
    """Collects into one folder, with time that is moved by hand."""

    out: Path
    time: FakeClock = field(default_factory=FakeClock)

    def run(self, *servers: ModernGovServer, **options: Any) -> ScrapeReport:
        """Collect from every council of the servers (all kinds, no delay, unless told)."""
        entries = options.pop("entries", None) or self.entries(*servers)
        names = options.pop("names", ("127.0.0.1",))
        stated: dict[str, Any] = {
            "contact": CONTACT,
            "kinds": KINDS,
            "delay": 0.0,
            "limits": PATIENCE,
            "clock": self.time.clock(),
            "allow": [f"{name}:{server.port}" for server in servers for name in names],
            "resolve": lambda host, port: ["127.0.0.1"],
        }
        return scrape(entries, self.out, **(stated | options))

    def one(self, *servers: ModernGovServer, **options: Any) -> SiteCounts:
        """Collect, and return the counts of the first site."""
        return self.run(*servers, **options).sites[0]

    @staticmethod
    def entries(*servers: ModernGovServer) -> tuple[RegisterEntry, ...]:
        urls = [server.base_url(one) for server in servers for one in server.councils]
        return choose_sites(urls, {})

    def later(self, days: float) -> None:
        """Let days pass, so that the next run is one of its own."""
        self.time.advance(days * 86_400)

    def rows(self, event: str | None = None) -> list[dict[str, Any]]:
        """Return the rows of the manifest, read as lines of JSON and no other way."""
        lines = (self.out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        return [row for row in rows if event in (None, row["event"])]

    def documents(self, **wanted: Any) -> list[dict[str, Any]]:
        """Return the last finished row of each document, as each meeting lists it."""
        last = {
            (row["site_id"], row["meeting_id"], row["doc_key"]): row
            for row in self.rows("finished")
        }
        return [
            row for row in last.values() if all(row[key] == value for key, value in wanted.items())
        ]

    def document(self, **wanted: Any) -> dict[str, Any]:
        """Return the one document that fits."""
        found = self.documents(**wanted)
        assert len(found) == 1, [(row["title"], row["outcome"]) for row in found]
        return found[0]

    def meetings(self) -> dict[str, dict[str, Any]]:
        """Return the last row of each meeting, by its id."""
        return {row["meeting_id"]: row for row in self.rows("meeting")}

    def outcomes(self) -> dict[str, str]:
        """Return the outcome of each document by its title."""
        return {row["title"]: row["outcome"] for row in self.documents()}

    def papers(self) -> list[Path]:
        """Return the files of papers below the folder."""
        return sorted(
            path
            for path in self.out.rglob("*")
            if path.is_file()
            and not any(part.startswith(".") for part in path.relative_to(self.out).parts)
            and path.name not in ("manifest.jsonl", "metadata.csv")
        )

    def bytes_of(self, row: dict[str, Any]) -> bytes:
        """Return the bytes that a row says are held."""
        assert row["path"] is not None, row
        return (self.out / row["path"]).read_bytes()
