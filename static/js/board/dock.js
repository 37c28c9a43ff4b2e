// The zones at the foot of the board that exist only while a card is in the air.

// The page holds them in a <template id="dock">, so that nothing hidden is read out or focused.
export function dock(card) {
  const template = document.getElementById("dock");
  if (!template) return;
  const zones = template.content.firstElementChild.cloneNode(true);
  if (card.closest(".col").dataset.kind === "won") zones.querySelector("[data-zone=won]")?.remove();
  document.querySelector("main").append(zones);
}

export function hideDock() {
  document.querySelector("main > .dock")?.remove();
}
