// Goes on with the work of the page by itself while the page is open; without it a button does. It asks this page alone.
(() => {
  "use strict";
  const form = document.querySelector("form[data-running]");
  if (!form) return;
  const bar = document.querySelector("progress[data-running]");
  const now = document.querySelector("[data-now]");
  const told = document.querySelector("[data-told]");
  let said = "";
  const step = async () => {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const lines = page.querySelector("[data-lines]");
    if (!answer.ok || !lines) throw new Error("this page has to be asked for anew");
    const ahead = lines.querySelector("progress[data-running]");
    if (!ahead) {
      told.textContent = "";
      document.querySelector("[data-lines]").replaceWith(lines);
      return;
    }
    bar.value = ahead.value;
    now.textContent = lines.querySelector("[data-now]").textContent;
    const tenth = String(Math.floor(ahead.value / 10));
    if (tenth !== said) told.textContent = now.textContent; // a screen reader is told each tenth, not each second
    said = tenth;
    setTimeout(() => step().catch(leave), 50);
  };
  const leave = () => location.assign(form.action); // signed out, or out of reach: the page says so
  form.querySelector("button").hidden = true;
  step().catch(leave);
})();
