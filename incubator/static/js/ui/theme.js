// The theme changes at once; the same form tells the server, which keeps it in a cookie.
import { $, $$, on } from "../lib/dom.js";
import { post } from "../lib/fetch.js";

on("submit", "form[data-theme-form]", (event, form) => {
  event.preventDefault();
  const theme = event.submitter.value;
  post(form.action, new FormData(form, event.submitter), { redirect: "manual", keepalive: true });
  document.documentElement.dataset.theme = theme;
  $("meta[name=color-scheme]").content = theme === "auto" ? "light dark" : theme;
  for (const button of $$("form[data-theme-form] button")) {
    if (button.value === theme) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
});
