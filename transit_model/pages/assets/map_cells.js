// Minutes at the cells of the map, read back from the page: what a click tells and what the minutes saved are drawn from.
(function (T) {
  "use strict";
  let raster = null;
  const layers = new Map(), read = new Map();

  // The place of a cell among the cells inside the study area, -1 outside; row by row from the north.
  function open() {
    if (raster || !T.data.raster) { return raster; }
    const r = T.data.raster, bits = T.unpack(r.inside, Math.ceil(r.nx * r.ny / 8)), index = new Int32Array(r.nx * r.ny);
    let n = 0;
    for (let i = 0; i < index.length; i++) { index[i] = bits[i >> 3] & (128 >> (i & 7)) ? n++ : -1; }
    raster = { west: r.west, north: r.north, step: r.step, nx: r.nx, ny: r.ny, index: index, n: n };
    Object.keys(T.data.cells).forEach(function (scenario) {
      T.data.cells[scenario].forEach(function (row) { layers.set(row.slice(0, 4).join("|"), row); });
    });
    return raster;
  }
  T.raster = open;

  function takeLeast(found) {
    const out = new Uint16Array(found[0]);
    found.slice(1).forEach(function (layer) {
      for (let i = 0; i < out.length; i++) { if (layer[i] && (!out[i] || layer[i] < out[i])) { out[i] = layer[i]; } }
    });
    return out;
  }
  function readLayer(key) {
    if (!open()) { return null; }
    if (read.has(key)) { return read.get(key); }
    const row = layers.get(key);
    if (!row) { read.set(key, null); return null; }
    if (row[4].indexOf("least:") === 0) {
      const parts = row[4].slice(6).split(",").map(function (m) { return readLayer([row[0], row[1], m, row[3]].join("|")); });
      read.set(key, takeLeast(parts));
      return read.get(key);
    }
    const before = row[4] ? readLayer(row[4]) : null;
    let out = before;
    if (row[5]) {
      const n = raster.n, bytes = T.unpack(row[5], 3 * n);
      out = new Uint16Array(n);
      let difference = 0;
      for (let i = 0; i < n; i++) {
        const folded = bytes[i] | (bytes[n + i] << 8) | (bytes[2 * n + i] << 16);
        difference += folded & 1 ? -((folded + 1) >> 1) : folded >> 1;
        out[i] = difference + (before ? before[i] : 0);
      }
    }
    read.set(key, out);
    return out;
  }
  // Minutes plus one at all cells from one centre, 0 where not reached; null where there is no such layer.
  T.layer = function (scenario, origin, mode, reading) { return readLayer([scenario, origin, mode, reading].join("|")); };
  T.hasLayer = function (scenario, origin, mode, reading) {
    open();
    return layers.has([scenario, origin, mode, reading].join("|"));
  };

  // The least of several centres, cell by cell; null when none of them has the layer.
  T.leastOf = function (scenario, choice) {
    const found = choice.origins.map(function (o) { return T.layer(scenario, o, choice.mode, choice.reading); }).filter(Boolean);
    return found.length < 2 ? found[0] || null : takeLeast(found);
  };

  T.mercator = function (lat) { return Math.log(Math.tan(Math.PI / 4 + lat * Math.PI / 360)) * 180 / Math.PI; };
  T.cellAt = function (lat, lon) {
    if (!open()) { return -1; }
    const x = Math.floor((lon - raster.west) / raster.step), y = Math.floor((raster.north - T.mercator(lat)) / raster.step);
    return x < 0 || y < 0 || x >= raster.nx || y >= raster.ny ? -1 : raster.index[y * raster.nx + x];
  };
  // Minutes at a point: a number, Infinity where not reached, undefined outside or without the layer.
  T.minutesAt = function (scenario, origin, mode, reading, at) {
    const i = T.cellAt(at.lat, at.lng), layer = i < 0 ? null : T.layer(scenario, origin, mode, reading);
    return layer ? (layer[i] ? layer[i] - 1 : Infinity) : undefined;
  };

  // A canvas that covers the view and is painted cell by cell: `paint(i)` gives the colour of a cell as 0xAABBGGRR, 0
  // for nothing; `hatch(i)` says which cells get slanted lines instead.
  T.CellLayer = L.Layer.extend({
    initialize: function (options) { L.setOptions(this, options); },
    onAdd: function (map) {
      this._canvas = L.DomUtil.create("canvas", "cells leaflet-zoom-hide", map.getPane(this.options.pane));
      this._canvas.setAttribute("aria-hidden", "true");
      map.on("moveend zoomend resize viewreset", this.redraw, this);
      this.redraw();
    },
    onRemove: function (map) {
      map.off("moveend zoomend resize viewreset", this.redraw, this);
      this._canvas.remove();
    },
    setPaint: function (paint) { this._paint = paint; if (this._map) { this.redraw(); } return this; },
    redraw: function () {
      const map = this._map, canvas = this._canvas, r = open();
      if (!map || !r) { return; }
      const size = map.getSize(), pad = Math.round(0.25 * Math.max(size.x, size.y)), w = size.x + 2 * pad, h = size.y + 2 * pad;
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([-pad, -pad]));
      if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
      const context = canvas.getContext("2d"), image = context.createImageData(w, h), out = new Uint32Array(image.data.buffer);
      if (this._paint) {
        const columns = new Int32Array(w), paint = this._paint, n = r.nx;
        const west = map.containerPointToLatLng([-pad + 0.5, 0]).lng, east = map.containerPointToLatLng([w - pad + 0.5, 0]).lng;
        for (let x = 0; x < w; x++) { const c = Math.floor((west + (east - west) * x / w - r.west) / r.step); columns[x] = c < 0 || c >= n ? -1 : c; }
        const top = T.mercator(map.containerPointToLatLng([0, -pad + 0.5]).lat), low = T.mercator(map.containerPointToLatLng([0, h - pad + 0.5]).lat);
        for (let y = 0; y < h; y++) {
          const row = Math.floor((r.north - (top + (low - top) * y / h)) / r.step);
          if (row < 0 || row >= r.ny) { continue; }
          for (let x = 0, from = y * w, cells = row * n; x < w; x++) {
            const i = columns[x] < 0 ? -1 : r.index[cells + columns[x]];
            if (i >= 0) { out[from + x] = paint(i, x, y); }
          }
        }
      }
      context.putImageData(image, 0, 0);
    }
  });
})(window.TransitMap);
