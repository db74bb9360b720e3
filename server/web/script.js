// Every page works without this file. With it, a button that was pressed does its
// work once, and the editor of a draft keeps what is typed and marks what is found
// in it. Dates, rules and words of the work are the server's: what is shown here
// is what its pages say.
"use strict";

// pressedOnce disables the buttons of a form on its way, until the page is shown
// again. The server does a request once anyway, by the id that is in the form.
function pressedOnce() {
  const buttons = (form) => form.querySelectorAll("button");
  const release = (form) => {
    delete form.dataset.sent;
    buttons(form).forEach((b) => { b.disabled = false; });
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => buttons(form).forEach((b) => { b.disabled = true; })); // after the button's own value is taken
    setTimeout(() => release(form), 15000); // an answer that never comes
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
}

// What the editor sends of itself. Any other hidden field is the server's guard
// against other sites, and may be renewed.
const ownFields = ["form", "request_id", "expected_version", "editor_id", "revision", "base", "copy_version", "rival"];
const fields = ["text", "result", "publicity", "withhold_reason", "summary"];
// Statuses of a failed keep after which the server still shows the text again when
// the form is sent. After any other, and after none, sending would lose the text.
const shownAgain = [400, 401, 409, 412, 419];
const keepAfter = 2000, keepAtLeast = 10000, checkAfter = 1200, longestWait = 60000;

// startEditor keeps what is typed into the form of a draft, and shows beside it
// what is found.
function startEditor(form, aside) {
  const area = form.elements.text;
  const overlay = overlaid(area, aside);
  const state = { form, status: form.querySelector(".keeping"), dirty: false, changes: 0, busy: null, timer: 0, since: 0, wait: 0, failed: null, pressed: false, sure: false, leaving: false };
  const check = checker(form, aside, overlay);
  let pause = 0;

  form.addEventListener("input", (event) => {
    if (!fields.includes(event.target.name)) return;
    state.changes++;
    state.dirty = true;
    state.wait = 0;
    state.since = state.since || Date.now();
    later(state, Math.min(keepAfter, Math.max(0, state.since + keepAtLeast - Date.now())));
    if (event.target === area) overlay.clear();
    clearTimeout(pause);
    pause = setTimeout(check, checkAfter);
  });
  form.addEventListener("submit", (event) => {
    if (!state.sure && (isCut(state.failed) || !navigator.onLine)) {
      event.preventDefault();
      keepFirst(state, event.submitter);
      return;
    }
    state.leaving = true;
    clearTimeout(state.timer);
    clearTimeout(pause);
  });
  form.addEventListener("click", (event) => {
    if (event.target.matches("button[value=check]")) {
      event.preventDefault();
      check();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      keep(state);
    }
  });
  // What is decided of a promise leaves the page: first keep what is typed on it.
  aside.addEventListener("submit", async (event) => {
    if (!state.dirty) return;
    event.preventDefault();
    await keep(state);
    if (!state.dirty) event.target.submit();
  });
  aside.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-start]");
    if (link) {
      event.preventDefault();
      overlay.select(Number(link.dataset.start), Number(link.dataset.end));
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (state.dirty && !state.leaving) event.preventDefault();
  });
  window.addEventListener("pagehide", () => {
    if (state.dirty && !state.leaving) navigator.sendBeacon(`${form.action}/keep`, nextRevision(form));
  });
  window.addEventListener("pageshow", () => { state.leaving = false; });
  document.addEventListener("visibilitychange", () => { if (state.dirty) keep(state); });
  window.addEventListener("online", () => { if (state.dirty) keep(state); });
  overlay.paint();
  if (document.querySelector(".kept")) check(); // what may be decided while the text is kept
}

function nextRevision(form) {
  form.elements.revision.value = Number(form.elements.revision.value) + 1;
  return new FormData(form);
}

function later(state, ms) {
  clearTimeout(state.timer);
  state.timer = setTimeout(() => keep(state), ms);
}

// say puts one sentence into the status line, and after it what can be done.
function say(state, sentence, ...more) {
  if (state.status.textContent !== sentence) state.status.replaceChildren(sentence, ...more);
}

// keep sends what is in the form to be kept, one at a time.
async function keep(state) {
  clearTimeout(state.timer);
  if (state.busy) {
    await state.busy;
    if (!state.dirty) return;
  }
  if (state.leaving || state.busy) return;
  state.busy = send(state);
  await state.busy;
  state.busy = null;
}

async function send(state) {
  const { form } = state;
  const changes = state.changes;
  state.since = 0;
  let answer;
  try {
    answer = await fetch(`${form.action}/keep`, { method: "POST", body: nextRevision(form), signal: AbortSignal.timeout(20000) });
    if (answer.ok) {
      const kept = await answer.json();
      form.elements.copy_version.value = kept.version;
      state.wait = 0;
      state.failed = null;
      state.pressed = false;
      state.dirty = state.changes !== changes;
      const saved = kept.latest > Number(form.elements.base.value) ? ` · 已有人保存第 ${kept.latest} 稿，您保存时可以逐项对照` : "";
      say(state, `已暂存 ${kept.time}${saved}`);
      return;
    }
  } catch {
    answer = null;
  }
  state.dirty = true;
  state.failed = answer ? answer.status : 0;
  if (!state.leaving) await explain(state, answer);
}

// isCut tells of the last keep that failed, null for none, that sending the form
// would lose the text.
function isCut(failed) {
  return failed !== null && !shownAgain.includes(failed);
}

