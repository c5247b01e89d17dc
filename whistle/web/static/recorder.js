// Records a voice on the page, to be heard before it is chosen like any other file. It does not change the voice: what
// sounds disguised can often be undone, and nobody is to rely on it. The microphone is let go at once when it is not used.
(() => {
  "use strict";
  const template = document.getElementById("perekam");
  if (!template || !window.MediaRecorder || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  const BITS = 32000; // a second: speech stays clear, and a minute is 240 kB
  const ENDINGS = { "audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a" };
  let warned = false;

  const enhance = (field) => {
    const box = template.content.firstElementChild.cloneNode(true);
    const part = (name) => box.querySelector(`[data-${name}]`);
    const [clock, sound, pause, resume] = [part("clock"), box.querySelector("audio"), part("do=pause"), part("do=resume")];
    let stream = null;
    let recorder = null;
    let file = null;
    let seconds = 0;

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
      if (!recorder || recorder.state !== "recording") return;
      seconds += 1;
      tick();
    }, 1000);

    // The microphone too, and at once: its light must not burn while somebody else looks at the phone.
    const stop = () => {
      if (recorder && recorder.state !== "inactive") recorder.stop();
      if (stream) for (const track of stream.getTracks()) track.stop();
      stream = null;
    };
    const forget = () => {
      URL.revokeObjectURL(sound.src);
      sound.removeAttribute("src");
      file = null;
      show("idle");
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
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS });
      recorder.ondataavailable = (event) => pieces.push(event.data);
      recorder.onstop = () => {
        const type = recorder.mimeType.split(";")[0];
        file = new File(pieces, `rekaman.${ENDINGS[type] || "webm"}`, { type });
        sound.src = URL.createObjectURL(file);
        show("made");
      };
      recorder.start();
      seconds = 0;
      tick();
      show("running");
    };

    const actions = {
      open: () => (warned ? start() : show("warning")),
      start,
      close: () => show("idle"),
      pause: () => recorder.pause(),
      resume: () => recorder.resume(),
      stop,
      drop: forget,
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
    addEventListener("pagehide", stop);
    document.addEventListener("visibilitychange", () => document.hidden && stop());
    for (const exit of document.querySelectorAll("a.exit")) exit.addEventListener("click", stop);
    show("idle");
    field.append(box);
  };

  for (const field of document.querySelectorAll("[data-upload][data-ready]")) enhance(field);
})();
