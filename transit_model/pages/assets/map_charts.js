// The charts beside the map, drawn anew for what it shows: people within each time, and people by the minutes they save.
(function (T) {
  "use strict";
  const NS = "http://www.w3.org/2000/svg", WIDTH = 520, CLASS = 5, LAST = 60;
  const BAR = { saved: "#1c6a86", "new": "#1c6a86", lost: "#b35806", gone: "#b35806" };

  function put(parent, tag, values, words) {
    const element = document.createElementNS(NS, tag);
    Object.keys(values).forEach(function (k) { element.setAttribute(k, values[k]); });
    if (typeof words === "string") { element.textContent = words; }
    else if (words) {
      ["zh", "en"].forEach(function (lang) { put(element, "tspan", { "class": lang }, words[lang]); });
    }
    parent.appendChild(element);
    return element;
  }
  function round(v) { return Math.round(v * 10) / 10; }

  function drawPeople(svg, choice, origin) {
    const PEOPLE = 2, LEFT = 70, ROOM = 96, ROW = 44;
    const find = function (scenario) {
      const rows = T.dig(T.data.rows, [scenario, choice.reading, choice.mode, origin]) || [];
      return function (cutoff) { const row = rows.find(function (r) { return r[0] === cutoff; }); return row ? row[PEOPLE] : 0; };
    };
    const before = find(T.data.base), after = find(T.data.scenario), cutoffs = T.data.cutoffs;
    const most = Math.max.apply(null, cutoffs.map(before).concat(cutoffs.map(after))) || 1, scale = (WIDTH - LEFT - ROOM) / most;
    svg.replaceChildren();
    svg.setAttribute("viewBox", "0 0 " + WIDTH + " " + (14 + cutoffs.length * ROW));
    cutoffs.forEach(function (cutoff, i) {
      const y = 14 + i * ROW, a = before(cutoff), b = after(cutoff), told = [T.people(a), T.people(b)];
      put(svg, "text", { x: LEFT - 8, y: y + 15, "text-anchor": "end", "font-weight": cutoff === choice.cutoff ? 700 : 400 }, T.say("n_minutes", { minutes: T.whole(cutoff) }));
      put(svg, "rect", { x: LEFT, y: y - 6, width: round(a * scale), height: 14, fill: "#c9d1d6", stroke: "#6b7278", "stroke-width": 0.6 });
      put(svg, "rect", { x: LEFT, y: y + 9, width: round(b * scale), height: 14, fill: "#1c6a86" });
      put(svg, "text", { x: LEFT + a * scale + 5, y: y + 5, fill: "#4a5259" }, told[0]);
      put(svg, "text", { x: LEFT + b * scale + 5, y: y + 20, "font-weight": told[0].en === told[1].en && told[0].zh === told[1].zh ? 400 : 700 }, told[1]);
    });
  }

  // The classes from the longest loss to the longest saving, each between the ends once.
  T.listClasses = function (rows) {
    const known = {}, out = [], most = { lost: 0, saved: 0 };
    rows.forEach(function (r) { known[r[0] + r[1]] = r[2]; if (r[0] in most) { most[r[0]] = Math.max(most[r[0]], r[1]); } });
    if (known.gone0) { out.push(["gone", 0, known.gone0]); }
    for (let start = most.lost; start > 0; start -= CLASS) { out.push(["lost", start, known["lost" + start] || 0]); }
    for (let start = CLASS; start <= most.saved; start += CLASS) { out.push(["saved", start, known["saved" + start] || 0]); }
    if (known.new0) { out.push(["new", 0, known.new0]); }
    return out;
  };
  function nameClass(kind, start) {
    if (kind === "new" || kind === "gone") { return T.say("class_" + kind); }
    const name = (kind === "lost" ? "−" : "") + start + (start >= LAST ? "+" : "–" + (start + CLASS));
    return { zh: name, en: name };
  }

  function drawMinutes(svg, rows) {
    const HEIGHT = 132, LEFT = 8, TOP = 30, classes = T.listClasses(rows), base = TOP + HEIGHT;
    const most = Math.max.apply(null, classes.map(function (c) { return c[2]; })), step = (WIDTH - 2 * LEFT) / Math.max(classes.length, 6);
    const size = classes.length > 9 ? 9.5 : 11;
    svg.replaceChildren();
    put(svg, "path", { d: "M" + LEFT + " " + base + "H" + (WIDTH - LEFT), stroke: "#4a5259" });
    classes.forEach(function (c, i) {
      const x = LEFT + i * step, h = HEIGHT * c[2] / most;
      put(svg, "rect", { x: round(x + 1.5), y: round(base - h), width: round(step - 3), height: round(h), fill: BAR[c[0]], "class": "bar-" + c[0] });
      put(svg, "text", { x: round(x + step / 2), y: base + 16, "text-anchor": "middle", "font-size": size }, nameClass(c[0], c[1]));
      if (c[2]) { put(svg, "text", { x: round(x + step / 2), y: round(base - h - 5), "text-anchor": "middle", "font-size": size }, T.people(c[2])); }
    });
  }

  // Minutes to the centres and county seats, before and after, the largest change first; see `chart_seats`.
  function drawSeats(figure, choice, origin) {
    const LEFT = 132, RIGHT = 96, ROW = 22, ARROW = 12, FAR = 300, MOST = 18, TO = ["centre", "county_seat"];
    const read = function (scenario, place) {
      const entry = T.dig(T.data.minutes, [scenario, choice.reading, choice.mode, origin, place]);
      return entry === undefined || entry[0] === null ? Infinity : entry[0];
    };
    const size = function (f) { return (f.a === Infinity) !== (f.b === Infinity) ? Infinity : Math.abs(f.a - f.b); };
    const whole = function (v) { return v === Infinity ? "∞" : T.whole(v); };
    const found = T.data.places.filter(function (p) { return TO.indexOf(p.kind) >= 0 && p.id !== origin; }).map(function (p) {
      return { place: p, a: read(T.data.base, p.id), b: read(T.data.scenario, p.id) };
    }).filter(function (f) { return whole(f.a) !== whole(f.b); });
    const beyond = function (f) { return Math.min(f.a, f.b) > FAR; };
    found.sort(function (f, g) {
      return beyond(f) !== beyond(g) ? (beyond(f) ? 1 : -1) : size(f) === size(g) ? (f.place.id < g.place.id ? -1 : 1) : size(g) - size(f);
    });
    const shown = found.slice(0, MOST), svg = figure.querySelector("svg"), note = figure.querySelector("[data-more]"), far = figure.querySelector("[data-far]");
    svg.classList.toggle("gone", !shown.length);
    note.replaceChildren.apply(note, !found.length ? [T.both(T.say("chart_no_seats"))] : found.length > MOST ? [T.both(T.say("more_changes", { n: found.length - MOST }))] : []);
    far.replaceChildren.apply(far, shown.some(function (f) { return Math.max(f.a, f.b) > FAR; }) ? [T.both(T.say("chart_far", { far: FAR }))] : []);
    svg.replaceChildren();
    if (!shown.length) { return; }
    const inside = shown.reduce(function (all, f) { return all.concat([f.a, f.b].filter(function (v) { return v <= FAR; })); }, []);
    const most = 1.02 * (inside.length ? Math.max.apply(null, inside) : FAR);
    const scale = (WIDTH - LEFT - RIGHT - ARROW) / most, height = 16 + shown.length * ROW + 14;
    const step = [10, 20, 30, 60, 120, 240, 480].find(function (s) { return most / s <= 8; });
    svg.setAttribute("viewBox", "0 0 " + WIDTH + " " + height);
    for (let t = 0; t <= most; t += step) {
      put(svg, "path", { d: "M" + round(LEFT + t * scale) + " 4V" + (height - 14), stroke: "#e1e5e7" });
      put(svg, "text", { x: round(LEFT + t * scale), y: height - 2, "text-anchor": "middle", "font-size": 10.5, fill: "#4a5259" }, String(t));
    }
    shown.forEach(function (f, i) {
      const y = 16 + i * ROW, fill = f.b < f.a ? "#8a3c04" : "#4a2c82";
      const x = [f.a, f.b].map(function (v) { return round(LEFT + (v <= most ? v * scale : most * scale + ARROW)); });
      const name = { zh: f.place.zh, en: f.place.en.length > 20 ? f.place.en.slice(0, 19) + "…" : f.place.en };
      const mark = function (at, far, values) { if (far) { put(svg, "path", Object.assign({ d: "M" + (at - 5) + " " + (y - 5) + "l8 5-8 5z" }, values)); } else { put(svg, "circle", Object.assign({ cx: at, cy: y, r: 4.4 }, values)); } };
      const change = T.change(f.a, f.b);
      put(svg, "text", { x: LEFT - 8, y: y + 4, "text-anchor": "end" }, name);
      put(svg, "path", { d: "M" + x[0] + " " + y + "H" + x[1], stroke: fill, "stroke-width": 3 });
      if (!beyond(f)) { mark(x[0], f.a > most, { fill: "#fff", stroke: "#4a5259", "stroke-width": 1.5 }); }
      mark(x[1], f.b > most, { fill: fill });
      put(svg, "text", { x: WIDTH - 2, y: y + 4, "text-anchor": "end" }, change[0] + " → " + change[1]);
    });
  }

  T.drawCharts = function (choice, origin) {
    const people = document.querySelector("[data-chart=people] svg"), minutes = document.querySelector("[data-chart=minutes]");
    const seats = document.querySelector("[data-chart=seats]");
    document.querySelectorAll("[data-of-circle]").forEach(function (part) {
      part.replaceChildren(T.both(T.say("of_circle", { origin: T.placeById(origin), mode: T.inside(choice.mode), reading: T.inside(choice.reading) })));
    });
    if (people) { drawPeople(people, choice, origin); }
    if (minutes) {
      const rows = T.dig(T.data.change.people, [choice.reading, choice.mode, origin]) || [];
      const still = rows.filter(function (r) { return r[0] === "still"; }).map(function (r) { return r[2]; })[0] || 0;
      const some = T.listClasses(rows).length > 0;
      minutes.querySelector("svg").classList.toggle("gone", !some);
      if (some) { drawMinutes(minutes.querySelector("svg"), rows); }
      const lost = rows.some(function (r) { return r[0] === "lost"; });
      minutes.querySelector("[data-axis]").replaceChildren(T.both(T.say(lost ? "chart_minutes_axis" : "chart_minutes_saved")));
      minutes.querySelector("[data-still]").replaceChildren(T.both(T.say("chart_still", { people: T.people(still) })));
    }
    if (seats) { drawSeats(seats, choice, origin); }
  };
})(window.TransitMap);
