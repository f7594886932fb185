// @ts-check
/** A card's prose: paragraphs, lists, **bold** and `code` of Markdown, as elements. Whatever else is there stays text. */

import { make } from "./dom.js";

/**
 * Blocks of a text: lists of items, or paragraphs. Pure.
 * @param {string} text
 * @returns {{isList: boolean, items: string[]}[]}
 */
export function blocksOf(text) {
  const blocks = text.split(/\n\s*\n/).filter((block) => block.trim() !== "");
  return blocks.map((block) => {
    const isList = /^[*-] /.test(block.trimStart());
    const items = isList ? block.trim().split(/\n(?=[*-] )/).map((item) => item.slice(2)) : [block];
    return { isList, items: items.map((item) => item.replaceAll(/\s+/g, " ").trim()) };
  });
}

/**
 * The pieces of a line, by how they are written. Pure.
 * @param {string} line
 * @returns {{kind: "text" | "strong" | "code", text: string}[]}
 */
export function piecesOf(line) {
  return line.split(/(\*\*[^*]+\*\*|`[^`]+`)/).filter(Boolean).map((piece) => {
    if (piece.startsWith("**")) return { kind: "strong", text: piece.slice(2, -2) };
    if (piece.startsWith("`")) return { kind: "code", text: piece.slice(1, -1) };
    return { kind: "text", text: piece };
  });
}

/**
 * @param {string} text
 * @returns {HTMLElement[]}
 */
export function proseOf(text) {
  return blocksOf(text).map(({ isList, items }) =>
    isList ? make("ul", {}, ...items.map((item) => make("li", {}, ...inline(item)))) : make("p", {}, ...inline(items[0])));
}

/** @param {string} line */
function inline(line) {
  return piecesOf(line).map((piece) => (piece.kind === "text" ? piece.text : make(piece.kind, {}, piece.text)));
}
