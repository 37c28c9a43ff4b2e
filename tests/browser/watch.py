"""What a browser complains about: errors on its console, errors of scripts, and what the policy refused."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

# A breach of the content security policy becomes an error like any other.
REPORT_BREACHES = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`Policy breached: ${event.violatedDirective} by ${event.blockedURI}`);
});
"""


class Watch:
    """Listens to every page of a test. What was not foreseen fails it; what was foreseen must have come."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.expected: list[str] = []

    def listen(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_BREACHES)
        context.on("page", self._listen_to)

    def expect(self, pattern: str) -> None:
        """This test provokes an error whose text matches."""
        self.expected.append(pattern)

    def check(self) -> None:
        unforeseen = [
            error for error in self.errors if not any(re.search(one, error) for one in self.expected)
        ]
        assert not unforeseen, "The browser complained:\n" + "\n".join(unforeseen)
        missing = [one for one in self.expected if not any(re.search(one, error) for error in self.errors)]
        assert not missing, f"Expected of the browser, but it said nothing: {missing}"

    def _listen_to(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(f"Uncaught: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")
