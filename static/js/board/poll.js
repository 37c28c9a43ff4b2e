// Two open boards agree within seconds: ask for what changed since the version shown, when nobody is in the middle of
// something. "Nothing" is a 204 without a body.
import { boardQuery, isCovered, isField } from "../dom.js";
import { inFlight, requestsSoFar } from "../progress.js";
import { exchange } from "../request.js";
import { board, cardsIn, columns } from "./cards.js";
import { isDragging } from "./drag.js";
import { apply } from "./swaps.js";

const EVERY = 3000;
const SLOWEST = 30000;
const FIRST = 20; // cards that a column shows without being asked

let pause = EVERY;
let timer;
let asking = false;

function isIdle() {
  const typing = isField(document.activeElement) && document.activeElement.closest("[data-board], #peek, .tools");
  const open = isCovered() || document.querySelector("details.menu[open]");
  return document.visibilityState === "visible" && !isDragging() && !inFlight() && !typing && !open;
}

function address() {
  const query = new URLSearchParams(boardQuery());
  query.set("since", board().dataset.version);
  for (const column of columns()) {
    const shown = cardsIn(column).length;
    if (shown > FIRST) query.set(`shown.${column.dataset.stage}`, shown);
  }
  return `${board().dataset.changesUrl}?${query}`;
}

async function ask() {
  clearTimeout(timer);
  if (!asking && isIdle()) {
    asking = true;
    const version = board().dataset.version;
    const before = requestsSoFar();
    const answer = await exchange("GET", address());
    asking = false;
    pause = answer.ok ? EVERY : Math.min(pause * 2, SLOWEST);
    // Somebody may have dragged meanwhile. Then this answer is too old: the next poll asks again.
    if (answer.status === 200 && answer.fragments) {
      if (isIdle() && requestsSoFar() === before) apply(answer.html);
      else board().dataset.version = version;
    }
  }
  timer = setTimeout(ask, pause);
}

if (board()) {
  document.addEventListener("board:version", ({ detail }) => {
    board().dataset.version = detail.version;
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
  addEventListener("online", ask);
  timer = setTimeout(ask, EVERY);
}
