// The switchboard: every project of the library, what stands behind it, what it needs and excludes, and its numbers.
(function (S) {
  "use strict";
  const STEPS = [[/_kmh$/, 5], [/headway_min$/, 1], [/_min$/, 0.5], [/trains_per_day$/, 1]];
  const FAMILIES = { rail: ["铁路", "Rail"], road: ["公路", "Roads"], other: ["公交、规则", "Buses, rules"] };
  S.marks = {};

  S.projectOf = function (id) { return (S.projects || []).find(function (p) { return p.id === id; }); };
  S.inBase = function (id) { const p = S.projectOf(id); return Boolean(p && p.in_base && S.state.off.indexOf(id) < 0); };
  S.isOn = function (id) {
    return S.state.on.indexOf(id) >= 0 || S.inBase(id) || S.state.drafts.some(function (d) { return d.on && d.doc.id === id; });
  };
  function rivalsOf(project) {
    return S.projects.filter(function (q) {
      return q.id !== project.id && S.isOn(q.id) && (project.conflicts.indexOf(q.id) >= 0 || q.conflicts.indexOf(project.id) >= 0);
    });
  }
  function missingOf(project) { return project.requires.filter(function (r) { return !S.isOn(r); }); }

  // A project with all that it needs, what is needed first; null when something is not there or excludes another.
  function withNeeds(id, standing) {
    const out = [];
    function add(one) {
      const project = S.projectOf(one);
      if (!project) { return false; }
      if (standing.indexOf(one) >= 0 || out.indexOf(one) >= 0 || (project.in_base && S.state.off.indexOf(one) < 0)) { return true; }
      if (!project.requires.every(add)) { return false; }
      out.push(one);
      return true;
    }
    return add(id) ? out : null;
  }
  function excluded(ids) {
    return ids.some(function (a) {
      return ids.some(function (b) { return a !== b && S.projectOf(a).conflicts.indexOf(b) >= 0; });
    });
  }
  S.toggle = function (id, wanted) {
    const project = S.projectOf(id);
    S.change(function (state) {
      state.year = null; // what is switched by hand is no longer what a year says
      if (project.in_base) {
        state.off = state.off.filter(function (p) { return p !== id; });
        if (!wanted) { state.off.push(id); }
        return;
      }
      state.on = state.on.filter(function (p) { return p !== id; });
      if (wanted) { (withNeeds(id, state.on) || [id]).forEach(function (p) { state.on.push(p); }); }
    });
  };
  function yearOf(date) { return date ? Number(String(date).slice(0, 4)) : null; }
  // First and last year in which something may open, as its file says it; null when nobody knows.
  S.openingBand = function (id) {
    const p = S.projectOf(id);
    if (p) { return [yearOf(p.opens_earliest), yearOf(p.opens_latest)]; }
    const draft = S.state.drafts.find(function (d) { return d.doc.id === id; }), opens = draft ? draft.doc.opens : null;
    const ends = Array.isArray(opens) ? opens : [opens, opens];
    return ends.map(function (o) { const y = yearOf(o); return y >= 1900 ? y : null; });
  };
  // The year that counts: the one it was moved to, else the last that it may be.
  S.openingOf = function (id) { return S.state.opened[id] === undefined ? S.openingBand(id)[1] : S.state.opened[id]; };
  S.openBy = function (year, edit) {
    S.change(function (state) {
      if (edit) { edit(state); }
      state.year = year;
      const base = S.projects.filter(function (p) { return p.in_base; }).map(function (p) { return p.id; });
      const isOpen = function (id) { const opens = S.openingOf(id); return opens !== null && opens <= year; };
      let on = [];
      S.projects.forEach(function (p) {
        if (p.in_base || !isOpen(p.id)) { return; }
        const more = withNeeds(p.id, on);
        if (more && !excluded(base.concat(on, more)) && more.every(isOpen)) { on = on.concat(more); }
      });
      state.on = on;
      state.off = [];
      state.drafts.forEach(function (d) { if (S.openingOf(d.doc.id) !== null) { d.on = isOpen(d.doc.id); } });
    }, true);
  };
  function moveOpening(id, year) {
    const band = S.openingBand(id);
    const edit = function (state) { if (year === band[1]) { delete state.opened[id]; } else { state.opened[id] = year; } };
    if (S.state.year === null) { S.change(edit, true); } else { S.openBy(S.state.year, edit); }
  }
  // When it opens, with the years of its file as the band; what is open by a year follows.
  S.openingSlider = function (id) {
    const band = S.openingBand(id), now = S.openingOf(id), known = band[1] !== null;
    const low = Math.min(2025, known ? band[0] : 2025), high = Math.max(2045, known ? band[1] : 2045);
    const tell = function (year) { return year === null ? S.t("未知", "unknown") : String(year); };
    const out = S.el("output", {}, tell(now));
    const input = S.el("input", { type: "range", min: low, max: high, step: 1, "data-opens": id, "aria-label": S.lang() === "zh" ? "开通年份" : "year of opening" });
    input.value = now === null ? high : now;
    input.addEventListener("input", function () { out.textContent = input.value; moveOpening(id, Number(input.value)); });
    input.addEventListener("change", S.endSoft);
    const part = function (v) { return (100 * (v - low) / (high - low)).toFixed(2); };
    const track = S.el("span", { class: "track" }, known ? [S.el("i", { class: "band" }), S.el("i", { class: "tick" })] : []);
    if (known) {
      track.firstChild.style.left = part(band[0]) + "%";
      track.firstChild.style.width = Math.max(1.5, part(band[1]) - part(band[0])) + "%";
      track.lastChild.style.left = part(band[1]) + "%";
    }
    const declared = known ? (band[0] === band[1] ? String(band[0]) : band[0] + "–" + band[1]) : null;
    return S.el("div", { class: "slider opening" + (now === null ? " unknown" : "") }, [S.el("label", {}, [S.t("开通", "opens"), " ", out]), S.el("span", { class: "rail" }, [track, input]), S.el("small", {}, declared ? S.t("文件：" + declared, "declared " + declared) : S.t("文件没有给出年份", "no year is declared"))]);
  };

  function names(ids) {
    return { zh: ids.map(function (i) { const p = S.projectOf(i); return p ? p.title.zh : i; }).join("、"), en: ids.map(function (i) { const p = S.projectOf(i); return p ? p.title.en : i; }).join(", ") };
  }
  function explain(project) {
    const out = [], rivals = rivalsOf(project), missing = missingOf(project), on = S.isOn(project.id);
    if (rivals.length && !on) { const n = names(rivals.map(function (r) { return r.id; })); out.push(S.t("不能与“" + n.zh + "”并存，先关闭它", "cannot stand beside " + n.en + ": switch that off first")); }
    if (missing.length) {
      const n = names(missing);
      out.push(on ? S.t("还缺必需的“" + n.zh + "”", "lacks " + n.en + ", which it needs") : S.t("打开时一并打开“" + n.zh + "”", "switches " + n.en + " on as well: it needs it"));
    }
    const needed = S.projects.filter(function (q) { return S.isOn(q.id) && q.requires.indexOf(project.id) >= 0; });
    if (on && needed.length) { const n = names(needed.map(function (q) { return q.id; })); out.push(S.t("“" + n.zh + "”需要它", n.en + " needs it")); }
    return out;
  }

  function fieldName(field) {
    const words = { design_speed_kmh: ["设计速度", "design speed"], commercial_speed_kmh: ["旅行速度", "commercial speed"], headway_min: ["间隔", "headway"], trains_per_day: ["每日列数", "trains a day"], toll_gate_delay_s: ["收费站延误", "toll delay"] };
    const last = field.split(".").pop(), w = words[last] || [field, field];
    const unit = /_kmh$/.test(last) ? "km/h" : /_min$/.test(last) ? "min" : /_s$/.test(last) ? "s" : "";
    return { zh: w[0], en: w[1], unit: unit };
  }
  // A slider with the declared band on it, the number of the file as a tick, and the break-even once it was asked for.
  S.slider = function (owner, range) {
    if (typeof range.value !== "number") { return null; }
    const key = owner + "." + range.field, span = range.high - range.low;
    const step = (STEPS.find(function (s) { return s[0].test(range.field); }) || [0, span / 20])[1];
    const down = function (v) { return Math.round(v / step) * step; };
    const least = range.low > 0 && range.low < step ? range.low : Math.min(step, range.low);
    const low = Math.max(least, down(range.low - span / 2)), high = Math.max(down(range.high + span / 2), range.high);
    const now = S.state.over[key] === undefined ? range.value : S.state.over[key];
    const part = function (v) { return (100 * (v - low) / (high - low)).toFixed(2); };
    const name = Object.assign(fieldName(range.field), range.title || {});
    const out = S.el("output", {}, now + " " + name.unit);
    const input = S.el("input", { type: "range", min: low, max: high, step: step, "data-key": key, "aria-label": S.pick(name) + " " + S.pick(titleOf(owner)) });
    input.value = now;
    input.addEventListener("input", function () {
      out.textContent = input.value + " " + name.unit;
      const value = Number(input.value);
      S.change(function (state) { if (value === range.value) { delete state.over[key]; } else { state.over[key] = value; } }, true);
    });
    input.addEventListener("change", S.endSoft);
    const ticks = [[range.value, "tick", S.t("文件中的值", "as in the file")]];
    if (S.marks[key] !== undefined) { ticks.push([S.marks[key], "even", S.t("临界值", "break-even")]); }
    const track = S.el("span", { class: "track" }, [S.el("i", { class: "band" })].concat(ticks.filter(function (t) { return t[0] >= low && t[0] <= high; }).map(function (t) {
      const mark = S.el("i", { class: t[1], title: t[2].textContent + " " + t[0] });
      mark.style.left = part(t[0]) + "%";
      return mark;
    })));
    track.firstChild.style.left = part(range.low) + "%";
    track.firstChild.style.width = (part(range.high) - part(range.low)) + "%";
    return S.el("div", { class: "slider" }, [S.el("label", {}, [S.t(name.zh, name.en), " ", out]), S.el("span", { class: "rail" }, [track, input]), S.el("small", {}, S.t("范围 " + range.low + "–" + range.high, "declared " + range.low + "–" + range.high))]);
  };
  function titleOf(owner) {
    const p = S.projectOf(owner), d = S.state.drafts.find(function (x) { return x.doc.id === owner; });
    return p ? p.title : (d && d.doc.title) || { zh: owner, en: owner };
  }

  function details(project) {
    const rows = [];
    if (project.issues.length) { rows.push(S.el("ul", { class: "issues" }, project.issues.map(function (i) { return S.el("li", { "data-code": i.code }, S.issueText(i)); }))); }
    if (project.summary) { rows.push(S.el("p", {}, project.summary)); }
    rows.push(S.el("ul", {}, project.describe.zh.map(function (line, i) { return S.el("li", {}, { zh: line, en: project.describe.en[i] || line }); })));
    if (project.assumed.length) {
      rows.push(S.el("p", {}, S.el("b", {}, S.t("假定", "Assumed"))), S.el("ul", { class: "assumed" }, project.assumed.map(function (a) { return S.el("li", {}, [S.el("code", {}, a.field), " ", window.TransitMap.both(a)]); })));
    }
    rows.push(S.el("p", {}, [S.el("b", {}, S.t("来源", "Source")), " "].concat(project.source.map(function (s) { return S.el("span", { class: "source" }, [s.publisher, s.title, s.date, "[" + s.key + "]"].filter(Boolean).join(" · ")); }))));
    rows.push(S.el("p", {}, S.t("可信度：" + project.confidence_name.zh, "confidence: " + project.confidence_name.en)));
    if (!project.in_base && !S.isOn(project.id) && S.openingOf(project.id) === null) { rows.push(S.openingSlider(project.id)); }
    return S.el("details", { "data-details": project.id }, [S.el("summary", {}, S.t("依据", "What stands behind it"))].concat(rows));
  }
  function row(project) {
    const on = S.isOn(project.id), told = explain(project);
    const box = S.el("input", { type: "checkbox", role: "switch", "data-project": project.id, checked: on, disabled: !on && rivalsOf(project).length > 0 });
    box.checked = on;
    box.addEventListener("change", function () { S.toggle(project.id, box.checked); });
    const meta = S.t(project.status_name.zh + " · " + (project.opens_latest ? project.opens.zh + " 开通" : "开通时间未知"), project.status_name.en + " · opens " + project.opens.en);
    const sliders = on ? project.ranges.map(function (r) { return S.slider(project.id, r); }) : [];
    if (!project.in_base && (on || S.openingOf(project.id) !== null)) { sliders.push(S.openingSlider(project.id)); }
    return S.el("div", { class: "switch" + (on ? " on" : ""), id: "switch-" + project.id }, [
      S.el("label", {}, [box, S.el("span", { class: "name-line" }, project.title), S.el("small", {}, meta)]),
      told.length ? S.el("p", { class: "why" }, told.map(function (t) { return S.el("span", {}, t); })) : null
    ].concat(sliders, [details(project)]));
  }
  // What a row shows, as text: while it is the same, the row that stands is left alone. Drawing all of them anew at each
  // step of a slider would take the page as long as the answer takes.
  function keyOfRow(project) {
    const on = S.isOn(project.id), own = project.ranges.map(function (r) { const key = project.id + "." + r.field; return [S.state.over[key], S.marks[key]]; });
    return JSON.stringify([on, !on && rivalsOf(project).length > 0, explain(project).map(function (t) { return t.textContent; }), on ? own : 0, S.openingOf(project.id)]);
  }
  const shown = new Map();
  let shownOf = null, shownIn = null, shownAssumptions = null;

  // Numbers that no source gives, each with the range in which it is taken to lie; moved for the scenario, not for the base.
  S.showAssumptions = function () {
    const box = document.getElementById("assumption-list");
    if (S.sliding && box.contains(document.activeElement)) { return; }
    const keys = S.choices.assumptions.map(function (a) { return "assumptions." + a.field; });
    const now = JSON.stringify([S.lang(), keys.map(function (k) { return [S.state.over[k], S.marks[k]]; })]);
    if (now === shownAssumptions) { return; }
    shownAssumptions = now;
    box.replaceChildren.apply(box, S.choices.assumptions.map(function (a) { return S.slider("assumptions", a); }));
  };
  // A row in the place of the one that stands: what was unfolded in it stays so, and what had the focus has it.
  function replaceRow(old, fresh) {
    const open = Array.from(old.querySelectorAll("details[open]"), function (d) { return d.dataset.details; });
    const active = old.contains(document.activeElement) ? document.activeElement.dataset : {}, focus = active.project || active.key || active.opens;
    fresh.querySelectorAll("details").forEach(function (d) { d.open = open.indexOf(d.dataset.details) >= 0; });
    old.replaceWith(fresh);
    const name = focus && CSS.escape(focus), f = name && fresh.querySelector('[data-project="' + name + '"], [data-key="' + name + '"], [data-opens="' + name + '"]');
    if (f) { f.focus({ preventScroll: true }); }
  }
  function showAllRows(list) {
    const open = Array.from(list.querySelectorAll("details[open]"), function (d) { return d.dataset.details; });
    shown.clear();
    const make = function (project) {
      const element = row(project);
      shown.set(project.id, { key: keyOfRow(project), element: element });
      return element;
    };
    const groups = Object.keys(FAMILIES).map(function (family) {
      const rows = S.projects.filter(function (p) { return p.family === family && !p.in_base; }).map(make);
      return rows.length ? S.el("div", {}, [S.el("h3", {}, S.t(FAMILIES[family][0], FAMILIES[family][1]))].concat(rows)) : null;
    });
    const base = S.projects.filter(function (p) { return p.in_base; }).map(make);
    if (base.length) { groups.push(S.el("details", { "data-details": "in-base" }, [S.el("summary", {}, S.t("基准中已有 " + base.length + " 项", base.length + " in the base already"))].concat(base))); }
    list.replaceChildren.apply(list, groups.filter(Boolean));
    open.forEach(function (id) { const d = list.querySelector('details[data-details="' + CSS.escape(id) + '"]'); if (d) { d.open = true; } });
  }
  S.showSwitches = function () {
    S.showAssumptions();
    const list = document.getElementById("switch-list");
    // A slider in the hand of the user is not taken away.
    if (document.activeElement && document.activeElement.type === "range" && list.contains(document.activeElement) && S.sliding) { return; }
    if (shownOf !== S.projects || shownIn !== S.lang()) {
      shownOf = S.projects;
      shownIn = S.lang();
      showAllRows(list);
    } else {
      S.projects.forEach(function (project) {
        const stands = shown.get(project.id), key = keyOfRow(project);
        if (stands.key === key) { return; }
        const fresh = row(project);
        replaceRow(stands.element, fresh);
        shown.set(project.id, { key: key, element: fresh });
      });
    }
    const n = S.state.on.length + S.state.drafts.filter(function (d) { return d.on; }).length;
    document.getElementById("count").textContent = n ? "+" + n : "";
  };
  document.addEventListener("pointerdown", function (e) { S.sliding = e.target.type === "range"; });
  document.addEventListener("pointerup", function () { if (S.sliding) { S.sliding = false; if (S.projects) { S.showSwitches(); } } });
})(window.TransitStudio);
