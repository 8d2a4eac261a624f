// The few emoji of the house, put where the caret is; the keyboard of the device has all others.
import { $, on } from "../lib/dom.js";

export function offerEmoji(signs, form) {
  const menu = $(".emoji", form);
  if (!menu) return;
  const list = $(".signs", menu);
  for (const sign of signs) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "react", textContent: sign });
    list.append(button);
  }
  on("click", ".emoji .react", (_event, button) => {
    const field = $("textarea", form);
    field.focus();
    field.setRangeText(button.textContent, field.selectionStart, field.selectionEnd, "end");
    menu.open = false;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
