// Short names for what every module does with the page.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// One listener on the document serves elements that come later, too.
export function on(type, selector, handler, options) {
  document.addEventListener(
    type,
    (event) => {
      const target = event.target.closest?.(selector);
      if (target) handler(event, target);
    },
    options,
  );
}

// Words come from the server in the reader's language.
const words = JSON.parse(document.body.dataset.words ?? "{}");
export const word = (key) => words[key] ?? "";

// Say something to screen readers; the same words twice are said twice.
export function say(text, { urgent = false } = {}) {
  const region = document.getElementById(urgent ? "alert" : "status");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}

// Nodes from a <template>, so that no drawing and no word is written in JavaScript.
export const fromTemplate = (id) =>
  document.getElementById(id).content.firstElementChild.cloneNode(true);
