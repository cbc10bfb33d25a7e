// Groups of buttons [data-tabs=name] show one of the panels [data-panel=name].
(function () {
  "use strict";
  document.querySelectorAll("[data-tabs]").forEach(function (group) {
    const panels = document.querySelectorAll('[data-panel="' + group.dataset.tabs + '"]');
    group.addEventListener("click", function (event) {
      const chosen = event.target.closest("[data-tab]");
      if (!chosen) { return; }
      group.querySelectorAll("[data-tab]").forEach(function (button) {
        button.setAttribute("aria-pressed", String(button === chosen));
      });
      panels.forEach(function (panel) { panel.hidden = panel.dataset.panelId !== chosen.dataset.tab; });
    });
  });
  // Rows of [data-filtered=name] are shown when their data-kinds hold the word of the pressed button.
  document.querySelectorAll("[data-filter]").forEach(function (group) {
    const rows = document.querySelectorAll('[data-filtered="' + group.dataset.filter + '"] [data-kinds]');
    group.addEventListener("click", function (event) {
      const chosen = event.target.closest("[data-show]");
      if (!chosen) { return; }
      group.querySelectorAll("[data-show]").forEach(function (button) { button.setAttribute("aria-pressed", String(button === chosen)); });
      rows.forEach(function (row) {
        row.hidden = chosen.dataset.show !== "" && row.dataset.kinds.split(" ").indexOf(chosen.dataset.show) < 0;
      });
    });
  });
})();
