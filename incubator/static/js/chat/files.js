// Files of messages: drawn below their words; the addresses come from the page.
import { fromTemplate } from "../lib/dom.js";

const PLACE = "999999999999";

export function makeFiles({ urls, words }) {
  const at = (url, id) => url.replace(PLACE, id);

  function draw(file) {
    const picture = Boolean(file.width);
    const node = fromTemplate(picture ? "sent-picture" : "sent-file");
    if (!picture) {
      node.href = at(urls.file, file.id).replace("NAME", encodeURIComponent(file.name));
      node.querySelector("span").textContent = file.name;
      return node;
    }
    node.href = at(urls.large, file.id);
    node.ariaLabel = words.picture.replace("NAME", file.alt || file.name);
    const image = node.querySelector("img");
    Object.assign(image, { width: file.width, height: file.height, alt: file.alt });
    image.src = at(urls.picture, file.id);
    return node;
  }

  // Below the bubble of a message; a message of files alone has no bubble.
  function show(message, files = []) {
    const bubble = message.querySelector(".bubble");
    message.querySelector(".sent")?.remove();
    bubble.hidden = false;
    if (!files.length) return;
    const list = document.createElement("div");
    list.className = "sent";
    list.append(...files.map(draw));
    bubble.after(list);
    bubble.hidden = !bubble.textContent.trim();
  }

  return { show };
}
