// Records a voice on the page, to be heard before it is chosen like any other file. It does not change the voice: what
// sounds disguised can often be undone, and nobody is to rely on it. The microphone is let go at once when it is not used.
(() => {
  "use strict";
  const template = document.getElementById("perekam");
  if (!template || !window.MediaRecorder || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  const BITS = 32000; // a second: speech stays clear, and a minute is 240 kB
  const LEAST = 1000; // bytes: less, of which nothing came while it was recorded, is a beginning without sound
  const ENDINGS = { "audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a" };
  let warned = false;

  const enhance = (field) => {
    const box = template.content.firstElementChild.cloneNode(true);
    const form = field.closest("form");
    const part = (name) => box.querySelector(`[data-${name}]`);
    const [clock, sound, pause, resume] = [part("clock"), box.querySelector("audio"), part("do=pause"), part("do=resume")];
    let stream = null;
    let recorder = null; // until what it made is used or thrown away
    let file = null;
    let seconds = 0;
    let heard = 0; // bytes that came while it was recorded: no second counts before there is sound
    let asked = false; // to decide on the recording, by a form that was about to go without it

    const show = (name) => {
      const here = box.contains(document.activeElement);
      for (const panel of box.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== name;
      pause.hidden = Boolean(recorder) && recorder.state === "paused";
      resume.hidden = !pause.hidden;
      const first = box.querySelector("[data-panel]:not([hidden]) button:not([hidden])");
      if (first && here) first.focus();
    };
    const tick = () => {
      clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    };
    setInterval(() => {
      if (!recorder || recorder.state !== "recording" || !heard) return;
      seconds += 1;
      tick();
    }, 1000);

    // The microphone too, and at once: its light must not burn while somebody else looks at the phone.
    const stop = () => {
      if (recorder && recorder.state !== "inactive") recorder.stop();
      if (stream) for (const track of stream.getTracks()) track.stop();
      stream = null;
    };
    // A screen that goes dark ends a recording: it stays bright meanwhile, where the browser lets it.
    const stayAwake = async (listening) => {
      try {
        const lock = await navigator.wakeLock.request("screen");
        if (listening.state === "inactive") lock.release();
        else listening.addEventListener("stop", () => lock.release());
      } catch {
        // it goes dark as always
      }
    };
    const leave = () => {
      if (recorder && recorder.state !== "inactive") part("cut").hidden = false;
      stop();
    };
    // Also those that were chosen before, on another page of the form.
    const number = () => {
      const names = [...form.querySelectorAll(".file-name")].map((node) => /rekaman-(\d+)\./.exec(node.textContent));
      return 1 + Math.max(0, ...names.map((found) => (found ? Number(found[1]) : 0)));
    };
    const insist = () => {
      asked = false;
      part("undecided").hidden = false;
      box.scrollIntoView({ block: "center" });
      part("do=use").focus({ preventScroll: true });
    };
    const forget = (panel = "idle") => {
      recorder = null;
      asked = false;
      seconds = heard = 0;
      tick();
      part("cut").hidden = part("undecided").hidden = true;
      URL.revokeObjectURL(sound.src);
      sound.removeAttribute("src");
      file = null;
      show(panel);
    };
    const made = () => {
      if (!heard && file.size < LEAST) {
        forget("silent");
        box.scrollIntoView({ block: "center" });
        return;
      }
      show("made");
      if (asked) insist();
    };

    const start = async () => {
      warned = true;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch {
        show("refused");
        return;
      }
      if (document.hidden) {
        stop();
        show("idle");
        return;
      }
      const pieces = [];
      try {
        recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS });
      } catch {
        stop();
        show("refused");
        return;
      }
      recorder.ondataavailable = (event) => {
        pieces.push(event.data);
        if (recorder.state !== "inactive") heard += event.data.size;
      };
      recorder.onstop = () => {
        const type = recorder.mimeType.split(";")[0];
        file = new File(pieces, `rekaman-${number()}.${ENDINGS[type] || "webm"}`, { type });
        sound.src = URL.createObjectURL(file);
        made();
      };
      recorder.start(250); // ms: told of its sound as it comes
      stayAwake(recorder);
      show("running");
    };

    const actions = {
      open: () => (warned ? start() : show("warning")),
      start,
      close: () => show("idle"),
      pause: () => recorder.pause(),
      resume: () => recorder.resume(),
      stop,
      drop: () => forget(),
      use: () => {
        field.dispatchEvent(new CustomEvent("recorded", { detail: file }));
        forget();
      },
    };
    box.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button) return;
      actions[button.dataset.do]();
      if (/pause|resume/.test(button.dataset.do)) show("running");
    });
    // On the way down, ahead of all that listens at the form itself.
    const intercept = (event) => {
      if (event.target !== form || !recorder) return;
      event.preventDefault();
      event.stopPropagation();
      asked = true;
      if (file) insist();
      else stop(); // then it is made
    };
    document.addEventListener("submit", intercept, true);
    addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", () => document.hidden && leave());
    for (const exit of document.querySelectorAll("a.exit")) exit.addEventListener("click", stop);
    show("idle");
    field.querySelector("input[type=file]").after(box);
  };

  for (const field of document.querySelectorAll("[data-upload][data-ready]")) enhance(field);
})();
