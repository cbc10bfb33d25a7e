// Take the map away: a picture (SVG, PNG) with title, legend, scale, date and source, and what is shown as CSV or GeoJSON.
(function (T) {
  "use strict";
  const HEAD = 54, ROW = 18, FOOT = 44, SCALE = 2;

  function escape(text) { return String(text).replace(/[&<>"]/g, function (c) { return { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[c]; }); }
  function text(x, y, words, more) { return '<text x="' + x + '" y="' + y + '" ' + (more || "") + ">" + escape(words) + "</text>"; }
  function shown(element) { return element && element.offsetParent !== null ? element.innerText.replace(/\s+/g, " ").trim() : ""; }

  T.save = function (name, content, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: type }));
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 2000);
  };
  T.nameFile = function (title) { return title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60); };

  function drawPane(pane, at, frame) {
    let out = "";
    const style = getComputedStyle(pane);
    if (style.display === "none" || style.visibility === "hidden") { return ""; }
    Array.from(pane.children).forEach(function (child) {
      const tag = child.tagName.toLowerCase(), place = child._leaflet_pos || L.point(0, 0);
      if (tag === "svg") {
        const root = child.querySelector("g");
        out += '<g transform="translate(' + at.x + " " + at.y + ')" fill="none">' + (root ? root.innerHTML.replace(/ class="[^"]*"/g, "") : "") + "</g>";
      } else if (tag === "canvas") {
        out += '<image href="' + child.toDataURL("image/png") + '" x="' + (at.x + place.x) + '" y="' + (at.y + place.y) + '" width="' + child.width + '" height="' + child.height + '"/>';
      } else if (tag === "img" && child.src.indexOf("data:") === 0) {
        out += '<image href="' + child.src + '" x="' + (at.x + place.x) + '" y="' + (at.y + place.y) + '" width="' + child.offsetWidth + '" height="' + child.offsetHeight + '" preserveAspectRatio="none"/>';
      } else if (child.classList.contains("leaflet-marker-icon")) {
        const box = child.firstElementChild;
        if (!box || getComputedStyle(box).visibility === "hidden" || !box.innerText.trim()) { return; }
        const r = box.getBoundingClientRect(), css = getComputedStyle(box), boxed = css.backgroundColor !== "rgba(0, 0, 0, 0)";
        const x = r.left - frame.left, y = r.top - frame.top;
        if (boxed) { out += '<rect x="' + x + '" y="' + y + '" width="' + r.width + '" height="' + r.height + '" rx="3" fill="' + css.backgroundColor + '" stroke="#4a5259" stroke-width=".5"/>'; }
        const halo = boxed ? "" : 'stroke="#fff" stroke-width="3" paint-order="stroke" stroke-linejoin="round" ';
        const lines = Array.from(box.children).filter(function (c) { return c.innerText.trim() && getComputedStyle(c).display === "block"; });
        if (lines.length) { // a number and what it counts, each on a line of its own
          const words = [lines[0].innerText.trim(), box.innerText.replace(lines[0].innerText, "").trim()];
          words.forEach(function (w, i) { out += text(x + 8, y + r.height * (i ? 0.84 : 0.42), w, 'font-size="' + (i ? 11.5 : 15) + '" font-weight="' + (i ? 400 : 700) + '" fill="' + css.color + '"'); });
          return;
        }
        out += text(x + (boxed ? r.width / 2 : 0), y + r.height * 0.74, box.innerText.trim(), halo + 'font-size="' + parseFloat(css.fontSize) + '" font-weight="' + css.fontWeight + '" fill="' + css.color + '"' + (boxed ? ' text-anchor="middle"' : ""));
      }
    });
    const clip = /rect\(([-\d.]+)px,? ([-\d.]+)px,? ([-\d.]+)px,? ([-\d.]+)px\)/.exec(pane.style.clip || "");
    if (clip && out) {
      const id = "c" + Math.round(Number(clip[2]) * 7 + Number(clip[4]) * 13), v = clip.map(Number);
      out = '<clipPath id="' + id + '"><rect x="' + (at.x + v[4]) + '" y="' + (at.y + v[1]) + '" width="' + Math.max(0, v[2] - v[4]) + '" height="' + Math.max(0, v[3] - v[1]) + '"/></clipPath><g clip-path="url(#' + id + ')">' + out + "</g>";
    }
    return Number(style.opacity) < 1 ? '<g opacity="' + style.opacity + '">' + out + "</g>" : out;
  }

  // The legend that stands on the map, in rows: a rectangle of the colour, or the mark of a line, and its words.
  function drawLegend(strip, width, top) {
    let out = "", x = 12, row = 0;
    (strip ? Array.from(strip.querySelectorAll(".swatch")) : []).forEach(function (s) {
      if (s.hidden || getComputedStyle(s).display === "none") { return; }
      const words = s.innerText.trim(), mark = s.querySelector("svg"), box = s.querySelector("i"), head = mark ? 40 : 23;
      const long = head + 16 + Array.from(words).reduce(function (sum, c) { return sum + (c > "\u2e80" ? 12.5 : 7); }, 0);
      if (x > 12 && x + long > width - 12) { x = 12; row += 1; }
      const y = top + row * ROW;
      if (mark) { out += '<svg x="' + x + '" y="' + (y + 1) + '" width="34" height="10" viewBox="0 0 34 10" fill="none">' + mark.innerHTML + "</svg>"; }
      else if (box) {
        const fill = getComputedStyle(box).backgroundColor, hatched = box.classList.contains("hatched"), newly = box.classList.contains("newly");
        out += '<rect x="' + x + '" y="' + y + '" width="18" height="12" fill="' + (newly ? T.data.newColour : fill === "rgba(0, 0, 0, 0)" ? "#fff" : fill) + '" stroke="#4a5259" stroke-width=".6"/>';
        if (hatched) { out += '<path d="M' + x + " " + (y + 12) + "l12 -12M" + (x + 6) + " " + (y + 12) + 'l12 -12" stroke="#b9c0c5" fill="none"/>'; }
      }
      out += text(x + head, y + 10, words, 'font-size="12"');
      x += long;
    });
    return { drawn: out, rows: row + 1 };
  }
  T.pickStrip = function () { return Array.from(document.querySelectorAll(".strip")).find(function (s) { return !s.hidden && getComputedStyle(s).display !== "none"; }) || null; };

  T.drawPicture = function (map) {
    const size = map.getSize(), frame = map.getContainer().getBoundingClientRect(), at = L.DomUtil.getPosition(map.getPane("mapPane")) || L.point(0, 0);
    const panes = Array.from(map.getPane("mapPane").children).sort(function (a, b) { return (Number(getComputedStyle(a).zIndex) || 0) - (Number(getComputedStyle(b).zIndex) || 0); });
    const w = size.x, h = size.y, strip = T.pickStrip(), lang = window.TransitLang.get();
    const line = map.getContainer().querySelector(".leaflet-control-scale-line"), long = line ? line.offsetWidth : 0;
    const legend = drawLegend(strip, w - long - 30, HEAD + h + 12), foot = legend.rows * ROW + FOOT, low = HEAD + h + legend.rows * ROW;
    const scale = line ? '<path d="M' + (w - long - 14) + " " + (HEAD + h + 14) + "v6h" + long + 'v-6" fill="none" stroke="#1b1f24" stroke-width="1.4"/>' + text(w - 14, HEAD + h + 34, line.textContent, 'font-size="11" text-anchor="end"') : "";
    const chosen = T.describeChoice ? T.describeChoice(T.readForm()) : "", dated = T.data.asOf ? T.data.asOf[lang] : "";
    const sub = [shown(strip && strip.querySelector(".strip-title")), chosen, dated].filter(Boolean).join(" · ");
    const locator = document.querySelector(".locator"), inset = locator && !locator.hidden ? '<svg x="' + (w - 100) + '" y="' + (h - 100) + '" width="90" height="90" viewBox="' + locator.getAttribute("viewBox") + '">' + locator.innerHTML + "</svg>" : "";
    return '<svg xmlns="http://www.w3.org/2000/svg" width="' + w + '" height="' + (h + HEAD + foot) + '" viewBox="0 0 ' + w + " " + (h + HEAD + foot) + '" font-family="\'Noto Sans CJK SC\', \'Microsoft YaHei\', sans-serif">' +
      '<rect width="100%" height="100%" fill="#fff"/>' + text(12, 24, document.title, 'font-size="18" font-weight="700" fill="#1b1f24"') + text(12, 44, sub, 'font-size="12.5" fill="#4a5259"') +
      '<svg x="0" y="' + HEAD + '" width="' + w + '" height="' + h + '" viewBox="0 0 ' + w + " " + h + '"><rect width="100%" height="100%" fill="#eceff0"/>' + panes.map(function (p) { return drawPane(p, at, frame); }).join("") +
      '<g transform="translate(' + (w - 34) + ' 10)"><path d="M10 1l6 15-6-3.4L4 16z" fill="#1b1f24"/>' + text(10, 28, lang === "zh" ? "北" : "N", 'font-size="10" text-anchor="middle"') + "</g>" + inset + "</svg>" +
      legend.drawn + scale + text(12, low + 24, (document.querySelector(".map-attr") || {}).innerText || "", 'font-size="9.5" fill="#4a5259"') + text(12, low + 38, window.location.href.split("/").pop().slice(0, 160), 'font-size="9.5" fill="#4a5259"') + "</svg>";
  };
  T.drawPng = function (map) {
    return T.toPng(T.drawPicture(map));
  };
  T.toPng = function (picture) {
    return new Promise(function (done, fail) {
      const image = new Image();
      image.onload = function () {
        const canvas = document.createElement("canvas");
        canvas.width = image.naturalWidth * SCALE;
        canvas.height = image.naturalHeight * SCALE;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(done, "image/png");
      };
      image.onerror = fail;
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(picture);
    });
  };

  // Cells whose minutes differ, or the rings in view, as rows and as features.
  function listCells(choice) {
    const r = T.raster(), now = T.leastOf(T.data.scenario, choice), before = T.data.base ? T.leastOf(T.data.base, choice) : null, out = [];
    if (!r || !now) { return out; }
    for (let y = 0; y < r.ny; y++) {
      for (let x = 0; x < r.nx; x++) {
        const i = r.index[y * r.nx + x];
        if (i < 0 || !before || before[i] === now[i]) { continue; }
        const lat = function (v) { return Math.atan(Math.exp(v * Math.PI / 180)) * 360 / Math.PI - 90; }, w = r.west + x * r.step;
        out.push({ w: w, e: w + r.step, n: lat(r.north - y * r.step), s: lat(r.north - (y + 1) * r.step), before: before[i] ? before[i] - 1 : null, after: now[i] ? now[i] - 1 : null });
      }
    }
    return out;
  }
  function about(choice) { return { mode: choice.mode, reading: choice.reading, scenario: T.data.scenario, base: T.data.base || null }; }
  // The scenarios whose rings are on the map.
  T.listCases = function (choice) {
    return choice.case === "base" ? [T.data.base] : choice.case === "both" && T.data.base ? [T.data.scenario, T.data.base] : [T.data.scenario];
  };
  // What is chosen, in the words of the page's own controls.
  T.describeChoice = function () {
    return ["origin", "mode", "reading", "cutoff"].map(function (name) {
      return Array.from(document.querySelectorAll('#choices [name="' + name + '"]:checked:not(:disabled) + span')).map(function (s) { return s.innerText.trim(); }).join("、");
    }).filter(Boolean).join(" · ");
  };
  T.listShown = function (choice) {
    if (choice.case === "saved") {
      return listCells(choice).map(function (c) {
        const change = c.before === null || c.after === null ? null : c.after - c.before;
        return { row: Object.assign({ origin: choice.origins.join("+") }, about(choice), { lon: ((c.w + c.e) / 2).toFixed(4), lat: ((c.s + c.n) / 2).toFixed(4), base_min: c.before, scenario_min: c.after, change_min: change }), rings: [[[[c.s, c.w], [c.s, c.e], [c.n, c.e], [c.n, c.w]]]] };
      });
    }
    const out = [];
    T.listCases(choice).forEach(function (scenario) {
      choice.origins.forEach(function (origin) {
        const rows = T.dig(T.data.rows || {}, [scenario, choice.reading, choice.mode, origin]) || [];
        T.ringsOf(scenario, choice, origin).forEach(function (entry, i) {
          if (entry[0] > choice.cutoff) { return; }
          const row = rows[i] || [];
          out.push({ row: { origin: origin, mode: choice.mode, reading: choice.reading, scenario: scenario, cutoff_min: entry[0], area_km2: row[1], population: row[2] }, rings: T.decoded(entry) });
        });
      });
    });
    return out;
  };
  T.toCsv = function (items) {
    if (!items.length) { return ""; }
    const names = Object.keys(items[0].row);
    const cell = function (v) { return v === null || v === undefined ? "" : /[",\n]/.test(String(v)) ? '"' + String(v).replace(/"/g, '""') + '"' : String(v); };
    return [names.join(",")].concat(items.map(function (i) { return names.map(function (n) { return cell(i.row[n]); }).join(","); })).join("\n") + "\n";
  };
  T.toGeoJson = function (items) {
    const close = function (ring) { const out = ring.map(function (p) { return [Number(p[1].toFixed(5)), Number(p[0].toFixed(5))]; }); out.push(out[0]); return out; };
    return JSON.stringify({ type: "FeatureCollection", features: items.map(function (i) {
      return { type: "Feature", properties: i.row, geometry: { type: "MultiPolygon", coordinates: i.rings.map(function (p) { return p.map(close); }) } };
    }) });
  };
  T.offerTakeAway = function (map) {
    const box = document.getElementById("take-away");
    if (!box) { return; }
    box.addEventListener("click", function (event) {
      const kind = event.target.closest("[data-take]") && event.target.closest("[data-take]").dataset.take, name = T.nameFile(document.title);
      if (!kind) { return; }
      if (kind === "svg") { T.save(name + ".svg", T.drawPicture(map), "image/svg+xml"); }
      if (kind === "png") { T.drawPng(map).then(function (blob) { T.save(name + ".png", blob); }); }
      if (kind === "csv") { T.save(name + ".csv", "\ufeff" + T.toCsv(T.listShown(T.readForm())), "text/csv"); }
      if (kind === "geojson") { T.save(name + ".geojson", T.toGeoJson(T.listShown(T.readForm())), "application/geo+json"); }
    });
  };
})(window.TransitMap);
