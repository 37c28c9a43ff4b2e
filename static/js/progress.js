// A thin line at the top when an answer takes longer than a moment.

const AFTER = 300;
let running = 0;
let ever = 0;
let timer;

export function started() {
  running += 1;
  ever += 1;
  if (running === 1) timer = setTimeout(show, AFTER);
}

export function ended() {
  running = Math.max(0, running - 1);
  if (running) return;
  clearTimeout(timer);
  document.getElementById("progress")?.remove();
  document.getElementById("main")?.removeAttribute("aria-busy");
}

export const inFlight = () => running > 0;

// How many requests there have been: who asks twice knows whether something happened in between.
export const requestsSoFar = () => ever;

function show() {
  const line = document.createElement("div");
  line.id = "progress";
  document.body.append(line);
  document.getElementById("main")?.setAttribute("aria-busy", "true");
}

document.addEventListener("htmx:beforeSend", started);
document.addEventListener("htmx:afterRequest", ended);
