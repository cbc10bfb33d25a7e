// Rings of the chosen centres, mode, reading and time. Painted from far to near, so where circles of two centres
// overlap the nearer time shows; the pane as a whole is transparent, not the single ring.
(function (T) {
  "use strict";
  const RIM = "#2f7d7d";

  // Where the numbers of minutes stand, by side of a comparison: other labels keep clear of them.
  T.tagsAt = {};

  T.ringsOf = function (scenario, choice, origin) {
    return T.dig(T.data.rings, [scenario, choice.reading, choice.mode, origin]) || [];
  };

  T.decoded = (function () {
    const cache = new Map();
    return function (entry) {
      if (!cache.has(entry)) { cache.set(entry, T.polygons(entry[1])); }
      return cache.get(entry);
    };
  })();

  // `side` names a second set of panes, for pages that show two cases at once.
  T.makeRings = function (map, side) {
    const names = { rings: "rings" + (side || ""), outlines: "outlines" + (side || ""), tags: "tags" + (side || "") };
    map.createPane(names.rings).style.zIndex = 400;
    map.getPane(names.rings).classList.add("rings-pane");
    map.createPane(names.outlines).style.zIndex = 420;
    map.getPane(names.outlines).style.pointerEvents = "none";
    map.createPane(names.tags).style.zIndex = 460;
    map.getPane(names.tags).style.pointerEvents = "none";
    const fill = L.svg({ pane: names.rings, padding: 0.4 });
    const stroke = L.svg({ pane: names.outlines, padding: 0.4 });
    const group = L.layerGroup().addTo(map);

    // The widest ring is pale: a dark rim parts it from the ground.
    function paint(entry, origin, isOuter) {
      const rank = T.data.cutoffs.indexOf(entry[0]);
      const place = T.placeById(origin), rim = isOuter ? { color: RIM, weight: 1.2 } : { color: "#ffffff", weight: 0.9 };
      const shape = L.polygon(T.decoded(entry), {
        renderer: fill, pane: names.rings, color: rim.color, weight: rim.weight, opacity: 0.9, fillColor: T.data.colours[rank], fillOpacity: 1,
        fillRule: "evenodd", className: "ring"
      }).addTo(group);
      const within = T.say("legend_minutes", { minutes: T.whole(entry[0]) });
      shape.bindTooltip(T.both({ zh: place.zh + " · " + within.zh, en: place.en + " · " + within.en }), { sticky: true, className: "ring-tip" });
      shape.on("mouseover", function () { shape.setStyle({ color: "#1b1f24", weight: 1.6 }); });
      shape.on("mouseout", function () { shape.setStyle(rim); });
    }

    // The number of minutes stands on the rim of the largest part, at the northernmost point or where there is room: never
    // colour alone.
    const WAYS = [[1, 0], [0, 1], [0, -1], [-1, 0], [0.7, 0.7], [0.7, -0.7], [-0.7, 0.7], [-0.7, -0.7]];
    function tag(entry) {
      const parts = T.decoded(entry);
      if (!parts.length) { return; }
      const outer = parts.map(function (p) { return p[0]; }).sort(function (a, b) { return b.length - a.length; })[0];
      const ends = WAYS.map(function (way) {
        return outer.reduce(function (best, p) { return p[0] * way[0] + p[1] * way[1] > best[0] * way[0] + best[1] * way[1] ? p : best; });
      });
      const step = Math.max(1, Math.floor(outer.length / 24)), spots = ends.concat(outer.filter(function (_, i) { return i % step === 0; }));
      const label = document.createElement("span");
      label.textContent = T.whole(entry[0]);
      label.className = "tag";
      const marker = L.marker(spots[0], { pane: names.tags, interactive: false, keyboard: false, icon: L.divIcon({ html: label, className: "tag-icon", iconSize: [0, 0] }) }).addTo(group);
      T.tagsAt[side || ""].push({ marker: marker, box: label, spots: spots });
    }

    let drew = true;
    return function (choice) {
      const had = drew;
      group.clearLayers();
      const shown = choice.show || (choice.case === "base" ? T.data.base : T.data.scenario);
      const wanted = [];
      choice.origins.forEach(function (origin) {
        T.ringsOf(shown, choice, origin).forEach(function (entry) {
          if (entry[0] <= choice.cutoff) { wanted.push([entry, origin]); }
        });
      });
      wanted.sort(function (a, b) { return b[0][0] - a[0][0]; });
      wanted.forEach(function (w) { paint(w[0], w[1], w[0][0] === wanted[0][0][0]); });
      T.tagsAt[side || ""] = [];
      wanted.slice().reverse().forEach(function (w) { tag(w[0]); });
      if (choice.case === "both" && T.data.base) {
        choice.origins.forEach(function (origin) {
          const now = T.ringsOf(T.data.scenario, choice, origin);
          T.ringsOf(T.data.base, choice, origin).forEach(function (entry, i) {
            if (entry[0] > choice.cutoff || JSON.stringify(now[i]) === JSON.stringify(entry)) { return; }
            L.polygon(T.decoded(entry), {
              renderer: stroke, pane: names.outlines, color: T.data.outline, weight: 1.3, dashArray: "5 4", fill: false, interactive: false, className: "base-ring"
            }).addTo(group);
          });
        });
      }
      drew = wanted.length > 0;
      if (T.arrangeLabels && (had || drew)) { T.arrangeLabels(); }
      return wanted.length;
    };
  };
})(window.TransitMap);
