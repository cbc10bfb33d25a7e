// Keeping and passing on: files in a folder of one's own, a link that holds everything, the commands that say the same.
(function (S) {
  "use strict";
  S.seen = {};
  S.savedAs = null;
  S.saved = null;

  async function copy(text, button, zh, en) {
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch (error) { done = false; }
    if (!done) { show([S.el("textarea", { rows: 6, readonly: true, id: "copied" }, text)], zh, en); return; }
    const before = Array.from(button.childNodes);
    button.replaceChildren(S.t("已复制", "copied"));
    window.setTimeout(function () { button.replaceChildren.apply(button, before); }, 1500);
  }
  function show(parts, zh, en) {
    const dialog = document.getElementById("dialog"), form = document.getElementById("dialog-form");
    form.replaceChildren.apply(form, [S.el("h2", {}, S.t(zh, en))].concat(parts, [S.el("div", { class: "buttons" }, S.el("button", { type: "button", class: "btn", onclick: function () { dialog.close(); } }, S.t("关闭", "Close")))]));
    if (!dialog.open) { dialog.showModal(); }
  }
  // What a scenario is saved as holds of it alone: after a change it is another scenario, until that change is undone.
  function whatIsSaved() { return JSON.stringify([S.state.base, S.state.timetable, S.scenario()]); }
  S.nameSaved = function () { return S.saved === whatIsSaved() ? S.savedAs : null; };
  S.isPlain = function () {
    const scenario = S.scenario();
    return !scenario.projects.length && !scenario.without.length && !Object.keys(scenario.overrides).length;
  };
  // The commands that tell the numbers of the page. What a question has no use for the command line refuses: roads have
  // no departure times, and a reading in free flow has no other speeds.
  S.commands = function () {
    const s = S.state, c = S.choices, name = S.isPlain() ? s.base : S.nameSaved() || "NAME", timetable = s.timetable || c.timetable;
    const where = (c.folder ? " --scenarios " + JSON.stringify(c.folder) : "") + (c.region_folder ? " --region " + JSON.stringify(c.region_folder) : "") + (timetable ? " --timetable " + timetable : "");
    const reading = c.readings.find(function (r) { return r.id === s.reading; });
    const speeds = s.speeds === "typical" || reading.own_speeds ? "" : " --speeds " + s.speeds, window_ = s.window && s.mode !== "road" ? " --window " + s.window : "";
    const out = [];
    if (reading.surfaces.indexOf(s.mode) >= 0) { out.push("transit-model isochrone --from " + s.origin + " --mode " + s.mode + " --reading " + s.reading + " --cutoffs " + s.cut.join(",") + " --scenario " + name + speeds + window_ + where + " -o rings.geojson"); }
    out.push("transit-model od --from " + s.origin + " --to county_seats --mode " + s.mode + " --reading " + s.reading + " --scenario " + name + speeds + window_ + where);
    // goals are judged at typical speeds over the window of the region, and the command has no options for others
    if (s.speeds === "typical" && !s.window) { out.push("transit-model goals --scenario " + name + where); }
    return out.join("\n");
  };

  function saveForm() {
    const dialog = document.getElementById("dialog"), form = document.getElementById("dialog-form");
    const field = function (name, zh, en, value) { const i = S.el("input", { name: name, autocomplete: "off" }); i.value = value; return S.el("label", {}, [S.t(zh, en), i]); };
    const told = S.el("div", { id: "save-told", role: "status" });
    const run = S.el("button", { type: "button", class: "btn", id: "save-ok" }, S.t("保存", "Save"));
    run.addEventListener("click", async function () {
      told.replaceChildren(S.t("…", "…"));
      const now = whatIsSaved();
      const body = Object.assign({ id: form.elements["scenario-id"].value, title: { zh: form.elements["title-zh"].value, en: form.elements["title-en"].value }, seen: S.seen, base: S.state.base, timetable: S.state.timetable }, S.scenario());
      try {
        const answer = await S.post("api/save", body);
        answer.files.forEach(function (f) { S.seen[f.file] = f.hash; });
        S.savedAs = body.id;
        S.saved = now;
        const issues = answer.issues.length ? S.el("ul", { class: "issues" }, answer.issues.map(function (i) { return S.el("li", { "data-code": i.code }, S.issueText(i)); })) : "";
        told.replaceChildren(S.el("p", { class: "sound" }, S.t("已保存", "saved")), issues, S.el("ul", {}, answer.files.map(function (f) { return S.el("li", {}, f.file); })), writeButton("export", "GTFS 和 GeoPackage", "GTFS and GeoPackage"), " ", writeButton("pages", "离线页面和两页简报（几分钟）", "offline pages and the two-page brief (some minutes)"));
      } catch (error) { told.replaceChildren(S.el("ul", { class: "issues" }, S.listIssues(error).map(function (i) { return S.el("li", { "data-code": i.code }, S.issueText(i)); }))); }
    });
    function writeButton(what, zh, en) {
      const button = S.el("button", { type: "button", class: "btn", "data-write": what }, S.t(zh, en));
      button.addEventListener("click", async function () {
        button.disabled = true;
        if (!S.nameSaved()) { told.append(S.el("p", { class: "issues", "data-code": "not_saved" }, S.t("方案在保存后有改动，请先再保存。", "the scenario has changed since it was saved: save it again first"))); button.disabled = false; return; }
        try { const answer = await S.post("api/write", { id: S.nameSaved(), what: what, timetable: S.state.timetable }); told.append(S.el("ul", { class: "written" }, answer.files.map(function (f) { return S.el("li", {}, f); }))); }
        catch (error) { told.append(S.el("ul", { class: "issues" }, S.listIssues(error).map(function (i) { return S.el("li", {}, S.issueText(i)); }))); }
        button.disabled = false;
      });
      return button;
    }
    form.replaceChildren(
      S.el("h2", {}, S.t("保存方案", "Save the scenario")),
      S.choices.saves ? S.el("p", { class: "hint" }, S.choices.folder) : S.el("p", { class: "issues" }, S.t("启动时没有指定文件夹：transit-model studio --scenarios 文件夹", "started without a folder: transit-model studio --scenarios DIR")),
      field("scenario-id", "编号（小写字母、数字、-）", "id (small letters, digits, -)", S.savedAs || "my-plan"), field("title-zh", "名称（中文）", "name (Chinese)", "我的方案"), field("title-en", "名称（英文）", "name (English)", "my plan"),
      told, S.el("div", { class: "buttons" }, [S.el("button", { type: "button", class: "btn", onclick: function () { dialog.close(); } }, S.t("关闭", "Close")), S.choices.saves ? run : null].filter(Boolean))
    );
    dialog.showModal();
  }
  S.wireKeep = function () {
    document.getElementById("copy-link").addEventListener("click", function (e) { S.tellLink(); copy(window.location.href, e.currentTarget, "链接", "Link"); });
    document.getElementById("copy-command").addEventListener("click", function (e) { copy(S.commands(), e.currentTarget, "命令（先保存方案）", "Commands (save the scenario first)"); });
    document.getElementById("save").addEventListener("click", saveForm);
  };
  S.tellLink = function () { try { window.history.replaceState(null, "", "#s=" + S.pack(S.state)); } catch (error) { /* some viewers forbid it */ } };
})(window.TransitStudio);
