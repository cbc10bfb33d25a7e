// The form of a project: the keys that are changed most, the whole document for all others; and the list of what is drawn.
(function (S) {
  "use strict";
  function select(options, empty) {
    return S.el("select", {}, (empty ? [["", "（不变）", "(as it is)"]] : []).concat(options).map(function (o) { return S.el("option", { value: o[0] }, S.lang() === "zh" ? o[1] : o[2]); }));
  }
  function makeInput(field) {
    const type = field[3], optional = Boolean(field[4]);
    if (Array.isArray(type)) { return select(type, false); }
    if (type === "highway") { return select(S.choices.highways.map(function (h) { return [h.id, h.zh, h.en]; }), optional); }
    if (type === "bool") { return select([["true", "是", "yes"], ["false", "否", "no"]], optional); }
    return S.el("input", { type: type === "number" ? "number" : "text", step: "any", autocomplete: "off" });
  }
  function asText(value) { return value === undefined || value === null ? "" : Array.isArray(value) ? value.join(typeof value[0] === "number" ? "-" : ", ") : String(value); }

  // Where a text is no JSON: the browser tells a position or a line, in words of its own that nobody translated.
  function tellSyntax(text, error) {
    const line = /line (\d+)/.exec(error.message), at = /position (\d+)/.exec(error.message);
    const n = line ? line[1] : at ? text.slice(0, Number(at[1])).split("\n").length : text.split("\n").length;
    return { code: "bad_json", message: "not valid JSON: see line " + n, message_zh: "不是有效的 JSON：见第 " + n + " 行", hint: "what was typed stays; the form goes on with the document before", hint_zh: "已输入的内容保留；表单沿用之前的文档" };
  }

  S.openForm = function (given, index) {
    const doc = JSON.parse(JSON.stringify(given));
    const form = document.getElementById("dialog-form"), dialog = document.getElementById("dialog");
    const whole = S.el("textarea", { name: "document", rows: 12, spellcheck: "false" });
    const details = S.el("details", { id: "whole-document" }, [S.el("summary", {}, S.t("完整文档（与YAML文件同样的键）", "the whole document (the keys of the YAML file)")), whole]);
    const issues = S.el("ul", { class: "issues", id: "form-issues", hidden: true }), warnings = S.el("ul", { class: "warnings", id: "form-warnings", hidden: true });
    const grid = S.el("div", { class: "grid2" }), about = S.el("p", { class: "hint", id: "form-about" });
    const title = S.nameOfKind(doc);
    function text() { whole.value = JSON.stringify(doc, null, 1); foresee(); }
    function addField(field) {
      const how = field[5], input = makeInput(field);
      input.name = field[0];
      input.value = asText(how ? how.get(doc) : S.dig(doc, field[0]));
      input.addEventListener("change", function () {
        if (how) { how.set(doc, input.value); draw(field[0]); } else { S.put(doc, field[0], S.readField(field, input.value.trim())); }
        text();
      });
      return S.el("label", { "data-field": field[0] }, [S.t(field[1], field[2]), input, S.el("span", { class: "field-issue" }), S.el("span", { class: "field-warning" })]);
    }
    function addRange(varied) {
      const range = S.el("input", { name: "range", placeholder: "200-350", autocomplete: "off" });
      if (doc.ranges && doc.ranges[varied]) { range.value = doc.ranges[varied].join("-"); }
      range.addEventListener("change", function () {
        const ends = range.value.split(/\s*[-–,~]\s*/).map(Number);
        if (ends.length === 2 && ends.every(isFinite)) { doc.ranges = doc.ranges || {}; doc.ranges[varied] = ends; } else if (doc.ranges) { delete doc.ranges[varied]; }
        text();
      });
      return S.el("label", { "data-field": "ranges." + varied }, [S.t("不确定范围（滑块）", "uncertain range (slider)"), range, S.el("span", { class: "field-issue" }), S.el("span", { class: "field-warning" })]);
    }
    function draw(focus) {
      const varied = S.findVaried(doc);
      grid.replaceChildren.apply(grid, S.listFields(doc).map(addField).concat(varied ? [addRange(varied)] : []));
      const again = focus && grid.querySelector('[name="' + CSS.escape(focus) + '"]');
      if (again) { again.focus(); }
    }
    whole.addEventListener("change", function () {
      try { const next = JSON.parse(whole.value); if (!next || typeof next !== "object" || Array.isArray(next)) { tell([{ code: "not_a_mapping", message: "the document must be keys and values", message_zh: "文档须由键和值组成" }]); return; } Object.keys(doc).forEach(function (k) { delete doc[k]; }); Object.assign(doc, next); tell([]); draw(); foresee(); }
      catch (error) { tell([tellSyntax(whole.value, error)]); }
    });
    // An issue stands at the field that it names, at one within it, or at the one that it is within; else above all.
    function labelOf(issue) {
      const labels = Array.from(grid.querySelectorAll("[data-field]"));
      const name = issue.field || "";
      return name && (labels.find(function (l) { return l.dataset.field === name || l.dataset.field === "ranges." + name; })
        || labels.find(function (l) { return name.indexOf(l.dataset.field + ".") === 0; }) || labels.find(function (l) { return l.dataset.field.indexOf(name + ".") === 0; }));
    }
    // A field may have several, and several parts of what it stands for.
    function place(found, name, list) {
      grid.querySelectorAll(name).forEach(function (s) { s.textContent = ""; });
      const rest = found.filter(function (i) {
        const at = labelOf(i);
        if (at) {
          const box = at.querySelector(name), part = i.field === at.dataset.field ? null : i.field;
          box.textContent += (box.textContent ? (S.lang() === "zh" ? "；" : "; ") : "") + S.issueText(Object.assign({}, i, { field: part }));
        }
        return !at;
      });
      list.hidden = !rest.length;
      list.replaceChildren.apply(list, rest.map(function (i) { return S.el("li", { "data-code": i.code }, S.issueText(i)); }));
    }
    function warn(found) { place(found.filter(isWarning), ".field-warning", warnings); }
    function tell(found) {
      place(found.filter(function (i) { return i.severity !== "warning"; }), ".field-issue", issues);
      warn(found);
      const first = grid.querySelector(".field-issue:not(:empty)");
      if (first) { first.parentElement.querySelector("input, select").focus(); }
    }
    function isWarning(issue) { return issue.severity === "warning" && issue.file === "projects/" + doc.id + ".yaml"; }
    function ask() {
      const scenario = S.scenario(), own = index === undefined ? null : S.state.drafts[index].doc.id;
      scenario.projects = scenario.projects.filter(function (p) { return (p.id || p) !== own; });
      return S.post("api/check", Object.assign({ document: doc }, S.circumstances(), scenario));
    }
    // Warnings stand at their fields while one types, and hinder nothing; errors are told when it is to be taken.
    let asked = 0, waiting = null;
    function foresee() {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(async function () {
        asked += 1;
        const now = asked;
        let found = [];
        try { found = (await ask()).issues; } catch (error) { found = S.listIssues(error); }
        if (now === asked && dialog.open && grid.isConnected) { warn(found); }
      }, 300);
    }
    const accept = S.el("button", { type: "button", class: "btn", id: "form-ok" }, S.t("检查并采用", "Check and take"));
    accept.addEventListener("click", async function () {
      accept.disabled = true;
      window.clearTimeout(waiting);
      asked += 1;
      try { S.warnings[doc.id] = (await ask()).issues.filter(isWarning); }
      catch (error) { tell(S.listIssues(error)); return; }
      finally { accept.disabled = false; }
      dialog.close();
      S.change(function (state) { if (index === undefined) { state.drafts.push({ doc: doc, on: true }); } else { state.drafts[index].doc = doc; } });
    });
    form.replaceChildren(
      S.el("h2", {}, S.t(title.zh, title.en)), issues, warnings, about, grid, details,
      S.el("div", { class: "buttons" }, [S.el("button", { type: "button", class: "btn", onclick: function () { dialog.close(); } }, S.t("取消", "Cancel")), accept])
    );
    draw();
    text();
    tellTrains(doc, about);
    dialog.showModal();
  };
  // How many trains there are and how fast, where the form changes those that run.
  async function tellTrains(doc, about) {
    const between = S.dig(doc, "changes.0.trains.between") || S.dig(doc, "retime.0.between");
    if (!between) { return; }
    try {
      const told = await S.get("api/trains?base=" + encodeURIComponent(S.state.base) + "&first=" + encodeURIComponent(between[0]) + "&last=" + encodeURIComponent(between[1]));
      const parts = told.rows.map(function (r) { return r.class + " " + r.trains; }).join(", ") || "0";
      about.replaceChildren(S.t("基准中每日（双向）：" + parts + (told.fastest_min === null ? "" : "；最快 " + S.minutes(told.fastest_min) + " 分钟"), "in the base a day, both ways: " + parts + (told.fastest_min === null ? "" : "; the fastest takes " + S.minutes(told.fastest_min) + " min")));
    } catch (error) { about.replaceChildren((error.issues || []).map(S.issueText).join(" ")); }
  }

  S.draftIssues = [];
  S.warnings = {};
  S.showDraftIssues = function (issues) { S.draftIssues = issues; S.showDrafts(); };
  S.showDrafts = function () {
    const box = document.getElementById("draft-list");
    if (S.sliding && box.contains(document.activeElement)) { return; }
    box.replaceChildren.apply(box, S.state.drafts.map(function (draft, i) {
      const doc = draft.doc, words = S.nameOfKind(doc);
      const check = S.el("input", { type: "checkbox", role: "switch", "data-draft": doc.id });
      check.checked = draft.on;
      check.addEventListener("change", function () { S.change(function (s) { s.year = null; s.drafts[i].on = check.checked; }); });
      const own = S.draftIssues.filter(function (issue) { return issue.file === "projects/" + doc.id + ".yaml"; });
      const warned = S.warnings[doc.id] || [];
      const button = function (name, zh, en, run) { return S.el("button", { type: "button", class: "btn", "data-act": name, onclick: run }, S.t(zh, en)); };
      const sliders = draft.on && doc.ranges ? Object.keys(doc.ranges).map(function (f) { return S.slider(doc.id, { field: f, low: doc.ranges[f][0], high: doc.ranges[f][1], value: S.dig(doc, f) }); }) : [];
      if (S.openingBand(doc.id)[1] !== null || S.state.opened[doc.id] !== undefined) { sliders.push(S.openingSlider(doc.id)); }
      return S.el("div", { class: "draft switch" }, [
        S.el("label", {}, [check, S.el("span", { class: "name-line" }, doc.title && doc.title.zh !== undefined ? doc.title : String(doc.id)), S.el("small", {}, S.t(words.zh, words.en))]),
        own.length ? S.el("ul", { class: "issues" }, own.map(function (issue) { return S.el("li", {}, S.issueText(issue)); })) : null,
        warned.length ? S.el("ul", { class: "warnings" }, warned.map(function (issue) { return S.el("li", { "data-code": issue.code }, S.issueText(issue)); })) : null
      ].concat(sliders, [S.el("div", { class: "row" }, [
        button("edit", "编辑、改名", "Edit, rename", function () { S.openForm(doc, i); }),
        button("copy", "复制", "Duplicate", function () { S.change(function (s) { const twin = JSON.parse(JSON.stringify(doc)); twin.id = S.freshId(doc.id.replace(/_\d+$/, "")); twin.title = { zh: doc.title.zh + "（副本）", en: doc.title.en + " (copy)" }; s.drafts.push({ doc: twin, on: false }); }); }),
        button("delete", "删除", "Delete", function () { S.change(function (s) { s.drafts.splice(i, 1); }); })
      ])]));
    }));
  };
})(window.TransitStudio);
