// The card of a place or a point: minutes from each centre. Named places show the table's minutes; any other point
// shows between which circles it lies.
(function (T) {
  "use strict";
  const MINUTES = 0, P10 = 1, P90 = 2, KM = 3, VIA = 4;

  T.placeById = function (id) {
    return T.data.places.find(function (p) { return p.id === id; }) || { id: id, zh: id, en: id };
  };

  function cell(entry) {
    if (entry === undefined) { return { zh: "—", en: "—" }; }
    return entry[MINUTES] === null ? { zh: "∞", en: "∞" } : { zh: T.whole(entry[MINUTES]), en: T.whole(entry[MINUTES]) };
  }
  function ringCell(scenario, choice, origin, at) {
    const rings = T.ringsOf(scenario, choice, origin);
    if (!rings.length) { return { zh: "—", en: "—" }; }
    for (let i = 0; i < rings.length; i++) {
      if (T.contains(T.decoded(rings[i]), at.lat, at.lng)) {
        return i === 0 ? T.say("at_most", { b: T.whole(rings[0][0]) })
          : T.say("between", { a: T.whole(rings[i - 1][0]), b: T.whole(rings[i][0]) });
      }
    }
    return T.say("beyond", { a: T.whole(rings[rings.length - 1][0]) });
  }

  function addRow(body, origin, target, choice, readings) {
    const row = document.createElement("tr");
    const head = T.both(T.placeById(origin), "th");
    head.scope = "row";
    row.appendChild(head);
    let via = "";
    function tell() {
      if (!via) { return; }
      const small = T.both(T.data.words[via] ? T.say(via) : T.say("via", { via: via }), "small");
      small.className = "via";
      head.appendChild(small);
    }
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
        if (entry && entry[VIA] && reading === choice.reading) { via = entry[VIA]; }
        if (entry && entry[P10] !== undefined && entry[P10] !== null) { td.title = "p10–p90: " + T.whole(entry[P10]) + "–" + T.whole(entry[P90]); }
        const before = choice.case === "base" || !T.data.base ? undefined
          : T.dig(T.data.minutes, [T.data.base, reading, choice.mode, origin, target.id]);
        if (before && cell(before).zh !== cell(entry).zh) {
          const small = document.createElement("small");
          small.textContent = "(" + cell(before).zh + ")";
          td.appendChild(small);
        }
      } else {
        const shown = choice.case === "base" ? T.data.base : T.data.scenario;
        td.appendChild(T.both(ringCell(shown, Object.assign({}, choice, { reading: reading }), origin, target.at)));
      }
      if (reading === choice.reading) { td.className = "now"; }
      row.appendChild(td);
    });
    tell();
    body.appendChild(row);
  }

  T.showCard = function (target, choice) {
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
    document.getElementById("place-note").hidden = Boolean(target.id);
    const base = document.getElementById("place-base");
    if (base) { base.hidden = !target.id || choice.case === "base"; }
    const readings = Array.from(card.querySelectorAll("th[data-reading]")).map(function (th) {
      th.className = th.dataset.reading === choice.reading ? "now" : "";
      return th.dataset.reading;
    });
    const body = document.getElementById("place-rows");
    body.replaceChildren();
    T.data.centres.forEach(function (origin) {
      if (origin !== target.id) { addRow(body, origin, target, choice, readings); }
    });
  };
})(window.TransitMap);
