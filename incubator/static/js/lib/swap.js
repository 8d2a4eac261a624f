// The swap kernel: replace parts of the page with the server's own HTML.
// <form data-swap="#a #b"> or <a data-swap="#list" data-push>; without this file both still work.
// A button with data-swap has parts of its own: a preview beside a form that is sent whole.
// The one place where text becomes HTML: it comes from our server, which escapes it.
import { adopt, keep, toast } from "../ui/toast.js";
import { $, say, word } from "./dom.js";
import { lost, noteFocus } from "./focus.js";
import { request } from "./fetch.js";

const policy = globalThis.trustedTypes?.createPolicy("kernel", {
  createHTML: (text) => text,
  createScriptURL: ours,
});
const still = matchMedia("(prefers-reduced-motion: reduce)");
const running = new Map();

// A script to be run beside the page: only one of ours.
function ours(path) {
  if (new URL(path, location.href).origin !== location.origin) throw new TypeError(path);
  return path;
}
export const ownScript = (path) => policy?.createScriptURL(path) ?? ours(path);

export const parse = (text) =>
  new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");

function draw(change) {
  const calm = still.matches || document.documentElement.dataset.motion === "less";
  if (!document.startViewTransition || calm || document.hidden) return change();
  return document.startViewTransition(change).updateCallbackDone;
}

// plan: { selector, url, init, push, source, quiet } ; init is the fetch() of the act, source its
// element; what is quiet was not asked for by the person, and does nothing when it fails.
export async function swap(plan) {
  running.get(plan.selector)?.abort();
  const control = new AbortController();
  running.set(plan.selector, control);
  plan.source?.setAttribute("aria-busy", "true");
  try {
    const headers = { Accept: "text/html", "X-Swap": plan.selector };
    const answer = await request(plan.url, { ...plan.init, headers, signal: control.signal });
    await place(plan, answer, parse(await answer.text()));
  } catch (error) {
    if (!control.signal.aborted) fail(plan, error);
  } finally {
    if (running.get(plan.selector) === control) running.delete(plan.selector);
    plan.source?.removeAttribute("aria-busy");
  }
}

async function place(plan, answer, next) {
  const selectors = plan.selector.split(" ");
  const posted = plan.init?.method === "POST";
  const elsewhere =
    posted && answer.redirected && new URL(answer.url).pathname !== location.pathname;
  const missing = selectors.some((one) => !$(one) || !$(one, next));
  if ((elsewhere || missing) && plan.quiet) return;
  if (elsewhere || missing) return leave(posted, answer, next);
  const back = noteFocus();
  await draw(() => {
    for (const one of selectors) $(one).replaceWith(document.adoptNode($(one, next)));
  });
  if (plan.push && answer.url !== location.href) remember(plan.selector, answer.url);
  if (next.title) document.title = next.title;
  const parts = selectors.map((one) => $(one));
  focusAfter(parts, back);
  adopt(next);
  const words = $("#status", next)?.textContent.trim();
  if (words) say(words);
  for (const part of parts) part.dispatchEvent(new CustomEvent("swapped", { bubbles: true }));
}

// The answer belongs to another page: go there, and take along what it had to say.
function leave(posted, answer, next) {
  if (posted && !answer.redirected)
    return toast($("h1", next)?.textContent || word("failed"), "sorry");
  keep(next);
  location.assign(answer.url);
}

function fail(plan) {
  if (plan.quiet) return;
  if (plan.init?.method === "POST") toast(word("failed"), "sorry");
  else location.assign(plan.url);
}

function focusAfter(parts, back) {
  const wanted = parts.map((part) =>
    part.matches("[data-focus]") ? part : $("[data-focus]", part),
  );
  const target = wanted.find(Boolean);
  if (target) return target.focus();
  if (lost()) back(parts[0])?.focus({ preventScroll: true });
}

function remember(selector, url) {
  if (!history.state?.swap) history.replaceState({ swap: selector }, "");
  history.pushState({ swap: selector }, "", url);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  const selector = button?.dataset.swap || form.dataset.swap;
  if (event.defaultPrevented || !selector) return;
  event.preventDefault();
  const body = new FormData(form, button);
  const url = new URL(button?.getAttribute("formaction") || form.action, location.href);
  const reading = form.method === "get";
  if (reading) url.search = new URLSearchParams(body);
  const init = reading ? {} : { method: "POST", body };
  const push = reading || "push" in form.dataset;
  swap({ selector, url, init, push, source: form });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-swap]");
  const other = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link || event.button || other || event.defaultPrevented) return;
  event.preventDefault();
  const push = "push" in link.dataset;
  swap({ selector: link.dataset.swap, url: link.href, init: {}, push, source: link });
});

const typing = new WeakMap();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-live]") || event.isComposing) return;
  clearTimeout(typing.get(form));
  typing.set(
    form,
    setTimeout(() => form.requestSubmit(), 250),
  );
});

addEventListener("popstate", (event) => {
  if (event.state?.swap) swap({ selector: event.state.swap, url: location.href, init: {} });
});
