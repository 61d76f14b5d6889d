// A slider and a field for every number of the policy.
import { element } from "./charts.js";

const byId = (id) => document.getElementById(id);
// What people move first; the rest is folded.
const FIRST = ["limit", "limit, times", "limit, margin", "breached for", "breaches in a row", "looks back over", "exposure", "observed for", "deadline"];
const HEADS = { gates: "Gates", stages: "Stages", rollback: "Rollback", policy: "Policy", classes: "Classes", "assumed world": "Assumed world" };
// Groups stand in this order, whatever the file's is.
const ORDER = ["gates", "stages", "rollback", "assumed world", "policy"];

export function controls(model, state, changed) {
  const rows = model.numbers.map((number, at) => row(number, at, state, changed));
  const groups = Map.groupBy ? Map.groupBy(rows, (each) => each.number.group) : grouped(rows);
  const place = (group) => (ORDER.includes(group) ? ORDER.indexOf(group) : ORDER.length);
  const names = [...groups.keys()].sort((one, other) => place(one) - place(other));
  byId("numbers").replaceChildren(...names.map((name) => groupOf(name, groups.get(name), names.indexOf(name) < 2)));
  byId("find").addEventListener("input", (event) => find(event.target.value, rows));
  const show = () => rows.forEach((each) => each.show());
  show();
  return { show };
}

function grouped(rows) {
  const groups = new Map();
  for (const each of rows) groups.set(each.number.group, [...(groups.get(each.number.group) ?? []), each]);
  return groups;
}

function groupOf(name, rows, isOpen) {
  const items = new Map();
  for (const each of rows) items.set(each.number.item, [...(items.get(each.number.item) ?? []), each]);
  const parts = [...items].map(([item, inside]) => itemOf(item, inside));
  const group = element("details", { class: "group" }, element("summary", {}, HEADS[name] ?? name), ...parts);
  group.open = isOpen;
  return group;
}

// The files of other products are short, and their keys are in no list of ours.
const isForeign = (each) => /^[A-Z]/.test(each.number.group);

function itemOf(item, rows) {
  const place = (each) => FIRST.indexOf(each.number.label), isFirst = (each) => item === "" || isForeign(each) || place(each) >= 0;
  const first = rows.filter(isFirst), rest = rows.filter((each) => !isFirst(each));
  if (item !== "") first.sort((one, other) => place(one) - place(other));
  const parts = first.map((each) => each.node);
  if (rest.length > 0) {
    const more = element("details", { class: "more-numbers" }, element("summary", {}, `${rest.length} more`), ...rest.map((each) => each.node));
    more.open = first.length === 0;
    parts.push(more);
  }
  return element("div", { class: "item", role: "group", "aria-label": item || undefined }, item ? element("h3", {}, item) : "", ...parts);
}

function row(number, at, state, changed) {
  const id = `n${at}`, last = number.values.length - 1;
  const label = element("label", { for: `${id}-field`, id: `${id}-label` }, number.label);
  const field = element("input", { id: `${id}-field`, class: "field", type: "text", autocomplete: "off", spellcheck: "false", inputmode: "text" });
  const slider = element("input", { id, type: "range", min: "0", max: String(last), step: "1", "data-path": number.path, "aria-label": `${number.item} ${number.label}`.trim() });
  const undo = element("button", { type: "button", class: "undo", "aria-label": `${number.item} ${number.label} back to ${number.written}`.trim() }, "↺");
  slider.style.setProperty("--today", String(last > 0 ? number.at / last : 0));
  const node = element("div", { class: "number" }, label, element("span", { class: "was" }), undo, field, slider);
  const text = () => state.sets.get(number.path) ?? number.written;
  const set = (value) => {
    if (value === "" || value === number.written) state.sets.delete(number.path); else state.sets.set(number.path, value);
    show();
    changed();
  };
  const show = () => {
    const now = text(), known = number.values.indexOf(now), isChanged = now !== number.written;
    field.value = now;
    slider.value = String(known >= 0 ? known : nearest(now, number));
    slider.setAttribute("aria-valuetext", isChanged ? `${now}, today ${number.written}` : now);
    node.classList.toggle("changed", isChanged);
    node.querySelector(".was").textContent = isChanged ? `today ${number.written}` : "";
    undo.hidden = !isChanged;
  };
  slider.addEventListener("input", () => set(number.values[Number(slider.value)]));
  field.addEventListener("change", () => set(field.value.trim()));
  undo.addEventListener("click", () => { set(number.written); slider.focus(); });
  return { number, node, show };
}

// Where a value that is none of the slider's stands among them.
function nearest(text, number) {
  const size = (said) => {
    const match = /^(-?[\d.]+)\s*(%|ms|s|m|h|d)?/.exec(said);
    const scale = { "%": 0.01, ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 };
    return match ? Number(match[1]) * (scale[match[2]] ?? 1) : NaN;
  };
  const wanted = size(text);
  if (Number.isNaN(wanted)) return number.at;
  const above = number.values.findIndex((value) => size(value) >= wanted);
  return above < 0 ? number.values.length - 1 : above;
}

// Shows the numbers that the words fit, and opens what they are folded in.
function find(words, rows) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { number, node } of rows) {
    const said = `${number.path} ${number.item} ${number.label} ${number.group}`.toLowerCase();
    node.hidden = !wanted.every((word) => said.includes(word));
    if (node.hidden) continue;
    shown += 1;
    if (wanted.length === 0) continue;
    for (let outer = node.parentElement; outer && outer.id !== "numbers"; outer = outer.parentElement) if (outer.tagName === "DETAILS") outer.open = true;
  }
  for (const part of document.querySelectorAll("#numbers .more-numbers, #numbers .item, #numbers .group")) part.hidden = !part.querySelector(".number:not([hidden])");
  byId("none").hidden = shown > 0;
}
