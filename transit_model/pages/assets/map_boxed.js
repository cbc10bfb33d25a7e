// What maps inside a text page share: the data, the choices of the form, the first view.
(function (T) {
  "use strict";
  T.data = T.readData();

  T.placeById = function (id) {
    return T.data.places.find(function (p) { return p.id === id; }) || { id: id, zh: id, en: id };
  };
  T.choosePlace = function () { /* these maps have no card */ };

  T.prepareBoxed = function (map) {
    map.scrollWheelZoom.disable(); // the page scrolls; buttons, pinch and double click zoom
    // On a touch screen one finger scrolls the page over the map, two move it.
    if (window.matchMedia("(pointer: coarse)").matches) {
      map.dragging.disable();
      map.getContainer().style.touchAction = "pan-x pan-y";
    }
    T.addViewButtons(map);
    T.preparePaper(map, true);
    T.drawGround(map);
    T.seeChange(map);
    T.arrangeLabels();
    T.map = map;
  };
})(window.TransitMap);
