// What is exchanged between press and release loses the tap: nobody hears of it. Whoever exchanges a
// part of a page by itself waits until the finger or the button is up again.

let pressed = null;
let release = () => {};

addEventListener("pointerdown", () => { pressed ??= new Promise((done) => { release = done; }); }, true);
for (const kind of ["pointerup", "pointercancel", "dragend"]) addEventListener(kind, over, true);
addEventListener("blur", over);  // of the window: the button comes up elsewhere

/** After the click that follows the release. */
function over() {
  setTimeout(() => { release(); pressed = null; });
}

/** Resolves at once where nothing is pressed. */
export const released = async () => pressed;
