// The map: the ground of the base, rings before and after, what the projects add, the origin.
(function (S, T) {
  "use strict";
  let map = null, groups = null, rings = null, added = null, change = null, pin = null, arranging = null;
  const TOL = 12;
  T.tagsAt = { "": [] };

  function pane(name, z, silent) {
    map.createPane(name).style.zIndex = z;
    if (silent) { map.getPane(name).style.pointerEvents = "none"; }
    return L.svg({ pane: name, padding: 0.4 });
  }
  S.startMap = function (data) {
    T.data = data;
    map = L.map("map", { zoomControl: false, attributionControl: false, zoomSnap: 0.25, minZoom: 5, maxZoom: 14 });
    L.control.zoom({ position: "bottomright" }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 140 }).addTo(map);
    const spots = data.places.filter(function (p) { return data.centres.indexOf(p.id) >= 0; });
    if (spots.length > 1) { map.fitBounds(L.latLngBounds(spots.map(function (p) { return [p.lat, p.lon]; })).pad(map.getSize().x < 600 ? 0.2 : 0.5)); }
    else { map.fitBounds([[data.bbox[1], data.bbox[0]], [data.bbox[3], data.bbox[2]]]); }
    groups = T.drawGround(map);
    rings = { fill: pane("rings", 400, true), line: pane("outlines", 420, true), group: L.layerGroup().addTo(map) };
    map.getPane("rings").classList.add("rings-pane");
    change = { fill: pane("change", 410, true), group: L.layerGroup().addTo(map) };
    added = { line: pane("added", 440), group: L.layerGroup().addTo(map) };
    T.choosePlace = function (place) { if (S.drawing) { S.drawAt(L.latLng(place.lat, place.lon), place); } else { S.chooseOrigin(place.id); } };
    map.on("click", function (event) {
      if (S.drawing) { S.drawAt(event.latlng); return; }
      const near = S.nearest(T.data.places, event.latlng);
      S.chooseOrigin(near ? near.id : event.latlng.lng.toFixed(4) + "," + event.latlng.lat.toFixed(4));
    });
    T.arrangeLabels();
    S.map = map;
    return map;
  };
  // The thing of a list nearest to a point, if it is within some pixels of it.
  S.nearest = function (list, latlng, far) {
    const at = map.latLngToContainerPoint(latlng);
    let best = null, least = far || TOL;
    list.forEach(function (one) {
      const d = map.latLngToContainerPoint([one.lat, one.lon]).distanceTo(at);
      if (d <= least) { best = one; least = d; }
    });
    return best;
  };
  S.originAt = function () {
    const place = S.placeOf(S.state.origin);
    if (place) { return [place.lat, place.lon]; }
    const parts = String(S.state.origin).split(",").map(Number);
    return parts.length === 2 && parts.every(isFinite) ? [parts[1], parts[0]] : null;
  };
  S.placeOf = function (id) { return (T.data.places || []).find(function (p) { return p.id === id; }); };

  function toLatLng(geometry) {
    return geometry.coordinates.map(function (polygon) { return polygon.map(function (ring) { return ring.map(function (c) { return [c[1], c[0]]; }); }); });
  }
  S.colours = function (n) {
    const anchors = [[18, 52, 110], [31, 120, 165], [96, 186, 186], [196, 228, 190]];
    return Array.from({ length: n }, function (_, i) {
      const at = n === 1 ? 1 : i * 3 / (n - 1), low = Math.min(2, Math.floor(at)), part = at - low;
      return "rgb(" + anchors[low].map(function (v, k) { return Math.round(v + (anchors[low + 1][k] - v) * part); }).join(",") + ")";
    });
  };
  S.paintRings = function (now, before) {
    rings.group.clearLayers();
    const cut = S.state.cut, colours = S.colours(cut.length);
    const far = now.features.slice().sort(function (a, b) { return b.properties.cutoff_min - a.properties.cutoff_min; });
    T.tagsAt[""] = [];
    far.forEach(function (f) {
      const polygons = toLatLng(f.geometry);
      L.polygon(polygons, { renderer: rings.fill, pane: "rings", interactive: false, color: "#fff", weight: 0.9, fillColor: colours[cut.indexOf(f.properties.cutoff_min)], fillOpacity: 1, fillRule: "evenodd", className: "ring" }).addTo(rings.group);
      if (!polygons.length) { return; }
      const outer = polygons.map(function (p) { return p[0]; }).sort(function (a, b) { return b.length - a.length; })[0];
      const top = outer.reduce(function (best, p) { return p[0] > best[0] ? p : best; });
      const label = S.el("span", { class: "tag" }, String(f.properties.cutoff_min));
      T.tagsAt[""].push(top);
      L.marker(top, { pane: "outlines", interactive: false, keyboard: false, icon: L.divIcon({ html: label, className: "tag-icon", iconSize: [0, 0] }) }).addTo(rings.group);
    });
    (before ? before.features : []).forEach(function (f) {
      const same = now.features.find(function (g) { return g.properties.cutoff_min === f.properties.cutoff_min; });
      if (same && same.properties.area_km2 === f.properties.area_km2 && same.properties.raster_area_km2 === f.properties.raster_area_km2) { return; }
      L.polygon(toLatLng(f.geometry), { renderer: rings.line, pane: "outlines", interactive: false, color: T.data.outline, weight: 1.3, dashArray: "5 4", fill: false, className: "base-ring" }).addTo(rings.group);
    });
    if (pin) { pin.remove(); }
    const at = S.originAt();
    pin = at && L.circleMarker(at, { pane: "outlines", renderer: rings.line, radius: 9, color: "#d98a00", weight: 3, fill: false, interactive: false }).addTo(map);
    const strip = document.getElementById("strip");
    strip.replaceChildren.apply(strip, cut.map(function (c, i) { const s = S.el("span", { class: "swatch" }, [S.el("i"), String(c)]); s.firstChild.style.background = colours[i]; return s; }).concat([S.t("分钟；虚线为基准", "minutes; dashed: the base")]));
    // names give way to the numbers on the circles, once these are painted
    window.clearTimeout(arranging);
    arranging = window.setTimeout(T.arrangeLabels, 120);
  };
  S.paintAdded = function (drawn) {
    added.group.clearLayers();
    drawn.projects.forEach(function (project) {
      project.lines.forEach(function (line) {
        const rail = project.style === "rail";
        L.polyline(line, { renderer: added.line, pane: "added", color: T.data.project, weight: 4, dashArray: rail ? "9 4" : project.style === "bus" ? "2 5" : null }).bindTooltip(T.both(project.title), { sticky: true }).addTo(added.group);
      });
      project.stops.forEach(function (stop) {
        L.circleMarker([stop.lat, stop.lon], { renderer: added.line, pane: "added", radius: 4, color: T.data.project, weight: 2, fillColor: "#fff", fillOpacity: 1 }).bindTooltip(T.both(stop)).addTo(added.group);
      });
    });
    drawn.removed.forEach(function (id) {
      const road = S.network && S.network.roads.find(function (r) { return r.id === id; });
      if (road) { L.polyline(road.line, { renderer: added.line, pane: "added", color: "#1b1f24", weight: 4, dashArray: "1 7" }).bindTooltip(S.t("停用", "closed")).addTo(added.group); }
    });
  };
  const SAVED = ["#fad6b4", "#e08a4c", "#a8431f", "#7a1e14"];
  S.swatch = function (rank) { const i = S.el("i", { class: "saved-swatch" }); i.style.background = SAVED[Math.min(3, rank)]; return i; };
  S.paintChange = function (features) {
    change.group.clearLayers();
    features.forEach(function (f) {
      L.polygon(toLatLng(f.geometry), { renderer: change.fill, pane: "change", interactive: false, stroke: false, fillColor: SAVED[Math.min(3, f.properties.rank)], fillOpacity: 0.82, className: "saved" }).addTo(change.group);
    });
  };
  document.addEventListener("langchange", function () { if (map) { T.arrangeLabels(); } });
})(window.TransitStudio, window.TransitMap);
