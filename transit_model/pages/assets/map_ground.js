// The embedded base map: counties, roads, rail and bus lines, stations and stops. The colours of the lines come with the
// page (`ground.lines`), where its legend has them too.
(function (T) {
  "use strict";
  const WHITE = "#ffffff";

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
    if (road.closed) { const closed = T.say("closed_here"); add(closed.zh, closed.en); }
    else if (road.limited) { const limited = T.say("limited_here"); add(limited.zh, limited.en); }
    else if (road.project) { const planned = T.say("planned"); add(planned.zh, planned.en); }
    else if (road.opened) { const opened = T.say("opened", { date: road.opened }); add(opened.zh, opened.en); }
    return { zh: parts.zh.join(" · "), en: parts.en.join(" · ") };
  }

  // Of a line: how wide its white casing is, and its strokes, the lowest first. A casing parts a line from the colours of
  // the rings under it.
  function dress(kind, item, colours) {
    if (item.closed || item.limited) {
      const width = item.closed ? 5 : 3.6;
      return { casing: width + 2, strokes: [
        { color: colours.closed[0], weight: width }, { color: colours.closed[1], weight: width - 1.6, dashArray: item.closed ? "6 5" : "2 8", lineCap: "butt" }
      ] };
    }
    if (kind === "rail") {
      const width = item.project ? 3.6 : colours.rail[1];
      return { casing: width + 1.6, strokes: [
        { color: item.project ? colours.project : colours.rail[0], weight: width }, { color: WHITE, weight: item.project ? 1.6 : 1.3, dashArray: "6 6" }
      ] };
    }
    if (kind === "bus") { return { casing: colours.bus[1] + 3, strokes: [{ color: item.project ? colours.project : colours.bus[0], weight: colours.bus[1] + 0.4, dashArray: "0.1 6.5", lineCap: "round" }] }; }
    const own = colours.roads[item.rank], width = item.project ? 3.4 : own[1];
    return { casing: width + (item.rank === 0 || item.project ? 2 : 1.4), strokes: [{ color: item.project ? colours.project : own[0], weight: width }] };
  }

  T.projectLines = [];
  // Which marks beyond those of the base map a year shows: what is added in it, bus lines, what is closed or limited.
  T.findKinds = function (scenario, before) {
    const ground = T.data.ground, kinds = {};
    function stands(item, id) { return !item.in || item.in.indexOf(id) >= 0; }
    kinds.project = T.projectLines.some(function (one) {
      return one.kind !== "bus" && before !== null && stands({ in: one.scenarios }, scenario) && !stands({ in: one.scenarios }, before);
    });
    kinds.bus = (ground.bus || []).some(function (item) { return !item.closed && stands(item, scenario); });
    ["closed", "limited"].forEach(function (kind) {
      kinds[kind] = ground.roads.concat(ground.rail, ground.bus || []).some(function (item) { return item[kind] && stands(item, scenario); });
    });
    return kinds;
  };
  // Of the lines of projects only those that stand in one scenario and not in the one before it stand out.
  T.showAdded = function (scenario, before) {
    T.projectLines.forEach(function (one) {
      const stands = function (id) { return !one.scenarios || one.scenarios.indexOf(id) >= 0; };
      const style = before !== null && stands(scenario) && !stands(before) ? one.added : one.plain;
      one.lines.forEach(function (l) { l.setStyle({ color: style.color, weight: style.weight }); });
    });
  };

  T.drawGround = function (map) {
    T.map = map;
    const ground = T.data.ground, colours = ground.lines;
    const groups = {};
    ["counties", "relief", "waters", "roads", "rail", "bus", "stations", "labels"].forEach(function (name) { groups[name] = L.layerGroup().addTo(map); });
    const under = pane(map, "ground", 300);
    // What does not stand in every scenario of the page lies in layers of its own: { parent, layer, scenarios }.
    T.partLayers = [];
    T.closedMarks = [];
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
      sides[key] = sides[key] || { renderer: pane(map, key, z, name === "casing" || name === "marks" || name === "stop-names"), pane: key };
      return sides[key];
    }
    // The casings of like lines are one shape under all lines, so that crossings stay whole.
    const casings = new Map();
    function addCasing(item, layer, weight, lines) {
      const where = place("casing", 428, item), key = [L.stamp(layer), where.pane, weight].join(" ");
      if (!casings.has(key)) { casings.set(key, { layer: layer, style: Object.assign({ color: WHITE, weight: weight, opacity: 1, lineCap: "butt", interactive: false, className: "casing" }, where), lines: [] }); }
      Array.prototype.push.apply(casings.get(key).lines, lines);
    }
    // The middle of the longest part of a closed line bears a cross: never colour alone.
    function addCross(item, layer, lines) {
      const longest = lines.slice().sort(function (a, b) { return b.length - a.length; })[0], at = longest[Math.floor((longest.length - 1) / 2)];
      const next = longest[Math.floor((longest.length - 1) / 2) + 1] || at, spot = [(at[0] + next[0]) / 2, (at[1] + next[1]) / 2], box = document.createElement("span");
      box.className = "closed-mark";
      box.textContent = "×";
      T.closedMarks.push({ spot: spot, layer: layer });
      L.marker(spot, { pane: place("marks", 465, item).pane, interactive: false, keyboard: false, icon: L.divIcon({ html: box, className: "name-icon", iconSize: [0, 0] }) }).addTo(layer);
    }
    function drawLine(kind, item, group, text) {
      const layer = home(item, group), worn = dress(kind, item, colours), lines = item.g.map(T.line), coloured = [];
      addCasing(item, layer, worn.casing, lines);
      worn.strokes.forEach(function (stroke, i) {
        const drawn = L.polyline(lines, Object.assign({ opacity: 1, interactive: i === 0 }, stroke, place("lines", 430, item))).addTo(layer);
        if (stroke.color !== WHITE) { coloured.push(drawn); }
        if (i === 0 && text.zh) { drawn.bindTooltip(T.both(text), { sticky: true }); }
      });
      if (item.closed) { addCross(item, layer, lines); }
      else if (item.project && !item.limited) { T.projectLines.push({ kind: kind, scenarios: item.in, lines: coloured, added: worn.strokes[0], plain: dress(kind, Object.assign({}, item, { project: undefined }), colours).strokes[0] }); }
    }
    function named(item) {
      const text = { zh: item.zh || "", en: item.en || item.zh || "" }, more = item.closed ? T.say("closed_here") : null;
      return more && text.zh ? { zh: text.zh + " · " + more.zh, en: text.en + " · " + more.en } : text;
    }
    ground.counties.forEach(function (county) {
      L.polygon(T.polygons(county.g), {
        renderer: under, pane: "ground", color: "#c3c8cc", weight: 0.8, fillColor: WHITE, fillOpacity: 1, interactive: false
      }).addTo(groups.counties);
    });
    ground.roads.forEach(function (road) { drawLine("road", road, groups.roads, roadText(road)); });
    ground.rail.forEach(function (rail) { drawLine("rail", rail, groups.rail, named(rail)); });
    (ground.bus || []).forEach(function (bus) { drawLine("bus", bus, groups.bus, named(bus)); });
    casings.forEach(function (one) { L.polyline(one.lines, one.style).addTo(one.layer); });
    ground.stations.forEach(function (station) {
      L.circleMarker([station.lat, station.lon], Object.assign({
        radius: station.project ? 3.6 : 2.6, color: station.project ? colours.project : colours.rail[0], weight: 1.3, fillColor: "#fff", fillOpacity: 1
      }, place("dots", 470, station))).bindTooltip(T.both({ zh: station.zh, en: station.en })).addTo(home(station, groups.stations));
    });
    (ground.stops || []).forEach(function (stop) {
      L.circleMarker([stop.lat, stop.lon], Object.assign({
        radius: 4, color: stop.project ? colours.project : colours.bus[0], weight: 2, fillColor: "#fff", fillOpacity: 1, className: "bus-stop"
      }, place("dots", 470, stop))).bindTooltip(T.both({ zh: stop.zh, en: stop.en })).addTo(home(stop, groups.bus));
    });
    // What projects bring is named on the map: their stops with the bus line, their stations with the stations.
    const brought = (ground.stops || []).map(function (s) { return { stop: s, layer: home(s, groups.bus), pane: place("stop-names", 479, s).pane }; }).concat(
      ground.stations.filter(function (s) { return s.project; }).map(function (s) { return { stop: s, layer: home(s, groups.stations), pane: place("stop-names", 479, s).pane }; }));
    T.drawPlaces(map, groups, place("dots", 470, {}).renderer, T.drawLand(map, groups), brought);
    return groups;
  };

  // Of what does not stand in every scenario of the page, show what stands in this one.
  T.showGroundOf = function (scenario) {
    let moved = false;
    T.partLayers.forEach(function (part) {
      const stands = part.scenarios.indexOf(scenario) >= 0;
      moved = moved || stands !== part.parent.hasLayer(part.layer);
      if (stands) { part.parent.addLayer(part.layer); } else { part.parent.removeLayer(part.layer); }
    });
    if (moved && T.arrangeLabels) { T.arrangeLabels(); }
  };
})(window.TransitMap);
