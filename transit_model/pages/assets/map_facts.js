// The sentence, its three numbers and the table of people: of the origin, mode, reading and time that the map shows.
(function (T) {
  "use strict";
  const WAN = 1e4, MILLION = 1e6;
  const AREA = 1, PEOPLE = 2; // of a row of `rings`, behind its minutes

  // Half away from zero on the number as it is written, as the pages round everywhere.
  function round(value, decimals) { return Number(Math.round(Number(Math.abs(value) + "e" + decimals)) + "e-" + decimals) * (value < 0 ? -1 : 1); }
  function even(value, decimals) {
    const scaled = value * Math.pow(10, decimals), whole = Math.floor(scaled);
    return scaled - whole === 0.5 ? (whole + (whole % 2)) / Math.pow(10, decimals) : value; // ties as the tables have them
  }
  function group(digits) {
    const parts = digits.split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    return parts.join(".");
  }
  function fixed(value, decimals) { return group(even(value, decimals).toFixed(decimals)); }
  T.people = function (n) {
    if (n === null || n === undefined) { return { zh: "—", en: "—" }; }
    const small = even(n, 0).toFixed(0);
    return {
      zh: n < 1000 ? small : fixed(n / WAN, n >= 100 * WAN ? 0 : 1) + "万",
      en: n < 1000 ? small : n >= MILLION ? even(n / MILLION, 2).toFixed(2) + " M" : fixed(n / 1000, 0) + " k"
    };
  };
  T.count = function (n) { return n === null || n === undefined ? "—" : fixed(n, 0); };
  function signed(text, value) {
    const sign = value > 0 ? "+" : value < 0 ? "−" : "";
    return { zh: sign + text.zh, en: sign + text.en };
  }
  // Minutes before and after and their difference, that of the minutes shown; below one minute with a decimal.
  T.change = function (before, after) {
    if (before === Infinity || after === Infinity) {
      return [before, after].map(function (v) { return v === Infinity ? "∞" : String(round(v, 0)); }).concat(before === after ? "0" : after === Infinity ? "∞" : "−∞");
    }
    const decimals = Math.abs(after - before) > 0 && Math.abs(after - before) < 1 ? 1 : 0;
    const shown = [round(before, decimals), round(after, decimals)], by = round(shown[1] - shown[0], decimals);
    return shown.map(function (v) { return v.toFixed(decimals); }).concat(by === 0 ? "0" : (by > 0 ? "+" : "−") + Math.abs(by).toFixed(decimals));
  };
  // A word as it stands inside a sentence: no capital in English.
  T.inside = function (key) {
    const word = T.say(key);
    return { zh: word.zh, en: word.en.charAt(0).toLowerCase() + word.en.slice(1) };
  };

  function rowsOf(scenario, choice, origin) { return T.dig(T.data.rows, [scenario, choice.reading, choice.mode, origin]) || []; }
  function within(scenario, choice, origin) {
    const row = rowsOf(scenario, choice, origin).find(function (r) { return r[0] === choice.cutoff; });
    return row ? row[PEOPLE] : undefined;
  }
  function join(parts) {
    return { zh: parts.map(function (p) { return p.zh; }).join("；") + "。", en: parts.map(function (p, i) { return i ? p.en.replace(/^From /, "from ") : p.en; }).join("; ") + "." };
  }

  // The sentence and its facts for one origin; null where neither scenario has the circle.
  T.tellLead = function (choice, origin) {
    const before = within(T.data.base, choice, origin), after = within(T.data.scenario, choice, origin);
    const fact = T.dig(T.data.change.facts, [choice.reading, choice.mode, origin]);
    if (before === undefined && after === undefined) { return null; }
    const had = before || 0, has = after || 0, change = has - had;
    const who = { origin: T.placeById(origin), mode: T.inside(choice.mode), reading: T.inside(choice.reading), cutoff: T.whole(choice.cutoff) };
    const numbers = { before: T.people(had), after: T.people(has), change: T.people(Math.abs(change)) };
    const parts = [T.say(change > 0 ? "lead_more" : change < 0 ? "lead_fewer" : "lead_same", Object.assign({}, who, numbers))];
    const facts = [{ value: change ? signed(numbers.change, change) : numbers.after, word: T.say("lead_people", who), was: T.say(change ? "lead_was" : "lead_unchanged", numbers) }];
    if (fact) {
      const lost = fact[2] > fact[1], km2 = lost ? fact[2] : fact[1], way = lost ? "lost" : "saved";
      if (km2 >= 0.5) {
        const values = { area: T.count(km2), step: T.whole(fact[0]) }, shown = values.area + " km²";
        parts.push(T.say("lead_km2_" + way, values));
        facts.push({ value: { zh: shown, en: shown }, word: T.say("lead_" + way, values) });
      }
      if (fact.length > 3) {
        const was = fact[4] === null ? Infinity : fact[4], now = fact[5] === null ? Infinity : fact[5], told = T.change(was, now);
        const known = was !== Infinity && now !== Infinity, key = known ? "lead_place" : was === Infinity ? "lead_place_new" : "lead_place_gone";
        const place = T.placeById(fact[3]), line = told[0] + " → " + told[1];
        parts.push(T.say(key, { place: place, before: told[0], after: told[1] }));
        facts.push({
          value: T.say("lead_minutes", { minutes: known ? told[2] : now !== Infinity ? told[1] : told[0] }),
          word: T.say("lead_to", { origin: who.origin, place: place, mode: who.mode }), was: known ? { zh: line, en: line } : T.say(key + "_short")
        });
      }
    }
    if (!change) { parts.push(parts.shift()); facts.push(facts.shift()); } // what changes comes first
    return { sentence: join(parts), facts: facts, gain: change };
  };

  function showFacts(list, facts) {
    list.replaceChildren.apply(list, facts.map(function (fact) {
      const item = document.createElement("li"), words = document.createElement("span");
      item.appendChild(T.both(fact.value, "b"));
      words.appendChild(T.both(fact.word));
      if (fact.was) { words.append(" ", T.both(fact.was, "small")); }
      item.appendChild(words);
      return item;
    }));
  }

  // People within each time, before and after; the chosen time stands out.
  T.fillPeople = function (choice) {
    const body = document.getElementById("ring-rows");
    if (!body) { return; }
    const compared = Boolean(T.data.base), rows = [];
    choice.origins.forEach(function (origin) {
      const now = rowsOf(T.data.scenario, choice, origin), was = compared ? rowsOf(T.data.base, choice, origin) : [];
      if (!now.length && !was.length) { return; }
      if (choice.origins.length > 1) {
        const head = document.createElement("tr"), name = T.both(T.placeById(origin), "th");
        name.colSpan = compared ? 5 : 3;
        name.scope = "rowgroup";
        name.className = "who";
        head.appendChild(name);
        rows.push(head);
      }
      T.data.cutoffs.forEach(function (cutoff) {
        const find = function (list) { return list.find(function (r) { return r[0] === cutoff; }); };
        const a = find(was), b = find(now), row = document.createElement("tr"), head = document.createElement("th"), swatch = document.createElement("i");
        if (!a && !b) { return; }
        row.dataset.origin = origin;
        row.dataset.cutoff = cutoff;
        if (cutoff === choice.cutoff) { row.className = "now"; }
        head.scope = "row";
        swatch.style.background = T.data.colours[T.data.cutoffs.indexOf(cutoff)];
        head.append(swatch, T.whole(cutoff));
        row.appendChild(head);
        const before = a ? a[PEOPLE] : 0, after = b ? b[PEOPLE] : 0, by = Math.round(after) - Math.round(before);
        const cells = compared ? [T.count(before), T.count(after), by === 0 ? "0" : (by > 0 ? "+" : "−") + T.count(Math.abs(by))] : [T.count(after)];
        cells.concat(T.count(b ? b[AREA] : 0)).forEach(function (words) {
          const td = document.createElement("td");
          td.textContent = words;
          row.appendChild(td);
        });
        rows.push(row);
      });
    });
    body.replaceChildren.apply(body, rows);
  };

  T.tellChange = function (choice) {
    T.fillPeople(choice);
    const title = document.getElementById("shown-circle"), origin = choice.origins[0];
    if (!T.data.base || !T.data.change || origin === undefined) { return; }
    if (title) { title.replaceChildren(T.both(T.say("of_circle", { origin: T.placeById(origin), mode: T.inside(choice.mode), reading: T.inside(choice.reading) }))); }
    const told = T.tellLead(choice, origin) || { sentence: T.say("no_ring"), facts: [] };
    document.querySelectorAll("[data-lead=sentence]").forEach(function (line) { line.replaceChildren(T.both(told.sentence)); window.TransitNumbers.keep(line); });
    document.querySelectorAll("[data-lead=facts]").forEach(function (list) { showFacts(list, told.facts); window.TransitNumbers.keep(list); });
    T.showNewly(T.map, choice, told.gain || 0);
    T.drawCharts(choice, origin);
  };
})(window.TransitMap);
