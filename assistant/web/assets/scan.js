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

// A hint of what a part is, for the pointer and for the keyboard; browsers' own come late and for
// the pointer alone. Of a picture of lines those that do not end at the part grow faint.
const tip = (window.okrTip ??= document.body.appendChild(
  Object.assign(document.createElement("div"), { className: "okr-tip", hidden: true })
));
tip.setAttribute("aria-hidden", "true");
const partOf = (event) => event.target.closest?.("svg a[data-act]");
const hint = (part) => {
  tip.hidden = !part;
  if (!part) return;
  tip.textContent = part.getAttribute("aria-label").replaceAll("; ", "\n");
  const box = part.getBoundingClientRect(), own = tip.getBoundingClientRect();
  const frame = part.closest(".picture").getBoundingClientRect();
  const left = Math.max(box.left, frame.left), top = Math.max(box.top, frame.top);
  const under = Math.min(box.bottom, frame.bottom, top + 40) + 6;
  tip.style.left = `${Math.max(8, Math.min(left, innerWidth - own.width - 8))}px`;
  tip.style.top = `${under + own.height < innerHeight ? under : top - own.height - 6}px`;
};
const aim = (part) => {
  for (const drawing of element.querySelectorAll("svg:has(.line)")) {
    const { kind, id, a, b } = part?.dataset ?? {};
    const ends = kind === "team" ? [id] : kind === "line" ? [a, b] : [];
    drawing.classList.toggle("aimed", ends.length > 0);
    for (const one of drawing.querySelectorAll("[data-a]")) {
      const own = [one.dataset.a, one.dataset.b];
      one.classList.toggle("faint", !ends.every((end) => own.includes(end)));
    }
  }
};
const point = (part) => (hint(part), aim(part));
element.addEventListener("pointerover", (event) => event.pointerType === "mouse" && point(partOf(event)));
element.addEventListener("pointerleave", () => point(null));
element.addEventListener("focusin", (event) => point(partOf(event)));
element.addEventListener("focusout", () => point(null));
element.addEventListener("click", () => point(null));
element.addEventListener("keydown", (event) => event.key === "Escape" && (tip.hidden = true));

// Pictures as large as one likes; what names their rows and columns stays in view.
const sizes = new Map(); // by the name of the picture, and how wide it was drawn
const nameOf = (frame) => `${frame.getAttribute("aria-label")} ${frame.querySelector("svg").viewBox.baseVal.width}`;
const keepInView = (frame) => {
  const drawing = frame.querySelector("svg");
  const scale = drawing.clientWidth / drawing.viewBox.baseVal.width || 1;
  const { paddingLeft, paddingTop } = getComputedStyle(frame);
  const x = Math.max(0, frame.scrollLeft - parseFloat(paddingLeft)) / scale;
  const y = Math.max(0, frame.scrollTop - parseFloat(paddingTop)) / scale;
  for (const part of drawing.querySelectorAll(".stays")) {
    const { ways, start = 0, room = Infinity } = part.dataset;
    const down = ways.includes("y") ? Math.min(Math.max(0, y - start), room) : 0;
    part.setAttribute("transform", `translate(${ways.includes("x") ? x : 0} ${down})`);
  }
};
const resize = (frame) => {
  const drawing = frame.querySelector("svg");
  const whole = drawing.viewBox.baseVal.width;
  const size = sizes.get(nameOf(frame)) ?? 1;
  drawing.style.width = `${whole * size}px`;
  drawing.style.height = "auto";
  keepInView(frame);
};
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (!button) return;
  const frame = button.closest(".framed").querySelector(".picture");
  const drawing = frame.querySelector("svg"), style = getComputedStyle(frame);
  const room = frame.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const now = drawing.clientWidth / drawing.viewBox.baseVal.width;
  const size = { in: now * 1.25, out: now / 1.25, full: 1, fit: room / drawing.viewBox.baseVal.width };
  sizes.set(nameOf(frame), Math.min(3, Math.max(0.2, size[button.dataset.zoom])));
  resize(frame);
});
element.addEventListener("scroll", (event) => {
  hint(document.activeElement?.closest("svg a[data-act]"));
  if (event.target.matches?.(".framed .picture")) keepInView(event.target);
}, true);
const ready = () => {
  stops();
  tip.hidden = true;
  for (const title of element.querySelectorAll("svg a > title")) title.remove();
  for (const frame of element.querySelectorAll(".framed .picture")) resize(frame);
  const chosen = element.querySelector(".views [aria-current]");
  if (chosen) chosen.closest("ul").scrollLeft = chosen.offsetLeft - chosen.closest("ul").offsetLeft - 40;
};

// What had the focus has it again after the fragment changed, and after a dialog is closed.
let last = "";
element.addEventListener("focusin", (event) => {
  last = event.target.closest("[data-focus]")?.dataset.focus ?? "";
});
// What was opened on the way to the drawer that is open now, each with how far it was scrolled.
const inView = () => element.querySelector("dialog.drawer .pages");
element.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-act]");
  if (opener && !opener.closest("dialog")) {
    window.okrOpener = opener;
    window.okrWay = [{ data: said(opener), top: 0 }];
  } else if (opener?.dataset.act === "open") {
    window.okrWay.at(-1).top = inView()?.scrollTop ?? 0;
    window.okrWay.push({ data: said(opener), top: 0 });
  }
  if (event.target.closest("[data-back]")) {
    window.okrWay.pop();
    act(window.okrWay.at(-1).data);
  }
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
  ready();
  const dialog = element.querySelector("dialog[data-show]");
  if (dialog && dialog.dataset.show !== shown) {
    shown = dialog.dataset.show;
    const back = dialog.querySelector("[data-back]");
    if (back) back.hidden = (window.okrWay?.length ?? 0) < 2;
    if (!dialog.querySelector("mark")) {
      dialog.querySelector(".pages").scrollTop = back ? (window.okrWay?.at(-1)?.top ?? 0) : 0;
    }
  }
  if (last && document.activeElement === document.body) {
    element.querySelector(`[data-focus="${CSS.escape(last)}"]`)?.focus({ preventScroll: true });
  }
});
ready();
