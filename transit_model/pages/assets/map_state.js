// What is chosen lives in the form and in the address: `#o=hohhot&m=rail&r=typical&c=120&v=saved&lang=zh`. An address
// opens the same view again, the back button undoes a choice, and a button copies the link.
(function (T) {
  "use strict";
  const FIELDS = [["origin", "o"], ["mode", "m"], ["reading", "r"], ["cutoff", "c"], ["case", "v"], ["show", "v"], ["layer", "l"]];

  function inputs(name) { return Array.from(document.querySelectorAll('form [name="' + name + '"]')); }
  T.checked = function (name) {
    return inputs(name).filter(function (i) { return i.checked; }).map(function (i) { return i.value; });
  };
  // Ticks values of a field; an address that names none of them changes nothing.
  T.tick = function (name, values) {
    const all = inputs(name), empty = values.length === 1 && values[0] === "-" && all.length && all[0].type === "checkbox";
    if (!empty && !all.some(function (i) { return values.indexOf(i.value) >= 0; })) { return; }
    all.forEach(function (i) { i.checked = values.indexOf(i.value) >= 0; });
  };
  T.readForm = function () {
    const view = T.checked("case")[0] || T.checked("show")[0] || "scenario";
    return {
      origins: T.checked("origin"), mode: T.checked("mode")[0], reading: T.checked("reading")[0], cutoff: Number(T.checked("cutoff")[0]),
      case: view
    };
  };

  // `more` adds keys of its own to the address; `apply` is called when the address changes under the page.
  T.keepState = function (map, more, apply) {
    let ready = false, mine = "";
    function parse() { return new URLSearchParams(window.location.hash.slice(1)); }
    function text() {
      const at = map.getCenter(), parts = {};
      FIELDS.forEach(function (pair) {
        const all = inputs(pair[0]);
        if (!all.length) { return; }
        const values = T.checked(pair[0]);
        if (pair[0] !== "layer" || values.length < all.length) { parts[pair[1]] = values.join(",") || "-"; }
      });
      Object.assign(parts, { z: [map.getZoom().toFixed(2), at.lat.toFixed(4), at.lng.toFixed(4)].join("/") }, more(), { lang: window.TransitLang.get() });
      return Object.keys(parts).filter(function (k) { return parts[k] !== undefined && parts[k] !== null; }).map(function (k) {
        return k + "=" + encodeURIComponent(parts[k]).replace(/%2C/g, ",").replace(/%2F/g, "/");
      }).join("&");
    }
    function read() {
      const hash = parse();
      FIELDS.forEach(function (pair) { if (hash.has(pair[1])) { T.tick(pair[0], hash.get(pair[1]).split(",")); } });
      const zoom = (hash.get("z") || "").split("/").map(Number);
      if (zoom.length === 3 && zoom.every(isFinite) && zoom[0] >= map.getMinZoom() && zoom[0] <= map.getMaxZoom() && Math.abs(zoom[1]) <= 85 && Math.abs(zoom[2]) <= 180) {
        map.setView([zoom[1], zoom[2]], zoom[0], { animate: false });
      }
      return hash;
    }
    // A choice makes a step that the back button undoes; moving the map does not.
    function write(isChoice) {
      if (!ready) { return; }
      const next = text();
      document.querySelectorAll("a[data-keep-view]").forEach(function (a) { a.href = a.getAttribute("href").split("#")[0] + "#" + next; });
      if (next === mine) { return; }
      mine = next;
      try {
        if (isChoice) { window.history.pushState(null, "", "#" + next); } else { window.history.replaceState(null, "", "#" + next); }
      } catch (error) { /* some viewers forbid it: the link is then not kept */ }
    }
    window.addEventListener("hashchange", function () {
      if (window.location.hash.slice(1) === mine) { return; }
      mine = window.location.hash.slice(1);
      const hash = read();
      if (hash.has("lang")) { window.TransitLang.set(hash.get("lang")); }
      apply(hash);
    });
    document.addEventListener("langchange", function () { write(false); });
    map.on("moveend", function () { write(false); });
    return { read: read, write: write, start: function () { ready = true; write(false); } };
  };
})(window.TransitMap);
