// What is chosen and drawn: one plain object, kept in the address, with undo and redo.
window.TransitStudio = {};
(function (S) {
  "use strict";
  const past = [], future = [];
  const listeners = [];
  S.state = {
    base: null, on: [], off: [], drafts: [], over: {}, origin: null, mode: "best", reading: "typical",
    cut: [30, 60, 90, 120], speeds: "typical", window: null, timetable: null, opened: {}, year: null
  };

  function copy(value) { return JSON.parse(JSON.stringify(value)); }

  // base64url of the JSON text: a link holds the whole scenario, drawn projects among it.
  S.pack = function (state) {
    const bytes = new TextEncoder().encode(JSON.stringify(state));
    let text = "";
    bytes.forEach(function (b) { text += String.fromCharCode(b); });
    return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  S.unpack = function (text) {
    const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(raw, function (c) { return c.charCodeAt(0); });
    return JSON.parse(new TextDecoder().decode(bytes));
  };

  function isYear(value) { return Number.isInteger(value) && value >= 1900 && value <= 2200; }
  // Of a link only what has the right shape is taken over.
  S.takeOver = function (given) {
    const kinds = { base: "string", origin: "string", mode: "string", reading: "string", speeds: "string", window: "string", timetable: "string" };
    Object.keys(kinds).forEach(function (key) { if (typeof given[key] === kinds[key]) { S.state[key] = given[key]; } });
    ["on", "off"].forEach(function (key) {
      if (Array.isArray(given[key])) { S.state[key] = given[key].filter(function (v) { return typeof v === "string"; }); }
    });
    const cut = (Array.isArray(given.cut) ? given.cut : []).map(Number).filter(function (c) { return c > 0 && c <= 1440; }).slice(0, 12);
    if (cut.length) { S.state.cut = cut; }
    if (given.over && typeof given.over === "object") {
      S.state.over = {};
      Object.keys(given.over).forEach(function (k) { if (isFinite(given.over[k])) { S.state.over[k] = Number(given.over[k]); } });
    }
    if (given.opened && typeof given.opened === "object") {
      S.state.opened = {};
      Object.keys(given.opened).forEach(function (k) { if (isYear(given.opened[k])) { S.state.opened[k] = given.opened[k]; } });
    }
    if (isYear(given.year)) { S.state.year = given.year; }
    if (Array.isArray(given.drafts)) {
      S.state.drafts = given.drafts.filter(function (d) { return d && d.doc && typeof d.doc === "object"; })
        .map(function (d) { return { doc: d.doc, on: Boolean(d.on) }; });
    }
  };

  S.onChange = function (listener) { listeners.push(listener); };
  S.tellAll = function (why) {
    try { window.history.replaceState(null, "", "#s=" + S.pack(S.state)); } catch (error) { /* some viewers forbid it */ }
    listeners.forEach(function (l) { l(why); });
  };
  // Every change goes through here; `soft` ones (a slider on its way) are one step of undo.
  S.change = function (edit, soft) {
    const before = copy(S.state);
    edit(S.state);
    if (!soft || !past.length || !past[past.length - 1].soft) { past.push({ state: before, soft: Boolean(soft) }); }
    if (past.length > 200) { past.shift(); }
    future.length = 0;
    S.tellAll("change");
  };
  S.endSoft = function () { if (past.length) { past[past.length - 1].soft = false; } };
  function go(from, to) {
    if (!from.length) { return; }
    to.push({ state: copy(S.state), soft: false });
    S.state = from.pop().state;
    S.tellAll("travel");
  }
  S.undo = function () { go(past, future); };
  S.redo = function () { go(future, past); };
  S.canUndo = function () { return past.length > 0; };
  S.canRedo = function () { return future.length > 0; };

  // Small helpers of the page. Text from data only ever enters as textContent.
  S.el = function (tag, attributes, children) {
    const element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (key) {
      if (key === "class") { element.className = attributes[key]; }
      else if (key.slice(0, 2) === "on") { element.addEventListener(key.slice(2), attributes[key]); }
      else if (attributes[key] === true) { element.setAttribute(key, ""); }
      else if (attributes[key] !== false && attributes[key] !== null && attributes[key] !== undefined) { element.setAttribute(key, attributes[key]); }
    });
    [].concat(children === undefined ? [] : children).forEach(function (child) {
      if (child === null || child === undefined) { return; }
      element.append(child.zh !== undefined && !(child instanceof Node) ? window.TransitMap.both(child) : child);
    });
    return element;
  };
  S.t = function (zh, en) { return window.TransitMap.both({ zh: zh, en: en }); };
  S.lang = function () { return window.TransitLang.get(); };
  S.pick = function (text) { return text[S.lang()] || text.zh || text.en || ""; };
  S.minutes = function (value) { return value === null || value === undefined ? "—" : (Math.floor(value * 10 + 0.5) / 10).toFixed(1); };
  S.people = function (value) { return value === null || value === undefined ? "—" : Math.round(value).toLocaleString("en-US"); };
})(window.TransitStudio);
