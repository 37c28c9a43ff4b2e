// What must survive when the server's fragments replace cards, heads or whole columns, whoever asked for them:
// the order of cards, the focus, how far a column is scrolled, and a form that stands open in it.
import { cardBy, linkOf, place } from "./cards.js";
import { selectAgain } from "./select.js";

// Swap in an answer that this module's callers fetched themselves.
export function apply(html) {
  makeRoom(html);
  htmx.swap(document.body, html, { swapStyle: "none", swapDelay: 0, settleDelay: 0 });
}

// A card that is not on the page yet needs a place to be swapped into.
function makeRoom(html) {
  if (!document.querySelector("[data-board]")) return;
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const card of template.content.querySelectorAll("li.card[hx-swap-oob=true]")) {
    if (document.getElementById(card.id)) continue;
    const room = document.createElement("li");
    room.id = card.id;
    document.getElementById(`cards-${card.dataset.stage}`)?.append(room);
  }
}

const scrolled = new Map();
const forms = new Map();

function beforeSwap({ target }) {
  rememberFocus(target);
  const list = target.matches(".col") && target.querySelector(".cards");
  if (!list) return;
  scrolled.set(list.id, list.scrollTop);
  const form = list.querySelector(":scope > .quick-add");
  if (form) forms.set(list.id, form);
}

function afterSwap({ target }) {
  if (target.matches(".card[data-deal]")) {
    place(target);
    selectAgain(target);
  }
  if (target.matches(".col")) settleColumn(target);
}

function settleColumn(column) {
  const list = column.querySelector(".cards");
  if (forms.has(list.id)) list.prepend(forms.get(list.id));
  forms.delete(list.id);
  column.querySelectorAll(".card[data-deal]").forEach(selectAgain);
  if (scrolled.has(list.id)) list.scrollTop = scrolled.get(list.id);
  scrolled.delete(list.id);
}

// The focus stays with the card; where the card leaves the view, the next one gets it.
function rememberFocus(target) {
  const active = document.activeElement;
  const card = active?.closest(".card[data-deal]");
  if (!card || !target.contains(active)) return;
  const visible = active.matches(":focus-visible");
  const part = ["[data-select]", "[data-move]"].find((selector) => active.matches(selector)) ?? "h3 a";
  const ids = [card, card.nextElementSibling, card.previousElementSibling].map((one) => one?.dataset.deal);
  queueMicrotask(() => {
    if (document.activeElement !== document.body && document.activeElement?.isConnected) return;
    const id = ids.find((one) => one && cardBy(one));
    const next = id && cardBy(id);
    (id === ids[0] ? next?.querySelector(part) : linkOf(next))?.focus({ preventScroll: true });
    if (visible) next?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => detail.serverResponse && makeRoom(detail.serverResponse));
document.addEventListener("htmx:oobBeforeSwap", beforeSwap);
document.addEventListener("htmx:oobAfterSwap", afterSwap);
