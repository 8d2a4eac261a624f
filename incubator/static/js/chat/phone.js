// The keyboard of a phone covers the page: the chat takes what is left, and stays at its end.
const KEYBOARD = 120;

export function fitToKeyboard({ atEnd, toEnd }) {
  const seen = globalThis.visualViewport;
  if (!seen) return;
  const root = document.documentElement;
  let whole = innerHeight;

  function fit() {
    // Zooming makes the visible part smaller as well: that is no keyboard.
    if (seen.scale > 1.01) return;
    const stay = atEnd();
    whole = Math.max(whole, innerHeight);
    const covered = whole - seen.height > KEYBOARD && document.activeElement?.matches("textarea, input");
    root.classList.toggle("keyboard", Boolean(covered));
    if (covered) root.style.setProperty("--seen", `${Math.round(seen.height)}px`);
    else root.style.removeProperty("--seen");
    if (covered) scrollTo(0, 0);
    if (stay) toEnd();
  }

  seen.addEventListener("resize", fit);
  document.addEventListener("focusout", () => setTimeout(fit, 100));
  addEventListener("orientationchange", () => {
    whole = 0;
  });
  fit();
}
