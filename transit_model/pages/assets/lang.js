// Language switch: sets html[data-lang], remembers the choice, translates attributes. Shared by all pages. Where neither the
// address nor a choice made before says which, a page that follows the browser speaks Chinese to those who read it there.
(function () {
  "use strict";
  const KEY = "transit-model-lang";
  const root = document.documentElement;

  function recall() {
    try { return window.localStorage.getItem(KEY); } catch (error) { return null; }
  }
  function remember(lang) {
    try { window.localStorage.setItem(KEY, lang); } catch (error) { /* storage may be forbidden: then not remembered */ }
  }
  function get() { return root.dataset.lang; }

  function translate(lang) {
    document.querySelectorAll("[data-label-zh]").forEach(function (element) {
      element.setAttribute("aria-label", element.getAttribute("data-label-" + lang));
    });
    document.querySelectorAll("[data-title-zh]").forEach(function (element) { element.title = element.getAttribute("data-title-" + lang); });
    document.querySelectorAll("[data-placeholder-zh]").forEach(function (element) {
      element.placeholder = element.getAttribute("data-placeholder-" + lang);
    });
    document.querySelectorAll("[data-set-lang]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.setLang === lang));
      button.tabIndex = button.dataset.setLang === lang ? -1 : 0; // pressing it again would do nothing
    });
    const title = document.querySelector("title");
    if (title && title.dataset[lang]) { document.title = title.dataset[lang]; }
  }
  function set(lang) {
    if (lang !== "zh" && lang !== "en") { return; }
    root.dataset.lang = lang;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    translate(lang);
    document.dispatchEvent(new CustomEvent("langchange", { detail: lang }));
  }

  const asked = /[?#&]lang=(zh|en)\b/.exec(window.location.hash + window.location.search);
  function follow() {
    const wanted = navigator.languages && navigator.languages.length ? navigator.languages : [navigator.language || ""];
    if (!root.hasAttribute("data-follows") || !wanted[0]) { return null; }
    const known = wanted.map(function (l) { return /^(zh|en)\b/i.exec(l); }).find(Boolean);
    return known ? known[1].toLowerCase() : "en";
  }
  const first = (asked && asked[1]) || recall() || follow() || get();
  root.dataset.lang = first === "en" ? "en" : "zh";
  root.lang = first === "en" ? "en" : "zh-CN";

  document.addEventListener("DOMContentLoaded", function () {
    translate(get());
    document.addEventListener("click", function (event) {
      const button = event.target.closest("[data-set-lang]");
      if (button) { set(button.dataset.setLang); remember(button.dataset.setLang); }
    });
  });
  window.TransitLang = { get: get, set: set };
})();
