// Pages without a live map keep what is chosen in the address too: `#goal-id&t=everything&f=road&open=goals&lang=en`. The
// part without "=" is the place on the page. Back undoes a choice, and an address opens the page as it was.
(function () {
  "use strict";
  let mine = null;
  function parse() {
    const parts = window.location.hash.slice(1).split("&").filter(Boolean), place = parts.find(function (p) { return p.indexOf("=") < 0; }) || "";
    let found = place;
    try { found = decodeURIComponent(place); } catch (error) { /* a damaged address names no place */ }
    return { place: found, values: new URLSearchParams(parts.filter(function (p) { return p.indexOf("=") > 0; }).join("&")) };
  }
  function groups(attribute) { return Array.from(document.querySelectorAll("[" + attribute + "]")); }
  function pressed(group) { return group.querySelector('[aria-pressed="true"]'); }
  function opened(place) { return Array.from(document.querySelectorAll("details[data-keep]")).filter(function (d) { return d.open && d.dataset.keep !== place; }).map(function (d) { return d.dataset.keep; }); }
  function text(place) {
    const parts = [];
    if (place && document.getElementById(place)) { parts.push(encodeURIComponent(place)); }
    groups("data-tabs").forEach(function (g) { const b = pressed(g); if (b) { parts.push("t=" + encodeURIComponent(b.dataset.tab)); } });
    groups("data-filter").forEach(function (g) { const b = pressed(g); if (b && b.dataset.show) { parts.push("f=" + encodeURIComponent(b.dataset.show)); } });
    if (opened(place).length) { parts.push("open=" + opened(place).map(encodeURIComponent).join(",")); }
    parts.push("lang=" + window.TransitLang.get());
    return parts.join("&");
  }
  function write(isChoice, place) {
    const next = text(place === undefined ? parse().place : place);
    if (next === mine) { return; }
    mine = next;
    try {
      if (isChoice) { window.history.pushState(null, "", "#" + next); } else { window.history.replaceState(null, "", "#" + next); }
    } catch (error) { /* some viewers forbid it: the link is then not kept */ }
  }
  function press(attribute, key, value) {
    groups(attribute).forEach(function (g) {
      const button = Array.from(g.querySelectorAll("button")).find(function (b) { return b.dataset[key] === value; });
      if (button && button !== pressed(g)) { button.click(); }
    });
  }
  // Ticks what an address names; what it does not name goes back to the first.
  function apply() {
    const asked = parse(), open = (asked.values.get("open") || "").split(",");
    mine = window.location.hash.slice(1);
    if (asked.values.has("t")) { press("data-tabs", "tab", asked.values.get("t")); }
    press("data-filter", "show", asked.values.get("f") || "");
    document.querySelectorAll("details[data-keep]").forEach(function (d) { d.open = open.indexOf(d.dataset.keep) >= 0; });
    if (asked.values.has("lang")) { window.TransitLang.set(asked.values.get("lang")); }
    const place = asked.place && document.getElementById(asked.place);
    if (!place) { return; }
    for (let box = place.closest("details"); box; box = box.parentElement.closest("details")) { box.open = true; }
    const inner = place.querySelector(":scope > details.chapter");
    if (inner) { inner.open = true; }
    place.scrollIntoView();
  }
  let applying = false;
  function settle() { applying = true; apply(); applying = false; write(false); }
  document.addEventListener("click", function (event) { if (!applying && event.target.closest("[data-tab], [data-show]")) { write(true); } });
  document.querySelectorAll("details[data-keep]").forEach(function (d) { d.addEventListener("toggle", function () { write(false); }); });
  document.addEventListener("langchange", function () { if (!applying) { write(true); } });
  window.addEventListener("hashchange", function () { if (window.location.hash.slice(1) !== mine) { settle(); } });
  document.addEventListener("DOMContentLoaded", settle);
})();
