/** The node itself, its peers, and how far it is with the wish. */

import { $, light, seen, state, stateOf } from "./seen.js";
import { bytes, element, fill, problem, say, time } from "./words.js";

const UNKNOWN = "not known yet";

function fact(name, ...values) {
  return element("div", {}, element("dt", {}, name), element("dd", {}, ...values));
}

export function showNode() {
  const { node, history } = seen;
  const facts = [
    fact("Node", node ? element("span", { class: "id" }, node.node) : UNKNOWN),
    fact("Pool", ...(node ? [node.pool.name + ", ", state(node.pool.health, node.pool.health === "ONLINE" ? "good" : "bad")] : [UNKNOWN]))];
  if (node?.pool.sizeBytes !== undefined) {
    facts.push(fact("Free", `${bytes(node.pool.freeBytes)} of ${bytes(node.pool.sizeBytes)}`));
  }
  if (history) {
    facts.push(fact("Up since", time(history.since)));
  }
  facts.push(fact("Peers that answer", answering()), fact("Copies at peers", ...copies()));
  fill($("facts"), facts);
  if (node) {
    const host = new URL(node.url).host;
    say($("host"), host);
    document.title = host + " - flockerd";
    const stuck = node.stuck.map(command => ({ title: "A command does not end", detail: command.join(" ") }));
    fill($("warnings"), [...node.warnings, ...stuck].map(warning =>
      element("li", {}, element("strong", {}, warning.title + ": "), warning.detail)));
  }
}

/** A peer that was never asked has not failed to answer. */
function answering() {
  if (!seen.peers) {
    return UNKNOWN;
  }
  const asked = seen.peers.filter(peer => peer.reachable !== undefined);
  const others = seen.peers.length - asked.length;
  const parts = [
    asked.length > 0 && `${asked.filter(peer => peer.reachable).length} of ${asked.length}`,
    others > 0 && `${others} not asked yet`,
  ];
  return parts.filter(Boolean).join(", ") || "it has none";
}

function copies() {
  if (!seen.copies?.length) {
    return [seen.copies ? "none" : UNKNOWN];
  }
  const amiss = seen.copies.filter(copy => copy.state !== "current").length;
  return [`${seen.copies.length}, `, amiss === 0 ? state("all current", "good") : state(amiss + " not current", "wait")];
}

export function showPeers() {
  if (!seen.peers) {
    return;
  }
  const items = seen.peers.map(peer => {
    const item = element("li", {}, element("strong", {}, peer.name ?? peer.node), " ");
    if (peer.reachable === undefined) {
      item.append(light("not asked yet"));
    } else {
      item.append(state(peer.reachable ? "answers" : "does not answer", peer.reachable ? "good" : "bad"), " since ", time(peer.since));
    }
    if (peer.asked) {
      item.append(", asked last ", time(peer.asked));
    }
    item.append(" ", light(peer.addresses.join(", ")));
    return item;
  });
  fill($("peers"), items.length > 0 ? items : [element("li", { class: "light" }, "It has none.")]);
}

export function showWish() {
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
