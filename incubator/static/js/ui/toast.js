// Short messages at the bottom of the page. Drawings and words come from <template>s.
import { $, $$, fromTemplate, on } from "../lib/dom.js";

const KEPT = "toasts";
const tray = document.getElementById("toasts");

export function toast(text, kind = "done") {
  const element = fromTemplate(`toast-${kind}`);
  $("span", element).textContent = text;
  tray.append(element);
}

const said = (page) =>
  $$("#toasts > .toast", page).map((element) => [
    $("span", element).textContent,
    element.classList.contains("toast--sorry") ? "sorry" : "done",
  ]);

// Show what an answer to a swap had to say.
export function adopt(page) {
  for (const [text, kind] of said(page)) toast(text, kind);
}

// Keep it for the next page: the server says it once only.
export function keep(page) {
  sessionStorage.setItem(KEPT, JSON.stringify(said(page)));
}

for (const [text, kind] of JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")) toast(text, kind);
sessionStorage.removeItem(KEPT);

// Screen readers only hear what is added: what came with the page is added again.
setTimeout(() => tray.prepend(...$$(".toast", tray)), 200);
for (const button of $$(".toast__close[hidden]")) button.hidden = false;
on("click", ".toast__close", (_event, button) => button.closest(".toast").remove());
on("animationend", ".toast", (event, element) => {
  if (event.animationName === "leave") element.remove();
});
