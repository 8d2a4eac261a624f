// Requests to our own server, with a time limit and the CSRF token of the page.
import { $ } from "./dom.js";

const PATIENCE = 20_000;

export const token = () => $("input[name=csrf_token]")?.value ?? "";

// signal: an outer AbortSignal, if the caller may change its mind.
export function request(url, { signal, headers, ...rest } = {}) {
  const limit = AbortSignal.timeout(PATIENCE);
  return fetch(url, {
    ...rest,
    headers,
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
}

// fields: a FormData or a plain object; answers the Response.
export function post(url, fields, options = {}) {
  const body = fields instanceof FormData ? fields : new FormData();
  if (body !== fields) {
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
  }
  if (!body.has("csrf_token")) body.set("csrf_token", token());
  return request(url, { ...options, method: "POST", body });
}
