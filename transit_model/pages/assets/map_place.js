// The card of a place or a point: minutes from each centre. Named places show the table's minutes; any other point
// those of the cell that it lies in.
(function (T) {
  "use strict";
  const MINUTES = 0, P10 = 1, P90 = 2, VIA = 4;

  T.placeById = function (id) {
    return T.data.places.find(function (p) { return p.id === id; }) || { id: id, zh: id, en: id };
  };

  function cell(entry) {
    if (entry === undefined) { return { zh: "—", en: "—" }; }
    return entry[MINUTES] === null ? { zh: "∞", en: "∞" } : { zh: T.whole(entry[MINUTES]), en: T.whole(entry[MINUTES]) };
  }
  // Minutes at the cell that holds a point, [now, before]; before is undefined where the page shows no second case.
  function pointMinutes(choice, origin, mode, reading, at) {
    const shown = choice.case === "base" ? T.data.base : T.data.scenario, where = T.toWgs ? T.toWgs(at) : at;
    const before = choice.case === "base" || !T.data.base ? undefined : T.minutesAt(T.data.base, origin, mode, reading, where);
    return [T.minutesAt(shown, origin, mode, reading, where), before];
  }
  function tell(minutes) { return minutes === undefined ? "—" : minutes === Infinity ? "∞" : T.whole(minutes); }
  function put(td, now, before) {
    const strong = document.createElement("b");
    strong.textContent = tell(now);
    td.appendChild(strong);
    if (before !== undefined && tell(before) !== tell(now)) {
      const small = document.createElement("small");
      small.textContent = "(" + tell(before) + ")";
      td.appendChild(small);
    }
  }
  function named(scenario, choice, origin, mode, reading, to) {
    const entry = T.dig(T.data.minutes, [scenario, reading, mode, origin, to]);
    return entry === undefined ? undefined : entry[MINUTES] === null ? Infinity : entry[MINUTES];
  }

  // What a county seat has near by road, before and after, and its rank among the seats.
  function fillServices(target, choice) {
    const table = document.getElementById("services"), body = document.getElementById("service-rows");
    const shown = choice.case === "base" ? T.data.base : T.data.scenario;
    const rows = (target.id && T.dig(T.data.services || {}, [shown, target.id])) || [];
    const before = (choice.case !== "base" && T.data.base && T.dig(T.data.services || {}, [T.data.base, target.id])) || [];
    table.hidden = !rows.length;
    body.replaceChildren();
    rows.forEach(function (r) {
      const row = document.createElement("tr"), head = T.both(T.say(r[0]), "th"), name = T.both({ zh: r[1] || "—", en: r[2] || "—" }, "td");
      const td = document.createElement("td"), rank = document.createElement("td"), had = before.find(function (b) { return b[0] === r[0]; });
      head.scope = "row";
      name.className = "words";
      put(td, r[3] === null ? Infinity : r[3], had ? (had[3] === null ? Infinity : had[3]) : undefined);
      rank.textContent = r[4] === null ? "—" : r[4] + "/" + r[5];
      row.append(head, name, td, rank);
      body.appendChild(row);
    });
  }

  // All modes side by side on the chosen reading, before and after.
  function fillModes(target, choice) {
    const body = document.getElementById("mode-rows");
    if (!body) { return; }
    body.replaceChildren();
    const modes = Array.from(document.querySelectorAll("th[data-mode]")).map(function (th) { return th.dataset.mode; });
    T.data.centres.forEach(function (origin) {
      if (origin === target.id) { return; }
      const row = document.createElement("tr"), head = T.both(T.placeById(origin), "th");
      head.scope = "row";
      row.appendChild(head);
      modes.forEach(function (mode) {
        const td = document.createElement("td"), shown = choice.case === "base" ? T.data.base : T.data.scenario;
        td.dataset.origin = origin;
        td.dataset.mode = mode;
        if (mode === choice.mode) { td.className = "now"; }
        if (target.id) {
          put(td, named(shown, choice, origin, mode, choice.reading, target.id), choice.case === "base" || !T.data.base ? undefined : named(T.data.base, choice, origin, mode, choice.reading, target.id));
          nameStations(td, T.dig(T.data.minutes, [shown, choice.reading, mode, origin, target.id]));
        } else { put.apply(null, [td].concat(pointMinutes(choice, origin, mode, choice.reading, target.at))); }
        row.appendChild(td);
      });
      body.appendChild(row);
    });
  }

  // A place without a station of its own has no minutes in the table, though the map reaches it by taxi: said, not hidden.
  function tellWhy(target, choice) {
    const note = document.getElementById("place-why"), shown = choice.case === "base" ? T.data.base : T.data.scenario;
    const access = T.data.access || {}, told = [];
    note.hidden = true;
    if (!target.id || !access.km) { return; }
    Array.from(document.querySelectorAll("th[data-mode]")).forEach(function (th) {
      const mode = th.dataset.mode;
      T.data.centres.forEach(function (origin) {
        if (origin === target.id || told.length) { return; }
        const at = T.minutesAt(shown, origin, mode, choice.reading, { lat: target.lat, lng: target.lon });
        if (named(shown, choice, origin, mode, choice.reading, target.id) !== Infinity || at === undefined || at === Infinity) { return; }
        told.push(T.say("why_cell", { mode: T.inside(mode), place: target, km: T.whole(access.km), taxi: T.whole(access.taxi), minutes: T.whole(at) }));
      });
    });
    note.hidden = told.length === 0;
    if (told.length) { note.replaceChildren(T.both(told[0])); }
  }

  function addRow(body, origin, target, choice, readings, near) {
    const row = document.createElement("tr");
    const head = T.both(T.placeById(origin), "th");
    head.scope = "row";
    row.appendChild(head);
    readings.forEach(function (reading) {
      const td = document.createElement("td");
      td.dataset.origin = origin;
      td.dataset.reading = reading;
      if (target.id) {
        const shown = choice.case === "base" ? T.data.base : T.data.scenario;
        const entry = T.dig(T.data.minutes, [shown, reading, choice.mode, origin, target.id]);
        const strong = document.createElement("b");
        strong.textContent = cell(entry).zh;
        td.appendChild(strong);
        if (entry && entry[P10] !== undefined && entry[P10] !== null) { td.title = "p10–p90: " + T.whole(entry[P10]) + "–" + T.whole(entry[P90]); }
        const before = choice.case === "base" || !T.data.base ? undefined
          : T.dig(T.data.minutes, [T.data.base, reading, choice.mode, origin, target.id]);
        if (before && cell(before).zh !== cell(entry).zh) {
          const small = document.createElement("small");
          small.textContent = "(" + cell(before).zh + ")";
          td.appendChild(small);
        }
        nameStations(td, entry);
      } else {
        put.apply(null, [td].concat(pointMinutes(choice, origin, choice.mode, reading, target.at)));
      }
      if (reading === choice.reading) { td.className = "now"; }
      row.appendChild(td);
    });
    body.appendChild(row);
    const route = tellRoute(origin, target.id || (near && near.place.id), choice);
    if (route.length) {
      const line = document.createElement("tr");
      const box = document.createElement("td");
      line.className = "route";
      box.colSpan = readings.length + 1;
      route.forEach(function (part, i) {
        if (i) { box.append(" · "); }
        box.appendChild(T.both(part));
      });
      line.appendChild(box);
      body.appendChild(line);
    }
  }

  // Names of stations come in Chinese; the base map knows both.
  function station(zh) {
    const found = T.data.ground.stations.find(function (s) { return s.zh === zh || s.zh === zh + "站"; });
    return { zh: zh, en: (found && found.en) || zh };
  }
  // Each cell of the card names the stations that its minutes lie between, as a tooltip.
  function nameStations(td, entry) {
    const pair = entry && entry[VIA] && entry[VIA].indexOf(" - ") > 0 ? entry[VIA].replace(/^\w+: /, "").split(" - ").map(station) : [];
    if (pair.length !== 2) { return; }
    ["zh", "en"].forEach(function (lang) { td.setAttribute("data-title-" + lang, T.say("stations_used", { way: pair[0][lang] + " – " + pair[1][lang] })[lang] + (td.title ? " · " + td.title : "")); });
    td.title = td.getAttribute("data-title-" + window.TransitLang.get());
  }
  function plain(text) { return { zh: text, en: text }; }

  // The way in words: roads by number with their km, or the stations between which one rides. What the timetable
  // says of stations belongs to the typical reading; door to door the same stations are named.
  function tellRoute(origin, to, choice) {
    if (!to || origin === to) { return []; }
    const shown = choice.case === "base" ? T.data.base : T.data.scenario;
    const entry = T.dig(T.data.minutes, [shown, choice.reading, choice.mode, origin, to]);
    if (!entry || entry[MINUTES] === null) { return []; }
    let way = choice.mode === "best" ? String(entry[VIA] || "").split(":")[0] : choice.mode;
    if (way === "transit") { // a journey as long as that by train alone is told as one by train
      way = ["rail", "bus", "transit"].find(function (one) {
        const alone = T.dig(T.data.minutes, [shown, choice.reading, one, origin, to]);
        return alone && alone[MINUTES] === entry[MINUTES];
      }) || way;
    }
    if (way === "road") {
      if (choice.reading === "promoter") { return []; } // free flow may take other roads
      return (T.dig(T.data.routes, [shown, origin, to]) || []).map(function (step) {
        if (!Array.isArray(step)) { return step >= 0.5 ? T.say("route_other", { km: T.whole(step) }) : null; }
        const values = { ref: step[0], km: T.whole(step[1]) };
        return step[2] ? T.say("route_new", values) : plain(values.ref + " " + values.km + " km");
      }).filter(Boolean);
    }
    const known = entry[VIA] && entry[VIA].indexOf(" - ") > 0 ? entry
      : T.dig(T.data.minutes, [shown, "typical", way, origin, to]) || T.dig(T.data.minutes, [shown, "promoter", way, origin, to]);
    const pair = known && known[VIA] ? known[VIA].replace(/^\w+: /, "").split(" - ") : [];
    const word = way === "bus" || way === "transit" ? "route_" + way : known === entry ? "route_rail" : "route_rail_as_typical";
    return pair.length === 2 ? [T.say(word, { a: station(pair[0]), b: station(pair[1]) })] : [];
  }

  // The nearest place that routes lead to, and the straight line to it.
  function findNear(map, at) {
    const ends = {};
    T.data.centres.forEach(function (origin) { Object.assign(ends, T.dig(T.data.routes, [T.data.scenario, origin]) || {}); });
    return T.data.places.filter(function (p) { return ends[p.id]; }).map(function (p) {
      return { place: p, km: map.distance([p.lat, p.lon], at) / 1000 };
    }).sort(function (a, b) { return a.km - b.km; })[0];
  }

  T.showCard = function (target, choice, map) {
    const card = document.getElementById("place");
    card.hidden = !target;
    document.getElementById("hint").hidden = Boolean(target);
    document.body.classList.toggle("has-place", Boolean(target));
    if (!target) { return; }
    const name = document.getElementById("place-name");
    name.replaceChildren(T.both(target.id ? target : T.say("point_here")));
    const kind = T.data.words[target.kind] ? T.both(T.say(target.kind)) : document.createTextNode("");
    const at = target.at && (T.toWgs ? T.toWgs(target.at) : target.at);
    const where = document.createTextNode(target.id ? "" : at.lat.toFixed(3) + "°N " + at.lng.toFixed(3) + "°E");
    document.getElementById("place-kind").replaceChildren(target.id ? kind : where);
    const note = document.getElementById("place-note");
    note.hidden = Boolean(target.id);
    if (!target.id) {
      const raster = T.raster(), inside = T.cellAt(at.lat, at.lng) >= 0;
      const km = raster ? (raster.step * 111.195 * Math.cos(at.lat * Math.PI / 180)).toFixed(1) : "";
      note.replaceChildren(T.both(inside ? T.say("minutes_here", { km: km }) : T.say("outside_area")));
    }
    const base = document.getElementById("place-base");
    if (base) { base.hidden = choice.case === "base"; }
    const readings = Array.from(card.querySelectorAll("th[data-reading]")).map(function (th) {
      th.className = th.dataset.reading === choice.reading ? "now" : "";
      return th.dataset.reading;
    });
    const near = target.id ? null : findNear(map, target.at);
    const lead = document.getElementById("place-near");
    lead.hidden = !near;
    if (near) { lead.replaceChildren(T.both(T.say("route_to_nearest", { place: near.place, km: T.whole(near.km) }))); }
    const body = document.getElementById("place-rows");
    body.replaceChildren();
    T.data.centres.forEach(function (origin) {
      if (origin !== target.id) { addRow(body, origin, target, choice, readings, near); }
    });
    fillModes(target, choice);
    tellWhy(target, choice);
    fillServices(target, choice);
  };
})(window.TransitMap);
