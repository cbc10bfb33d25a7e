// Ties the page together: what is chosen lives in the form and in the URL hash, everything else is drawn from it.
(function (T) {
  "use strict";
  T.data = T.readData();
  const form = document.getElementById("choices");
  const layers = document.getElementById("layers");

  T.start = function (map) {
    let target = null, pin = null;
    T.addViewButtons(map);
    const groups = T.drawGround(map);
    const draw = T.makeRings(map), drawSaved = T.makeSaved(map), drawEdges = T.makeEdges(map), follow = T.followView(map);
    const state = T.keepState(map, function () { return { p: target && target.id ? target.id : undefined }; }, function (hash) {
      const place = T.data.places.find(function (p) { return p.id === hash.get("p"); });
      showLayers();
      aim(place || null, place ? [place.lat, place.lon] : null);
    });

    function showLayers() {
      const shown = T.checked("layer");
      Object.keys(groups).forEach(function (name) {
        if (!document.querySelector('[name="layer"][value="' + name + '"]')) { return; }
        if (shown.indexOf(name) >= 0) { map.addLayer(groups[name]); } else { map.removeLayer(groups[name]); }
      });
    }

    function update(event) {
      T.settleControls();
      const choice = T.readForm();
      const told = drawSaved(choice);
      const count = choice.case === "saved" ? 0 : draw(choice);
      if (choice.case === "saved") { draw(Object.assign({}, choice, { origins: [] })); }
      const before = choice.case === "base";
      T.showGroundOf(before ? T.data.base : T.data.scenario);
      document.querySelectorAll(".legend-project, .panel .rests-on").forEach(function (part) { part.hidden = before; });
      document.body.classList.toggle("saved-only", choice.case === "saved");
      T.showSavedLegend(told);
      T.tellNothing(choice, told, count);
      document.querySelectorAll("[data-means]").forEach(function (p) { p.hidden = p.dataset.means !== choice.reading; });
      document.querySelectorAll(".swatch").forEach(function (s) { s.classList.toggle("off", Number(s.dataset.cutoff) > choice.cutoff); });
      const title = ["mode", "reading"].map(function (name) { return form.querySelector('[name="' + name + '"]:checked + span').innerHTML; }).join(" · ");
      document.getElementById("strip-title").innerHTML = title; // our own words, already markup
      document.getElementById("drawer-text").innerHTML = title;
      drawEdges(choice);
      T.tellChange(choice);
      T.moveLegend();
      const had = map.getContainer().clientHeight;
      T.showCard(target, choice, map);
      if (map.getContainer().clientHeight !== had) { settle(); }
      state.write(event === true);
    }

    // On a touch screen one finger moves the map while it fills the page; where the page scrolls over it, two fingers do.
    const coarse = window.matchMedia("(pointer: coarse)"), narrow = window.matchMedia("(max-width: 46rem)");
    function shareTouch() {
      const scrolls = coarse.matches && narrow.matches && (document.body.classList.contains("open") || document.body.classList.contains("has-place"));
      if (scrolls) { map.dragging.disable(); } else { map.dragging.enable(); }
      map.getContainer().style.touchAction = scrolls ? "pan-x pan-y" : "";
    }
    // On a narrow screen the card takes room from the map: measure again and keep the place in view.
    function settle() {
      shareTouch();
      map.invalidateSize({ animate: false });
      const at = target && (target.at || [target.lat, target.lon]);
      if (at && !map.getBounds().pad(-0.1).contains(at)) { map.panTo(at, { animate: false }); }
    }
    function aim(next, at) {
      target = next;
      if (pin) { pin.remove(); pin = null; }
      if (at) { pin = L.circleMarker(at, { pane: "tags", radius: 9, color: "#d98a00", weight: 3, fill: false, interactive: false }).addTo(map); }
      update();
    }
    T.choosePlace = function (place) { aim(place, [place.lat, place.lon]); };

    map.on("click", function (event) {
      const near = T.data.places.map(function (p) {
        return { place: p, far: map.latLngToContainerPoint([p.lat, p.lon]).distanceTo(event.containerPoint) };
      }).sort(function (a, b) { return a.far - b.far; })[0];
      if (near && near.far <= 12) { T.choosePlace(near.place); } else { aim({ at: event.latlng }, event.latlng); }
    });
    document.getElementById("place-close").addEventListener("click", function () { aim(null); document.getElementById("search").focus(); });
    T.makeSearch(function (place) {
      T.choosePlace(place);
      if (!map.getBounds().pad(-0.1).contains([place.lat, place.lon])) { map.panTo([place.lat, place.lon]); }
    });
    form.addEventListener("change", function () { follow(); update(true); follow(); });
    layers.addEventListener("change", function () { showLayers(); T.arrangeLabels(); state.write(true); });
    const drawer = document.getElementById("drawer");
    drawer.addEventListener("click", function () {
      const open = document.body.classList.toggle("open");
      drawer.setAttribute("aria-expanded", String(open));
      settle();
      if (!open) { window.scrollTo(0, 0); }
    });
    [form, layers].forEach(function (f) { f.addEventListener("submit", function (event) { event.preventDefault(); }); });

    // On paper nothing can be opened: the method goes along.
    const method = document.querySelector("details.method");
    let opened = false;
    window.addEventListener("beforeprint", function () { opened = !method.open; method.open = true; });
    window.addEventListener("afterprint", function () { if (opened) { method.open = false; } });

    T.seeChange(map);
    const hash = state.read(), asked = hash.get("p");
    if (!hash.has("z")) { T.seeChange(map); }
    showLayers();
    map.on("zoomend", update);
    const place = T.data.places.find(function (p) { return p.id === asked; });
    if (place) { T.choosePlace(place); } else { update(); }
    T.arrangeLabels();
    T.map = map;
    T.offerTakeAway(map);
    T.preparePaper(map);
    state.start();
    follow();
  };
})(window.TransitMap);
