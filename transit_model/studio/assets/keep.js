(function (S) {
  "use strict";
  S.wireKeep = function () {};
})(window.TransitStudio);
