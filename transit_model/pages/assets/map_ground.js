// The embedded base map: counties, roads, railways, stations, places and their labels.
(function (T) {
  "use strict";
  const ROADS = [["#5f6670", 2.4], ["#7f868e", 1.6], ["#a0a6ac", 1.1], ["#bfc4c8", 0.9]];
  const SHOW_FROM = { centre: 0, alternative_centre: 8.5, county_seat: 7.5, airport: 9, station: 9.5, facility: 9.5, point: 7.5 };

  function pane(map, name, z, silent) {
    const made = map.createPane(name);
    made.style.zIndex = z;
    if (silent) { made.style.pointerEvents = "none"; }
    return L.svg({ pane: name, padding: 0.4 });
  }

  function roadText(road) {
    const parts = { zh: [], en: [] };
    function add(zh, en) { if (zh) { parts.zh.push(zh); parts.en.push(en || zh); } }
    add(road.ref);
    add(road.zh, road.en);
    if (road.v) { const v = T.say("posted", { v: road.v }); add(v.zh, v.en); }
    if (road.toll) { const toll = T.say("toll"); add(toll.zh, toll.en); }
    if (road.project) { const planned = T.say("planned"); add(planned.zh, planned.en); }
    else if (road.opened) { const opened = T.say("opened", { date: road.opened }); add(opened.zh, opened.en); }
    return { zh: parts.zh.join(" · "), en: parts.en.join(" · ") };
  }

  // Draws a line in its styles, one over the other, and returns those in colour: the casing and the dashes stay white.
  function line(item, styles, group, text) {
    const coloured = [];
    item.g.forEach(function (flat) {
      const points = T.line(flat);
      styles.forEach(function (style, i) {
        const drawn = L.polyline(points, style).addTo(group);
        if (style.color !== "#ffffff") { coloured.push(drawn); }
        if (i === 0 && text.zh) { drawn.bindTooltip(T.both(text), { sticky: true }); }
      });
    });
    return coloured;
  }

  T.projectLines = [];
  // Of the lines of projects only those that stand in one scenario and not in the one before it stand out.
  T.showAdded = function (scenario, before) {
    T.projectLines.forEach(function (one) {
      const stands = function (id) { return !one.scenarios || one.scenarios.indexOf(id) >= 0; };
      const style = before !== null && stands(scenario) && !stands(before) ? one.added : one.plain;
      one.lines.forEach(function (l) { l.setStyle({ color: style.color, weight: style.weight }); });
    });
  };

  T.drawGround = function (map) {
    const ground = T.data.ground;
    const groups = {};
    ["counties", "relief", "waters", "roads", "rail", "stations", "labels"].forEach(function (name) { groups[name] = L.layerGroup().addTo(map); });
    const under = pane(map, "ground", 300);
    // What does not stand in every scenario of the page lies in layers of its own: { parent, layer, scenarios }.
    T.partLayers = [];
    function home(item, group) {
      if (!item.in) { return group; }
      let part = T.partLayers.find(function (one) { return one.parent === group && one.key === item.in.join(" "); });
      if (!part) {
        part = { parent: group, key: item.in.join(" "), scenarios: item.in, layer: L.layerGroup().addTo(group) };
        T.partLayers.push(part);
      }
      return part.layer;
    }
    // A comparison draws what only one side has in panes of that side, so that the divider can clip them.
    const sides = {};
    function place(name, z, item) {
      const side = T.sideOf && item.in ? T.sideOf(item.in) : "";
      const key = name + side;
      sides[key] = sides[key] || { renderer: pane(map, key, z), pane: key };
      return sides[key];
    }
    ground.counties.forEach(function (county) {
      L.polygon(T.polygons(county.g), {
        renderer: under, pane: "ground", color: "#c3c8cc", weight: 0.8, fillColor: "#ffffff", fillOpacity: 1, interactive: false
      }).addTo(groups.counties);
    });
    ground.roads.forEach(function (road) {
      const kind = ROADS[road.rank];
      const style = Object.assign({ color: kind[0], weight: kind[1], opacity: 1 }, place("lines", 430, road));
      const plain = Object.assign({}, style);
      if (road.project) { style.color = T.data.project; style.weight = 3.4; }
      // The wider white line under a motorway parts it from the colours of the rings; it also is easier to point at.
      const cased = road.rank === 0 ? [Object.assign({}, style, { color: "#ffffff", weight: style.weight + 2, lineCap: "butt" })] : [];
      if (cased.length) { style.interactive = false; }
      const drawn = line(road, cased.concat([style]), home(road, groups.roads), roadText(road));
      if (road.project) { T.projectLines.push({ scenarios: road.in, lines: drawn, added: style, plain: plain }); }
    });
    ground.rail.forEach(function (rail) {
      const dark = rail.project ? T.data.project : "#2d3136";
      const drawn = line(rail, [
        Object.assign({ color: dark, weight: rail.project ? 3.6 : 2.8 }, place("lines", 430, rail)),
        Object.assign({ color: "#ffffff", weight: rail.project ? 1.6 : 1.3, dashArray: "6 6", interactive: false }, place("lines", 430, rail))
      ], home(rail, groups.rail), { zh: rail.zh || "", en: rail.en || rail.zh || "" });
      if (rail.project) { T.projectLines.push({ scenarios: rail.in, lines: drawn, added: { color: dark, weight: 3.6 }, plain: { color: "#2d3136", weight: 2.8 } }); }
    });
    ground.stations.forEach(function (station) {
      L.circleMarker([station.lat, station.lon], Object.assign({
        radius: 2.6, color: station.project ? T.data.project : "#2d3136", weight: 1.3, fillColor: "#fff", fillOpacity: 1
      }, place("dots", 470, station))).bindTooltip(T.both({ zh: station.zh, en: station.en })).addTo(home(station, groups.stations));
    });
    T.drawPlaces(map, groups.labels, place("dots", 470, {}).renderer, T.drawLand(map, groups));
    return groups;
  };

  // Of what does not stand in every scenario of the page, show what stands in this one.
  T.showGroundOf = function (scenario) {
    T.partLayers.forEach(function (part) {
      const stands = part.scenarios.indexOf(scenario) >= 0;
      if (stands) { part.parent.addLayer(part.layer); } else { part.parent.removeLayer(part.layer); }
    });
  };

  T.drawPlaces = function (map, group, dots, land) {
    map.createPane("names").style.zIndex = 480;
    map.getPane("names").style.pointerEvents = "none";
    const labels = T.data.places.map(function (place) {
      const centre = T.data.centres.indexOf(place.id) >= 0;
      const dot = L.circleMarker([place.lat, place.lon], {
        renderer: dots, pane: "dots", radius: centre ? 5.5 : 3, color: "#1b1f24", weight: centre ? 2.2 : 1.2,
        fillColor: centre || place.kind === "station" ? "#ffffff" : "#1b1f24", fillOpacity: 1, bubblingMouseEvents: false
      });
      dot.on("click", function () { T.choosePlace(place); });
      const box = T.both({ zh: place.zh, en: place.en });
      box.className = "name " + (centre ? "name-centre" : "name-" + place.kind);
      const marker = L.marker([place.lat, place.lon], {
        icon: L.divIcon({ html: box, className: "name-icon", iconSize: [0, 0] }), pane: "names", interactive: false, keyboard: false
      });
      return { place: place, centre: centre, dot: dot, marker: marker, box: box };
    });

    function dotBox(label) {
      const at = map.latLngToContainerPoint(label.dot.getLatLng());
      return { x: at.x - 5, y: at.y - 5, w: 10, h: 10 };
    }

    // Labels claim room in order: centres, county seats, the rest, then the land; one that would overlap is left out.
    function arrange() {
      const zoom = map.getZoom();
      const taken = [];
      function isFree(box) {
        return taken.every(function (t) {
          return box.x > t.x + t.w || t.x > box.x + box.w || box.y > t.y + t.h || t.y > box.y + box.h;
        });
      }
      labels.forEach(function (label) {
        const from = SHOW_FROM[label.place.kind];
        const wanted = label.centre || zoom >= (from === undefined ? 9.5 : from);
        if (!wanted) { group.removeLayer(label.dot); group.removeLayer(label.marker); return; }
        group.addLayer(label.dot);
        group.addLayer(label.marker);
        label.box.style.visibility = "hidden";
        const at = map.latLngToContainerPoint(label.dot.getLatLng());
        const box = { x: at.x + 7, y: at.y - 10, w: label.box.offsetWidth + 4, h: 20 };
        if (isFree(box)) { taken.push(box); label.box.style.visibility = "visible"; }
      });
      if (map.hasLayer(group)) { labels.forEach(function (label) { if (group.hasLayer(label.dot)) { taken.push(dotBox(label)); } }); }
      else { taken.length = 0; }
      Object.keys(T.tagsAt).forEach(function (side) {
        T.tagsAt[side].forEach(function (spot) {
          const at = map.latLngToContainerPoint(spot);
          taken.push({ x: at.x - 17, y: at.y - 10, w: 34, h: 20 });
        });
      });
      T.arrangeLand(map, land, taken, isFree);
      labels.forEach(function (label) { if (label.centre) { label.dot.bringToFront(); } });
    }
    map.on("zoomend moveend viewreset resize", arrange);
    document.addEventListener("langchange", arrange);
    T.arrangeLabels = arrange;
  };
})(window.TransitMap);
