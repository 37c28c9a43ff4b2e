// Dragging, for mouse, pen and finger alike. A mouse lifts a card after a few pixels, a finger by holding it still,
// so that scrolling stays scrolling. A drop only says "now in this stage": a column has no order of its own.
import { openDialog } from "../dialog.js";
import { addressOf, cardBy, nextAfter, stageOf } from "./cards.js";
import { dock, hideDock } from "./dock.js";
import { dropGhost, liftGhost, moveGhost } from "./ghost.js";
import { move } from "./move.js";
import { scrollAtEdges } from "./edges.js";
import { askForMany, clearSelection, withSelection } from "./select.js";

const START = 6; // pixels that a mouse may tremble
const HOLD = 300; // milliseconds that a finger rests
const SLOP = 10; // pixels that a resting finger may tremble

let press = null; // a button or finger is down on a card
let drag = null; // the card is in the air

// Also while a finger still rests: a card that is swapped under it could no longer be lifted.
export const isDragging = () => press !== null;

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest?.("[data-board] .card[data-deal]");
  if (!card || event.button !== 0 || press || event.target.closest("input, button, label, a[data-move]")) return;
  press = { card, id: event.pointerId, touch: event.pointerType === "touch", x: event.clientX, y: event.clientY };
  if (press.touch) press.timer = setTimeout(() => press && lift(press), HOLD);
});

document.addEventListener("pointermove", (event) => {
  if (!press || event.pointerId !== press.id) return;
  if (drag) return follow(event.clientX, event.clientY);
  const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (press.touch ? far > SLOP : far > START) {
    if (press.touch) return release();
    lift(press);
    follow(event.clientX, event.clientY);
  }
});

document.addEventListener("pointerup", (event) => {
  if (!press || event.pointerId !== press.id) return;
  const target = drag?.target;
  const ids = drag?.ids;
  release();
  if (ids) swallowClick();
  if (target) drop(ids, target);
});

document.addEventListener("pointercancel", (event) => press?.id === event.pointerId && release());
document.addEventListener("dragstart", (event) => event.target.closest?.(".card") && event.preventDefault());
document.addEventListener("contextmenu", (event) => press?.touch && event.preventDefault());
// Once lifted, the finger moves the card and no longer the page.
document.addEventListener("touchmove", (event) => drag && event.preventDefault(), { passive: false });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drag) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  release();
}, true);

function lift({ card, x, y }) {
  if (!card.isConnected) return release();
  const ids = withSelection(card.dataset.deal);
  drag = { ids, card, target: null, slot: null };
  liftGhost(card, ids.length, x, y);
  ids.forEach((id) => cardBy(id).classList.add("is-lifted"));
  document.documentElement.classList.add("is-dragging");
  dock(card);
  drag.stop = scrollAtEdges(() => ({ x: drag.x ?? x, y: drag.y ?? y }));
  if (press.touch) navigator.vibrate?.(10);
}

function follow(x, y) {
  Object.assign(drag, { x, y });
  moveGhost(x, y);
  const under = document.elementFromPoint(x, y);
  aim(under?.closest("[data-zone]") ?? under?.closest(".col[data-stage]") ?? null);
}

function aim(target) {
  if (target === drag.target) return;
  unaim();
  drag.target = target;
  if (target?.matches(".col") && target.dataset.stage !== stageOf(drag.card)) {
    target.classList.add("is-target");
    const list = target.querySelector(".cards");
    drag.slot = document.createElement("li");
    drag.slot.className = "slot";
    drag.slot.setAttribute("aria-hidden", "true");
    list.insertBefore(drag.slot, nextAfter(drag.card, list));
  }
  if (target?.matches("[data-zone]")) target.classList.add("is-over");
}

function unaim() {
  drag.target?.classList.remove("is-target", "is-over");
  drag.slot?.remove();
  drag.slot = null;
}

function release() {
  clearTimeout(press?.timer);
  press = null;
  if (!drag) return;
  unaim();
  drag.stop();
  drag.ids.forEach((id) => cardBy(id)?.classList.remove("is-lifted"));
  document.documentElement.classList.remove("is-dragging");
  dropGhost();
  hideDock();
  drag = null;
}

function drop(ids, target) {
  const { zone, stage } = target.dataset;
  if (zone === "lost" && ids.length > 1) return askForMany("Lose", ids);
  if (zone === "lost") return openDialog(`${addressOf(ids[0])}lose/`);
  if (zone === "snooze") return openDialog(`${addressOf(ids[0])}snooze/`);
  move(ids, stage);
  if (ids.length > 1) clearSelection();
}

// The click that ends a drag is not a click on the card.
function swallowClick() {
  const swallow = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
}
