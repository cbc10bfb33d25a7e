// Ties the page together: what is chosen lives in the form and in the URL hash, everything else is drawn from it.
(function (T) {
  "use strict";
  T.data = JSON.parse(document.getElementById("study-data").textContent);
  const form = document.getElementById("choices");
  const layers = document.getElementById("layers");

  function checked(name) {
    return Array.from(form.querySelectorAll('[name="' + name + '"]:checked')).map(function (i) { return i.value; });
  }
  function read() {
    return {
      origins: checked("origin"), mode: checked("mode")[0], reading: checked("reading")[0],
      cutoff: Number(checked("cutoff")[0]), case: checked("case")[0] || "scenario"
    };
  }
  function tick(name, values) {
    const inputs = Array.from(form.querySelectorAll('[name="' + name + '"]'));
    if (!inputs.some(function (i) { return values.indexOf(i.value) >= 0; })) { return; }
    inputs.forEach(function (i) { i.checked = values.indexOf(i.value) >= 0; });
  }

  function fillRows(choice) {
    const body = document.getElementById("ring-rows");
    const shown = choice.case === "base" ? T.data.base : T.data.scenario;
    body.replaceChildren();
    choice.origins.forEach(function (origin) {
      const rows = (T.dig(T.data.rows, [shown, choice.reading, choice.mode, origin]) || []).filter(function (r) { return r[0] <= choice.cutoff; });
      rows.forEach(function (r, i) {
        const row = document.createElement("tr");
        row.dataset.origin = origin;
        row.dataset.cutoff = r[0];
        const head = i === 0 ? T.both(T.placeById(origin), "th") : document.createElement("td");
        if (i === 0) { head.scope = "rowgroup"; head.rowSpan = rows.length; row.appendChild(head); }
        const minutes = document.createElement("td");
        const swatch = document.createElement("i");
        swatch.style.background = T.data.colours[T.data.cutoffs.indexOf(r[0])];
        minutes.append(swatch, T.whole(r[0]));
        row.appendChild(minutes);
        [r[1], r[2]].forEach(function (number) {
          const td = document.createElement("td");
          td.textContent = number === null || number === undefined ? "—" : Math.round(number).toLocaleString("en-US");
          row.appendChild(td);
        });
        body.appendChild(row);
      });
    });
  }

  T.start = function (map) {
    const hash = new URLSearchParams(window.location.hash.slice(1));
    const box = T.data.bbox;
    let target = null, pin = null, ready = false;
    L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 140 }).addTo(map);
    const groups = T.drawGround(map);
    const draw = T.makeRings(map);

    function home() {
      const spots = T.data.places.filter(function (p) { return T.data.centres.indexOf(p.id) >= 0; });
      if (spots.length > 1) { map.fitBounds(L.latLngBounds(spots.map(function (p) { return [p.lat, p.lon]; })).pad(map.getSize().x < 600 ? 0.22 : 0.45)); }
      else { map.fitBounds([[box[1], box[0]], [box[3], box[2]]]); }
    }

    function write(choice) {
      if (!ready) { return; }
      const at = map.getCenter();
      const parts = {
        o: choice.origins.join(","), m: choice.mode, r: choice.reading, c: choice.cutoff, v: choice.case,
        z: [map.getZoom().toFixed(2), at.lat.toFixed(4), at.lng.toFixed(4)].join("/")
      };
      if (target && target.id) { parts.p = target.id; }
      const text = Object.keys(parts).map(function (k) { return k + "=" + encodeURIComponent(parts[k]).replace(/%2C/g, ",").replace(/%2F/g, "/"); }).join("&");
      try { window.history.replaceState(null, "", "#" + text); } catch (error) { /* some viewers forbid it: the link is then not kept */ }
      document.querySelectorAll("a[data-keep-view]").forEach(function (a) { a.href = a.getAttribute("href").split("#")[0] + "#" + text; });
    }

    function update() {
      const choice = read();
      const count = draw(choice);
      const before = choice.case === "base";
      T.showGroundOf(before ? T.data.base : T.data.scenario);
      document.querySelectorAll(".legend-project, .panel .rests-on").forEach(function (part) { part.hidden = before; });
      document.getElementById("no-ring").hidden = count > 0 || choice.origins.length === 0;
      document.querySelectorAll("[data-means]").forEach(function (p) { p.hidden = p.dataset.means !== choice.reading; });
      document.querySelectorAll(".swatch").forEach(function (s) { s.classList.toggle("off", Number(s.dataset.cutoff) > choice.cutoff); });
      const title = ["mode", "reading"].map(function (name) { return form.querySelector('[name="' + name + '"]:checked + span').innerHTML; }).join(" · ");
      document.getElementById("strip-title").innerHTML = title; // our own words, already markup
      document.getElementById("drawer-text").innerHTML = title;
      fillRows(choice);
      const had = map.getContainer().clientHeight;
      T.showCard(target, choice, map);
      if (map.getContainer().clientHeight !== had) { settle(); }
      write(choice);
    }

    // On a narrow screen the card takes room from the map: measure again and keep the place in view.
    function settle() {
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
    form.addEventListener("change", update);
    layers.addEventListener("change", function (event) {
      const group = groups[event.target.value];
      if (event.target.checked) { map.addLayer(group); if (event.target.value === "labels") { T.arrangeLabels(); } } else { map.removeLayer(group); }
    });
    const drawer = document.getElementById("drawer");
    drawer.addEventListener("click", function () {
      const open = document.body.classList.toggle("open");
      drawer.setAttribute("aria-expanded", String(open));
      settle();
    });
    [form, layers].forEach(function (f) { f.addEventListener("submit", function (event) { event.preventDefault(); }); });

    // On paper nothing can be opened: the method goes along.
    const method = document.querySelector("details.method");
    let opened = false;
    window.addEventListener("beforeprint", function () { opened = !method.open; method.open = true; });
    window.addEventListener("afterprint", function () { if (opened) { method.open = false; } });

    tick("origin", (hash.get("o") || "").split(","));
    [["mode", "m"], ["reading", "r"], ["cutoff", "c"], ["case", "v"]].forEach(function (pair) { tick(pair[0], [hash.get(pair[1]) || ""]); });
    home();
    const zoom = (hash.get("z") || "").split("/").map(Number);
    if (zoom.length === 3 && zoom.every(isFinite) && zoom[0] >= map.getMinZoom() && zoom[0] <= map.getMaxZoom() && Math.abs(zoom[1]) <= 85 && Math.abs(zoom[2]) <= 180) { map.setView([zoom[1], zoom[2]], zoom[0]); }
    map.on("moveend", function () { write(read()); });
    map.on("zoomend", update);
    ready = true;
    const asked = T.data.places.find(function (p) { return p.id === hash.get("p"); });
    if (asked) { T.choosePlace(asked); } else { update(); }
    T.arrangeLabels();
    T.map = map;
  };
})(window.TransitMap);
