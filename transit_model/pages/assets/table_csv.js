// A download beside each table: the cells as they stand, in the language of the page.
(function () {
  "use strict";
  function read(table) {
    return Array.from(table.rows).filter(function (row) { return row.offsetParent !== null; }).map(function (row) {
      return Array.from(row.cells).map(function (cell) {
        const words = cell.innerText.replace(/\s+/g, " ").trim(), filled = [words].concat(new Array(cell.colSpan - 1).fill(""));
        return filled.map(function (w) { return /[",]/.test(w) ? '"' + w.replace(/"/g, '""') + '"' : w; }).join(",");
      }).join(",");
    }).join("\n") + "\n";
  }
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-table-csv]");
    if (!button) { return; }
    const next = button.nextElementSibling, table = next.matches("table") ? next : next.querySelector("table");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + read(table)], { type: "text/csv" }));
    link.download = (document.title + ".csv").replace(/[\\/:*?"<>|]+/g, "-");
    link.click();
  });
  document.querySelectorAll("table").forEach(function (table) {
    if (!table.tHead && table.rows.length < 3) { return; }
    const button = document.createElement("button"), box = table.closest(".scroll") || table;
    button.type = "button";
    button.className = "csv";
    button.dataset.tableCsv = "";
    button.textContent = "CSV";
    ["zh", "en"].forEach(function (lang) { button.setAttribute("data-label-" + lang, lang === "zh" ? "下载本表 CSV" : "Download this table as CSV"); });
    button.setAttribute("aria-label", document.documentElement.dataset.lang === "en" ? "Download this table as CSV" : "下载本表 CSV");
    box.before(button);
  });
})();
