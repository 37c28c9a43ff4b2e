// On narrow screens the strip of stages is the tab bar of the columns: it follows the scroll, and leads it.
import { board, columns } from "./cards.js";

const tab = (column) => document.querySelector(`.stage-strip a[href="#${column.id}"]`);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function markCurrent() {
  const left = board().getBoundingClientRect().left;
  const [first] = columns().sort((one, other) => distance(one, left) - distance(other, left));
  for (const column of columns()) {
    if (column === first) tab(column)?.setAttribute("aria-current", "true");
    else tab(column)?.removeAttribute("aria-current");
  }
}

function distance(column, left) {
  return Math.abs(column.getBoundingClientRect().left - left);
}

function copyCount(column) {
  const number = tab(column)?.querySelector("b");
  const text = column.querySelector(".count")?.firstChild?.data;
  if (number && text) number.textContent = text.trim();
}

if (board() && document.querySelector(".stage-strip")) {
  markCurrent();
  let frame;
  board().addEventListener("scroll", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(markCurrent);
  }, { passive: true });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".stage-strip a");
    const column = link && document.getElementById(link.hash.slice(1));
    if (!column) return;
    event.preventDefault();
    column.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", inline: "start", block: "nearest" });
  });
  document.addEventListener("htmx:oobAfterSwap", () => columns().forEach(copyCount));
}
