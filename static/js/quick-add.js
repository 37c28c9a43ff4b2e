import { boardQuery } from "./dom.js";

// A new deal without leaving the column: the form stands where the card will.

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-quick-add]");
  const list = link && listFor(link);
  if (!list || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(list, link.href);
});

// The link's own column, or, for the page's "New deal", the one on the screen, in focus, or the first.
function listFor(link) {
  const focused = document.activeElement?.closest(".col");
  const column = link.closest(".col") ?? onScreen() ?? focused ?? document.querySelector("[data-board] .col");
  return column?.querySelector(".cards");
}

// Where the strip of stages shows, it knows which column is on the screen.
function onScreen() {
  const tab = document.querySelector(".stage-strip a[aria-current]");
  return tab?.offsetParent ? document.getElementById(tab.hash.slice(1)) : null;
}

function open(list, href) {
  const form = list.querySelector(".quick-add");
  if (form) return focusFirst(form);
  const url = new URL(href);
  url.searchParams.set("stage", list.closest(".col").dataset.stage);
  document.querySelectorAll(".quick-add").forEach(close);
  htmx.ajax("GET", url.pathname + url.search, { source: list, target: list, swap: "afterbegin" }).then(() => {
    list.scrollTop = 0;
    focusFirst(list.querySelector(".quick-add"));
  });
}

function focusFirst(form) {
  const field = form?.querySelector("[aria-invalid=true]") ?? form?.querySelector("input:not([type=hidden])");
  field?.focus();
}

function close(form) {
  const link = form.closest(".col")?.querySelector("a[data-quick-add]");
  const had = form.contains(document.activeElement);
  form.remove();
  if (had) link?.focus();
}

// Saved: the answer brings the card and a fresh form by their ids. Refused: the form itself, with its errors.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig.elt;
  if (form.matches("[data-quick-form]") && detail.xhr.status === 200) detail.swapOverride = "none";
});
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.matches("[data-quick-form]")) detail.parameters.board = boardQuery();
});
for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) {
  document.addEventListener(name, ({ target }) => target.matches?.(".quick-add") && target.isConnected && focusFirst(target));
}
document.addEventListener("click", (event) => {
  const form = event.target.closest(".quick-add [data-close]")?.closest(".quick-add");
  if (form) close(form);
});
document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest?.(".quick-add");
  if (!form) return;
  event.preventDefault();
  close(form);
});
