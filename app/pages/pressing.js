// What is exchanged between press and release loses the tap: whoever exchanges a part of a page by
// itself waits until the finger is up again.

let pressed = null;
let release = () => {};
const over = () => setTimeout(() => { release(); pressed = null; });  // after the click

addEventListener("pointerdown", () => { pressed ??= new Promise((done) => { release = done; }); }, true);
for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, over, true);
addEventListener("blur", over);

export const released = async () => pressed;
