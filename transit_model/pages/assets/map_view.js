// Where a map opens, its two buttons that lead back (all of the area, where it changes), scale and zoom limits.
(function (T) {
  "use strict";
  const LEAST_ZOOM = 5, MOST_ZOOM = 14;
  // Beside the inset and the buttons, above the legend, where the map has room for it.
  function fit(map, box, beside) {
    const wide = beside && map.getSize().x >= 700 && map.getSize().y >= 500;
    map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { animate: false, paddingBottomRight: wide ? [110, 90] : [0, 0] });
  }
  T.seeAll = function (map) { fit(map, T.data.bbox); };
  // The map of minutes saved and the rings change in different places.
  T.seeChange = function (map) { if (T.data.lead) { fit(map, T.readForm().case === "saved" ? T.data.lead.box : T.data.lead.rings, true); } else { T.seeCentres(map); } T.moveLegend(); };
  T.seeCentres = function (map) {
    const spots = T.data.places.filter(function (p) { return T.data.centres.indexOf(p.id) >= 0; });
    if (spots.length > 1) { map.fitBounds(L.latLngBounds(spots.map(function (p) { return [p.lat, p.lon]; })).pad(map.getSize().x < 600 ? 0.22 : 0.35), { animate: false }); }
    else { T.seeAll(map); }
  };
  // Who goes from the minutes saved to the rings, without having moved the map, is taken to where these change.
  T.followView = function (map) {
    let shown = null;
    return function () {
      const next = T.readForm().case === "saved";
      if (shown !== null && shown.saved !== next && T.data.lead && shown.at === map.getCenter().toString() + map.getZoom()) { T.seeChange(map); }
      shown = { saved: next, at: map.getCenter().toString() + map.getZoom() };
    };
  };
  T.addViewButtons = function (map) {
    const box = T.data.bbox, wide = L.latLngBounds([[box[1], box[0]], [box[3], box[2]]]).pad(0.6);
    map.setMinZoom(LEAST_ZOOM);
    map.setMaxZoom(MOST_ZOOM);
    map.setMaxBounds(wide);
    map.options.maxBoundsViscosity = 0.8;
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
      ["zoomAnimation", "fadeAnimation", "markerZoomAnimation", "inertia"].forEach(function (o) { map.options[o] = false; });
      map._zoomAnimated = false;
    }
    L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 140 }).addTo(map);
    const Home = L.Control.extend({
      options: { position: "bottomright" },
      onAdd: function () {
        const bar = L.DomUtil.create("div", "leaflet-bar");
        [["see_all", "⌂", T.seeAll], ["see_change", "◎", T.seeChange]].forEach(function (part) {
          if (part[0] === "see_change" && !T.data.lead) { return; }
          const link = L.DomUtil.create("button", "view-button", bar), said = T.say(part[0]);
          link.type = "button";
          link.textContent = part[1];
          link.id = part[0].replace("_", "-");
          ["zh", "en"].forEach(function (lang) { link.setAttribute("data-label-" + lang, said[lang]); });
          link.setAttribute("aria-label", said[window.TransitLang.get()]);
          link.title = said.zh + " " + said.en;
          L.DomEvent.disableClickPropagation(link);
          link.addEventListener("click", function () { part[2](map); });
        });
        return bar;
      }
    });
    new Home().addTo(map);
    T.addLocator(map);
    T.placeLegend(map);
  };
  // Where the map lies in the whole area, as long as it does not show all of it.
  T.addLocator = function (map) {
    const l = T.data.locator;
    if (!l) { return; }
    const make = function (name, values, parent) {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      Object.keys(values).forEach(function (k) { made.setAttribute(k, values[k]); });
      return parent.appendChild(made);
    };
    const svg = make("svg", { "class": "locator", viewBox: "0 0 " + l.width + " " + l.height, "aria-hidden": "true" }, map.getContainer().parentElement);
    make("rect", { width: l.width, height: l.height, fill: "#ffffff", stroke: "#8b9299" }, svg);
    make("path", { d: l.area, fill: "#dfe4e7", stroke: "#8b9299", "stroke-width": 0.6 }, svg);
    l.dots.forEach(function (d) { make("circle", { cx: d[0], cy: d[1], r: 1.6, fill: "#1b1f24" }, svg); });
    const view = make("rect", { fill: "#d98a00", "fill-opacity": 0.18, stroke: "#1b1f24", "stroke-width": 1.3 }, svg);
    function update() {
      const b = map.getBounds(), clamp = function (v, most) { return Math.max(0.8, Math.min(most - 0.8, v)); };
      const x0 = clamp((b.getWest() - l.west) * l.per_lon, l.width), x1 = clamp((b.getEast() - l.west) * l.per_lon, l.width);
      const y0 = clamp((l.north - b.getNorth()) * l.per_lat, l.height), y1 = clamp((l.north - b.getSouth()) * l.per_lat, l.height);
      svg.toggleAttribute("hidden", x1 - x0 > 0.95 * l.width && y1 - y0 > 0.95 * l.height);
      [["x", x0], ["y", y0], ["width", Math.max(1, x1 - x0)], ["height", Math.max(1, y1 - y0)]].forEach(function (p) { view.setAttribute(p[0], p[1].toFixed(1)); });
    }
    map.on("moveend zoomend resize", update);
    update();
  };
})(window.TransitMap);
