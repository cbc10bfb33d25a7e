// Where a map opens, its two buttons that lead back (all of the area, where it changes), scale and zoom limits.
(function (T) {
  "use strict";
  function fit(map, box, pad) {
    map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { animate: false, padding: pad ? [pad, pad] : [0, 0] });
  }
  T.seeAll = function (map) { fit(map, T.data.bbox); };
  // The map of minutes saved and the rings change in different places.
  T.seeChange = function (map) { if (T.data.lead) { fit(map, T.readForm().case === "saved" ? T.data.lead.box : T.data.lead.rings); } else { T.seeCentres(map); } };
  T.seeCentres = function (map) {
    const spots = T.data.places.filter(function (p) { return T.data.centres.indexOf(p.id) >= 0; });
    if (spots.length > 1) { map.fitBounds(L.latLngBounds(spots.map(function (p) { return [p.lat, p.lon]; })).pad(map.getSize().x < 600 ? 0.22 : 0.35), { animate: false }); }
    else { T.seeAll(map); }
  };
  // Who goes from the minutes saved to the rings, without having moved the map, is taken to where these change.
  T.followView = function (map) {
    let shown = null;
    return function () {
      const next = T.readForm().case === "saved";
      if (shown !== null && shown.saved !== next && T.data.lead && shown.at === map.getCenter().toString() + map.getZoom()) { T.seeChange(map); }
      shown = { saved: next, at: map.getCenter().toString() + map.getZoom() };
    };
  };
  T.addViewButtons = function (map) {
    const box = T.data.bbox, wide = L.latLngBounds([[box[1], box[0]], [box[3], box[2]]]).pad(0.6);
    map.setMaxBounds(wide);
    map.options.maxBoundsViscosity = 0.8;
    L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 140 }).addTo(map);
    const Home = L.Control.extend({
      options: { position: "bottomright" },
      onAdd: function () {
        const bar = L.DomUtil.create("div", "leaflet-bar");
        [["see_all", "⌂", T.seeAll], ["see_change", "◎", T.seeChange]].forEach(function (part) {
          if (part[0] === "see_change" && !T.data.lead) { return; }
          const link = L.DomUtil.create("button", "view-button", bar), said = T.say(part[0]);
          link.type = "button";
          link.textContent = part[1];
          link.id = part[0].replace("_", "-");
          ["zh", "en"].forEach(function (lang) { link.setAttribute("data-label-" + lang, said[lang]); });
          link.setAttribute("aria-label", said[window.TransitLang.get()]);
          link.title = said.zh + " " + said.en;
          L.DomEvent.disableClickPropagation(link);
          link.addEventListener("click", function () { part[2](map); });
        });
        return bar;
      }
    });
    new Home().addTo(map);
  };
})(window.TransitMap);
