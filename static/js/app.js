// Every behaviour of the pages. Each attaches itself by data- attributes and does nothing where these are missing.
import "./progress.js";
import "./failures.js";
import "./toast.js";
import "./dialog.js";
import "./menu.js";
import "./keys.js";
import "./peek.js";
import "./quick-add.js";
import "./deal-page.js";
import "./board/swaps.js";
import "./board/strip.js";
import "./board/sheet.js";
import "./board/select.js";
import "./board/drag.js";
import "./board/keys.js";
import "./board/poll.js";
