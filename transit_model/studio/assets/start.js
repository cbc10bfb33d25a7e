// Ties the page together: what is chosen lives in the state, every change asks anew, newest first.
(function (S, T) {
  "use strict";
  const form = function () { return document.getElementById("choices"); };
  const LEAD_MS = 15;
  let idle = null;

  function option(value, text) { return S.el("option", { value: value }, text); }
  function pills(id, name, items) {
    const box = document.getElementById(id);
    box.replaceChildren.apply(box, items.map(function (i) {
      const input = S.el("input", { type: "radio", name: name, value: i.id });
      return S.el("label", { class: "pill" }, [input, S.el("span", {}, i)]);
    }));
  }
  function fill() {
    const c = S.choices, f = form();
    f.base.replaceChildren.apply(f.base, c.bases.map(function (b) { return option(b.id, S.pick(b.title)); }));
    f.speeds.replaceChildren.apply(f.speeds, c.speeds.map(function (s) { return option(s.id, S.pick(s)); }));
    f.timetable.replaceChildren.apply(f.timetable, [option("", S.lang() === "zh" ? "随基准" : "as the base")].concat(c.timetables.map(function (t) { return option(t.id, t.id + " " + S.pick(t)); })));
    const places = T.data.places.filter(function (p) { return ["centre", "alternative_centre", "county_seat", "airport"].indexOf(p.kind) >= 0; });
    const order = function (p) { const at = c.centres.indexOf(p.id); return at < 0 ? 99 : at; };
    places.sort(function (a, b) { return order(a) - order(b); });
    f.origin.replaceChildren.apply(f.origin, places.map(function (p) { return option(p.id, S.pick(p)); }));
    pills("modes", "mode", c.modes);
    pills("readings", "reading", c.readings);
    const a = document.getElementById("attribution");
    a.replaceChildren(T.both(c.region.attribution));
    show();
  }
  function show() {
    const f = form(), s = S.state;
    f.base.value = s.base;
    if (!Array.from(f.origin.options).some(function (o) { return o.value === s.origin; })) {
      const place = S.placeOf(s.origin);
      f.origin.append(option(s.origin, place ? S.pick(place) : s.origin));
    }
    f.origin.value = s.origin;
    ["mode", "reading"].forEach(function (name) { f.querySelectorAll('[name="' + name + '"]').forEach(function (i) { i.checked = i.value === s[name]; }); });
    if (document.activeElement !== f.cutoffs) { f.cutoffs.value = s.cut.join(", "); }
    f.speeds.value = s.speeds;
    if (document.activeElement !== f.window) { f.window.value = s.window || S.choices.window.join("-"); }
    f.timetable.value = s.timetable || "";
    document.getElementById("year-now").textContent = s.year === null ? "" : String(s.year);
    if (s.year !== null) { document.getElementById("year").value = s.year; }
    document.getElementById("undo").disabled = !S.canUndo();
    document.getElementById("redo").disabled = !S.canRedo();
  }
  S.chooseOrigin = function (id) { S.change(function (s) { s.origin = id; }); };

  function status(text, busy) {
    const line = document.getElementById("status");
    line.replaceChildren(text);
    document.body.classList.toggle("busy", Boolean(busy));
  }
  function refused(error, now) {
    if (error.name === "AbortError" || error.status === 409 || !S.isCurrent(now)) { return; }
    const issues = S.listIssues(error);
    S.showIssues(issues);
    S.showDraftIssues(issues);
    status(S.t("有问题，保留上一次的图", "something is wrong; the last good picture stays"));
  }

  // First the circles and the people, then the goals, and when the hand rests the table of pairs.
  S.refresh = async function () {
    const now = S.newTurn(), began = performance.now();
    window.clearTimeout(idle);
    const s = S.state, circumstances = S.circumstances(), scenario = S.scenario();
    const plain = !scenario.projects.length && !scenario.without.length && !Object.keys(scenario.overrides).length;
    const ringBody = Object.assign({ origins: [s.origin], modes: [s.mode], readings: [s.reading], cutoffs_min: s.cut, tolerance_m: 250, parts: ["rings", "people", "drawn"] }, circumstances);
    const goalBody = Object.assign({ goals: "headline", evidence: false, parts: ["verdicts"] }, circumstances);
    status(S.t("正在计算…", "computing…"), true);
    // Nothing waits for the answer before it; the server answers circles first. What fails is told where it is waited for.
    const whole = function (body) { return plain ? body : Object.assign({}, body, scenario); };
    const ask = function (body) {
      const both = [S.measureOnce(body, now), plain ? null : S.measureOnce(whole(body), now)];
      both.forEach(function (one) { if (one) { one.catch(function () { /* told below */ }); } });
      return both;
    };
    const rings = ask(ringBody);
    // Goals leave a moment later: on a connection of their own they would overtake the circles now and then.
    const judged = S.isKept(whole(ringBody)) ? ask(goalBody) : new Promise(function (done) {
      window.setTimeout(function () { done(S.isCurrent(now) ? ask(goalBody) : []); }, LEAD_MS);
    });
    try {
      const base = await rings[0];
      const told = plain ? base : await rings[1];
      if (!S.isCurrent(now)) { return; }
      S.paintRings(told.rings, plain ? null : base.rings);
      S.paintAdded(told.drawn);
      document.getElementById("changed").hidden = !told.changed;
      S.paintChange([]);
      S.showPeople(told.people, base.people);
      S.showIssues(S.badLink ? [{ code: "bad_link", message: "the link cannot be read", message_zh: "链接无法读取" }] : []);
      S.showDraftIssues([]);
      const painted = performance.now() - began;
      const asked = await judged;
      const goalsBase = await asked[0];
      const goals = plain ? goalsBase : await asked[1];
      if (!S.isCurrent(now)) { return; }
      S.showGoals(goals.verdicts, goalsBase.verdicts);
      const judgedAt = performance.now() - began;
      S.timing = { rings_ms: painted, goals_ms: judgedAt };
      document.body.dataset.turn = now.turn;
      status(S.t("圈 " + (painted / 1000).toFixed(2) + " 秒，目标 " + (judgedAt / 1000).toFixed(2) + " 秒", "circles in " + (painted / 1000).toFixed(2) + " s, goals in " + (judgedAt / 1000).toFixed(2) + " s"));
      idle = window.setTimeout(function () { pairs(now, circumstances, scenario, plain); }, 250);
    } catch (error) { refused(error, now); }
  };
  async function pairs(now, circumstances, scenario, plain) {
    const s = S.state;
    const body = Object.assign({ origins: [s.origin], modes: [s.mode], readings: [s.reading], parts: ["rows"] }, circumstances);
    try {
      const base = await S.measureOnce(body, now);
      const told = plain ? base : await S.measureOnce(Object.assign({}, body, scenario), now);
      if (!S.isCurrent(now)) { return; }
      S.showPairs(told.rows, base.rows);
      document.body.dataset.pairs = now.turn;
    } catch (error) { refused(error, now); }
  }

  async function loadBase() {
    const q = S.state.base ? "?base=" + encodeURIComponent(S.state.base) : "";
    const parts = await Promise.all([S.get("api/projects" + q), S.get("api/network" + q)]);
    S.projects = parts[0].rows;
    S.network = parts[1];
  }
  function wire() {
    const f = form();
    f.addEventListener("submit", function (e) { e.preventDefault(); });
    f.addEventListener("change", async function (event) {
      const name = event.target.name, value = event.target.value;
      if (name === "cutoffs") {
        const cut = Array.from(new Set(value.split(/[\s,，、]+/).map(Number).filter(function (n) { return n > 0 && n <= 1440; }))).sort(function (a, b) { return a - b; }).slice(0, 12);
        if (cut.length) { S.change(function (s) { s.cut = cut; }); }
        return;
      }
      if (name === "base") {
        const before = S.state.base;
        S.state.base = value;
        try { await loadBase(); } catch (error) { S.state.base = before; S.showIssues(error.issues || []); return; }
        S.state.base = before;
        S.change(function (s) { s.base = value; s.off = []; s.on = s.on.filter(function (p) { return S.projectOf(p) && !S.projectOf(p).in_base; }); });
        return;
      }
      S.change(function (s) { s[name] = value || null; });
    });
    const year = document.getElementById("year");
    year.addEventListener("input", function () { S.openBy(Number(year.value)); });
    year.addEventListener("change", S.endSoft);
    document.getElementById("undo").addEventListener("click", S.undo);
    document.getElementById("redo").addEventListener("click", S.redo);
    document.addEventListener("keydown", function (e) {
      if (!(e.ctrlKey || e.metaKey) || e.key.toLowerCase() !== "z" || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) && e.target.type !== "range" && e.target.type !== "checkbox") { return; }
      e.preventDefault();
      (e.shiftKey ? S.redo : S.undo)();
    });
    document.querySelectorAll("[data-tab]").forEach(function (b) {
      b.addEventListener("click", function () {
        document.body.dataset.tab = b.dataset.tab;
        document.querySelectorAll("[data-tab]").forEach(function (o) { o.setAttribute("aria-pressed", String(o === b)); });
        S.map.invalidateSize();
      });
    });
    document.addEventListener("langchange", function () { fill(); S.showSwitches(); S.showDrafts(); });
    document.getElementById("reload").addEventListener("click", async function () {
      try { await S.post("api/reload", {}); S.forget(); await loadBase(); document.getElementById("changed").hidden = true; S.showSwitches(); S.refresh(); }
      catch (error) { S.showIssues(S.listIssues(error)); }
    });
    S.wireMore();
    S.wireDraw();
    S.wireKeep();
    // asked first, so that the server works while the switches are drawn
    S.onChange(function () { S.badLink = false; S.refresh(); show(); S.showSwitches(); S.showDrafts(); });
  }
  function readLink() {
    const given = new URLSearchParams(window.location.hash.slice(1)).get("s");
    if (!given) { return; }
    try { S.takeOver(S.unpack(given)); } catch (error) { S.badLink = true; }
  }
  async function start() {
    document.body.dataset.tab = "map";
    readLink();
    try {
      S.choices = await S.get("api/choices");
      if (!S.state.base) { S.state.base = S.choices.base; }
      if (window.location.hash.indexOf("s=") < 0) { S.state.cut = S.choices.cutoffs_min; }
      const data = await S.get("api/map?base=" + encodeURIComponent(S.state.base));
      if (!S.state.origin) { S.state.origin = data.centres[0] || (data.places[0] || {}).id; }
      S.startMap(data);
      await loadBase();
    } catch (error) {
      S.showIssues(S.listIssues(error));
      status(S.t("打不开", "cannot start"));
      return;
    }
    wire();
    fill();
    S.showSwitches();
    S.showDrafts();
    await S.refresh();
    document.body.dataset.ready = "1";
  }
  start();
})(window.TransitStudio, window.TransitMap);
