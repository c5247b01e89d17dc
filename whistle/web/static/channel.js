// Makes leaving quicker; every page works without it. It stores nothing, reads nothing that is typed and sends nothing itself.
(() => {
  "use strict";
  const exit = document.querySelector("a.exit");
  if (exit) {
    // replace(): the page that is left does not stay behind the new one for the "back" button.
    const leave = () => {
      document.documentElement.hidden = true;
      location.replace(exit.href);
    };
    exit.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
    let last = -Infinity;
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (event.timeStamp - last < 1500) leave();
      last = event.timeStamp;
    });
  }
  // Where the phone says that there is no line, a form is not sent: the browser's error page would take its place, and the
  // way back from there leads to an empty form.
  const offline = document.querySelector("[data-offline]");
  if (offline) {
    addEventListener(
      "submit",
      (event) => {
        offline.hidden = navigator.onLine;
        if (navigator.onLine) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        offline.focus();
      },
      true,
    );
    addEventListener("online", () => (offline.hidden = true));
  }
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
