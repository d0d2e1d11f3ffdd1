// Runs once for each panel. `element`, `trigger` and `watch` are given by Gradio.
const opened = new Map(); // by data-key: what the visitor opened or closed
const said = (node) => ({ ...node.dataset });
// What has data-asks may have the language model begin, so that it is followed from there.
const act = (data) => trigger("asks" in data ? "ask" : "act", data);

element.addEventListener("click", (event) => {
  const summary = event.target.closest("summary");
  if (summary) {
    const details = summary.parentElement;
    const key = details.dataset.key;
    if (key) setTimeout(() => opened.set(key, details.open));
  }
  const link = event.target.closest("[data-goto]");
  if (link) {
    const target = element.querySelector(`[data-key="${CSS.escape(link.dataset.goto)}"]`);
    if (target) {
      for (let node = target; node && node !== element; node = node.parentElement) {
        if (node.tagName === "DETAILS") {
          node.open = true;
          if (node.dataset.key) opened.set(node.dataset.key, true);
        }
      }
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      target.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
      (target.querySelector("summary") || target).focus({ preventScroll: true });
    }
    return;
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const words = element.querySelector(copy.dataset.copy)?.textContent ?? "";
    const say = (sentence) => {
      const status = element.querySelector("[data-copied]");
      if (status) status.textContent = sentence;
    };
    // Browsers have no clipboard for pages that came without https from another machine.
    const copied = navigator.clipboard ? navigator.clipboard.writeText(words) : Promise.reject();
    copied.then(
      () => say("Copied."),
      () => say("The browser does not allow copying here. Use a download instead.")
    );
    return;
  }
  const tab = event.target.closest("[data-tab]");
  if (tab) {
    const tabs = [...document.querySelectorAll('#tabs [role="tab"]')];
    return tabs.find((one) => one.textContent.trim() === tab.dataset.tab)?.click();
  }
  const close = event.target.closest("[data-close]");
  if (close) return close.closest("dialog")?.close();
  const button = event.target.closest("button[data-act], a[data-act]");
  if (button && !button.closest("form[data-act]")) {
    event.preventDefault();
    if (event.detail < 2) act(said(button)); // a double click is meant once
  }
});

element.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  event.preventDefault();
  const words = { ...said(form), ...Object.fromEntries(new FormData(form)) };
  const sent = JSON.stringify(words);
  if (sent === form.sent && event.timeStamp - form.sentAt < 500) return; // likewise
  [form.sent, form.sentAt] = [sent, event.timeStamp];
  const edit = form.closest("details.edit");
  if (edit) opened.delete(edit.dataset.key); // closed once the words are taken over
  act(words);
});

element.addEventListener("keydown", (event) => {
  const form = event.target.closest("form[data-act]");
  if (form && event.target.tagName === "TEXTAREA" && event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  }
});

const isReview = element.closest("#outcome") !== null;
const busy = (is) => isReview && element.classList.toggle("busy", is);
if (isReview) {
  document.addEventListener("click", (event) => event.target.closest("#review") && busy(true));
}

watch("value", () => {
  const asked = element.classList.contains("busy");
  busy(false);
  const top = element.getBoundingClientRect().top;
  if (asked && (top < 0 || top > innerHeight * 0.7)) element.scrollIntoView({ block: "start" });
  for (const details of element.querySelectorAll("details[data-key]")) {
    const kept = opened.get(details.dataset.key);
    if (kept !== undefined) details.open = kept;
    if (!details.open) details.querySelectorAll(":scope > form").forEach((form) => form.reset());
  }
  const dialog = element.querySelector("dialog[data-show]");
  if (dialog && !dialog.open) {
    dialog.showModal();
    dialog.querySelector("mark, [data-here]")?.scrollIntoView({ block: "center" });
  }
});
