// Plays the console around a custom widget: calls the function, strips what the console strips, binds cwdb-action, and hands
// forms, theme and size over. The parameters of the widget are in the address: /#view=identity&identity=shop.example
"use strict";
const $ = id => document.getElementById(id);
const widget = $("widget");
let dark = new URLSearchParams(location.search).get("theme") === "dark"
  || (!location.search.includes("theme=") && matchMedia("(prefers-color-scheme: dark)").matches);
let last = null;

const parameters = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

// Elements and attributes that the console takes out in silence.
function stripped(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  let taken = 0;
  for (const element of parsed.querySelectorAll("script, iframe, use, link, object, embed, base, meta")) { element.remove(); taken++; }
  for (const element of parsed.querySelectorAll("*")) {
    for (const attribute of [...element.attributes]) {
      if (/^on/i.test(attribute.name) || /^\s*javascript:/i.test(attribute.value)) { element.removeAttribute(attribute.name); taken++; }
    }
  }
  widget.dataset.stripped = String(taken);
  return [...parsed.head.childNodes, ...parsed.body.childNodes];
}

function forms(within) {
  const all = {};
  for (const field of within.querySelectorAll("input[name], select[name], textarea[name]")) {
    if (!(/^(checkbox|radio)$/.test(field.type) && !field.checked)) all[field.name] = field.value;
  }
  return { all };
}

function event(own, within) {
  const params = parameters();
  const now = Date.now();
  return { ...(own || params), widgetContext: {
    dashboardName: "local", widgetId: "widget-1", accountId: "123456789012", locale: "en", theme: dark ? "dark" : "light", title: "MAIL FROM",
    timezone: { label: "UTC", offsetISO: "+00:00", offsetInMinutes: 0 }, period: 300, isAutoPeriod: true, linkCharts: true,
    forms: within ? forms(within) : { all: {} }, params, width: widget.clientWidth, height: 600 } };
}

async function call(sent, into) {
  into.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch("/local/page", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) });
    if (!answer.ok) throw new Error("the function page answered " + answer.status);
    const shown = await answer.json();
    into.replaceChildren(...(typeof shown === "string" ? stripped(shown) : [document.createTextNode(JSON.stringify(shown, null, 2))]));
    bind(into);
    $("trouble").textContent = "";
  } catch (problem) {
    $("trouble").textContent = problem.message;
  }
  into.setAttribute("aria-busy", "false");
}

function bind(within) {
  for (const action of within.querySelectorAll("cwdb-action")) {
    const bound = action.previousElementSibling;
    const content = action.getAttribute("action") === "call" ? action.textContent : action.innerHTML;
    const kind = action.getAttribute("action") || "html";
    action.remove();
    if (!bound) continue;
    bound.addEventListener(action.getAttribute("event") || "click", async happened => {
      happened.preventDefault();
      const confirmation = action.getAttribute("confirmation");
      if (confirmation && !confirm(confirmation)) return;
      const into = action.getAttribute("display") === "popup" ? popup() : widget;
      if (kind === "call") {
        const sent = event(content.trim() ? JSON.parse(content) : {}, within);
        if (into === widget) last = sent;
        await call(sent, into);
      } else {
        into.replaceChildren(...stripped(content));
      }
    });
  }
  for (const form of within.querySelectorAll("form")) form.addEventListener("submit", happened => happened.preventDefault());
}

function popup() {
  const dialog = document.body.appendChild(document.createElement("dialog"));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  return dialog.appendChild(document.createElement("div"));
}

// The console's refresh starts again from the parameters; after a button of the demonstration the same view is drawn again.
const fresh = () => { last = event(null, null); return call(last, widget); };
const again = () => { last.widgetContext.theme = dark ? "dark" : "light"; return call(last, widget); };

function themed() {
  document.documentElement.classList.toggle("dark", dark);
  $("theme").textContent = dark ? "Light" : "Dark";
}
$("theme").addEventListener("click", () => { dark = !dark; themed(); again(); });
$("refresh").addEventListener("click", fresh);
addEventListener("hashchange", fresh);

// ---- the demonstration

const when = text => text.replace("T", " ").replace(/:\d\d(\.\d+)?Z$/, " UTC");
let shown = 0;
async function outside() {
  try {
    const [clock, alerts] = await Promise.all(["/local/clock", "/local/alerts"].map(path => fetch(path).then(answer => answer.json())));
    $("now").textContent = when(clock.now);
    const people = alerts.filter(message => message.topic === "alerts");
    if (people.length && !shown) $("alerts").replaceChildren();
    for (const message of people.slice(shown)) {
      const details = document.createElement("details");
      const summary = details.appendChild(document.createElement("summary"));
      summary.textContent = `${when(message.at)}  ${message.subject || "(no subject)"}`;
      details.appendChild(document.createElement("pre")).textContent = message.message;
      $("alerts").prepend(details);
    }
    shown = people.length;
  } catch (problem) {
    $("trouble").textContent = problem.message;
  }
}
async function control(button, method, path, body) {
  button.disabled = true;
  try {
    const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body });
    if (!answer.ok) throw new Error((await answer.json()).message || path + " answered " + answer.status);
    await again();
  } catch (problem) {
    $("trouble").textContent = problem.message;
  }
  button.disabled = false;
  outside();
}
for (const button of document.querySelectorAll("button[data-post]")) {
  button.addEventListener("click", () => {
    if (!button.dataset.sure || confirm(button.dataset.sure)) control(button, "POST", button.dataset.post, button.dataset.body);
  });
}
$("dns").addEventListener("submit", submitted => {
  submitted.preventDefault();
  const fields = submitted.target.elements;
  const records = {};
  for (const type of ["MX", "TXT"]) if (fields[type].value.trim()) records[type] = [fields[type].value.trim()];
  control(submitted.submitter, "PUT", "/local/dns/" + encodeURIComponent(fields.name.value.trim()), JSON.stringify(records));
});
$("lose").addEventListener("click", () =>
  $("dns").reportValidity() && control($("lose"), "DELETE", "/local/dns/" + encodeURIComponent($("dns").elements.name.value.trim())));

themed();
fresh();
outside();
setInterval(outside, 3000);
