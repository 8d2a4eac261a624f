// What hangs on a message: signs, the pin, the way to its thread, «edited», its trace.
import { $, fromTemplate } from "../lib/dom.js";

export function makeHanging({ me, root, pages, words, signs = [] }) {
  const page = (name, no) => pages[name].replace("/0/", `/${no}/`);
  const order = (button) => signs.indexOf(button.dataset.emoji);

  function foot(node) {
    const there = $(".msg__foot", node);
    if (there) return there;
    const made = fromTemplate("msg-foot");
    $(".bubble", node).after(made);
    return made;
  }

  function tidy(node) {
    const there = $(".msg__foot", node);
    if (there && !there.childElementCount) there.remove();
  }

  // frame: { emoji, count, on, actor }: how many there are now, and whether I am one of them.
  function sign(node, { no, emoji, count, on, actor }) {
    if (node.classList.contains("msg--gone")) return;
    const line = foot(node);
    let button = line.querySelector(`[data-emoji="${CSS.escape(emoji)}"]`);
    if (!count) button?.remove();
    else {
      button ??= place(line, emoji);
      $("b", button).textContent = count;
      if (actor === me) button.ariaPressed = String(on);
      button.value = `${no} ${emoji} ${button.ariaPressed === "true" ? 0 : 1}`;
    }
    tidy(node);
  }

  function place(line, emoji) {
    const button = fromTemplate("msg-sign");
    button.dataset.emoji = emoji;
    button.ariaPressed = "false";
    $("span", button).textContent = emoji;
    const others = [...line.querySelectorAll("[data-emoji]")];
    const next = others.find((other) => order(other) > order(button)) ?? $(".msg__thread", line);
    line.insertBefore(button, next);
    return button;
  }

  function pin(node, on) {
    const old = $(".msg__pin", node);
    if (on && !old) foot(node).prepend(fromTemplate("msg-pin"));
    if (!on) old?.remove();
    tidy(node);
  }

  // A reply in a thread: the message that it hangs on counts it, once however often it is told.
  function replied(node, { root: no, nth }) {
    if (root) return;
    let link = $(".msg__thread", node);
    const count = Math.max(nth, Number(link?.dataset.replies ?? 0));
    if (!link) {
      link = fromTemplate("msg-thread");
      link.href = page("thread", no);
      foot(node).append(link);
    }
    link.dataset.replies = count;
    const text = (count === 1 ? words.reply : words.replies).replace("{n}", count);
    const drawing = $("svg", link);
    link.replaceChildren(drawing, ` ${text}`);
  }

  function edited(node, { no, rev }) {
    $(".msg__edited", node)?.remove();
    if (!rev) return;
    const mark = fromTemplate("msg-edited");
    mark.href = page("history", no);
    $(".msg__who", node).append(mark);
  }

  function trace(node, { why }) {
    const line = fromTemplate("msg-trace");
    $("span", line).textContent = why ? words.removed.replace("{reason}", why) : words.deleted;
    $(".bubble", node).replaceChildren(line);
    for (const old of node.querySelectorAll(".msg__edited, .react, .msg__pin")) old.remove();
    node.classList.add("msg--gone");
    node.classList.remove("msg--mention");
    tidy(node);
  }

  // A hidden message is shown again.
  function back(node) {
    if (!node.classList.contains("msg--gone")) return;
    const words = document.createElement("div");
    words.className = "prose";
    $(".bubble", node).replaceChildren(words);
    node.classList.remove("msg--gone");
  }

  function calls(node, on) {
    if (!node.classList.contains("msg--gone")) node.classList.toggle("msg--mention", on);
  }

  function more(node, no) {
    if ($(".msg__more", node)) return;
    const link = fromTemplate("msg-more");
    link.href = page("acts", no);
    node.append(link);
  }

  return { sign, pin, replied, edited, trace, back, calls, more };
}
