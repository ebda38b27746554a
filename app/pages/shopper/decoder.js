// Reads many QR codes in one picture; our own copy of the decoder, never one from elsewhere.

export async function open(module, wasm) {
  const { prepareZXingModule, readBarcodes } = await import(module);
  prepareZXingModule({ overrides: { locateFile: (name, prefix) => (name.endsWith(".wasm") ? wasm : prefix + name) }, fireImmediately: true });
  return async (picture, most) => {
    const found = await readBarcodes(picture, { formats: ["QRCode", "EAN13", "EAN8", "UPCA"], maxNumberOfSymbols: most, tryHarder: most > 20 });
    return found.filter((code) => code.isValid && code.text).map((code) => ({
      text: code.text,
      corners: [code.position.topLeft, code.position.topRight, code.position.bottomRight, code.position.bottomLeft],
    }));
  };
}
