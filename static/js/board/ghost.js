// The copy of a card that follows the pointer. Positions are set through the CSSOM, which the policy allows.
import { element } from "../dom.js";

let ghost = null;
let grip = { x: 0, y: 0 };

export function liftGhost(card, many, x, y) {
  const box = card.getBoundingClientRect();
  const copy = card.cloneNode(true);
  copy.removeAttribute("id");
  delete copy.dataset.deal;
  copy.querySelector(".card-act")?.remove();
  ghost = element("div", "ghost", element("ol", "", copy));
  if (many > 1) ghost.append(element("span", "many", `${many} deals`));
  ghost.inert = true;
  ghost.setAttribute("aria-hidden", "true");
  ghost.style.inlineSize = `${box.width}px`;
  grip = { x: x - box.left, y: y - box.top };
  document.querySelector("main").append(ghost);
  moveGhost(x, y);
}

export function moveGhost(x, y) {
  ghost.style.transform = `translate(${x - grip.x}px, ${y - grip.y}px)`;
}

export function dropGhost() {
  ghost?.remove();
  ghost = null;
}
