// Drawing: clicks on the map become the document of a project, with the keys of its YAML file and nothing else.
(function (S, T) {
  "use strict";
  const KINDS = {
    road_link: ["新公路", "New road", "依次点互通或节点;点空白处加新节点", "click interchanges or nodes in order; elsewhere makes a new node"],
    road_upgrade: ["改建公路", "Better road", "点要改建的路段", "click the sections to be rebuilt"],
    closure: ["封闭", "Closure", "点要停用的路段或车站", "click the sections or stations that close"],
    rail_line: ["新铁路", "New railway", "依次点车站;点空白处加新站", "click stations in order; elsewhere makes a new one"],
    rail_service: ["加开、提速列车", "More, faster trains", "依次点停靠的车站", "click the stations they call at, in order"],
    stop_edit: ["增减停站", "Add, drop a stop", "增停:依次点前一站、增停的站、后一站;减停:只点一站", "to add a stop click the call before, the stop, the call after; to drop one click it alone"],
    bus_line: ["公交线路", "Bus line", "依次点停靠的地点(路网节点)", "click the places it calls at (road nodes)"],
    policy: ["政策", "Policy", "", ""]
  };
  let sketch = null;

  function km(a, b) {
    const r = Math.PI / 180, h = Math.pow(Math.sin((b.lat - a.lat) * r / 2), 2) + Math.cos(a.lat * r) * Math.cos(b.lat * r) * Math.pow(Math.sin((b.lon - a.lon) * r / 2), 2);
    return 6371.0088 * 2 * Math.asin(Math.sqrt(h));
  }
  function round(value, digits) { const f = Math.pow(10, digits); return Math.round(value * f) / f; }
  function freshId(stem) {
    const taken = S.projects.map(function (p) { return p.id; }).concat(S.state.drafts.map(function (d) { return d.doc.id; }));
    let n = 1;
    while (taken.indexOf(stem + "_" + n) >= 0) { n += 1; }
    return stem + "_" + n;
  }
  function freshPoint(stem, points) {
    let n = points.length + 1;
    const used = points.map(function (p) { return p.id; }).concat(S.network.nodes.map(function (x) { return x.id; }), S.network.stations.map(function (x) { return x.id; }));
    while (used.indexOf(sketch.id + "_" + stem + n) >= 0) { n += 1; }
    return sketch.id + "_" + stem + n;
  }

  S.startDrawing = function (kind) {
    if (kind === "policy") { S.openForm(blank("policy", [])); return; }
    S.stopDrawing();
    document.body.classList.add("drawing");
    document.querySelector('[data-tab="map"]').click();
    const overlay = L.layerGroup().addTo(S.map), marks = L.layerGroup().addTo(overlay);
    sketch = { kind: kind, id: freshId("my_" + kind.split("_")[0]), points: [], roads: [], overlay: overlay, marks: marks };
    S.drawing = true;
    if (!S.map.getPane("sketch")) { S.map.createPane("sketch").style.zIndex = 490; S.map.getPane("sketch").style.pointerEvents = "none"; }
    const spots = kind === "rail_line" || kind === "rail_service" || kind === "stop_edit" ? S.network.stations : kind === "bus_line" ? S.network.nodes.filter(function (n) { return n.bus; }) : kind === "road_link" ? S.network.nodes : kind === "closure" ? S.network.stations : [];
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
    const bar = document.getElementById("draw-bar"), words = KINDS[sketch.kind];
    const names = sketch.points.map(function (p) { return S.pick(p); }).concat(sketch.roads.map(function (r) { return r.ref || r.zh || r.id; }));
    bar.hidden = false;
    bar.replaceChildren(
      S.el("b", {}, S.t(words[0], words[1])), S.el("span", {}, S.t(words[2], words[3])), S.el("span", { id: "drawn-names" }, names.join(" – ")),
      S.el("button", { type: "button", class: "btn", id: "draw-back", disabled: !names.length, onclick: function () { (sketch.points.length ? sketch.points : sketch.roads).pop(); repaint(); } }, S.t("退一步", "Back")),
      S.el("button", { type: "button", class: "btn", id: "draw-done", disabled: !isEnough(), onclick: function () { const doc = blank(sketch.kind, sketch.points, sketch.roads); S.stopDrawing(); S.openForm(doc); } }, S.t("完成", "Done")),
      S.el("button", { type: "button", class: "btn", id: "draw-cancel", onclick: S.stopDrawing }, S.t("取消", "Cancel"))
    );
  }
  function isEnough() {
    if (sketch.kind === "stop_edit") { return sketch.points.length === 1 || sketch.points.length === 3; }
    return sketch.kind === "closure" ? sketch.points.length + sketch.roads.length > 0 : sketch.kind === "road_upgrade" ? sketch.roads.length > 0 : sketch.points.length > 1;
  }
  function repaint() {
    sketch.marks.clearLayers();
    const line = sketch.points.map(function (p) { return [p.lat, p.lon]; });
    const style = { pane: "sketch", color: T.data.project, weight: 4, interactive: false };
    if (sketch.kind !== "closure") { L.polyline(line, style).addTo(sketch.marks); }
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
    const picksRoads = sketch.kind === "closure" || sketch.kind === "road_upgrade";
    const hit = picksRoads ? nearestRoad(latlng) : null;
    const near = S.nearest(sketch.spots, latlng, hit ? Math.min(14, hit.far) : 14);
    if (near) {
      const last = sketch.points[sketch.points.length - 1];
      if (!last || last.id !== near.id) { sketch.points.push(Object.assign({ known: true }, near)); }
    } else if (picksRoads) {
      if (!hit) { return; }
      const at = sketch.roads.indexOf(hit.road);
      if (at < 0) { sketch.roads.push(hit.road); } else { sketch.roads.splice(at, 1); }
    } else if (sketch.kind === "road_link" || sketch.kind === "rail_line") {
      const rail = sketch.kind === "rail_line", n = sketch.points.length + 1;
      sketch.points.push({ id: freshPoint(rail ? "s" : "n", sketch.points), zh: (rail ? "新站" : "新节点") + n, en: (rail ? "new station " : "new node ") + n, lat: round(latlng.lat, 5), lon: round(latlng.lng, 5), known: false });
    } else { return; }
    repaint();
  };

  // The document that a drawing begins with; what nobody gave is said in `assumed`.
  function blank(kind, points, roads) {
    const id = sketch && sketch.kind === kind ? sketch.id : freshId("my_" + kind.split("_")[0]);
    const doc = { id: id, kind: kind, title: { zh: KINDS[kind][0], en: KINDS[kind][1] }, status: "study", opens: "unknown", source: ["studio"], confidence: "low" };
    const service = { kind: "headway", headway_min: 60, first_departure: "06:30", last_departure: "21:30" };
    if (points.length > 1) { doc.title = { zh: points[0].zh + "–" + points[points.length - 1].zh + " " + KINDS[kind][0], en: points[0].en + " - " + points[points.length - 1].en + ", " + KINDS[kind][1].toLowerCase() }; }
    const fresh = points.filter(function (p) { return !p.known; });
    if (kind === "road_link") {
      Object.assign(doc, { highway: "motorway", design_speed_kmh: 120, toll: true, ref: "" });
      if (fresh.length) { doc.nodes = fresh.map(function (p) { return { id: p.id, name: { zh: p.zh, en: p.en }, lon: p.lon, lat: p.lat, kind: "junction" }; }); }
      doc.roads = points.slice(1).map(function (p, i) { return { from: points[i].id, to: p.id, detour_factor: 1.1 }; });
      doc.assumed = [{ field: "roads.0.detour_factor", zh: "在工作台画出:长度按直线的1.1倍", en: "drawn in the studio: length is the straight line times 1.1" }];
    } else if (kind === "road_upgrade") {
      Object.assign(doc, { roads: roads.map(function (r) { return r.id; }), design_speed_kmh: Math.max.apply(null, roads.map(function (r) { return r.kmh; })) + 20 });
    } else if (kind === "closure") {
      if (roads.length) { doc.roads = roads.map(function (r) { return r.id; }); doc.direction = "both"; }
      if (points.length) { doc.stops = points.map(function (p) { return p.id; }); }
      doc.title = { zh: "封闭 " + roads.map(function (r) { return r.ref || r.zh; }).concat(points.map(function (p) { return p.zh; })).slice(0, 3).join("、"), en: "closure of " + roads.map(function (r) { return r.ref || r.id; }).concat(points.map(function (p) { return p.en; })).slice(0, 3).join(", ") };
    } else if (kind === "rail_line") {
      let chainage = 0;
      doc.stations = points.map(function (p, i) {
        if (i) { chainage += 1.05 * km(points[i - 1], p); }
        const at = { chainage_km: round(chainage, 1) };
        return p.known ? Object.assign({ stop_id: p.id }, at) : Object.assign({ id: p.id, name: { zh: p.zh, en: p.en }, lon: p.lon, lat: p.lat }, at);
      });
      Object.assign(doc, { design_speed_kmh: 250, service: service });
      doc.assumed = [{ field: "stations", zh: "在工作台画出:里程按直线的1.05倍", en: "drawn in the studio: chainage is the straight line times 1.05" }];
    } else if (kind === "rail_service") {
      Object.assign(doc, { line_speed_kmh: 250, add: [{ id: id + "_trains", stops: points.map(function (p) { return p.id; }), as_fastest: 1, service: { kind: "timetable", trains_per_day: 10, first_departure: "06:30", last_departure: "21:30" } }] });
    } else if (kind === "stop_edit") {
      const p = points, added = p.length === 3, x = added ? p[1] : p[0];
      doc.kind = "rail_service";
      doc.title = added ? { zh: p[0].zh + "–" + p[2].zh + "间列车增停" + x.zh, en: "trains between " + p[0].en + " and " + p[2].en + " call at " + x.en } : { zh: "列车不停" + x.zh, en: "trains pass " + x.en };
      doc.line_speed_kmh = 250;
      doc.calls = [added ? { stop: x.id, between: [p[0].id, p[2].id], minutes: 4 } : { stop: x.id, minutes: 3 }];
      doc.assumed = [{ field: "calls.0.minutes", zh: "在工作台画出:停一次按" + doc.calls[0].minutes + "分钟", en: "drawn in the studio: a stop is taken for " + doc.calls[0].minutes + " minutes" }];
    } else if (kind === "bus_line") {
      Object.assign(doc, { stops: points.map(function (p) { return { node: p.id }; }), service: service });
    } else { doc.assumptions = { rail_entry_min: 10 }; }
    return doc;
  }

  // The form: the keys that are changed most, and the whole document for all others.
  const FIELDS = [
    ["id", "编号", "id", "text"], ["title.zh", "名称(中文)", "name (Chinese)", "text"], ["title.en", "名称(英文)", "name (English)", "text"],
    ["opens", "开通", "opens", "text"], ["highway", "公路等级", "class", "highway"], ["design_speed_kmh", "设计速度 km/h", "design speed km/h", "number"],
    ["commercial_speed_kmh", "旅行速度 km/h", "commercial speed km/h", "number"], ["line_speed_kmh", "线路速度 km/h", "line speed km/h", "number"], ["toll", "收费", "toll", "bool"], ["ref", "编号(如 S99)", "road number", "text"],
    ["direction", "方向", "direction", "direction"], ["speed_kmh", "不封闭,限速 km/h", "stays open, at most km/h", "number", "closure"], ["ends", "结束(日期)", "ends (a date)", "text", "closure"], ["calls.0.minutes", "停一次的分钟", "minutes of the stop", "number"], ["service.headway_min", "间隔(分钟)", "headway, min", "number"], ["service.trains_per_day", "每日列数", "trains a day", "number"], ["add.0.service.trains_per_day", "每日加开列数", "trains added a day", "number"],
    ["add.0.as_fastest", "时间与最快列车之比", "time over the fastest train's", "number"], ["service.first_departure", "首班", "first departure", "text"], ["service.last_departure", "末班", "last departure", "text"]
  ];
  function dig(doc, path) { return path.split(".").reduce(function (at, key) { return at === undefined || at === null ? undefined : at[key]; }, doc); }
  function put(doc, path, value) {
    const parts = path.split("."), last = parts.pop();
    const at = parts.reduce(function (here, key) { return here[key]; }, doc);
    at[last] = value;
  }
  S.openForm = function (given, index) {
    const doc = JSON.parse(JSON.stringify(given));
    const form = document.getElementById("dialog-form"), dialog = document.getElementById("dialog");
    const whole = S.el("textarea", { name: "document", rows: 12, spellcheck: "false" });
    const text = function () { whole.value = JSON.stringify(doc, null, 1); };
    const range = S.el("input", { name: "range", placeholder: "200-350" });
    const varied = ["design_speed_kmh", "commercial_speed_kmh", "service.headway_min", "service.trains_per_day"].find(function (p) { return typeof dig(doc, p) === "number"; });
    if (varied && doc.ranges && doc.ranges[varied]) { range.value = doc.ranges[varied].join("-"); }
    const rows = FIELDS.filter(function (f) { return dig(doc, f[0]) !== undefined || f[4] === doc.kind; }).map(function (f) {
      let input;
      if (f[3] === "direction") { input = S.el("select", {}, [["both", "双向", "both"], ["along", "按路段编号方向", "as the road_id reads"], ["against", "反方向", "the other way"]].map(function (d) { return S.el("option", { value: d[0] }, S.lang() === "zh" ? d[1] : d[2]); })); }
      else if (f[3] === "highway") { input = S.el("select", {}, S.choices.highways.map(function (h) { return S.el("option", { value: h.id }, S.pick(h)); })); }
      else if (f[3] === "bool") { input = S.el("select", {}, [S.el("option", { value: "true" }, S.lang() === "zh" ? "是" : "yes"), S.el("option", { value: "false" }, S.lang() === "zh" ? "否" : "no")]); }
      else { input = S.el("input", { type: f[3] === "number" ? "number" : "text", step: "any", autocomplete: "off" }); }
      input.name = f[0];
      input.value = dig(doc, f[0]) === undefined ? "" : String(dig(doc, f[0]));
      input.addEventListener("change", function () {
        if (f[4] && input.value === "") { delete doc[f[0]]; text(); return; }
        put(doc, f[0], f[3] === "number" ? (input.value === "" ? null : Number(input.value)) : f[3] === "bool" ? input.value === "true" : f[0] === "opens" && /^\d{4}$/.test(input.value) ? Number(input.value) : input.value);
        text();
      });
      return S.el("label", { "data-field": f[0] }, [S.t(f[1], f[2]), input, S.el("span", { class: "field-issue" })]);
    });
    range.addEventListener("change", function () {
      const ends = range.value.split(/\s*[-–,~]\s*/).map(Number);
      if (ends.length === 2 && ends.every(isFinite)) { doc.ranges = doc.ranges || {}; doc.ranges[varied] = ends; } else if (doc.ranges) { delete doc.ranges[varied]; }
      text();
    });
    whole.addEventListener("change", function () {
      try { const next = JSON.parse(whole.value); Object.keys(doc).forEach(function (k) { delete doc[k]; }); Object.assign(doc, next); tell([]); }
      catch (error) { tell([{ code: "bad_json", message: String(error), field: "document" }]); }
    });
    const list = S.el("ul", { class: "issues", id: "form-issues", hidden: true });
    function tell(issues) {
      form.querySelectorAll(".field-issue").forEach(function (s) { s.textContent = ""; });
      const rest = issues.filter(function (i) {
        const at = i.field && Array.from(form.querySelectorAll("[data-field]")).find(function (l) { return i.field === l.dataset.field || i.field === "ranges." + l.dataset.field || i.field.split(".")[0] === l.dataset.field; });
        if (at) { at.querySelector(".field-issue").textContent = S.issueText(Object.assign({}, i, { field: null })); }
        return !at;
      });
      list.hidden = !rest.length;
      list.replaceChildren.apply(list, rest.map(function (i) { return S.el("li", { "data-code": i.code }, S.issueText(i)); }));
    }
    const accept = S.el("button", { type: "button", class: "btn", id: "form-ok" }, S.t("检查并采用", "Check and take"));
    accept.addEventListener("click", async function () {
      const scenario = S.scenario();
      const own = index === undefined ? null : S.state.drafts[index].doc.id;
      scenario.projects = scenario.projects.filter(function (p) { return (p.id || p) !== own; });
      try { await S.post("api/check", Object.assign({ document: doc }, S.circumstances(), scenario)); }
      catch (error) { tell(error.issues || [{ code: "failed", message: String(error) }]); return; }
      dialog.close();
      S.change(function (state) { if (index === undefined) { state.drafts.push({ doc: doc, on: true }); } else { state.drafts[index].doc = doc; } });
    });
    form.replaceChildren(
      S.el("h2", {}, S.t(KINDS[doc.kind] ? KINDS[doc.kind][0] : doc.kind, KINDS[doc.kind] ? KINDS[doc.kind][1] : doc.kind)), list,
      S.el("div", { class: "grid2" }, rows.concat(varied ? [S.el("label", { "data-field": "ranges." + varied }, [S.t("不确定范围(滑块)", "uncertain range (slider)"), range, S.el("span", { class: "field-issue" })])] : [])),
      S.el("details", { id: "whole-document" }, [S.el("summary", {}, S.t("完整文档(与YAML文件同样的键)", "the whole document (the keys of the YAML file)")), whole]),
      S.el("div", { class: "buttons" }, [S.el("button", { type: "button", class: "btn", onclick: function () { dialog.close(); } }, S.t("取消", "Cancel")), accept])
    );
    text();
    dialog.showModal();
  };

  S.draftIssues = [];
  S.showDraftIssues = function (issues) { S.draftIssues = issues; S.showDrafts(); };
  S.showDrafts = function () {
    const box = document.getElementById("draft-list");
    if (S.sliding && box.contains(document.activeElement)) { return; }
    box.replaceChildren.apply(box, S.state.drafts.map(function (draft, i) {
      const doc = draft.doc, words = KINDS[doc.kind] || [doc.kind, doc.kind];
      const check = S.el("input", { type: "checkbox", role: "switch", "data-draft": doc.id });
      check.checked = draft.on;
      check.addEventListener("change", function () { S.change(function (s) { s.drafts[i].on = check.checked; }); });
      const own = S.draftIssues.filter(function (issue) { return issue.file === "projects/" + doc.id + ".yaml"; });
      const button = function (name, zh, en, run) { return S.el("button", { type: "button", class: "btn", "data-act": name, onclick: run }, S.t(zh, en)); };
      const sliders = draft.on && doc.ranges ? Object.keys(doc.ranges).map(function (f) { return S.slider(doc.id, { field: f, low: doc.ranges[f][0], high: doc.ranges[f][1], value: dig(doc, f) }); }) : [];
      return S.el("div", { class: "draft switch" }, [
        S.el("label", {}, [check, S.el("span", { class: "name-line" }, doc.title && doc.title.zh !== undefined ? doc.title : String(doc.id)), S.el("small", {}, S.t(words[0], words[1]))]),
        own.length ? S.el("ul", { class: "issues" }, own.map(function (issue) { return S.el("li", {}, S.issueText(issue)); })) : null
      ].concat(sliders, [S.el("div", { class: "row" }, [
        button("edit", "编辑、改名", "Edit, rename", function () { S.openForm(doc, i); }),
        button("copy", "复制", "Duplicate", function () { S.change(function (s) { const twin = JSON.parse(JSON.stringify(doc)); twin.id = freshId(doc.id.replace(/_\d+$/, "")); twin.title = { zh: doc.title.zh + "(副本)", en: doc.title.en + " (copy)" }; s.drafts.push({ doc: twin, on: false }); }); }),
        button("delete", "删除", "Delete", function () { S.change(function (s) { s.drafts.splice(i, 1); }); })
      ])]));
    }));
  };
  S.wireDraw = function () {
    const box = document.getElementById("new-kinds");
    box.replaceChildren.apply(box, Object.keys(KINDS).map(function (kind) { return S.el("button", { type: "button", class: "btn", "data-new": kind, onclick: function () { S.startDrawing(kind); } }, S.t("+ " + KINDS[kind][0], "+ " + KINDS[kind][1])); }));
    document.addEventListener("keydown", function (e) { if (e.key === "Escape" && S.drawing && !document.getElementById("dialog").open) { S.stopDrawing(); } });
  };
})(window.TransitStudio, window.TransitMap);
