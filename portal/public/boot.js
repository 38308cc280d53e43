// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Runs before anything is drawn: the theme, so that a dark page never flashes white; and one reload when a chunk is
// gone because the server was upgraded under an open page.
(function () {
  var root = document.documentElement;
  var chosen = null;
  try {
    chosen = localStorage.getItem("helios.theme");
  } catch (error) {
    chosen = null; // storage may be switched off
  }
  var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.toggle("dark", dark);

  addEventListener(
    "error",
    function (event) {
      var address = event.target && (event.target.src || event.target.href);
      if (!address || address.indexOf("/_next/static/") < 0) return;
      try {
        var last = Number(sessionStorage.getItem("helios.reloaded")) || 0;
        if (Date.now() - last < 60000) return;
        sessionStorage.setItem("helios.reloaded", String(Date.now()));
      } catch (error) {
        return; // without a memory it could reload for ever
      }
      location.reload();
    },
    true,
  );
})();
