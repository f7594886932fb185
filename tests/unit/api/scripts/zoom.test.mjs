// Which stretch is shown, and how finely.
import assert from "node:assert/strict";
import { test } from "node:test";

import { between, moved, widthFor, within, zoomed } from "../../../../api/pages/static/js/zoom.js";

const BOUNDS = { from: 0, until: 100 };

test("the narrowest width that fits is taken, or else the widest", () => {
  assert.equal(widthFor({ from: 0, until: 10 }, [0.1, 1, 60]), 0.1);
  assert.equal(widthFor({ from: 0, until: 100 }, [0.1, 1, 60]), 1);
  assert.equal(widthFor({ from: 0, until: 1e6 }, [0.1, 1, 60]), 60);
});

test("zooming keeps the moment below the pointer where it is", () => {
  const range = { from: 20, until: 60 };
  const found = zoomed(range, 0.5, 30, BOUNDS, 1);
  assert.deepEqual(found, { from: 25, until: 45 });
  assert.equal((30 - found.from) / (found.until - found.from), (30 - range.from) / (range.until - range.from));
});

test("zooming out ends at the bounds, zooming in at the narrowest", () => {
  assert.deepEqual(zoomed({ from: 20, until: 60 }, 100, 30, BOUNDS, 1), BOUNDS);
  const { from, until } = zoomed({ from: 20, until: 22 }, 0.01, 21, BOUNDS, 1);
  assert.equal(until - from, 1);
});

test("a whole shorter than the narrowest range stays whole", () => {
  assert.deepEqual(zoomed({ from: 0, until: 0.5 }, 0.5, 0.2, { from: 0, until: 0.5 }, 2), { from: 0, until: 0.5 });
});

test("a range is moved by its own width and stops at the bounds", () => {
  assert.deepEqual(moved({ from: 10, until: 30 }, 0.5, BOUNDS), { from: 20, until: 40 });
  assert.deepEqual(moved({ from: 10, until: 30 }, -5, BOUNDS), { from: 0, until: 20 });
  assert.deepEqual(within({ from: 95, until: 115 }, BOUNDS), { from: 80, until: 100 });
});

test("two moments make a range in either order, never too narrow", () => {
  assert.deepEqual(between(30, 10, BOUNDS, 1), { from: 10, until: 30 });
  assert.deepEqual(between(50, 50, BOUNDS, 2), { from: 49, until: 51 });
});
