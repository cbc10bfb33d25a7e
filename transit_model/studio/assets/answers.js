// The answers: people, goals as bullets, pairs, the legs of a journey; each with what it was before.
(function (S) {
  "use strict";
  const NS = "http://www.w3.org/2000/svg";
  function svg(tag, attributes) {
    const element = document.createElementNS(NS, tag);
    Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    return element;
  }
  function change(now, before, digits) {
    if (now === null || before === null || now === undefined || before === undefined) { return "—"; }
    const d = digits ? Math.round(now * 10) / 10 - Math.round(before * 10) / 10 : Math.round(now) - Math.round(before);
    if (Math.abs(d) < (digits ? 0.05 : 1)) { return "0"; }
    return (d > 0 ? "+" : "−") + (digits ? Math.abs(d).toFixed(1) : Math.abs(d).toLocaleString("en-US"));
  }
  S.showPeople = function (now, before) {
    const body = document.querySelector("#people tbody");
    body.replaceChildren.apply(body, now.map(function (row, i) {
      const was = before[i] ? before[i].population : null;
      return S.el("tr", {}, [S.el("th", { scope: "row" }, String(row.cutoff_min)), S.el("td", {}, S.people(was)), S.el("td", { "data-people": row.cutoff_min }, S.people(row.population)), S.el("td", {}, change(row.population, was, false))]);
    }));
    document.getElementById("no-ring").hidden = now.length > 0;
  };

  function bullet(now, before, most) {
    const w = 130, x = function (m) { return Math.min(w - 4, 4 + (w - 8) * m / most); };
    const picture = svg("svg", { viewBox: "0 0 " + w + " 22", class: "bullet", "aria-hidden": "true" });
    picture.append(svg("rect", { x: 4, y: 8, width: w - 8, height: 6, class: "bullet-ground" }));
    picture.append(svg("rect", { x: 4, y: 8, width: Math.max(0, x(now.threshold_min) - 4), height: 6, class: "bullet-within" }));
    picture.append(svg("line", { x1: x(now.threshold_min), x2: x(now.threshold_min), y1: 2, y2: 20, class: "bullet-limit" }));
    if (before && before.value_min !== null) { picture.append(svg("circle", { cx: x(before.value_min), cy: 11, r: 5, class: "bullet-before" })); }
    if (now.value_min !== null) { picture.append(svg("circle", { cx: x(now.value_min), cy: 11, r: 4, class: "bullet-now v-" + now.verdict })); }
    return picture;
  }
  S.showGoals = function (now, before) {
    const box = document.getElementById("goals");
    const ids = Array.from(new Set(now.map(function (v) { return v.goal; })));
    box.replaceChildren.apply(box, ids.map(function (id) {
      const goal = S.choices.goals.find(function (g) { return g.id === id; });
      const rows = now.filter(function (v) { return v.goal === id; });
      const most = 1.15 * Math.max.apply(null, rows.concat(before).filter(function (v) { return v.goal === id; }).map(function (v) { return Math.max(v.value_min || 0, v.threshold_min || 0); }));
      return S.el("div", { class: "goal", "data-goal": id }, [S.el("h3", {}, goal.title)].concat(rows.map(function (v) {
        const was = before.find(function (b) { return b.goal === id && b.reading === v.reading; });
        const reading = S.choices.readings.find(function (r) { return r.id === v.reading; });
        const word = S.choices.verdicts[v.verdict];
        const margin = v.margin_min === null ? "" : (v.margin_min < 0 ? "−" : "+") + Math.abs(v.margin_min).toFixed(1);
        return S.el("div", { class: "goal-row" + (v.judged ? "" : " aside"), "data-reading": v.reading }, [
          S.el("span", { class: "rd-name" }, reading), bullet(v, was, most),
          S.el("span", { class: "chip v-" + v.verdict }, [S.el("b", {}, S.minutes(v.value_min)), S.el("span", {}, word)]),
          S.el("small", { class: "margin", title: S.lang() === "zh" ? "余量（较基准的分钟变化）" : "margin (change of minutes from the base)" }, [margin, was && was.value_min !== null && v.value_min !== null && was.value_min !== v.value_min ? " (" + change(v.value_min, was.value_min, true) + ")" : ""])
        ]);
      })));
    }));
  };

  S.showPairs = function (now, before) {
    const body = document.querySelector("#pairs tbody");
    const was = new Map(before.map(function (r) { return [r.to, r.minutes]; }));
    const rows = now.filter(function (r) { return r.to !== r.from; }).map(function (r) { return Object.assign({ was: was.has(r.to) ? was.get(r.to) : null }, r); });
    const gain = function (r) { return r.minutes === null || r.was === null ? 0 : r.was - r.minutes; };
    rows.sort(function (a, b) { return gain(b) - gain(a) || (a.minutes === null) - (b.minutes === null) || a.minutes - b.minutes; });
    body.replaceChildren.apply(body, rows.map(function (r) {
      const place = S.placeOf(r.to) || { zh: r.to, en: r.to };
      const button = S.el("button", { type: "button", class: "link", "data-to": r.to, onclick: function () { S.showJourney(r.to); } }, place);
      return S.el("tr", { class: gain(r) > 0.05 ? "better" : gain(r) < -0.05 ? "worse" : "" }, [S.el("th", { scope: "row" }, button), S.el("td", {}, S.minutes(r.was)), S.el("td", { "data-minutes": r.to }, S.minutes(r.minutes)), S.el("td", {}, change(r.minutes, r.was, true))]);
    }));
  };

  function legs(journey, title) {
    if (!journey) { return S.el("p", { class: "hint" }, [title, ": ", S.t("没有行程", "no journey")]); }
    return S.el("div", {}, [S.el("h4", {}, [title, " ", S.el("b", {}, S.minutes(journey.minutes))]), S.el("ol", { class: "legs" }, journey.legs.map(function (leg) {
      const text = leg.text && leg.text.zh !== undefined ? leg.text : { zh: String(leg.text), en: String(leg.text) };
      return S.el("li", { class: leg.project ? "by-project" : "" }, [S.el("b", {}, S.minutes(leg.minutes)), " ", window.TransitMap.both(text), leg.project ? S.el("small", {}, " [" + leg.project + "]") : null]);
    }))]);
  }
  S.showJourney = async function (to) {
    const box = document.getElementById("journey");
    box.hidden = false;
    box.replaceChildren(S.t("…", "…"));
    try {
      const told = await S.post("api/journey", Object.assign({ origin: S.state.origin, destination: to, mode: S.state.mode, reading: S.state.reading }, S.circumstances(), S.scenario()));
      const place = S.placeOf(to) || { zh: to, en: to };
      box.replaceChildren(S.el("button", { type: "button", class: "x", "aria-label": "×", onclick: function () { box.hidden = true; } }, "×"), S.el("h3", {}, place), legs(told.before, S.t("原来", "Before")), legs(told.after, S.t("现在", "Now")));
      box.scrollIntoView({ block: "nearest" });
    } catch (error) { box.replaceChildren(issueList(error)); }
  };
  function issueList(error) {
    const issues = S.listIssues(error);
    return S.el("ul", { class: "issues" }, issues.map(function (i) { return S.el("li", {}, S.issueText(i)); }));
  }
  S.issueText = function (i) {
    const zh = S.lang() === "zh", message = (zh && i.message_zh) || i.message, hint = (zh && i.hint_zh) || i.hint;
    const value = i.value ? (zh ? "（" + i.value + "）" : " (" + i.value + ")") : "";
    return [i.field ? "[" + i.field + "] " : "", message, value, hint ? " → " + hint : ""].join("");
  };
  S.showIssues = function (issues) {
    const list = document.getElementById("issues");
    list.hidden = !issues.length;
    list.replaceChildren.apply(list, issues.map(function (i) { return S.el("li", { "data-code": i.code }, S.issueText(i)); }));
  };

  function more(make) {
    const box = document.getElementById("more-answer");
    box.replaceChildren(S.t("正在计算…", "computing…"));
    make(box).catch(function (error) { if (error.name !== "AbortError") { box.replaceChildren(issueList(error)); } });
  }
  S.wireMore = function () {
    document.getElementById("show-change").addEventListener("click", function () {
      more(async function (box) {
        const told = await S.post("api/compare", Object.assign({ origin: S.state.origin, mode: S.state.mode, reading: S.state.reading, tolerance_m: 250 }, S.circumstances(), S.scenario()));
        S.paintChange(told.saved.features);
        const c = told.certificate, sound = c.failures.length === 0;
        box.replaceChildren(
          S.el("p", { class: sound ? "sound" : "unsound" }, sound ? S.t("校验通过", "The comparison is sound") : S.t("校验未通过", "The comparison is not sound")),
          S.el("ul", { class: "certificate" }, [
            S.el("li", {}, S.t("同一方案重算之差 " + c.null_edit_max_s + " 秒", "null edit: " + c.null_edit_max_s + " s")),
            S.el("li", {}, S.t("变慢的格子 " + c.worsened_cells, "worsened cells: " + c.worsened_cells)),
            S.el("li", {}, S.t("未受影响且逐位相同的格子 " + c.untouched_cells, "untouched cells, equal to the bit: " + c.untouched_cells))
          ].concat(c.failures.map(function (i) { return S.el("li", {}, S.issueText(i)); }))),
          S.el("table", { id: "saved" }, [S.el("thead", {}, S.el("tr", {}, [S.el("th", {}, S.t("节省至少", "saved at least")), S.el("th", {}, "km²"), S.el("th", {}, S.t("人", "people"))])), S.el("tbody", {}, told.saved.features.map(function (f) {
            return S.el("tr", {}, [S.el("td", {}, [S.swatch(f.properties.rank), " ", f.properties.saved_min + " min"]), S.el("td", {}, S.people(f.properties.area_km2)), S.el("td", {}, S.people(f.properties.population))]);
          }))])
        );
      });
    });
    document.getElementById("show-shares").addEventListener("click", function () { choose(false); });
    document.getElementById("show-require").addEventListener("click", function () { choose(true); });
  };
  function choose(require) {
    const box = document.getElementById("more-answer");
    const goals = S.choices.goals.filter(function (g) { return g.headline && !g.unmeasurable; });
    const goal = S.el("select", { name: "goal" }, goals.map(function (g) { return S.el("option", { value: g.id }, S.pick(g.title)); }));
    const reading = S.el("select", { name: "reading" }, S.choices.readings.map(function (r) { return S.el("option", { value: r.id, selected: r.id === S.state.reading }, S.pick(r)); }));
    const keys = Array.from(document.querySelectorAll(".slider input"), function (i) { return i.dataset.key; });
    const vary = S.el("select", { name: "vary" }, keys.map(function (k) { return S.el("option", { value: k }, k); }));
    const answer = S.el("div", { role: "status" });
    const run = S.el("button", { type: "button", class: "btn", id: "run-more", onclick: function () { (require ? askRequire : askShares)(goal.value, reading.value, vary.value, answer); } }, S.t("计算", "Compute"));
    if (require && !keys.length) { box.replaceChildren(S.t("先打开一个有数字范围的项目。", "Switch on a project with a declared range first.")); return; }
    box.replaceChildren(S.el("div", { class: "ask" }, [goal, reading, require ? vary : null, run]), answer);
  }
  async function askShares(goal, reading, _vary, box) {
    box.replaceChildren(S.t("正在计算…", "computing…"));
    try {
      const told = await S.post("api/shares", Object.assign({ measure: "goal:" + goal + ":" + reading, base: S.state.base, timetable: S.state.timetable }, S.scenario()));
      box.replaceChildren(S.el("table", { id: "shares" }, [S.el("caption", {}, S.t("余量共变化 " + S.minutes(told.total) + " 分钟", "the margin changes by " + S.minutes(told.total) + " min")), S.el("tbody", {}, told.rows.map(function (r) {
        const p = S.projectOf(r.project);
        return S.el("tr", {}, [S.el("th", { scope: "row" }, p ? p.title : r.project), S.el("td", {}, S.minutes(r.shapley))]);
      }))]));
    } catch (error) { box.replaceChildren(issueList(error)); }
  }
  async function askRequire(goal, reading, vary, box) {
    box.replaceChildren(S.t("正在计算…", "computing…"));
    try {
      const told = await S.post("api/require", Object.assign({ goal: goal, reading: reading, vary: vary, base: S.state.base, timetable: S.state.timetable }, S.scenario()));
      const words = { met_already: ["已达到", "met already"], crossing: ["临界值", "break-even"], always_met: ["怎样都达到", "always met"], cannot_be_met: ["只改这个数达不到", "this number alone cannot meet it"] };
      const w = words[told.outcome] || [told.outcome, told.outcome];
      if (told.required !== null) { S.marks[vary] = told.required; S.showSwitches(); S.showDrafts(); }
      box.replaceChildren(S.el("p", { id: "required" }, [S.t(w[0], w[1]), told.required === null ? "" : ": " + Math.round(told.required * 10) / 10, S.el("small", {}, " (" + vary + " = " + told.now + ")")]));
    } catch (error) { box.replaceChildren(issueList(error)); }
  }
})(window.TransitStudio);
