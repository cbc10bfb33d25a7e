// No dead controls: a choice without data is disabled and says why, and a choice that leaves another one without data
// moves that one to what there is.
(function (T) {
  "use strict";
  // The scenarios that a page shows: its own and its base, or those of the years.
  function scenarios() {
    return T.data.steps ? T.data.steps.map(function (s) { return s.scenario; }) : [T.data.scenario, T.data.base].filter(Boolean);
  }
  function has(mode, reading) {
    return scenarios().some(function (s) {
      return T.data.centres.some(function (o) {
        return T.hasLayer(s, o, mode, reading) || Boolean(T.dig(T.data.rings, [s, reading, mode, o]));
      });
    });
  }
  function set(name, isOpen, why) {
    const said = {};
    document.querySelectorAll('#choices [name="' + name + '"]').forEach(function (input) {
      const open = isOpen(input.value), label = input.closest("label");
      input.disabled = !open;
      label.classList.toggle("off", !open);
      if (open) { label.removeAttribute("title"); return; }
      said[why(input.value)] = true;
      label.title = T.say(why(input.value))[window.TransitLang.get()];
      label.dataset.why = why(input.value);
    });
    // The reason stands below the controls, once.
    const group = document.querySelector('#choices [name="' + name + '"]');
    let note = group && group.closest("fieldset").querySelector(".why");
    if (!group) { return; }
    if (!note) {
      note = document.createElement("p");
      note.className = "why";
      group.closest("fieldset").appendChild(note);
    }
    note.hidden = Object.keys(said).length === 0;
    note.replaceChildren.apply(note, Object.keys(said).map(function (key) { return T.both(T.say(key)); }));
  }
  function settle(name) {
    const all = Array.from(document.querySelectorAll('#choices [name="' + name + '"]'));
    const chosen = all.find(function (i) { return i.checked; });
    if (chosen && !chosen.disabled) { return; }
    const open = all.filter(function (i) { return !i.disabled; });
    if (open.length) { open[open.length - 1].checked = true; }
  }
  T.settleControls = function () {
    const all = function (name) { return Array.from(document.querySelectorAll('#choices [name="' + name + '"]')).map(function (i) { return i.value; }); };
    const readings = all("reading");
    set("mode", function (m) { return readings.some(function (r) { return has(m, r); }); }, function () { return "why_no_mode"; });
    settle("mode");
    const mode = T.checked("mode")[0];
    set("reading", function (r) { return has(mode, r); }, function () { return "why_promoter"; });
    settle("reading");
  };
  document.addEventListener("langchange", function () {
    document.querySelectorAll("#choices .off").forEach(function (label) {
      if (label.dataset.why) { label.title = T.say(label.dataset.why)[window.TransitLang.get()]; }
    });
  });
})(window.TransitMap);
