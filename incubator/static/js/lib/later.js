// A module fetched when it is first wanted: the click that asks for it waits, and happens again.
// Should it not arrive, the click does what the page does without it.
export function later(selector, fetched) {
  let coming = null;

  function hold(event) {
    const target = event.target.closest?.(selector);
    const other = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!target || other) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    coming ??= fetched().catch(() => null);
    coming.then(() => {
      document.removeEventListener("click", hold, true);
      target.click();
    });
  }

  document.addEventListener("click", hold, true);
}
