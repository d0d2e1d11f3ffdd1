// Ctrl+Enter (Cmd+Enter) in the draft starts the review.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  if (event.target.closest?.("#draft")) document.querySelector("#review")?.click();
});
{
  // What the browser keeps is for one person: the next one who signs in here begins with nothing.
  const forget = () => {
    const kept = Object.keys(localStorage).filter((key) => key.startsWith("okr-"));
    kept.forEach((key) => localStorage.removeItem(key));
  };
  const visitor = /(?:^|; )okr-visitor=(\w+)/.exec(document.cookie)?.[1];
  if (visitor && localStorage.getItem("okr-visitor") !== visitor) {
    forget();
    localStorage.setItem("okr-visitor", visitor);
  }
  let leaving = false;
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".who")) return;
    leaving = true;
    forget();
  });
  // Whoever is signed in no longer is asked to sign in again; the browser keeps the draft meanwhile.
  const asked = window.fetch;
  window.fetch = (...what) => {
    const answer = asked(...what);
    answer.then(({ status }) => status === 401 && !leaving && location.reload(), () => {});
    return answer;
  };
}
{
  // What is chosen under Team or Cycle gives way to what is typed there.
  let entered = null;
  const choice = ({ target }) => (target.matches?.(".writing .wrap-inner input") ? target : null);
  document.addEventListener("focusin", (event) => (entered = choice(event)));
  document.addEventListener("click", (event) => {
    if (entered && entered === choice(event)) entered.select();
    entered = null;
  });
}
{
  // The tab stands in the address, so that a reload and the browser's Back lead to it again.
  const tabs = () => [...document.querySelectorAll('#tabs [role="tab"]')];
  const nameOf = (tab) => tab.textContent.trim().toLowerCase();
  const wanted = () => decodeURIComponent(location.hash.slice(1));
  const turn = () => {
    const tab = tabs().find((one) => nameOf(one) === wanted()) ?? (wanted() ? null : tabs()[0]);
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
  };
  document.addEventListener("click", (event) => {
    const tab = event.target.closest?.('#tabs [role="tab"]');
    if (tab && nameOf(tab) !== (wanted() || nameOf(tabs()[0]))) history.pushState(null, "", `#${nameOf(tab)}`);
  });
  addEventListener("popstate", turn);
  // Only once what the browser keeps was read: a tab that is turned to before would begin anew.
  const begun = new MutationObserver(() => {
    if (!document.querySelector("#outcome")?.textContent.trim()) return;
    begun.disconnect();
    turn();
  });
  begun.observe(document, { childList: true, subtree: true });
}
