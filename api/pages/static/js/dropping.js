// @ts-check
/** Takes a file that is dropped or chosen. */

/**
 * @param {HTMLElement} area
 * @param {HTMLInputElement} field
 * @param {(file: File) => void} onFile
 */
export function receiveFiles(area, field, onFile) {
  field.addEventListener("change", () => {
    const [file] = field.files ?? [];
    if (file !== undefined) onFile(file);
    field.value = "";
  });
  for (const kind of ["dragenter", "dragover"]) {
    area.addEventListener(kind, (event) => {
      event.preventDefault();
      area.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) area.addEventListener(kind, () => area.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = /** @type {DragEvent} */ (event).dataTransfer?.files ?? [];
    if (file !== undefined) onFile(file);
  });
}
