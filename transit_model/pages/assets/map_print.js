// On paper the map takes a whole landscape sheet, A4 or A3, shows all of the area and carries a title block.
(function (T) {
  "use strict";
  const MM = 96 / 25.4, MARGIN = 10, BLOCK = 34, PAPERS = { A4: [297, 210], A3: [420, 297] };

  T.preparePaper = function (map) {
    const stage = document.querySelector(".stage"), style = document.head.appendChild(document.createElement("style"));
    let paper = "A4", before = null;
    function shown(strip) { const title = strip && strip.querySelector(".strip-title"); return title && strip.id === "strip-saved" ? title.innerText.trim() : ""; }
    function lay() { style.textContent = "@page { size: " + paper + " landscape; margin: " + MARGIN + "mm; }"; }
    function open() {
      if (before) { return; }
      before = { at: map.getCenter(), zoom: map.getZoom() };
      stage.style.width = Math.round((PAPERS[paper][0] - 2 * MARGIN) * MM) + "px";
      stage.style.height = Math.round((PAPERS[paper][1] - 2 * MARGIN - BLOCK) * MM) + "px";
      document.body.classList.add("on-paper");
      const told = document.getElementById("paper-choice");
      if (told) { told.textContent = [shown(T.pickStrip()), T.describeChoice()].filter(Boolean).join(" · "); }
      map.invalidateSize({ animate: false, pan: false });
      T.seeAll(map);
      T.arrangeLabels();
    }
    function close() {
      if (!before) { return; }
      stage.style.width = stage.style.height = "";
      document.body.classList.remove("on-paper");
      map.invalidateSize({ animate: false, pan: false });
      map.setView(before.at, before.zoom, { animate: false });
      before = null;
      paper = "A4";
      lay();
    }
    lay();
    window.addEventListener("beforeprint", open);
    window.addEventListener("afterprint", close);
    document.addEventListener("click", function (event) {
      const button = event.target.closest("[data-paper]");
      if (!button) { return; }
      paper = button.dataset.paper;
      lay();
      window.print();
    });
  };
})(window.TransitMap);
