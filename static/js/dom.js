// Small helpers that everything shares.

const sprite = document.body.dataset.icons;

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.classList.add("i");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
  svg.firstChild.setAttribute("href", `${sprite}#i-${name}`);
  return svg;
}

export function element(tag, className = "", ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

// crypto.randomUUID is missing on plain HTTP outside localhost; getRandomValues is not.
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Whether keys typed here are text.
export function isField(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));
}

// What is open above the page and takes the keys for itself.
export function isCovered() {
  return Boolean(document.querySelector("dialog[open], [popover]:popover-open"));
}

// One polite place for what happened; the newest sentence wins.
export function say(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

// The board's filters as they stand in the address, without the deal that is open beside it.
export function boardQuery() {
  const query = new URLSearchParams(location.search);
  query.delete("deal");
  return query.toString();
}