// keepFirst sends the form once its text is kept; else the text stays on the page.
async function keepFirst(state, submitter) {
  state.pressed = true;
  await keep(state);
  if (state.failed !== null) return;
  state.sure = true;
  state.form.requestSubmit(submitter);
  state.sure = false;
}

// explain says why nothing was kept, and what goes on: the text stays on the page.
async function explain(state, answer) {
  switch (answer ? answer.status : 0) {
    case 401:
      say(state, "未暂存 · 登录已过期，文字还在本页。", link("/sign-in", "在新窗口登录"), "，随后自动继续。");
      return later(state, 5000);
    case 419:
      switch (await renewGuard(state.form)) {
        case "renewed":
          return later(state, 1000);
        case "other":
          return say(state, "现在登录的是另一人，文字没有暂存");
        case "barred":
          return say(state, "现在登录的人不能写这份稿件，文字没有暂存，请另存");
      }
      break;
    case 412:
      return say(state, "未暂存 · 您在另一个窗口也写了这份稿件。", compareButton());
    case 400: case 403: case 404: case 409: case 413:
      return say(state, `未暂存 · ${(await answer.text()).trim()}`);
  }
  state.wait = Math.min(longestWait, state.wait * 2 || keepAfter);
  say(state, state.pressed ? "没有保存 · 文字还在本页，正在重试。暂存以后请再按一次。" : "未保存 · 正在重试");
  return later(state, state.wait);
}

function link(href, text) {
  const a = document.createElement("a");
  Object.assign(a, { href, textContent: text, target: "_blank" });
  return a;
}

function compareButton() {
  const button = document.createElement("button");
  Object.assign(button, { name: "do", value: "compare", className: "link", textContent: "对照两边", formNoValidate: true });
  return button;
}

// renewGuard takes the guard against other sites from a fresh copy of the page, as
// it is after the same person has signed in again, and says what it found: one that
// was "renewed", an "other" person, one who is "barred" from writing, or nothing.
async function renewGuard(form) {
  const answer = await fetch(location.pathname).catch(() => null);
  const page = answer ? await answer.text().catch(() => null) : null;
  if (page === null || answer.redirected || answer.status >= 500) return "";
  const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("form.editor");
  if (!fresh) return "barred";
  if (fresh.dataset.user !== form.dataset.user) return "other";
  let renewed = "";
  for (const input of fresh.querySelectorAll("input[type=hidden]")) {
    if (ownFields.includes(input.name)) continue;
    for (const old of document.querySelectorAll(`input[type=hidden][name="${CSS.escape(input.name)}"]`)) {
      if (old.value !== input.value) renewed = "renewed";
      old.value = input.value;
    }
  }
  return renewed;
}

// guarded gives the forms of the findings the guard that the page's form has.
function guarded(form, aside) {
  for (const input of form.querySelectorAll("input[type=hidden]")) {
    if (ownFields.includes(input.name)) continue;
    for (const other of aside.querySelectorAll("form")) {
      if (!other.elements[input.name]) other.append(input.cloneNode());
    }
  }
}

// checker returns what shows anew what is found in the text. A form that somebody
// has opened there stays until it is closed.
function checker(form, aside, overlay) {
  let latest = 0;
  return async function check() {
    const mine = ++latest;
    const answer = await fetch(`${form.action}/check`, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer || !answer.ok || mine !== latest) return;
    const found = await answer.text();
    if (mine !== latest) return;
    const open = aside.querySelector("details.plan[open]");
    if (open) {
      open.addEventListener("toggle", check, { once: true });
      return;
    }
    aside.innerHTML = found;
    guarded(form, aside);
    overlay.paint();
  };
}

// overlaid lays the marks of the text under the text itself.
function overlaid(area, aside) {
  const frame = document.createElement("div");
  const marks = document.createElement("div");
  frame.className = "overlaid";
  marks.className = "marks";
  marks.setAttribute("aria-hidden", "true");
  area.before(frame);
  frame.append(marks, area);
  const follow = () => { marks.scrollTop = area.scrollTop; };
  area.addEventListener("scroll", follow);

  const clear = () => marks.replaceChildren();
  const paint = () => {
    const section = aside.querySelector(".in-text");
    if (!section) return;
    section.hidden = true;
    const nodes = [...section.querySelector("article").childNodes].map((node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      const mark = document.createElement("mark");
      mark.className = node.className;
      mark.textContent = node.textContent;
      return mark;
    });
    const text = nodes.map((n) => n.textContent ?? n).join("");
    if (text.trimEnd() === area.value.trimEnd()) marks.replaceChildren(...nodes, "\n");
    follow();
  };
  // Places count characters; a textarea counts UTF-16 units.
  const select = (start, end) => {
    const chars = Array.from(area.value);
    const before = chars.slice(0, start).join("");
    const ruler = marks.cloneNode(false);
    const place = document.createElement("span");
    ruler.append(before, place);
    frame.append(ruler);
    const top = place.offsetTop;
    ruler.remove();
    area.focus({ preventScroll: true });
    area.setSelectionRange(before.length, before.length + chars.slice(start, end).join("").length);
    area.scrollTop = top - area.clientHeight / 3;
    area.scrollIntoView({ block: "nearest" });
  };
  return { clear, paint, select };
}

pressedOnce();
const editor = document.querySelector("form.editor");
const findings = document.querySelector("aside.findings");
if (editor && findings) startEditor(editor, findings);
