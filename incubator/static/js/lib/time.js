// Times as this house writes them.
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;

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

// «27 nov. 14 h 30»: an instant of another day, perhaps.
export const moment = (date, zone) =>
  `${date.toLocaleDateString(language, { day: "numeric", month: "short", timeZone: zone })} ${clock(date, zone)}`;
