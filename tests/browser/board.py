"""The board as a person handles it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, Route, expect

from funnelcrm.models import User
from leads.domain.deals import move_deal
from leads.models import Deal
from stages.models import Stage


class BoardPage:
    """A page of the product, by the words of those who use it. `page` is Playwright's own."""

    def __init__(self, page: Page) -> None:
        self.page = page

    # --- Getting there ------------------------------------------------------------------------------

    def goto(self, path: str) -> None:
        self.page.goto(path)

    # --- What stands where --------------------------------------------------------------------------

    def card(self, deal: Deal) -> Locator:
        return self.page.locator(f"#deal-{deal.pk}")

    def link(self, deal: Deal) -> Locator:
        return self.card(deal).locator("h3 a")

    def column(self, stage: Stage) -> Locator:
        return self.page.locator(f"#stage-{stage.pk}")

    def titles(self, stage: Stage) -> list[str]:
        """The deals in a column, from the top."""
        return self.column(stage).locator(".card[data-deal] h3").all_inner_texts()

    def count(self, stage: Stage) -> int:
        """What the column's head says."""
        return int(re.match(r"\d+", self.column(stage).locator(".count").inner_text())[0])

    def expect_in(self, deal: Deal, stage: Stage) -> None:
        expect(self.column(stage).locator(f"#deal-{deal.pk}")).to_be_visible()
        expect(self.page.locator(f"#deal-{deal.pk}")).to_have_count(1)

    def expect_counts(self, **counts: int) -> None:
        """By the stages' names in lower case."""
        for name, number in counts.items():
            head = self.page.locator(f".col[data-name='{name.capitalize()}'] .count")
            expect(head).to_have_text(re.compile(rf"^{number}\D"))

    # --- What is said -------------------------------------------------------------------------------

    @property
    def toast(self) -> Locator:
        return self.page.locator("#toasts .toast").last

    @property
    def live(self) -> Locator:
        return self.page.locator("#live")

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog#dialog[open]")

    @property
    def peek(self) -> Locator:
        return self.page.locator("#peek")

    def expect_focus_on(self, deal: Deal) -> None:
        expect(self.link(deal)).to_be_focused()

    # --- What hands do ------------------------------------------------------------------------------

    @contextmanager
    def dragging(self, deal: Deal) -> Iterator["Hand"]:
        """The mouse holds the card; at the end it lets go."""
        hand = Hand(self)
        hand.lift(deal)
        yield hand
        self.page.mouse.up()

    def drag(self, deal: Deal, to: Stage) -> None:
        with self.dragging(deal) as hand:
            hand.over(self.column(to))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focus(self, deal: Deal) -> None:
        self.link(deal).focus()

    # --- What networks do ---------------------------------------------------------------------------

    @contextmanager
    def answers_lost(self, pattern: str) -> Iterator[None]:
        """The server does what it is told to, and nobody hears of it. What is only read comes through."""

        def lose(route: Route) -> None:
            if route.request.method == "GET":
                return route.continue_()
            route.fetch()
            return route.abort()

        self.page.route(pattern, lose)
        yield
        self.page.unroute(pattern)

    def hold(self, pattern: str) -> Callable[[], None]:
        """Let such requests wait at the door. Gives back what opens it."""
        waiting = []
        self.page.route(pattern, lambda route: waiting.append(route))

        def let_through() -> None:
            while waiting:
                waiting.pop(0).continue_()
            self.page.unroute(pattern)

        return let_through


class Hand:
    """A mouse with a card."""

    def __init__(self, board: BoardPage) -> None:
        self.page, self.board = board.page, board

    def lift(self, deal: Deal) -> None:
        self.board.card(deal).scroll_into_view_if_needed()
        x, y = middle(self.board.card(deal).locator(".card-mid"))
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + 12, y + 4, steps=3)
        expect(self.page.locator(".ghost")).to_be_visible()

    def over(self, place: Locator) -> None:
        self.page.mouse.move(*middle(place), steps=6)


def middle(place: Locator) -> tuple[float, float]:
    """Where it is, now. What was just swapped has no place for an instant."""
    expect(place).to_be_visible()
    box = place.bounding_box() or place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def somebody_moves(deal: Deal, to: Stage, by: User) -> None:
    """Meanwhile, elsewhere."""
    deal.refresh_from_db()
    move_deal(deal_id=deal.pk, seen=deal.version, to_stage=to, by=by)
