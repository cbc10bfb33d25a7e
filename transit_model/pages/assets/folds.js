// Opens or folds all chapters of a page at once.
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-folds]");
    if (!button) { return; }
    document.querySelectorAll("details.chapter").forEach(function (d) { d.open = button.dataset.folds === "open"; });
  });
})();
