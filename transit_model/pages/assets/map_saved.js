// The map of minutes saved and lost, cell by cell. Where the model has no time there are slanted lines, never the plain
// ground, which says that nothing changed.
(function (T) {
  "use strict";
  function rgba(hex) {
    const v = parseInt(hex.slice(1), 16);
    return (0xff000000 | ((v & 255) << 16) | (v & 0xff00) | (v >> 16)) >>> 0;
  }
  const HATCH = rgba("#b9c0c5");

  T.makeSaved = function (map) {
    const pane = map.createPane("saved");
    pane.style.zIndex = 405;
    pane.style.pointerEvents = "none";
    const layer = new T.CellLayer({ pane: "saved" });

    // The class of a change in minutes: 0 none, 1.. saved by steps, -1.. lost by steps.
    function classify(saved) {
      const steps = T.data.savedSteps, size = Math.abs(saved);
      let rank = 0;
      while (rank < steps.length && size >= steps[rank]) { rank += 1; }
      return saved < 0 ? -rank : rank;
    }

    // Draws the change of a choice and returns how many cells save, lose, are new and are gone; null without data.
    return function (choice) {
      T.isChanged = null;
      if (choice.case !== "saved") { layer.remove(); return null; }
      const after = T.leastOf(T.data.scenario, choice), had = T.leastOf(T.data.base, choice);
      if (!after && !had) { layer.remove(); return null; }
      const n = T.raster().n, none = new Uint16Array(n), now = after || none, before = had || none;
      const colours = T.data.savedColours.map(rgba), lost = T.data.lostColours.map(rgba), fresh = rgba(T.data.newColour), gone = rgba(T.data.goneColour);
      const told = { saved: 0, lost: 0, fresh: 0, gone: 0, newly: 0, ranks: {} }, most = choice.cutoff + 1, enters = new Uint8Array(n), paint = new Uint32Array(n), HATCHED = 1;
      for (let i = 0; i < n; i++) {
        const a = before[i], b = now[i];
        if (b && b <= most && !(a && a <= most)) { enters[i] = 1; told.newly += 1; }
        if (a && b) {
          const rank = classify(a - b);
          if (rank) { told.ranks[rank] = true; }
          if (rank > 0) { paint[i] = colours[rank - 1]; told.saved += 1; }
          else if (rank < 0) { paint[i] = lost[-rank - 1]; told.lost += 1; }
        } else if (b) { paint[i] = fresh; told.fresh += 1; }
        else if (a) { paint[i] = gone; told.gone += 1; }
        else { paint[i] = HATCHED; }
      }
      T.isChanged = function (i) { return enters[i] || (paint[i] && paint[i] !== HATCHED); };
      layer.setPaint(function (i, x, y) {
        if (enters[i] && T.isNewlyStripe(x, y)) { return fresh; } // who enters the circle stands out among those who save
        return paint[i] === HATCHED ? ((x + y) % 8 === 0 ? HATCH : 0) : paint[i];
      });
      layer.addTo(map);
      return told;
    };
  };

  // Whether a cell comes within the chosen minutes or falls out of them.
  function moves(choice) {
    const before = T.leastOf(T.data.base, choice), after = T.leastOf(T.data.scenario, choice), most = choice.cutoff + 1;
    if (!before || !after) { return true; }
    const shown = T.data.cutoffs.filter(function (c) { return c < most; });
    for (let i = 0; i < before.length; i++) {
      if (before[i] === after[i]) { continue; }
      for (let c = 0; c < shown.length; c++) {
        const last = shown[c] + 1;
        if ((before[i] && before[i] <= last) !== (after[i] && after[i] <= last)) { return true; }
      }
    }
    return false;
  }
  const BESIDE = ["both", "rings", "flicker"];

  // Ground that enters the chosen circle is striped with the colour of what is newly reached.
  T.isNewlyStripe = function (x, y) { return (x - y) % 4 !== 0; };

  // Says on the map itself that a choice shows nothing, and why.
  T.tellNothing = function (choice, told, count) {
    const note = document.getElementById("nothing"), changed = told && (told.saved || told.lost || told.fresh || told.gone);
    if (!note) { return; }
    const key = choice.origins.length === 0 ? "choose_origin" : choice.case === "saved" ? (changed ? "" : told ? "no_change" : "no_ring") : !count ? "no_ring" : T.data.base && BESIDE.indexOf(choice.case) >= 0 && !moves(choice) ? "rings_same" : "";
    note.hidden = key === "";
    if (key) { note.replaceChildren(T.both(T.say(key, { minutes: T.whole(T.data.savedSteps[0] || 1) }))); }
  };

  // Which swatches of the legend the picture needs.
  T.showSavedLegend = function (told) {
    document.querySelectorAll("[data-saved]").forEach(function (part) {
      const kind = part.dataset.saved;
      part.hidden = !told || (kind !== "always" && !(part.dataset.rank ? told.ranks[part.dataset.rank] : told[kind]));
    });
  };
})(window.TransitMap);
