// The page of one deal has no cards to swap: after a change in a dialog it is read again, and the message kept.
import { isCovered } from "./dom.js";
import { isCommand } from "./keys.js";
import { carryOver } from "./toast.js";

const hasBoard = () => document.querySelector("[data-board]");

document.addEventListener("deal:changed", () => {
  if (hasBoard()) return;
  carryOver();
  setTimeout(() => location.reload());
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const changed = detail.xhr.getResponseHeader("HX-Trigger")?.includes("deal:changed");
  if (changed && !hasBoard()) detail.shouldSwap = false;
});

// The keys of a deal, on its page or in the panel in focus: what carries data-key says which it answers to.
document.addEventListener("keydown", (event) => {
  if (!/^[del]$/i.test(event.key) || !isCommand(event) || isCovered()) return;
  const place = document.querySelector(".deal-page") ?? document.activeElement.closest("#peek");
  const target = place?.querySelector(`[data-key=${event.key.toLowerCase()}]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("form")) target.requestSubmit();
  else target.click();
});
