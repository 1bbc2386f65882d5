/**
 * The node, as it sees the cluster. This page only asks: it has no call that changes anything, and
 * shows all that it is told as text.
 */

import { graph } from "./graph.js";
import { listen } from "./stream.js";
import { bytes, element, problem, rate, seconds, time } from "./words.js";

const ROWS = 100; // Of the table of volumes, at once.
const EVENTS = 50;
const SAMPLES = new Set(["operation.progress", "transfer.progress"]); // Too many to be listed.

const $ = id => document.getElementById(id);

/** What the node has said last. */
const seen = {
  node: null,
  peers: [],
  volumes: [],
  copies: [],
  wish: null,
  history: null,
  operations: new Map(),
  transfers: new Map(),
  events: [],
};
let rows = ROWS;

/** What events told of operations while the list of all was on its way: the list may be older. */
let news = null;

/** Asks for what path has. A refusal is shown where it belongs, and what was there stays. */
async function ask(path, place) {
  const shown = place && $(place + "-problem");
  try {
    const response = await fetch(path, { headers: { Accept: "application/json" }, cache: "no-cache" });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(problem(answer));
    }
    if (shown) {
      shown.hidden = true;
    }
    $("asof").textContent = "as of " + new Date().toLocaleTimeString();
    return answer;
  } catch (failure) {
    if (shown) {
      shown.textContent = failure.message;
      shown.hidden = false;
    }
    return null;
  }
}

/** Runs work a little later, once however often it is asked for, and no oftener than every `least`. */
function lazily(work, least) {
  let waiting = false;
  let last = 0;
  return () => {
    if (waiting) {
      return;
    }
    waiting = true;
    setTimeout(async () => {
      last = Date.now();
      waiting = false;
      await work();
    }, Math.max(300, last + least - Date.now()));
  };
}

const loadNode = lazily(async () => {
  const [node, version, peers, wish] = await Promise.all([
    ask("/v1/node"), ask("/v1/version"), ask("/v1/peers", "peers"), ask("/v1/configuration/status")]);
  seen.node = node ?? seen.node;
  seen.peers = peers?.peers ?? seen.peers;
  seen.wish = wish ?? seen.wish;
  if (version) {
    $("version").textContent = version.version;
  }
  showNode();
  showVolumes();
}, 2_000);

const loadVolumes = lazily(async () => {
  seen.volumes = (await ask("/v1/volumes", "volumes"))?.volumes ?? seen.volumes;
  showVolumes();
  showWork();
}, 10_000);

const loadPace = lazily(async () => {
  const [history, copies] = await Promise.all([ask("/v1/history", "history"), ask("/v1/replication")]);
  seen.history = history ?? seen.history;
  seen.copies = copies?.copies ?? seen.copies;
  showHistory();
  showVolumes();
  showNode();
}, 2_000);

async function loadOperations() {
  const since = new Map();
  news = since;
  const answers = await Promise.all(
    ["running", "queued"].map(state => ask("/v1/operations?state=" + state, "operations")));
  if (answers.every(Boolean)) {
    seen.operations = new Map(answers.flatMap(answer => answer.operations).map(one => [one.id, one]));
    since.forEach(take);
    showWork();
  }
  news = news === since ? null : news;
}

/** Gives an element these children; what is the same stays, and with it what somebody has selected. */
function fill(place, children) {
  children.forEach((child, i) => {
    const before = place.children[i];
    if (!before) {
      place.append(child);
    } else if (!before.isEqualNode(child)) {
      before.replaceWith(child);
    }
  });
  while (place.children.length > children.length) {
    place.lastElementChild.remove();
  }
}

function take(operation) {
  if (operation.finished || !["queued", "running"].includes(operation.state)) {
    seen.operations.delete(operation.id);
  } else {
    seen.operations.set(operation.id, operation);
  }
}

/** A node by what people call it. */
function nodeName(id) {
  if (id === seen.node?.node) {
    return "this node";
  }
  return seen.peers.find(peer => peer.node === id)?.name ?? id;
}

function volumeName(id) {
  return seen.volumes.find(volume => volume.id === id)?.name
    ?? seen.copies.find(copy => copy.volume === id)?.name
    ?? id;
}

