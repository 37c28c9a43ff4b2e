// The last gestures, newest last, for "Z". Kept over page loads for as long as the server takes them back.
import { apply } from "./board/swaps.js";
import { boardQuery } from "./dom.js";
import { send } from "./request.js";
import { toast } from "./toast.js";

const KEY = "funnel.undo";
const STANDS = 10 * 60 * 1000;

function recent() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY)) ?? [];
    return kept.filter(({ at }) => Date.now() - at < STANDS);
  } catch {
    return [];
  }
}

function keep(operations) {
  sessionStorage.setItem(KEY, JSON.stringify(operations.slice(-20)));
}

export function remember(operation) {
  keep([...recent().filter((one) => one.operation !== operation), { operation, at: Date.now() }]);
}

export function undoLast() {
  const last = recent().at(-1);
  if (last) undo(last.operation);
  else toast({ message: "Nothing to undo." });
}

export async function undo(operation) {
  const answer = await send("POST", `/undo/${operation}/`, { board: boardQuery() });
  // Where the server was not reached, the gesture can still be taken back.
  if (answer.status && answer.status < 500) keep(recent().filter((one) => one.operation !== operation));
  if (!answer.fragments) {
    return toast({ kind: "error", message: "The undo did not go through.", retry: () => undo(operation) });
  }
  if (document.querySelector("[data-board]")) apply(answer.html);
}
