// What the rollouts say, and what a screen reader is told of it.
import { element, fill, keepFocus, putCharts } from "./charts.js";
import { showCommand, showPatch } from "./share.js";

const byId = (id) => document.getElementById(id);
const SIGNS = { better: "better", worse: "worse", unclear: "no clear difference" };
let curve;

export function waiting() {
  byId("progress").value = 0;
  byId("answers").classList.add("waiting");
  byId("refused").hidden = true;
}

export function showRefused(text) {
  const box = byId("refused");
  box.replaceChildren(element("h2", {}, "This cannot be simulated"), element("pre", { tabindex: "0", role: "group", "aria-label": "What is wrong" }, text));
  box.hidden = false;
  byId("state").textContent = "The answer below is that of the last policy that could be simulated.";
}

export function showSetting(data) {
  const place = byId("outline"), isOpen = place.querySelector("details")?.open ?? false;
  keepFocus(place, () => {
    place.replaceChildren(element("h2", {}, data.outline.title));
    fill(place, data.outline, isOpen);
  });
  showPatch(data);
}

export function showStudy(data, state) {
  byId("answers").classList.remove("waiting");
  const many = data.total.toLocaleString("en").replaceAll(",", " "), each = data.runs.toLocaleString("en").replaceAll(",", " ");
  byId("state").textContent = `${many} rollouts, ${each} of each scenario${data.last ? "" : ", more to come"}`;
  byId("progress").max = Math.round(Math.log2(Number(state.most) / 100)) + 1;
  byId("progress").value = data.last ? byId("progress").max : Math.round(Math.log2(data.level / 100)) + 1;
  showFigures(data);
  keepFocus(byId("objectives"), () => showObjectives(data));
  byId("causes").replaceChildren(...data.causes.map((cause) => element("li", {}, cause)));
  putCharts(byId("spreads"), data.charts);
  keepFocus(byId("endings"), () => showEndings(data));
  showCommand("simulate", data.command);
  const answers = byId("answers").dataset;
  answers.hash = data.hash;
  answers.changed = data.changed_hash ?? "";
  answers.runs = String(data.runs);
  answers.level = String(data.level);
  if (data.last) say(data);
}

// One sentence, once the answer stands: whoever moves a slider by keyboard hears what came of it.
function say(data) {
  const verdict = data.verdicts.at(-1);
  const figures = data.figures.slice(0, 3).map((figure) => `${figure.name} ${figure.now}${figure.today ? `, today ${figure.today}` : ""}`);
  byId("said").textContent = `${verdict[0]}: ${verdict[1]}. ${figures.join("; ")}. From ${data.total} rollouts.`;
}

function showFigures(data) {
  const verdicts = data.verdicts, [word, because, tint] = verdicts.at(-1);
  const before = verdicts.length > 1 ? element("p", { class: "was-line" }, `today ${verdicts[0][0]}: ${verdicts[0][1]}`) : "";
  const first = element("div", { class: `card verdict ${tint}` }, element("p", { class: "value" }, word), element("p", { class: "name" }, because), before);
  const cards = data.figures.map((figure) => {
    const parts = [element("p", { class: "name" }, figure.name), element("p", { class: "value" }, figure.now), element("p", { class: "note-line" }, figure.note.replaceAll(" %", "\u00a0%"))];
    if (figure.today) {
      const change = figure.change ? element("span", { class: `change ${figure.change}` }, SIGNS[figure.change]) : "";
      parts.push(element("p", { class: "was-line" }, `today ${figure.today} `, change));
    }
    return element("div", { class: "card" }, ...parts);
  });
  byId("figures").replaceChildren(first, ...cards);
}

function showObjectives(data) {
  const both = Boolean(data.changed_hash);
  const holds = (row) => row.id.startsWith("INV-") && [row.today, row.changed].every((view) => !view || view.status === "ok");
  const kept = data.objectives.filter(holds).map((row) => row.id);
  byId("kept").textContent = kept.length > 0 ? `${kept.length === 1 ? "One invariant holds" : `${kept.length} invariants hold`}${both ? ", changed and today" : ""}: ${kept.join(", ")}.` : "";
  const hasWhy = data.objectives.some((row) => (both ? row.changed : row.today)?.why);
  const names = both ? ["objective", "limit", "changed", "95 % interval", "status", "today", "status today"] : ["objective", "limit", "today", "95 % interval", "status"];
  if (hasWhy) names.push("why");
  const head = element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, name)));
  const isTold = (row) => [row.today, row.changed].some((view) => view && view.status !== "untested");
  const silent = data.objectives.filter((row) => !isTold(row)).map((row) => row.id);
  byId("untested").textContent = silent.length > 0 ? `Untested, as no rollout came to where they matter: ${silent.join(", ")}.` : "";
  const rows = data.objectives.filter((row) => isTold(row) && !holds(row)).map((row) => {
    const now = both ? row.changed : row.today;
    const cells = [cell("", row.id), cell("limit", row.limit, "num"), cell(names[2], now?.value ?? "", "num"), cell("95 % interval", now?.interval ?? "", "num"), status("status", now)];
    if (both) cells.push(cell("today", row.today?.value ?? "", "num"), status("status today", row.today));
    if (hasWhy) cells.push(whyCell(row, now, both));
    return element("tr", {}, ...cells);
  });
  byId("objectives").replaceChildren(element("thead", {}, head), element("tbody", {}, ...rows));
}

