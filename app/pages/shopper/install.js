// Puts the scanner on the phone, where the browser allows it: https, or this very machine.

export async function install() {
  if (!window.isSecureContext || !("serviceWorker" in navigator)) return false;
  try {
    await navigator.serviceWorker.register("/sw.js");
    await navigator.serviceWorker.ready;
    return true;
  } catch {
    return false;  // e.g. private browsing: the open page goes on working
  }
}
