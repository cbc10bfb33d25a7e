// What maps inside a text page share: the data, the choices of the form, the first view.
(function (T) {
  "use strict";
  T.data = JSON.parse(document.getElementById("study-data").textContent);

  T.placeById = function (id) {
    return T.data.places.find(function (p) { return p.id === id; }) || { id: id, zh: id, en: id };
  };
  T.choosePlace = function () { /* these maps have no card */ };

  T.readForm = function () {
    function checked(name) {
      return Array.from(document.querySelectorAll('#choices [name="' + name + '"]:checked')).map(function (i) { return i.value; });
    }
    return { origins: checked("origin"), mode: checked("mode")[0], reading: checked("reading")[0], cutoff: Number(checked("cutoff")[0]), case: "scenario" };
  };
  T.fitCentres = function (map) {
    const box = T.data.bbox;
    const spots = T.data.places.filter(function (p) { return T.data.centres.indexOf(p.id) >= 0; });
    if (spots.length > 1) { map.fitBounds(L.latLngBounds(spots.map(function (p) { return [p.lat, p.lon]; })).pad(0.35)); }
    else { map.fitBounds([[box[1], box[0]], [box[3], box[2]]]); }
  };
  T.prepareBoxed = function (map) {
    map.scrollWheelZoom.disable(); // the page scrolls; buttons, pinch and double click zoom
    L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 140 }).addTo(map);
    T.drawGround(map);
    T.fitCentres(map);
    T.arrangeLabels();
    T.map = map;
  };
})(window.TransitMap);
