// For panels with fields that act at once and pictures whose parts can be pressed. Runs after panel.js.
const fieldsOf = (form) => Object.fromEntries(new FormData(form));

// A field that acts when it changes, and forms that are sent as they are filled in.
element.addEventListener("change", (event) => {
  const field = event.target.closest("[data-change]");
  if (field) act({ ...fieldsOf(field.form), act: field.dataset.change });
});
let waiting;
element.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-live]");
  if (!form) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => form.requestSubmit(), event.target.tagName === "SELECT" ? 0 : 250);
});

// One stop for the tab key in a picture; arrows go on from there to the nearest part.
const parts = (picture) => [...picture.querySelectorAll("a[data-act]")];
const stops = () => {
  for (const picture of element.querySelectorAll("svg")) {
    parts(picture).forEach((part, place) => part.setAttribute("tabindex", place ? "-1" : "0"));
  }
};
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
const middle = (part) => {
  const box = part.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + Math.min(box.height / 2, 16)];
};
element.addEventListener("keydown", (event) => {
  const here = event.target.closest?.("svg a[data-act]");
  const way = WAYS[event.key];
  if (!here || !way) return;
  event.preventDefault();
  const [x, y] = middle(here);
  let next, least = Infinity;
  for (const part of parts(here.closest("svg"))) {
    const [px, py] = middle(part);
    const along = (px - x) * way[0] + (py - y) * way[1];
    const aside = Math.abs((px - x) * way[1]) + Math.abs((py - y) * way[0]);
    if (part !== here && along > 1 && along + 2 * aside < least) [next, least] = [part, along + 2 * aside];
  }
  if (!next) return;
  here.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
});

// What had the focus has it again after the fragment changed, and after a dialog is closed.
let last = "";
element.addEventListener("focusin", (event) => {
  last = event.target.closest("[data-focus]")?.dataset.focus ?? "";
});
element.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-act]");
  if (opener && !opener.closest("dialog")) window.okrOpener = opener;
});
element.addEventListener(
  "close",
  () => setTimeout(() => {
    const idle = document.activeElement === document.body;
    if (idle && window.okrOpener?.isConnected) window.okrOpener.focus();
  }),
  true
);
let shown;
watch("value", () => {
  stops();
  const dialog = element.querySelector("dialog[data-show]");
  if (dialog && dialog.dataset.show !== shown) {
    shown = dialog.dataset.show;
    if (!dialog.querySelector("mark")) dialog.querySelector(".pages").scrollTop = 0;
  }
  if (last && document.activeElement === document.body) {
    element.querySelector(`[data-focus="${CSS.escape(last)}"]`)?.focus({ preventScroll: true });
  }
});
stops();
