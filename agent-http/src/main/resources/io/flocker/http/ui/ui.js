/**
 * The node, as it sees the cluster. This page only asks: it has no call that changes anything, and
 * shows all that it is told as text.
 */

import { ask, catchUp, Work } from "./ask.js";
import { graph } from "./graph.js";
import { showNode, showPeers, showWish } from "./node.js";
import { $, nodeName, seen, volumeName } from "./seen.js";
import { listen } from "./stream.js";
import { showVolumes } from "./volumes.js";
import { bytes, element, problem, rate, say, seconds, time } from "./words.js";
import { forgetStreams, heardOf, moved, showWork, takeAll } from "./work.js";

const EVENTS = 50;
const SAMPLES = new Set(["operation.progress", "transfer.progress"]); // Too many to be listed.
const LEAST_MILLIS = 2_000;
const TICK_MILLIS = 1_000;

/** Asks for all of these. A refusal is shown where it belongs, and is null: what was there stays. */
async function known(place, ...paths) {
  const refusals = [];
  const answers = await Promise.all(paths.map(path => ask(path, why => refusals.push(why))));
  const shown = $(place + "-problem");
  say(shown, refusals[0] ?? "");
  shown.hidden = refusals.length === 0;
  if (refusals.length > 0) {
    return null;
  }
  $("asof").textContent = "as of " + new Date().toLocaleTimeString();
  return answers;
}

/** Loads one of what is seen, and shows all that says something of it. */
function loading(name, path, of, limits, ...views) {
  return new Work(async () => {
    const answers = await known(name, path);
    if (answers) {
      seen[name] = of(answers[0]);
      views.forEach(view => view());
    }
  }, { least: LEAST_MILLIS, ...limits });
}

const node = loading("node", "/v1/node", all => all, { every: 30_000 }, showNode, showVolumes);
const peers = loading("peers", "/v1/peers", all => all.peers, { every: 30_000 }, showPeers, showNode, showVolumes);
const wish = loading("wish", "/v1/configuration/status", all => all, { every: 30_000 }, showWish);
const past = loading("history", "/v1/history", all => all, { every: 10_000 }, showHistory, showNode);
const copies = loading("copies", "/v1/replication", all => all.copies, { every: 10_000 }, showVolumes, showNode);

/** The node reads its whole pool for these: it shall have nine tenths of its time for something else. */
const volumes = loading("volumes", "/v1/volumes", all => all.volumes,
  { least: 10_000, times: 10, every: 60_000 }, showVolumes, showWork);

const operations = new Work(
  () => takeAll(() =>
    known("operations", "/v1/operations?limit=999&state=running", "/v1/operations?limit=999&state=queued")),
  { least: LEAST_MILLIS, every: 60_000 });
const version = new Work(async () => {
  const answer = await ask("/v1/version", () => {});
  if (answer) {
    say($("version"), answer.version);
  }
}, { least: LEAST_MILLIS, every: 30_000 });

const ALL = [node, peers, wish, past, copies, volumes, operations, version];

function loadAll() {
  ALL.forEach(one => one.wish());
}

const UNTIL = [1, 1.5, 2, 3, 4, 5, 6, 8];
const SIZES = [0, 1, 2, 3, 4, 5].flatMap(unit => [1, 2, 4, 8, 16, 32, 64, 128, 256, 512].map(size => size * 1024 ** unit)).slice(10);
const LAGS = [10, 20, 40, 60, 120, 240, 480, 900, 1800, 3600, 7200, ...UNTIL.slice(2).map(many => many * 3600), 43200, 86400, ...UNTIL.map(many => many * 604800)];