function fact(name, ...values) {
  return element("div", {}, element("dt", {}, name), element("dd", {}, ...values));
}

function showNode() {
  const node = seen.node;
  if (!node) {
    return;
  }
  const host = new URL(node.url).host;
  $("host").textContent = host;
  document.title = host + " - flockerd";
  const pool = node.pool;
  const facts = [
    fact("Node", element("span", { class: "id" }, node.node)),
    fact("Pool", pool.name + ", ", state(pool.health, pool.health === "ONLINE" ? "good" : "bad"))];
  if (pool.sizeBytes !== undefined) {
    facts.push(fact("Free", `${bytes(pool.freeBytes)} of ${bytes(pool.sizeBytes)}`));
  }
  if (seen.history) {
    facts.push(fact("Up since", time(seen.history.since)));
  }
  const answering = seen.peers.filter(peer => peer.reachable).length;
  facts.push(fact("Peers that answer", `${answering} of ${seen.peers.length}`));
  const amiss = seen.copies.filter(copy => copy.state !== "current").length;
  facts.push(fact("Copies at peers", seen.copies.length === 0 ? "none" : `${seen.copies.length}, `,
    ...(seen.copies.length === 0 ? [] : [state(amiss === 0 ? "all current" : amiss + " not current", amiss === 0 ? "good" : "wait")])));
  fill($("facts"), facts);
  const stuck = node.stuck.map(command => ({ title: "A command does not end", detail: command.join(" ") }));
  fill($("warnings"), [...node.warnings, ...stuck].map(warning =>
    element("li", {}, element("strong", {}, warning.title + ": "), warning.detail)));
  showPeers();
  showWish();
}

function showPeers() {
  const items = seen.peers.map(peer => {
    const item = element("li", {}, element("strong", {}, peer.name ?? peer.node), " ");
    if (peer.reachable === undefined) {
      item.append(element("span", { class: "light" }, "not asked yet"));
    } else {
      item.append(state(peer.reachable ? "answers" : "does not answer", peer.reachable ? "good" : "bad"), " since ", time(peer.since));
    }
    item.append(" ", element("span", { class: "light" }, peer.addresses.join(", ")));
    return item;
  });
  fill($("peers"), items.length > 0 ? items : [element("li", { class: "light" }, "It has none.")]);
}

function showWish() {
  const wish = seen.wish;
  if (!wish) {
    return;
  }
  const unlike = wish.objects.filter(one => one.state !== "as-wished");
  if (wish.generation === 0 && wish.isAsWished) {
    fill($("wish"), [element("span", {}, "The node was told nothing to run.")]);
  } else {
    fill($("wish"), [element("span", {}, `Generation ${wish.generation}: `,
      state(wish.isAsWished ? "all is as wished" : "not yet as wished", wish.isAsWished ? "good" : "wait"))]);
  }
  fill($("wish-objects"), unlike.map(one =>
    element("li", {}, element("strong", {}, `${one.kind} ${one.name} `), stateOf(one.state), " since ", time(one.since), ": ", one.text,
      ...(one.lastError ? [element("small", {}, " " + problem(one.lastError))] : []))));
}

function state(text, kind) {
  return element("span", { class: kind }, text);
}

