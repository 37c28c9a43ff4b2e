// The board by keyboard: arrows go from card to card, single keys act on the card in focus or on the selection.
import { closeDialog, openDialog } from "../dialog.js";
import { isCovered } from "../dom.js";
import { isCommand } from "../keys.js";
import { addressOf, board, cardsIn, columns, linkOf } from "./cards.js";
import { move } from "./move.js";
import { askForMany, clearSelection, select, selected, withSelection } from "./select.js";
import { forget, isWaiting, openSheet, pickStage } from "./sheet.js";

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const LETTERS = { h: ARROWS.ArrowLeft, j: ARROWS.ArrowDown, k: ARROWS.ArrowUp, l: ARROWS.ArrowRight };
const focused = () => document.activeElement?.closest("[data-board] .card[data-deal]");

function go([across, down], extend) {
  const card = focused();
  const next = card ? neighbour(card, across, down) : columns().flatMap(cardsIn)[0];
  if (!next) return;
  if (extend && card) {
    select(card.dataset.deal, true);
    select(next.dataset.deal, true);
  }
  linkOf(next).focus();
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// Up and down within the column; sideways to the card at the same height, over empty columns.
function neighbour(card, across, down) {
  const all = columns();
  const column = card.closest(".col");
  const row = cardsIn(column).indexOf(card);
  if (down) return cardsIn(column)[row + down];
  for (let index = all.indexOf(column) + across; all[index]; index += across) {
    const cards = cardsIn(all[index]);
    if (cards.length) return cards[Math.min(row, cards.length - 1)];
  }
}

function shift(card, by) {
  const stages = columns().map((column) => column.dataset.stage);
  const to = stages[stages.indexOf(card.closest(".col").dataset.stage) + by];
  if (to) moveAll(card, to);
}

function moveAll(card, stage) {
  const ids = withSelection(card.dataset.deal);
  move(ids, stage);
  if (ids.length > 1) clearSelection();
}

const ONE = {
  "[": (card) => shift(card, -1),
  "]": (card) => shift(card, 1),
  " ": (card) => linkOf(card).click(),
  o: (card) => location.assign(linkOf(card).href),
  x: (card) => select(card.dataset.deal),
  m: (card) => openSheet(withSelection(card.dataset.deal)),
  a: (card) => askForMany("Assign", withSelection(card.dataset.deal)),
  s: (card) => openDialog(`${addressOf(card.dataset.deal)}snooze/`),
  w: (card) => moveAll(card, columns().find((column) => column.dataset.kind === "won")?.dataset.stage),
  q: (card) => lose(withSelection(card.dataset.deal)),
};

function lose(ids) {
  if (ids.length > 1) askForMany("Lose", ids);
  else openDialog(`${addressOf(ids[0])}lose/`);
}

document.addEventListener("keydown", (event) => {
  if (!board() || !isCommand(event)) return;
  if (isWaiting() && /^[1-9]$/.test(event.key)) {
    event.preventDefault();
    return pickStage(Number(event.key));
  }
  if (isCovered() || event.target.closest("#peek")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const arrow = ARROWS[key] ?? (event.shiftKey ? undefined : LETTERS[key]);
  const card = focused() ?? actsOn(key);
  const onCard = card && event.target.closest("input, button, a[data-move]") === null;
  if (arrow && (focused() || event.target === document.body || event.target.closest("[data-board]"))) go(arrow, event.shiftKey);
  else if (key === "Escape") escape();
  else if (card && ONE[key] && (key !== " " || onCard)) ONE[key](card);
  else return;
  event.preventDefault();
});

// With a selection but no focus on a card, the keys of the bulk bar still work.
function actsOn(key) {
  const [first] = "maq".includes(key) ? selected() : [];
  return first && document.getElementById(`deal-${first}`);
}

function escape() {
  if (isWaiting()) {
    forget();
    closeDialog();
  } else clearSelection();
}
