// The sheet of stages: its buttons move the deals it was opened for, like every other way does.
import { closeDialog, openDialog } from "../dialog.js";
import { board, cardBy, columns, linkOf } from "./cards.js";
import { move } from "./move.js";
import { askForMany, clearSelection } from "./select.js";

let ids = [];
let early = false; // chosen by its digit before the sheet has arrived

export function openSheet(deals) {
  ids = deals;
  early = false;
  if (deals.length > 1) return askForMany("Move", deals);
  return openDialog(cardBy(deals[0]).querySelector("[data-move]").getAttribute("href"), { from: linkOf(cardBy(deals[0])) });
}

// "M" and a digit: the digit may come before the sheet has.
export function pickStage(digit) {
  const column = columns()[digit - 1];
  if (!ids.length || !column) return;
  choose(column.dataset.stage);
}

export const isWaiting = () => ids.length > 0;
export const forget = () => {
  ids = [];
};

function choose(stage) {
  const moving = ids;
  early = !document.querySelector("#dialog form[data-move-form]");
  forget();
  closeDialog();
  move(moving, stage);
  if (moving.length > 1) clearSelection();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-move]");
  if (!link || !board() || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const card = link.closest("[data-deal]");
  if (!card) return;
  event.preventDefault();
  openSheet([card.dataset.deal]);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-move-form]");
  const stage = event.submitter?.name === "to" && event.submitter.value;
  if (!form || !stage || !board()) return;
  const named = form.dataset.moveForm;
  if (!ids.length && cardBy(named)) ids = [named];
  if (!ids.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  choose(stage);
}, true);

document.getElementById("dialog")?.addEventListener("close", () => setTimeout(forget));
document.getElementById("dialog")?.addEventListener("htmx:afterSwap", () => {
  // There is nothing left to ask.
  if (early && document.querySelector("#dialog form[data-move-form]")) closeDialog();
  early = false;
});
