// @ts-check
/** A timeline in words: stretches in which the faces appear to show the same. Pure. */

/**
 * @typedef {object} Bin
 * @property {number} from inclusive; seconds of a video, or milliseconds since 1970
 * @property {number} until exclusive
 * @property {"ok" | "gap" | "nobody" | "unsure" | "pending"} status "ok": it has a value
 * @property {Record<string, number> | null} probs means by name
 * @property {string | null} top the largest of them
 * @property {Record<string, {low: number | null, high: number | null}>} [spans] intervals of the means
 * @property {{read: number, unsure: number, nobody: number}} [shares] of its frames; absent: none was sampled
 * @property {string} [note] what the bin rests on, for people
 */

/** @typedef {{from: number, until: number, kind: string, mean: number | null}} Stretch */

/** What a bin is called that shows no emotion. */
const NAMES = Object.freeze({ gap: "not sampled", nobody: "no face", unsure: "too unsure to say", pending: "not yet analysed" });

/**
 * Whether one ends where the next begins; sums of tenths are not exact.
 * @param {{until: number}} one
 * @param {{from: number}} next
 */
export function touch(one, next) {
  return Math.abs(one.until - next.from) < 1e-6 * Math.max(1, Math.abs(next.from));
}

/**
 * Neighbouring bins of one kind, joined; `mean` is the mean probability of what is named.
 * @param {readonly Bin[]} bins
 * @returns {Stretch[]}
 */
export function stretchesOf(bins) {
  /** @type {(Stretch & {num: number})[]} */
  const found = [];
  for (const bin of bins) {
    const kind = bin.status === "ok" && bin.top !== null ? bin.top : NAMES[/** @type {keyof typeof NAMES} */ (bin.status)];
    const value = bin.probs === null || bin.top === null ? null : bin.probs[bin.top];
    const last = found.at(-1);
    if (last !== undefined && last.kind === kind && touch(last, bin)) {
      last.mean = value === null || last.mean === null ? null : (last.mean * last.num + value) / (last.num + 1);
      last.num += 1;
      last.until = bin.until;
    } else {
      found.push({ from: bin.from, until: bin.until, kind, mean: value, num: 1 });
    }
  }
  return found.map(({ from, until, kind, mean }) => ({ from, until, kind, mean }));
}

/**
 * The stretches that last long enough to be worth a line; what is shorter is a flicker, and only the chart shows it.
 * @param {readonly Stretch[]} stretches
 * @param {number} shortest
 */
export function lasting(stretches, shortest) {
  return stretches.filter(({ from, until }) => until - from >= shortest - 1e-9);
}

/** @param {Stretch} stretch */
export function isEmotion(stretch) {
  return stretch.mean !== null;
}
