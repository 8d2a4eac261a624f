// The page of the search: remembers what it found, and offers it again while nothing is asked.
import { $, say } from "../lib/dom.js";
import { again, forget, remember } from "./lately.js";

const form = $(".searchall");
const offered = $("#lately");
remember($("[name=q]", form).defaultValue.trim());

const links = offered ? again("lately-again", form.action) : [];
if (links.length) {
  $("ul", offered).append(...links);
  offered.hidden = false;
  const button = $("[data-forget]", offered);
  button.addEventListener("click", () => {
    forget();
    offered.hidden = true;
    $("[name=q]", form).focus();
    say(button.dataset.forget);
  });
}
