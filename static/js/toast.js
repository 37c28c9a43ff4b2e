// Short messages. The server asks for one by `HX-Trigger: {"toast": {"message", "undo"?, "kind"?}}`.
import { element, icon, say } from "./dom.js";
import { remember, undo } from "./undo.js";

const STAYS = 8000;

export function toast({ message, kind = "", undo: operation, retry, reload }) {
  const box = element("div", `toast ${kind}`, icon(kind === "error" ? "warn" : "check"), element("span", "text", message));
  if (operation) {
    remember(operation);
    box.append(button("Undo", () => undo(operation), element("kbd", "", "Z")));
  }
  if (retry) box.append(button("Retry", retry));
  if (reload) box.append(button("Reload", () => location.reload()));
  const close = element("button", "icon-btn", icon("x"));
  close.type = "button";
  close.setAttribute("aria-label", "Close message");
  close.addEventListener("click", () => box.remove());
  box.append(close);

  // A new word of success replaces the old one; a failure stays until it is read.
  document.querySelectorAll("#toasts .toast:not(.error)").forEach((old) => old.remove());
  document.getElementById("toasts")?.append(box);
  say(operation ? `${message}. Undo with Z.` : message);
  leaveLater(box);

  function button(text, action, ...more) {
    const made = element("button", "btn sm", text, ...more);
    made.type = "button";
    made.addEventListener("click", () => {
      box.remove();
      action();
    });
    return made;
  }
}

function leaveLater(box) {
  let timer;
  const start = () => {
    timer = setTimeout(() => box.remove(), STAYS);
  };
  for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["pointerleave", "focusout"]) box.addEventListener(name, start);
  start();
}

document.addEventListener("toast", ({ detail }) => {
  newest = detail;
  toast(detail);
});

// A message that a reload of the page would swallow is shown after it.
const KEPT = "funnel.toast";
let newest = null;

export function carryOver() {
  if (newest) sessionStorage.setItem(KEPT, JSON.stringify(newest));
}

// What a plain form had to say arrives with the page; here it says it like everything else.
for (const note of document.querySelectorAll(".notes .note")) {
  const message = note.querySelector("span").textContent;
  toast({ message, kind: note.matches(".error") ? "error" : "", undo: note.querySelector("[data-undo]")?.dataset.undo });
  note.remove();
}
document.querySelector(".notes")?.remove();

const kept = sessionStorage.getItem(KEPT);
if (kept) {
  sessionStorage.removeItem(KEPT);
  toast(JSON.parse(kept));
}
