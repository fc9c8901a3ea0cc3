// Looks up files without sending them: the digest is computed here, its first digits are asked for, and the comparison is made here.
// Every word that is shown stands in the page, in templates; this file has none.
"use strict";
(() => {
  const zone = document.getElementById("zone");
  const input = document.getElementById("files");
  const answers = document.getElementById("answers");
  const status = document.getElementById("status");
  if (!zone || !input || !answers || !status) return;

  const number = (name) => Number(zone.dataset[name]);
  const template = (id) => document.getElementById(`t-${id}`).content.cloneNode(true);

  // Puts values into the text and the links of a template. Values are text, and never become markup.
  const filled = (fragment, values) => {
    const put = (text) => text.replace(/\{([a-z]+)\}/g, (all, name) => (name in values ? values[name] : all));
    const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) walker.currentNode.data = put(walker.currentNode.data);
    for (const link of fragment.querySelectorAll("a[href]")) link.setAttribute("href", put(link.getAttribute("href")));
    for (const time of fragment.querySelectorAll("time")) time.setAttribute("datetime", put("{time}"));
    return fragment;
  };
  const tell = (id, values = {}) => status.replaceChildren(filled(template(id), values));

  // Without it nothing can be computed: the page says so, and the commands below remain.
  if (!(window.crypto && window.crypto.subtle)) {
    document.getElementById("plain").hidden = false;
    return;
  }
  zone.hidden = false;

  const digestOf = async (file) => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // The known digests that begin like this one. However many digits a server asks for, it is told no more than `most`.
  const range = async (digest) => {
    let digits = number("fewest");
    for (;;) {
      const prefix = digest.slice(0, digits);
      let answer;
      try {
        answer = await fetch(`/v1/digests/sha256/${prefix}`, { credentials: "omit", redirect: "error" });
      } catch {
        return { fault: "unreachable" };
      }
      if (answer.status === 429) return { fault: "busy" };
      const told = await answer.json().catch(() => null);
      if (answer.ok && told && told.prefix === prefix) return told;
      const more = told && answer.status === 422 ? Number(told.digits) : 0;
      if (!(more > digits && more <= number("most"))) return { fault: answer.status === 422 ? "crowded" : "unreachable" };
      digits = more;
    }
  };

  const verdictOf = (known) => {
    const exact = document.getElementById(`t-${known.verdict}-${known.part || ""}`);
    return exact ? `${known.verdict}-${known.part}` : document.getElementById(`t-${known.verdict}`) ? known.verdict : "unchecked";
  };

  const links = (known, digest) => {
    const list = template("links");
    const items = list.querySelector("ul");
    for (const id of known.notices.slice(0, number("notices"))) {
      items.append(filled(template("notice"), { id, short: id.slice(0, 12) }));
    }
    items.append(filled(template("dataset"), { digest }));
    return list;
  };

  // What is known of one file, in the words of the page.
  const lookedUp = async (file) => {
    if (file.size === 0) return [template("empty")];
    if (file.size > number("largest")) return [template("large")];
    let digest;
    try {
      digest = await digestOf(file);
    } catch {
      return [template("unreadable")];
    }
    const told = await range(digest);
    if (told.fault) return [template("unchecked"), template(told.fault)];
    const values = { digest, prefix: told.prefix, time: told.checkpoint_time || zone.dataset.never, size: String(told.tree_size) };
    const known = told.digests.find((one) => one.digest === digest);
    const parts = [];
    if (known) {
      parts.push(template(verdictOf(known)), links(known, digest));
    } else {
      parts.push(filled(template(told.incomplete ? "unchecked" : "no-notice"), values));
    }
    if ((known || told).incomplete) parts.push(template("incomplete"));
    parts.push(filled(template("asked"), values));
    return parts;
  };

  let busy = false;
  const lookUp = async (chosen) => {
    if (busy || chosen.length === 0) return;
    busy = true;
    const files = chosen.slice(0, number("files"));
    answers.replaceChildren();
    for (const [place, file] of files.entries()) {
      tell("working", { done: String(place + 1), all: String(files.length) });
      const item = template("answer").firstElementChild;
      item.querySelector("[data-name]").textContent = file.name;
      item.append(...(await lookedUp(file)));
      answers.append(item);
    }
    tell(chosen.length > files.length ? "more" : "done", { done: String(files.length) });
    busy = false;
    input.value = "";
  };

  input.addEventListener("change", () => lookUp([...input.files]));
  // A file that is dropped beside the zone must not replace the page.
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
  zone.addEventListener("dragenter", () => zone.classList.add("over"));
  zone.addEventListener("dragleave", (event) => zone.contains(event.relatedTarget) || zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    zone.classList.remove("over");
    lookUp([...event.dataTransfer.files]);
  });
})();
