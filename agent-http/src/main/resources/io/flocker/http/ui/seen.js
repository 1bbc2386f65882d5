/** What the node has said last, and what is called how. */

import { element } from "./words.js";

/** Each null until it is known; what was once known stays when the node refuses it later. */
export const seen = {
  node: null,
  peers: null,
  volumes: null,
  copies: null,
  wish: null,
  history: null,
};

/** What a volume is whose owner is not certain. */
export const CLAIMED = ["contested", "superseded"];

const BAD = ["failed", "hindered", "stalled", "drifted", ...CLAIMED];
const GOOD = ["current", "mounted", "as-wished", "succeeded"];

export const $ = id => document.getElementById(id);

/** A node by what people call it. */
export function nodeName(id) {
  if (id === seen.node?.node) {
    return "this node";
  }
  return seen.peers?.find(peer => peer.node === id)?.name ?? id;
}

export function volumeName(id) {
  return seen.volumes?.find(volume => volume.id === id)?.name
    ?? seen.copies?.find(copy => copy.volume === id)?.name
    ?? id;
}

/** A word that is coloured: good, wait or bad. */
export function state(text, kind) {
  return element("span", { class: kind }, text);
}

/** A state's word, coloured by what it means; the word says it to those who see no colour. */
export function stateOf(word) {
  return state(word, BAD.includes(word) ? "bad" : GOOD.includes(word) ? "good" : "wait");
}

export function light(text) {
  return element("span", { class: "light" }, text);
}
