// The year slider: shows the rings of the plan that stands for the year, and marks its column of verdicts. Years are to
// scale; between two steps of the plan the earlier one stands.
(function (T) {
  "use strict";
  const BEAT_MS = 700, HOLD = 2;
  T.startTimeline = function (map) {
    const slider = document.getElementById("slider");
    const play = document.getElementById("play");
    const draw = T.makeRings(map);
    const years = T.data.steps.map(function (s) { return s.year; });
    let timer = null;
    T.prepareBoxed(map);
    const state = T.keepState(map, function () { return { y: slider.value }; }, function (hash) { take(hash); update(); });

    function take(hash) { if (hash.has("y") && isFinite(hash.get("y"))) { slider.value = hash.get("y"); } }
    function find(year) {
      let at = 0;
      years.forEach(function (y, i) { if (y <= year) { at = i; } });
      return at;
    }
    function update(event) {
      T.settleControls();
      const at = find(Number(slider.value)), step = T.data.steps[at], choice = T.readForm();
      document.getElementById("year").textContent = slider.value;
      slider.setAttribute("aria-valuetext", slider.value);
      const count = draw(Object.assign({}, choice, { show: step.scenario }));
      T.tellNothing(choice, null, count);
      T.showGroundOf(step.scenario);
      const before = at ? T.data.steps[at - 1].scenario : null, kinds = T.findKinds(step.scenario, before);
      T.showAdded(step.scenario, before);
      document.querySelectorAll(".legend-project[data-kind]").forEach(function (part) { part.hidden = !kinds[part.dataset.kind]; });
      document.querySelectorAll("[data-step]").forEach(function (p) { p.hidden = Number(p.dataset.step) !== at; });
      document.querySelectorAll("[data-col]").forEach(function (cell) { cell.classList.toggle("now", Number(cell.dataset.col) === at); });
      state.write(event === true);
    }
    function stop() { window.clearInterval(timer); timer = null; play.setAttribute("aria-pressed", "false"); }
    play.addEventListener("click", function () {
      if (timer) { stop(); return; }
      if (slider.value === slider.max) { slider.value = slider.min; }
      let held = 0;
      update();
      play.setAttribute("aria-pressed", "true");
      timer = window.setInterval(function () {
        if (slider.value === slider.max) { stop(); return; }
        // A year in which something changes is held a little longer.
        if (years.indexOf(Number(slider.value)) >= 0 && held < HOLD) { held += 1; return; }
        held = 0;
        slider.value = Number(slider.value) + 1;
        update();
      }, BEAT_MS);
    });
    slider.addEventListener("input", function () { if (timer) { stop(); } update(); });
    document.getElementById("choices").addEventListener("change", function () { update(true); });
    T.listCases = function () { return [T.data.steps[find(Number(slider.value))].scenario]; };
    T.offerTakeAway(map);
    take(state.read());
    map.on("zoomend", update);
    update();
    state.start();
  };
})(window.TransitMap);
