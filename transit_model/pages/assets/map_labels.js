// Names on the map, anew at each view: the important ones choose first, each beside its point in one of eight directions,
// or, where it matters, at the end of a leader; what finds no room is left out. `label_layout.py` does so for still maps.
(function (T) {
  "use strict";
  const SHOW_FROM = { centre: 0, alternative_centre: 8.5, county_seat: 7.5, airport: 9, station: 9.5, facility: 9.5, point: 7.5 };
  const NEAR = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1]];
  const FAR = [0, 24, 42], BESIDE_CENTRE = 40, FAR_CALLOUT = [34, 56, 80, 110, 150];
  const EDGE = 24, ARROWS = "→↘↓↙←↖↑↗";
  const MANY = 6, RING = 10, ON_PAPER = 1, NEAR_DEGREE = 0.1;
  const FURNITURE = ".strip, .map-attr, .north, .side, .locator, .leaflet-control";

  function marker(at, box, pane) {
    return L.marker(at, { icon: L.divIcon({ html: box, className: "name-icon", iconSize: [0, 0] }), pane: pane || "names", interactive: false, keyboard: false });
  }
  function labelPlace(place, dots) {
    const centre = T.data.centres.indexOf(place.id) >= 0, from = SHOW_FROM[place.kind];
    const dot = L.circleMarker([place.lat, place.lon], {
      renderer: dots, pane: "dots", radius: centre ? 4.8 : 3, color: "#1b1f24", weight: centre ? 2.2 : 1.2,
      fillColor: centre || place.kind === "station" ? "#ffffff" : "#1b1f24", fillOpacity: 1, bubblingMouseEvents: false
    });
    dot.on("click", function () { T.choosePlace(place); });
    const box = T.both({ zh: place.zh, en: place.en });
    box.className = "name " + (centre ? "name-centre" : "name-" + place.kind);
    return {
      at: dot.getLatLng(), dot: dot, marker: marker([place.lat, place.lon], box), box: box, radius: centre ? 7 : 4,
      zh: place.zh, rank: centre ? 0 : place.kind === "county_seat" ? 2 : 3, leads: centre || place.kind === "county_seat",
      from: centre ? 0 : from === undefined ? 9.5 : from
    };
  }

  T.bareName = function (name) { return name.replace(/\s*[（(][^（()）]*[）)]$/, "") || name; };

  T.drawPlaces = function (map, groups, dots, land, brought) {
    const group = groups.labels, leaders = L.layerGroup();
    map.createPane("leaders").style.zIndex = 468;
    map.getPane("leaders").style.pointerEvents = "none";
    const newly = { renderer: L.svg({ pane: "leaders", padding: 0.1 }), pane: "leaders", color: T.data.newColour, weight: 2, interactive: false };
    const ink = { renderer: L.svg({ pane: "leaders", padding: 0.1 }), pane: "leaders", color: "#4a5259", weight: 1.1, interactive: false };
    map.createPane("names").style.zIndex = 480;
    map.getPane("names").style.pointerEvents = "none";
    const places = T.data.places.map(function (p) { return labelPlace(p, dots); });
    // A stop is named without what its brackets add: its colour says it. One that is called like a place near by is named
    // by it where that is named as early, else the place is left to the stop; many stops are named from nearer only.
    const many = brought.length > MANY;
    const stops = brought.map(function (one) {
      const box = T.both({ zh: T.bareName(one.stop.zh), en: T.bareName(one.stop.en) });
      box.className = "name name-stop" + (one.stop.project ? " is-new" : "");
      return { at: L.latLng(one.stop.lat, one.stop.lon), marker: marker([one.stop.lat, one.stop.lon], box, one.pane), box: box, radius: 5, rank: 1, leads: true, from: many ? 8.5 : 7, layer: one.layer, zh: T.bareName(one.stop.zh) };
    }).filter(function (stop) {
      const same = places.filter(function (p) { return T.bareName(p.zh) === stop.zh && Math.abs(p.at.lat - stop.at.lat) + Math.abs(p.at.lng - stop.at.lng) < NEAR_DEGREE; });
      same.forEach(function (p) { if (p.from > stop.from) { p.leftTo = stop.layer; } });
      return !same.some(function (p) { return p.from <= stop.from; });
    });
    const labels = places.concat(stops).sort(function (a, b) { return a.rank - b.rank; });

    function listFurniture() {
      const frame = map.getContainer().getBoundingClientRect(), out = [];
      map.getContainer().parentElement.querySelectorAll(FURNITURE).forEach(function (part) {
        const r = part.getBoundingClientRect();
        if (r.width) { out.push({ x: r.left - frame.left, y: r.top - frame.top, w: r.width, h: r.height }); }
      });
      return out;
    }
    function meet(a, b) { return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h; }
    // The places in which a name may stand, the best first; `lead` is the end of its leader.
    function propose(label, at) {
      const w = label.w, h = label.h, out = [];
      (label.fars || FAR.slice(0, label.leads && !label.beside ? FAR.length : 1)).forEach(function (far) {
        NEAR.forEach(function (way) {
          const gap = (label.radius + 2.5 + far) * (way[0] && way[1] ? 0.72 : 1);
          const x = at.x + way[0] * gap - (way[0] > 0 ? 0 : way[0] < 0 ? w : w / 2), y = at.y + way[1] * gap - (way[1] > 0 ? 0 : way[1] < 0 ? h : h / 2);
          out.push({ x: x, y: y, w: w, h: h, lead: far ? [way[0] > 0 ? x : way[0] < 0 ? x + w : x + w / 2, way[1] > 0 ? y : way[1] < 0 ? y + h : y + h / 2] : null });
        });
      });
      return out;
    }

    function arrange() {
      const zoom = map.getZoom() + (document.body.matches(".map-page.on-paper") ? ON_PAPER : 0); // a sheet is read from nearer
      const size = map.getSize(), on = map.hasLayer(group);
      const taken = listFurniture(), shown = [];
      function isFree(box) { return !taken.some(function (t) { return meet(t, box); }); }
      function inView(box) { return box.x >= 0 && box.y >= 0 && box.x + box.w <= size.x && box.y + box.h <= size.y; }
      leaders.clearLayers();
      leaders.addTo(map);
      labels.forEach(function (label) {
        const layers = label.dot ? [label.dot, label.marker] : [label.marker];
        const wanted = on && zoom >= label.from && (!label.layer || map.hasLayer(label.layer));
        layers.forEach(function (l) { if (wanted) { group.addLayer(l); } else { group.removeLayer(l); } });
        if (!wanted) { return; }
        label.box.style.visibility = "hidden";
        if (label.leftTo && map.hasLayer(label.leftTo)) { return; }
        label.spot = map.latLngToContainerPoint(label.at);
        if (label.spot.x > -20 && label.spot.y > -20 && label.spot.x < size.x + 20 && label.spot.y < size.y + 20) { shown.push(label); }
      });
      shown.forEach(function (label) { // all are measured before any is moved
        label.w = label.box.offsetWidth + 2;
        label.h = label.box.offsetHeight;
        label.own = { x: label.spot.x - label.radius + 1, y: label.spot.y - label.radius + 1, w: 2 * label.radius - 2, h: 2 * label.radius - 2 };
      });
      // A district or a stop whose point lies beside that of its city would stand far from it, as if it were elsewhere.
      shown.forEach(function (label) {
        label.beside = (label.rank === 1 || label.rank === 2) && shown.some(function (l) { return l.rank === 0 && l.spot.distanceTo(label.spot) < BESIDE_CENTRE; });
      });
      const dotsOf = shown.map(function (l) { return l.own; });
      T.closedMarks.forEach(function (m) {
        if (map.hasLayer(m.layer)) { const at = map.latLngToContainerPoint(m.spot); taken.push({ x: at.x - 8, y: at.y - 8, w: 16, h: 16 }); }
      });
      function put(rank) {
        shown.filter(function (l) { return l.rank === rank; }).forEach(function (label) {
          const found = propose(label, label.spot).find(function (box) {
            return inView(box) && isFree(box) && !dotsOf.some(function (d) { return d !== label.own && meet(d, box); });
          });
          if (!found) { return; }
          taken.push(found);
          label.box.style.left = Math.round(found.x - label.spot.x) + "px";
          label.box.style.top = Math.round(found.y - label.spot.y) + "px";
          label.box.style.visibility = "visible";
          if (found.lead) { L.polyline([label.at, map.containerPointToLatLng(found.lead)], ink).addTo(leaders); }
        });
      }
      // The number of people newly reached: on a leader beside the names of the centres, before all others.
      function putCallout() {
        const one = T.callout, size0 = map.getSize();
        if (!one) { return; }
        function clamp(v, most) { return Math.min(most - EDGE, Math.max(EDGE, v)); }
        const there = map.latLngToContainerPoint(one.at), spot = L.point(clamp(there.x, size0.x), clamp(there.y, size0.y));
        const beyond = spot.distanceTo(there) > 1, turn = Math.round(Math.atan2(there.y - spot.y, there.x - spot.x) / (Math.PI / 4));
        one.arrow.textContent = beyond ? " " + ARROWS[(turn + 8) % 8] : ""; // beyond the view: which way
        const size = { w: one.box.offsetWidth + 2, h: one.box.offsetHeight + 2, radius: 4, fars: FAR_CALLOUT };
        const found = propose(size, spot).find(function (box) {
          return inView(box) && isFree(box) && !dotsOf.some(function (d) { return meet(d, box); });
        });
        one.box.style.visibility = found ? "visible" : "hidden";
        if (!found) { return; }
        taken.push(found);
        one.box.style.left = Math.round(found.x - there.x) + "px";
        one.box.style.top = Math.round(found.y - there.y) + "px";
        if (beyond) { return; }
        // From a ring, since the ground may be hidden by the mark of the town that lies on it.
        const way = L.point(found.lead).subtract(spot), end = spot.add(way.multiplyBy(RING / Math.max(RING, way.distanceTo([0, 0]))));
        const line = [map.containerPointToLatLng(end), map.containerPointToLatLng(found.lead)];
        [{ color: "#ffffff", weight: 5 }, {}].forEach(function (style) {
          L.circleMarker(one.at, Object.assign({}, newly, { radius: RING, fill: false }, style)).addTo(leaders);
          L.polyline(line, Object.assign({}, newly, style)).addTo(leaders);
        });
      }
      put(0);
      putCallout();
      arrangeTags(taken.concat(dotsOf), inView).forEach(function (box) { taken.push(box); });
      [1, 2, 3].forEach(put);
      Array.prototype.push.apply(taken, dotsOf);
      T.arrangeLand(map, land, taken, isFree);
      places.forEach(function (label) { if (label.rank === 0) { label.dot.bringToFront(); } });
    }
    // The minutes of the rings: at any outer point of their ring that is in view and free. The two sides of a comparison
    // do not meet, since the divider parts them.
    function arrangeTags(taken, inView) {
      const all = [];
      Object.keys(T.tagsAt).forEach(function (side) {
        const own = taken.slice();
        T.tagsAt[side].forEach(function (tag) {
          if (!tag.marker) { const at = map.latLngToContainerPoint(tag); all.push({ x: at.x - 17, y: at.y - 10, w: 34, h: 20 }); return; }
          tag.box.style.visibility = "hidden";
          const w = tag.box.offsetWidth + 2, h = tag.box.offsetHeight + 2;
          const found = tag.spots.map(function (spot) {
            const at = map.latLngToContainerPoint(spot);
            return { spot: spot, x: at.x - w / 2, y: at.y - h / 2, w: w, h: h };
          }).find(function (box) { return inView(box) && !own.some(function (t) { return meet(t, box); }); });
          if (!found) { return; }
          tag.marker.setLatLng(found.spot);
          tag.box.style.visibility = "visible";
          own.push(found);
          all.push(found);
        });
      });
      return all;
    }
    map.on("zoomend moveend viewreset resize", arrange);
    document.addEventListener("langchange", arrange);
    T.arrangeLabels = arrange;
  };
})(window.TransitMap);
