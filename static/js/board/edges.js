// While something is dragged, the board scrolls sideways and a column up and down near their edges.
import { board } from "./cards.js";

const EDGE = 48;
const SPEED = 14;

// `pointer` tells where it is; the function returned stops it.
export function scrollAtEdges(pointer) {
  let frame = requestAnimationFrame(step);
  function step() {
    const { x, y } = pointer();
    const across = board().getBoundingClientRect();
    board().scrollLeft += pull(x, across.left, across.right);
    const list = document.elementFromPoint(x, y)?.closest(".col")?.querySelector(".cards");
    if (list) {
      const box = list.getBoundingClientRect();
      list.scrollTop += pull(y, box.top, box.bottom);
    }
    frame = requestAnimationFrame(step);
  }
  return () => cancelAnimationFrame(frame);
}

function pull(at, start, end) {
  if (at < start + EDGE) return -SPEED * Math.min(1, (start + EDGE - at) / EDGE);
  if (at > end - EDGE) return SPEED * Math.min(1, (at - end + EDGE) / EDGE);
  return 0;
}
