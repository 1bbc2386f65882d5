/** Operations and streams that are under way, as events tell of them. */

import { $, nodeName, volumeName } from "./seen.js";
import { bytes, element, fill, rate, seconds, time } from "./words.js";

const ITEMS = 100;

let operations = new Map();
let isKnown = false; // Whether these are all, but for hasMore.
let hasMore = false;
const transfers = new Map();

/** What events told while the list of all was on its way: the list may be older. */
let news = null;

/** Takes the operations that list() finds: answers, or null. One at a time. */
export async function takeAll(list) {
  news = new Map();
  const answers = await list();
  if (answers) {
    isKnown = true;
    operations = new Map(answers.flatMap(answer => answer.operations).map(one => [one.id, one]));
    hasMore = answers.some(answer => answer.next);
    news.forEach(take);
    showWork();
  }
  news = null;
}

/** Takes up what an event says of an operation. */
export function heardOf(operation) {
  news?.set(operation.id, operation);
  take(operation);
}

function take(operation) {
  if (operation.finished || !["queued", "running"].includes(operation.state)) {
    operations.delete(operation.id);
  } else {
    operations.set(operation.id, operation);
  }
}

/** Takes up how a stream goes; how fast, by its last two signs of life. */
export function moved(event) {
  const before = transfers.get(event.transfer);
  transfers.delete(event.transfer);
  if (event.type !== "transfer.ended") {
    const passed = before ? (Date.parse(event.time) - Date.parse(before.time)) / 1_000 : 0;
    const pace = passed > 0 ? Math.max(0, (event.bytes - before.bytes) / passed) : (before?.pace ?? 0);
    transfers.set(event.transfer, { ...event, pace });
  }
}

/** Forgets streams whose end may have been missed. */
export function forgetStreams() {
  transfers.clear();
}

/** Operations, and streams, of which many belong to none. */
export function showWork() {
  const all = [
    ...[...operations.values()].map(one =>
      item(`${one.kind} ${one.volume ? volumeName(one.volume) : ""}`.trim(), `${one.state}, ${one.phase}`, one.started, one)),
    ...[...transfers.values()].map(one =>
      item(`${one.direction === "out" ? "stream to" : "stream from"} ${nodeName(one.peer)} of ${volumeName(one.volume)}`, one.kind, null,
        { bytes: one.bytes, totalBytes: one.estimatedBytes, bytesPerSecond: one.pace }))];
  const shown = all.slice(0, ITEMS);
  if (hasMore || all.length > shown.length) {
    shown.push(element("li", {}, `and ${hasMore ? "more than " : ""}${all.length - shown.length} more`));
  }
  fill($("running"), all.length > 0 ? shown : [element("li", { class: "light" }, isKnown ? "Nothing." : "Not known yet.")]);
}

function item(title, words, started, { bytes: moved, totalBytes, bytesPerSecond, etaSeconds }) {
  const made = element("li", {}, element("strong", {}, title), " ", words);
  if (started) {
    made.append(", since ", time(started));
  }
  if (moved > 0 || totalBytes) {
    made.append(`, ${bytes(moved)}`);
  }
  if (totalBytes) {
    made.append(` of ${bytes(totalBytes)}`);
  }
  if (bytesPerSecond > 0) {
    made.append(`, ${rate(bytesPerSecond)}`);
    const left = etaSeconds ?? (totalBytes ? Math.max(0, totalBytes - moved) / bytesPerSecond : undefined);
    if (left !== undefined) {
      made.append(`, ${seconds(left)} left`);
    }
  }
  if (totalBytes) {
    made.append(element("progress", { max: totalBytes, value: Math.min(moved, totalBytes), "aria-label": title }));
  }
  return made;
}
