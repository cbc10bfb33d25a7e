// A button copies the address, which holds what is chosen.
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    const copy = event.target.closest("#copy-link");
    if (!copy) { return; }
    const area = document.createElement("textarea");
    area.value = window.location.href;
    document.body.appendChild(area);
    area.select();
    try {
      document.execCommand("copy");
      copy.classList.add("done");
      window.setTimeout(function () { copy.classList.remove("done"); }, 1600);
    } catch (error) { /* the address bar holds the same link */ }
    area.remove();
    copy.focus();
  });
})();
