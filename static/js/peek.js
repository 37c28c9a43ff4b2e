// A deal beside the board. The plain link leads to the deal's page; the address keeps which deal is open.
import { isCovered } from "./dom.js";
import { isCommand } from "./keys.js";

const panel = () => document.getElementById("peek");
const cardOf = (id) => document.getElementById(`deal-${id}`);
let shown = null;

export function openPeek(link, { push = true } = {}) {
  const id = link.closest("[data-deal]").dataset.deal;
  return htmx.ajax("GET", link.dataset.peek, { source: panel(), target: panel(), swap: "innerHTML" }).then(() => {
    if (!panel().firstElementChild) return;
    reveal(id);
    if (push) remember(id);
  });
}

export function closePeek({ push = true } = {}) {
  if (!shown) return;
  const card = cardOf(shown);
  card?.classList.remove("is-open");
  shown = null;
  panel().hidden = true;
  panel().replaceChildren();
  if (push) remember(null);
  card?.querySelector("h3 a").focus({ preventScroll: true });
}

function reveal(id) {
  cardOf(shown)?.classList.remove("is-open");
  shown = id;
  cardOf(id)?.classList.add("is-open");
  panel().hidden = false;
  panel().focus({ preventScroll: true });
}

function remember(id) {
  const url = new URL(location);
  if (id) url.searchParams.set("deal", id);
  else url.searchParams.delete("deal");
  if (url.href !== location.href) history.pushState({ peek: id }, "", url);
}

// The next or previous card of the same column.
function step(by) {
  const cards = [...(cardOf(shown)?.closest(".cards")?.querySelectorAll("[data-deal]") ?? [])];
  const next = cards[cards.indexOf(cardOf(shown)) + by];
  if (!next) return;
  next.scrollIntoView({ block: "nearest" });
  openPeek(next.querySelector("[data-peek]"));
}

document.addEventListener("click", (event) => {
  if (!panel() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a[data-peek]");
  const button = event.target.closest("#peek [data-peek-close], #peek [data-peek-step]");
  if (!link && !button) return;
  event.preventDefault();
  if (link) openPeek(link);
  else if (button.dataset.peekStep) step(Number(button.dataset.peekStep));
  else closePeek();
});

document.addEventListener("keydown", (event) => {
  if (!shown || isCovered()) return;
  if (event.key === "Escape" && !event.defaultPrevented) {
    event.preventDefault();
    return closePeek();
  }
  if (!isCommand(event) || !panel().contains(document.activeElement)) return;
  const key = event.key.toLowerCase();
  if (key === "o") location.assign(panel().querySelector("a[data-page]").href);
  else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else return;
  event.preventDefault();
});

addEventListener("popstate", () => {
  const id = new URLSearchParams(location.search).get("deal");
  const link = id && cardOf(id)?.querySelector("[data-peek]");
  if (link) openPeek(link, { push: false });
  else closePeek({ push: false });
});

// The server has already opened the deal that the address names.
const first = new URLSearchParams(location.search).get("deal");
if (first && panel()?.firstElementChild) reveal(first);

// A card that was swapped in again still belongs to the open panel.
document.addEventListener("htmx:oobAfterSwap", () => cardOf(shown)?.classList.add("is-open"));