function showHistory() {
  const history = seen.history;
  if (!history) {
    return;
  }
  const now = history.samples.length > 0 ? Date.parse(history.samples.at(-1).time) : Date.parse(history.since);
  graph($("rate"), {
    title: "Bytes each second",
    lines: [
      { name: "Sent", of: sample => sample.sentBytesPerSecond },
      { name: "Received", of: sample => sample.receivedBytesPerSecond },
    ],
    ceilings: SIZES,
    told: rate,
  }, history, now);
  graph($("lag"), {
    title: "How far the copy is behind that is furthest behind",
    lines: [{ name: "Behind", of: sample => sample.lagSeconds }],
    ceilings: LAGS,
    told: seconds,
  }, history, now);
}

/** Takes up what has happened. */
function heard(event) {
  const family = event.type.split(".")[0];
  if (family === "operation") {
    heardOf(event.operation);
    redraw.wish();
  } else if (family === "transfer") {
    moved(event);
    redraw.wish();
  } else if (family === "replication") {
    [copies, past].forEach(one => one.wish());
  } else if (family === "volume" || family === "snapshot") {
    volumes.wish();
  } else if (family === "gap") {
    missed();
  } else {
    [node, peers, wish].forEach(one => one.wish());
  }
  if (!SAMPLES.has(event.type)) {
    fresh = [event, ...fresh].slice(0, EVENTS);
    tell.wish();
  }
}

/** Not all that happened was told. */
function missed() {
  forgetStreams();
  loadAll();
}

const redraw = new Work(showWork, { least: 500 });

/** Events that are not shown yet, the newest first. */
let fresh = [];
const tell = new Work(() => {
  const told = $("told");
  told.prepend(...fresh.map(event =>
    element("li", {}, time(event.time), element("span", { class: "type" }, event.type), words(event))));
  fresh = [];
  while (told.children.length > EVENTS) {
    told.lastElementChild.remove();
  }
  $("no-events").hidden = true;
}, { least: 500 });

/** What an event says, in a few words. */
function words(event) {
  const { operation, copy, object } = event;
  const parts = [
    event.name ?? (event.volume && volumeName(event.volume)),
    operation && `${operation.kind}, ${operation.state === "running" ? operation.phase : operation.state}`,
    operation?.problem && problem(operation.problem),
    copy && `${nodeName(copy.peer)}: ${event.before} -> ${copy.state}`,
    !copy && event.peer && (event.direction === "in" ? "from " : "to ") + nodeName(event.peer),
    event.name === undefined && event.node && nodeName(event.node),
    event.snapshot && (event.snapshot.name ?? event.snapshot),
    event.role,
    event.outcome && `${event.outcome}, ${bytes(event.bytes)}`,
    event.problem,
    event.generation !== undefined && `generation ${event.generation}`,
    event.by && "by " + event.by,
    object && `${object.kind} ${object.name}`.trim() + `: ${object.state}`,
    object?.text,
    event.objects !== undefined && event.objects + " as wished",
    event.holder,
    event.daysLeft !== undefined && (event.daysLeft < 0 ? "has ended" : `${event.daysLeft} days left`),
    event.reason,
  ];
  return parts.filter(part => typeof part === "string" && part !== "").join(", ");
}

let isLive = false;
let wasLost = false;

function connection(kind, words, again) {
  isLive = kind === "is-live";
  document.body.className = kind;
  say($("state"), words);
  $("again").textContent = again;
}

const resized = new Work(showHistory, { least: 250 });
new ResizeObserver(() => resized.wish()).observe($("hour"));

/** What no event tells of, and what has waited until somebody looks. */
setInterval(() => isLive && catchUp(), TICK_MILLIS);
document.addEventListener("visibilitychange", () => document.hidden || catchUp());

showNode();
loadAll();
listen({
  opened() {
    connection("is-live", "live", "");
    if (wasLost) {
      missed();
    }
    wasLost = false;
  },
  lost(millis, why) {
    wasLost = true;
    connection("is-lost", why ? "refused: " + why : "lost, trying again", `in ${Math.round(millis / 1_000)} s`);
  },
  left() {
    connection("", "connecting", "");
  },
  told: heard,
});
