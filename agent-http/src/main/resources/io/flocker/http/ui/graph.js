/** Lines over the last hour, with the same in words and as a table. */

import { element, fill, say } from "./words.js";

const SPACE = "http://www.w3.org/2000/svg";
const HOUR = 3_600_000;
const TABLE_STEP = 300_000;
const HEIGHT = 192;
const ROOM = 260; // For three words below a graph.
const EDGE = { left: 72, right: 8, top: 10, bottom: 22 };

function drawn(name, attributes = {}, text = "") {
  const made = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.textContent = text;
  return made;
}

/**
 * Fills a figure.
 *
 * @param title what it shows
 * @param lines each a name, and what a sample has of it; at most two
 * @param ceilings what the scale may end with, upwards
 * @param told how a value is written
 */
export function graph(figure, { title, lines, ceilings, told }, history, now) {
  const samples = history.samples
    .map(sample => ({ ...sample, at: Date.parse(sample.time) }))
    .filter(sample => sample.at > now - HOUR);
  if (!figure.querySelector("details")) {
    begin(figure, title, lines);
  }
  const gap = history.stepSeconds * 2_500;
  figure.querySelector("svg").replaceWith(
    picture(figure.id, { title, lines, ceilings, told }, samples, gap, now, figure.clientWidth));
  fill(figure.querySelector(".key"), lines.map((line, i) =>
    element("li", i === 0 ? {} : { class: "dashed" }, line.name + ": " + summary(line, told, samples))));
  refill(figure.querySelector("tbody"), table(lines, told, samples));
}

/** What stays for as long as the page: somebody may have opened the table, and be reading it. */
function begin(figure, title, lines) {
  const head = element("tr", {}, element("th", { scope: "col" }, "Five minutes from"));
  lines.forEach(line => head.append(element("th", { scope: "col" }, line.name + ", at most")));
  figure.replaceChildren(
    element("figcaption", {}, title),
    drawn("svg"),
    element("ul", { class: "key" }),
    element("details", {},
      element("summary", {}, "As a table"),
      element("table", { "aria-label": title }, element("thead", {}, head), element("tbody"))));
}

function summary(line, told, samples) {
  if (samples.length === 0) {
    return "not known yet";
  }
  const most = Math.max(...samples.map(line.of));
  return `${told(line.of(samples.at(-1)))} now, ${told(most)} at most`;
}

function picture(id, { title, lines, ceilings, told }, samples, gap, now, width) {
  const inner = { width: Math.max(100, width - EDGE.left - EDGE.right), height: HEIGHT - EDGE.top - EDGE.bottom };
  const most = Math.max(0, ...samples.flatMap(sample => lines.map(line => line.of(sample))));
  const ceiling = ceilings.find(one => one >= most) ?? most;
  const x = at => EDGE.left + inner.width * (1 - (now - at) / HOUR);
  const y = value => EDGE.top + inner.height * (1 - value / ceiling);
  const svg = drawn("svg", {
    role: "img",
    viewBox: `0 0 ${EDGE.left + inner.width + EDGE.right} ${HEIGHT}`,
    "aria-labelledby": `${id}-title ${id}-desc`,
  });
  svg.append(
    drawn("title", { id: id + "-title" }, title),
    drawn("desc", { id: id + "-desc" }, lines.map(line => line.name + ": " + summary(line, told, samples)).join("; ")));
  for (const part of [0, 0.5, 1]) {
    const level = y(ceiling * part);
    svg.append(
      drawn("path", { class: part === 0 ? "base" : "grid", d: `M${EDGE.left} ${level}h${inner.width}` }),
      drawn("text", { x: EDGE.left - 6, y: level + 4, "text-anchor": "end" }, told(ceiling * part)));
  }
  const marks = inner.width < ROOM ? [[60, "start"], [0, "end"]] : [[60, "start"], [30, "middle"], [0, "end"]];
  for (const [minutes, anchor] of marks) {
    const words = minutes === 0 ? "now" : `${minutes} min ago`;
    svg.append(drawn("text", { x: x(now - minutes * 60_000), y: HEIGHT - 6, "text-anchor": anchor }, words));
  }
  ["first", "second"].slice(0, lines.length).forEach((name, i) =>
    svg.append(drawn("path", { class: name, d: path(samples, lines[i].of, gap, x, y) })));
  return svg;
}

/** Broken where nothing is known; a sample on its own is a dot. */
function path(samples, of, gap, x, y) {
  let before = -Infinity;
  return samples
    .map(sample => {
      const begins = sample.at - before > gap;
      before = sample.at;
      const place = `${x(sample.at).toFixed(1)} ${y(of(sample)).toFixed(1)}`;
      return begins ? `M${place}h.5` : "L" + place;
    })
    .join("");
}

/** The most of every five minutes, the newest first: rows of what their cells say. */
function table(lines, told, samples) {
  const spans = Map.groupBy(samples, sample => Math.floor(sample.at / TABLE_STEP) * TABLE_STEP);
  return [...spans]
    .sort(([one], [other]) => other - one)
    .map(([begin, span]) => [
      new Date(begin).toLocaleTimeString(),
      ...lines.map(line => told(Math.max(...span.map(line.of)))),
    ]);
}

/** Writes into the cells that are there what they say now. */
function refill(body, rows) {
  while (body.rows.length > rows.length) {
    body.lastElementChild.remove();
  }
  rows.forEach((row, i) => {
    if (!body.rows[i]) {
      body.append(element("tr", {}, element("th", { scope: "row" }), ...row.slice(1).map(() => element("td"))));
    }
    row.forEach((words, j) => say(body.rows[i].cells[j], words));
  });
}
