// Take a still map away: SVG or PNG with its title, its legend, the dates and the sources.
window.TransitMap = window.TransitMap || {};
(function (T) {
  "use strict";
  const EDGE = 14, HEAD = 40, ROW = 19, MOST_CHARACTERS = 92;
  function escape(text) { return String(text).replace(/[&<>"]/g, function (c) { return { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[c]; }); }
  function words(element) { return element ? element.innerText.replace(/\s+/g, " ").trim() : ""; }
  function wrap(text, most) {
    const lines = [""];
    let room = most;
    Array.from(text).forEach(function (c) {
      const wide = c > "\u2e80" ? 2 : 1;
      if (room < wide) { lines.push(""); room = most; }
      lines[lines.length - 1] += c;
      room -= wide;
    });
    return lines;
  }
  T.drawStill = function (figure) {
    const map = figure.querySelector("svg.still"), lang = window.TransitLang.get(), box = map.viewBox.baseVal, copy = map.cloneNode(true);
    copy.querySelectorAll(lang === "zh" ? ".en" : ".zh").forEach(function (other) { other.remove(); });
    const w = box.width + 2 * EDGE, title = words(figure.querySelector("figcaption b"));
    let y = HEAD + box.height + 22, out = "";
    figure.querySelectorAll("figcaption > span").forEach(function (item) {
      const swatch = item.querySelector("i"), mark = item.querySelector("svg.mark");
      if (swatch) { out += '<rect x="' + EDGE + '" y="' + (y - 10) + '" width="18" height="12" fill="' + getComputedStyle(swatch).backgroundColor + '" stroke="#4a5259" stroke-width=".6"/>'; }
      if (mark) { out += '<svg x="' + EDGE + '" y="' + (y - 9) + '" width="34" height="10" viewBox="0 0 34 10" fill="none">' + mark.innerHTML + "</svg>"; }
      out += '<text x="' + (EDGE + 42) + '" y="' + y + '" font-size="12">' + escape(words(item)) + "</text>";
      y += ROW;
    });
    const about = [figure.dataset["dates" + (lang === "zh" ? "Zh" : "En")], figure.dataset["source" + (lang === "zh" ? "Zh" : "En")]].filter(Boolean);
    about.forEach(function (text) {
      wrap(text, MOST_CHARACTERS).forEach(function (line) { out += '<text x="' + EDGE + '" y="' + y + '" font-size="9.5" fill="#4a5259">' + escape(line) + "</text>"; y += 13; });
    });
    return '<svg xmlns="http://www.w3.org/2000/svg" width="' + w + '" height="' + (y + 4) + '" viewBox="0 0 ' + w + " " + (y + 4) + '" font-family="\'Noto Sans CJK SC\', \'Microsoft YaHei\', sans-serif"><rect width="100%" height="100%" fill="#fff"/>' +
      '<text x="' + EDGE + '" y="26" font-size="16" font-weight="700" fill="#1b1f24">' + escape(title) + '</text><svg x="' + EDGE + '" y="' + HEAD + '" width="' + box.width + '" height="' + box.height + '" viewBox="0 0 ' + box.width + " " + box.height + '">' + copy.innerHTML + "</svg>" + out + "</svg>";
  };
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-take-still]"), figure = button && button.closest("figure");
    if (!figure) { return; }
    const name = T.nameFile(words(figure.querySelector("figcaption b"))), picture = T.drawStill(figure);
    if (button.dataset.takeStill === "svg") { T.save(name + ".svg", picture, "image/svg+xml"); }
    else { T.toPng(picture).then(function (blob) { T.save(name + ".png", blob); }); }
  });
})(window.TransitMap);
