// What was looked for lately: kept in this browser alone, and wiped when one signs out (app.js).
import { fromTemplate } from "../lib/dom.js";

const LATELY = "looked-for";
const KEPT = 6;

export function lately() {
  try {
    return JSON.parse(localStorage.getItem(LATELY)) ?? [];
  } catch {
    return [];
  }
}

export function remember(text) {
  if (!text) return;
  const kept = [text, ...lately().filter((each) => each !== text)].slice(0, KEPT);
  try {
    localStorage.setItem(LATELY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing offers nothing again.
  }
}

export const forget = () => localStorage.removeItem(LATELY);

// Links that look for the same again, each from the template of this name.
export function again(template, action) {
  return lately().map((text, at) => {
    const made = fromTemplate(template);
    const link = made.matches("a") ? made : made.querySelector("a");
    link.id = `again-${at}`;
    link.href = `${action}?${new URLSearchParams({ q: text })}`;
    link.dataset.again = text;
    link.textContent = text;
    return made;
  });
}
