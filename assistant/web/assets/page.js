// Ctrl+Enter (Cmd+Enter) in the draft starts the review.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  if (event.target.closest?.("#draft")) document.querySelector("#review")?.click();
});
