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
    const stage = document.getElementById("stage");
    map.createPane("saved").style.zIndex = 405;
    map.getPane("saved").classList.add("rings-pane");
    const gained = L.layerGroup().addTo(map);
    const saved = L.layerGroup().addTo(map);

    function clip() {
      const size = map.getSize();
      const x = stage.classList.contains("saved-only") ? 0 : size.x * swipe.value / 100;
      const a = map.containerPointToLayerPoint([0, 0]), b = map.containerPointToLayerPoint([size.x, size.y]), m = a.x + x;
      ["rings", "outlines", "tags", "lines", "dots"].forEach(function (name) {
        const panes = ["-left", "-right"].map(function (side) { return map.getPane(name + side); });
        if (panes[0]) { panes[0].style.clip = "rect(" + [a.y, m, b.y, a.x].map(function (v) { return v + "px"; }).join(",") + ")"; }
        if (panes[1]) { panes[1].style.clip = "rect(" + [a.y, b.x, b.y, m].map(function (v) { return v + "px"; }).join(",") + ")"; }
      });
      divider.style.left = x + "px";
    }
    // Where the scenario saves minutes, few to many; over the whole map, without a divider.
    function drawSaved(choice, first) {
      let count = 0;
      choice.origins.forEach(function (origin) {
        (T.dig(T.data.saved, [choice.reading, choice.mode, origin]) || []).slice().reverse().forEach(function (entry) {
          const fill = T.data.savedColours[T.data.savedSteps.indexOf(entry[0])];
          const text = T.say("saved_at_least", { minutes: T.whole(entry[0]) });
          L.polygon(T.polygons(entry[1]), { pane: "saved", color: "#ffffff", weight: 0.6, fillColor: fill, fillOpacity: 1 })
            .bindTooltip(T.both(text), { sticky: true }).addTo(saved);
          count += 1;
        });
      });
      document.getElementById("no-saved").hidden = count > 0;
      // What is saved may lie beyond the first view.
      const all = L.featureGroup(saved.getLayers()).getBounds();
      if (first && count > 0 && !map.getBounds().contains(all)) {
        choice.origins.forEach(function (id) { const p = T.placeById(id); all.extend([p.lat, p.lon]); });
        map.fitBounds(all.pad(0.05), { animate: false });
      }
    }
    function update() {
      const choice = T.readForm();
      const shown = document.querySelector('#choices [name="show"]:checked');
      const savedOnly = Boolean(shown) && shown.value === "saved";
      const had = stage.classList.contains("saved-only");
      stage.classList.toggle("saved-only", savedOnly);
      [["strip-rings", savedOnly], ["strip-saved", !savedOnly], ["no-saved", true], ["cutoffs", savedOnly]].forEach(function (pair) {
        const part = document.getElementById(pair[0]);
        if (part) { part.hidden = pair[1]; }
      });
      [gained, saved].forEach(function (group) { group.clearLayers(); });
      const wanted = savedOnly ? Object.assign({}, choice, { origins: [] }) : choice;
      drawLeft(Object.assign({ show: T.data.base }, wanted));
      drawRight(Object.assign({ show: T.data.scenario }, wanted));
      wanted.origins.forEach(function (origin) {
        (T.dig(T.data.gained, [choice.reading, choice.mode, origin]) || []).forEach(function (entry) {
          if (entry[0] === choice.cutoff) {
            L.polygon(T.polygons(entry[1]), { pane: "outlines-right", color: T.data.project, weight: 1.8, fill: false, interactive: false }).addTo(gained);
          }
        });
      });
      if (savedOnly) { drawSaved(choice, !had); }
      clip();
    }
    document.getElementById("choices").addEventListener("change", update);
    swipe.addEventListener("input", clip);
    map.on("move zoomend resize", clip);
    map.on("zoomend", update);
    update();
  };
})(window.TransitMap);
