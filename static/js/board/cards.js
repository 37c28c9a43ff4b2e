// Cards and columns as they stand on the page.

export const board = () => document.querySelector("[data-board]");
export const cardBy = (id) => document.getElementById(`deal-${id}`);
export const columnBy = (stage) => document.getElementById(`stage-${stage}`);
export const columns = () => [...document.querySelectorAll("[data-board] .col[data-stage]")];
export const cardsIn = (column) => [...column.querySelectorAll(":scope .cards > .card[data-deal]")];
export const linkOf = (card) => card?.querySelector("h3 a");
export const addressOf = (id) => linkOf(cardBy(id)).getAttribute("href");

// The stage in which a card is shown: where it was just dropped, until the server has answered.
export const stageOf = (card) => card.dataset.shown ?? card.dataset.stage;

// Put a card into its column, at the place that the column's order gives it.
export function place(card) {
  const list = document.getElementById(`cards-${stageOf(card)}`);
  if (!list) return card.remove();
  const before = nextAfter(card, list);
  if (card.parentElement === list && card.nextElementSibling === before) return;
  list.insertBefore(card, before);
}

// The element of the list before which this card belongs.
export function nextAfter(card, list) {
  const others = [...list.querySelectorAll(":scope > .card[data-deal]")].filter((other) => other !== card);
  return others.find((other) => comesBefore(card, other)) ?? list.querySelector(":scope > .more");
}

function comesBefore(one, other) {
  const difference = Number(one.dataset.key) - Number(other.dataset.key);
  return difference ? difference < 0 : Number(one.dataset.deal) < Number(other.dataset.deal);
}

// Show a card in another stage before the server has said so, with both counts.
export function show(card, stage) {
  if (stageOf(card) === stage) return;
  count(stageOf(card), -1);
  count(stage, 1);
  card.dataset.shown = stage;
  card.setAttribute("aria-busy", "true");
  keepingFocus(card, () => place(card));
}

// Back to where the server last said it is.
export function putBack(card) {
  card.removeAttribute("aria-busy");
  if (!card.dataset.shown) return;
  count(card.dataset.shown, -1);
  count(card.dataset.stage, 1);
  delete card.dataset.shown;
  keepingFocus(card, () => place(card));
}

// A deal that is gone leaves its column, and its count.
export function takeAway(card) {
  count(stageOf(card), -1);
  card.remove();
}

// A node that is moved loses the focus; the person did not move it away. Who works by keyboard follows the card,
// who touched or clicked stays where they are looking.
function keepingFocus(card, change) {
  const focused = card.contains(document.activeElement) ? document.activeElement : null;
  const visible = focused?.matches(":focus-visible");
  change();
  focused?.focus({ preventScroll: true });
  if (visible) card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// Counts over a bound read "5,000+" and stay as they are.
export function count(stage, by) {
  const text = document.querySelector(`#head-${stage} .count`)?.firstChild;
  const now = Number(text?.data.replaceAll(",", ""));
  if (text && Number.isInteger(now)) text.data = Math.max(0, now + by).toLocaleString("en");
}
