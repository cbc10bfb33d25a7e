// Drawing: clicks on the map become points and roads, and these the document of a project.
(function (S, T) {
  "use strict";
  let sketch = null;

  function round(value, digits) { const f = Math.pow(10, digits); return Math.round(value * f) / f; }
  function freshPoint(stem, points) {
    let n = points.length + 1;
    const used = points.map(function (p) { return p.id; }).concat(S.network.nodes.map(function (x) { return x.id; }), S.network.stations.map(function (x) { return x.id; }));
    while (used.indexOf(sketch.id + "_" + stem + n) >= 0) { n += 1; }
    return sketch.id + "_" + stem + n;
  }

  S.startDrawing = function (kind) {
    const how = S.KINDS[kind];
    if (kind === "policy") { S.openForm(S.blank("policy", [])); return; }
    S.stopDrawing();
    document.body.classList.add("drawing");
    document.querySelector('[data-tab="map"]').click();
    const overlay = L.layerGroup().addTo(S.map), marks = L.layerGroup().addTo(overlay);
    sketch = { kind: kind, how: how, id: S.freshId(S.stemOf(kind)), points: [], roads: [], overlay: overlay, marks: marks };
    S.drawing = true;
    if (!S.map.getPane("sketch")) { S.map.createPane("sketch").style.zIndex = 490; S.map.getPane("sketch").style.pointerEvents = "none"; }
    const spots = how.spots === "bus" ? S.network.nodes.filter(function (n) { return n.bus; }) : S.network[how.spots] || [];
    sketch.spots = spots;
    spots.forEach(function (s) { L.circleMarker([s.lat, s.lon], { pane: "sketch", radius: 4, color: T.data.project, weight: 1.5, fillColor: "#fff", fillOpacity: 1, interactive: false }).addTo(overlay); });
    showBar();
  };
  S.stopDrawing = function () {
    if (sketch) { sketch.overlay.remove(); }
    sketch = null;
    S.drawing = false;
    document.body.classList.remove("drawing");
    document.getElementById("draw-bar").hidden = true;
  };
  function showBar() {
    const bar = document.getElementById("draw-bar"), how = sketch.how;
    const names = sketch.points.map(function (p) { return S.pick(p); }).concat(sketch.roads.map(function (r) { return r.ref || r.zh || r.id; }));
    bar.hidden = false;
    bar.replaceChildren(
      S.el("b", {}, S.t(how.zh, how.en)), S.el("span", {}, S.t(how.tellZh, how.tell)), S.el("span", { id: "drawn-names" }, names.join(" – ")),
      S.el("button", { type: "button", class: "btn", id: "draw-back", disabled: !names.length, onclick: function () { (sketch.points.length ? sketch.points : sketch.roads).pop(); repaint(); } }, S.t("退一步", "Back")),
      S.el("button", { type: "button", class: "btn", id: "draw-done", disabled: !isEnough(), onclick: function () { const doc = S.blank(sketch.kind, sketch.points, sketch.roads, sketch.id); S.stopDrawing(); S.openForm(doc); } }, S.t("完成", "Done")),
      S.el("button", { type: "button", class: "btn", id: "draw-cancel", onclick: S.stopDrawing }, S.t("取消", "Cancel"))
    );
  }
  function isEnough() {
    const how = sketch.how, n = sketch.points.length;
    if (how.roads) { return sketch.roads.length + n > 0; }
    return how.only ? how.only.indexOf(n) >= 0 : n >= how.least;
  }
  function repaint() {
    sketch.marks.clearLayers();
    const line = sketch.points.map(function (p) { return [p.lat, p.lon]; });
    const style = { pane: "sketch", color: T.data.project, weight: 4, interactive: false };
    if (!sketch.how.roads) { L.polyline(line, style).addTo(sketch.marks); }
    line.forEach(function (at) { L.circleMarker(at, { pane: "sketch", radius: 6, color: T.data.project, weight: 3, fillColor: "#fff", fillOpacity: 1, interactive: false }).addTo(sketch.marks); });
    sketch.roads.forEach(function (r) { L.polyline(r.line, style).addTo(sketch.marks); });
    showBar();
  }
  function nearestRoad(latlng) {
    const at = S.map.latLngToLayerPoint(latlng);
    let best = null, least = 12;
    S.network.roads.forEach(function (road) {
      for (let i = 1; i < road.line.length; i += 1) {
        const d = L.LineUtil.pointToSegmentDistance(at, S.map.latLngToLayerPoint(road.line[i - 1]), S.map.latLngToLayerPoint(road.line[i]));
        if (d < least) { best = road; least = d; }
      }
    });
    return best && { road: best, far: least };
  }
  S.drawAt = function (latlng) {
    if (!sketch) { return; }
    const picksRoads = Boolean(sketch.how.roads);
    const hit = picksRoads ? nearestRoad(latlng) : null;
    const near = S.nearest(sketch.spots, latlng, hit ? Math.min(14, hit.far) : 14);
    if ((near || sketch.how.free) && sketch.how.most && sketch.points.length >= sketch.how.most) { return; }
    if (near) {
      const last = sketch.points[sketch.points.length - 1];
      if (!last || last.id !== near.id) { sketch.points.push(Object.assign({ known: true }, near)); }
    } else if (picksRoads) {
      if (!hit) { return; }
      const at = sketch.roads.indexOf(hit.road);
      if (at < 0) { sketch.roads.push(hit.road); } else { sketch.roads.splice(at, 1); }
    } else if (sketch.how.free) {
      const rail = sketch.kind === "rail_line", n = sketch.points.length + 1;
      sketch.points.push({ id: freshPoint(rail ? "s" : "n", sketch.points), zh: (rail ? "新站" : "新节点") + n, en: (rail ? "new station " : "new node ") + n, lat: round(latlng.lat, 5), lon: round(latlng.lng, 5), known: false });
    } else { return; }
    repaint();
  };

  S.wireDraw = function () {
    const box = document.getElementById("new-kinds");
    box.replaceChildren.apply(box, Object.keys(S.KINDS).map(function (kind) { return S.el("button", { type: "button", class: "btn", "data-new": kind, onclick: function () { S.startDrawing(kind); } }, S.t("+ " + S.KINDS[kind].zh, "+ " + S.KINDS[kind].en)); }));
    document.addEventListener("keydown", function (e) { if (e.key === "Escape" && S.drawing && !document.getElementById("dialog").open) { S.stopDrawing(); } });
  };
})(window.TransitStudio, window.TransitMap);
