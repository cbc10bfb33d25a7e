// What a drawing becomes: the document of a project, with the keys of its YAML file and nothing else, and its form.
(function (S) {
  "use strict";
  const HEADWAY = { kind: "headway", headway_min: 60, first_departure: "06:30", last_departure: "21:30" };
  const TIMETABLE = { kind: "timetable", trains_per_day: 10, first_departure: "06:30", last_departure: "20:30" };
  // What is drawn: names, what to click, on what, and how many of it. `kind` of the document where it has another name.
  S.KINDS = {
    road_link: { zh: "新公路", en: "New road", tellZh: "依次点互通或节点；其间点空白处加转折点，首末点空白处为新节点", tell: "click interchanges or nodes in order; elsewhere between them makes a bend, at an end a new node", spots: "nodes", free: true, least: 2 },
    road_upgrade: { zh: "改建公路", en: "Better road", tellZh: "点要改建的路段", tell: "click the sections to be rebuilt", roads: true },
    closure: { zh: "封闭、施工", en: "Closure, works", tellZh: "点要停用的路段或车站", tell: "click the sections or stations that close", spots: "stations", roads: true },
    rail_line: { zh: "新铁路", en: "New railway", tellZh: "依次点车站；点空白处加新站", tell: "click stations in order; elsewhere makes a new one", spots: "stations", free: true, least: 2 },
    rail_service: { zh: "加开列车", en: "More trains", tellZh: "依次点新列车停靠的车站", tell: "click the stations the new trains call at, in order", spots: "stations", least: 2 },
    train_speed: { kind: "rail_service", zh: "列车提速、减速", en: "Faster, slower trains", tellZh: "点两站，其间的列车提速或减速", tell: "click two stations: the trains between them run faster or slower", spots: "stations", least: 2, most: 2 },
    train_number: { kind: "service_change", zh: "增减既有列车", en: "More, fewer of the trains that run", tellZh: "点两站，改变在两站都停的列车数", tell: "click two stations: of the trains that call at both there will be more or fewer", spots: "stations", least: 2, most: 2 },
    stop_edit: { kind: "service_change", zh: "增减停站", en: "Add, drop a stop", tellZh: "增停：依次点前一站、增停的站、后一站；减停：只点一站", tell: "to add a stop click a call before, the stop, a call after; to drop one click it alone", spots: "stations", only: [1, 3], most: 3 },
    bus_line: { zh: "公交线路", en: "Bus line", tellZh: "依次点停靠的地点（路网节点）", tell: "click the places it calls at (road nodes)", spots: "bus", least: 2 },
    policy: { zh: "政策", en: "Policy" }
  };
  function round(value, digits) { const f = Math.pow(10, digits); return Math.round(value * f) / f; }
  function km(a, b) {
    const r = Math.PI / 180, h = Math.pow(Math.sin((b.lat - a.lat) * r / 2), 2) + Math.cos(a.lat * r) * Math.cos(b.lat * r) * Math.pow(Math.sin((b.lon - a.lon) * r / 2), 2);
    return 6371.0088 * 2 * Math.asin(Math.sqrt(h));
  }
  S.freshId = function (stem) {
    const taken = S.projects.map(function (p) { return p.id; }).concat(S.state.drafts.map(function (d) { return d.doc.id; }));
    let n = 1;
    while (taken.indexOf(stem + "_" + n) >= 0) { n += 1; }
    return stem + "_" + n;
  };
  S.stemOf = function (what) { return "my_" + what.split("_")[0]; };
  S.nameOfKind = function (doc) {
    const changes = (doc.changes || [])[0] || {};
    const what = doc.kind === "service_change" ? (changes.add_stops || changes.drop_stops ? "stop_edit" : "train_number") : doc.retime ? "train_speed" : doc.kind;
    return S.KINDS[what] || { zh: String(doc.kind), en: String(doc.kind) };
  };

  const BODIES = {
    // A free point between others is a bend of the road and no node: thirty of them make one link, not thirty nodes.
    road_link: function (doc, points) {
      const ends = points.filter(function (p, i) { return p.known || i === 0 || i === points.length - 1; });
      const fresh = ends.filter(function (p) { return !p.known; });
      Object.assign(doc, { highway: "motorway", design_speed_kmh: 120, toll: true, ref: "" });
      if (fresh.length) { doc.nodes = fresh.map(function (p) { return { id: p.id, name: { zh: p.zh, en: p.en }, lon: p.lon, lat: p.lat, kind: "junction" }; }); }
      doc.roads = ends.slice(1).map(function (p, i) {
        const via = points.slice(points.indexOf(ends[i]) + 1, points.indexOf(p)).map(function (v) { return [v.lon, v.lat]; });
        return Object.assign({ from: ends[i].id, to: p.id }, via.length ? { via: via } : {}, { detour_factor: 1.1 });
      });
      doc.assumed = [{ field: "roads.0.detour_factor", zh: "在工作台画出：长度按所画线的1.1倍", en: "drawn in the studio: length is that of the line drawn times 1.1" }];
    },
    road_upgrade: function (doc, _points, roads) {
      Object.assign(doc, { roads: roads.map(function (r) { return r.id; }), design_speed_kmh: Math.max.apply(null, roads.map(function (r) { return r.kmh; })) + 20 });
    },
    closure: function (doc, points, roads) {
      if (roads.length) { doc.roads = roads.map(function (r) { return r.id; }); doc.direction = "both"; }
      if (points.length) { doc.stops = points.map(function (p) { return p.id; }); }
      doc.title = { zh: "封闭 " + roads.map(function (r) { return r.ref || r.zh; }).concat(points.map(function (p) { return p.zh; })).slice(0, 3).join("、"), en: "closure of " + roads.map(function (r) { return r.ref || r.id; }).concat(points.map(function (p) { return p.en; })).slice(0, 3).join(", ") };
    },
    rail_line: function (doc, points) {
      let chainage = 0;
      doc.stations = points.map(function (p, i) {
        if (i) { chainage += 1.05 * km(points[i - 1], p); }
        const at = { chainage_km: round(chainage, 1) };
        return p.known ? Object.assign({ stop_id: p.id }, at) : Object.assign({ id: p.id, name: { zh: p.zh, en: p.en }, lon: p.lon, lat: p.lat }, at);
      });
      Object.assign(doc, { design_speed_kmh: 250, service: Object.assign({}, HEADWAY) });
      doc.assumed = [{ field: "stations", zh: "在工作台画出：里程按直线的1.05倍", en: "drawn in the studio: chainage is the straight line times 1.05" }];
    },
    rail_service: function (doc, points) {
      Object.assign(doc, { line_speed_kmh: 250, add: [{ id: doc.id + "_trains", stops: points.map(function (p) { return p.id; }), as_fastest: 1, service: Object.assign({}, TIMETABLE) }] });
    },
    train_speed: function (doc, points) { Object.assign(doc, { line_speed_kmh: 250, retime: [{ between: [points[0].id, points[1].id], factor: 0.9 }] }); },
    train_number: function (doc, points) { doc.changes = [{ trains: { between: [points[0].id, points[1].id] }, trains_per_day: null }]; },
    stop_edit: function (doc, points) {
      const added = points.length === 3, x = added ? points[1] : points[0], before = points[0], after = points[2];
      doc.title = added ? { zh: before.zh + "–" + after.zh + "间列车增停" + x.zh, en: "trains between " + before.en + " and " + after.en + " call at " + x.en } : { zh: "列车不停" + x.zh, en: "trains pass " + x.en };
      const change = added ? { trains: { between: [before.id, after.id] }, add_stops: [{ stop: x.id, dwell_min: 2 }] } : { drop_stops: [x.id] };
      doc.changes = [Object.assign(change, { line_speed_kmh: 200 })];
      doc.assumed = [{ field: "changes.0.line_speed_kmh", zh: "在工作台画出：起停附加时分按200公里/小时推算", en: "drawn in the studio: braking and starting are taken at 200 km/h" }];
    },
    bus_line: function (doc, points) { Object.assign(doc, { stops: points.map(function (p) { return { node: p.id }; }), service: Object.assign({}, HEADWAY) }); },
    policy: function (doc) { doc.assumptions = { rail_entry_min: 10 }; }
  };
  // The document that a drawing begins with; what nobody gave is said in `assumed`.
  S.blank = function (what, points, roads, id) {
    const names = S.KINDS[what];
    const doc = { id: id || S.freshId(S.stemOf(what)), kind: names.kind || what, title: { zh: names.zh, en: names.en }, status: "study", opens: "unknown", source: ["studio"], confidence: "low" };
    if (points.length > 1) { doc.title = { zh: points[0].zh + "–" + points[points.length - 1].zh + " " + names.zh, en: points[0].en + " - " + points[points.length - 1].en + ", " + names.en.toLowerCase() }; }
    BODIES[what](doc, points, roads || []);
    return doc;
  };

  S.dig = function (doc, path) { return path.split(".").reduce(function (at, key) { return at === undefined || at === null ? undefined : at[key]; }, doc); };
  // Puts a value at a path; nothing takes the key away, and what held it alone.
  S.put = function (doc, path, value) {
    const parts = path.split("."), last = parts.pop(), way = [doc];
    parts.forEach(function (key) { const at = way[way.length - 1]; if (at[key] === undefined || at[key] === null) { at[key] = {}; } way.push(at[key]); });
    way[way.length - 1][last] = value;
    if (value !== undefined) { return; }
    delete way[way.length - 1][last];
    for (let i = parts.length - 1; i >= 0 && !Array.isArray(way[i + 1]) && !Object.keys(way[i + 1]).length; i -= 1) { delete way[i][parts[i]]; }
  };

  const TIMINGS = [["design_speed_kmh", "设计速度", "design speed"], ["commercial_speed_kmh", "旅行速度（含停站）", "commercial speed, stops included"], ["run_times_min", "各区间运行时间", "run times between stations"]];
  const SERVICES = [["headway", "间隔", "headway"], ["timetable", "每日列数", "trains a day"]];
  const WAYS = [["both", "双向", "both"], ["along", "按路段编号方向", "as the road_id reads"], ["against", "反方向", "the other way"]];
  const RIDERS = [["both", "上下车", "on and off"], ["on", "只上不下（返程只下不上）", "boarding only (back: alighting only)"], ["off", "只下不上（返程只上不下）", "alighting only (back: boarding only)"]];
  const CLASSES = /^[A-Za-z]+$/;
  function list(text) { const found = text.split(/[\s,，、]+/).filter(Boolean); return found.length ? found : undefined; }
  function timing(doc) { return (TIMINGS.find(function (t) { return doc[t[0]] !== undefined; }) || TIMINGS[0])[0]; }
  function setTiming(doc, way) {
    const before = timing(doc), kmh = doc.design_speed_kmh ? 0.75 * doc.design_speed_kmh : doc.commercial_speed_kmh || 180;
    if (way === before) { return; }
    delete doc[before];
    const gaps = doc.stations.slice(1).map(function (s, i) { return s.chainage_km - doc.stations[i].chainage_km; });
    // a start for the planner's own numbers: three quarters of the design speed from end to end
    doc[way] = way === "run_times_min" ? gaps.map(function (g) { return Math.max(1, round(60 * g / kmh, 1)); }) : way === "design_speed_kmh" ? 250 : round(kmh, 0);
    if (doc.ranges) { delete doc.ranges[before]; }
  }
  function setService(at) { return function (doc, kind) { S.put(doc, at, Object.assign({}, kind === "headway" ? HEADWAY : TIMETABLE, { first_departure: S.dig(doc, at).first_departure, last_departure: S.dig(doc, at).last_departure })); }; }
  // Who gets on and off at a stop of a bus line, by the two keys of GTFS; regular is not written.
  function riders(i) {
    return {
      get: function (doc) { return doc.stops[i].drop_off_type ? "on" : doc.stops[i].pickup_type ? "off" : "both"; },
      set: function (doc, way) {
        delete doc.stops[i].pickup_type; delete doc.stops[i].drop_off_type;
        if (way !== "both") { doc.stops[i][way === "on" ? "drop_off_type" : "pickup_type"] = 1; }
      }
    };
  }
  function stopName(stop) { const known = S.network.nodes.find(function (x) { return x.id === stop.node; }); return stop.name || known || { zh: String(stop.node), en: String(stop.node) }; }
  function stationName(doc, i) { const s = doc.stations[i], known = S.network.stations.find(function (x) { return x.id === s.stop_id; }); return s.name || known || { zh: String(s.stop_id), en: String(s.stop_id) }; }

  // The fields of a form: path, names, type, and whether it is there although the document lacks it. Those with `set`
  // change several keys, and the form is drawn anew.
  S.listFields = function (doc) {
    const rows = [["id", "编号", "id", "text"], ["title.zh", "名称（中文）", "name (Chinese)", "text"], ["title.en", "名称（英文）", "name (English)", "text"]];
    const more = function () { Array.prototype.push.apply(rows, arguments); };
    const closure = doc.kind === "closure";
    more(closure ? ["opens", "开始（日期）", "begins (a date)", "text"] : ["opens", "开通", "opens", "text"]);
    more(["highway", "公路等级", "class", "highway"], ["toll", "收费", "toll", "bool"], ["ref", "编号（如 S99）", "road number", "text"], ["length_factor", "新长度与旧长度之比", "new length over the old", "number"]);
    if (doc.kind === "road_link" || doc.kind === "road_upgrade") { more(["design_speed_kmh", "设计速度 km/h", "design speed km/h", "number"]); }
    if (doc.kind === "road_upgrade") { rows.push(["highway", "公路等级", "class", "highway", true], ["toll", "收费", "toll", "bool", true]); }
    if (closure && (doc.roads || doc.along)) {
      more(["direction", "方向", "direction", WAYS], ["speed_kmh", "不封闭，限速 km/h", "stays open, at most km/h", "number", true], ["hours.from", "每日从（如 22:00）", "every day from (22:00)", "text", true], ["hours.to", "每日到（如 05:00）", "every day to (05:00)", "text", true]);
    }
    if (closure) { more(["ends", "结束（日期）", "ends (a date)", "text", true]); }
    if (doc.kind === "rail_line") {
      rows.push(["timing", "速度按", "timed by", TIMINGS, true, { get: timing, set: setTiming }]);
      if (doc.run_times_min) { doc.run_times_min.forEach(function (_, i) { const a = stationName(doc, i), b = stationName(doc, i + 1); rows.push(["run_times_min." + i, a.zh + "–" + b.zh + "（分钟）", a.en + " - " + b.en + ", min", "number"]); }); }
      else { more(["design_speed_kmh", "设计速度 km/h", "design speed km/h", "number"], ["commercial_speed_kmh", "旅行速度 km/h", "commercial speed km/h", "number"]); }
      more(["dwell_min", "中间站停站（分钟）", "stop at stations between, min", "number", true]);
    }
    if (doc.kind === "bus_line") { (doc.stops || []).forEach(function (stop, i) { const name = stopName(stop); rows.push(["stops." + i, name.zh + "：乘客", name.en + ": riders", RIDERS, true, riders(i)]); }); }
    more(["line_speed_kmh", "线路速度 km/h", "line speed km/h", "number"], ["add.0.as_fastest", "时间与最快列车之比", "time over the fastest train's", "number"], ["retime.0.factor", "运行时间乘以（0.9 即快一成）", "run times times (0.9 is a tenth faster)", "number"], ["calls.0.minutes", "停一次的分钟", "minutes of the stop", "number"]);
    ["service", "add.0.service"].forEach(function (at) {
      if (S.dig(doc, at) === undefined) { return; }
      rows.push([at + ".kind", "班次按", "service by", SERVICES, false, { get: function (d) { return S.dig(d, at).kind; }, set: setService(at) }]);
      rows.push([at + ".headway_min", "间隔（分钟）", "headway, min", "number"], [at + ".trains_per_day", "每日列数（单向）", "trains a day each way", "number"], [at + ".first_departure", "首班", "first departure", "text"], [at + ".last_departure", "末班", "last departure", "text"]);
    });
    if (doc.kind === "service_change" && (doc.changes || []).length) {
      const stops = doc.changes[0].add_stops || doc.changes[0].drop_stops;
      if (!stops) { rows.push(["changes.0.trains_per_day", "每日列数（双向合计）", "trains a day, both ways together", "number", true]); }
      rows.push(["changes.0.add_stops.0.dwell_min", "停站（分钟）", "stop, min", "number"], ["changes.0.line_speed_kmh", "线路速度 km/h（推算起停附加时分）", "line speed km/h (for braking and starting)", "number"]);
      rows.push(["changes.0.trains.classes", "只限车次字头（如 D, G）", "only numbers with (D, G)", "list", true], ["changes.0.trains.first_departure", "只限始发不早于", "only those that start from", "text", true], ["changes.0.trains.last_departure", "只限始发不晚于", "only those that start until", "text", true]);
    }
    const seen = {};
    return rows.filter(function (f) { const there = (S.dig(doc, f[0]) !== undefined || f[4]) && !seen[f[0]]; seen[f[0]] = there || seen[f[0]]; return there; });
  };
  // What was typed, as the document has it; nothing where the key goes.
  S.readField = function (field, text) {
    const type = field[3];
    if (text === "") { return field[4] ? undefined : type === "number" ? null : ""; }
    if (type === "number") { return Number(text); }
    if (type === "bool") { return text === "true"; }
    if (type === "list") { return (list(text) || []).map(function (c) { return CLASSES.test(c) && c !== "plain" ? c.toUpperCase() : c; }); }
    if (field[0] === "opens" && /^\d{4}$/.test(text)) { return Number(text); }
    const span = field[0] === "opens" && /^(\d{4})\s*[-–,，]\s*(\d{4})$/.exec(text);
    return span ? [Number(span[1]), Number(span[2])] : text;
  };
  // The number that a slider may be given.
  S.findVaried = function (doc) {
    return ["design_speed_kmh", "commercial_speed_kmh", "service.headway_min", "service.trains_per_day", "add.0.service.trains_per_day", "retime.0.factor", "speed_kmh"].find(function (p) { return typeof S.dig(doc, p) === "number"; });
  };
})(window.TransitStudio);
