// Times that stay true while a page is open; <time data-ago datetime="…"> is kept fresh.
import { $$ } from "./dom.js";

const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const MINUTE = 60_000;
const STEPS = [
  ["day", 1440],
  ["hour", 60],
  ["minute", 1],
];

export function ago(date) {
  const minutes = Math.round((date - Date.now()) / MINUTE);
  const [unit, size] = STEPS.find(([, length]) => Math.abs(minutes) >= length) ?? STEPS[2];
  return relative.format(Math.trunc(minutes / size), unit);
}

// «14 h 30» in French, «14:30» in English, in the given IANA zone or the device's.
export function clock(date, zone) {
  const parts = new Intl.DateTimeFormat(language, {
    hour: "numeric",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: zone,
  }).formatToParts(date);
  const value = (type) => parts.find((part) => part.type === type).value;
  if (language !== "fr") return `${value("hour").padStart(2, "0")}:${value("minute")}`;
  return `${Number(value("hour"))}\u00a0h\u00a0${value("minute")}`;
}

function refresh() {
  for (const element of $$("time[data-ago]")) element.textContent = ago(new Date(element.dateTime));
}

setInterval(refresh, MINUTE);
