// The year slider: shows the rings of the year's scenario and marks its column of verdicts.
(function (T) {
  "use strict";
  const BEAT_MS = 1400;
  T.startTimeline = function (map) {
    const slider = document.getElementById("slider");
    const play = document.getElementById("play");
    const draw = T.makeRings(map);
    let timer = null;
    T.prepareBoxed(map);

    function update() {
      const step = T.data.steps[slider.value];
      document.getElementById("year").textContent = step.year;
      slider.setAttribute("aria-valuetext", String(step.year));
      draw(Object.assign({ show: step.scenario }, T.readForm()));
      T.showGroundOf(step.scenario);
      document.querySelectorAll("[data-step]").forEach(function (p) { p.hidden = p.dataset.step !== slider.value; });
      document.querySelectorAll("[data-col]").forEach(function (cell) { cell.classList.toggle("now", cell.dataset.col === slider.value); });
    }
    function stop() { window.clearInterval(timer); timer = null; play.setAttribute("aria-pressed", "false"); }
    play.addEventListener("click", function () {
      if (timer) { stop(); return; }
      if (slider.value === slider.max) { slider.value = 0; }
      update();
      play.setAttribute("aria-pressed", "true");
      timer = window.setInterval(function () {
        if (slider.value === slider.max) { stop(); return; }
        slider.value = Number(slider.value) + 1;
        update();
      }, BEAT_MS);
    });
    slider.addEventListener("input", function () { if (timer) { stop(); } update(); });
    document.getElementById("choices").addEventListener("change", update);
    map.on("zoomend", update);
    update();
  };
})(window.TransitMap);
