/** The table of volumes, and what it is searched by. */

import { $, CLAIMED, nodeName, seen, stateOf } from "./seen.js";
import { bytes, element, fill, problem, say, seconds } from "./words.js";

const ROWS = 100; // At once.
let rows = ROWS;

/** The copies of each volume, and whether anything is amiss with it, one of them or its mount. */
function described() {
  const copies = Map.groupBy(seen.copies ?? [], copy => copy.volume);
  const described = seen.volumes.map(volume => {
    const followed = copies.get(volume.id) ?? [];
    const pushed = seen.copies ? (volume.copies ?? []) : []; // Which of these are followed is not known before.
    const others = pushed.filter(node => !followed.some(copy => copy.peer === node));
    copies.delete(volume.id);
    const isAmiss = followed.some(copy => copy.state !== "current")
      || ["failed", "unconfirmed"].includes(volume.mountState)
      || CLAIMED.includes(volume.role)
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

export function showVolumes() {
  if (!seen.volumes) {
    return;
  }
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

function text({ volume, followed, others }) {
  return [volume.name, volume.id, volume.role, volume.mountState, nodeName(volume.owner),
    ...followed.flatMap(copy => [copy.state, nodeName(copy.peer)]), ...others.map(nodeName)].join(" ").toLowerCase();
}

function volumeRow({ volume, followed, others }) {
  const isHere = volume.role !== undefined;
  return element("tr", { role: "row" },
    element("th", { role: "rowheader", scope: "row" }, volume.name),
    cell("Owner", ...(isHere ? [nodeName(volume.owner), role(volume)] : ["no dataset here"])),
    cell("Mounted", ...(isHere
      ? [volume.role === "owner" || volume.mounted ? stateOf(volume.mountState) : volume.mountState, small(volume.mountReason ?? "")]
      : ["-"])),
    cell("Used", ...(isHere ? [bytes(volume.usedBytes), small(volume.quotaBytes ? "of " + bytes(volume.quotaBytes) : "")] : ["-"])),
    cell("Copies", ...followed.map(copyLine), ...others.map(node => element("div", {}, nodeName(node) + ", by pushes alone")),
      followed.length + others.length > 0 ? "" : seen.copies ? "none" : "not known yet"));
}

function role({ role }) {
  return small(role === "owner" ? "" : CLAIMED.includes(role) ? stateOf(role) : role);
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
