// The number of people who come within the chosen minutes, on a leader that points at the ground where most of them live.
// Where that is comes with the page (`newly.py`); how many is what the sentence says.
(function (T) {
  "use strict";
  const LON = 1, LAT = 2;
  T.callout = null;

  T.showNewly = function (map, choice, gain) {
    const had = T.callout !== null;
    if (had) { T.callout.marker.remove(); T.callout = null; }
    const origin = choice.origins.length === 1 ? choice.origins[0] : undefined;
    const found = choice.case === "saved" && gain > 0 && T.data.change ? T.dig(T.data.change.newly, [choice.reading, choice.mode, origin]) : null;
    const spot = (found || []).find(function (entry) { return entry[0] === choice.cutoff; });
    if (spot) {
      const box = document.createElement("span"), arrow = document.createElement("i"), count = T.both(T.say("newly_people", { people: T.people(gain) }), "b");
      box.className = "callout";
      box.style.setProperty("--newly", T.data.newColour);
      count.append(arrow);
      box.append(count, T.both(T.say("newly_within", { minutes: T.whole(choice.cutoff) })));
      const at = L.latLng(spot[LAT], spot[LON]);
      T.callout = {
        at: at, box: box, arrow: arrow,
        marker: L.marker(at, { icon: L.divIcon({ html: box, className: "name-icon", iconSize: [0, 0] }), pane: "names", interactive: false, keyboard: false }).addTo(map)
      };
    }
    if (had || T.callout) { T.arrangeLabels(); }
  };
})(window.TransitMap);
