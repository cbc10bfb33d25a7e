(function (S) {
  "use strict";
  S.wireDraw = function () {};
  S.showDrafts = function () {};
  S.showDraftIssues = function () {};
})(window.TransitStudio);
