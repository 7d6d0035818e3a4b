// Keys for pages that name them: a link or button with data-key is followed or focused when its key is pressed alone.
// Every one of them works without this.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=submit]), textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const wanted = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.href) wanted.click();
  else wanted.focus();
});
