// A number and its unit stand on one line: in sentences that lead a page, "5.1万", "31 k", "197 → 175".
window.TransitNumbers = (function () {
  "use strict";
  const WHOLE = /[+−]?\d[\d,.]* → \d[\d,.]*(?: ?(?:\u4e07|k|M)(?![A-Za-z]))?|[+−]?\d[\d,.]* ?(?:\u4e07\u4eba?|k|M|km²|\u5206\u949f|minutes|min)(?![A-Za-z])/g;
  function keep(parent) {
    const walker = document.createTreeWalker(parent, NodeFilter.SHOW_TEXT), nodes = [];
    while (walker.nextNode()) { if (!walker.currentNode.parentElement.closest(".nb")) { nodes.push(walker.currentNode); } }
    nodes.forEach(function (node) {
      const text = node.data, parts = document.createDocumentFragment();
      let at = 0;
      text.replace(WHOLE, function (found, from) {
        const span = document.createElement("span");
        span.className = "nb";
        span.textContent = found;
        parts.append(text.slice(at, from), span);
        at = from + found.length;
        return found;
      });
      if (at) { parts.append(text.slice(at)); node.replaceWith(parts); }
    });
  }
  document.addEventListener("DOMContentLoaded", function () { document.querySelectorAll(".lead-line, .peek, .facts3, .headline").forEach(keep); });
  return { keep: keep };
})();
