// Single keys that work on every page. They never fire in fields and can be switched off (WCAG 2.1.4).
import { isCovered, isField } from "./dom.js";
import { undoLast } from "./undo.js";

const off = document.body.dataset.singleKeys === "off";

// Whether this event may be a single-key command.
export function isCommand(event) {
  return !off && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !isField(event.target);
}

document.addEventListener("keydown", (event) => {
  if (!isCommand(event)) return;
  if (event.key === "?") {
    event.preventDefault();
    return document.getElementById("keys")?.togglePopover();
  }
  if (isCovered()) return;
  if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search) event.preventDefault();
    search?.focus();
    search?.select();
  } else if (event.key.toLowerCase() === "n") {
    const link = document.getElementById("new-deal");
    if (link) event.preventDefault();
    link?.click();
  } else if (event.key.toLowerCase() === "z") {
    event.preventDefault();
    undoLast();
  } else if (event.key.toLowerCase() === "f") {
    const menu = document.querySelector("details[data-filter]");
    if (!menu) return;
    event.preventDefault();
    menu.open = true;
    menu.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }
});
