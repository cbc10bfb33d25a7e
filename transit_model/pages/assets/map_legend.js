// Where the legend stands: under the map on a narrow screen, else in the corner of the map where it covers least of
// what changes, wide or, where each of these would cover some of it, narrow.
(function (T) {
  "use strict";
  T.moveLegend = function () { /* a page without a legend */ };
  const CORNERS = ["bottom-left", "top-left", "bottom-right", "top-right"], EVERY_PX = 6;
  const PLACES = CORNERS.concat(CORNERS.map(function (c) { return "narrow-" + c; }));

  // On a narrow screen the legend stands under the map and covers none of it; on paper it stands on the map again.
  T.placeLegend = function (map) {
    const slot = document.getElementById("legend-slot"), stage = map.getContainer().parentElement, thin = window.matchMedia("(max-width: 46rem)");
    if (!slot) { return; }
    const strips = Array.from(stage.querySelectorAll(".strip"));
    function move(onMap) { strips.forEach(function (s) { (onMap ? stage : slot).appendChild(s); }); }
    move(!thin.matches);
    thin.addEventListener("change", function () { move(!thin.matches); map.invalidateSize({ animate: false }); });
    window.addEventListener("beforeprint", function () { move(true); });
    window.addEventListener("afterprint", function () { move(!thin.matches); });

    // Points along the lines of projects, as they lie on the screen, and round the spots that the sentence names: the origins
    // and where the people live who are newly within.
    function listPoints() {
      const out = [];
      const origins = T.readForm().origins, named = T.data.places.filter(function (p) { return origins.indexOf(p.id) >= 0; });
      named.concat(T.callout ? [T.callout.at] : []).forEach(function (at) {
        const spot = map.latLngToContainerPoint(at);
        for (let x = -36; x <= 36; x += EVERY_PX) { for (let y = -12; y <= 12; y += EVERY_PX) { out.push(spot.add([x, y])); } }
      });
      T.projectLines.forEach(function (one) {
        one.lines.forEach(function (line) {
          (line._map && line._parts || []).forEach(function (part) {
            for (let i = 1; i < part.length; i++) {
              const a = map.layerPointToContainerPoint(part[i - 1]), way = map.layerPointToContainerPoint(part[i]).subtract(a), n = Math.ceil(way.distanceTo([0, 0]) / EVERY_PX);
              for (let k = 0; k < n; k++) { out.push(a.add(way.multiplyBy(k / n))); }
            }
          });
        });
      });
      return out;
    }
    // How many points of a part of the page lie on cells that change, on lines of projects and on what is named.
    function countCovered(strip, points) {
      const box = strip.getBoundingClientRect(), from = map.getContainer().getBoundingClientRect();
      let count = points.filter(function (p) { const x = p.x + from.left, y = p.y + from.top; return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom; }).length;
      if (!T.isChanged) { return count; }
      for (let y = box.top - from.top; y < box.bottom - from.top; y += EVERY_PX) {
        for (let x = box.left - from.left; x < box.right - from.left; x += EVERY_PX) {
          const at = map.containerPointToLatLng([x, y]), i = T.cellAt(at.lat, at.lng);
          if (i >= 0 && T.isChanged(i)) { count += 1; }
        }
      }
      return count;
    }
    // Stays where it is as long as it covers nothing there; of equal corners the first.
    T.moveLegend = function () {
      const strip = T.pickStrip && T.pickStrip();
      if (thin.matches || !strip || strip.parentElement !== stage) { return; }
      const had = strip.dataset.corner || PLACES[0], order = [had].concat(PLACES.filter(function (c) { return c !== had; }));
      const points = listPoints();
      let best = had, least = Infinity;
      order.forEach(function (place) {
        if (least === 0) { return; }
        strip.dataset.corner = place;
        const count = countCovered(strip, points);
        if (count < least) { best = place; least = count; }
      });
      strip.dataset.corner = best;
      if (best !== had && T.arrangeLabels) { T.arrangeLabels(); }
    };
    map.on("resize", T.moveLegend);
  };
})(window.TransitMap);
