// Puts what the server has drawn on the page. Its markup is escaped there.

// Makes an element; words are text, never markup.
export function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

// The same charts as before keep what is open in them.
export function putCharts(place, charts) {
  const open = new Set([...place.querySelectorAll("details[open]")].map((each) => each.dataset.of));
  keepFocus(place, () => place.replaceChildren(...charts.map((chart) => drawn(chart, open.has(chart.id)))));
}

export function drawn(chart, isOpen = false) {
  const section = element("section", { class: `part ${chart.wide ? "full" : "half"}`, "aria-labelledby": `${chart.id}-head` });
  section.append(element("h2", { id: `${chart.id}-head` }, chart.title));
  fill(section, chart, isOpen);
  return section;
}

// Everything of a chart but its heading.
export function fill(section, chart, isOpen) {
  if (chart.lead) section.append(element("p", { class: "lead" }, chart.lead));
  if (chart.legend.length > 0) section.append(legend(chart.legend));
  const layers = element("div", { class: "layers" });
  layers.innerHTML = chart.svg + chart.over;
  const plot = element("div", chart.wide ? { class: `plot${chart.narrow ? " wide" : ""}`, role: "region", "aria-label": `${chart.title}, drawing`, tabindex: "0" } : { class: "plot" }, layers);
  section.append(plot);
  if (chart.narrow) section.append(narrow(chart));
  if (chart.rows.length > 0) section.append(data(chart, isOpen));
}

function legend(keys) {
  const list = element("ul", { class: "legend" });
  for (const [sample, name] of keys) {
    const item = element("li");
    item.innerHTML = `${sample}${name}`;
    list.append(item);
  }
  return list;
}

function narrow(chart) {
  const part = element("div", { class: "narrow" });
  part.innerHTML = chart.narrow;
  if (chart.notes.length > 0) part.append(element("ul", {}, ...chart.notes.map((note) => element("li", {}, note))));
  return part;
}

function data(chart, isOpen) {
  const head = element("tr", {}, ...chart.head.map((name) => element("th", { scope: "col" }, name)));
  const rows = chart.rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell))));
  const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
  const details = element("details", { "data-of": chart.id }, element("summary", {}, "Data"), element("div", { class: "table", role: "region", "aria-label": `${chart.title}, table`, tabindex: "0" }, table));
  details.open = isOpen;
  return details;
}

// Draws anew, and gives the focus back to what has the same key.
export function keepFocus(place, draw) {
  const active = document.activeElement;
  const inside = place.contains(active) ? active : undefined;
  const key = inside?.dataset?.key, said = inside?.getAttribute?.("aria-label");
  const top = place.scrollTop;
  draw();
  place.scrollTop = top;
  if (!inside) return;
  const same = key ? place.querySelector(`[data-key="${CSS.escape(key)}"]`) : said && place.querySelector(`[aria-label="${CSS.escape(said)}"]`);
  same?.focus({ preventScroll: true });
}
