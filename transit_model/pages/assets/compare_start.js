// Two cases on one map: the minutes saved at first; then the rings, base left of the divider and scenario right of it, or
// one after the other.
(function (T) {
  "use strict";
  const BEAT_MS = 1300;
  function tint(hex) {
    const v = parseInt(hex.slice(1), 16);
    return (0xff000000 | ((v & 255) << 16) | (v & 0xff00) | (v >> 16)) >>> 0;
  }

  T.listCases = function () { return [T.data.base, T.data.scenario]; };

  T.startCompare = function (map) {
    const swipe = document.getElementById("swipe");
    const divider = document.getElementById("divider");
    const drawLeft = T.makeRings(map, "-left");
    const drawRight = T.makeRings(map, "-right");
    T.sideOf = function (scenarios) { return scenarios[0] === T.data.base ? "-left" : "-right"; };
    T.prepareBoxed(map);
    const stage = document.getElementById("stage");
    const drawSaved = T.makeSaved(map), drawEdges = T.makeEdges(map), follow = T.followView(map);
    map.createPane("newly-right").style.zIndex = 410;
    map.getPane("newly-right").style.pointerEvents = "none";
    const newly = new T.CellLayer({ pane: "newly-right" });
    let timer = null, moved = false;
    const state = T.keepState(map, function () { return { d: swipe.value }; }, function (hash) {
      if (hash.has("d")) { swipe.value = hash.get("d"); }
      update();
    });

    // Where the divider parts the gain: half of the cells that change lie on either side.
    function placeDivider() {
      const lead = T.data.lead;
      if (!lead) { return; }
      const share = map.latLngToContainerPoint([map.getCenter().lat, lead.split]).x / map.getSize().x;
      swipe.value = Math.round(100 * Math.min(0.9, Math.max(0.1, share)));
    }
    function clip() {
      const size = map.getSize();
      const x = stage.classList.contains("saved-only") ? 0 : size.x * swipe.value / 100;
      const a = map.containerPointToLayerPoint([0, 0]), b = map.containerPointToLayerPoint([size.x, size.y]), m = a.x + x;
      ["rings", "outlines", "tags", "casing", "lines", "marks", "dots", "stop-names", "newly"].forEach(function (name) {
        const panes = ["-left", "-right"].map(function (side) { return map.getPane(name + side); });
        if (panes[0]) { panes[0].style.clip = "rect(" + [a.y, m, b.y, a.x].map(function (v) { return v + "px"; }).join(",") + ")"; }
        if (panes[1]) { panes[1].style.clip = "rect(" + [a.y, b.x, b.y, m].map(function (v) { return v + "px"; }).join(",") + ")"; }
      });
      divider.style.left = x + "px";
    }
    // Cells within the chosen minutes in the scenario alone, as fine lines over its rings.
    function drawNewly(choice, shown) {
      const now = shown ? T.leastOf(T.data.scenario, choice) : null, before = shown ? T.leastOf(T.data.base, choice) : null;
      if (!now) { newly.remove(); return; }
      const colour = tint(T.data.newColour), most = choice.cutoff + 1;
      newly.setPaint(function (i, x, y) {
        return (x - y) % 5 === 0 && now[i] && now[i] <= most && !(before && before[i] && before[i] <= most) ? colour : 0;
      });
      newly.addTo(map);
    }
    function beat(on) {
      window.clearInterval(timer);
      timer = null;
      if (!on) { return; }
      swipe.value = 100;
      clip();
      if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) { return; } // the divider still moves by hand
      timer = window.setInterval(function () { swipe.value = Number(swipe.value) > 50 ? 0 : 100; clip(); }, BEAT_MS);
    }
    function update(event) {
      T.settleControls();
      const choice = T.readForm(), savedOnly = choice.case === "saved";
      stage.classList.toggle("saved-only", savedOnly);
      stage.classList.toggle("flicker", choice.case === "flicker");
      document.getElementById("strip-rings").hidden = savedOnly;
      const told = drawSaved(choice);
      T.showSavedLegend(told);
      const wanted = savedOnly ? Object.assign({}, choice, { origins: [] }) : choice;
      const count = drawLeft(Object.assign({}, wanted, { show: T.data.base })) + drawRight(Object.assign({}, wanted, { show: T.data.scenario }));
      drawNewly(choice, !savedOnly);
      drawEdges(choice);
      T.tellChange(choice);
      T.moveLegend();
      T.tellNothing(choice, told, count);
      if ((timer !== null) !== (choice.case === "flicker")) { beat(choice.case === "flicker"); }
      clip();
      state.write(event === true);
    }
    document.getElementById("choices").addEventListener("change", function () { follow(); if (!moved) { placeDivider(); } update(true); follow(); });
    swipe.addEventListener("input", function () { moved = true; clip(); state.write(false); });
    const hash = state.read();
    if (!hash.has("z")) { T.seeChange(map); }
    placeDivider();
    if (hash.has("d")) { swipe.value = hash.get("d"); }
    map.on("move zoomend resize", clip);
    map.on("zoomend", update);
    update();
    T.offerTakeAway(map);
    state.start();
    follow();
  };
})(window.TransitMap);
