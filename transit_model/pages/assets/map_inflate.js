// Reads base64 of a raw DEFLATE stream (RFC 1951) at once: pages must draw on opening, and no page may ask for a library.
window.TransitMap = window.TransitMap || {};
(function (T) {
  "use strict";
  const LENGTH = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
  const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
  const FAR = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
  const FAR_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
  const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

  // Canonical code: how many codes of each length, and the symbols in their order.
  function makeCode(lengths) {
    const count = new Uint16Array(16), starts = new Uint16Array(16), symbols = new Uint16Array(lengths.length);
    lengths.forEach(function (n) { count[n] += 1; });
    count[0] = 0;
    for (let i = 1; i < 15; i++) { starts[i + 1] = starts[i] + count[i]; }
    lengths.forEach(function (n, symbol) { if (n) { symbols[starts[n]++] = symbol; } });
    return { count: count, symbols: symbols };
  }

  function inflate(bytes, size) {
    const out = new Uint8Array(size);
    let at = 0, bit = 0, held = 0, end = 0;
    function take(n) {
      while (bit < n) { held |= bytes[at++] << bit; bit += 8; }
      const value = held & ((1 << n) - 1);
      held >>>= n;
      bit -= n;
      return value;
    }
    function read(code) {
      let value = 0, first = 0, index = 0;
      for (let n = 1; n < 16; n++) {
        value |= take(1);
        const count = code.count[n];
        if (value - count < first) { return code.symbols[index + value - first]; }
        index += count;
        first = (first + count) << 1;
        value <<= 1;
      }
      throw new Error("a layer of the page is damaged");
    }
    function copy(literals, fars) {
      for (;;) {
        const symbol = read(literals);
        if (symbol < 256) { out[end++] = symbol; continue; }
        if (symbol === 256) { return; }
        const length = LENGTH[symbol - 257] + take(LENGTH_BITS[symbol - 257]);
        const far = read(fars), back = FAR[far] + take(FAR_BITS[far]);
        for (let i = 0; i < length; i++, end++) { out[end] = out[end - back]; }
      }
    }
    function readCodes() {
      const nLiterals = take(5) + 257, nFars = take(5) + 1, nLengths = take(4) + 4;
      const first = new Array(19).fill(0), lengths = [];
      for (let i = 0; i < nLengths; i++) { first[ORDER[i]] = take(3); }
      const code = makeCode(first);
      while (lengths.length < nLiterals + nFars) {
        const symbol = read(code);
        if (symbol < 16) { lengths.push(symbol); continue; }
        const last = symbol === 16 ? lengths[lengths.length - 1] : 0;
        const times = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
        for (let i = 0; i < times; i++) { lengths.push(last); }
      }
      return [makeCode(lengths.slice(0, nLiterals)), makeCode(lengths.slice(nLiterals))];
    }
    function fixedCodes() {
      const literals = [];
      for (let i = 0; i < 288; i++) { literals.push(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8); }
      return [makeCode(literals), makeCode(new Array(30).fill(5))];
    }
    for (let last = 0; !last;) {
      last = take(1);
      const kind = take(2);
      if (kind === 0) {
        held = bit = 0;
        const length = bytes[at] | (bytes[at + 1] << 8);
        out.set(bytes.subarray(at + 4, at + 4 + length), end);
        at += 4 + length;
        end += length;
      } else {
        const codes = kind === 1 ? fixedCodes() : readCodes();
        copy(codes[0], codes[1]);
      }
    }
    return out;
  }

  // Parts of the data are deflated JSON: { z: the stream, n: its length }.
  function open(part) {
    return part && part.z !== undefined ? JSON.parse(new TextDecoder().decode(T.unpack(part.z, part.n))) : part;
  }
  T.readData = function () {
    const data = JSON.parse(document.getElementById("study-data").textContent);
    data.ground = open(data.ground);
    data.change = open(data.change);
    [data.rings, data.minutes || {}, data.services || {}, data.routes || {}].forEach(function (parts) {
      Object.keys(parts).forEach(function (scenario) { parts[scenario] = open(parts[scenario]); });
    });
    return data;
  };
  T.unpack = function (text, size) {
    const raw = window.atob(text), bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) { bytes[i] = raw.charCodeAt(i); }
    return inflate(bytes, size);
  };
})(window.TransitMap);
