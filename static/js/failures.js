// What htmx could not bring through: said in words, with what was typed left as it is.
import { toast } from "./toast.js";

document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  if (xhr.getResponseHeader("HX-Trigger")?.includes("toast")) return;
  toast({ kind: "error", message: sentence(xhr) });
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    toast({ kind: "error", message: "The server cannot be reached. Nothing was changed." });
  });
}

function sentence(xhr) {
  if (xhr.status === 403) return "This page is too old, or you may not do this. Reload it and try again.";
  if (xhr.status === 404) return "This is no longer here.";
  if (xhr.status === 429) return "Too often. Wait a moment and try again.";
  const id = xhr.getResponseHeader("X-Request-ID");
  return `The server failed. Nothing was changed.${id ? ` Request ${id}.` : ""}`;
}
