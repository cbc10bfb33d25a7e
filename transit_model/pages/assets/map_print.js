// On paper a map shows all of the area with its legend and sources below it: a map page fills a landscape sheet, A4 or A3,
// under a title block; a map inside a text page is as wide as the text.
(function (T) {
  "use strict";
  const MM = 96 / 25.4, PAPERS = { A4: [297, 210], A3: [420, 297] };
  const MARGIN = 10, BLOCK = 48; // title, legend and sources round the map of a map page
  const BOXED = { width: 180, height: 132 };

  T.preparePaper = function (map, boxed) {
    const stage = document.querySelector(".stage"), style = document.head.appendChild(document.createElement("style"));
    let paper = "A4", before = null;
    function shown(strip) { const title = strip && strip.querySelector(".strip-title"); return title && strip.id === "strip-saved" ? title.innerText.trim() : ""; }
    function lay() { if (!boxed) { style.textContent = "@page { size: " + paper + " landscape; margin: " + MARGIN + "mm; }"; } }
    function open() {
      if (before) { return; }
      before = { at: map.getCenter(), zoom: map.getZoom() };
      const size = PAPERS[paper];
      stage.style.width = Math.round((boxed ? BOXED.width : size[0] - 2 * MARGIN) * MM) + "px";
      stage.style.height = Math.round((boxed ? BOXED.height : size[1] - 2 * MARGIN - BLOCK) * MM) + "px";
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
