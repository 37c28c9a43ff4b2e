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

// "D": the next step is done.
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "d" || !isCommand(event) || isCovered()) return;
  document.querySelector("#peek:not([hidden]) form[data-key=d], .deal-page form[data-key=d]")?.requestSubmit();
});
