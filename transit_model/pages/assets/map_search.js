// Find a place by any part of its Chinese, English or other names. Arrow keys, Enter and Escape work.
(function (T) {
  "use strict";
  const MOST = 8;

  function matches(place, words) {
    const hay = [place.zh, place.en, place.id, place.py || "", place.aliases || ""].join(" ").toLowerCase();
    return hay.includes(words) || (/^[a-z ]+$/.test(words) && (place.py || "").split(" ")[0].includes(words.replace(/ /g, "")));
  }

  T.makeSearch = function (onChoose) {
    const input = document.getElementById("search");
    const list = document.getElementById("found");
    let found = [], active = -1;

    function close() { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); active = -1; }
    function choose(place) { input.value = place[window.TransitLang.get()]; close(); onChoose(place); }
    function mark(index) {
      active = index;
      Array.from(list.children).forEach(function (item, i) { item.setAttribute("aria-selected", String(i === index)); });
      if (index >= 0) { input.setAttribute("aria-activedescendant", "found-" + index); }
    }
    function show() {
      const words = input.value.trim().toLowerCase();
      if (!words) { close(); return; }
      found = T.data.places.filter(function (p) { return matches(p, words); }).slice(0, MOST);
      list.replaceChildren();
      found.forEach(function (place, i) {
        const item = T.both({ zh: place.zh + "  " + place.en, en: place.en + "  " + place.zh }, "li");
        item.id = "found-" + i;
        item.setAttribute("role", "option");
        item.addEventListener("mousedown", function (event) { event.preventDefault(); choose(place); });
        list.appendChild(item);
      });
      if (!found.length) {
        const none = T.both(T.say("search_none"), "li");
        none.className = "none";
        none.setAttribute("role", "option");
        none.setAttribute("aria-disabled", "true");
        list.appendChild(none);
      }
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      mark(found.length ? 0 : -1);
    }
    input.addEventListener("input", show);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown" && found.length) { event.preventDefault(); mark((active + 1) % found.length); }
      else if (event.key === "ArrowUp" && found.length) { event.preventDefault(); mark((active + found.length - 1) % found.length); }
      else if (event.key === "Enter") { event.preventDefault(); if (found[active]) { choose(found[active]); } }
      else if (event.key === "Escape") { close(); }
    });
  };
})(window.TransitMap);
