// Somebody scanned without a signal, closed the scanner, and looks into the basket: what is still on
// the phone is missing there. Only the scanner sends it, since it can say what became of each.

import { kept } from "./outbox.js";

const note = document.getElementById("kept-scans");
const look = async () => { note.hidden = !(await kept()).length; };

look();
addEventListener("pageshow", look);
