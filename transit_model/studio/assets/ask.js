// Asks this machine, newest question first: an older one is given up here and dropped there.
(function (S) {
  "use strict";
  const session = Array.from(crypto.getRandomValues(new Uint8Array(12)), function (b) { return b.toString(16).padStart(2, "0"); }).join("");
  const kept = new Map();
  let turn = 0, running = null;

  function Refused(issues, status) { this.issues = issues; this.status = status; }
  S.Refused = Refused;

  // What went wrong, as issues in both languages: those that were answered, else what the browser could not do.
  S.listIssues = function (error) {
    if (error.issues) { return error.issues; }
    const lost = error instanceof TypeError;
    return [{
      code: lost ? "no_answer" : "failed", severity: "error",
      message: lost ? "the studio does not answer" : "the page could not do this: " + error,
      message_zh: lost ? "工作台没有应答" : "页面无法完成此操作：" + error,
      hint: lost ? "is the program still running? nothing that was drawn is lost" : "",
      hint_zh: lost ? "程序还在运行吗？已画的内容没有丢失" : ""
    }];
  };
  async function read(response) {
    let data = null;
    try { data = await response.json(); } catch (error) { throw new Refused(S.listIssues(new TypeError(String(error))), response.status); }
    if (!response.ok) { throw new Refused(data.issues || [], response.status); }
    return data;
  }
  S.get = async function (path) { return read(await fetch(path, { headers: { accept: "application/json" } })); };
  S.post = async function (path, body, signal) {
    return read(await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal: signal }));
  };
  // Begins a new turn: whatever was asked before is no longer waited for.
  S.newTurn = function () {
    if (running) { running.abort(); }
    running = new AbortController();
    turn += 1;
    return { turn: turn, signal: running.signal };
  };
  S.isCurrent = function (now) { return now.turn === turn; };
  S.measure = function (body, now) {
    return S.post("api/measure", Object.assign({ session: session, turn: now.turn }, body), now.signal);
  };
  // Each question is asked once and its answer kept, the latest 200: undo and a switch put back show at once.
  S.measureOnce = async function (body, now) {
    const key = JSON.stringify(body);
    if (!kept.has(key)) {
      const answer = await S.measure(body, now);
      kept.set(key, answer);
      if (kept.size > 200) { kept.delete(kept.keys().next().value); }
    }
    return kept.get(key);
  };

  S.isKept = function (body) { return kept.has(JSON.stringify(body)); };
  S.forget = function () { kept.clear(); };

  // The scenario of the page as the interface wants it.
  S.scenario = function () {
    const state = S.state;
    const drafts = state.drafts.filter(function (d) { return d.on; }).map(function (d) { return d.doc; });
    const ids = drafts.map(function (d) { return d.id; });
    const standing = state.on.concat(ids);
    const over = {};
    Object.keys(state.over).forEach(function (key) { if (key.indexOf("assumptions.") === 0 || standing.indexOf(key.split(".")[0]) >= 0 || S.inBase(key.split(".")[0])) { over[key] = state.over[key]; } });
    return { projects: state.on.filter(function (p) { return ids.indexOf(p) < 0; }).concat(drafts), without: state.off, overrides: over };
  };
  S.circumstances = function () {
    const state = S.state, out = { base: state.base, speeds: state.speeds };
    if (state.window) { out.window = state.window; }
    if (state.timetable) { out.timetable = state.timetable; }
    return out;
  };
})(window.TransitStudio);
