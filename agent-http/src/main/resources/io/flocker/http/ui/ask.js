/** Questions to the node: one of a kind at a time, and none while nobody looks. */

import { problem } from "./words.js";

const PATIENCE_MILLIS = 30_000;
const SHORTEST_PAUSE_MILLIS = 300;

/** What a refusal says. */
export async function refusal(response) {
  const said = await response.json().catch(() => ({}));
  return problem(said) || `The node answers with ${response.status}.`;
}

/** Asks for what path has; calls refused(why) and is null where it is not to be had. */
export async function ask(path, refused) {
  try {
    const response = await fetch(path, {
      headers: { Accept: "application/json" },
      cache: "no-cache",
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
    });
    if (!response.ok) {
      throw new Error(await refusal(response));
    }
    return await response.json();
  } catch (failure) {
    refused(failure.name === "TimeoutError" ? `No answer to ${path} in 30 s.` : failure.message);
    return null;
  }
}

const all = [];

/** Does what is due, if somebody looks: what was wished for meanwhile, and what is too old. */
export function catchUp() {
  all.filter(work => work.isDue()).forEach(work => work.wish());
}

/** Work that is wished for more often than it is done. */
export class Work {
  #run;
  #limits;
  #began = 0; // By the clock of the page, which begins with it.
  #pause = 0;
  #isWished = false;
  #isBusy = false;

  /**
   * Work of which no two are under way.
   *
   * @param run does it; may be asynchronous
   * @param least milliseconds from one begin to the next
   * @param times from one begin to the next, as many times as it took
   * @param every after how many milliseconds catchUp() does it unasked
   */
  constructor(run, { least, times = 0, every = Infinity }) {
    this.#run = run;
    this.#limits = { least, times, every };
    all.push(this);
  }

  isDue() {
    return this.#isWished || performance.now() - this.#began >= this.#limits.every;
  }

  /** Has it done a little later, once however often it was wished for; of a hidden page when somebody looks. */
  wish() {
    this.#isWished = true;
    if (!this.#isBusy && !document.hidden) {
      this.#isBusy = true;
      this.#work();
    }
  }

  async #work() {
    const { least, times } = this.#limits;
    try {
      while (this.#isWished && !document.hidden) {
        const pause = Math.max(SHORTEST_PAUSE_MILLIS, this.#began + this.#pause - performance.now());
        await new Promise(resume => setTimeout(resume, pause));
        if (!document.hidden) {
          this.#isWished = false;
          this.#began = performance.now();
          await this.#run();
          this.#pause = Math.max(least, times * (performance.now() - this.#began));
        }
      }
    } finally {
      this.#isBusy = false;
    }
  }
}
