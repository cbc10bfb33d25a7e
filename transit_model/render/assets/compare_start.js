// Two cases on one map: the base case is clipped to the left of the divider, the scenario to the right.
(function (T) {
  "use strict";
  T.startCompare = function (map) {
    const swipe = document.getElementById("swipe");
    const divider = document.getElementById("divider");
    const drawLeft = T.makeRings(map, "-left");
    const drawRight = T.makeRings(map, "-right");
    T.sideOf = function (scenarios) { return scenarios[0] === T.data.base ? "-left" : "-right"; };
    T.prepareBoxed(map);
    const gained = L.layerGroup().addTo(map);

    function clip() {
      const size = map.getSize();
      const x = size.x * swipe.value / 100;
      const a = map.containerPointToLayerPoint([0, 0]), b = map.containerPointToLayerPoint([size.x, size.y]), m = a.x + x;
      ["rings", "outlines", "tags", "lines", "dots"].forEach(function (name) {
        const panes = ["-left", "-right"].map(function (side) { return map.getPane(name + side); });
        if (panes[0]) { panes[0].style.clip = "rect(" + [a.y, m, b.y, a.x].map(function (v) { return v + "px"; }).join(",") + ")"; }
        if (panes[1]) { panes[1].style.clip = "rect(" + [a.y, b.x, b.y, m].map(function (v) { return v + "px"; }).join(",") + ")"; }
      });
      divider.style.left = x + "px";
    }
    function update() {
      const choice = T.readForm();
      drawLeft(Object.assign({ show: T.data.base }, choice));
      drawRight(Object.assign({ show: T.data.scenario }, choice));
      gained.clearLayers();
      choice.origins.forEach(function (origin) {
        (T.dig(T.data.gained, [choice.reading, choice.mode, origin]) || []).forEach(function (entry) {
          if (entry[0] === choice.cutoff) {
            L.polygon(T.polygons(entry[1]), { pane: "outlines-right", color: T.data.project, weight: 1.8, fill: false, interactive: false }).addTo(gained);
          }
        });
      });
      clip();
    }
    document.getElementById("choices").addEventListener("change", update);
    swipe.addEventListener("input", clip);
    map.on("move zoomend resize", clip);
    map.on("zoomend", update);
    update();
  };
})(window.TransitMap);
