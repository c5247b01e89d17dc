// Asks before a page is left on which something was typed and not sent: a file that is looked at in between would lose
// it. What is sent by its own button is not asked about. Without script nothing is asked.
"use strict";
(() => {
  const typed = new Set();
  addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.method === "post") typed.add(form);
  });
  addEventListener("submit", (event) => typed.delete(event.target));
  addEventListener("beforeunload", (event) => {
    if (typed.size) event.preventDefault();
  });
})();
