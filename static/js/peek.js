// A deal beside the board. The plain link leads to the deal's page; the address keeps which deal is open.
import { apply } from "./board/swaps.js";
import { openDialog } from "./dialog.js";
import { boardQuery, isCovered, isField } from "./dom.js";
import { isCommand } from "./keys.js";
import { send } from "./request.js";
import { toast } from "./toast.js";

const panel = () => document.getElementById("peek");
const cardOf = (id) => document.getElementById(`deal-${id}`);
let shown = null;

export async function openPeek(id, { push = true } = {}) {
  await load(id);
  if (!panel().firstElementChild) return;
  reveal(id);
  if (push) remember(id);
}

function load(id) {
  return htmx.ajax("GET", `/deals/${id}/peek/`, { source: panel(), target: panel(), swap: "innerHTML" });
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
  tellPlace(id);
  panel().focus({ preventScroll: true });
}

// "1 of 9 in Evaluation": among the cards that the column shows.
function tellPlace(id) {
  const column = cardOf(id)?.closest(".col");
  const place = panel().querySelector("[data-peek-place]");
  if (!column || !place) return;
  const at = [...column.querySelectorAll(".card[data-deal]")].indexOf(cardOf(id)) + 1;
  const all = column.querySelector(".count").firstChild.data.trim();
  place.textContent = `${at} of ${all} in ${column.dataset.name}`;
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
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
  openPeek(next.dataset.deal);
}

document.addEventListener("click", (event) => {
  if (!panel() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a[data-peek]");
  const button = event.target.closest("#peek [data-peek-close], #peek [data-peek-step]");
  if (!link && !button) return;
  event.preventDefault();
  if (link) openPeek(link.closest("[data-deal]").dataset.deal);
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
  if (/^\d+$/.test(id)) openPeek(id, { push: false });
  else closePeek({ push: false });
});

// The forms in the panel change the board beside it.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("#peek form[data-change-form]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const values = new FormData(form, event.submitter);
  values.set("board", boardQuery());
  const answer = await send("POST", form.getAttribute("action"), values);
  if (!answer.fragments) return toast({ kind: "error", message: "This did not go through. Nothing was changed." });
  apply(answer.html);
  if (answer.ok && form.dataset.then) openDialog(form.dataset.then);
});

// What changed here or in a dialog shows in the panel too, unless somebody is writing in it.
document.addEventListener("deal:changed", ({ detail }) => {
  if (!shown || !detail.deals.includes(Number(shown))) return;
  const typing = isField(document.activeElement) && panel().contains(document.activeElement);
  if (!typing) setTimeout(refresh);
});

async function refresh() {
  const had = panel().contains(document.activeElement);
  const at = panel().querySelector(".peek-body")?.scrollTop;
  if (!cardOf(shown)) return closePeek();
  await load(shown);
  tellPlace(shown);
  const body = panel().querySelector(".peek-body");
  if (body) body.scrollTop = at;
  if (had) panel().focus({ preventScroll: true });
}

// A card that was swapped in again still belongs to the open panel.
document.addEventListener("htmx:oobAfterSwap", () => cardOf(shown)?.classList.add("is-open"));

const asked = new URLSearchParams(location.search).get("deal");
if (panel() && /^\d+$/.test(asked)) openPeek(asked, { push: false });
