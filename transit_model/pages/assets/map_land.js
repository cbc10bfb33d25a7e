// Relief, waters, province borders, neighbour cities and road shields; all of it optional, all of it under the rings.
(function (T) {
  "use strict";
  const WATER = "#4f88b5";
  const RIVERS = [null, { weight: 2.6 }, { weight: 1.4 }, { weight: 1 }, { weight: 0.7, opacity: 0.75 }];
  const SHIELD_FROM = { national_expressway: 0, provincial_expressway: 7.5, national_highway: 8.5, provincial_highway: 9.5 };
  const RIVER_FROM = [0, 0, 7.5, 8.5, 99];
  const NEIGHBOUR_FROM = [0, 0, 7.5];
  const SHIELD_ORDER = Object.keys(SHIELD_FROM);

  function under(map, name, z) {
    const made = map.createPane(name);
    made.style.zIndex = z;
    made.style.pointerEvents = "none";
    return { renderer: L.svg({ pane: name, padding: 0.4 }), pane: name, interactive: false };
  }

  // A label that may stand at any of its spots: the first that is in view and free gets it.
  function label(text, kind, spots, from, group, beside) {
    const box = T.both(text);
    box.className = kind;
    const marker = L.marker(spots[0], {
      icon: L.divIcon({ html: box, className: "name-icon", iconSize: [0, 0] }), pane: "names", interactive: false, keyboard: false
    });
    return { box: box, marker: marker, spots: spots, from: from, group: group, beside: Boolean(beside) };
  }

  function alongLines(lines) {
    const points = lines.map(T.line).reduce(function (all, line) { return all.concat(line); }, []);
    const step = Math.max(1, Math.floor(points.length / 40));
    return points.filter(function (_, i) { return i % step === 0; });
  }

  function middle(polygons) { return [L.latLngBounds(T.polygons(polygons)[0][0]).getCenter()]; }

  function drawWaters(land, groups, water, over, border) {
    land.rivers.forEach(function (river) {
      const style = Object.assign({ color: WATER, opacity: 1 }, RIVERS[Math.min(river.rank, 4)], water);
      river.g.forEach(function (flat) {
        L.polyline(T.line(flat), style).addTo(groups.waters);
        // The main river shows through the rings: people find their way by it.
        if (river.rank === 1) { L.polyline(T.line(flat), Object.assign({}, style, { opacity: 0.5, weight: 2 }, over)).addTo(groups.waters); }
      });
    });
    land.lakes.forEach(function (lake) {
      L.polygon(T.polygons(lake.g), Object.assign({ color: WATER, weight: 0.8, fillColor: "#c3dcec", fillOpacity: 1 }, water)).addTo(groups.waters);
    });
    land.borders.forEach(function (line) {
      line.g.forEach(function (flat) {
        L.polyline(T.line(flat), Object.assign({ color: "#7a6a86", weight: 1.5, opacity: 0.9, dashArray: "9 3 2 3" }, border)).addTo(groups.counties);
      });
    });
  }

  // Draws what lies under the rings and returns the labels in the order in which they claim room.
  T.drawLand = function (map, groups) {
    const land = T.data.land;
    const shields = (T.data.ground.shields || []).slice().sort(function (a, b) {
      return SHIELD_ORDER.indexOf(a.kind) - SHIELD_ORDER.indexOf(b.kind);
    }).map(function (s) { return label({ zh: s.ref, en: s.ref }, "shield k-" + s.kind, [[s.lat, s.lon]].concat(s.also || []), s.also ? 0 : SHIELD_FROM[s.kind], groups.roads); });
    if (!land) { return shields; }
    under(map, "relief", 310);
    if (land.relief) {
      const b = land.relief.bounds;
      L.imageOverlay(land.relief.uri, [[b[1], b[0]], [b[3], b[2]]], { pane: "relief", interactive: false, alt: "" }).addTo(groups.relief);
    }
    drawWaters(land, groups, under(map, "waters", 320), under(map, "waters-over", 415), under(map, "borders", 325));
    const dots = under(map, "beyond", 326);
    const known = T.data.places.map(function (p) { return p.zh; });
    const cities = land.neighbours.filter(function (n) { return known.indexOf(n.zh) < 0; }).map(function (n) {
      const city = label(n, "name name-neighbour", [[n.lat, n.lon]], NEIGHBOUR_FROM[Math.min(n.rank, 2)], groups.labels, true);
      city.dot = L.circleMarker([n.lat, n.lon], Object.assign({ radius: 2.6, color: "#5b636a", weight: 1, fillColor: "#ffffff", fillOpacity: 1 }, dots));
      return city;
    });
    const lakes = land.lakes.filter(function (l) { return l.zh; }).map(function (l) { return label(l, "water-name", middle(l.g), 7.5, groups.waters); });
    const rivers = land.rivers.filter(function (r) { return r.zh; }).map(function (r) {
      return label(r, "water-name rank-" + r.rank, alongLines(r.g), RIVER_FROM[Math.min(r.rank, 4)], groups.waters);
    });
    return rivers.slice(0, 1).concat(cities, shields, lakes, rivers.slice(1));
  };

  // Gives each label room that no earlier one has; `taken` holds boxes in pixels of the map's container.
  T.arrangeLand = function (map, labels, taken, isFree) {
    const zoom = map.getZoom(), size = map.getSize();
    const home = L.point(size.x / 2, size.y / 2);
    labels.forEach(function (one) {
      const layers = one.dot ? [one.dot, one.marker] : [one.marker];
      if (zoom < one.from || !map.hasLayer(one.group)) { layers.forEach(function (l) { one.group.removeLayer(l); }); return; }
      layers.forEach(function (l) { one.group.addLayer(l); });
      one.box.style.visibility = "hidden";
      const w = one.box.offsetWidth + 4, h = one.box.offsetHeight + 2;
      const fits = one.spots.map(function (spot) {
        const at = map.latLngToContainerPoint(spot);
        return { spot: spot, at: at, x: one.beside ? at.x + 5 : at.x - w / 2, y: at.y - h / 2, w: w, h: h, free: true };
      }).filter(function (box) {
        return one.spots.length === 1 || (box.x > 0 && box.y > 0 && box.x + w < size.x && box.y + h < size.y);
      }).sort(function (a, b) { return a.at.distanceTo(home) - b.at.distanceTo(home); }).find(isFree);
      if (!fits) { return; }
      taken.push(fits);
      one.marker.setLatLng(fits.spot);
      one.box.style.visibility = "visible";
    });
  };
})(window.TransitMap);
