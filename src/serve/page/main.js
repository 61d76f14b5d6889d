// The page: what is set, and who is told when it changes. Everything that is set stands in the fragment of the address.
import { ask, question } from "./ask.js";
import { controls } from "./controls.js";
import { showCurve, showRefused, showSetting, showStudy, waiting } from "./answers.js";
import { listenToBars } from "./why.js";
import { share } from "./share.js";
import { element } from "./charts.js";

const byId = (id) => document.getElementById(id);
const state = { sets: new Map(), most: "10000", regression: "" };
// Milliseconds between two questions of a hand that is still moving: the figures move with it, and no question is asked twice.
const BREATH = 60;
let timer, askedAt = -Infinity;

// Reads what the fragment says; what means nothing is left to the server to refuse.
function readFragment(model) {
  const said = new URLSearchParams(location.hash.slice(1));
  const known = new Set(model.numbers.map((number) => number.path));
  state.sets.clear();
  for (const pair of said.getAll("set")) {
    const at = pair.indexOf("=");
    if (at > 0 && known.has(pair.slice(0, at))) state.sets.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const most = byId("most");
  if ([...most.options].some((option) => option.value === said.get("most"))) state.most = said.get("most");
  state.regression = model.regressions.includes(said.get("regression")) ? said.get("regression") : model.regressions[0] ?? "";
  most.value = state.most;
  byId("regression").value = state.regression;
}

function fragment() {
  const said = new URLSearchParams();
  for (const [path, text] of state.sets) said.append("set", `${path}=${text}`);
  if (state.most !== "10000") said.set("most", state.most);
  if (state.regression && state.regression !== byId("regression").options[0]?.value) said.set("regression", state.regression);
  return said.toString();
}

// Asks anew: at once where nothing was asked just now, else a breath after the last question, with whatever is set by then.
function changed() {
  history.replaceState(null, "", `#${fragment()}`);
  byId("reset").disabled = state.sets.size === 0;
  if (timer !== undefined) return;
  const at = performance.now();
  timer = setTimeout(() => {
    timer = undefined;
    askedAt = performance.now();
    waiting();
    ask(question(state), (kind, data) => told(kind, data, at));
  }, Math.max(0, askedAt + BREATH - at));
}

function told(kind, data, at) {
  if (kind === "setting") showSetting(data);
  if (kind === "study") {
    showStudy(data, state);
    // How long the first answer took, for whoever measures.
    if (data.level === 100) document.documentElement.dataset.first = String(Math.round(performance.now() - at));
    if (data.last) document.documentElement.dataset.all = String(Math.round(performance.now() - at));
  }
  if (kind === "curve") showCurve(data);
  if (kind === "refused") showRefused(data.text);
  document.documentElement.dataset.answer = kind;
}

function head(model) {
  document.title = `${model.name}: coalmine explorer`;
  byId("name").textContent = model.name;
  const kinds = (release) => model.scenarios.filter((scenario) => scenario.release === release).length;
  const from = model.subject ?? (model.library ? `system of the library, ${model.profile}` : model.named);
  byId("about").textContent = `${from} · ${kinds("good")} good and ${kinds("bad")} bad releases · seed ${model.seed}`;
  byId("hint").textContent = model.subject
    ? "The file says nothing of its world: move what is assumed of it."
    : `${model.numbers.length} numbers of the policy can be moved, as with tune --vary.`;
  const choice = byId("regression");
  choice.replaceChildren(...model.regressions.map((name) => element("option", { value: name }, name)));
  byId("regression-head").closest("section").hidden = model.regressions.length === 0;
}

async function begin() {
  const answer = await fetch("model");
  if (!answer.ok) throw new Error(await answer.text());
  const model = await answer.json();
  head(model);
  readFragment(model);
  const panel = controls(model, state, changed);
  share(model, state);
  listenToBars(state);
  byId("most").addEventListener("change", (event) => { state.most = event.target.value; changed(); });
  byId("regression").addEventListener("change", (event) => { state.regression = event.target.value; changed(); });
  byId("reset").addEventListener("click", () => { state.sets.clear(); panel.show(); changed(); byId("find").focus(); });
  window.addEventListener("hashchange", () => { readFragment(model); panel.show(); changed(); });
  changed();
}

begin().catch((error) => showRefused(`The explorer has gone: ${error.message}`));
