// Sends chosen files in parts while the form is being filled in: a broken line costs a part, not the file. Without this
// script, or when it gives up on a file, the form itself sends what is chosen. See docs/envelope.md, Uploads in parts.
(() => {
  "use strict";
  const template = document.getElementById("unggahan");
  if (!template || !window.DataTransfer || !window.Promise) return;
  const { address, most, words } = JSON.parse(template.dataset.told);
  const PART = 1048576; // bytes
  const PATIENCE = 300000; // ms for one part: 1 MiB at 50 kbit/s takes 170 s
  const ASKED_AGAIN = 45000; // ms for a file to be cleaned, before it is asked what came of it; that costs nothing
  const LONGEST_LOOK = 15000; // ms between two questions whether it is clean
  const LOOKS = 80; // questions in a row: some 20 minutes
  const LONGEST_PAUSE = 60000; // ms
  const TRIES = 6; // without a step forward, where the server can be reached
  const WIDEST = 2000; // pixels of a photo's longer side
  const LONGEST = 2.5; // times as long as wide: what is longer is a screenshot of a chat, to be read and not looked at
  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // One request; never fails: "line" when no answer came. XMLHttpRequest, since fetch does not say how much has gone.
  const ask = (step, headers, body, on) => new Promise((answered) => {
    const request = new XMLHttpRequest();
    request.open("POST", address + step);
    for (const name of Object.keys(headers)) request.setRequestHeader(name, headers[name]);
    const ends = step === "/selesai";
    request.timeout = ends ? ASKED_AGAIN : PATIENCE;
    request.upload.onprogress = (event) => on.progress && on.progress(event.loaded);
    request.onerror = request.onabort = () => answered({ code: "line" });
    request.ontimeout = () => answered({ code: ends ? "making" : "line" });
    request.onload = () => {
      try {
        answered(JSON.parse(request.responseText));
      } catch {
        answered({ code: request.status < 500 ? "form" : "unavailable", says: "" }); // from something in between
      }
    };
    on.abort = () => request.abort();
    request.send(body);
  });

  // Tor Browser gives noise in place of what was drawn, so that nobody is known by it: a photo would be lost.
  const draws = () => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    if (!pen) return false;
    pen.fillStyle = "rgb(30, 180, 90)";
    pen.fillRect(0, 0, 16, 16);
    const seen = pen.getImageData(0, 0, 16, 16).data;
    return seen.every((value, at) => Math.abs(value - [30, 180, 90, 255][at % 4]) < 6);
  };

  // A large photo as a smaller JPEG, which holds nothing but the picture; any other file as it is. A PNG is a screenshot.
  const shrunk = async (file) => {
    if (!/^image\/(jpeg|webp)$/.test(file.type) || !window.createImageBitmap) return file;
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = WIDEST / Math.max(picture.width, picture.height);
      const ratio = Math.max(picture.width, picture.height) / Math.min(picture.width, picture.height);
      if (scale >= 1 || ratio > LONGEST || !draws()) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      const pen = canvas.getContext("2d");
      pen.imageSmoothingQuality = "high";
      pen.fillStyle = "#fff"; // a JPEG has nothing that is transparent
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const small = await new Promise((made) => canvas.toBlob(made, "image/jpeg", 0.85));
      return small ? new File([small], file.name.replace(/\.\w+$/, "") + ".jpg", { type: small.type }) : file;
    } catch {
      return file; // the server reads more kinds than this browser
    } finally {
      if (picture) picture.close();
    }
  };

  // A file that was moved or changed since fails like a broken line, and would for ever.
  const readable = (file) => file.slice(0, 1).arrayBuffer().then(() => true, () => false);

  // One file on its way, and its line on the page.
  class Sending {
    constructor(file, say) {
      this.file = file;
      this.say = say; // to a screen reader
      this.state = "waits"; // then "goes", and in the end "done", "cancelled", "kept" for the form, "refused"
      this.row = template.content.firstElementChild.cloneNode(true);
      const part = (name) => this.row.querySelector(`[data-${name}]`);
      [this.bar, this.text, this.goOn, this.cancel] = ["bar", "text", "go-on", "cancel"].map(part);
      part("name").textContent = file.name;
      this.bar.setAttribute("aria-label", file.name);
      for (const button of [this.goOn, this.cancel]) this.call(button, button.textContent);
      this.show(words.turn);
    }

    call(button, words) {
      button.textContent = words;
      button.setAttribute("aria-label", `${words} ${this.file.name}`);
    }

    get over() {
      return this.state !== "waits" && this.state !== "goes";
    }

    show(sentence, aloud) {
      this.text.textContent = sentence;
      if (aloud) this.say(`${this.file.name}: ${sentence}`);
    }

    at(bytes) {
      const percent = Math.floor(Math.min(1, bytes / this.sent.size) * 100);
      this.bar.value = percent;
      this.show(fill(words.sending, { percent }));
    }

    end(state, sentence) {
      if (this.over) return;
      this.state = state;
      this.bar.hidden = this.goOn.hidden = true;
      if (state !== "kept") this.call(this.cancel, words.remove);
      this.show(sentence, true);
      if (this.abort) this.abort();
      if (this.wake) this.wake();
      if (this.token) ask("/batal", { "Peluit-Upload": this.token }, null, {}); // its parts are of no use any more
    }

    // Until the line is back, the pause is over or somebody asks; each pause is longer than the one before.
    pause(tries) {
      return new Promise((over) => {
        const timer = setTimeout(() => this.wake(), Math.min(LONGEST_PAUSE, 1000 * 2 ** tries));
        this.wake = () => {
          clearTimeout(timer);
          removeEventListener("online", this.wake);
          this.goOn.hidden = true;
          this.wake = null;
          over();
        };
        addEventListener("online", this.wake);
        this.goOn.hidden = false;
      });
    }

    // The server is at work: it is asked again after a while, each longer than the one before.
    look(looks) {
      this.show(words.cleaning);
      return new Promise((over) => {
        this.wake = () => {
          this.wake = null;
          over();
        };
        setTimeout(this.wake, Math.min(LONGEST_LOOK, 1000 * 2 ** looks));
      });
    }

    // What comes next, and its answer.
    step(there, parts, unsure) {
      const token = { "Peluit-Upload": this.token };
      if (!this.token) {
        const told = { name: this.sent.name, size: this.sent.size, mode: "plain", scaled: this.sent !== this.file };
        return ask("", { "Content-Type": "application/json" }, JSON.stringify(told), this);
      }
      if (unsure) return ask("/sampai", token, null, this);
      if (there === parts) {
        this.show(words.cleaning, this.text.textContent !== words.cleaning);
        return ask("/selesai", token, null, this);
      }
      this.progress = (bytes) => this.at(there * PART + bytes);
      const kind = { "Content-Type": "application/octet-stream", "Peluit-Part": there };
      const piece = this.sent.slice(there * PART, (there + 1) * PART);
      return ask("/bagian", Object.assign(kind, token), piece, this);
    }

    // The answer that ends it. The server's count is what holds, whatever this page thinks that it has sent.
    async go(original) {
      this.state = "goes";
      this.show(words.preparing);
      this.sent = original ? this.file : await shrunk(this.file);
      for (let there = 0, parts = 0, tries = 0, looks = 0, unsure = false; !this.over; ) {
        this.progress = null;
        const told = await this.step(there, parts, unsure);
        const lost = told.code === "line" || told.code === "unavailable";
        if (this.over) return told;
        if (told.code === "making" && looks < LOOKS) {
          await this.look(looks);
          [looks, tries] = [looks + 1, 0];
          continue;
        }
        tries = told.code === "ok" && !unsure ? 0 : tries + 1;
        if (told.code === "line" && !(await readable(this.sent))) return { code: "gone", says: words.gone };
        if (lost && (told.code === "line" || tries < TRIES)) {
          this.show(told.code === "line" ? words.broken : words.later, true);
          await this.pause(tries);
        } else if (told.code !== "ok" && (!/^(order|doubled|missing)$/.test(told.code) || tries >= TRIES)) {
          return told;
        } else {
          there = told.there;
          if (told.token) [this.token, parts] = [told.token, told.parts];
        }
        unsure = lost && Boolean(this.token);
      }
    }
  }

  // What waits for the files of a form: its fields for files, and the button that sends it once all of them are there.
  const forms = new Map();
  const waiting = (form) => {
    if (!forms.has(form)) forms.set(form, { fields: [], button: null });
    return forms.get(form);
  };

  // The files of one form, or of one of its boxes.
  const enhance = (field) => {
    const form = field.closest("form");
    const box = field.closest("[data-box]") || form;
    const all = waiting(form);
    const input = field.querySelector("input[type=file]");
    const rows = document.createElement("ul");
    const live = document.createElement("p");
    const copy = (name) => template.content.querySelector(`[data-${name}]`).cloneNode(true);
    const [scaled, wait, held] = ["scaled", "wait", "held"].map(copy);
    rows.className = "files";
    rows.setAttribute("aria-label", words.rows);
    live.className = "sr";
    live.setAttribute("role", "status");
    box.querySelector(".actions").before(wait, held); // where the button is that was pressed
    const arrived = field.querySelector("[data-arrived]");
    arrived.before(rows, live); // what asks for patience stands nearest to where it was chosen
    const sendings = [];
    let running = false;
    const say = (sentence) => {
      live.textContent = sentence;
    };
    const keep = box.querySelector("[name^=asli]");
    const count = (selector) => box.querySelectorAll(selector).length;
    const taken = () => count("[name^=berkas-ada]") - count("[name=buang]:checked") + unsent().length;
    const unsent = () => sendings.filter((one) => /waits|goes|kept/.test(one.state));
    const unfinished = () => sendings.filter((one) => !one.over);
    const original = () => keep && keep.checked;
    const me = { unfinished, wait };
    all.fields.push(me);

    // What the form would send by itself: all that did not get through.
    const settle = () => {
      const left = new DataTransfer();
      for (const one of unsent()) left.items.add(one.file);
      input.files = left.files;
    };

    // A form that waited does not go before its sender has seen what came of a file.
    const hold = (node, sentence, name) => {
      if (!all.button) return;
      all.button = null;
      for (const other of all.fields) other.wait.hidden = true;
      held.querySelector("p").textContent = fill(sentence, { name });
      held.hidden = false;
      node.tabIndex = -1;
      node.scrollIntoView({ block: "center" });
      node.focus({ preventScroll: true });
    };

    const done = (one, told) => {
      const list = arrived.querySelector("ul");
      arrived.hidden = false;
      list.insertAdjacentHTML("beforeend", told.item);
      const item = list.lastElementChild;
      item.querySelector("[name=berkas-ada]").name = input.name.replace("berkas", "berkas-ada");
      const asks = item.querySelector("[name=apa-adanya]");
      one.end("done", asks ? fill(words.decide, { why: item.querySelector(".ask").textContent.trim() }) : words.done);
      one.row.remove();
      if (asks) hold(item, words.asks, one.file.name);
    };

    const run = async () => {
      running = true;
      for (let one; (one = sendings.find((next) => next.state === "waits")); settle()) {
        const told = await one.go(original());
        if (one.over) continue;
        if (told.code === "stored") done(one, told);
        else if (/^(large|empty|gone)$/.test(told.code)) one.end("refused", told.says);
        else one.end("kept", words.kept);
        if (one.state !== "done") hold(one.row, words.lost, one.file.name);
      }
      running = false;
      press();
    };

    const press = () => {
      const pressed = all.button;
      wait.hidden = true;
      if (all.fields.some((other) => other.unfinished().length)) return;
      all.button = null;
      if (pressed) pressed.click();
    };

    const add = (files) => {
      for (const file of files) {
        const one = new Sending(file, say);
        one.cancel.addEventListener("click", () => {
          one.end("cancelled", words.cancelled);
          one.state = "cancelled"; // also when it was the form that was to send it
          one.row.remove();
          settle();
          input.focus();
        });
        one.goOn.addEventListener("click", () => one.wake && one.wake());
        const many = taken() >= most;
        sendings.push(one);
        rows.append(one.row);
        if (many || !file.size) one.end("refused", file.size ? words.many : words.empty);
      }
      settle();
      if (!running) run();
    };

    input.addEventListener("change", () => add([...input.files]));
    field.addEventListener("recorded", (event) => add([event.detail]));
    form.addEventListener("submit", (event) => {
      held.hidden = true;
      if (!unfinished().length) return;
      event.preventDefault();
      all.button = event.submitter || form.querySelector("button:not([type=button])");
      wait.hidden = false;
      // The button may be the one for the language, or another box's.
      if (all.fields.find((other) => other.unfinished().length) === me) wait.scrollIntoView({ block: "nearest" });
    });
    wait.querySelector("button").addEventListener("click", () => {
      for (const one of unfinished()) one.end("cancelled", words.cancelled);
      settle();
      press();
    });
    if (keep) {
      keep.parentNode.after(scaled);
      keep.addEventListener("change", () => {
        const smaller = box.querySelector("[data-small] [name=buang]:not(:checked)");
        scaled.firstElementChild.hidden = !(original() && smaller);
      });
    }
    field.dataset.ready = ""; // for recorder.js
  };

  for (const field of document.querySelectorAll("[data-upload]")) enhance(field);
})();
