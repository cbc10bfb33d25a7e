// Online tiles under our layers, only on pages that were asked to have them. Tiles on GCJ-02 move our layers for display
// (the published forward formula); minutes, areas and the shown coordinates stay on WGS84.
(function (T) {
  "use strict";
  const A = 6378245, EE = 0.00669342162296594323, RAD = Math.PI / 180;

  function waves(x) { return (20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2 / 3; }
  T.toGcj = function (lat, lon) {
    const x = lon - 105, y = lat - 35, root = Math.sqrt(Math.abs(x));
    let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves(x);
    north += (20 * Math.sin(y * Math.PI) + 40 * Math.sin(y / 3 * Math.PI)) * 2 / 3;
    north += (160 * Math.sin(y / 12 * Math.PI) + 320 * Math.sin(y * Math.PI / 30)) * 2 / 3;
    let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves(x);
    east += (20 * Math.sin(x * Math.PI) + 40 * Math.sin(x / 3 * Math.PI)) * 2 / 3;
    east += (150 * Math.sin(x / 12 * Math.PI) + 300 * Math.sin(x / 30 * Math.PI)) * 2 / 3;
    const magic = 1 - EE * Math.pow(Math.sin(lat * RAD), 2);
    return [lat + north / ((A * (1 - EE)) / (magic * Math.sqrt(magic)) * RAD), lon + east / (A / Math.sqrt(magic) * Math.cos(lat * RAD) * RAD)];
  };

  T.useTiles = function (map, source) {
    source.urls.forEach(function (url) {
      L.tileLayer(url, { subdomains: source.subdomains || "a", maxZoom: source.max_zoom }).addTo(map);
    });
    T.data.land = null; // tiles have their own relief, waters and names
    T.data.ground.shields = [];
    const draw = T.drawGround;
    T.drawGround = function (target) {
      const groups = draw(target);
      groups.counties.eachLayer(function (county) { county.setStyle({ fillOpacity: 0 }); });
      return groups;
    };
    if (!source.gcj02) { return; }
    const line = T.line;
    T.line = function (flat) { return line(flat).map(function (p) { return T.toGcj(p[0], p[1]); }); };
    T.data.places.concat(T.data.ground.stations).forEach(function (p) {
      const moved = T.toGcj(p.lat, p.lon);
      p.lat = moved[0];
      p.lon = moved[1];
    });
    T.toWgs = function (at) { // one step back is good to a metre, finer than what is shown
      const moved = T.toGcj(at.lat, at.lng);
      return { lat: 2 * at.lat - moved[0], lng: 2 * at.lng - moved[1] };
    };
  };
})(window.TransitMap);
