// A card's prose.
import assert from "node:assert/strict";
import { test } from "node:test";

import { blocksOf, piecesOf } from "../../../../api/pages/static/js/prose.js";

test("lists and paragraphs are told apart, and their lines joined", () => {
  assert.deepEqual(blocksOf("One\nline.\n\n* a\n  b\n* c"), [
    { isList: false, items: ["One line."] },
    { isList: true, items: ["a b", "c"] },
  ]);
});

test("bold and code are pieces; markup of a page stays text", () => {
  assert.deepEqual(piecesOf("**No** `x` <img src=x>"), [
    { kind: "strong", text: "No" }, { kind: "text", text: " " }, { kind: "code", text: "x" }, { kind: "text", text: " <img src=x>" },
  ]);
});
