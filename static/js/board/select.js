// Several cards at once: by the checkbox, by X, by Shift with the arrows. A bar offers what can be done with them.
import { openDialog } from "../dialog.js";
import { short } from "../money.js";
import { board, cardBy } from "./cards.js";
import { openSheet } from "./sheet.js";

const chosen = new Set();

export const selected = () => [...chosen].filter(cardBy);

// The dragged or focused card alone, or the whole selection where it is one of it.
export const withSelection = (id) => (chosen.has(id) ? selected() : [id]);

export function select(id, on = !chosen.has(id)) {
  if (on) chosen.add(id);
  else chosen.delete(id);
  mark(cardBy(id));
  showBar();
}

export function clearSelection() {
  const before = [...chosen];
  chosen.clear();
  before.forEach((id) => mark(cardBy(id)));
  showBar();
  return before.length > 0;
}

export function selectAgain(card) {
  if (chosen.has(card.dataset.deal)) mark(card);
}

// Ask the server for the dialog of a bulk action, for these deals as they were seen.
export function askForMany(action, ids) {
  return openDialog(board().dataset[`bulk${action}`]).then(() => name(ids));
}

function name(ids) {
  const form = document.querySelector("#dialog form[data-bulk-form]");
  if (!form) return;
  form.querySelector("[data-bulk-count]").textContent = ids.length === 1 ? cardBy(ids[0]).dataset.title : `${ids.length} deals`;
  for (const id of ids) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "deal", value: `${id}:${cardBy(id).dataset.version}` });
    form.append(field);
  }
}

function mark(card) {
  if (!card) return;
  const on = chosen.has(card.dataset.deal);
  card.classList.toggle("is-selected", on);
  const box = card.querySelector("[data-select]");
  if (box) box.checked = on;
}

function showBar() {
  const bar = document.getElementById("bulk");
  if (!bar) return;
  const many = selected().length;
  bar.hidden = !many;
  bar.querySelector("[data-count]").textContent = `${many} selected`;
  bar.querySelector("[data-sum]").textContent = worth(selected().map(cardBy));
  board().closest("main").classList.toggle("is-selecting", many > 0);
}

// What cards are worth together, currency by currency.
function worth(cards) {
  const sums = new Map();
  for (const { amount, currency } of cards.map((card) => card.dataset)) {
    if (amount) sums.set(currency, (sums.get(currency) ?? 0) + Number(amount));
  }
  return [...sums].map(([currency, sum]) => short(sum, currency)).join(" + ");
}

document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-select]");
  if (box) select(box.closest(".card").dataset.deal, box.checked);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("#bulk [data-bulk]");
  if (!button) return;
  if (button.dataset.bulk === "clear") clearSelection();
  else if (button.dataset.bulk === "Move") openSheet(selected());
  else askForMany(button.dataset.bulk, selected());
});

// What was to be done with the selection is done; a card that left the board is no longer one of it.
document.addEventListener("deal:changed", ({ detail }) => setTimeout(() => (detail.deals.length > 1 ? clearSelection() : showBar())));
// A page that came back from the browser's memory may show boxes ticked that nobody ticked now.
addEventListener("pageshow", () => document.querySelectorAll("[data-select]:checked").forEach((box) => select(box.closest(".card").dataset.deal, true)));