/** A state's word, coloured by what it means; the word says it to those who see no colour. */
function stateOf(word) {
  const bad = ["failed", "hindered", "stalled", "drifted"];
  const good = ["current", "mounted", "as-wished", "succeeded"];
  return state(word, bad.includes(word) ? "bad" : good.includes(word) ? "good" : "wait");
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

/** Operations, and streams, of which many belong to none. */
function showWork() {
  const operations = [...seen.operations.values()].map(one =>
    work(`${one.kind} ${one.volume ? volumeName(one.volume) : ""}`.trim(), `${one.state}, ${one.phase}`, one.started, one));
  const transfers = [...seen.transfers.values()].map(one =>
    work(`${one.direction === "out" ? "stream to" : "stream from"} ${nodeName(one.peer)} of ${volumeName(one.volume)}`, one.kind, null,
      { bytes: one.bytes, totalBytes: one.estimatedBytes, bytesPerSecond: one.pace }));
  const all = [...operations, ...transfers];
  const shown = all.slice(0, ROWS);
  if (all.length > shown.length) {
    shown.push(element("li", {}, `and ${all.length - shown.length} more`));
  }
  fill($("running"), all.length > 0 ? shown : [element("li", { class: "light" }, "Nothing.")]);
}

function work(title, words, started, { bytes: moved, totalBytes, bytesPerSecond, etaSeconds }) {
  const item = element("li", {}, element("strong", {}, title), " ", words);
  if (started) {
    item.append(", since ", time(started));
  }
  if (moved > 0 || totalBytes) {
    item.append(`, ${bytes(moved)}`);
  }
  if (totalBytes) {
    item.append(` of ${bytes(totalBytes)}`);
  }
  if (bytesPerSecond > 0) {
    item.append(`, ${rate(bytesPerSecond)}`);
    const left = etaSeconds ?? (totalBytes ? Math.max(0, totalBytes - moved) / bytesPerSecond : undefined);
    if (left !== undefined) {
      item.append(`, ${seconds(left)} left`);
    }
  }
  if (totalBytes) {
    item.append(element("progress", { max: totalBytes, value: Math.min(moved, totalBytes), "aria-label": title }));
  }
  return item;
}

/** The copies of each volume, and whether anything is amiss with one of them or its mount. */
function described() {
  const copies = Map.groupBy(seen.copies, copy => copy.volume);
  const described = seen.volumes.map(volume => {
    const followed = copies.get(volume.id) ?? [];
    const others = (volume.copies ?? []).filter(node => !followed.some(copy => copy.peer === node));
    copies.delete(volume.id);
    const isAmiss = followed.some(copy => copy.state !== "current")
      || ["failed", "unconfirmed"].includes(volume.mountState)
      || (volume.role === "owner" && !volume.mounted)
      || !!volume.mountReason;
    return { volume, followed, others, isAmiss };
  });
  // A volume with a policy whose dataset is gone is told of by its copies alone.
  for (const [id, followed] of copies) {
    described.push({ volume: { id, name: followed[0].name }, followed, others: [], isAmiss: true });
  }
  return described;
}

function showVolumes() {
  const words = $("words").value.trim().toLowerCase();
  const all = described();
  const wanted = all.filter(one => (!$("amiss").checked || one.isAmiss) && (words === "" || text(one).includes(words)));
  fill($("rows"), wanted.slice(0, rows).map(volumeRow));
  const hidden = Math.max(0, wanted.length - rows);
  say($("count"), all.length === 0
    ? "None are here."
    : `${Math.min(rows, wanted.length)} of ${all.length} are shown` + (hidden > 0 ? `; ${hidden} more fit` : "") + ".");
  $("more").hidden = hidden === 0;
}

/** Says it where it is news: a screen reader repeats what is set anew. */
function say(place, words) {
  if (place.textContent !== words) {
    place.textContent = words;
  }
}

function text({ volume, followed, others }) {
  return [volume.name, volume.id, volume.role, volume.mountState, nodeName(volume.owner),
    ...followed.flatMap(copy => [copy.state, nodeName(copy.peer)]), ...others.map(nodeName)].join(" ").toLowerCase();
}

function volumeRow({ volume, followed, others }) {
  const isHere = volume.role !== undefined;
  return element("tr", { role: "row" },
    cell("Name", volume.name),
    cell("Owner", ...(isHere ? [nodeName(volume.owner), small(volume.role === "owner" ? "" : volume.role)] : ["no dataset here"])),
    cell("Mounted", ...(isHere
      ? [volume.role === "owner" || volume.mounted ? stateOf(volume.mountState) : volume.mountState, small(volume.mountReason ?? "")]
      : ["-"])),
    cell("Used", ...(isHere ? [bytes(volume.usedBytes), small(volume.quotaBytes ? "of " + bytes(volume.quotaBytes) : "")] : ["-"])),
    cell("Copies", ...followed.map(copyLine), ...others.map(node => element("div", {}, nodeName(node) + ", by pushes alone")),
      followed.length + others.length === 0 ? "none" : ""));
}

function copyLine(copy) {
  const line = element("div", {}, nodeName(copy.peer) + ", ", stateOf(copy.state), `, ${seconds(copy.lagSeconds)} behind`);
  if (copy.lagBytes) {
    line.append(`, ${bytes(copy.lagBytes)}`);
  }
  if (copy.state !== "current") {
    const why = copy.lastError ?? copy.verification?.last?.drift;
    line.append(small([`waits for ${copy.waitsFor.text}`, why ? problem(why) : ""].filter(Boolean).join("; ")));
  }
  return line;
}

function cell(name, ...content) {
  return element("td", { role: "cell", "data-label": name }, ...content.filter(part => part !== ""));
}

function small(words) {
  return words === "" ? "" : element("small", {}, words);
}

/** Takes up what has happened. */
function heard(event) {
  const family = event.type.split(".")[0];
  if (family === "operation") {
    news?.set(event.operation.id, event.operation);
    take(event.operation);
    redraw();
  } else if (family === "transfer") {
    moved(event);
    redraw();
  } else if (family === "replication") {
    seen.copies = seen.copies.filter(copy => copy.volume !== event.volume || copy.peer !== event.peer).concat(event.copy);
    loadPace();
  } else if (family === "volume" || family === "snapshot") {
    loadVolumes();
  } else if (family === "gap") {
    loadAll();
  } else {
    loadNode();
  }
  if (!SAMPLES.has(event.type)) {
    seen.events = [event, ...seen.events].slice(0, EVENTS);
    redrawEvents();
  }
}

/** How fast a stream is, by its last two signs of life. */
function moved(event) {
  const before = seen.transfers.get(event.transfer);
  seen.transfers.delete(event.transfer);
  if (event.type !== "transfer.ended") {
    const passed = before ? (Date.parse(event.time) - Date.parse(before.time)) / 1_000 : 0;
    const pace = passed > 0 ? Math.max(0, (event.bytes - before.bytes) / passed) : (before?.pace ?? 0);
    seen.transfers.set(event.transfer, { ...event, pace });
  }
}

const redraw = lazily(showWork, 500);
const redrawEvents = lazily(() => {
  $("no-events").hidden = seen.events.length > 0;
  fill($("told"), seen.events.map(event =>
    element("li", {}, time(event.time), element("span", { class: "type" }, event.type), words(event))));
}, 500);

/** What an event says, in a few words. */
function words(event) {
  const { operation, copy } = event;
  const parts = [
    event.name ?? (event.volume && volumeName(event.volume)),
    operation && `${operation.kind}, ${operation.state === "running" ? operation.phase : operation.state}`,
    operation?.problem && problem(operation.problem),
    copy && `${nodeName(copy.peer)}: ${event.before} -> ${copy.state}`,
    !copy && event.peer && (event.direction === "in" ? "from " : "to ") + nodeName(event.peer),
    event.node && nodeName(event.node),
    event.snapshot && (event.snapshot.name ?? event.snapshot),
    event.role,
    event.outcome && `${event.outcome}, ${bytes(event.bytes)}`,
    event.problem,
    event.reason,
    event.text,
  ];
  return parts.filter(part => typeof part === "string" && part !== "").join(", ");
}

function loadAll() {
  seen.transfers.clear();
  loadNode();
  loadVolumes();
  loadPace();
  loadOperations();
}

function connection(kind, words, again) {
  document.body.className = kind;
  say($("state"), words);
  $("again").textContent = again;
}

$("words").addEventListener("input", () => {
  rows = ROWS;
  showVolumes();
});
$("amiss").addEventListener("change", showVolumes);
$("filter").addEventListener("submit", event => event.preventDefault());
$("more").addEventListener("click", () => {
  rows += ROWS;
  showVolumes();
});
new ResizeObserver(lazily(showHistory, 250)).observe($("hour"));

/** What no event tells of; nobody is asked for a page that nobody sees. */
function every(pause, load) {
  setInterval(() => document.visibilityState === "visible" && load(), pause);
}
every(10_000, loadPace);
every(30_000, loadNode);
every(60_000, loadVolumes);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && loadPace());

listen({
  opened() {
    connection("is-live", "live", "");
    loadAll();
  },
  lost(millis) {
    connection("is-lost", "lost, trying again", `in ${Math.round(millis / 1_000)} s`);
  },
  told: heard,
});
