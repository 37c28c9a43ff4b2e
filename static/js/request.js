import { ended, started } from "./progress.js";

// A request whose answer the caller handles itself: htmx's headers, plus a time limit and a status to decide by.

const LIMIT = 15000;

// Resolves always. `status` is 0 where the server was not reached; `fragments` says that the answer is meant to be
// swapped in (a page that says "404" is not).
export async function send(method, url, values) {
  started();
  try {
    return await exchange(method, url, values);
  } finally {
    ended();
  }
}

// The same for what nobody waits for: it shows no progress, and counts as nothing happening.
export async function exchange(method, url, values) {
  let response, html;
  try {
    response = await fetch(url, {
      method,
      body: values && new URLSearchParams(values),
      headers: headers(),
      signal: AbortSignal.timeout(LIMIT),
    });
    html = await response.text();
  } catch {
    return { status: 0, ok: false, html: "", fragments: false };
  }
  const away = response.headers.get("HX-Redirect");
  if (away) location.assign(away);
  const events = response.headers.get("HX-Trigger");
  if (events) announce(events);
  const fragments = (response.ok && response.status !== 204) || Boolean(events);
  return { status: response.status, ok: response.ok && !away, html, fragments: fragments && !away };
}

function headers() {
  const own = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  return { ...own, "HX-Request": "true", "HX-Current-URL": location.href };
}

function announce(events) {
  for (const [name, detail] of Object.entries(JSON.parse(events))) {
    document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
