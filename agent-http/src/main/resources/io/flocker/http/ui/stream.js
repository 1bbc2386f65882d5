/** The events of a node, for as long as somebody looks: lost connections come back by themselves. */

import { refusal } from "./ask.js";

const SILENCE_MILLIS = 45_000; // The node gives a sign of life every 15 s.
const PROOF_MILLIS = 5_000; // A node that closes at once is not there yet.
const LONGEST_PAUSE_MILLIS = 30_000;
const MOST_CHARACTERS = 1 << 20; // Of one event; the node sends none that is as long.

/** The node was there, and would not. */
class Refused extends Error {}

/**
 * Listens while the page is visible. Calls opened() after each connection, lost(millis, why) before
 * each pause, with why empty unless the node has refused, left() when the page is hidden, and
 * told(event) for each event, in order; what was missed in between comes first.
 */
export async function listen({ opened, lost, left, told }) {
  let last = "";
  let failures = 0;
  for (;;) {
    while (document.hidden) {
      await new Promise(resume => document.addEventListener("visibilitychange", resume, { once: true }));
    }
    const ending = new AbortController();
    let isLeft = false;
    let why = "";
    const leave = () => {
      isLeft = true;
      left();
      ending.abort();
    };
    document.addEventListener("visibilitychange", leave, { signal: ending.signal });
    try {
      await connect(last, ending, {
        opened,
        proven() {
          failures = 0;
        },
        told(id, type, data) {
          last = id || last;
          if (type && data) {
            failures = 0;
            told(JSON.parse(data));
          }
        },
      });
    } catch (failure) {
      console.info("the events of the node: " + failure);
      why = failure instanceof Refused ? failure.message : "";
    }
    if (!isLeft) {
      const pause = Math.min(LONGEST_PAUSE_MILLIS, 1_000 * 2 ** Math.min(failures++, 5));
      const spread = pause * (0.75 + Math.random() / 2); // Not all pages at once.
      lost(spread, why);
      await new Promise(resume => setTimeout(resume, spread));
    }
  }
}

async function connect(last, ending, { opened, proven, told }) {
  let watch = setTimeout(() => ending.abort(), SILENCE_MILLIS);
  let proof;
  try {
    const headers = { Accept: "text/event-stream" };
    if (last) {
      headers["Last-Event-ID"] = last;
    }
    const response = await fetch("/v1/events", { headers, signal: ending.signal, cache: "no-store" });
    if (!response.ok) {
      throw new Refused(await refusal(response));
    }
    opened();
    proof = setTimeout(proven, PROOF_MILLIS);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new Parser(told);
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(watch);
      watch = setTimeout(() => ending.abort(), SILENCE_MILLIS);
      parser.take(value);
    }
  } finally {
    clearTimeout(watch);
    clearTimeout(proof);
    ending.abort();
  }
}

/** Server-sent events (WHATWG HTML, section 9.2), as far as a node writes them. */
class Parser {
  #told;
  #rest = "";
  #fields = {};

  constructor(told) {
    this.#told = told;
  }

  take(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    if (this.#rest.length > MOST_CHARACTERS) {
      throw new Error("an event without an end");
    }
    lines.forEach(line => this.#line(line));
  }

  #line(line) {
    if (line === "") {
      const { id, event, data } = this.#fields;
      this.#fields = {};
      this.#told(id, event, data);
      return;
    }
    const colon = line.indexOf(":");
    if (colon > 0) {
      this.#fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, "");
    }
  }
}
