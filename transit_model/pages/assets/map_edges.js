// On the map of minutes saved the chosen circle as a line, the base's dashed: whom the sentence counts.
(function (T) {
  "use strict";
  T.makeEdges = function (map) {
    const pane = map.createPane("edges"), group = L.layerGroup().addTo(map);
    pane.style.zIndex = 418;
    pane.style.pointerEvents = "none";
    const renderer = L.svg({ pane: "edges", padding: 0.4 });

    function find(scenario, choice, origin) {
      return T.ringsOf(scenario, choice, origin).find(function (entry) { return entry[0] === choice.cutoff; });
    }
    function draw(entry, options) {
      if (!entry) { return 0; }
      L.polygon(T.decoded(entry), Object.assign({ renderer: renderer, pane: "edges", fill: false, interactive: false }, options)).addTo(group);
      return 1;
    }
    return function (choice) {
      group.clearLayers();
      let n = 0;
      if (choice.case === "saved") {
        choice.origins.forEach(function (origin) {
          const after = find(T.data.scenario, choice, origin), before = find(T.data.base, choice, origin);
          draw(after, { color: "#ffffff", weight: 3.4, opacity: 0.9 });
          n += draw(after, { color: "#1b1f24", weight: 1.6, className: "edge-now" });
          if (JSON.stringify(after) !== JSON.stringify(before)) { n += draw(before, { color: T.data.outline, weight: 1.4, dashArray: "5 4", className: "edge-was" }); }
        });
      }
      document.querySelectorAll("[data-saved=newly] span").forEach(function (part) { part.replaceChildren(T.both(T.say("newly_within", { minutes: T.whole(choice.cutoff) }))); });
      document.querySelectorAll("[data-edge]").forEach(function (part) {
        part.hidden = n === 0;
        part.querySelector("span").replaceChildren(T.both(T.say("shows_edges", { minutes: T.whole(choice.cutoff) })));
      });
    };
  };
})(window.TransitMap);
