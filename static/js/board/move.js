// The one way in which this page moves deals, whoever asks: the mouse, a finger, a key, the sheet.
// Shown at once, sent one request at a time per card, put back with a sentence where the server refuses.
import { boardQuery, say, uuid } from "../dom.js";
import { send } from "../request.js";
import { toast } from "../toast.js";
import { board, cardBy, columnBy, putBack, show, stageOf, takeAway } from "./cards.js";
import { apply } from "./swaps.js";

const tails = new Map(); // deal -> the promise of its last request
const failures = new Map(); // deal -> how often a request failed; what was queued behind it is dropped

export function move(ids, stage, operation = uuid()) {
  const to = String(stage);
  const moving = ids.filter((id) => cardBy(id) && stageOf(cardBy(id)) !== to);
  if (!moving.length) return;
  const before = moving.map((id) => failures.get(id));
  moving.forEach((id) => show(cardBy(id), to));
  const turn = Promise.all(moving.map((id) => tails.get(id))).then(() => {
    const still = moving.filter((id, index) => failures.get(id) === before[index] && cardBy(id));
    return still.length ? deliver(still, to, operation) : undefined;
  });
  moving.forEach((id) => tails.set(id, turn));
  return turn;
}

async function deliver(ids, to, operation) {
  const cards = ids.map(cardBy);
  cards.forEach((card) => show(card, to));
  const values = { to, operation, board: boardQuery() };
  const answer = ids.length > 1 ? await sendMany(cards, values) : await sendOne(cards[0], values);
  if (answer.fragments) apply(answer.html);
  if (answer.ok) return tell(ids, to);

  ids.forEach((id) => failures.set(id, (failures.get(id) ?? 0) + 1));
  ids.map(cardBy).forEach((card) => card && putBack(card));
  if (!answer.fragments) explain(answer.status, ids, () => move(ids, to, operation));
}

function sendOne(card, values) {
  return send("POST", card.querySelector("[data-move]").getAttribute("href"), { ...values, seen: card.dataset.version });
}

function sendMany(cards, values) {
  const pairs = [...Object.entries(values), ...cards.map((card) => ["deal", `${card.dataset.deal}:${card.dataset.version}`])];
  return send("POST", board().dataset.bulkMove ?? "/deals/bulk/move/", pairs);
}

// "Line 3 retrofit, now in Engagement, 8 deals. Undo with Z."
function tell(ids, to) {
  const column = columnBy(to);
  if (!column) return;
  const what = ids.length > 1 ? `${ids.length} deals` : (cardBy(ids[0])?.dataset.title ?? "The deal");
  const many = column.querySelector(".count")?.firstChild?.data.trim() ?? "";
  say(`${what}, now in ${column.dataset.name}, ${many} ${many === "1" ? "deal" : "deals"}. Undo with Z.`);
}

function explain(status, ids, retry) {
  if (status === 404) {
    ids.map(cardBy).forEach((card) => card && takeAway(card));
    return toast({ kind: "error", message: ids.length > 1 ? "These deals are no longer here." : "This deal is no longer here." });
  }
  if (status === 403) {
    return toast({ kind: "error", message: "This page is too old. Reload it and move the deal again.", reload: true });
  }
  const message = status ? "The server failed; the deal is back where it was." : "The server cannot be reached; the deal is back where it was.";
  toast({ kind: "error", message, retry });
}
