// @ts-check
/** Keys that do something while an element has the focus. */

/**
 * @param {HTMLElement} element
 * @param {Record<string, () => void>} actions by key, as KeyboardEvent names it, after "Shift+" where that is held
 */
export function hearKeys(element, actions) {
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = (event.shiftKey ? actions[`Shift+${event.key}`] : undefined) ?? actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
