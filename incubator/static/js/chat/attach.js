// Files chosen, pasted or dropped while writing: each goes up at once and waits for the message.
import { $, $$, say } from "../lib/dom.js";
import { token } from "../lib/fetch.js";
import { parse } from "../lib/swap.js";

// A picture of a phone over a slow line.
const PATIENCE = 180_000;

export function makeAttach(form, words) {
  const field = $("[data-upload]", form);
  if (!field) return null;
  const choose = $("[data-choose]", form);
  choose.hidden = false;
  field.hidden = true;

  const list = () => $("#waits", form);
  const files = () => $$("[data-file]", form).map((item) => ({ ...JSON.parse(item.dataset.file), ...told(item) }));
  const told = (item) => {
    const alt = $("input[name^=alt-]", item);
    return alt ? { alt: alt.value.trim() } : {};
  };

  async function renew(url, body) {
    body.set("csrf_token", token());
    const headers = { Accept: "text/html", "X-Quiet": "1" };
    for (const alt of $$("input[name^=alt-]", form)) body.set(alt.name, alt.value);
    list().setAttribute("aria-busy", "true");
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const answer = await fetch(url, { method: "POST", body, headers, signal });
      const next = $("#waits", parse(await answer.text()));
      if (!next) throw new Error("no list");
      list().replaceWith(document.adoptNode(next));
      const sorry = $(".error", list());
      if (sorry) say(sorry.textContent, { urgent: true });
    } catch {
      list().removeAttribute("aria-busy");
      say(words.unsent, { urgent: true });
    }
  }

  function upload(chosen) {
    if (!chosen.length) return;
    say(words.uploading);
    const body = new FormData();
    for (const file of chosen) body.append("files", file, file.name || "image.png");
    return renew(field.dataset.upload, body);
  }

  // What is sent no longer waits; what its pictures show is told before they leave.
  async function take() {
    const taken = files();
    if (taken.some((file) => file.alt)) await renew(field.dataset.upload, new FormData());
    list()?.replaceChildren();
    return taken;
  }

  choose.addEventListener("click", () => field.click());
  field.addEventListener("change", async () => {
    await upload([...field.files]);
    field.value = "";
  });
  form.addEventListener("click", (event) => {
    const remove = event.target.closest("[data-unsend]");
    if (!remove) return;
    event.preventDefault();
    renew(remove.getAttribute("formaction"), new FormData());
  });
  form.addEventListener("paste", (event) => {
    const pasted = [...event.clipboardData.files];
    if (!pasted.length) return;
    event.preventDefault();
    upload(pasted);
  });

  // Dropped anywhere on the conversation.
  const place = form.closest(".talk");
  const carries = (event) => [...event.dataTransfer.types].includes("Files");
  place.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    form.classList.add("composer--over");
  });
  place.addEventListener("dragleave", () => form.classList.remove("composer--over"));
  place.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    form.classList.remove("composer--over");
    upload([...event.dataTransfer.files]);
  });

  const renewList = () => renew(field.dataset.upload, new FormData());
  return { waiting: () => files().length > 0, take, renew: renewList };
}
