"""A person at a board, over real HTTP: reads what stands in the answer, and posts the next change."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode
from uuid import UUID, uuid4

from tests.stress.site import Web

TOKEN = "t" * 32  # the CSRF token: the one of the cookie again in the header
CARD = re.compile(r'id="deal-(\d+)" data-deal="\d+" data-version="(\d+)" data-stage="(\d+)"')
TIMEOUT = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """A status (0: no answer came) and the cards in it: version and stage, by deal."""

    status: int
    cards: dict[int, tuple[int, int]]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A move that was asked for, and what came back."""

    deal: int
    seen: int
    to: int
    operation: UUID
    status: int


class Person:
    """One signed-in browser with its own connection."""

    def __init__(self, web: Web, session: str) -> None:
        self.web = web
        self.headers = {
            "Cookie": f"funnel-session={session}; funnel-csrf={TOKEN}",
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.connection: HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **data: object) -> Answer:
        return self._ask("POST", path, urlencode(data, doseq=True))

    def move(self, deal: int, seen: int, to: int, operation: UUID | None = None) -> tuple[Post, Answer]:
        operation = operation or uuid4()
        answer = self.post(f"/deals/{deal}/move/", seen=seen, to=to, operation=operation)
        return Post(deal, seen, to, operation, answer.status), answer

    def close(self) -> None:
        if self.connection:
            self.connection.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        connection = self.connection or HTTPConnection("127.0.0.1", self.web.port, timeout=TIMEOUT)
        self.connection = None
        try:
            connection.request(method, path, body, self.headers)
            response = connection.getresponse()
            text = response.read().decode()
        except (OSError, HTTPException):
            connection.close()
            return Answer(0, {})
        if response.will_close:
            connection.close()
        else:
            self.connection = connection
        cards = {int(deal): (int(version), int(stage)) for deal, version, stage in CARD.findall(text)}
        return Answer(response.status, cards, text)


def all_at_once(web: Web, sessions: list[str], act: Callable[[Person, int], object]) -> list:
    """What `act(person, number)` gives for each session, in threads that start together."""

    def one(numbered: tuple[int, str]) -> object:
        person = Person(web, numbered[1])
        try:
            return act(person, numbered[0])
        finally:
            person.close()

    with ThreadPoolExecutor(len(sessions)) as pool:
        return list(pool.map(one, enumerate(sessions)))


def keep_moving(person: Person, deal: int, path: dict[int, int], times: int) -> list[Post]:
    """Move a new deal along a circle of stages, each time from what the last answer showed."""
    version, stage = 1, next(iter(path))
    posts = []
    for _ in range(times):
        post, answer = person.move(deal, version, path[stage])
        posts.append(post)
        version, stage = answer.cards.get(deal, (version, stage))
    return posts
