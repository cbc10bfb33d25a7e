// Reads the compact shapes of the page: first lon, lat, then steps, in ten-thousandths of a degree.
window.TransitMap = window.TransitMap || {};
(function (T) {
  "use strict";
  const UNITS = 10000;
  // Leaflet listens to the focus of shapes with a tooltip, and Chromium then stops at every road of the map: the places
  // are found by the search and told in the card instead.
  if (window.L) { L.Layer.include({ _addFocusListeners: function () { /* no stop for the keyboard */ } }); }

  T.line = function (flat) {
    const points = [];
    let lon = 0, lat = 0;
    for (let i = 0; i < flat.length; i += 2) {
      lon += flat[i];
      lat += flat[i + 1];
      points.push([lat / UNITS, lon / UNITS]);
    }
    return points;
  };
  T.polygons = function (encoded) {
    return encoded.map(function (rings) { return rings.map(T.line); });
  };

  // Even-odd rule over all rings, so that holes count as outside.
  T.contains = function (polygons, lat, lon) {
    let inside = false;
    polygons.forEach(function (rings) {
      rings.forEach(function (ring) {
        for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
          const a = ring[i], b = ring[j];
          if ((a[0] > lat) !== (b[0] > lat) && lon < (b[1] - a[1]) * (lat - a[0]) / (b[0] - a[0]) + a[1]) {
            inside = !inside;
          }
        }
      });
    });
    return inside;
  };

  // data[keys[0]][keys[1]]..., undefined when a step is missing.
  T.dig = function (data, keys) {
    return keys.reduce(function (here, key) { return here === undefined || here === null ? undefined : here[key]; }, data);
  };

  // Minutes rounded half up, as on every other page.
  T.whole = function (minutes) { return String(Math.floor(minutes + 0.5)); };

  // An element with text in both languages; text from data only ever enters as textContent.
  T.both = function (text, tag) {
    const element = document.createElement(tag || "span");
    if (text.zh === text.en) { element.textContent = text.zh; return element; }
    [["zh", "zh-CN"], ["en", "en"]].forEach(function (pair) {
      const span = document.createElement("span");
      span.className = pair[0];
      span.lang = pair[1];
      span.textContent = text[pair[0]];
      element.appendChild(span);
    });
    return element;
  };

  // A word of the page with values filled in; values may be bilingual.
  T.say = function (key, values) {
    const out = {};
    ["zh", "en"].forEach(function (lang) {
      out[lang] = T.data.words[key][lang].replace(/\{(\w+)\}/g, function (all, name) {
        const value = (values || {})[name];
        return value && value[lang] !== undefined ? value[lang] : String(value);
      });
    });
    return out;
  };
})(window.TransitMap);
