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
})();