function cell(label, text, kind) {
  return element("td", { class: kind, "data-label": label || undefined }, text);
}

function status(label, view) {
  if (!view) return cell(label, "");
  const needs = view.status === "undecided" && view.needs ? ` (about -n ${view.needs} would decide)` : "";
  return cell(label, `${view.status}${needs}`, `words ${view.tint}`);
}

// The rollout that shows an objective at its worst.
function whyCell(row, now, both) {
  const shown = now?.why ?? undefined;
  if (!shown) return cell("", "");
  const [scenario, replication] = shown;
  return element("td", { "data-label": "why" }, element("button", {
    type: "button", class: "link", "data-key": `why ${row.id}`, "data-scenario": scenario, "data-replication": String(replication), "data-side": both ? "changed" : "today",
    "aria-label": `Show the rollout that breaks ${row.id} worst`,
  }, "show"));
}

function showEndings(data) {
  byId("endings").replaceChildren(...data.endings.map((ending) => {
    const bars = ending.changed ? [bar(ending, ending.changed, "changed"), bar(ending, ending.today, "today")] : [bar(ending, ending.today, "today")];
    const name = element("p", { class: "ending-name" }, ending.scenario, element("span", { class: "note-line" }, ` ${ending.release}`));
    return element("div", { class: "ending" }, name, element("div", { class: "bars" }, ...bars));
  }));
}

// A share that is not all is never said to be all.
function percentOf(share) {
  if (share < 0.001) return "< 0.1 %";
  if (share > 0.999 && share < 1) return "> 99.9 %";
  return `${(100 * share).toFixed(share < 0.1 || (share > 0.9 && share < 1) ? 1 : 0)} %`;
}

function bar(ending, counts, side) {
  const total = counts.reduce((sum, [, many]) => sum + many, 0);
  const parts = counts.map(([outcome, many]) => {
    const share = many / total, words = outcome.replaceAll("_", " ");
    const percent = percentOf(share);
    const part = element("button", {
      type: "button", class: `end end-${outcome}`, "data-key": `${side} ${ending.scenario} ${outcome}`, "data-scenario": ending.scenario, "data-outcome": outcome, "data-side": side,
      title: `${words}: ${many} of ${total}`, "aria-label": `${words} ${percent}: ${many} of ${total} rollouts of ${ending.scenario}, ${side}. Show one of them`,
    }, share > 0.12 ? `${words} ${percent}` : "");
    part.style.flexGrow = String(many);
    return part;
  });
  return element("div", { class: `bar ${side}` }, element("span", { class: "side" }, side), element("div", { class: "ends" }, ...parts));
}

export function showCurve(data) {
  curve = data;
  byId("scaled").textContent = `Size 1 is what ${data.scenario} says: ${data.scaled.join("; ")}. ${data.runs} rollouts of each size.`;
  const size = byId("size");
  size.max = String(data.sizes.length - 1);
  if (!size.dataset.moved) {
    const one = data.sizes.findIndex((each) => each.size >= 1);
    size.value = String(one < 0 ? 0 : one);
  }
  size.oninput = () => { size.dataset.moved = "yes"; showSize(); };
  showSize();
  putCharts(byId("curves"), data.charts);
  if (data.detectable.length > 0 || data.last) byId("detectable").replaceChildren(...data.detectable.map(([name, text]) => element("li", {}, `${name}: ${text}`)));
  showCommand("curve", data.command);
  byId("answers").dataset.curve = String(data.level);
}

// What a release of the chosen size meets.
function showSize() {
  const size = byId("size"), row = curve?.sizes[Number(size.value)];
  if (!row) return;
  const words = (view) => `acted on ${view.acted} ${view.interval}, half within ${view.delay}`;
  const now = row.changed ?? row.today;
  byId("size-says").textContent = `${row.size} × the regression: ${words(now)}${row.changed ? `; today ${words(row.today)}` : ""}`;
  size.setAttribute("aria-valuetext", `${row.size} times the regression: ${words(now)}`);
}
