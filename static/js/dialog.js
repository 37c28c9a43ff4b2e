import { boardQuery } from "./dom.js";

// One <dialog>, filled by the server. A link with data-dialog opens its address in it; without script it is a page.
// A form in it that answers with nothing for the dialog itself (only fragments elsewhere) closes it.

const dialog = document.getElementById("dialog");
let opener = null;
let near = [];

export function openDialog(url, { values, from = document.activeElement } = {}) {
  // From inside the dialog itself (the sheet's "Lost…"), the first opener still gets the focus back.
  if (!dialog.contains(from)) remember(from);
  return htmx.ajax("GET", url, { target: "#dialog", swap: "innerHTML", values });
}

function remember(from) {
  const card = from?.closest?.(".card[id]");
  opener = from;
  near = card ? [card.id, card.nextElementSibling?.id, card.previousElementSibling?.id].filter(Boolean) : [];
}

export function closeDialog() {
  if (dialog.open) dialog.close();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openDialog(link.href, { from: link });
});

dialog?.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== dialog) return;
  if (!dialog.firstElementChild) return closeDialog();
  dialog.setAttribute("aria-labelledby", dialog.querySelector("h1, h2")?.id ?? "");
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus], [aria-invalid=true]")?.focus();
});

dialog?.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  event.preventDefault();
  const { name, value } = event.submitter ?? {};
  const values = { board: boardQuery(), ...(name ? { [name]: value } : {}) };
  htmx.ajax("POST", form.getAttribute("action"), { source: form, target: "#dialog", swap: "innerHTML", values });
});

// A refusal that brings the fresh state along is shown, whatever its status.
dialog?.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.getResponseHeader("HX-Trigger")?.includes("deal:changed")) Object.assign(detail, { shouldSwap: true, isError: false });
});

dialog?.addEventListener("close", () => {
  dialog.replaceChildren();
  const card = near.map((id) => document.getElementById(id)).find(Boolean);
  (opener?.isConnected ? opener : card?.querySelector("h3 a"))?.focus({ preventScroll: true });
  remember(null);
});

dialog?.addEventListener("click", (event) => {
  const outside = event.target === dialog && !inside(event);
  if (outside || event.target.closest("[data-close]")) {
    event.preventDefault();
    closeDialog();
  }
});

function inside({ clientX: x, clientY: y }) {
  const box = dialog.getBoundingClientRect();
  return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}
