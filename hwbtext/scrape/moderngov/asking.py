"""Ask a ModernGov site: the addresses of its pages and methods, and what may go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from hwbtext.scrape.moderngov.times import write_day
from hwbtext.scrape.records import CouldNotCheckError, FetchError, UnreadableAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from typing import TypeVar

    from hwbtext.scrape.records import Page, Pages

    Answer = TypeVar("Answer")

# The service wants both dates; ModernGov has no meetings from before the nineties.
_FIRST_DAY = "01/01/1990"
_LAST_DAY = "31/12/2099"


class NotReadError(Exception):
    """A page that could not be had or read; stays inside this package."""


@dataclass(slots=True)
class Site:
    """One ModernGov site in one run: asks, and remembers whether its web service answers.

    Attributes
    ----------
    base : str
        Address of the site without a last slash.
    pages : Pages
    n_service_failures, service_answered
        A service that is switched off is not asked for every single meeting.
    """

    base: str
    pages: Pages
    n_service_failures: int = 0
    service_answered: bool = False

    @property
    def service_is_off(self) -> bool:
        """Whether the web service failed twice and never answered."""
        return not self.service_answered and self.n_service_failures >= 2

    def service(self, method: str, read: Callable[[Page], Answer], **parameters: str) -> Answer:
        """Return what ``read`` makes of a method's answer; raises NotReadError."""
        if self.service_is_off:
            raise NotReadError("the web service is off")
        query = f"?{urlencode(parameters, safe='/')}" if parameters else ""
        try:
            answer = self.read(f"{self.base}/mgWebService.asmx/{method}{query}", read)
        except NotReadError:
            self.n_service_failures += 1
            raise
        self.service_answered = True
        return answer

    def read(self, url: str, read: Callable[[Page], Answer]) -> Answer:
        """Return what ``read`` makes of the page at ``url``; raises NotReadError.

        Where the client has given the host up, CouldNotCheckError ends the whole reading.
        """
        try:
            page = self.pages.page(url)
            if page.status >= 400:
                raise NotReadError(f"HTTP {page.status} from {url}")
            return read(page)
        except FetchError as error:
            if error.host_stopped:  # nothing else can be had from there either
                raise CouldNotCheckError(str(error)) from error
            raise NotReadError(f"{error.outcome}: {error} ({url})") from error
        except UnreadableAnswerError as error:
            raise NotReadError(f"{error} ({url})") from error


def days(since: date | None, until: date | None) -> dict[str, str]:
    """Return the dates of ``GetMeetings``: day first, or they are silently ignored."""
    return {
        "sFromDate": write_day(since) if since else _FIRST_DAY,
        "sToDate": write_day(until) if until else _LAST_DAY,
    }
